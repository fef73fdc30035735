"""The text of cells from the ink in them, engines replaced."""

from __future__ import annotations

import numpy as np
import pytest

from models.geometry import BBox
from pipeline.config import OcrSettings
from pipeline.ocr.engine import Engines
from pipeline.read_cells import read_cells
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
