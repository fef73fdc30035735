"""Values under edit rules, against all combinations written out: cost of the options plus that of each broken rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from models.finding import Message
from models.rule import LinearRule
from pipeline.decide import cp_sat, values_under_rules
from pipeline.decide.cell_options import CellOptions, Option
from pipeline.decide.values_under_rules import BROKEN_RULE, MOST_MARGIN, decide_values

seeds = st.integers(min_value=0, max_value=2**32)
quick = settings(max_examples=120, deadline=None, derandomize=True)
# Rounding of costs in search and solver: a thousandth of a nat for each cell and rule.
NEAR = 0.02
_NOTHING = Message(zh="", en="")


@dataclass(frozen=True)
class Table:
    cells: dict[str, CellOptions]
    rules: tuple[LinearRule, ...]


def rule(name: str, left: Sequence[str], right: Sequence[str]) -> LinearRule:
    return LinearRule(name, "t", "error", tuple(left), tuple(right), _NOTHING, _NOTHING)


def option(text: str, cost: float) -> Option:
    return Option("number", text, text, cost, Decimal(text))


def options(name: str, texts: Sequence[str], costs: Sequence[float]) -> CellOptions:
    listed = tuple(option(t, round(c, 3)) for t, c in zip(texts, costs, strict=True))
    # What nobody proposes is left aside: the sums written out below know nothing of it.
    return CellOptions(name, listed, float("inf"))


def random_table(random: Random, *, rows: int, columns: int, doubted: int, decimals: bool) -> Table:
    """A table with totals of rows and columns. Each number is right, misread, or doubted with the right one among."""
    unit = random.choice(("0.1", "0.25", "0.001")) if decimals else "1"
    truth = {(r, c): Decimal(random.randint(0, 12)) * Decimal(unit) for r in range(rows) for c in range(columns)}
    for r in range(rows):
        truth[r, columns] = sum((truth[r, c] for c in range(columns)), Decimal(0))
    for c in range(columns + 1):
        truth[rows, c] = sum((truth[r, c] for r in range(rows)), Decimal(0))
    weak = set(random.sample(sorted(truth), doubted))
    cells = {}
    for (r, c), number in truth.items():
        name = f"{r}.{c}"
        # Now and then the report itself is wrong.
        printed = number + Decimal(unit) * random.randint(1, 3) if random.random() < 0.08 else number
        if (r, c) not in weak:
            cells[name] = options(name, [f"{printed:f}"], [0.0])
            continue
        others = {printed + Decimal(unit) * random.randint(-4, 4) for _ in range(3)} - {printed}
        texts = [f"{n:f}" for n in (printed, *sorted(others))][: random.randint(2, 3)]
        random.shuffle(texts)
        costs = [0.0, *sorted(random.uniform(0, 12) for _ in texts[1:])]
        cells[name] = options(name, texts, costs)
    rules = [rule(f"row {r}", [f"{r}.{columns}"], [f"{r}.{c}" for c in range(columns)]) for r in range(rows)]
    rules += [rule(f"column {c}", [f"{rows}.{c}"], [f"{r}.{c}" for r in range(rows)]) for c in range(columns)]
    return Table(cells, tuple(rules))


def total_cost(table: Table, chosen: Mapping[str, Option]) -> float:
    broken = sum(
        sum((chosen[i].number for i in r.left), Decimal(0)) != sum((chosen[i].number for i in r.right), Decimal(0))
        for r in table.rules
    )
    return sum(o.cost for o in chosen.values()) + BROKEN_RULE * broken


def brute_force(table: Table) -> tuple[float, dict[str, dict[str | None, float]]]:
    """The least cost, and for each cell the least with each of its options."""
    names = list(table.cells)
    by_option: dict[str, dict[str | None, float]] = {n: {} for n in names}
    least = float("inf")
    for combination in product(*(table.cells[n].options for n in names)):
        cost = total_cost(table, dict(zip(names, combination, strict=True)))
        least = min(least, cost)
        for name, o in zip(names, combination, strict=True):
            by_option[name][o.value] = min(by_option[name].get(o.value, float("inf")), cost)
    return least, by_option


def assert_is_best(table: Table, *, near: float) -> None:
    solution = decide_values(table.cells, table.rules)
    least, by_option = brute_force(table)
    chosen = {i: c.option for i, c in solution.choices.items()}
    assert set(chosen) == set(table.cells)
    assert total_cost(table, chosen) == pytest.approx(least, abs=near)
    failing = {i for r in table.rules if total_of(table, r) for i in r.fields}
    for name, choice in solution.choices.items():
        others = [c for value, c in by_option[name].items() if value != choice.option.value]
        margin = min(min(others, default=float("inf")) - least, MOST_MARGIN)
        own = table.cells[name]
        if own.doubt < values_under_rules.SURE or name in failing:
            assert choice.margin == pytest.approx(margin, abs=near), name
        else:
            assert choice.option is own.best, name
            assert choice.margin <= margin + near, f"{name} is taken for surer than it is"
    assert {r.id for r in solution.broken} | {r.id for r in solution.holding} == {r.id for r in table.rules}
    assert len(solution.broken) + len(solution.holding) == len(table.rules)


def mending(table: Table, chosen: Mapping[str, Option], name: str) -> set[Decimal]:
    """The numbers with which one of the rules over a cell holds."""
    found = set()
    for r in table.rules:
        for side, facing in ((r.left, r.right), (r.right, r.left)):
            if name in side:
                rest = sum((chosen[i].number for i in side if i != name), Decimal(0))
                found.add(sum((chosen[i].number for i in facing), Decimal(0)) - rest)
    return found


def total_of(table: Table, r: LinearRule) -> Decimal:
    """By how much a rule fails as read."""
    first = {i: table.cells[i].options[0].number for i in r.fields}
    return sum((first[i] for i in r.left), Decimal(0)) - sum((first[i] for i in r.right), Decimal(0))


@contextmanager
def by_the_solver_alone() -> Iterator[None]:
    """No search beforehand, and nothing remembered from one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(values_under_rules, "_MOST_STEPS", 0)
        patch.setattr(values_under_rules, "_solve", values_under_rules._solve.__wrapped__)
        yield


