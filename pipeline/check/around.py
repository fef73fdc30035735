"""Explanations of broken sums, ranked by how each of their slips may have happened."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from models.figures import number_of, plain
from models.finding import Slip
from models.form import Form
from models.report import FieldValue
from models.row_slips import blocks_of
from pipeline.check.localise import Changes
from pipeline.check.plausibility import SWAPPED_CELLS_COST, Split, misprint_cost, slip_of

_ZERO = Decimal(0)
_PAIR = 2
# What may as well be a sum that was worked out wrongly.
_WORKED_OUT: frozenset[Slip] = frozenset({"missing_digit", "extra_digit", "left_out", "other"})


# Disputes end so twice as often as in any other way; of the other parts of a total nothing is known.
_LARGER_PARTS = {"upheld": 2.0}


def _weight(field_id: str) -> float:
    return _LARGER_PARTS.get(field_id.rpartition(".")[2], 1.0)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Changes that satisfy every rule of their part of the form; ``cost`` ranks it, ``slips`` say how each came."""

    changes: Mapping[str, Decimal]
    slips: Mapping[str, Slip]
    cost: float


class Around:
    """The cells of a form by their places; ``totals``: total -> the parts of which it is the sum."""

    def __init__(self, form: Form, fields: Mapping[str, FieldValue], totals: Mapping[str, Collection[str]]) -> None:
        self._fields = fields
        self._totals = totals
        self._siblings = {part: parts for parts in totals.values() for part in parts}
        self.blocks = blocks_of(form)
        self._place = {
            f: (b, r, c)
            for b, rows in enumerate(self.blocks)
            for r, row in enumerate(rows)
            for c, f in enumerate(row)
            if f in fields
        }

    def rank(self, changes: Changes) -> Explanation:
        """The explanation with its slips. Two numbers that changed places are one slip."""
        printed = {f: number_of(self._fields.get(f)) or _ZERO for f in changes}
        if len(changes) == _PAIR and sorted(changes.values()) == sorted(printed.values()):
            return Explanation(changes, dict.fromkeys(changes, "swapped_cells"), SWAPPED_CELLS_COST)
        judged = {f: self._judged(f, printed[f], changes) for f in changes}
        slips: dict[str, Slip] = {f: slip for f, (slip, _) in judged.items()}
        return Explanation(changes, slips, sum(cost for _, cost in judged.values()))

    def _judged(self, changed: str, printed: Decimal, changes: Changes) -> tuple[Slip, float]:
        """How a number may have come to be printed instead of the one meant, and how unlikely that is."""
        meant, neighbours = changes[changed], self._neighbours(changed)
        proposed = proposed_texts(self._fields[changed])
        slip = slip_of(printed, meant, neighbours, proposed)
        parts = self._totals.get(changed)
        if parts is None:
            split = self._split(changed, changes)
            return slip, misprint_cost(printed, meant, neighbours, proposed, split=split)
        summed = [self._number(f, changes) for f in parts]
        # A total is worked out, not copied: it may be wrong in any way.
        told: Slip = "miscalculated" if slip in _WORKED_OUT else slip
        return told, misprint_cost(printed, meant, neighbours, proposed, summed)

    def _split(self, part: str, changes: Changes) -> Split | None:
        """The place of a number in its total; None where it is part of none."""
        siblings = self._siblings.get(part)
        if siblings is None:
            return None
        rest = sum((self._number(f, changes) for f in siblings if f != part), _ZERO)
        return Split(rest, _weight(part), sum(_weight(f) for f in siblings))

    def _number(self, field_id: str, changes: Changes) -> Decimal:
        return changes.get(field_id) or number_of(self._fields.get(field_id)) or _ZERO

    def _neighbours(self, changed: str) -> list[Decimal]:
        b, r, c = self._place[changed]
        rows = self.blocks[b]
        ids = [
            rows[y][x]
            for y, x in ((r, c - 1), (r, c + 1), (r - 1, c), (r + 1, c))
            if 0 <= y < len(rows) and 0 <= x < len(rows[y])
        ]
        return [number for i in ids if (number := number_of(self._fields.get(i))) is not None]


def proposed_texts(value: FieldValue) -> frozenset[str]:
    """What was read in a cell besides what is taken for its number."""
    proposed = {t for e in value.evidence for t in (e.text, *(a.text for a in e.alternatives))}
    return frozenset(proposed - {value.printed, plain(number_of(value) or _ZERO)}) if proposed else frozenset()
