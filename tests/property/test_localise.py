"""The search for smallest explanations against trying everything, on small tables with small numbers."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.check.localise import Changes, Equation, localise

LARGEST = 4


def table_equations(numbers: dict[str, Decimal], rows: int, columns: int) -> list[Equation]:
    """Row sums and column sums of a table whose last row and column hold totals."""

    def cell(r: int, c: int) -> str:
        return f"{r}.{c}"

    sides = [[(cell(r, columns), 1), *((cell(r, c), -1) for c in range(columns))] for r in range(rows + 1)]
    sides += [[(cell(rows, c), 1), *((cell(r, c), -1) for r in range(rows))] for c in range(columns + 1)]
    return [Equation(tuple(terms), sum((s * numbers[f] for f, s in terms), Decimal(0))) for terms in sides]


def brute_force(equations: list[Equation], numbers: dict[str, Decimal], top: int) -> set[frozenset[str]]:
    """The smallest sets of fields for which some numbers 0..top satisfy every equation."""
    fields = sorted(numbers)
    for size in range(1, 3):
        found: set[frozenset[str]] = set()
        for chosen in combinations(fields, size):
            for values in product(range(top + 1), repeat=size):
                changed = numbers | {f: Decimal(v) for f, v in zip(chosen, values, strict=True)}
                if all(sum(s * changed[f] for f, s in e.terms) == 0 for e in equations) and all(
                    changed[f] != numbers[f] for f in chosen
                ):
                    found.add(frozenset(chosen))
                    break
        if found:
            return found
    return set()


def admits(top: int) -> object:
    return lambda _, number: 0 <= number <= top and number == number.to_integral_value()


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_same_sets_as_trying_everything(data: st.DataObject) -> None:
    rows, columns = data.draw(st.integers(1, 2)), data.draw(st.integers(1, 2))
    inner = {f"{r}.{c}": Decimal(data.draw(st.integers(0, LARGEST))) for r in range(rows) for c in range(columns)}
    numbers = dict(inner)
    for r in range(rows):
        numbers[f"{r}.{columns}"] = sum((inner[f"{r}.{c}"] for c in range(columns)), Decimal(0))
    for c in range(columns + 1):
        numbers[f"{rows}.{c}"] = sum((numbers[f"{r}.{c}"] for r in range(rows)), Decimal(0))
    for field in data.draw(st.lists(st.sampled_from(sorted(numbers)), min_size=1, max_size=2, unique=True)):
        numbers[field] = Decimal(data.draw(st.integers(0, 2 * LARGEST)))
    equations = table_equations(numbers, rows, columns)
    if not any(e.excess for e in equations):
        return
    top = 4 * LARGEST
    found = localise(equations, numbers, admits(top), most_fields=2)  # type: ignore[arg-type]
    expected = brute_force(equations, numbers, top)
    assert {frozenset(s) for s in found.sets} == expected
    assert found.complete == bool(expected)
    for changes in found.sets:
        assert satisfies(equations, numbers, changes)


def satisfies(equations: list[Equation], numbers: dict[str, Decimal], changes: Changes) -> bool:
    changed = numbers | dict(changes)
    return all(sum(s * changed[f] for f, s in e.terms) == 0 for e in equations)


@pytest.mark.parametrize("size", [10**3, 10**18, 10**40])
def test_values_have_no_ceiling(size: int) -> None:
    numbers = {"a": Decimal(size), "b": Decimal(size), "t": Decimal(2 * size + 1)}
    equation = Equation((("t", 1), ("a", -1), ("b", -1)), Decimal(1))
    found = localise([equation], numbers, lambda _, n: n >= 0)
    assert {tuple(s.items()) for s in found.sets} == {
        (("t", Decimal(2 * size)),),
        (("a", Decimal(size + 1)),),
        (("b", Decimal(size + 1)),),
    }


def test_a_search_that_is_cut_short_says_so() -> None:
    numbers = {f"{n}": Decimal(0) for n in range(12)}
    equations = [Equation(((f"{2 * n}", 1), (f"{2 * n + 1}", -1)), Decimal(1)) for n in range(6)]
    assert localise(equations, numbers, lambda *_: True, most_fields=6, most_steps=20).complete is False
