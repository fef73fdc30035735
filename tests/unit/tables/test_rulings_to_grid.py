from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.page import Ruling, horizontal_ruling, vertical_ruling
from pipeline.tables.rulings_to_grid import Lattice, merge_rulings, rulings_to_lattices, squares_to_cells
from tests.unit.tables.drawn import net

XS, YS = (100.0, 200.0, 300.0), (50.0, 70.0, 90.0, 110.0)
SIX_CELLS = tuple((r, r + 1, c, c + 1) for r in range(3) for c in range(2))


def only(rulings: list[Ruling]) -> Lattice:
    lattices = rulings_to_lattices(rulings)
    assert len(lattices) == 1
    return lattices[0]


def pieces(ruling: Ruling, length: float, gap: float) -> list[Ruling]:
    found, at = [], ruling.start
    while at < ruling.stop:
        found.append(Ruling(ruling.horizontal, ruling.position, at, min(at + length, ruling.stop)))
        at += length + gap
    return found


def test_a_full_net_has_one_cell_a_square() -> None:
    lattice = only(net(XS, YS))
    assert (lattice.xs, lattice.ys) == (XS, YS)
    assert lattice.cells == SIX_CELLS
    assert not lattice.irregular


def test_squares_without_a_ruling_between_them_are_one_cell() -> None:
    rulings = [horizontal_ruling(y, 100, 300) for y in (50, 70, 110)] + [horizontal_ruling(90, 200, 300)]
    rulings += [vertical_ruling(100, 50, 110), vertical_ruling(200, 70, 110), vertical_ruling(300, 50, 110)]
    lattice = only(rulings)
    assert lattice.cells == ((0, 1, 0, 2), (1, 3, 0, 1), (1, 2, 1, 2), (2, 3, 1, 2))
    assert not lattice.irregular


def test_a_cell_may_span_both_ways() -> None:
    xs, ys = (0.0, 50.0, 100.0, 150.0), (0.0, 20.0, 40.0, 60.0)
    rulings = [horizontal_ruling(y, 0, 150) for y in (0, 40, 60)] + [horizontal_ruling(20, 100, 150)]
    rulings += [vertical_ruling(x, 0, 60) for x in (0, 100, 150)] + [vertical_ruling(50, 40, 60)]
    lattice = only(rulings)
    assert (lattice.xs, lattice.ys) == (xs, ys)
    assert lattice.cells[0] == (0, 2, 0, 2)
    assert len(lattice.cells) == 6


@pytest.mark.parametrize("apart", [0.5, 1.5, 2.8])
def test_double_rulings_are_one(apart: float) -> None:
    doubled = net(XS, YS) + [Ruling(r.horizontal, r.position + apart, r.start, r.stop) for r in net(XS, YS)]
    assert only(doubled).cells == SIX_CELLS


def test_the_snap_distance_is_an_argument() -> None:
    doubled = net(XS, YS) + [Ruling(r.horizontal, r.position + 5, r.start, r.stop) for r in net(XS, YS)]
    assert len(only(doubled).cells) > len(SIX_CELLS)
    assert rulings_to_lattices(doubled, snap=6.0)[0].cells == SIX_CELLS


@pytest.mark.parametrize(("length", "gap"), [(6.0, 3.0), (3.0, 3.9), (12.0, 2.0)])
def test_dashes_are_joined(length: float, gap: float) -> None:
    assert only([p for r in net(XS, YS) for p in pieces(r, length, gap)]).cells == SIX_CELLS


def test_dots_are_joined_in_the_direction_in_which_they_follow_each_other() -> None:
    dots = []
    for ruling in net(XS, YS):
        for p in pieces(ruling, 1.0, 2.0):
            middle = (p.start + p.stop) / 2
            x, y = (middle, p.position) if p.horizontal else (p.position, middle)
            # The page reader cannot tell the direction of a dot and delivers both.
            dots += [horizontal_ruling(y, x - 0.5, x + 0.5), vertical_ruling(x, y - 0.5, y + 0.5)]
    assert only(dots).cells == SIX_CELLS


