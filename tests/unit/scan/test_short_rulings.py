"""Plumb rulings within rows so low that each is too short to be found by itself."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.scan.short_rulings import short_rulings
from tests.unit.scan.drawn_page import Sheet

XS, ROW = (20.0, 380.0), (60.0, 78.0)
STRENGTH = 80.0


def low_table(*, ink: int = 205) -> Sheet:
    sheet = Sheet(400, 200)
    for y in ROW:
        sheet.level(y, *XS, ink=ink)
    for x in XS:
        sheet.plumb(x, *ROW, ink=ink)
    sheet.word(28, 64.5, 7, ink=170)
    sheet.digits("27", 240, 73, ink=170)
    return sheet


def found(sheet: Sheet, ys: tuple[float, ...] = ROW) -> list[tuple[float, float, float]]:
    return [(round(r.position), r.start, r.stop) for r in short_rulings(sheet.as_upright(), XS, ys, STRENGTH)]


@pytest.mark.parametrize("lean", [0.0, 0.6])
def test_strokes_from_border_to_border_are_rulings(lean: float) -> None:
    sheet = low_table()
    for x in (140.0, 200.0):
        for y in np.arange(*ROW, 0.5).tolist():
            place = x + lean * (y - ROW[0]) / (ROW[1] - ROW[0])
            sheet.box(place - 0.35, y, place + 0.35, y + 0.5, 205)
    assert found(sheet) == [(140, *ROW), (200, *ROW)]


def test_strokes_of_characters_are_none() -> None:
    assert found(low_table()) == []


def test_a_streak_that_goes_on_beyond_both_borders_is_none() -> None:
    sheet = low_table()
    sheet.plumb(200, 20, 160, ink=205)
    assert found(sheet) == []


def test_what_is_much_fainter_than_the_rulings_of_the_page_is_none() -> None:
    sheet = low_table()
    sheet.plumb(200, *ROW, ink=240)
    assert found(sheet) == []


def test_known_rulings_are_not_found_again() -> None:
    sheet = low_table()
    sheet.plumb(200, *ROW, ink=205)
    again = short_rulings(sheet.as_upright(), (XS[0], 201.0, XS[1]), ROW, STRENGTH)
    assert again == []


def test_tables_of_many_rows_tell_theirs_otherwise() -> None:
    sheet = low_table()
    sheet.plumb(200, *ROW, ink=205)
    ys = (*ROW, 96.0, 114.0, 132.0)
    for y in ys:
        sheet.level(y, *XS, ink=205)
    assert found(sheet, ys) == []
