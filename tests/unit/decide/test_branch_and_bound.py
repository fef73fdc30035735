from __future__ import annotations

from itertools import product
from random import Random

import pytest

from pipeline.decide import cp_sat
from pipeline.decide.branch_and_bound import cheapest_nearby
from pipeline.decide.soft_sums import SoftSum, SoftSums

BROKEN, MOST = 4000, 15000

Problem = tuple[list[list[int]], list[SoftSum]]


def drawn(seed: int, *, cells: int, sums: int, wrong: int = 2) -> Problem:
    """Cells with up to three other options; all sums but a few hold with the first of each."""
    random = Random(seed)
    costs = [[0, *(random.randint(0, 14000) for _ in range(random.randint(0, 3)))] for _ in range(cells)]
    numbers = [tuple(random.randint(0, 6) for _ in own) for own in costs]
    listed = []
    for n in range(sums):
        signs = {k: random.choice((1, -1)) for k in random.sample(range(cells), random.randint(2, 4))}
        off = random.choice((1, -3)) if n < wrong else 0
        constant = off - sum(sign * numbers[k][0] for k, sign in signs.items())
        listed.append(SoftSum(constant, tuple((k, tuple(sign * n for n in numbers[k])) for k, sign in signs.items())))
    return costs, listed


def part(costs: list[list[int]], sums: list[SoftSum]) -> SoftSums:
    return SoftSums(costs, sums, BROKEN, MOST)


def tried(problem: Problem) -> tuple[int, list[list[int]]]:
    """(least cost, least cost with each option of each cell), by trying everything."""
    costs, sums = problem
    by_option = [[10**9] * len(own) for own in costs]
    for choice in product(*(range(len(own)) for own in costs)):
        total = sum(costs[k][o] for k, o in enumerate(choice))
        total += BROKEN * sum(s.constant + sum(n[choice[k]] for k, n in s.terms) != 0 for s in sums)
        for k, o in enumerate(choice):
            by_option[k][o] = min(by_option[k][o], total)
    return min(by_option[0]), by_option


@pytest.mark.parametrize("seed", range(60))
def test_costs_and_margins_are_those_of_trying_everything(seed: int) -> None:
    problem = drawn(seed, cells=5, sums=4)
    least, by_option = tried(problem)
    found = cheapest_nearby(part(*problem), steps=10**6)
    assert found is not None
    for (option, margin), own in zip(found, by_option, strict=True):
        others = [c for o, c in enumerate(own) if o != option]
        assert own[option] == least
        assert margin == min([MOST, *(c - least for c in others)])


@pytest.mark.parametrize("seed", range(12))
def test_large_parts_are_those_of_the_solver(seed: int) -> None:
    costs, sums = drawn(1000 + seed, cells=40, sums=25)
    # As in readings: other options are dear.
    costs = [[0, *(c + 6000 for c in own[1:])] for own in costs]
    found = cheapest_nearby(part(costs, sums), steps=10**6)
    solved = cp_sat.cheapest(part(costs, sums), work=60.0)
    assert found is not None
    assert solved is not None
    assert [m for _, m in found] == [m for _, m in solved]
    assert all(a == b for (a, margin), (b, _) in zip(found, solved, strict=True) if margin)


def test_it_gives_up_when_the_steps_are_used_up() -> None:
    costs, sums = drawn(3, cells=12, sums=12)
    assert cheapest_nearby(part(costs, sums), steps=10**6) is not None
    assert cheapest_nearby(part(costs, sums), steps=3) is None


def test_a_cell_with_one_option_has_the_largest_margin() -> None:
    sums = [SoftSum(0, ((0, (1,)), (1, (-1, -2))))]
    found = cheapest_nearby(part([[0], [0, 900]], sums), steps=99)
    assert found == [(0, MOST), (0, 900 + BROKEN)]
