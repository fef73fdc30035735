"""Where the blank cells of a grid without rulings should be: a number may have been overlooked there."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from models.geometry import BBox
from models.grid import Cell, Grid

# Room beside the outer columns of numbers, and above and below those of a row. Points.
_BESIDE_PT, _ABOVE_PT = 2.0, 2.0


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
        columns, rows = _columns(cells), _rows(cells)
        for i, cell in enumerate(grid.cells):
            is_body = cell.row_start >= first_row and cell.col_start >= first_column
            if cell.page_no != page_no or cell.text or not is_body:
                continue
            across, down = columns.get(cell.col_start), _row_place(rows, cell.row_start)
            found[i] = None if across is None or down is None else BBox(across[0], down[0], across[1], down[1])
    return found


def _columns(cells: Sequence[Cell]) -> dict[int, tuple[float, float]]:
    """Column -> x0 and x1 up to the middle of the gap to the next one."""
    reach: dict[int, tuple[float, float]] = {}
    for cell in cells:
        if cell.bbox is not None:
            x0, x1 = reach.get(cell.col_start, (cell.bbox.x0, cell.bbox.x1))
            reach[cell.col_start] = (min(x0, cell.bbox.x0), max(x1, cell.bbox.x1))
    order = sorted(reach)
    stops = [(reach[a][1] + reach[b][0]) / 2 for a, b in pairwise(order)]
    if not order:
        return {}
    edges = [reach[order[0]][0] - _BESIDE_PT, *stops, reach[order[-1]][1] + _BESIDE_PT]
    return {column: (edges[i], edges[i + 1]) for i, column in enumerate(order)}


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
