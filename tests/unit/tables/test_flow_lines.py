from __future__ import annotations

import pytest

from models.geometry import BBox
from models.page import Char
from pipeline.tables.flow_lines import FlowLine, pages_to_flow, split_words
from tests.unit.tables.drawn import set_text, sheet


def line(*groups: list[Char]) -> FlowLine:
    return FlowLine(sheet(), tuple(c for g in groups for c in g))


def spaced(*texts: str, gap: float = 20.0) -> FlowLine:
    """Texts in a row with a gap between any two."""
    groups, x = [], 90.0
    for text in texts:
        groups.append(set_text(text, x, 100))
        x = groups[-1][-1].x1 + gap
    return line(*groups)


def texts(flow_line: FlowLine) -> list[str]:
    return [w.text for w in flow_line.words]


def test_a_wide_gap_separates_two_words() -> None:
    found = spaced("重复申请", "1", "0")
    assert texts(found) == ["重复申请", "1", "0"]
    assert found.words[0].bbox == BBox(90, 100, 130, 110)
    assert (found.words[0].size, found.size, found.centre) == (10, 10, 105)


@pytest.mark.parametrize(("gap", "expected"), [(6.0, ["12", "0", "3"]), (3.2, ["12", "0", "3"]), (1.0, ["1203"])])
def test_two_numbers_are_two_words_however_close_they_stand(gap: float, expected: list[str]) -> None:
    assert texts(spaced("12", "0", "3", gap=gap)) == expected


@pytest.mark.parametrize(("gap", "expected"), [(6.0, ["重复申请", "71"]), (3.0, ["重复申请71"])])
def test_a_number_close_behind_a_label_is_a_word_in_a_line_of_numbers(gap: float, expected: list[str]) -> None:
    label = spaced("重复申请", "71", gap=gap)
    numbers = set_text("5", 200, 100), set_text("0", 240, 100), set_text("3", 280, 100)
    assert texts(line(list(label.chars), *numbers)) == [*expected, "5", "0", "3"]
    assert len(texts(label)) == 1, "prose has numbers too"


def test_a_label_with_spaces_between_its_characters_is_one_word() -> None:
    assert texts(line(set_text("自然人", 90, 100, gap=5.0))) == ["自 然 人"]
    assert line(set_text("自然人", 90, 100, gap=5.0)).text == "自然人"


def test_words_of_a_header_may_stand_closer() -> None:
    header = spaced("商业企业", "科研机构", gap=4.0)
    assert texts(header) == ["商业企业 科研机构"]
    assert [w.text for w in header.narrow_words] == ["商业企业", "科研机构"]
    assert {w.text for w in header.header_words} == {"商业企业", "科研机构"}


def test_numbering_is_no_value() -> None:
    assert [w.text for w in spaced("1.", "其他", "5", "—", "1,234").values] == ["5", "—", "1,234"]


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (spaced("2023年，本机关共收到申请4件。"), True),
        (spaced("本机关全年主动公开政府信息一百二十条并及时更新公开目录和指南"), True),
        (spaced("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "1"), False),
        (spaced("重复申请", "1", "0"), False),
        (spaced("商业企业", "科研机构"), False),
    ],
    ids=["full stop", "long", "long label of the form", "row", "header"],
)
def test_a_sentence_is_told_from_a_row(found: FlowLine, expected: bool) -> None:
    assert found.is_prose is expected


def test_titles_and_headings_are_known() -> None:
    assert spaced("第二十条第（一）项").is_title
    assert spaced("三、收到和处理政府信息公开申请情况").is_heading
    assert not spaced("第二十条第（一）项", "5").is_title
    assert not spaced("三、收到和处理政府信息公开申请情况", "5").is_heading
    assert not spaced("规章").is_title


def test_a_line_with_values_has_no_header_words() -> None:
    assert spaced("商业企业", "3").header_words == ()


def test_a_row_label_is_no_header_word() -> None:
    assert spaced("重复申请").header_words == ()


def test_no_characters_are_no_words() -> None:
    assert split_words([], 5.0) == []


def test_the_flow_leaves_page_numbers_and_running_heads_out() -> None:
    pages = [
        sheet(
            set_text("某区教育局年报", 90, 30),
            set_text("总计", 90, 300),
            set_text(f"- {n} -", 290, 780),
            page_no=n,
        )
        for n in (1, 2)
    ]
    assert [[(f.page.page_no, f.text) for f in flow] for flow in pages_to_flow(pages, {})] == [
        [(1, "总计"), (2, "总计")]
    ]


def test_a_number_in_the_body_of_the_page_stays() -> None:
    assert [f.text for f in pages_to_flow([sheet(set_text("12", 290, 400))], {})[0]] == ["12"]


def test_a_ruled_table_cuts_the_flow_and_keeps_its_own_text() -> None:
    page = sheet(set_text("上", 90, 100), set_text("表中", 90, 200), set_text("下", 90, 300))
    flows = pages_to_flow([page], {1: [BBox(80, 180, 500, 250)]})
    assert [[f.text for f in flow] for flow in flows] == [["上"], ["下"]]


def test_a_ruled_table_at_the_foot_cuts_the_flow_before_the_next_page() -> None:
    pages = [sheet(set_text("上", 90, 100)), sheet(set_text("下", 90, 300), page_no=2)]
    flows = pages_to_flow(pages, {1: [BBox(80, 180, 500, 250)]})
    assert [[f.text for f in flow] for flow in flows] == [["上"], ["下"]]


def test_two_ruled_tables_below_each_other_cut_once() -> None:
    page = sheet(set_text("上", 90, 100), set_text("下", 90, 500))
    flows = pages_to_flow([page], {1: [BBox(80, 180, 500, 250), BBox(80, 300, 500, 350)]})
    assert [[f.text for f in flow] for flow in flows] == [["上"], ["下"]]


def test_a_row_is_no_prose_however_long_the_labels_before_its_values() -> None:
    run_together = "（六）其他处理费用、行政机关不再处理其政府信息公开申请"
    assert spaced(run_together, "1", "1", "0").is_prose is False
    assert spaced(run_together, "1").is_prose is True
    assert spaced("1", "1", "0", run_together).is_prose is True
