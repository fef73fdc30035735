"""Whole rows that slipped: shifted by one column, or printed in each other's place."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from models.form import Form, field_id

# Shorter rows do not slip; a wrong number in them is a wrong number.
_SHORTEST = 4

Rows = Sequence[Sequence[str]]
"""Field ids of a block of a form, row by row."""


@dataclass(frozen=True, slots=True)
class RowSlip:
    """Where the numbers of ``fields`` are printed: in the cells of ``printed``, one each.

    ``lost``: the field whose number is printed nowhere; None where two rows are printed in each other's place.
    """

    fields: tuple[str, ...]
    printed: tuple[str, ...]
    lost: str | None = None


def blocks_of(form: Form) -> list[Rows]:
    """The field ids of each block of a form, row by row."""
    return [
        [[field_id(table, row, c) for c in block.columns] for row in block.rows]
        for table in form.tables
        for block in table.blocks
    ]


def possible_slips(blocks: Sequence[Rows], ruled: Collection[str], failed: Collection[str]) -> Iterator[RowSlip]:
    """Each slip of a row that may explain a sum.

    Args:
        blocks: The rows of each block.
        ruled: Fields that are printed and are in a rule.
        failed: Fields of rules that do not hold.
    """
    for rows in blocks:
        inside = [tuple(f for f in row if f in ruled) for row in rows]
        for n, row in enumerate(inside):
            if len(row) < _SHORTEST or not any(f in failed for f in row):
                continue
            # The total may have kept its place.
            for cells in (row, row[:-1]):
                yield RowSlip(cells[:-1], cells[1:], cells[-1])
                yield RowSlip(cells[1:], cells[:-1], cells[0])
            if n + 1 < len(inside) and len(inside[n + 1]) == len(row):
                yield RowSlip(row + inside[n + 1], inside[n + 1] + row)
