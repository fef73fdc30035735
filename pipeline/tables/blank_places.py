"""Where the blank cells of a grid without rulings should be: a number may have been overlooked there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np

from models.geometry import BBox
from models.grid import Cell, Grid

# Room beside the outer columns of numbers, and above and below those of a row. Points.
_BESIDE_PT, _ABOVE_PT = 2.0, 2.0
# So many columns with numbers tell where others are, if none is off its place by so much. Number, share of their
# distance.
_FEWEST_COLUMNS, _OFF_PITCH = 4, 0.15
# A column at an end is so wide to both sides of its middle, as a share of the distance of columns.
_END_WIDTH = 0.4


def blank_places(grid: Grid) -> dict[int, BBox | None]:
    """Index of each blank cell in a column of numbers -> its place in points; None where nothing around tells.

    Args:
        grid: Its cells have boxes where they hold numbers, in points of their own pages.
    """
    boxed = [c for c in grid.cells if c.bbox is not None]
    if not boxed:
        return {}
    first_column = min(c.col_start for c in boxed)
    # Words above the numbers are the header; the first row below it may be blank.
    heads = (c.row_stop for c in grid.cells if c.bbox is None and c.text and c.col_start >= first_column)
    first_row = max(heads, default=min(c.row_start for c in boxed))
    found: dict[int, BBox | None] = {}
    for page_no in {c.page_no for c in grid.cells}:
        cells = [c for c in boxed if c.page_no == page_no]
        columns, rows = _columns(cells, grid.n_cols), _rows(cells)
        for i, cell in enumerate(grid.cells):
            is_body = cell.row_start >= first_row and cell.col_start >= first_column
            if cell.page_no != page_no or cell.text or not is_body:
                continue
            across, down = columns.get(cell.col_start), _row_place(rows, cell.row_start)
            found[i] = None if across is None or down is None else BBox(across[0], down[0], across[1], down[1])
    return found


def _columns(cells: Sequence[Cell], n_cols: int) -> dict[int, tuple[float, float]]:
    """Column -> x0 and x1 up to the middle of the gap to the next one."""
    reach: dict[int, tuple[float, float]] = {}
    for cell in cells:
        if cell.bbox is not None:
            x0, x1 = reach.get(cell.col_start, (cell.bbox.x0, cell.bbox.x1))
            reach[cell.col_start] = (min(x0, cell.bbox.x0), max(x1, cell.bbox.x1))
    if not reach:
        return {}
    reach |= _without_numbers(reach, n_cols)
    order = sorted(reach)
    stops = [(reach[a][1] + reach[b][0]) / 2 for a, b in pairwise(order)]
    edges = [reach[order[0]][0] - _BESIDE_PT, *stops, reach[order[-1]][1] + _BESIDE_PT]
    return {column: (edges[i], edges[i + 1]) for i, column in enumerate(order)}


def _without_numbers(reach: Mapping[int, tuple[float, float]], n_cols: int) -> dict[int, tuple[float, float]]:
    """Columns among or next to those with numbers that have none -> x0 and x1; none where these stand unevenly."""
    known = sorted(reach)
    missing = [c for c in range(known[0] - 1, min(known[-1] + 2, n_cols)) if c > 0 and c not in reach]
    if len(known) < _FEWEST_COLUMNS or not missing:
        return {}
    centres = [sum(reach[c]) / 2 for c in known]
    pitch, first = np.polyfit(known, centres, 1)
    if max(abs(first + pitch * c - x) for c, x in zip(known, centres, strict=True)) > _OFF_PITCH * pitch:
        return {}
    # At the ends nothing but its own width bounds a column.
    half = {c: _END_WIDTH * pitch if c in (known[0] - 1, known[-1] + 1) else 0.0 for c in missing}
    return {c: (first + pitch * c - half[c], first + pitch * c + half[c]) for c in missing}


def _rows(cells: Sequence[Cell]) -> dict[int, tuple[float, float]]:
    """Row -> top and bottom of its numbers."""
    reach: dict[int, tuple[float, float]] = {}
    for cell in cells:
        if cell.bbox is not None:
            top, bottom = reach.get(cell.row_start, (cell.bbox.top, cell.bbox.bottom))
            reach[cell.row_start] = (min(top, cell.bbox.top), max(bottom, cell.bbox.bottom))
    return reach


def _row_place(rows: dict[int, tuple[float, float]], row: int) -> tuple[float, float] | None:
    """Where the numbers of a row stand; of a blank one, all that lies between its neighbours."""
    if row in rows:
        return rows[row][0] - _ABOVE_PT, rows[row][1] + _ABOVE_PT
    above = max((r for r in rows if r < row), default=None)
    below = min((r for r in rows if r > row), default=None)
    if above is None or below is None:
        return None
    return rows[above][1], rows[below][0]
