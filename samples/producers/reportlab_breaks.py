"""Makes the request table break where the style wants it, as reports do that just flow: by what stands above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from samples.document import Item, Para
from samples.producers.reportlab_flow import (
    TABLE_GAP,
    Flow,
    lay_out_sheet,
    line_height,
    paragraph_lines,
    put_paragraph,
    turn_page,
)
from samples.sheet import Sheet
from samples.sheet_layout import Layout, cut_row

_LEFT_TO_FLOW = ("", "three_pages")  # settings that want no break at a certain row
_MOST_STRETCH = 12.0  # points that a row may be made taller, so that the table reaches the foot of the page


def forced_break(flow: Flow, layout: Layout) -> tuple[Layout, int] | None:
    """The layout and the row at which the style wants the page to end; None where it leaves that to the flow."""
    split, sheet = flow.style.pages.split, layout.sheet
    if sheet.name != "requests" or sheet.picture or split in _LEFT_TO_FLOW:
        return None
    if split in ("header_alone", "in_header"):
        return layout, sheet.header_rows - (1 if split == "in_header" else 0)
    if split == "in_group":
        group = next(b for b in sheet.boxes if b.kind == "group" and b.col == 1 and b.rows > 2)
        return layout, group.row + 2
    leaves = [b for b in sheet.boxes if b.kind == "label" and b.rows == 1 and b.row > sheet.header_rows + 2]
    longest = max(leaves, key=lambda b: (len(layout.lines[b]), b.row < sheet.n_rows - 6, b.row))
    sheet = cut_row(layout, longest.row, numbers_above=split == "cut_upper")
    return lay_out_sheet(flow, sheet), longest.row + 1


def prepare_break(flow: Flow, coming: Sequence[Item]) -> None:
    """Looks ahead from a heading and brings the break into place; ``coming`` begins with the heading.

    Before the heading of table two, prose is added to the section that ends here. Before the heading of the request
    table, the page is turned where the upper part of the table would not fit below it.
    """
    below = coming[1] if len(coming) > 1 else None
    if not isinstance(below, Sheet) or flow.style.pages.split in _LEFT_TO_FLOW:
        return
    height = _height_to_break(flow, coming)
    if height is None:
        return
    if below.name == "requests":
        if height > flow.room and not flow.fresh:
            turn_page(flow)
        return
    line = line_height(Para(""))
    if height <= flow.room:
        _add_prose(flow, flow.room - height)
    elif height <= flow.page_height:
        _add_prose(flow, flow.room - flow.room % line + flow.page_height - height)


def stretch_above(flow: Flow, layout: Layout, row: int) -> float:
    """Points by which each row above ``row`` grows, so that the row before it ends at the foot of the page."""
    return max(min((flow.room - layout.top_of(row)) / row, _MOST_STRETCH), 0.0)


def stretch_rows(layout: Layout, rows: int, points: float) -> Layout:
    """The layout with its first rows made taller."""
    heights = tuple(h + points if row < rows else h for row, h in enumerate(layout.heights))
    return replace(layout, heights=heights)


def _height_to_break(flow: Flow, coming: Sequence[Item]) -> float | None:
    """Height from the heading to the wanted break; None where there is none, or not before another section begins."""
    height = 0.0
    for item in coming:
        if isinstance(item, Sheet):
            layout = lay_out_sheet(flow, item)
            forced = forced_break(flow, layout)
            if forced is not None:
                return height + forced[0].top_of(forced[1])
            height += layout.height + TABLE_GAP
        elif isinstance(item, Para):
            height += line_height(item) * len(paragraph_lines(flow, item))
    return None


def _add_prose(flow: Flow, room: float) -> None:
    for text in flow.document.prose.filler:
        para = Para(text)
        height = line_height(para) * len(paragraph_lines(flow, para))
        if height <= room:
            put_paragraph(flow, para)
            room -= height
