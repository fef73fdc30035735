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
