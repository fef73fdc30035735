"""Rulings that would make rows too low for a line of text."""

from __future__ import annotations

from models.page import Ruling, horizontal_ruling, vertical_ruling
from pipeline.scan.low_rows import without_low_rows


def _rows(count: int, height: float, start: float = 60.0, stop: float = 540.0) -> list[Ruling]:
    return [horizontal_ruling(100.0 + i * height, start, stop) for i in range(count)]


def test_a_broken_ruling_half_way_down_a_row_is_text() -> None:
    text = horizontal_ruling(107.5, 130.0, 255.0)
    assert without_low_rows([text], _rows(8, 15.0)) == []


def test_of_two_broken_rulings_the_longer_one_is_believed() -> None:
    rows = _rows(8, 15.0)
    text = horizontal_ruling(136.5, 200.0, 290.0)
    assert without_low_rows([text, *rows], []) == rows


def test_low_rows_of_a_low_table_are_kept() -> None:
    rows = _rows(12, 8.0)
    assert without_low_rows(rows, []) == rows


def test_a_double_ruling_is_no_low_row() -> None:
    second = horizontal_ruling(102.5, 60.0, 540.0)
    assert without_low_rows([second], _rows(8, 15.0)) == [second]


def test_rulings_of_another_table_beside_do_not_count() -> None:
    other = horizontal_ruling(107.5, 560.0, 700.0)
    assert without_low_rows([other], _rows(8, 15.0)) == [other]


def test_plumb_rulings_are_left_alone() -> None:
    narrow = [vertical_ruling(x, 100.0, 200.0) for x in (60.0, 66.0, 72.0)]
    assert without_low_rows(narrow, _rows(8, 15.0)) == narrow


def test_three_rulings_tell_no_height() -> None:
    text = horizontal_ruling(107.5, 130.0, 255.0)
    assert without_low_rows([text], _rows(3, 15.0)) == [text]


def test_a_long_broken_ruling_stays_beside_a_whole_stroke_of_text() -> None:
    rows = _rows(8, 15.0)
    stroke = horizontal_ruling(108.0, 221.0, 247.0)
    assert without_low_rows(rows, [stroke]) == rows


def test_pieces_in_line_are_as_long_as_their_line() -> None:
    pieces = [horizontal_ruling(100.0 + 15 * i, 60.0 + 48 * n, 100.0 + 48 * n) for i in range(8) for n in range(10)]
    text = horizontal_ruling(107.5, 130.0, 255.0)
    assert without_low_rows([text], pieces) == []


def test_pieces_of_high_rows_do_not_outvote_low_ones() -> None:
    # The header of a table is high and its rulings are in pieces; the row of numbers below it is low.
    pieces = [horizontal_ruling(100.0, 60.0 + 48 * n, 100.0 + 48 * n) for n in range(10)]
    rows = [horizontal_ruling(y, 60.0, 540.0) for y in (64.0, 82.0, 131.0, 149.0)]
    assert without_low_rows(rows, pieces) == rows
