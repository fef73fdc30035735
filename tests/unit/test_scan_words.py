from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from models.geometry import BBox
from pipeline.ocr.engine import Engines, LineReading, PlacedLine
from pipeline.scan_words import holds_row_of_numbers, lines_to_words, words_to_content
from tests.unit.fake_engines import FakeLines, FakePage, reading
from tests.unit.scan.drawn_page import Sheet

PAGE = Sheet(300, 200).as_upright()


def placed(text: str, x0: float, top: float, x1: float, bottom: float) -> PlacedLine:
    return PlacedLine(text, 0.98, BBox(x0, top, x1, bottom))


def engines(*texts: str) -> Engines:
    return Engines(first=FakeLines("first", texts), second=FakeLines("second"), page=FakePage())


def test_text_that_runs_down_is_characters_below_one_another() -> None:
    chars = words_to_content(PAGE, [placed("三本年度", 58, 100, 66, 140)], ()).chars
    assert [(c.text, c.top, c.bottom) for c in chars] == [
        ("三", 100, 110),
        ("本", 110, 120),
        ("年", 120, 130),
        ("度", 130, 140),
    ]
    assert {(c.x0, c.x1, c.size) for c in chars} == {(58, 66, 8)}


def test_a_comma_at_the_end_keeps_the_room_that_it_has_in_print() -> None:
    with_comma, without = (
        words_to_content(PAGE, [placed(text, 50, 100, 60, 108)], ()).chars[-1].x1 for text in ("正、", "正中")
    )
    assert [with_comma, without] == pytest.approx([64, 60])


def sheet_with_numbers(header: Sequence[float]) -> Sheet:
    """Three rows of three numbers, and words of three characters over them."""
    sheet = Sheet(300, 200)
    for x in header:
        sheet.word(x, 40, 3)
    for y in (80, 100, 120):
        for x in (112, 146, 180):
            sheet.digits("7", x, y)
    return sheet


def numbers() -> list[PlacedLine]:
    return [placed("7", x - 1, y - 8, x + 8, y + 1) for y in (80, 100, 120) for x in (112, 146, 180)]


def words_of(sheet: Sheet, lines: Sequence[PlacedLine], using: Engines) -> list[str]:
    return [word.text for word in lines_to_words(sheet.as_upright(), lines, (), using)]


def test_header_words_read_as_one_line_are_cut_where_the_numbers_part() -> None:
    sheet = sheet_with_numbers((100, 132, 164))
    header = placed("自然人总计等其他", 100, 39, 194, 50)
    assert words_of(sheet, [header, *numbers()], engines("自然人", "总计等", "其他的"))[:3] == [
        "自然人",
        "总计等",
        "其他的",
    ]


def test_a_parent_over_several_columns_is_left_whole() -> None:
    sheet = sheet_with_numbers((100, 132, 164))
    header = placed("法人或其他组织", 100, 39, 194, 50)
    assert words_of(sheet, [header, *numbers()], engines())[0] == "法人或其他组织"


def test_prose_above_a_table_is_left_whole() -> None:
    sheet = sheet_with_numbers((100, 132, 164))
    prose = placed("本年度未收到申请。", 100, 39, 194, 50)
    assert words_of(sheet, [prose, *numbers()], engines())[0] == "本年度未收到申请。"


def test_words_whose_boxes_overlap_are_set_apart() -> None:
    sheet = Sheet(300, 200)
    sheet.word(100, 40, 7)
    boxes = [placed("自然人", 100, 39, 131, 50), placed("商业企业", 129, 40, 169, 51)]
    left, right = (word.box for word in lines_to_words(sheet.as_upright(), boxes, (), engines()))
    assert 0.8 < right.x0 - left.x1 < 2
    assert [left.x0, right.x1] == pytest.approx([100, 169], abs=1)


@pytest.mark.parametrize(
    ("left", "right", "joined"),
    [
        ("1.", "属于国家秘密", True),
        ("(二)", "部分公开", True),
        ("部分公开", "（区分处理的", True),
        ("自然人", "总计", False),
        ("1.", "7", False),
        ("1", "属于国家秘密", True),
        ("250", "属于国家秘密", False),
        ("1", "7", False),
    ],
)
def test_a_gap_after_a_mark_parts_no_label(left: str, right: str, joined: bool) -> None:
    sheet = Sheet(300, 200)
    sheet.word(100, 40, 1)
    sheet.word(117, 40, 4)
    lines = [placed(left, 100, 39, 109, 50), placed(right, 117, 39, 156, 50)]
    assert words_of(sheet, lines, engines()) == ([left + right] if joined else [left, right])


