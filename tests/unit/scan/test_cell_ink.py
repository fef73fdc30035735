from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from models.geometry import BBox
from pipeline.scan.cell_ink import CellInk, cells_to_ink
from pipeline.scan.overprint import Overprint
from tests.unit.scan.drawn_page import Sheet

XS, YS = (20.0, 100.0, 160.0, 220.0), (20.0, 44.0, 68.0, 110.0)
LABEL, CELL, TALL = (BBox(20, 20, 100, 44), BBox(100, 20, 160, 44), BBox(100, 68, 160, 110))


def table() -> Sheet:
    """A ruled table with a label in its first cell, from which the size of type is told."""
    sheet = Sheet(240, 130)
    sheet.net(XS, YS)
    sheet.word(28, 27.5, 6)
    return sheet


def ink(sheet: Sheet, cell: BBox = CELL) -> CellInk:
    return cells_to_ink(sheet.as_upright(), [LABEL, cell])[1]


def test_a_digit_is_one_tight_line() -> None:
    sheet = table()
    sheet.digits("5", 125, 36)

    [line] = ink(sheet).lines

    assert (line.box.x0, line.box.bottom) == pytest.approx((125.5, 36), abs=1.5)
    assert line.box.height == pytest.approx(7, abs=2)
    assert line.crop.min() < 60
    assert line.crop.shape[0] / 3 == pytest.approx(line.box.height * 1.32, abs=2)
    assert not line.has_specks


def test_a_blank_cell_has_no_lines() -> None:
    found = ink(table())

    assert (found.lines, found.specks, found.is_faint) == ((), 0, False)
    assert found.width == 60


def test_dirt_is_counted_and_is_no_line() -> None:
    sheet = table()
    for x, y in ((110, 25), (140, 39), (151, 31)):
        sheet.box(x, y, x + 1, y + 1)

    found = ink(sheet)

    assert (found.lines, found.specks) == ((), 3)


def test_dirt_beside_a_number_is_painted_over() -> None:
    sheet = table()
    sheet.digits("5", 125, 36)
    clean = ink(sheet).lines[0]
    sheet.box(133, 33, 134, 34)

    [line] = ink(sheet).lines

    assert line.box == clean.box
    assert np.array_equal(line.crop, clean.crop)


def test_a_speck_inside_a_number_is_left_in_one_crop_of_two() -> None:
    sheet = table()
    sheet.digits("5", 120, 36)
    sheet.digits("5", 135, 36)
    sheet.box(130, 30, 131, 31)

    [line] = ink(sheet).lines

    assert line.has_specks
    assert (line.crop < 128).sum() > (line.clean < 128).sum()


def test_a_decimal_point_stays_in_both_crops() -> None:
    sheet = table()
    sheet.digits("5", 120, 36)
    sheet.digits("5", 132, 36)
    with_point = table()
    with_point.pixels[:] = sheet.pixels
    with_point.box(128.5, 35, 129.7, 36.2)

    [line] = ink(with_point).lines
    [without] = ink(sheet).lines

    more = [int((a < 128).sum() - (b < 128).sum()) for a, b in ((line.crop, without.crop), (line.clean, without.clean))]
    assert min(more) >= 9


@pytest.mark.parametrize("above", [1.4, 2.2])
def test_a_decimal_point_close_to_the_lower_ruling_stays(above: float) -> None:
    bottom = CELL.bottom - above
    sheet = table()
    sheet.digits("5", 120, bottom)
    sheet.digits("5", 132, bottom)
    with_point = table()
    with_point.pixels[:] = sheet.pixels
    with_point.box(128.5, bottom - 1.2, 129.7, bottom)

    [line] = ink(with_point).lines
    [without] = ink(sheet).lines

    more = [int((a < 128).sum() - (b < 128).sum()) for a, b in ((line.crop, without.crop), (line.clean, without.clean))]
    assert min(more) >= 6


@pytest.mark.parametrize("width", [3.0, 6.0])
def test_a_hyphen_is_a_line(width: float) -> None:
    sheet = table()
    sheet.box(128, 31.5, 128 + width, 32.4)

    [line] = ink(sheet).lines

    assert line.box.width == pytest.approx(width, abs=0.7)


def test_two_numbers_above_each_other_are_two_lines() -> None:
    sheet = table()
    sheet.digits("12", 120, 84)
    sheet.digits("34", 120, 100)

    upper, lower = ink(sheet, TALL).lines

    assert upper.box.bottom < lower.box.top
    assert (upper.box.bottom, lower.box.bottom) == pytest.approx((84, 100), abs=1.5)


def test_a_wrapped_number_fills_the_width_of_its_cell() -> None:
    sheet = table()
    sheet.digits("123456789", 103, 84)
    sheet.digits("0", 103, 100)

    found = ink(sheet, TALL)

    assert [line.box.width > 0.8 * found.width for line in found.lines] == [True, False]


@pytest.mark.parametrize("heights", [(29, 33), (28, 32, 36)], ids=["two strokes", "three strokes"])
def test_strokes_of_one_character_are_one_line(heights: tuple[float, ...]) -> None:
    sheet = table()
    for y in heights:
        sheet.box(125, y, 134, y + 0.8)

    assert len(ink(sheet).lines) == 1


def test_rulings_are_no_ink_even_where_they_are_off_the_cell() -> None:
    sheet = table()
    # The lattice may lie a point beside what is drawn.
    moved = BBox(CELL.x0 + 0.8, CELL.top - 0.8, CELL.x1 + 0.8, CELL.bottom - 0.8)

    assert ink(sheet, moved).lines == ()


