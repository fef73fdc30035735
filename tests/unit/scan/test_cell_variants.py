"""Other crops of a cell: all of its ink, and nothing of its borders."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from models.geometry import BBox
from models.reading import CellPicture
from pipeline.scan.cell_ink import cells_to_ink
from pipeline.scan.cell_variants import cell_variants
from tests.unit.scan.drawn_page import PX_PER_PT, Sheet

# The cell on its sheet, and the rim around it. Points.
LEFT, TOP, RIGHT, BOTTOM, RIM = 10.0, 10.0, 70.0, 34.0, 3.0


def sheet() -> Sheet:
    """A cell with rulings around it."""
    drawn = Sheet(80, 44)
    drawn.net((LEFT, RIGHT), (TOP, BOTTOM))
    return drawn


def picture(drawn: Sheet) -> CellPicture:
    x0, top, x1, bottom = (round(v * PX_PER_PT) for v in (LEFT - RIM, TOP - RIM, RIGHT + RIM, BOTTOM + RIM))
    rim = round(RIM * PX_PER_PT)
    gray = drawn.pixels[top:bottom, x0:x1].copy()
    return CellPicture(gray, PX_PER_PT, rim, rim, x1 - x0 - rim, bottom - top - rim)


def test_a_number_gives_three_crops_of_all_of_its_ink() -> None:
    drawn = sheet()
    drawn.digits("27", 30, 26)
    found = cell_variants(picture(drawn))
    assert list(found) == ["wide", "soft", "coarse"]
    for name, crop in found.items():
        assert crop.dtype == np.uint8, name
        assert crop.flags.c_contiguous, name
        assert (int(crop.min()) < 40, int(crop.max())) == (True, 255), name
        # Paper all around: no stroke is cut, no ruling got in.
        rim = np.concatenate([crop[0], crop[-1], crop[:, 0], crop[:, -1]])
        assert rim.min() > 200, name
    wide, soft, coarse = found["wide"], found["soft"], found["coarse"]
    assert soft.shape == wide.shape
    assert coarse.shape[0] < wide.shape[0], "fewer pixels of the same ink"
    assert not np.array_equal(soft, wide)
    ink = int((drawn.pixels[36:96, 36:200] < 128).sum())
    assert int((wide < 128).sum()) == ink


def test_the_crops_of_a_word_without_rulings_show_all_of_its_box() -> None:
    drawn = Sheet(80, 44)
    drawn.digits("27", 36, 26, ink=150)
    drawn.digits("1", 29, 26, ink=236)  # too faint to be told from the paper
    word = replace(picture(drawn), left=54, right=142, is_ruled=False)
    assert cell_variants(word)["wide"].shape[1] > cell_variants(replace(word, is_ruled=True))["wide"].shape[1] + 10


def test_no_ink_gives_no_crops() -> None:
    assert cell_variants(picture(sheet())) == {}


def test_specks_are_no_ink() -> None:
    drawn = sheet()
    drawn.box(40, 20, 41.5, 21.5)
    assert cell_variants(picture(drawn)) == {}


@pytest.mark.parametrize("text", ["0", "3", "1234567"])
def test_one_line_whatever_its_digits(text: str) -> None:
    drawn = sheet()
    drawn.digits(text, 14, 26)
    assert len(cell_variants(picture(drawn))) == 3


def test_a_digit_in_two_pieces_is_one_line() -> None:
    drawn = sheet()
    drawn.box(40, 15, 41, 19.5)
    drawn.box(40, 20, 41, 25)
    assert len(cell_variants(picture(drawn))) == 3


def test_a_broken_digit_beside_a_whole_one_is_in_the_crops() -> None:
    drawn = sheet()
    drawn.digits("2", 30, 26, height=6)
    drawn.digits("6", 37, 26, height=6)
    whole = cell_variants(picture(drawn))["wide"].shape
    # A strip of paper through the middle of the first digit: neither part of it is as high as a digit.
    drawn.pixels[round(22.8 * PX_PER_PT) : round(23.7 * PX_PER_PT), round(29 * PX_PER_PT) : round(36.5 * PX_PER_PT)] = (
        255
    )

    assert cell_variants(picture(drawn))["wide"].shape == whole


def test_two_lines_are_left_alone() -> None:
    drawn = sheet()
    drawn.digits("12", 30, 20, height=6)
    drawn.digits("34", 30, 30, height=6)
    assert cell_variants(picture(drawn)) == {}


def test_digits_that_stand_a_little_lower_are_of_the_same_line() -> None:
    drawn = sheet()
    drawn.digits("1", 30, 25)
    drawn.digits("2", 38, 27)
    assert len(cell_variants(picture(drawn))) == 3


def test_ink_that_touches_the_border_gets_paper_beside_it() -> None:
    drawn = sheet()
    # From the middle of the cell onto its lower ruling.
    drawn.box(40, 24, 41, BOTTOM)
    wide = cell_variants(picture(drawn))["wide"]
    assert wide[-1].min() == 255
    assert wide[:, 0].min() == 255
    columns = np.flatnonzero((wide < 128).any(axis=0))
    assert columns.max() - columns.min() < 2 * PX_PER_PT, "the stroke, and not the ruling"


def test_faint_ink_on_uneven_paper_is_ink_and_the_paper_is_not() -> None:
    drawn = sheet()
    drawn.pixels[:] = np.minimum(drawn.pixels, 205 + np.arange(drawn.pixels.shape[1]) % 3).astype(np.uint8)
    assert cell_variants(picture(drawn)) == {}
    drawn.digits("5", 40, 26, ink=150)
    found = cell_variants(picture(drawn))
    assert (int(found["soft"].min()), int(found["soft"].max())) == (0, 255), "its contrast is raised"


@pytest.mark.parametrize("borders", [(9, 9, 12, 60), (9, 9, 60, 12), (9, 9, 9, 9), (40, 40, 20, 20), (0, 0, 5, 5)])
def test_a_cell_without_inside_gives_no_crops(borders: tuple[int, int, int, int]) -> None:
    gray = np.zeros((80, 80), np.uint8)
    assert cell_variants(CellPicture(gray, PX_PER_PT, *borders)) == {}


def test_a_cell_at_the_edge_of_the_page_is_read_as_far_as_it_goes() -> None:
    drawn = sheet()
    drawn.digits("27", 30, 26)
    whole = picture(drawn)
    # The page ends where the cell does, and the borders lie beyond its pixels.
    cut = CellPicture(whole.gray[9:-9, 9:-9].copy(), PX_PER_PT, 0, 0, 240, 120)
    assert len(cell_variants(cut)) == 3


def test_what_a_stamp_left_below_a_number_is_not_of_it() -> None:
    drawn = sheet()
    drawn.digits("2024", 25, 20, height=7)
    alone = cell_variants(picture(drawn))
    drawn.box(30, 27, 31, 31, 90)

    found = cell_variants(picture(drawn))

    assert {name: crop.shape for name, crop in found.items()} == {name: crop.shape for name, crop in alone.items()}


def test_a_border_beside_its_place_is_no_digit() -> None:
    drawn = sheet()
    drawn.digits("0", 36, 26, height=8)
    alone = cell_variants(picture(drawn))
    drawn.plumb(LEFT + 1.9, TOP, BOTTOM)

    found = cell_variants(picture(drawn))

    assert {name: crop.shape for name, crop in found.items()} == {name: crop.shape for name, crop in alone.items()}


def test_a_one_near_the_border_is_a_digit() -> None:
    drawn = sheet()
    drawn.digits("1", 12, 26, height=8)
    assert len(cell_variants(picture(drawn))) == 3


def test_a_digit_close_to_the_ruling_is_in_the_crops() -> None:
    drawn = sheet()
    drawn.digits("27", 50, 26)
    alone = cell_variants(picture(drawn))["wide"].shape[1]
    drawn.box(RIGHT - 1.5, 19, RIGHT - 0.8, 26)
    assert cell_variants(picture(drawn))["wide"].shape[1] > alone


def test_what_is_left_of_a_ruling_beside_the_digits_is_not() -> None:
    drawn = sheet()
    drawn.digits("27", 50, 26)
    alone = cell_variants(picture(drawn))["wide"]
    drawn.box(RIGHT - 1.5, TOP, RIGHT - 0.8, 20)
    assert np.array_equal(cell_variants(picture(drawn))["wide"], alone)


def test_the_last_digit_of_a_wrapped_number_is_no_dirt() -> None:
    drawn = sheet()
    drawn.digits("888", 30, 20)
    drawn.box(35, 25, 36, 32)
    assert cell_variants(picture(drawn)) == {}


def test_the_lines_of_a_wrapped_number_are_laid_side_by_side() -> None:
    drawn = Sheet(80, 44)
    drawn.net((20, 38), (TOP, BOTTOM))
    drawn.digits("88", 22, 20.5, height=6)
    drawn.digits("5", 26, 30.5, height=6)
    x0, top, x1, bottom = (round(v * PX_PER_PT) for v in (20 - RIM, TOP - RIM, 38 + RIM, BOTTOM + RIM))
    rim = round(RIM * PX_PER_PT)
    cell = CellPicture(drawn.pixels[top:bottom, x0:x1], PX_PER_PT, rim, rim, x1 - x0 - rim, bottom - top - rim)

    wide = cell_variants(cell)["wide"]

    ink = (wide < 128).sum()
    assert ink == (drawn.pixels[36:96, 66:108] < 128).sum(), "all of it"
    assert wide.shape[0] < 14 * PX_PER_PT, "one line"
    columns = np.flatnonzero((wide < 128).any(axis=0))
    assert np.diff(columns).max() < 3 * PX_PER_PT, "as near to one another as digits are"


def test_no_digit_of_a_blurred_wrapped_number_is_left_out() -> None:
    drawn = Sheet(80, 60)
    drawn.net((20, 38), (TOP, 54))
    for text, baseline in (("88", 21), ("68", 33), ("5", 45)):
        drawn.digits(text, 22, baseline, height=6.4)
    drawn.pixels[:] = cv2.GaussianBlur(drawn.pixels, (0, 0), 1.2)
    x0, top, x1, bottom = (round(v * PX_PER_PT) for v in (20 - RIM, TOP - RIM, 38 + RIM, 54 + RIM))
    rim = round(RIM * PX_PER_PT)
    cell = CellPicture(drawn.pixels[top:bottom, x0:x1], PX_PER_PT, rim, rim, x1 - x0 - rim, bottom - top - rim)

    wide = cell_variants(cell)["wide"]

    columns = np.flatnonzero((wide < 160).any(axis=0))
    assert columns[-1] - columns[0] > 5 * 4 * PX_PER_PT, "five digits"


def test_a_minus_sign_is_of_its_number_but_a_dash_far_off_is_not() -> None:
    drawn = sheet()
    drawn.digits("7", 40, 26)
    alone = cell_variants(picture(drawn))["wide"]
    signed, dashed = sheet(), sheet()
    for other, x in ((signed, 35.5), (dashed, 20)):
        other.pixels[:] = drawn.pixels
        other.box(x, 22, x + 3.5, 22.8)

    assert (cell_variants(picture(signed))["wide"] < 128).sum() > (alone < 128).sum() + 3 * 7
    assert np.array_equal(cell_variants(picture(dashed))["wide"], alone)


def test_a_word_without_a_cell_is_whole_in_the_crops() -> None:
    drawn = Sheet(80, 44)
    drawn.digits("27", 30, 26)
    rows, columns = (np.flatnonzero((drawn.pixels < 128).any(axis=axis)) / PX_PER_PT for axis in (1, 0))
    word = BBox(columns[0] - 0.6, rows[0] - 0.6, columns[-1] + 0.6, rows[-1] + 0.6)
    (ink,) = cells_to_ink(drawn.as_upright(), [word], ruled=False)
    assert ink.picture is not None
    whole = int((drawn.pixels < 128).sum())
    assert int((cell_variants(ink.picture)["wide"] < 128).sum()) == whole


def test_a_one_at_the_side_of_a_word_without_a_cell_is_no_ruling() -> None:
    drawn = sheet()
    drawn.digits("27", 34, 26)
    drawn.plumb(31.8, 17.2, 26, thick=1.2)
    word = BBox(31.2, 16.2, 48, 27)
    pixels = drawn.as_upright()
    (loose,), (ruled,) = (cells_to_ink(pixels, [word], ruled=is_ruled) for is_ruled in (False, True))
    assert loose.picture is not None
    assert ruled.picture is not None
    assert (loose.picture.is_ruled, ruled.picture.is_ruled) == (False, True)
    wide = cell_variants(loose.picture)["wide"]
    kept = cell_variants(replace(loose.picture, is_ruled=True))["wide"]
    # What would be a ruling at the side of a cell is a digit here.
    assert wide.shape[1] > kept.shape[1] + 2 * PX_PER_PT


@pytest.mark.parametrize("dashes", [((14.5, 18.7), (19.0, 26.0), (26.4, 29.5)), ((19.0, 26.0), (26.8, 29.5))])
def test_a_ruling_in_dashes_is_no_digit_where_one_is_as_high_as_the_digits(
    dashes: tuple[tuple[float, float], ...],
) -> None:
    drawn = sheet()
    drawn.digits("27", 35, 26)
    alone = cell_variants(picture(drawn))
    for top, bottom in dashes:
        drawn.plumb(RIGHT - 0.9, top, bottom, thick=0.6)

    found = cell_variants(picture(drawn))

    assert {name: crop.shape for name, crop in found.items()} == {name: crop.shape for name, crop in alone.items()}


@pytest.mark.parametrize("broken", [(), ((30.0, TOP + 1.2, 50.0, TOP + 2.6), (RIGHT - 2.6, 15.0, RIGHT - 1.2, 16.0))])
def test_the_inner_line_of_a_double_ruling_is_no_digit(broken: tuple[tuple[float, float, float, float], ...]) -> None:
    drawn = sheet()
    drawn.digits("0", 36, 26, height=8)
    alone = cell_variants(picture(drawn))
    inner = 1.9
    drawn.net((LEFT + inner, RIGHT - inner), (TOP + inner, BOTTOM - inner))
    for gap in broken:
        drawn.box(*gap, ink=255)

    found = cell_variants(picture(drawn))

    assert {name: crop.shape for name, crop in found.items()} == {name: crop.shape for name, crop in alone.items()}
