"""The text of cells from the ink in them, engines replaced."""

from __future__ import annotations

import numpy as np
import pytest

from models.geometry import BBox
from pipeline.config import OcrSettings
from pipeline.ocr.engine import Engines
from pipeline.read_cells import CellText, read_cells
from pipeline.scan.cell_ink import CellInk, InkLine
from tests.unit.fake_engines import FakeLines, FakePage

CROP = np.full((20, 40), 255, np.uint8)


def line(top: float, width: float, height: float) -> InkLine:
    return InkLine(BBox(10.0, top, 10.0 + width, top + height), CROP, CROP)


def read(ink: CellInk, *texts: str) -> tuple[str, frozenset[str]]:
    """(text, doubts) of a cell whose lines are read as the given texts, numbers alike by the second engine."""
    numbers = [t for t in texts if any(c.isdigit() for c in t)]
    engines = Engines(first=FakeLines("first", texts), second=FakeLines("second", numbers), page=FakePage())
    text, _, doubts = read_cells([ink], engines, OcrSettings())[0]
    return text, doubts


@pytest.mark.parametrize("speck", ["●", "•", ".", "、"])
def test_a_speck_below_a_number_is_no_line_of_it(speck: str) -> None:
    assert read(CellInk((line(100, 16, 8), line(111, 2, 2)), 40.0), "193", speck) == ("193", frozenset())


def test_what_is_as_high_as_a_digit_is_no_speck() -> None:
    assert read(CellInk((line(100, 16, 8), line(111, 4, 8)), 40.0), "193", "●")[0] == "193\n●"


def test_a_small_line_that_is_read_as_a_digit_stays() -> None:
    assert read(CellInk((line(100, 16, 8), line(111, 3, 3)), 40.0), "193", "1")[0] == "193\n1"


def test_a_speck_without_a_number_is_told() -> None:
    assert read(CellInk((line(100, 2, 2),), 40.0), "●")[0] == "●"


def read_stamped(first: tuple[str, ...], second: tuple[str, ...]) -> CellText:
    """A cell whose only line is read as it was cleared and with the stamp over it, in the order of the calls."""
    engines = Engines(first=FakeLines("first", first), second=FakeLines("second", second), page=FakePage())
    return read_cells([CellInk((line(100, 16, 8),), 40.0, is_stamped=True, covered=CROP)], engines, OcrSettings())[0]


def test_a_number_below_a_stamp_is_also_read_through_it() -> None:
    text, readings, flags = read_stamped(("381", "381"), ("381", "381"))

    assert text == "381"
    assert [r.reader for r in readings] == ["first", "second", "first/covered", "second/covered"]
    assert flags == {"stamp_over_cell"}


def test_what_is_no_number_without_the_stamp_may_be_one_with_it() -> None:
    text, readings, flags = read_stamped(("局长", "381"), ("381",))

    assert text == "381"
    assert [(r.reader, r.text) for r in readings] == [
        ("first", "局长"),
        ("first/covered", "381"),
        ("second/covered", "381"),
    ]
    assert "models_differ" in flags


def test_words_read_through_a_stamp_say_nothing_about_a_number() -> None:
    text, readings, _ = read_stamped(("381", "局"), ("章", "381"))

    assert text == "381"
    assert [r.reader for r in readings] == ["first", "second"]
