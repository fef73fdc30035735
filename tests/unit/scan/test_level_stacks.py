"""Tables of level rulings alone."""

from __future__ import annotations

import itertools

import pytest

from models.geometry import BBox
from models.page import Ruling, horizontal_ruling, vertical_ruling
from pipeline.scan.level_stacks import is_rest_of_ruling, level_rows, lie_beside, without_loose_strokes

YS = (100.0, 118.0, 136.0, 154.0, 172.0, 190.0)
LEVEL = [horizontal_ruling(y, 50, 520) for y in YS]
ROWS = [BBox(50, a, 520, b) for a, b in itertools.pairwise(YS)]
SIDES = [vertical_ruling(x, 100, 190) for x in (50, 520)]


@pytest.mark.parametrize("stroke", [(101.0, 117.0), (119.0, 135.0), (110.0, 130.0)])
def test_a_stroke_in_a_row_of_many_is_none_of_a_table(stroke: tuple[float, float]) -> None:
    pen = vertical_ruling(300, *stroke)
    assert without_loose_strokes([*LEVEL, pen]) == LEVEL
    assert level_rows([*LEVEL, pen]) == ROWS


@pytest.mark.parametrize(
    "rulings",
    [
        [*LEVEL, *SIDES, vertical_ruling(300, 100, 118)],
        [*LEVEL, vertical_ruling(300, 118, 190)],
        [*LEVEL[:3], vertical_ruling(300, 100, 118)],
        [*LEVEL, vertical_ruling(300, 40, 300)],
    ],
    ids=["with sides", "in most rows", "too few rows", "beyond the table"],
)
def test_others_stay(rulings: list[Ruling]) -> None:
    assert without_loose_strokes(rulings) == rulings


def test_tables_with_plumb_rulings_have_no_such_rows() -> None:
    assert level_rows([*LEVEL, *SIDES]) == []
    assert level_rows(LEVEL[:3]) == []


def test_rulings_of_another_width_are_another_table() -> None:
    inner = [horizontal_ruling(y + 9, 140, 400) for y in YS[:3]]
    assert level_rows([*LEVEL, *inner]) == ROWS


@pytest.mark.parametrize(("x0", "beside"), [(300.0, False), (515.0, False), (530.0, True), (10.0, True)])
def test_what_no_ruling_reaches_is_beside_the_table(x0: float, beside: bool) -> None:
    edge_of_page = horizontal_ruling(2, 400, 590)
    assert lie_beside([BBox(x0, 120, x0 + 8, 130)], [*LEVEL, edge_of_page]) == [beside]


@pytest.mark.parametrize(("top", "beside"), [(50.0, False), (90.0, True), (195.0, True), (230.0, False)])
def test_what_is_far_above_or_below_the_table_is_not_beside_it(top: float, beside: bool) -> None:
    assert lie_beside([BBox(530, top, 540, top + 8)], LEVEL) == [beside]


def test_faint_rulings_in_pieces_bound_the_table_together() -> None:
    pieces = [*(horizontal_ruling(y, 50, 240) for y in YS), horizontal_ruling(118, 300, 520)]
    assert lie_beside([BBox(400, 120, 410, 130)], pieces) == [False]


@pytest.mark.parametrize(
    ("text", "top", "is_rest"), [("一", 116.5, True), ("—", 116.0, True), ("—", 122.0, False), ("1", 116.5, False)]
)
def test_a_dash_in_line_with_a_ruling_is_a_piece_of_it(text: str, top: float, is_rest: bool) -> None:
    broken = [horizontal_ruling(118, 50, 285), horizontal_ruling(118, 340, 520)]
    assert is_rest_of_ruling(text, BBox(286, top, 312, top + 4), broken) is is_rest


def test_a_ruling_in_pieces_is_one_line_of_the_table() -> None:
    pieces = [*LEVEL, horizontal_ruling(136.2, 50, 300), horizontal_ruling(136.2, 390, 520)]
    pen = vertical_ruling(300, 129.5, 155)
    assert without_loose_strokes([*pieces, pen]) == pieces
    assert level_rows(pieces) == level_rows(LEVEL)
