"""The value cells of one data row, each under its header column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from models.geometry import interval_overlap
from models.grid import Cell, Grid
from models.table import PrintedValue
from models.value_text import is_blank

# A cell covers a header column when it lies under at least this share of the narrower of the two.
_COVER_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class HeaderSpan:
    """A value column as the header cuts it: header texts from top to bottom, half-open grid columns."""

    path: tuple[str, ...]
    col_start: int
    col_stop: int

    @property
    def leaf(self) -> str:
        """The lowest header text; empty where the column has none."""
        return self.path[-1] if self.path else ""


def row_to_values(grid: Grid, row: int, cells: Sequence[Cell], spans: Sequence[HeaderSpan]) -> list[PrintedValue]:
    """One value for each header column that the row has, with reason codes where the assignment is doubtful.

    Cells and header columns are paired in order where their numbers agree and each pair overlaps, since web pages
    often cut data rows and header rows differently; otherwise by what lies below what.
    """
    if not spans:
        return []
    if len(cells) == len(spans) and all(_overlap(grid, c, s) > 0 for c, s in zip(cells, spans, strict=True)):
        return [_value(c, i, row, ()) for i, c in enumerate(cells)]
    under: dict[int, list[Cell]] = {}
    values: list[PrintedValue] = []
    for cell in cells:
        covered = [i for i, s in enumerate(spans) if _covers(grid, cell, s)]
        if len(covered) > 1 and not is_blank(cell.text):
            values.append(_value(cell, None, row, ("spans_columns",)))
        elif not covered and not is_blank(cell.text):
            values.append(_value(cell, None, row, ("no_column",)))
        else:
            for i in covered:
                under.setdefault(i, []).append(cell)
    for i, members in sorted(under.items()):
        printed = [c for c in members if not is_blank(c.text)]
        if len(printed) > 1:
            values += [_value(c, i, row, ("several_cells_in_column",)) for c in printed]
        else:
            values.append(_value(printed[0] if printed else members[0], i, row, ()))
    return values


def _value(cell: Cell, column: int | None, row: int, reasons: Sequence[str]) -> PrintedValue:
    flags = set(cell.flags) | set(reasons)
    if cell.row_stop - cell.row_start > 1 and not is_blank(cell.text):
        flags.add("spans_rows")
    if cell.row_start < row:
        # The cell began in a row above; its number belongs there as much as here.
        flags.add("spans_rows")
    return PrintedValue(cell.text, column, cell.page_no, cell.bbox, frozenset(flags), cell.readings, cell.picture)


def _extent(grid: Grid, start: int, stop: int) -> tuple[float, float]:
    if grid.col_edges:
        return grid.col_edges[start], grid.col_edges[stop]
    return float(start), float(stop)


def _overlap(grid: Grid, cell: Cell, span: HeaderSpan) -> float:
    return interval_overlap(_extent(grid, cell.col_start, cell.col_stop), _extent(grid, span.col_start, span.col_stop))


def _covers(grid: Grid, cell: Cell, span: HeaderSpan) -> bool:
    a = _extent(grid, cell.col_start, cell.col_stop)
    b = _extent(grid, span.col_start, span.col_stop)
    narrower = min(a[1] - a[0], b[1] - b[0])
    return narrower > 0 and interval_overlap(a, b) >= _COVER_SHARE * narrower
