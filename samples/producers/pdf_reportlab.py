"""Draws a report straight onto PDF pages: full control over rulings, page breaks and rows cut in two."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from samples.document import Document, NewPage, Para
from samples.producers.page_marks import draw_page_number, draw_running_head, draw_stamp
from samples.producers.picture import draw_picture
from samples.producers.reportlab_pen import VISIBLE, Pen, make_pen
from samples.producers.reportlab_rulings import draw_rulings, draw_shades
from samples.sheet import Box, Sheet
from samples.sheet_layout import LEADING_RATIO, Layout, cut_row, lay_out, split_sheet, wrap_text
from samples.style import Style

BODY_SIZE = 12.0  # points
TITLE_SIZE = 18.0
_PROSE_LEADING = 1.55  # line height of prose in type sizes
_MARGIN = 62.0  # points on every side
_NARROW_SHARE = 0.62  # of the text width, for tables with narrow columns
_TABLE_GAP = 8.0  # points below a table
_TALL_ROW = 26.0  # points, so that a request table needs three pages
_PAD_X = 3.0
_ASCENT = 0.8  # of the type size, from the top of a line box to its baseline

_MAPPED_DIGIT = re.compile(rb"<00(3[0-9])>")  # target of a character map, the same length before and after

PageHook = Callable[[Canvas, int], None]


@dataclass
class _Flow:
    """Where the next item goes. ``y`` is the upper end of the free space, origin bottom left."""

    canvas: Canvas
    pen: Pen
    document: Document
    size: tuple[float, float]
    y: float
    page_no: int
    hook: PageHook | None
    covered: bool

    @property
    def style(self) -> Style:
        return self.document.style

    @property
    def width(self) -> float:
        return self.size[0] - 2 * _MARGIN

    @property
    def room(self) -> float:
        return self.y - _MARGIN


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
    canvas = Canvas(buffer, pagesize=size, invariant=1, pageCompression=0 if garbled else 1)
    canvas.setTitle(document.agency.title)
    canvas.setAuthor(document.agency.name)
    flow = _Flow(canvas, pen, document, size, 0.0, 0, hook, covered=hook is not None)
    _begin_page(flow)
    for item in document.items:
        if isinstance(item, NewPage):
            _end_page(flow)
            _begin_page(flow)
        elif isinstance(item, Para):
            _put_paragraph(flow, item)
        elif item.picture:
            _put_picture(flow, item)
        else:
            _put_sheet(flow, item)
    if document.style.pages.stamp == "signature":
        draw_stamp(canvas, flow.size[0] - _MARGIN - 60, flow.y + 40, pen, document.agency.name)
    _end_page(flow)
    canvas.save()
    return digits_to_private_use(buffer.getvalue()) if garbled else buffer.getvalue()


def digits_to_private_use(pdf: bytes) -> bytes:
    """The same uncompressed PDF with digits mapped to private-use characters, as broken font subsets have them."""
    return _MAPPED_DIGIT.sub(rb"<E0\1>", pdf)


def _begin_page(flow: _Flow) -> None:
    flow.page_no += 1
    flow.y = flow.size[1] - _MARGIN
    if flow.style.pages.turned:
        flow.canvas.setPageRotation(90)
        flow.canvas.transform(0, 1, -1, 0, flow.size[1], 0)
    if flow.hook is not None:
        flow.hook(flow.canvas, flow.page_no)
    if flow.style.pages.running_head:
        draw_running_head(flow.canvas, flow.size, flow.pen, flow.document.agency.title)


def _end_page(flow: _Flow) -> None:
    if flow.style.pages.page_numbers:
        draw_page_number(flow.canvas, flow.size, flow.pen, flow.page_no)
    flow.canvas.showPage()


def _put_paragraph(flow: _Flow, para: Para) -> None:
    size = TITLE_SIZE if para.role == "title" else BODY_SIZE
    indent = "　　" if para.role in ("body", "heading") and para.text else ""
    lines = wrap_text(indent + para.text, flow.width, lambda t: flow.pen.width(t, size), hanging=True) or ("",)
    for line in lines:
        if flow.room < size * _PROSE_LEADING:
            _end_page(flow)
            _begin_page(flow)
        flow.y -= size * _PROSE_LEADING
        used = flow.pen.width(line, size)
        x = _MARGIN
        if para.role in ("title", "subtitle", "meta"):
            x += (flow.width - used) / 2
        elif para.role == "signature":
            x += flow.width - used
        flow.pen.write(flow.canvas, x, flow.y + size * 0.25, line, size)
        if para.underlined and not flow.covered:
            flow.canvas.setLineWidth(0.5)
            flow.canvas.line(x, flow.y, x + used, flow.y)


def _table_width(flow: _Flow, sheet: Sheet) -> float:
    narrow = flow.style.tables.narrow and sheet.name in ("requests", "disputes")
    return flow.width * (_NARROW_SHARE if narrow else 1.0)


def _lay_out(flow: _Flow, sheet: Sheet) -> Layout:
    size = flow.style.pages.size
    tall = flow.style.pages.split == "three_pages" and sheet.name == "requests"
    return lay_out(
        sheet,
        _table_width(flow, sheet),
        size,
        lambda t: flow.pen.width(t, size),
        turned_groups=flow.style.tables.group_labels == "vertical",
        row_height=_TALL_ROW if tall else 0.0,
    )


def _put_sheet(flow: _Flow, sheet: Sheet) -> None:
    layout = _lay_out(flow, sheet)
    target: int | None = None
    forced = _forced_break(flow, layout)
    if forced is not None:
        layout, target = forced
        _fill_down(flow, layout.top_of(target))
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
            _draw_table(flow, _lay_out(flow, head), open_top=started, open_bottom=True)
            layout, started = _lay_out(flow, rest), True
        _end_page(flow)
        _begin_page(flow)
    flow.y -= _TABLE_GAP


def _forced_break(flow: _Flow, layout: Layout) -> tuple[Layout, int] | None:
    """The layout and the row at which the style wants the page to end; None where it leaves that to the flow."""
    split, sheet = flow.style.pages.split, layout.sheet
    if sheet.name != "requests" or split in ("", "three_pages"):
        return None
    if split in ("header_alone", "in_header"):
        return layout, sheet.header_rows - (1 if split == "in_header" else 0)
    if split == "in_group":
        group = next(b for b in sheet.boxes if b.kind == "group" and b.col == 1 and b.rows > 2)
        return layout, group.row + 2
    leaves = [b for b in sheet.boxes if b.kind == "label" and b.rows == 1 and b.row > sheet.header_rows + 2]
    longest = max(leaves, key=lambda b: (len(layout.lines[b]), b.row < sheet.n_rows - 6, b.row))
    sheet = cut_row(layout, longest.row, numbers_above=split == "cut_upper")
    return _lay_out(flow, sheet), longest.row + 1


def _fill_down(flow: _Flow, needed: float) -> None:
    """Fills the page with prose so that the table breaks at its foot, as a report that just flows does."""
    if flow.room < needed:
        _end_page(flow)
        _begin_page(flow)
    line = BODY_SIZE * _PROSE_LEADING
    for text in flow.document.prose.filler * 2:
        lines = wrap_text("　　" + text, flow.width, lambda t: flow.pen.width(t, BODY_SIZE), hanging=True)
        if flow.room - needed < line * len(lines):
            break
        _put_paragraph(flow, Para(text))


def _last_row_that_fits(flow: _Flow, layout: Layout, *, first: bool) -> int:
    """Number of rows that fit above the bottom margin; at least one on a fresh page."""
    used = 0.0
    for row, height in enumerate(layout.heights):
        used += height
        if used > flow.room:
            fresh = flow.y > flow.size[1] - _MARGIN - 1
            if row <= layout.sheet.header_rows and first and not fresh:
                return 0
            return max(row, 1) if fresh or not first else row
    return layout.sheet.n_rows


def _draw_table(flow: _Flow, layout: Layout, *, open_top: bool, open_bottom: bool) -> None:
    x = _MARGIN + (flow.width - layout.edges[-1]) / 2
    tables, closed = flow.style.tables, flow.style.pages.closed_at_break
    if not flow.covered:
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
        draw_stamp(flow.canvas, x + layout.edges[-1] / 2, flow.y + layout.height / 2, flow.pen, "")


def _write_box(flow: _Flow, layout: Layout, box: Box, x: float) -> None:
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


def _write_turned(flow: _Flow, text: str, x: float, y: float, size: float) -> None:
    """Writes a label downwards with its glyphs lying on the side, as a vertical font of an office suite does."""
    flow.canvas.saveState()
    flow.canvas.translate(x, y)
    flow.canvas.rotate(-90)
    flow.pen.write(flow.canvas, -flow.pen.width(text, size) / 2, -size * 0.35, text, size)
    flow.canvas.restoreState()


def _put_picture(flow: _Flow, sheet: Sheet) -> None:
    image = draw_picture(sheet, flow.style)
    width = flow.width
    height = width * image.height / image.width
    if height > flow.size[1] - 2 * _MARGIN:
        height = flow.size[1] - 2 * _MARGIN
        width = height * image.width / image.height
    if flow.room < height:
        _end_page(flow)
        _begin_page(flow)
    flow.y -= height
    if flow.pen.mode == VISIBLE:
        flow.canvas.drawImage(ImageReader(image), _MARGIN + (flow.width - width) / 2, flow.y, width, height)
    flow.y -= _TABLE_GAP
