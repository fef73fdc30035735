from __future__ import annotations

import pytest

from models.geometry import BBox
from pipeline.scan.word_ink import split_at_columns, text_ink
from tests.unit.scan.drawn_page import PX_PER_PT, Sheet

TYPE_SIZE = 9.0
COLUMNS = ((112.0, 117.0), (146.0, 151.0), (180.0, 185.0))


def split(sheet: Sheet, box: BBox, columns: tuple[tuple[float, float], ...] = COLUMNS) -> list[tuple[float, float]]:
    ink = text_ink(sheet.as_upright())
    return [(w.x0, w.x1) for w in split_at_columns(ink, box, columns, TYPE_SIZE, PX_PER_PT)]


def test_header_words_that_nearly_touch_are_cut_between_the_columns_below() -> None:
    sheet = Sheet(300, 100)
    for x in (100, 132, 164):
        sheet.word(x, 40, 3)
    # A point between characters, three between words.
    assert split(sheet, BBox(100, 39, 194, 50)) == [pytest.approx((x, x + 29), abs=1) for x in (100, 132, 164)]


def test_a_word_over_one_column_is_left_whole() -> None:
    sheet = Sheet(300, 100)
    sheet.word(100, 40, 4)
    assert split(sheet, BBox(100, 39, 139, 50)) == [pytest.approx((100, 139), abs=1)]


def test_a_word_without_white_between_the_columns_is_left_whole() -> None:
    sheet = Sheet(300, 100)
    sheet.box(100, 40, 194, 48)
    assert split(sheet, BBox(100, 39, 194, 50)) == [pytest.approx((100, 194), abs=1)]


def test_paper_gives_no_word() -> None:
    assert split(Sheet(300, 100), BBox(100, 39, 194, 50)) == []
