"""Strokes too faint for the threshold of the page, found by the paper of their cell."""

from __future__ import annotations

import pytest

from models.geometry import BBox
from pipeline.scan.faint_strokes import find_faint_strokes
from pipeline.scan.scraps import Box
from tests.unit.scan.drawn_page import PX_PER_PT, Sheet

CELL = BBox(10, 10, 70, 40)
HIGHEST = 12 * PX_PER_PT


def sheet_with(*strokes: tuple[float, float, float, float], dark: tuple[float, float, float, float]) -> Sheet:
    """Faint strokes, and a dark one, in points."""
    sheet = Sheet(80, 50)
    for stroke in strokes:
        sheet.box(*stroke, 220)
    sheet.box(*dark, 120)
    return sheet


def box(points: tuple[float, float, float, float]) -> Box:
    left, top, right, bottom = (round(v * PX_PER_PT) for v in points)
    return left, top, right, bottom


STEM = (40.0, 20.0, 41.0, 27.0)
FOOT = (36.0, 26.0, 42.0, 27.0)


@pytest.mark.parametrize(
    ("strokes", "dark", "whole"),
    [
        ([(36, 24, 40, 25)], STEM, (36, 20, 41, 27)),
        ([(38, 19, 39, 26)], FOOT, (36, 19, 42, 27)),
        ([(37, 22, 38, 25), (37, 19, 42, 21)], FOOT, (36, 19, 42, 27)),
        ([(35, 20, 36, 27)], STEM, (35, 20, 41, 27)),
    ],
    ids=["stroke of a 4", "body over a foot", "strokes that hang by one another", "a digit of its own"],
)
def test_faint_strokes_are_of_the_line(
    strokes: list[tuple[float, float, float, float]],
    dark: tuple[float, float, float, float],
    whole: tuple[float, float, float, float],
) -> None:
    sheet = sheet_with(*strokes, dark=dark)

    found = find_faint_strokes(sheet.pixels, CELL, box(dark), PX_PER_PT, HIGHEST)

    assert found is not None
    assert found.box == pytest.approx(box(whole), abs=2)
    assert found.hold(box(strokes[0]))
    assert not found.hold(box((50, 20, 55, 27)))


@pytest.mark.parametrize(
    "strokes",
    [
        [],
        [(50, 14, 51, 15)],
        [(36, 10, 40, 40)],
        [(38, 13, 39, 36)],
        [(28, 20, 37, 27)],
    ],
    ids=["none", "dirt", "of a ruling", "higher than a line", "as broad as a Chinese character"],
)
def test_other_faint_marks_change_nothing(strokes: list[tuple[float, float, float, float]]) -> None:
    sheet = sheet_with(*strokes, dark=STEM)

    assert find_faint_strokes(sheet.pixels, CELL, box(STEM), PX_PER_PT, HIGHEST) is None


def test_a_dash_is_no_foot_of_a_digit() -> None:
    sheet = sheet_with(dark=FOOT)

    assert find_faint_strokes(sheet.pixels, CELL, box(FOOT), PX_PER_PT, HIGHEST) is None