@contextmanager
def without_the_solver() -> Iterator[None]:
    """The search alone, with as many steps as it needs."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(values_under_rules, "_MOST_STEPS", 10**7)
        patch.setattr(values_under_rules, "_solve", values_under_rules._solve.__wrapped__)
        patch.setattr(cp_sat, "cheapest", None)
        yield


@quick
@given(seed=seeds, decimals=st.booleans())
def test_small_tables_are_decided_as_by_trying_everything(seed: int, decimals: bool) -> None:
    random = Random(seed)
    table = random_table(
        random, rows=random.randint(1, 3), columns=random.randint(1, 3), doubted=random.randint(0, 4), decimals=decimals
    )
    assert_is_best(table, near=NEAR)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=seeds, decimals=st.booleans())
def test_the_solver_decides_as_trying_everything_does(seed: int, decimals: bool) -> None:
    random = Random(seed)
    table = random_table(random, rows=2, columns=3, doubted=random.randint(2, 5), decimals=decimals)
    with by_the_solver_alone():
        assert_is_best(table, near=NEAR)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(seed=seeds, decimals=st.booleans())
def test_both_ways_agree(seed: int, decimals: bool) -> None:
    random = Random(seed)
    table = random_table(random, rows=3, columns=3, doubted=6, decimals=decimals)
    with without_the_solver():
        tried = decide_values(table.cells, table.rules)
    with by_the_solver_alone():
        solved = decide_values(table.cells, table.rules)
    costs = [total_cost(table, {i: c.option for i, c in s.choices.items()}) for s in (tried, solved)]
    assert costs[0] == pytest.approx(costs[1], abs=NEAR)
    for name, choice in tried.choices.items():
        # Of choices as good as each other either may be taken.
        assert choice.option == solved.choices[name].option or choice.margin < NEAR, name
        assert choice.margin == pytest.approx(solved.choices[name].margin, abs=NEAR), name


@quick
@given(seed=seeds)
def test_the_order_of_cells_and_rules_changes_nothing(seed: int) -> None:
    random = Random(seed)
    table = random_table(random, rows=2, columns=2, doubted=3, decimals=False)
    names, rules = list(table.cells), list(table.rules)
    random.shuffle(names)
    random.shuffle(rules)
    one = decide_values(table.cells, table.rules)
    two = decide_values({n: table.cells[n] for n in names}, rules)
    for name, choice in one.choices.items():
        assert choice.margin == pytest.approx(two.choices[name].margin), name
        assert choice.option == two.choices[name].option or choice.margin < 1e-6, name


@quick
@given(seed=seeds, other=st.floats(min_value=0, max_value=30))
def test_a_value_that_nobody_proposes_only_lowers_margins(seed: int, other: float) -> None:
    random = Random(seed)
    table = random_table(random, rows=2, columns=2, doubted=3, decimals=False)
    thought_of = {i: CellOptions(i, c.options, other) for i, c in table.cells.items()}
    without, found = (decide_values(cells, table.rules) for cells in (table.cells, thought_of))
    rules_over = Counter(i for rule in found.holding for i in rule.fields)

    def gives_way_for(name: str) -> float:
        """What another number costs in a cell, to its readings alone."""
        cell, taken = thought_of[name], found.choices[name].option
        numbers = [o.cost for o in cell.options if o.number != taken.number]
        return max(0.0, min([other, *numbers]) - taken.cost) if rules_over[name] == 1 else BROKEN_RULE

    for name, choice in found.choices.items():
        assert choice.option == without.choices[name].option, "sums alone make no number"
        wanted = other - BROKEN_RULE * found.implied[name].gain
        for rule in (r for r in found.holding if name in r.fields):
            wanted -= BROKEN_RULE - min([BROKEN_RULE, *(gives_way_for(i) for i in rule.fields if i != name)])
        wanted = min(without.choices[name].margin, max(0.0, wanted))
        assert choice.margin == pytest.approx(wanted), name


@quick
@given(seed=seeds)
def test_the_implied_value_makes_so_many_more_rules_hold(seed: int) -> None:
    random = Random(seed)
    table = random_table(random, rows=3, columns=3, doubted=2, decimals=False)
    solution = decide_values(table.cells, table.rules)
    chosen = {i: c.option for i, c in solution.choices.items()}

    def holding(name: str, number: Decimal) -> int:
        changed = {**chosen, name: option(f"{number:f}", 0.0)}
        costs = {i: Option(o.kind, o.value, o.printed, 0.0, o.number) for i, o in changed.items()}
        return len(table.rules) - round(total_cost(table, costs) / BROKEN_RULE)

    for name, implied in solution.implied.items():
        before = holding(name, chosen[name].number)
        own = {chosen[name].number}
        best = max((holding(name, n) for n in mending(table, chosen, name) - own if n >= 0), default=0)
        if implied.value is not None:
            assert implied.value >= 0
            assert holding(name, implied.value) - before == implied.gain == best - before, name
        else:
            assert implied.gain <= 0, name
            assert best <= before, name


@quick
@given(seed=seeds, places=st.integers(min_value=0, max_value=60), digits=st.integers(min_value=1, max_value=70))
def test_numbers_of_any_size_do_not_overflow(seed: int, places: int, digits: int) -> None:
    """Whatever is read somewhere, deciding ends, and numbers beside it are decided as ever."""
    random = Random(seed)
    table = random_table(random, rows=3, columns=3, doubted=6, decimals=False)
    name = random.choice([n for n, c in table.cells.items() if len(c.options) > 1])
    text = "9" * digits + ("." + "0" * (places - 1) + "1" if places else "")
    extreme = Option("number", text, text, 5.0, Decimal(text))
    cells = dict(table.cells)
    cells[name] = CellOptions(name, (*cells[name].options, extreme), float("inf"))
    assume(extreme.number not in {o.number for o in table.cells[name].options})
    with by_the_solver_alone():
        solution = decide_values(cells, table.rules)
    assert set(solution.choices) == set(cells)
    assert all(0 <= c.margin <= MOST_MARGIN for c in solution.choices.values())
