"""Plumb rulings that run on from one table into the next."""

from __future__ import annotations

import pytest

from models.page import Ruling
from pipeline.tables.bridges import cut_bridges
from pipeline.tables.rulings_to_grid import rulings_to_lattices

LEFT, RIGHT = 50.0, 550.0
UPPER, LOWER = (100.0, 120.0, 140.0), (170.0, 190.0, 210.0)


def net(ys: tuple[float, ...], xs: tuple[float, ...]) -> list[Ruling]:
    level = [Ruling(True, y, LEFT, RIGHT) for y in ys]
    return level + [Ruling(False, x, ys[0], ys[-1]) for x in xs]


def page(*more: Ruling) -> list[Ruling]:
    return [*net(UPPER, (LEFT, 200, 300, RIGHT)), *net(LOWER, (LEFT, 250, 350, RIGHT)), *more]


def shapes(rulings: list[Ruling]) -> list[tuple[int, int]]:
    return [(len(lattice.ys) - 1, len(lattice.xs) - 1) for lattice in rulings_to_lattices(rulings)]


def test_two_tables_that_one_stroke_joins_are_two() -> None:
    joined = page(Ruling(False, 250, 140, 175))

    assert shapes(joined) == [(5, 5)]
    assert shapes(cut_bridges(joined)) == [(2, 3), (2, 3)]


def test_a_stroke_through_the_white_is_cut_where_the_tables_end() -> None:
    stroke = Ruling(False, 300, 100, 200)

    cut = [r for r in cut_bridges(page(stroke)) if not r.horizontal and r.position == 300]

    assert [(r.start, r.stop) for r in cut] == [(100, 140), (100, 140), (170, 200)]


@pytest.mark.parametrize(
    "more",
    [
        [Ruling(False, LEFT, 140, 170), Ruling(False, RIGHT, 140, 170)],
        [Ruling(False, LEFT, 140, 170)],
        [Ruling(False, x, 140, 170) for x in (250, 300, 350)],
        [],
    ],
    ids=["a row of one cell", "its right side is lost", "a row whose sides are lost", "nothing"],
)
def test_what_may_be_a_row_is_left_alone(more: list[Ruling]) -> None:
    assert cut_bridges(page(*more)) == page(*more)


def test_a_table_open_at_its_sides_is_left_alone() -> None:
    open_table = net((100, 120, 140, 160, 180), (200, 300, 400))

    assert cut_bridges(open_table) == open_table


def test_too_little_white_for_a_line_of_text_is_left_alone() -> None:
    near = [
        *net(UPPER, (LEFT, 200, 300, RIGHT)),
        *net((150, 170, 190), (LEFT, 250, RIGHT)),
        Ruling(False, 250, 140, 150),
    ]

    assert cut_bridges(near) == near
