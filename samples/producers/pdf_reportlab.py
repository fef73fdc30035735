"""Draws a report straight onto PDF pages: full control over rulings, page breaks and rows cut in two."""

from __future__ import annotations

import io
import re
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from samples.document import Document, NewPage, Para
from samples.producers.page_marks import draw_stamp
from samples.producers.picture import draw_picture
from samples.producers.reportlab_breaks import forced_break, prepare_break, stretch_above, stretch_rows
from samples.producers.reportlab_flow import (
    MARGIN,
    TABLE_GAP,
    Flow,
    PageHook,
    begin_page,
    end_page,
    lay_out_sheet,
    put_paragraph,
    turn_page,
)
from samples.producers.reportlab_pen import VISIBLE, Pen, make_pen
from samples.producers.reportlab_rulings import draw_rulings, draw_shades
from samples.sheet import Box, Sheet
from samples.sheet_layout import LEADING_RATIO, Layout, split_sheet

_PAD_X = 3.0  # points
_ASCENT = 0.8  # of the type size, from the top of a line box to its baseline

_MAPPED_DIGIT = re.compile(rb"<00(3[0-9])>")  # target of a character map, the same length before and after


def write_pdf(document: Document, path: Path) -> None:
    """Writes the report as PDF with a text layer.

    Raises:
        MissingDependencyError: the font is not installed.
    """
    path.write_bytes(draw_pdf(document, make_pen(document.style.pages)))


def draw_pdf(document: Document, pen: Pen, hook: PageHook | None = None) -> bytes:
    """The PDF of a report. ``hook`` paints under each page (canvas, 1-based page number)."""
    buffer = io.BytesIO()
    paper = A4
    size = (paper[1], paper[0]) if document.style.pages.landscape else (paper[0], paper[1])
    garbled = document.style.pages.private_use
    # Without a font of its own the canvas names Helvetica on every page, and Helvetica is not embedded.
    canvas = Canvas(buffer, pagesize=size, invariant=1, pageCompression=0 if garbled else 1, initialFontName=pen.font)
    canvas.setTitle(document.agency.title)
    canvas.setAuthor(document.agency.name)
    flow = Flow(canvas, pen, document, size, hook)
    begin_page(flow)
    for index, item in enumerate(document.items):
        if isinstance(item, NewPage):
            turn_page(flow)
        elif isinstance(item, Para):
            if item.role == "heading":
                prepare_break(flow, document.items[index:])
            put_paragraph(flow, item)
        elif item.picture:
            _put_picture(flow, item)
        else:
            _put_sheet(flow, item)
    if document.style.pages.stamp == "signature" and pen.mode == VISIBLE:
        draw_stamp(canvas, flow.size[0] - MARGIN - 60, flow.y + 40, document.style.pages.font, document.agency.name)
    end_page(flow)
    canvas.save()
    return digits_to_private_use(buffer.getvalue()) if garbled else buffer.getvalue()


def digits_to_private_use(pdf: bytes) -> bytes:
    """The same uncompressed PDF with digits mapped to private-use characters, as broken font subsets have them."""
    return _MAPPED_DIGIT.sub(rb"<E0\1>", pdf)


def _put_sheet(flow: Flow, sheet: Sheet) -> None:
    layout = lay_out_sheet(flow, sheet)
    target: int | None = None
    stretch = 0.0
    forced = forced_break(flow, layout)
    if forced is not None:
        layout, target = forced
        if flow.room < layout.top_of(target):
            turn_page(flow)
        stretch = stretch_above(flow, layout, target)
        layout = stretch_rows(layout, target, stretch)
    started = False
    while True:
        row = target if target is not None else _last_row_that_fits(flow, layout, first=not started)
        target = None
        if row >= layout.sheet.n_rows:
            _draw_table(flow, layout, open_top=started, open_bottom=False)
            break
        if row > 0:
            head, rest = split_sheet(
                layout,
                row,
                repeat_groups=flow.style.pages.repeat_group_label,
                repeat_header=flow.style.pages.repeat_header,
            )
            upper = stretch_rows(lay_out_sheet(flow, head), row, stretch)
            _draw_table(flow, upper, open_top=started, open_bottom=True)
            layout, started, stretch = lay_out_sheet(flow, rest), True, 0.0
        turn_page(flow)
    flow.y -= TABLE_GAP


