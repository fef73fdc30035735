"""Whole rows that slipped: shifted by one column, or printed in each other's place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from pipeline.check.localise import Changes, Equation

# Shorter rows do not slip; a wrong number in them is a wrong number.
_SHORTEST = 4

Rows = Sequence[Sequence[str]]
"""Field ids of a block of a form, row by row."""


def row_slips(blocks: Sequence[Rows], numbers: Mapping[str, Decimal], equations: Sequence[Equation]) -> list[Changes]:
    """The changes that undo each slip of a row that a failed equation touches, whether they satisfy anything or not.

    Of a shifted row one number is lost; it is what an equation over it asks for.

    Args:
        blocks: The rows of each block.
        numbers: Field id -> its number.
        equations: The rules that can be evaluated.
    """
    touching: dict[str, list[Equation]] = {}
    for equation in equations:
        for field_id, _ in equation.terms:
            touching.setdefault(field_id, []).append(equation)
    failed = {f for e in equations if e.excess for f, _ in e.terms}
    found: list[Changes] = []
    for rows in blocks:
        ruled = [[f for f in row if f in numbers] for row in rows]
        for n, row in enumerate(ruled):
            if len(row) < _SHORTEST or not failed.intersection(row):
                continue
            # The total may have kept its place.
            for cells in (row, row[:-1]):
                found += _shifts(cells, numbers, touching)
            if n + 1 < len(ruled) and len(ruled[n + 1]) == len(row):
                found.append(_exchanged(row, ruled[n + 1], numbers))
    return [changes for changes in found if changes]


def excess_after(equation: Equation, changes: Changes, numbers: Mapping[str, Decimal]) -> Decimal:
    """By how much an equation does not hold after some changes."""
    shift = (sign * (changes[f] - numbers[f]) for f, sign in equation.terms if f in changes)
    return equation.excess + sum(shift, Decimal(0))


def _shifts(
    cells: Sequence[str], numbers: Mapping[str, Decimal], touching: Mapping[str, Sequence[Equation]]
) -> Iterator[Changes]:
    values = [numbers[f] for f in cells]
    for places, moved, lost in ((cells[:-1], values[1:], cells[-1]), (cells[1:], values[:-1], cells[0])):
        changes = _changed(places, moved, numbers)
        asked = set()
        for equation in touching.get(lost, ()):
            sign = dict(equation.terms)[lost]
            asked.add(numbers[lost] - sign * excess_after(equation, changes, numbers))
        for value in asked:
            yield {**changes, **_changed([lost], [value], numbers)}


def _exchanged(row: Sequence[str], below: Sequence[str], numbers: Mapping[str, Decimal]) -> Changes:
    return _changed([*row, *below], [*(numbers[f] for f in below), *(numbers[f] for f in row)], numbers)


def _changed(ids: Sequence[str], values: Sequence[Decimal], numbers: Mapping[str, Decimal]) -> Changes:
    return {f: v for f, v in zip(ids, values, strict=True) if v != numbers[f]}
