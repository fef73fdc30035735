"""From word positions to grids, for tables drawn without vertical rulings or without any.

A block of the form is a run of lines without prose: title, header, rows. Lines of values are its rows, stacks of
values its columns; a block may go on over page breaks.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from models.geometry import BBox, interval_overlap, union
from models.grid import Cell, Grid
from models.page import PageContent, Word
from pipeline.tables.chars_to_cells import is_struck
from pipeline.tables.column_bands import ColumnBand, lines_to_bands
from pipeline.tables.flow_lines import FlowLine
from pipeline.tables.row_labels import LabelChain, deal_labels, label_pieces
from pipeline.tables.unruled_blocks import pages_to_blocks

# Two lines of values nearer than this (in type sizes) are one row whose numbers are wrapped.
_WRAPPED_SHARE = 1.5
# The rest of a wrapped number is wider than its beginning by no more than this (in type sizes).
_WIDER_SHARE = 0.25
# Numbers beside one in two lines stand no farther below its first line than this (in type sizes).
_MIDDLE_SHARE = 0.9
_READER = "words"
_ENDS_IN_NUMBER = re.compile(r"[^\d.．、（(]\s*\d[\d,.]*$")


def words_to_grids(pages: Sequence[PageContent], tables: Mapping[int, Sequence[BBox]]) -> list[Grid]:
    """One grid for each block of a table without rulings; none where no line of values stands under form words.

    Args:
        pages: Characters of consecutive pages.
        tables: Page number -> areas that have been read already (boxes of the upright page).
    """
    return [_block_to_grid(block) for block in pages_to_blocks(pages, tables)]


def _block_to_grid(block: Sequence[FlowLine]) -> Grid:
    first_values = next(i for i, line in enumerate(block) if line.values)
    anchors = [line for line in block if line.values]
    left = min(w.bbox.x0 for line in anchors for w in line.values)
    # Everything above the first values is header, but for the label of the first row, which may be wrapped around it.
    head_stop = first_values
    while head_stop > 0 and not _is_head(block[head_stop - 1], left):
        head_stop -= 1
    heads = [line for line in block[:head_stop] if not (line.is_title or line.is_heading)]
    bands = lines_to_bands(anchors, heads)
    body = block[head_stop:]
    anchors = [line for line in body if line.values]
    pieces = label_pieces(body, left)
    labels, blank_rows = deal_labels(anchors, pieces, body)
    title = next((line.text for line in reversed(block[:head_stop]) if line.is_title or line.is_heading), "")
    rows = _merged_rows(anchors, labels)
    rows += [_Row((), chain) for chain in blank_rows]
    rows.sort(key=lambda row: row.place)
    return _build(title, bands, rows)


def _is_head(line: FlowLine, left: float) -> bool:
    """True for a line of the header: it has a word over the values, or words of the form's header."""
    return bool(line.header_words) or line.is_title or line.is_heading or any(w.bbox.x1 > left for w in line.words)


@dataclass(frozen=True, slots=True)
class _Row:
    """Lines of values that are one row (more than one where numbers are wrapped), and its label."""

    lines: tuple[FlowLine, ...]
    label: LabelChain | None

    @property
    def place(self) -> tuple[int, float]:
        """(page number, y)."""
        if self.lines:
            return self.lines[0].page.page_no, self.lines[0].centre
        return self.label.first if self.label is not None else (0, 0.0)

    @property
    def page_no(self) -> int:
        return self.place[0]


def _merged_rows(anchors: Sequence[FlowLine], labels: Sequence[LabelChain | None]) -> list[_Row]:
    """Rows; a line of values without a label right below another one holds the rest of wrapped numbers."""
    rows: list[_Row] = []
    has_labels = any(label is not None for label in labels)
    for line, label in zip(anchors, labels, strict=True):
        above = rows[-1].lines[-1] if rows else None
        if (
            has_labels
            and above is not None
            and above.page.page_no == line.page.page_no
            and line.centre - above.centre < _WRAPPED_SHARE * line.size
            and (label is None or rows[-1].label is None)
            and _is_rest_of(line, rows[-1].lines)
        ):
            rows[-1] = _Row((*rows[-1].lines, line), rows[-1].label or label)
        else:
            rows.append(_Row((line,), label))
    return rows