def test_pieces_farther_apart_stay_two_rulings() -> None:
    merged = merge_rulings([horizontal_ruling(10, 0, 50), horizontal_ruling(10.4, 60, 90)])
    assert [(r.start, r.stop) for r in merged] == [(0, 50), (60, 90)]
    assert {round(r.position, 2) for r in merged} == {10.15}


def test_a_stroke_of_a_character_is_no_ruling() -> None:
    assert merge_rulings([vertical_ruling(10, 0, 7)]) == []


@pytest.mark.parametrize("side", ["top", "bottom", "left", "right"])
def test_an_open_side_is_closed_where_the_rulings_end(side: str) -> None:
    position = {"top": 50.0, "bottom": 110.0, "left": 100.0, "right": 300.0}[side]
    is_horizontal = side in {"top", "bottom"}
    rulings = [r for r in net(XS, YS) if not (r.horizontal == is_horizontal and r.position == position)]
    lattice = only(rulings)
    assert lattice.cells == SIX_CELLS
    assert (lattice.xs, lattice.ys) == (XS, YS)


def test_left_and_right_may_be_open_at_once() -> None:
    rulings = [r for r in net(XS, YS) if r.horizontal or r.position == 200]
    assert only(rulings).cells == SIX_CELLS


def test_all_sides_may_be_open_at_once() -> None:
    xs, ys = (0.0, 50.0, 100.0, 150.0), (0.0, 20.0, 40.0, 60.0)
    inner = [r for r in net(xs, ys) if r.position not in {0.0, 60.0, 150.0}]
    lattice = only(inner)
    assert (lattice.xs, lattice.ys) == (xs, ys)
    assert len(lattice.cells) == 9


def test_under_a_merged_label_fewer_rulings_reach_the_open_side() -> None:
    # The bottom is cut off by the page break; the label column runs over three rows.
    rulings = [horizontal_ruling(50, 100, 300), horizontal_ruling(70, 200, 300), horizontal_ruling(90, 200, 300)]
    rulings += [vertical_ruling(x, 50, 110) for x in XS]
    assert only(rulings).cells == ((0, 3, 0, 1), (0, 1, 1, 2), (1, 2, 1, 2), (2, 3, 1, 2))


def test_an_overshoot_of_a_few_points_is_no_open_side() -> None:
    longer = [r if r.horizontal else vertical_ruling(r.position, r.start - 5, r.stop + 5) for r in net(XS, YS)]
    assert only(longer).ys == YS


def test_one_ruling_that_sticks_out_makes_no_column_beside_the_border() -> None:
    # The others end a little beyond the border too, as the rulings of a scan do.
    across = [horizontal_ruling(y, XS[0], XS[-1] + 1) for y in YS[:-1]]
    sticking = horizontal_ruling(YS[-1], XS[0], XS[-1] + 7)
    lattice = only([*across, sticking, *(r for r in net(XS, YS) if not r.horizontal)])
    assert lattice.xs == XS
    assert lattice.cells == SIX_CELLS


def test_corners_need_not_quite_meet() -> None:
    shorter = [Ruling(r.horizontal, r.position, r.start + 3, r.stop - 3) for r in net(XS, YS)]
    assert only(shorter).cells == SIX_CELLS


def test_a_stray_ruling_across_one_cell_cuts_that_cell_only() -> None:
    lattice = only([*net(XS, YS), vertical_ruling(250, 50, 70)])
    assert lattice.xs == (100.0, 200.0, 250.0, 300.0)
    assert lattice.cells[:3] == ((0, 1, 0, 1), (0, 1, 1, 2), (0, 1, 2, 3))
    assert lattice.cells[3:] == ((1, 2, 0, 1), (1, 2, 1, 3), (2, 3, 0, 1), (2, 3, 1, 3))


def test_a_stray_ruling_over_part_of_a_cell_cuts_nothing() -> None:
    lattice = only([*net(XS, (50.0, 90.0, 130.0)), vertical_ruling(250, 50, 62)])
    assert [c for c in lattice.cells if c[0] == 0] == [(0, 1, 0, 1), (0, 1, 1, 3)]


