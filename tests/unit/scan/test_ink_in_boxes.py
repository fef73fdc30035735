"""Numbers that are of one box alone."""

from __future__ import annotations

from models.geometry import BBox
from pipeline.scan.cell_ink import cells_to_ink
from pipeline.scan.ink_in_boxes import hold_numbers_apart
from tests.unit.scan.drawn_page import Sheet


def table() -> Sheet:
    """A ruled table."""
    sheet = Sheet(240, 130)
    sheet.net((20.0, 100.0, 160.0, 220.0), (20.0, 44.0, 68.0, 110.0))
    return sheet


def test_parts_of_a_cell_that_hold_a_number_each() -> None:
    sheet = table()
    sheet.digits("12", 110, 36)
    sheet.digits("34", 180, 36)
    page = sheet.as_upright()
    left, right = BBox(102, 22, 158, 42), BBox(162, 22, 218, 42)

    assert hold_numbers_apart(page, [left, right])
    assert not hold_numbers_apart(page, [left, right, BBox(102, 46, 158, 66)])
    # A cut through a digit.
    assert not hold_numbers_apart(page, [BBox(102, 22, 114, 42), right])
    assert not hold_numbers_apart(page, [BBox(300, 22, 340, 42)])


def test_digits_of_one_number_are_not_taken_apart_where_a_column_of_other_rows_ends() -> None:
    sheet = Sheet(240, 60)
    sheet.digits("1", 100, 36)
    sheet.digits("6", 106, 36)
    page = sheet.as_upright()
    edge = 105.5
    assert not hold_numbers_apart(page, [BBox(42, 22, edge, 42), BBox(edge, 22, 168, 42)])
    # In cells as narrow as that they are numbers of their own.
    assert hold_numbers_apart(page, [BBox(99, 22, edge, 42), BBox(edge, 22, 114, 42)])


def test_what_is_left_of_a_ruling_between_two_numbers_is_no_digit_of_them_but_a_one_is() -> None:
    sheet = table()
    sheet.digits("12", 110, 36)
    sheet.digits("34", 180, 36)
    [number] = cells_to_ink(sheet.as_upright(), [BBox(102, 22, 158, 42)])[0].lines
    left, right = BBox(102, 22, 160, 42), BBox(160, 22, 218, 42)
    sheet.box(159.4, 24, 160.6, 40)
    dashed = hold_numbers_apart(sheet.as_upright(), [left, right])
    sheet.box(158, 20, 162, 43, ink=255)
    sheet.box(159.4, number.box.top, 160.6, number.box.bottom)

    assert dashed
    assert not hold_numbers_apart(sheet.as_upright(), [left, right])
