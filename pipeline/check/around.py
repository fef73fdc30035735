"""Explanations of broken sums, ranked by how each of their slips may have happened."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from models.figures import number_of, plain
from models.finding import Slip
from models.form import Form, field_id
from models.report import FieldValue
from pipeline.check.localise import Changes
from pipeline.check.plausibility import slip_cost, slip_of

_ZERO = Decimal(0)
_PAIR = 2
_TOTAL_COST = 0.9


@dataclass(frozen=True, slots=True)
class Explanation:
    """Changes that satisfy every rule of their part of the form; ``cost`` ranks it, ``slips`` say how each came."""

    changes: Mapping[str, Decimal]
    slips: Mapping[str, Slip]
    cost: float


class Around:
    """The cells of a form by their places."""

    def __init__(self, form: Form, fields: Mapping[str, FieldValue], totals: Collection[str]) -> None:
        self._fields = fields
        self._totals = frozenset(totals)
        self.blocks = [
            [[field_id(table, row, c) for c in block.columns] for row in block.rows]
            for table in form.tables
            for block in table.blocks
        ]
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
            slips: dict[str, Slip] = dict.fromkeys(changes, "swapped_cells")
        else:
            slips = {f: self._slip(f, number) for f, number in changes.items()}
        cost = sum(slip_cost(s) for s in slips.values())
        if len(changes) == 1 and self._totals.issuperset(changes):
            # Alone in doubt with its parts, a total is the likelier one: it may be mistyped or worked out wrongly.
            cost = min(cost, _TOTAL_COST)
        return Explanation(changes, slips, cost)

    def _slip(self, changed: str, meant: Decimal) -> Slip:
        value = self._fields[changed]
        printed = number_of(value) or _ZERO
        slip = slip_of(printed, meant, self._neighbours(changed), proposed_texts(value))
        # A total is worked out, not copied: it may be wrong in any way.
        is_worked_out = changed in self._totals and slip_cost(slip) > slip_cost("miscalculated")
        return "miscalculated" if is_worked_out else slip

    def _neighbours(self, changed: str) -> set[Decimal]:
        b, r, c = self._place[changed]
        rows = self.blocks[b]
        ids = [
            rows[y][x]
            for y, x in ((r, c - 1), (r, c + 1), (r - 1, c), (r + 1, c))
            if 0 <= y < len(rows) and 0 <= x < len(rows[y])
        ]
        return {number for i in ids if (number := number_of(self._fields.get(i))) is not None}


def proposed_texts(value: FieldValue) -> frozenset[str]:
    """What was read in a cell besides what is taken for its number."""
    proposed = {t for e in value.evidence for t in (e.text, *(a.text for a in e.alternatives))}
    return frozenset(proposed - {value.printed, plain(number_of(value) or _ZERO)}) if proposed else frozenset()
