"""Where the boxes of a sheet lie and how their text wraps; and how a sheet is cut where a page ends. Unit: points."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from samples.sheet import Box, Sheet

Measure = Callable[[str], float]

LEADING_RATIO = 1.25  # line height in type sizes
_HANGING = "，。、；：）”"
_PAD_X = 2.5  # points between a vertical ruling and text
_PAD_Y = 2.5  # points between a horizontal ruling and text


@dataclass(frozen=True)
class Layout:
    """A sheet with column edges (from its left side), row heights and wrapped lines, all in points."""

    sheet: Sheet
    edges: tuple[float, ...]
    heights: tuple[float, ...]
    lines: Mapping[Box, tuple[str, ...]]
    size: float
    turned_groups: bool = False

    @property
    def height(self) -> float:
        """Height of the whole table."""
        return sum(self.heights)

    @property
    def leading(self) -> float:
        """Height of one line of text."""
        return self.size * LEADING_RATIO

    def top_of(self, row: int) -> float:
        """Distance from the top of the table to the top of a row."""
        return sum(self.heights[:row])


def lay_out(
    sheet: Sheet, width: float, size: float, measure: Measure, *, turned_groups: bool = False, row_height: float = 0.0
) -> Layout:
    """The layout of a sheet in a given width. ``turned_groups``: group labels run downwards, glyphs turned."""
    whole = sum(sheet.widths)
    edges = [0.0]
    for share in sheet.widths:
        edges.append(edges[-1] + width * share / whole)
    lines: dict[Box, tuple[str, ...]] = {}
    heights = [max(row_height, size * LEADING_RATIO + 2 * _PAD_Y)] * sheet.n_rows
    for box in sorted(sheet.boxes, key=lambda b: b.rows):
        room = edges[box.col_stop] - edges[box.col] - 2 * _PAD_X
        turned = turned_groups and box.kind == "group" and box.col == 0
        lines[box] = (box.text,) if turned else wrap_text(box.text, room, measure)
        extent = measure(box.text) if turned else len(lines[box]) * size * LEADING_RATIO
        missing = extent + 2 * _PAD_Y - sum(heights[box.row : box.row_stop])
        if missing > 0:
            for row in range(box.row, box.row_stop):
                heights[row] += missing / box.rows
    return Layout(sheet, tuple(edges), tuple(heights), lines, size, turned_groups)


def wrap_text(text: str, width: float, measure: Measure, *, hanging: bool = False) -> tuple[str, ...]:
    """Lines no wider than ``width``, broken between any two characters as office suites break Chinese and long numbers.

    ``hanging``: punctuation may stand out at the end of a line instead of beginning the next one, as in prose.
    """
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for char in paragraph:
            if line and measure(line + char) > width and not (hanging and char in _HANGING):
                lines.append(line)
                line = ""
            line += char
        lines.append(line)
    return tuple(lines) if text else ()


def cut_row(layout: Layout, row: int, *, numbers_above: bool) -> Sheet:
    """The sheet with one row cut in two: its label continues in the second half, its numbers stand in one of them."""
    boxes: list[Box] = []
    for box in layout.sheet.boxes:
        if box.row > row:
            boxes.append(replace(box, row=box.row + 1))
        elif box.row_stop <= row:
            boxes.append(box)
        elif box.rows > 1:
            boxes.append(replace(box, rows=box.rows + 1))
        else:
            boxes += _cut_box(layout, box, numbers_above=numbers_above)
    return replace(layout.sheet, boxes=tuple(boxes))


def _cut_box(layout: Layout, box: Box, *, numbers_above: bool) -> tuple[Box, Box]:
    if box.kind == "value":
        above, below = (box.text, "") if numbers_above else ("", box.text)
    else:
        lines = layout.lines[box]
        half = max(len(lines) // 2, 1)
        above, below = "".join(lines[:half]), "".join(lines[half:])
    return replace(box, text=above), replace(box, row=box.row + 1, text=below)


def split_sheet(layout: Layout, row: int, *, repeat_groups: bool, repeat_header: bool) -> tuple[Sheet, Sheet]:
    """The sheet above a row and the sheet from that row on.

    A label that runs over the break stands in the first part as far as it fits, the rest of it in the second part.
    """
    first: list[Box] = []
    rest: list[Box] = []
    for box in layout.sheet.boxes:
        if box.row_stop <= row:
            first.append(box)
        elif box.row >= row:
            rest.append(replace(box, row=box.row - row))
        else:
            room = sum(layout.heights[box.row : row]) - 2 * _PAD_Y
            lines = layout.lines[box]
            fitting = len(lines) if layout.turned_groups else max(int(room / layout.leading), 0)
            above, below = "\n".join(lines[:fitting]), "\n".join(lines[fitting:])
            if repeat_groups:
                above = below = box.text if len(lines) <= fitting else above
            first.append(replace(box, rows=row - box.row, text=above))
            rest.append(replace(box, row=0, rows=box.row_stop - row, text=below))
    if repeat_header and layout.sheet.header_rows and row > layout.sheet.header_rows:
        header = [box for box in layout.sheet.boxes if box.row_stop <= layout.sheet.header_rows]
        rest = header + [replace(box, row=box.row + layout.sheet.header_rows) for box in rest]
    sheet = layout.sheet
    return replace(sheet, boxes=tuple(first)), replace(sheet, boxes=tuple(rest))
