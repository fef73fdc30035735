"""The values of doubtful cells that fit their readings and the edit rules best, and how much worse the next best is.

Each cell has options with costs; a rule that does not hold costs something too. The values sought have the least total
cost. Cells without doubt are constants; what is left falls into connected parts, each of which is solved exactly: by
branch and bound where few changes are worth a look, else by CP-SAT.

Source: the model is that of error localisation under edits (Fellegi and Holt 1976) with log scores as weights.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from importlib import import_module
from typing import NamedTuple

from models.disjoint_sets import DisjointSets
from models.rule import LinearRule
from pipeline.decide.branch_and_bound import cheapest_nearby
from pipeline.decide.cell_options import CellOptions, Option
from pipeline.decide.soft_sums import SoftSum, SoftSums

# A broken rule costs this much: about one sum in fifty is wrong in what agencies publish. Nats.
BROKEN_RULE = 4.0
# A cell whose second option costs more is not doubted unless a rule breaks: no cell is in more than three. Nats.
SURE = 3 * BROKEN_RULE + 0.5
# Margins above this say no more. Nats.
MOST_MARGIN = 15.0
# Numbers above it, or with more decimal places, are left out of the sums that are solved; the solver counts in 64 bits.
_LARGEST, _MOST_PLACES = Decimal(10) ** 12, 4
_NOTHING = Decimal(0)
# Steps of the search in a part, before the solver is asked.
_MOST_STEPS = 5000
# Search and solver count costs in this many parts of a nat.
_PARTS = 1000
# A part that takes more work is left as it was read, without any margin. Units of work of the solver, about a second.
_MOST_WORK = 5.0


class Choice(NamedTuple):
    """The option chosen for a cell.

    ``margin``: by how much the best solution with another value costs more, in nats, ``MOST_MARGIN`` at most.
    """

    option: Option
    margin: float


class Implied(NamedTuple):
    """Another value that the sums ask for in a cell, all others being as chosen; None where they ask for none.

    ``gain`` is how many more rules would hold with it; below 0 where they hold as it is.
    """

    value: Decimal | None
    gain: int


@dataclass(frozen=True)
class Solution:
    """Choices by field id (none for cells that could not be read), the rules that do and do not hold under them.

    ``implied`` has an entry for every cell.
    """

    choices: Mapping[str, Choice]
    broken: tuple[LinearRule, ...]
    holding: tuple[LinearRule, ...]
    implied: Mapping[str, Implied]

    @cached_property
    def broken_fields(self) -> frozenset[str]:
        """The cells of the rules that do not hold."""
        return frozenset(i for rule in self.broken for i in rule.fields)

    @cached_property
    def over(self) -> Mapping[str, tuple[LinearRule, ...]]:
        """Field id -> the rules over it that hold; no entry where there are none."""
        found: dict[str, list[LinearRule]] = defaultdict(list)
        for rule in self.holding:
            for i in dict.fromkeys(rule.fields):
                found[i].append(rule)
        return {i: tuple(rules) for i, rules in found.items()}


class _Part(NamedTuple):
    """A connected part: doubtful cells, and the rules over them with what the other cells add."""

    cells: tuple[CellOptions, ...]
    rules: tuple[_Sum, ...]


class _Sum(NamedTuple):
    """A rule with constants folded: ``constant`` plus the signed numbers of the cells must be 0. Signs are 1 and -1."""

    constant: Decimal
    signs: tuple[tuple[int, int], ...]  # (index of the cell in its part, sign)


def decide_values(cells: Mapping[str, CellOptions], rules: Sequence[LinearRule]) -> Solution:
    """The cheapest values of all cells together.

    Args:
        cells: Field id -> options. Cells that are no part of the report are missing.
        rules: The edit rules in force.
    """
    best = {i: c.options[0] for i, c in cells.items() if c.options}
    unread = cells.keys() - best.keys()
    in_force = _in_force(cells, best, rules)
    readable = [r for r in in_force if unread.isdisjoint(r.fields)]
    failing = {i for r in readable if difference_of(r, best) for i in r.fields}
    doubted = [c for i, c in cells.items() if len(c.options) > 1 and (c.doubt < SURE or i in failing)]
    chosen = dict(best)
    margins = {i: min(cells[i].doubt, MOST_MARGIN) for i in best}
    for part in _parts(doubted, readable, best):
        for cell, (index, margin) in zip(part.cells, _solve(part), strict=True):
            chosen[cell.field_id] = cell.options[index]
            margins[cell.field_id] = margin
    differences = [difference_of(r, chosen) for r in in_force]
    implied = _implied(cells, chosen, in_force, differences)
    told = [(r, d) for r, d in zip(in_force, differences, strict=True) if unread.isdisjoint(r.fields)]
    holding = tuple(r for r, d in told if not d)
    spared = _spared(cells, chosen, holding)
    choices = {
        i: Choice(o, _with_other(cells[i], margins[i], implied[i], spared.get(i, 0.0))) for i, o in chosen.items()
    }
    return Solution(choices, tuple(r for r, d in told if d), holding, implied)


def _with_other(cell: CellOptions, margin: float, implied: Implied, spared: float) -> float:
    """The margin when a value that no reading proposes is thought of too.

    ``spared`` is what the rules that hold would cost less if other cells gave way with it.
    """
    other = cell.other - BROKEN_RULE * implied.gain - spared
    return margin if margin <= other else max(0.0, other)


def _spared(
    cells: Mapping[str, CellOptions], chosen: Mapping[str, Option], holding: Sequence[LinearRule]
) -> Mapping[str, float]:
    """Field id -> nats by which the rules that hold speak less for it than they do among cells without doubt.

    With another value a rule need not break: the weakest of its other cells may give way, one whose readings leave a
    doubt and over which no other rule holds. No entry for 0.
    """
    over = Counter(i for rule in holding for i in rule.fields)
    weak = {i: doubt for i, n in over.items() if n == 1 and (doubt := _doubt_of(cells[i], chosen[i])) < BROKEN_RULE}
    found: dict[str, float] = defaultdict(float)
    for rule in holding:
        doubts = {i: weak[i] for i in rule.fields if i in weak}
        if not doubts:
            continue
        for i in rule.fields:
            found[i] += BROKEN_RULE - min((d for k, d in doubts.items() if k != i), default=BROKEN_RULE)
    return found


def _doubt_of(cell: CellOptions, taken: Option) -> float:
    """What the cheapest other number costs more, to the readings alone, in nats; 0 at least."""
    others = [o.cost for o in cell.options if o.number != taken.number]
    return max(0.0, min([cell.other, *others]) - taken.cost)


def _in_force(
    cells: Mapping[str, CellOptions], best: Mapping[str, Option], rules: Sequence[LinearRule]
) -> list[LinearRule]:
    """The rules all of whose cells are there. A side that is blank as a whole says nothing."""
    silent = {i for i, o in best.items() if o.kind != "number"}
    countable = cells.keys() - {i for i, c in cells.items() for o in c.options if not _is_countable(o)}
    return [
        r
        for r in rules
        if countable.issuperset(r.fields) and not silent.issuperset(r.left) and not silent.issuperset(r.right)
    ]


def _is_countable(option: Option) -> bool:
    # So few characters hold no number that is too large, and no more than four places.
    if option.value is None or len(option.value) <= _MOST_PLACES + 1:
        return True
    return abs(option.number) <= _LARGEST and _places(option.number) <= _MOST_PLACES


def difference_of(rule: LinearRule, options: Mapping[str, Option]) -> Decimal:
    """Left side minus right side; cells without an option add nothing."""
    left = sum([options[i].number for i in rule.left if i in options], _NOTHING)
    return left - sum([options[i].number for i in rule.right if i in options], _NOTHING)


def _parts(doubted: Sequence[CellOptions], rules: Sequence[LinearRule], best: Mapping[str, Option]) -> list[_Part]:
    """The connected parts of the doubtful cells; two cells are connected by a rule over both."""
    index = {c.field_id: n for n, c in enumerate(doubted)}
    fixed = {i: o for i, o in best.items() if i not in index}
    group = DisjointSets(len(doubted))
    touched = [[index[i] for i in r.fields if i in index] for r in rules]
    for members in touched:
        for n in members[1:]:
            group.join(members[0], n)
    members_of: dict[int, list[int]] = {}
    place: list[int] = []
    for n in range(len(doubted)):
        inside = members_of.setdefault(group.find(n), [])
        place.append(len(inside))
        inside.append(n)
    sums: dict[int, list[_Sum]] = {top: [] for top in members_of}
    for rule, members in zip(rules, touched, strict=True):
        if members:
            signs = tuple((place[index[i]], 1 if i in rule.left else -1) for i in rule.fields if i in index)
            sums[group.find(members[0])].append(_Sum(difference_of(rule, fixed), signs))
    return [_Part(tuple(doubted[n] for n in members_of[top]), tuple(sums[top])) for top in sorted(members_of)]


# A person's decision changes one part of a report; the others are solved already.
@lru_cache(maxsize=1024)
def _solve(part: _Part) -> tuple[tuple[int, float], ...]:
    """(index of the option, margin) of each cell of a part."""
    if not part.rules:
        return tuple((0, min(c.doubt, MOST_MARGIN)) for c in part.cells)
    scale = Decimal(10) ** max(_places(o.number) for c in part.cells for o in c.options)
    scale = max(scale, Decimal(10) ** max(_places(r.constant) for r in part.rules))
    costs = [[round(o.cost * _PARTS) for o in c.options] for c in part.cells]
    numbers = [[int(o.number * scale) for o in c.options] for c in part.cells]
    sums = [
        SoftSum(int(r.constant * scale), tuple((k, tuple(sign * n for n in numbers[k])) for k, sign in r.signs))
        for r in part.rules
    ]
    whole = SoftSums(costs, sums, round(BROKEN_RULE * _PARTS), round(MOST_MARGIN * _PARTS))
    found = cheapest_nearby(whole, steps=_MOST_STEPS)
    if found is None:
        # Takes a quarter of a second to load; most reports have no part that needs it.
        from pipeline.decide.cp_sat import cheapest

        found = cheapest(whole, work=_MOST_WORK)
    if found is None:
        return tuple((0, 0.0) for _ in part.cells)
    return tuple((o, margin / _PARTS) for o, margin in found)


def forget_solved() -> None:
    """Nothing; parts of reports decided before are then solved as if they were new."""
    _solve.cache_clear()


def load_solver() -> None:
    """Nothing; the first large part then does not wait for the solver to load."""
    import_module("pipeline.decide.cp_sat")


def _places(number: Decimal) -> int:
    exponent = number.as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _implied(
    cells: Mapping[str, CellOptions],
    chosen: Mapping[str, Option],
    rules: Sequence[LinearRule],
    differences: Sequence[Decimal],
) -> dict[str, Implied]:
    """Field id -> the other value that satisfies most of its rules, all other cells being as chosen."""
    votes: defaultdict[str, Counter[Decimal]] = defaultdict(Counter)
    holding: Counter[str] = Counter()
    for rule, difference in zip(rules, differences, strict=True):
        unread = [i for i in rule.fields if i not in chosen]
        if len(unread) > 1:
            continue
        if not difference and not unread:
            holding.update(rule.fields)
            continue
        for i in unread or rule.fields:
            own = chosen[i].number if i in chosen else _NOTHING
            votes[i][own - difference if i in rule.left else own + difference] += 1
    found = {i: Implied(None, -holding[i]) for i in cells if i not in votes}
    for i, counted in votes.items():
        # No count is negative.
        possible = ((v, n) for v, n in counted.items() if v >= 0)
        value, count = max(possible, key=lambda item: item[1], default=(None, 0))
        found[i] = Implied(value, count - holding[i])
    return found
