"""Cells with row and column spans -> a Grid. HTML places its cells by itself; Word names their columns."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from models.errors import InputTooLargeError
from models.grid import Cell, Grid

# Rows or columns; HTML's own ceiling for colspan. What a larger number means is anybody's guess.
MAX_SPAN = 1000
# Rows times columns of one table; the largest table of a form has 280.
MAX_SLOTS = 200_000
OVERLAPPING_SPANS = "overlapping_spans"


@dataclass(frozen=True, slots=True)
class SpanCell:
    """A cell before placement. ``rowspan`` 0 = down to the end of its row group (HTML)."""

    text: str
    colspan: int = 1
    rowspan: int = 1
    flags: frozenset[str] = frozenset()


def place_rows(groups: Sequence[Sequence[Sequence[SpanCell]]], name: str = "") -> list[Cell]:
    """Cells with their row and column ranges; a group is a thead, tbody or tfoot, which no rowspan leaves.

    Where a colspan runs into a cell that hangs down from above, the later cell is cut off there, the cells after it
    stand where a browser puts them, and all cells of the row carry ``overlapping_spans``.

    Source: HTML Living Standard, 4.9.12.1 "Forming a table".

    Args:
        groups: Row groups, their rows, the cells of each.
        name: The file, for messages.

    Raises:
        InputTooLargeError: the table has more than 200,000 slots.
    """
    placed: list[Cell] = []
    row = 0
    columns: set[int] = set()
    for group in groups:
        group_stop = row + len(group)
        hanging: list[Cell] = []
        for cells in group:
            hanging = sorted((c for c in hanging if c.row_stop > row), key=lambda c: c.col_start)
            in_row = _place_row(cells, row, group_stop, hanging)
            hanging.extend(c for c in in_row if c.row_stop > row + 1)
            placed.extend(in_row)
            row += 1
            # Seen on the way: cells that hang down and push others to the right cost more with every row.
            columns.update(c.col_start for c in in_row if c.text)
            check_size(row, len(columns), name)
    return placed


def cells_to_grid(cells: Sequence[Cell], reader: str, name: str) -> Grid | None:
    """The smallest grid with the same topology; None where no cell has text.

    Rows and columns in which no cell begins are taken out: they come from spans written too large and say nothing.
    Columns at the right that no cell with text touches are dropped.

    Raises:
        InputTooLargeError: the table has more than 200,000 slots.
    """
    if not any(c.text for c in cells):
        return None
    used_stop = max(c.col_stop for c in cells if c.text)
    kept = [c for c in cells if c.col_start < used_stop]
    rows = sorted({c.row_start for c in kept})
    cols = sorted({c.col_start for c in kept})
    check_size(len(rows), len(cols), name)
    compact = tuple(
        replace(
            c,
            row_start=bisect_left(rows, c.row_start),
            row_stop=bisect_left(rows, c.row_stop),
            col_start=bisect_left(cols, c.col_start),
            col_stop=bisect_left(cols, c.col_stop),
        )
        for c in kept
    )
    return Grid(n_rows=len(rows), n_cols=len(cols), cells=compact, reader=reader)


def check_size(n_rows: int, n_cols: int, name: str) -> None:
    """None; a table is refused before it takes up memory that no report needs.

    Raises:
        InputTooLargeError: the table has more than 200,000 slots.
    """
    if n_rows * n_cols > MAX_SLOTS:
        raise InputTooLargeError(
            f"holds a table of {n_rows} rows and {n_cols} columns",
            source=name,
            remedy="annual reports have no such table; give the report alone",
        )


def _place_row(cells: Sequence[SpanCell], row: int, group_stop: int, hanging: Sequence[Cell]) -> list[Cell]:
    in_row: list[Cell] = []
    overlap = False
    col = 0
    next_hanging = 0
    for cell in cells:
        while next_hanging < len(hanging) and hanging[next_hanging].col_start <= col:
            col = max(col, hanging[next_hanging].col_stop)
            next_hanging += 1
        wanted_stop = col + min(max(cell.colspan, 1), MAX_SPAN)
        col_stop = wanted_stop
        if next_hanging < len(hanging) and hanging[next_hanging].col_start < wanted_stop:
            col_stop = hanging[next_hanging].col_start
            overlap = True
        row_stop = group_stop if cell.rowspan == 0 else min(row + min(max(cell.rowspan, 1), MAX_SPAN), group_stop)
        in_row.append(Cell(row, row_stop, col, col_stop, cell.text, flags=cell.flags))
        col = wanted_stop
    if overlap:
        return [replace(c, flags=c.flags | {OVERLAPPING_SPANS}) for c in in_row]
    return in_row
