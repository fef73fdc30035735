"""Rows whose numbers slipped by a column: another explanation of sums that do not hold than wrong readings.

Where many sums hold as soon as the numbers of a row are taken for those of the columns beside them, the report is wrong
and its cells were read right. The sums are then asked of the cells in which the numbers are printed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from models.form import Form
from models.row_slips import RowSlip, blocks_of, possible_slips
from models.rule import LinearRule
from pipeline.decide.cell_options import CellOptions
from pipeline.decide.values_under_rules import BROKEN_RULE, Solution, decide_values, difference_of

# A slip must explain so many sums that fail, most of which then hold, and may leave one. Its cost is in nats; so many
# slips are looked for in one report.
_LEAST_EXPLAINED, _LEAST_MENDED, _MOST_LEFT, _COST, _MOST_SLIPS = 3, 2, 1, 2 * BROKEN_RULE, 3


def decide_with_slips(
    form: Form, cells: Mapping[str, CellOptions], rules: Sequence[LinearRule]
) -> tuple[Solution, Sequence[LinearRule]]:
    """(the cheapest values, the rules as they are asked of the printed cells).

    Args:
        form: The form.
        cells: Field id -> options.
        rules: The edit rules in force.
    """
    solution = decide_values(cells, rules)
    for _ in range(_MOST_SLIPS):
        slip = _best_slip(form, cells, rules, solution) if len(solution.broken) >= _LEAST_EXPLAINED else None
        if slip is None:
            break
        moved = _asked_of_printed(rules, slip)
        other = decide_values(cells, moved)
        if _cost(other) + _COST >= _cost(solution):
            break
        solution, rules = other, moved
    return solution, rules


def _best_slip(
    form: Form, cells: Mapping[str, CellOptions], rules: Sequence[LinearRule], solution: Solution
) -> RowSlip | None:
    """The slip that explains most sums over the numbers as they are read."""
    read = {i: c.options[0] for i, c in cells.items() if c.options}
    readable = [r for r in rules if all(i in read for i in r.fields)]
    failing = {r.id for r in readable if difference_of(r, read)}
    over: dict[str, list[LinearRule]] = {}
    for rule in readable:
        for i in rule.fields:
            over.setdefault(i, []).append(rule)
    best: tuple[int, RowSlip] | None = None
    for slip in possible_slips(blocks_of(form), over, solution.broken_fields):
        touched = {r.id: r for i in (*slip.fields, *([slip.lost] if slip.lost else ())) for r in over[i]}
        moved = _asked_of_printed(touched.values(), slip)
        left = sum(bool(difference_of(m, read)) for m in moved)
        mended = sum(m.id in failing for m in moved) - left
        # Of the sums over the number that is printed nowhere none can be asked.
        explained = sum(i in failing for i in touched) - left
        if min(explained - _LEAST_EXPLAINED, mended - _LEAST_MENDED, _MOST_LEFT - left) >= 0:
            best = max(best or (0, slip), (explained, slip), key=lambda found: found[0])
    return best[1] if best is not None else None


def _asked_of_printed(rules: Iterable[LinearRule], slip: RowSlip) -> list[LinearRule]:
    """The rules over the cells in which their numbers are printed, without those over a number printed nowhere."""
    printed = dict(zip(slip.fields, slip.printed, strict=True))

    def at(side: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(printed.get(i, i) for i in side)

    return [replace(r, left=at(r.left), right=at(r.right)) for r in rules if slip.lost not in r.fields]


def _cost(solution: Solution) -> float:
    """Of all values taken and of all sums that do not hold, in nats."""
    return sum(c.option.cost for c in solution.choices.values()) + BROKEN_RULE * len(solution.broken)