def _last_row_that_fits(flow: Flow, layout: Layout, *, first: bool) -> int:
    """Number of rows that fit above the bottom margin; at least one on a fresh page."""
    used = 0.0
    for row, height in enumerate(layout.heights):
        used += height
        if used > flow.room:
            if row <= layout.sheet.header_rows and first and not flow.fresh:
                return 0
            return max(row, 1) if flow.fresh or not first else row
    return layout.sheet.n_rows


def _draw_table(flow: Flow, layout: Layout, *, open_top: bool, open_bottom: bool) -> None:
    x = MARGIN + (flow.width - layout.edges[-1]) / 2
    tables, closed = flow.style.tables, flow.style.pages.closed_at_break
    if flow.hook is None:
        draw_shades(flow.canvas, layout, x, flow.y, tables)
        draw_rulings(
            flow.canvas,
            layout,
            x,
            flow.y,
            tables,
            open_top=open_top and not closed,
            open_bottom=open_bottom and not closed,
        )
    for box in layout.sheet.boxes:
        _write_box(flow, layout, box, x)
    flow.y -= layout.height
    if flow.style.pages.stamp == "cells" and layout.sheet.name == "disputes":
        draw_stamp(
            flow.canvas,
            x + layout.edges[-1] / 2,
            flow.y + layout.height / 2,
            flow.style.pages.font,
            flow.document.agency.name,
        )


def _write_box(flow: Flow, layout: Layout, box: Box, x: float) -> None:
    x0, x1 = x + layout.edges[box.col], x + layout.edges[box.col_stop]
    top, bottom = flow.y - layout.top_of(box.row), flow.y - layout.top_of(box.row_stop)
    lines, size = layout.lines[box], layout.size
    if layout.turned_groups and box.kind == "group" and box.col == 0:
        _write_turned(flow, box.text, (x0 + x1) / 2, (top + bottom) / 2, size)
        return
    y = (top + bottom) / 2 + layout.leading * len(lines) / 2
    align = flow.style.tables.align if box.kind == "value" else ("left" if box.kind == "label" else "center")
    for line in lines:
        used = flow.pen.width(line, size)
        start = {"left": x0 + _PAD_X, "right": x1 - _PAD_X - used}.get(align, (x0 + x1 - used) / 2)
        flow.pen.write(flow.canvas, start, y - size * (_ASCENT + (LEADING_RATIO - 1) / 2), line, size)
        y -= layout.leading


def _write_turned(flow: Flow, text: str, x: float, y: float, size: float) -> None:
    """Writes a label downwards with its glyphs lying on the side, as a vertical font of an office suite does."""
    flow.canvas.saveState()
    flow.canvas.translate(x, y)
    flow.canvas.rotate(-90)
    flow.pen.write(flow.canvas, -flow.pen.width(text, size) / 2, -size * 0.35, text, size)
    flow.canvas.restoreState()


def _put_picture(flow: Flow, sheet: Sheet) -> None:
    image = draw_picture(sheet, flow.style)
    width = flow.width
    height = width * image.height / image.width
    if height > flow.page_height:
        height = flow.page_height
        width = height * image.width / image.height
    if flow.room < height:
        turn_page(flow)
    flow.y -= height
    if flow.pen.mode == VISIBLE:
        flow.canvas.drawImage(ImageReader(image), MARGIN + (flow.width - width) / 2, flow.y, width, height)
    flow.y -= TABLE_GAP