def _is_rest_of(line: FlowLine, above: Sequence[FlowLine]) -> bool:
    """True where a line holds the rest of numbers of a row, or numbers that stand in the middle of others' two lines.

    Numbers wrap where their line is full: what is wider than the number above it begins a row of its own.
    """
    is_middle = line.centre - above[-1].centre <= _MIDDLE_SHARE * line.size
    for word in line.values:
        reach = (word.bbox.x0, word.bbox.x1)
        over = [w for other in above for w in other.values if interval_overlap(reach, (w.bbox.x0, w.bbox.x1)) > 0]
        if any(word.bbox.width > w.bbox.width + _WIDER_SHARE * line.size for w in over) or not (over or is_middle):
            return False
    return True


def _build(title: str, bands: Sequence[ColumnBand], rows: Sequence[_Row]) -> Grid:
    """A grid of one label column (where there are labels) and one column a band."""
    n_labels = 1 if any(row.label is not None for row in rows) else 0
    n_cols = n_labels + len(bands)
    page_no = rows[0].page_no
    cells: list[Cell] = []
    headers = [[b.parent for b in bands], [b.header for b in bands]]
    headers = [texts for texts in headers if any(texts)]
    for r, texts in enumerate(headers):
        cells += [Cell(r, r + 1, n_labels + i, n_labels + i + 1, text, page_no) for i, text in enumerate(texts)]
        cells += [Cell(r, r + 1, 0, 1, "", page_no)] * n_labels
    first_row = len(headers)
    page_breaks = []
    for r, row in enumerate(rows, start=first_row):
        if r > first_row and row.page_no != rows[r - first_row - 1].page_no:
            page_breaks.append(r)
        cells += _row_cells(row, r, bands, n_labels)
    cells = _with_doubtful_bands(cells)
    box = union(w.bbox for row in rows if row.page_no == page_no for line in row.lines for w in line.words)
    return Grid(first_row + len(rows), n_cols, tuple(cells), _READER, page_no, box, tuple(page_breaks), title)


def _with_doubtful_bands(cells: Sequence[Cell]) -> list[Cell]:
    """The cells, all of a column marked where one row has two numbers in it: two columns may have run into one."""
    merged = {c.col_start for c in cells if "several_cells_in_column" in c.flags}
    return [replace(c, flags=c.flags | {"column_uncertain"}) if c.col_start in merged else c for c in cells]


def _row_cells(row: _Row, r: int, bands: Sequence[ColumnBand], n_labels: int) -> list[Cell]:
    cells = []
    if n_labels:
        text = row.label.text if row.label is not None else ""
        cells.append(Cell(r, r + 1, 0, 1, text, row.page_no))
    # What stands among the labels may be a number, or has run into one.
    is_beside = any(line.has_stray for line in row.lines) or (
        row.label is not None and _ENDS_IN_NUMBER.search(row.label.text) is not None
    )
    for i, (words, flags) in enumerate(_deal_words(row, bands)):
        doubts = {"column_uncertain": bands[i].is_doubtful, "value_beside": is_beside}
        flags.update(code for code, holds in doubts.items() if holds)
        box = union(w.bbox for w in words)
        stored = row.lines[0].page.to_stored(box) if box is not None else None
        text = "\n".join(w.text for w in words)
        cells.append(Cell(r, r + 1, n_labels + i, n_labels + i + 1, text, row.page_no, stored, frozenset(flags)))
    return cells


def _deal_words(row: _Row, bands: Sequence[ColumnBand]) -> list[tuple[list[Word], set[str]]]:
    """The words of each column in a row, and what is odd about them."""
    dealt: list[tuple[list[Word], set[str]]] = [([], set()) for _ in bands]
    lines_with = [0] * len(bands)
    for line in row.lines:
        taken = [0] * len(bands)
        strokes = [r for r in line.page.rulings if r.horizontal]
        for word in line.values:
            reach = (word.bbox.x0, word.bbox.x1)
            shares = [interval_overlap(reach, (b.x0, b.x1)) for b in bands]
            best = max(range(len(bands)), key=lambda i: shares[i])
            words, flags = dealt[best]
            words.append(word)
            taken[best] += 1
            if sum(1 for share in shares if share > 0) > 1:
                flags.add("spans_columns")
            if is_struck(line.chars_in(word), strokes):
                flags.add("struck_text")
            if taken[best] > 1:
                flags.add("several_cells_in_column")
        lines_with = [n + (count > 0) for n, count in zip(lines_with, taken, strict=True)]
    for (_, flags), count in zip(dealt, lines_with, strict=True):
        if count > 1:
            # What is read from its picture has no line break to tell it.
            flags.add("several_lines")
    return dealt