@pytest.mark.parametrize(
    "rulings",
    [
        [],
        [horizontal_ruling(y, 90, 400) for y in (100, 120, 140)],
        [vertical_ruling(100, 0, 50)],
        [horizontal_ruling(100, 90, 400), vertical_ruling(500, 50, 150)],
    ],
    ids=["nothing", "underlined prose", "one stroke", "strokes that do not meet"],
)
def test_rulings_that_cross_nothing_are_no_table(rulings: list[Ruling]) -> None:
    assert rulings_to_lattices(rulings) == []


def test_a_shape_that_is_no_rectangle_is_cut_into_bands_and_marked() -> None:
    # An L: two squares of the first row and the left one of the second are not separated.
    rulings = [horizontal_ruling(y, 0, 100) for y in (0, 40)] + [horizontal_ruling(20, 50, 100)]
    rulings += [vertical_ruling(0, 0, 40), vertical_ruling(100, 0, 40), vertical_ruling(50, 20, 40)]
    lattice = only(rulings)
    assert lattice.cells == ((0, 1, 0, 2), (1, 2, 0, 1), (1, 2, 1, 2))
    assert lattice.irregular == {0, 1}


def test_rulings_between_cells_stand_where_the_one_above_them_is_lost() -> None:
    """A heading over four columns, two of which lost the level ruling below it."""
    rulings = [horizontal_ruling(y, 0, 200) for y in (0, 40, 60)] + [horizontal_ruling(20, 0, 100)]
    rulings += [vertical_ruling(x, 0, 60) for x in (0, 200)] + [vertical_ruling(x, 20, 60) for x in (50, 100, 150)]
    lattice = only(rulings)
    assert lattice.cells[:5] == ((0, 1, 0, 4), (1, 2, 0, 1), (1, 2, 1, 2), (1, 2, 2, 3), (1, 2, 3, 4))
    assert lattice.irregular == {0, 3, 4}


def test_two_tables_side_by_side_are_two() -> None:
    left, right = net((50.0, 100.0, 150.0), (100.0, 120.0)), net((200.0, 250.0, 300.0), (90.0, 120.0, 140.0))
    lattices = rulings_to_lattices(left + right)
    assert [lat.bbox.as_list() for lat in lattices] == [[200, 90, 300, 140], [50, 100, 150, 120]]


def test_tables_below_each_other_come_from_top_to_bottom() -> None:
    lattices = rulings_to_lattices(net(XS, (300.0, 320.0)) + net(XS, (100.0, 120.0)))
    assert [lat.ys[0] for lat in lattices] == [100, 300]


def test_a_frame_around_a_table_is_a_net_of_its_own() -> None:
    lattices = rulings_to_lattices(net(XS, YS) + net((80.0, 320.0), (30.0, 130.0)))
    assert [len(lat.cells) for lat in lattices] == [1, 6]


@given(
    walls_v=st.lists(st.booleans(), min_size=6, max_size=6),
    walls_h=st.lists(st.booleans(), min_size=6, max_size=6),
)
def test_cells_tile_the_lattice_whatever_is_drawn(walls_v: list[bool], walls_h: list[bool]) -> None:
    xs = ys = (0.0, 10.0, 20.0, 30.0)
    frame = [(0.0, 30.0)]
    lines_v = [frame, *[[s for s, on in zip(pairwise(ys), walls_v[i : i + 3], strict=True) if on] for i in (0, 3)]]
    lines_h = [frame, *[[s for s, on in zip(pairwise(xs), walls_h[i : i + 3], strict=True) if on] for i in (0, 3)]]
    lattice = squares_to_cells(xs, ys, [*lines_h, frame], [*lines_v, frame])
    squares = [(r, c) for r0, r1, c0, c1 in lattice.cells for r in range(r0, r1) for c in range(c0, c1)]
    assert sorted(squares) == [(r, c) for r in range(3) for c in range(3)]
    assert list(lattice.cells) == sorted(lattice.cells, key=lambda cell: (cell[0], cell[2]))
