"""The choice among splits of rows that sums link."""

from __future__ import annotations

import random
from itertools import product

import pytest

from pipeline.decide.split_under_sums import (
    MARGIN,
    SumRow,
    SumRule,
    best_fitting,
    choose_splits,
    without_unknown,
)

Figures = tuple[int, ...]


def column_rules(parts: list[str], total: str, columns: int) -> list[SumRule]:
    return [SumRule(((total, c),), tuple((p, c) for p in parts)) for c in range(columns)]


def cost(rows: list[SumRow], taken: tuple[int, ...], rules: list[SumRule]) -> int:
    figures = {r.key: r.ways[k] for r, k in zip(rows, taken, strict=True)}
    return sum(sum(figures[k][c] for k, c in rule.left) != sum(figures[k][c] for k, c in rule.right) for rule in rules)


def test_columns_choose_among_splits() -> None:
    rows = [
        SumRow("a", ((2, 20, 22), (22, 0, 22)), open=True),
        SumRow("b", ((1, 0, 1),)),
        SumRow("total", ((23, 0, 23),)),
    ]
    choice = choose_splits(rows, column_rules(["a", "b"], "total", 3))
    assert choice.chosen == {"a": 1, "b": 0, "total": 0}
    assert choice.unsettled == frozenset()
    assert choice.holding == {0, 1, 2}


def test_a_tie_is_unsettled_where_the_splits_differ() -> None:
    rows = [
        SumRow("a", ((2, 20, 0, 22), (22, 0, 0, 22)), open=True),
        SumRow("b", ((22, 0, 0, 22), (2, 20, 0, 22)), open=True),
        SumRow("total", ((24, 20, 0, 44),)),
    ]
    choice = choose_splits(rows, column_rules(["a", "b"], "total", 4))
    assert choice.unsettled == {("a", 0), ("a", 1), ("b", 0), ("b", 1)}
    assert {key: len(found) for key, found in choice.others.items()} == {"a": 1, "b": 1}


def test_a_mistake_of_the_report_leaves_its_column_unheld() -> None:
    rows = [
        SumRow("a", ((2, 20, 22), (22, 0, 22)), open=True),
        SumRow("total", ((25, 0, 25),)),
    ]
    choice = choose_splits(rows, column_rules(["a"], "total", 3))
    assert choice.chosen["a"] == 1
    assert choice.holding == {1}
    assert {("a", 0), ("a", 1)} <= choice.unsettled


def test_rows_without_a_split_make_their_sums_say_nothing() -> None:
    rows = [SumRow("a", ((2, 20), (22, 0)), open=True), SumRow("b", ()), SumRow("total", ((24, 20),))]
    choice = choose_splits(rows, column_rules(["a", "b"], "total", 2))
    assert choice.holding == frozenset()
    assert choice.unsettled == {("a", 0), ("a", 1)}


def test_an_unknown_total_is_replaced_by_its_parts() -> None:
    total = SumRule((("total", 0),), (("a", 0), ("b", 0)))
    balance = SumRule((("new", 0),), (("total", 0), ("left", 0)))
    derived = without_unknown([total, balance], {"total"})[2:]
    assert derived == [SumRule((("new", 0),), (("a", 0), ("b", 0), ("left", 0)))]
    assert without_unknown([total, balance], {"a"}) == [total, balance]


def test_the_splits_that_fit_the_columns_best() -> None:
    rules = column_rules(["a", "b"], "total", 3)
    known = {"b": (1, 1, 2), "total": (6, 3, 9)}
    ways = [(5, 2, 7), (5, 2, 8), (0, 0, 0)]
    assert best_fitting(ways, "a", known, rules) == [0, 1]
    assert best_fitting(ways, "a", {}, rules) == []


@pytest.mark.parametrize("seed", range(25))
def test_choices_are_those_of_brute_force(seed: int) -> None:
    rng = random.Random(seed)
    rows = [
        SumRow(key, tuple({tuple(rng.randint(0, 2) for _ in range(3)) for _ in range(rng.randint(1, 4))}), open=True)
        for key in ("a", "b", "c", "total")
    ]
    rules = column_rules(["a", "b", "c"], "total", 3)
    costs = {taken: cost(rows, taken, rules) for taken in product(*(range(len(r.ways)) for r in rows))}
    least = min(costs.values())
    choice = choose_splits(rows, rules)
    best = tuple(choice.chosen[r.key] for r in rows)
    assert costs[best] == least
    near = [taken for taken, broken in costs.items() if broken < least + MARGIN]
    differing = {
        (row.key, c)
        for taken in near
        for row, own, other in zip(rows, best, taken, strict=True)
        for c in range(3)
        if row.ways[own][c] != row.ways[other][c]
    }
    assert choice.unsettled == differing
