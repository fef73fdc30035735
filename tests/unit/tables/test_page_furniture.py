from __future__ import annotations

import pytest

from pipeline.tables.page_furniture import is_in_margin, is_page_number, running_heads


@pytest.mark.parametrize("text", ["3", "- 3 -", "—3—", "第 3 页", "第3页共5页", "3/5", "3 / 5", "· 3 ·"])
def test_a_number_alone_in_the_margin_is_a_page_number(text: str) -> None:
    assert is_page_number(text, 780, 800)


@pytest.mark.parametrize("text", ["3件", "2023年度报告", "一", "", "12345"])
def test_other_text_in_the_margin_is_none(text: str) -> None:
    assert not is_page_number(text, 780, 800)


def test_a_number_in_the_middle_of_the_page_is_none() -> None:
    assert not is_page_number("3", 400, 800)


def test_the_margin_is_a_tenth_of_the_page_on_both_ends() -> None:
    assert [is_in_margin(y, 800) for y in (79, 81, 719, 721)] == [True, False, False, True]


def test_a_page_of_unknown_height_has_no_margin() -> None:
    assert not is_in_margin(5, 0.0)


def test_a_line_in_the_margins_of_several_pages_is_a_running_head() -> None:
    lines = [(1, "某市 2023 年报", 30.0), (2, "某市2023年报", 30.0), (1, "一、总体情况", 60.0), (2, "总计", 400.0)]
    assert running_heads([*lines, (1, "总计", 400.0)], {1: 800, 2: 800}) == {(1, "某市2023年报"), (2, "某市2023年报")}


def test_on_scans_heads_are_told_by_likeness_and_farther_from_the_edge() -> None:
    head, misread = (
        "2024年某市卫生健康委员会政府信息公开工作年度报告",
        "2024年某市卫生健廉委员会政府信息公开工作年度报告",
    )
    lines = [(2, head, 106.0), (3, misread, 66.0), (2, "三、申请", 140.0), (3, "四、复议", 150.0)]
    heights = {2: 900.0, 3: 900.0}
    assert running_heads(lines, heights, scanned=True) == {(2, head), (3, misread)}
    assert running_heads(lines, heights) == set()
