"""Which of the possible splits of each row hold together under the sums between rows, and which cells that settles.

Every row has splits whose own sum holds. A solver finds the choice that breaks the fewest sums between rows, then looks
for other choices that are nearly as good: where they differ, nothing is settled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ortools.sat.python import cp_model

# A choice is settled where every other one breaks at least this many sums more: a single mistake of the report must
# never turn the choice.
MARGIN = 2
# Deterministic time of the solver over one report (its own unit, about seconds); most reports take hundredths of it.
_MOST_TIME = 1.0
# Other choices looked at before all that is left counts as unsettled.
_MOST_CHOICES = 60


@dataclass(frozen=True, slots=True)
class SumRow:
    """A row with its possible figures, one tuple a split; none where no split can be relied on.

    ``open``: the choice among them is to be settled.
    """

    key: str
    ways: tuple[tuple[int, ...], ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class SumRule:
    """``sum(left) = sum(right)`` over cells, each a row key and a column index."""

    left: tuple[tuple[str, int], ...]
    right: tuple[tuple[str, int], ...]

    @property
    def cells(self) -> tuple[tuple[str, int], ...]:
        """The cells of both sides."""
        return self.left + self.right


@dataclass(frozen=True)
class Choice:
    """``chosen``: row key -> index of its split; a mere guess where time ran out, and then no rule is called holding.

    ``unsettled``: cells (row key, column index) in which a choice nearly as good differs. ``others``: row key -> splits
    that such choices have. ``holding`` and ``failing``: indexes of the rules that hold in the best choice, and of those
    that do not; rules over rows without any split say nothing.
    """

    chosen: Mapping[str, int]
    unsettled: frozenset[tuple[str, int]]
    others: Mapping[str, frozenset[int]]
    holding: frozenset[int]
    failing: frozenset[int] = frozenset()


def choose_splits(rows: Sequence[SumRow], rules: Sequence[SumRule]) -> Choice:
    """The best choice of splits and what of it is settled."""
    return _Search(rows, rules).run()


def without_unknown(rules: Sequence[SumRule], unknown: set[str]) -> list[SumRule]:
    """The rules, and where a total is in an unknown row, what follows for the cells that it adds up."""
    derived = [
        SumRule(
            tuple(c for cell in rule.left for c in (parts if cell == total else (cell,))),
            tuple(c for cell in rule.right for c in (parts if cell == total else (cell,))),
        )
        for total, parts in ((r.left[0], r.right) for r in rules if len(r.left) == 1 and r.left[0][0] in unknown)
        for rule in rules
        if total in rule.cells and rule.left != (total,)
    ]
    return [*rules, *derived]


def best_fitting(
    ways: Sequence[Sequence[int]], key: str, known: Mapping[str, Sequence[int]], rules: Sequence[SumRule]
) -> list[int]:
    """Indexes of the splits of a row that break the fewest sums with rows that are told, or one more."""
    wanted: list[tuple[int, int]] = []
    for rule in rules:
        mine = [(c, sign) for side, sign in ((rule.left, 1), (rule.right, -1)) for k, c in side if k == key]
        others = [(k, c, sign) for side, sign in ((rule.left, 1), (rule.right, -1)) for k, c in side if k != key]
        if len(mine) == 1 and all(k in known for k, _, _ in others):
            (column, sign), rest = mine[0], sum(s * known[k][c] for k, c, s in others)
            wanted.append((column, -rest * sign))
    broken = [sum(way[c] != figure for c, figure in wanted) for way in ways]
    return [i for i, count in enumerate(broken) if wanted and count <= min(broken) + 1]


class _Search:
    """One model: a Boolean for each split of each row, one for each rule that is broken."""

    def __init__(self, rows: Sequence[SumRow], rules: Sequence[SumRule]) -> None:
        # The solver takes a second to load, and few reports need it.
        from ortools.sat.python import cp_model

        self._cp = cp_model
        self._rows = [row for row in rows if row.ways]
        self._ways = {row.key: row.ways for row in self._rows}
        self._model = cp_model.CpModel()
        self._taken = {r.key: [self._model.new_bool_var("") for _ in r.ways] for r in self._rows}
        self._broken: dict[int, cp_model.IntVar] = {}
        self._time_left = _MOST_TIME
        for taken in self._taken.values():
            self._model.add_exactly_one(taken)
        for index, rule in enumerate(rules):
            if {key for key, _ in rule.cells} <= self._taken.keys():
                self._add_rule(index, rule)

    def run(self) -> Choice:
        open_rows = [row for row in self._rows if row.open]
        cells = {(row.key, c) for row in open_rows for c in range(len(row.ways[0]))}
        cost = sum(self._broken.values())
        self._model.minimize(cost)
        status, solver = self._solve()
        if status not in {self._cp.OPTIMAL, self._cp.FEASIBLE}:
            return Choice({}, frozenset(cells), {}, frozenset())
        chosen = {row.key: self._index(solver, row) for row in self._rows}
        if status == self._cp.FEASIBLE:
            return Choice(chosen, frozenset(cells), {}, frozenset())
        holding = frozenset(i for i, var in self._broken.items() if not solver.boolean_value(var))
        self._model.clear_objective()  # type: ignore[no-untyped-call]  # lacks an annotation there
        failing = frozenset(self._broken) - holding
        self._model.add(cost <= len(failing) + MARGIN - 1)
        settled, others = self._challenge(open_rows, chosen, set(cells))
        return Choice(
            chosen, frozenset(cells - settled), {k: frozenset(v) for k, v in others.items()}, holding, failing
        )

    def _challenge(
        self, open_rows: Sequence[SumRow], chosen: Mapping[str, int], settled: set[tuple[str, int]]
    ) -> tuple[set[tuple[str, int]], dict[str, set[int]]]:
        """Takes cells out of ``settled`` as long as a choice nearly as good has another figure there."""
        others: dict[str, set[int]] = {}
        for _ in range(_MOST_CHOICES):
            self._model.add_bool_or([var for row in open_rows for var in self._rivals(row, chosen, settled)])
            status, solver = self._solve()
            if status == self._cp.INFEASIBLE:
                return settled, others
            if status not in {self._cp.OPTIMAL, self._cp.FEASIBLE}:
                break
            for row in open_rows:
                index = self._index(solver, row)
                if index != chosen[row.key]:
                    others.setdefault(row.key, set()).add(index)
                    settled -= {(row.key, c) for c in _differing(row.ways[index], row.ways[chosen[row.key]])}
        return set(), others

    def _add_rule(self, index: int, rule: SumRule) -> None:
        self._broken[index] = self._model.new_bool_var("")
        difference = sum(
            sign * way[column] * var
            for sign, side in ((1, rule.left), (-1, rule.right))
            for key, column in side
            for way, var in zip(self._ways[key], self._taken[key], strict=True)
        )
        self._model.add(difference == 0).only_enforce_if(self._broken[index].negated())

    def _rivals(self, row: SumRow, chosen: Mapping[str, int], settled: set[tuple[str, int]]) -> list[cp_model.IntVar]:
        """The splits of a row that would change one of its settled cells."""
        own = row.ways[chosen[row.key]]
        return [
            var
            for way, var in zip(row.ways, self._taken[row.key], strict=True)
            if any((row.key, c) in settled for c in _differing(way, own))
        ]

    def _index(self, solver: cp_model.CpSolver, row: SumRow) -> int:
        return next(k for k, var in enumerate(self._taken[row.key]) if solver.boolean_value(var))

    def _solve(self) -> tuple[object, cp_model.CpSolver]:
        solver = self._cp.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        solver.parameters.max_deterministic_time = max(self._time_left, 0.0)
        status = solver.solve(self._model)
        self._time_left -= solver.response_proto.deterministic_time
        return status, solver


def _differing(one: Sequence[int], other: Sequence[int]) -> list[int]:
    return [c for c, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