@pytest.mark.parametrize("score", [0.98, 0.15])
def test_a_stroke_of_a_pen_read_as_a_digit_parts_no_header(score: float) -> None:
    sheet = sheet_with_numbers((135,))
    sheet.digits("2", 160, 140)
    header = placed("本年制发", 135, 39, 165, 50)
    stroke = replace(placed("2", 159, 132, 168, 141), score=score)
    words = words_of(sheet, [header, *numbers(), stroke], engines("本年", "制发"))
    assert ("本年制发" in words) is (score < 0.3)


@pytest.mark.parametrize(("text", "score", "kept"), [("上", 0.44, False), ("年", 0.9, True), ("年度本", 0.4, True)])
def test_a_character_that_is_hardly_legible_is_a_stroke_of_a_pen(text: str, score: float, kept: bool) -> None:
    sheet = sheet_with_numbers(())
    sheet.word(60, 72, len(text))
    word = replace(placed(text, 60, 72, 60 + 9 * len(text), 81), score=score)
    assert (text in words_of(sheet, [word, *numbers()], engines())) is kept


def test_a_wide_number_above_a_narrow_one_is_read_as_one() -> None:
    sheet = sheet_with_numbers(())
    sheet.digits("10", 165, 120)
    lines = [*numbers()[:-1], placed("107.", 164, 112, 188, 121)]
    assert words_of(sheet, lines, engines("107"))[-1] == "107"


@pytest.mark.parametrize("text", ["O", "l", "7."])
def test_what_stands_in_a_column_of_numbers_is_read_as_one(text: str) -> None:
    sheet = sheet_with_numbers(())
    lines = [*numbers()[:-1], placed(text, 179, 112, 188, 121)]
    assert words_of(sheet, lines, engines("0")) == ["7"] * 8 + ["0"]


@pytest.mark.parametrize(("others", "text"), [(6, "0"), (3, "o")])
def test_a_letter_in_a_long_row_of_numbers_is_read_as_one(others: int, text: str) -> None:
    sheet = Sheet(400, 200)
    places = [60.0 + 40 * n for n in range(others + 1)]
    for x in places:
        sheet.digits("7", x, 100)
    letter, *row = (placed("7" if n else "o", x - 1, 92, x + 8, 101) for n, x in enumerate(places))
    assert words_of(sheet, [letter, *row], engines("0")) == [text, *["7"] * others]


@pytest.mark.parametrize(("read", "text"), [("1-", "1"), (".1", "1"), ("-1", "-1"), ("-", "-"), ("1-2", "1.")])
def test_dirt_beside_a_digit_in_a_long_row_of_numbers_is_left_out(read: str, text: str) -> None:
    sheet = Sheet(400, 200)
    places = [60.0 + 40 * n for n in range(7)]
    for x in places:
        sheet.digits("7", x, 100)
    dirty, *row = (placed("7" if n else "1.", x - 1, 92, x + 8, 101) for n, x in enumerate(places))
    assert words_of(sheet, [dirty, *row], engines(read)) == [text, *["7"] * 6]


def test_labels_in_a_column_of_numbers_are_not() -> None:
    class Never(FakeLines):
        def read_lines(self, crops: Sequence[NDArray[np.uint8]]) -> list[LineReading]:
            assert not crops
            return [reading("0") for _ in crops]

    sheet = sheet_with_numbers(())
    lines = [*numbers()[:-1], placed("无人", 179, 112, 188, 121)]
    never = Engines(first=Never("first"), second=FakeLines("second"), page=FakePage())
    assert words_of(sheet, lines, never)[-1] == "无人"


@pytest.mark.parametrize(("width", "kept"), [(2, False), (9, True)])
def test_a_speck_in_line_with_a_word_is_no_word_but_a_dash_is(width: int, kept: bool) -> None:
    sheet = sheet_with_numbers((100,))
    sheet.box(145, 44, 145 + width, 46)
    line = placed("自然人一", 100, 39, 156, 50)
    words = words_of(sheet, [line, *numbers()], engines("自然人", "-"))
    assert ("-" in words) is kept
    assert any(word.startswith("自然人") for word in words)


def test_numbers_side_by_side_are_a_row_of_a_table() -> None:
    apart = [placed("0", 20 + 30 * i, 100, 28 + 30 * i, 110) for i in range(7)]
    assert holds_row_of_numbers(apart)
    assert not holds_row_of_numbers(apart[:4])
    assert holds_row_of_numbers([placed("0 0 1 0 2 3 0", 20, 100, 200, 110)])
    assert not holds_row_of_numbers([placed("2023 年 1 月 1 日 起 至 12 月 31 日", 20, 100, 200, 110)])
    assert not holds_row_of_numbers([])
