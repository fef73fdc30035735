"""Strokes of characters told from rulings."""

from __future__ import annotations

import numpy as np
import pytest

from models.page import Ruling, horizontal_ruling, vertical_ruling
from pipeline.scan.pixels import Gray, Mask
from pipeline.scan.text_strokes import without_text_strokes
from tests.unit.scan.drawn_page import PX_PER_PT, Sheet

HEIGHT = 300.0
ROWS = tuple(np.arange(20.0, 281.0, 12.0).tolist())


def kept(sheet: Sheet, ruling: Ruling, letters: Mask | None = None) -> bool:
    """Whether a broken ruling among dashed rows is left."""
    gray: Gray = sheet.pixels
    ink = np.where(gray < 128, 255, 0).astype(np.uint8) if letters is None else letters
    rows = [horizontal_ruling(y, 20, 280) for y in ROWS]
    return ruling in without_text_strokes([ruling, *rows], [], gray, ink, PX_PER_PT)[0]


def dashed_rows() -> Sheet:
    sheet = Sheet(300, HEIGHT)
    for y in ROWS:
        for x in np.arange(20.0, 280.0, 4.5).tolist():
            sheet.level(y, x, x + 3, thick=1.8)
    return sheet


def test_dashed_rows_across_are_no_text_beside_a_ruling() -> None:
    sheet = dashed_rows()
    for y in np.arange(20.0, 280.0, 4.5).tolist():
        sheet.plumb(150, y, y + 3)
    assert kept(sheet, vertical_ruling(150, 20, 280))


def test_text_on_both_sides_is() -> None:
    sheet = dashed_rows()
    for y in np.arange(20.0, 280.0, 4.5).tolist():
        sheet.plumb(150, y, y + 3)
    for y in ROWS[:-1]:
        for x in (147.5, 151.6):
            sheet.box(x, y + 3, x + 0.9, y + 9)
    assert not kept(sheet, vertical_ruling(150, 20, 280))


@pytest.mark.parametrize(("at_borders", "is_ruling"), [(255, False), (225, False), (150, True)])
def test_many_rows_tell_that_a_stroke_stops_short_of_their_borders(at_borders: int, is_ruling: bool) -> None:
    sheet = dashed_rows()
    for y in ROWS[:-1]:
        sheet.plumb(150, y, y + 12, ink=at_borders)
        sheet.plumb(150, y + 4, y + 8, ink=150)
    assert kept(sheet, vertical_ruling(150, 20, 280)) is is_ruling


def faint_text(sheet: Sheet, top: float, *, ink: int = 215) -> None:
    """A line of characters fainter than what counts as ink, whose feet stand in one line."""
    for x in np.arange(30.0, 270.0, 11.0).tolist():
        for left in (0.0, 6.0):
            sheet.box(x + left, top, x + left + 1.0, top + 9, ink)
            sheet.box(x + left - 0.7, top + 8.3, x + left + 1.7, top + 9, ink)


def level_kept(sheet: Sheet, ruling: Ruling) -> bool:
    nothing = np.zeros_like(sheet.pixels)
    return ruling in without_text_strokes([ruling], [], sheet.pixels, nothing, PX_PER_PT)[0]


def test_the_feet_of_a_line_of_faint_text_are_no_ruling() -> None:
    sheet = Sheet(300, HEIGHT)
    faint_text(sheet, 100)
    assert not level_kept(sheet, horizontal_ruling(108.65, 30, 270))


@pytest.mark.parametrize("dash", [4.0, 7.3])
def test_a_faint_ruling_below_text_is_one(dash: float) -> None:
    sheet = Sheet(300, HEIGHT)
    faint_text(sheet, 94)
    for x in np.arange(30.0, 270.0, dash).tolist():
        sheet.level(105.0, x, x + 0.7 * dash, ink=215)
    assert level_kept(sheet, horizontal_ruling(105.0, 30, 270))


@pytest.mark.parametrize(("top", "bottom", "is_ruling"), [(64.0, 92.0, False), (60.0, 96.0, True)])
def test_a_short_stroke_must_reach_the_borders_of_its_row(top: float, bottom: float, is_ruling: bool) -> None:
    sheet = Sheet(300, HEIGHT)
    rows = [horizontal_ruling(y, 20, 280) for y in (60.0, 96.0)]
    sheet.plumb(150, top, bottom, ink=200)
    stroke = vertical_ruling(150, top, bottom)
    nothing = np.zeros_like(sheet.pixels)
    left = without_text_strokes([stroke, *rows], [], sheet.pixels, nothing, PX_PER_PT)[0]
    assert (stroke in left) is is_ruling