def test_a_digit_that_touches_a_ruling_is_kept() -> None:
    sheet = table()
    sheet.digits("8", 125, 43.5)

    [line] = ink(sheet).lines

    assert line.box.height > 5


def test_a_faint_digit_is_told() -> None:
    sheet = table()
    sheet.digits("5", 125, 36, ink=232)

    found = ink(sheet)

    assert found.is_faint
    [line] = found.lines
    assert line.crop.min() < 60
    assert line.box.x0 == pytest.approx(125.5, abs=2)


def test_what_lies_across_a_cell_belongs_to_none() -> None:
    sheet = table()
    sheet.digits("1", 145, 38, height=40)
    big = [piece for piece in ink(sheet).lines if piece.box.height > CELL.height + 2]

    assert big == []


def test_dashes_of_a_double_ruling_are_no_digits() -> None:
    sheet = Sheet(240, 200)
    sheet.net((20, 100, 160), tuple(range(20, 200, 20)))
    cells = [BBox(100, y, 160, y + 20) for y in range(20, 180, 20)]
    for cell in cells:
        sheet.digits("0", 127, cell.bottom - 6)
        # The second line, broken in the middle of each cell.
        for top, bottom in ((cell.top + 0.5, cell.top + 7), (cell.bottom - 7, cell.bottom - 0.5)):
            sheet.box(cell.x0 + 2.2, top, cell.x0 + 3, bottom)
    single = Sheet(240, 200)
    single.net((20, 100, 160), tuple(range(20, 200, 20)))
    single.digits("1", 102.2, cells[0].bottom - 6)

    found = cells_to_ink(sheet.as_upright(), cells)

    assert [len(f.lines) for f in found] == [1] * len(cells)
    assert min(f.lines[0].box.x0 for f in found) > 120
    assert all(f.picture is not None and f.picture.gray[12:-12, 10:18].min() > 200 for f in found), "nor later"
    narrow = cells_to_ink(single.as_upright(), cells)
    assert [len(f.lines) for f in narrow] == [1, *[0] * (len(cells) - 1)], "a digit close to a single ruling stays"


def test_a_dash_far_from_all_digits_of_a_cell_is_of_a_ruling_but_a_one_in_their_line_is_not() -> None:
    sheet = table()
    sheet.digits("5", 127, 36)
    [alone] = ink(sheet).lines
    dashed = table()
    dashed.pixels[:] = sheet.pixels
    dashed.box(103.5, 23, 104.2, 33)
    one = table()
    one.pixels[:] = sheet.pixels
    one.box(103.5, alone.box.top, 104.2, alone.box.bottom)

    assert [line.box for line in ink(dashed).lines] == [alone.box]
    assert ink(one).lines[0].box.x0 < 105


def test_a_faded_digit_with_one_dark_stroke_is_cropped_whole() -> None:
    sheet = table()
    sheet.digits("4", 127, 36, ink=225)
    faded = ink(table()).lines
    sheet.box(131, 29, 131.8, 36, ink=120)

    [line] = ink(sheet).lines

    assert faded == ()
    assert line.box.x0 == pytest.approx(127.3, abs=0.7)


def stamped(sheet: Sheet, cell: BBox = CELL) -> CellInk:
    """The ink of a cell from which the ink of a stamp was taken out somewhere; 100 at the darkest lay below it."""
    page = sheet.as_upright()
    mask = np.zeros_like(page.gray)
    mask[(30 * 3) : (34 * 3), (150 * 3) : (155 * 3)] = 255
    return cells_to_ink(replace(page, overprint=Overprint(mask, np.maximum(page.gray, 100))), [LABEL, cell])[1]


def test_what_comes_into_a_stamped_cell_from_outside_is_no_line_of_it() -> None:
    sheet = table()
    sheet.digits("5", 125, 36)
    alone = ink(sheet).lines
    # A blob at the lower border, a stroke at the left one.
    sheet.box(140, 38, 146, 43.9)
    sheet.box(100.9, 22, 103, 30)

    found = stamped(sheet)

    assert found.is_stamped
    assert [line.box for line in found.lines] == [line.box for line in alone]
    assert ink(sheet).lines[0].box != alone[0].box, "without a stamp it may be print"


def test_the_line_of_a_stamped_cell_is_also_shown_with_the_ink_over_it() -> None:
    sheet = table()
    sheet.digits("5", 125, 36)

    found = stamped(sheet)

    [line] = found.lines
    assert found.covered is not None
    assert found.covered.shape == pytest.approx(line.crop.shape, abs=2)
    assert (int(line.crop.min()), int(found.covered.min())) == (0, 100)
    assert ink(sheet).covered is None


def test_a_digit_close_to_the_ruling_of_a_stamped_cell_stays() -> None:
    sheet = table()
    sheet.digits("7", 125, 36)
    # As high as the digit and at its height, close to the border of the cell.
    [digit] = ink(sheet).lines
    sheet.box(156.5, digit.box.top, 159, digit.box.bottom)

    [line] = stamped(sheet).lines

    assert line.box.x1 == pytest.approx(159, abs=1)


def test_lines_of_a_page_with_few_pixels_of_its_own_are_made_smaller() -> None:
    sheet = table()
    sheet.digits("5", 125, 36)
    sheet.box(133, 33, 134, 34)
    page = sheet.as_upright()
    [whole] = cells_to_ink(page, [LABEL, CELL])[1].lines

    [line] = cells_to_ink(replace(page, text_scale=0.6), [LABEL, CELL])[1].lines

    assert line.box == whole.box
    for small, large in ((line.crop, whole.crop), (line.clean, whole.clean)):
        assert small.shape == pytest.approx([0.6 * n for n in large.shape], abs=1)
    assert line.has_specks == whole.has_specks
