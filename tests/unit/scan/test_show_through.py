"""Print of the other side beside the digits of a cell."""

from __future__ import annotations

import numpy as np
import pytest

from models.geometry import BBox
from pipeline.scan.cell_ink import CellInk, cells_to_ink
from pipeline.scan.cell_variants import cell_variants
from pipeline.scan.ink_pieces import strengths_of
from pipeline.scan.show_through import shows_through
from tests.unit.scan.drawn_page import Sheet

CELL = BBox(20, 20, 90, 44)


def ink_of(pale: int | None, text: str = "0", *, x: float = 30, width: int = 3) -> CellInk:
    """The ink of a cell with a digit at its right and paler characters at its left."""
    sheet = Sheet(110, 64)
    sheet.net((CELL.x0, CELL.x1), (CELL.top, CELL.bottom))
    sheet.digits(text, 75, 36, height=8)
    if pale is not None:
        sheet.word(x, 28, width, type_size=8, ink=pale)
    return cells_to_ink(sheet.as_upright(), [CELL])[0]


def test_pale_characters_away_from_the_digits_are_in_no_crop() -> None:
    alone, beside = ink_of(None), ink_of(200)
    (line,) = beside.lines
    assert line.box == alone.lines[0].box
    assert np.array_equal(line.crop, alone.lines[0].crop)


@pytest.mark.parametrize("pale", [120, 0])
def test_characters_half_as_dark_as_the_digits_are_print(pale: int) -> None:
    assert ink_of(pale).lines[0].box.x0 < 32


def test_the_second_look_leaves_out_what_is_paler_than_any_print() -> None:
    alone, beside = ink_of(None).picture, ink_of(205, x=55, width=2).picture
    assert alone is not None
    assert beside is not None
    assert cell_variants(beside)["wide"].shape == cell_variants(alone)["wide"].shape


BOXES = np.array([[100, 10, 112, 34], [80, 10, 92, 34], [40, 10, 52, 34], [60, 2, 64, 6]], np.int64)


def test_a_pale_stroke_that_may_be_a_digit_of_the_number_is_spared_at_first_sight() -> None:
    strengths = np.array([150.0, 40.0, 40.0, 40.0])
    assert shows_through(BOXES, strengths, 3.0).tolist() == [False, False, True, True]
    assert shows_through(BOXES, strengths, 3.0, spare_neighbours=False).tolist() == [False, True, True, True]


def test_faded_digits_are_print() -> None:
    assert not shows_through(BOXES, np.array([150.0, 75.0, 150.0, 70.0]), 3.0, spare_neighbours=False).any()


def test_specks_alone_say_nothing() -> None:
    assert not shows_through(BOXES[3:], np.array([10.0]), 3.0).any()


def test_dark_pixels_tell_how_strong_a_piece_is() -> None:
    labels = np.array([1, 1, 1, 2, 2], np.int32)
    strong, pale = strengths_of(labels, np.array([200.0, 40.0, 40.0, 40.0, 40.0]), 3)
    assert strong > 140
    assert pale == pytest.approx(40)
