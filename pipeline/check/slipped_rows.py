"""What undoes the slip of a whole row: shifted by one column, or printed in the place of another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from models.row_slips import Rows, RowSlip, possible_slips
from pipeline.check.localise import Changes, Equation


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
    slips = possible_slips(blocks, numbers, failed)
    return [changes for slip in slips for changes in _undone(slip, numbers, touching) if changes]


def excess_after(equation: Equation, changes: Changes, numbers: Mapping[str, Decimal]) -> Decimal:
    """By how much an equation does not hold after some changes."""
    shift = (sign * (changes[f] - numbers[f]) for f, sign in equation.terms if f in changes)
    return equation.excess + sum(shift, Decimal(0))


def _undone(
    slip: RowSlip, numbers: Mapping[str, Decimal], touching: Mapping[str, Sequence[Equation]]
) -> Iterator[Changes]:
    changes = _changed(slip.fields, [numbers[f] for f in slip.printed], numbers)
    if slip.lost is None:
        yield changes
        return
    asked = set()
    for equation in touching.get(slip.lost, ()):
        sign = dict(equation.terms)[slip.lost]
        asked.add(numbers[slip.lost] - sign * excess_after(equation, changes, numbers))
    for value in asked:
        yield {**changes, **_changed([slip.lost], [value], numbers)}


def _changed(ids: Sequence[str], values: Sequence[Decimal], numbers: Mapping[str, Decimal]) -> Changes:
    return {f: v for f, v in zip(ids, values, strict=True) if v != numbers[f]}
