"""The value columns of a table: what its header cuts, put right by what the rows below it say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from models.grid import Cell, Grid
from models.reading import SCAN_READER
from models.text import squeeze
from models.value_text import is_blank, looks_like_value
from models.vocabulary import vocabulary
from pipeline.tables.flow_lines import WORD_SCORE
from pipeline.tables.row_values import HeaderSpan

# Share of the data cells of a column that must be values for the column to hold values without a header.
_VALUE_COLUMN_SHARE = 0.6
# A column of a scan narrower than this holds no number: a fold or a streak runs along a ruling. Points.
_SLIVER_PT = 8.0


def value_columns(grid: Grid, header_rows: Sequence[int], data_rows: Sequence[int]) -> list[HeaderSpan]:
    """The columns that hold values, from left to right; those before the first one hold labels.

    Args:
        grid: The table.
        header_rows: Rows of its header, from top to bottom; none where it has none.
        data_rows: Rows below it.
    """
    spans = header_spans(grid, header_rows) if header_rows else _spans_without_header(grid)
    spans = [part for span in spans for part in _parted(grid, span, data_rows)]
    if grid.reader == SCAN_READER:
        spans = _without_strokes(grid, spans, data_rows)
        spans = [part for span in spans for part in _cut_like_rows(grid, span, data_rows)]
        spans = [span for span in spans if not _is_sliver(grid, span, data_rows)]
    first = next((i for i, s in enumerate(spans) if is_header_word(s.leaf)), len(spans))
    while first > 0 and _holds_values(grid, spans[first - 1], data_rows):
        first -= 1
    if first == len(spans):
        first = next((i for i, s in enumerate(spans) if _holds_values(grid, s, data_rows)), len(spans))
    values = spans[first:]
    while values and not values[-1].path and not _holds_text(grid, values[-1], data_rows):
        values = values[:-1]
    return values


def is_header_word(leaf: str) -> bool:
    """True for the words of a column of a form."""
    return vocabulary().column_leaf_score(leaf) >= WORD_SCORE


def header_spans(grid: Grid, header_rows: Sequence[int]) -> list[HeaderSpan]:
    """Columns as the header cuts them: neighbouring grid columns under the same lowest header cell are one."""
    spans: list[HeaderSpan] = []
    last_leaf: Cell | None = None
    for col in range(grid.n_cols):
        path: list[str] = []
        leaf: Cell | None = None
        for r in header_rows:
            cell = grid.at(r, col)
            if cell is None or is_blank(cell.text):
                continue
            if leaf is not cell:
                path.append(cell.text)
            leaf = cell
        if spans and leaf is last_leaf:
            spans[-1] = replace(spans[-1], col_stop=col + 1)
        else:
            unique = tuple(dict.fromkeys(squeeze(t) for t in path))
            spans.append(HeaderSpan(unique, col, col + 1))
        last_leaf = leaf
    return spans


def _spans_without_header(grid: Grid) -> list[HeaderSpan]:
    return [HeaderSpan((), c, c + 1) for c in range(grid.n_cols)]


def _parted(grid: Grid, span: HeaderSpan, data_rows: Sequence[int]) -> list[HeaderSpan]:
    """A span that has no header, in front of the first of its columns that holds values and at each column after it.

    The corner above the labels is often blank. Where the header beside it was lost, both would be one.
    """
    if span.path:
        return [span]
    columns = range(span.col_start, span.col_stop)
    first = next((c for c in columns if _holds_values(grid, HeaderSpan((), c, c + 1), data_rows)), span.col_stop)
    labels = [HeaderSpan((), span.col_start, first)] if first > span.col_start else []
    return labels + [HeaderSpan((), c, c + 1) for c in range(first, span.col_stop)]


def _without_strokes(grid: Grid, spans: Sequence[HeaderSpan], data_rows: Sequence[int]) -> list[HeaderSpan]:
    """The columns without those that a pen or a stamp across a header cell makes.

    No row below parts them, and neither half is a word of a header, or one half is blank.
    """
    found: list[HeaderSpan] = []
    for span in spans:
        before = found[-1] if found else None
        if (
            before is not None
            and data_rows
            and all(_is_one_cell(grid, r, before.col_stop - 1, span.col_start) for r in data_rows)
            and (not (before.leaf and span.leaf) or not any(is_header_word(s.leaf) for s in (before, span)))
        ):
            upper = before.path[:-1] or span.path[:-1]
            path = tuple(t for t in (*upper, before.leaf + span.leaf) if t)
            found[-1] = HeaderSpan(path, before.col_start, span.col_stop)
        else:
            found.append(span)
    return found


def _is_one_cell(grid: Grid, row: int, a: int, b: int) -> bool:
    cell = grid.at(row, a)
    return cell is not None and cell is grid.at(row, b) and looks_like_value(cell.text)


def _cut_like_rows(grid: Grid, span: HeaderSpan, data_rows: Sequence[int]) -> list[HeaderSpan]:
    """A span with the garbled words of several header cells, between which rulings are lost, cut as all rows are."""
    if is_header_word(span.leaf) or not data_rows:
        return [span]
    inner = range(span.col_start + 1, span.col_stop)
    borders = [c for c in inner if all(grid.at(r, c - 1) is not grid.at(r, c) for r in data_rows)]
    stops = [span.col_start, *borders, span.col_stop]
    return [HeaderSpan((), a, b) for a, b in pairwise(stops)] if borders else [span]


def _is_sliver(grid: Grid, span: HeaderSpan, data_rows: Sequence[int]) -> bool:
    """True for a column too narrow for any number in which nothing stands."""
    if not grid.col_edges or grid.col_edges[span.col_stop] - grid.col_edges[span.col_start] >= _SLIVER_PT:
        return False
    inside = (c for c in _column_cells(grid, span, data_rows) if c.col_start >= span.col_start)
    return not any(c.col_stop <= span.col_stop for c in inside)


def _column_cells(grid: Grid, span: HeaderSpan, rows: Sequence[int]) -> list[Cell]:
    found: dict[int, Cell] = {}
    for r in rows:
        for c in range(span.col_start, span.col_stop):
            cell = grid.at(r, c)
            if cell is not None and not is_blank(cell.text):
                found[id(cell)] = cell
    return list(found.values())


def _holds_values(grid: Grid, span: HeaderSpan, rows: Sequence[int]) -> bool:
    cells = _column_cells(grid, span, rows)
    return bool(cells) and sum(looks_like_value(c.text) for c in cells) >= _VALUE_COLUMN_SHARE * len(cells)


def _holds_text(grid: Grid, span: HeaderSpan, rows: Sequence[int]) -> bool:
    return bool(_column_cells(grid, span, rows))
