"""The six sections of the prose, found by their headings."""

from __future__ import annotations

import pytest

from models.page import TextLine
from pipeline.extract.sections import SECTION_KEYS, lines_to_sections

OFFICIAL = {
    "overview": "一、总体情况",
    "proactive": "二、主动公开政府信息情况",
    "requests": "三、收到和处理政府信息公开申请情况",
    "disputes": "四、政府信息公开行政复议、行政诉讼情况",
    "problems": "五、存在的主要问题及改进情况",
    "other": "六、其他需要报告的事项",
}


def sections(*texts: str) -> dict[str, str]:
    return lines_to_sections([TextLine(t, 1) for t in texts], join_wrapped=False)


def test_official_headings_divide_the_text() -> None:
    lines = ["某局年度报告"]
    for key, heading in OFFICIAL.items():
        lines += [heading, f"{key}的正文。"]
    found = sections(*lines)
    assert found == {"preamble": "某局年度报告", **{key: f"{key}的正文。" for key in OFFICIAL}}
    assert list(found)[1:] == list(SECTION_KEYS)


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("总体情况", "overview"),
        ("一、 总 体 情 况", "overview"),
        ("一、一、总体情况", "overview"),
        ("三三、收到和处理政府信息公开申请情况", "requests"),
        ("四、政府信息公开行政法复议、行政诉讼情况", "disputes"),
        ("四、因政府信息公开工作被申请行政复议、提起行政诉讼情况", "disputes"),
        ("五、存在的主要问题及整改措施", "problems"),
        ("五、政府信息公开工作存在的主要问题及改进情况", "problems"),
        ("## 六、其他需要报告的事项", "other"),
        ("二、2023年主动公开政府信息情况：", "proactive"),
        ("二、主动公开政府信息情况……3", "proactive"),
        ("（二）主动公开政府信息情况", ""),
        ("表二：主动公开政府信息情况", ""),
        ("一、本年新收政府信息公开申请数量", ""),
        ("二、上年结转政府信息公开申请数量", ""),
        ("三、本年度办理结果", ""),
        ("一、加强组织领导", ""),
    ],
)
def test_headings_in_the_wild(heading: str, key: str) -> None:
    found = sections("开头", heading, "正文")
    assert found == ({"preamble": "开头", key: "正文"} if key else {"preamble": f"开头\n{heading}\n正文"})


def test_headings_inside_a_glued_line_are_found() -> None:
    found = sections(
        "现公布如下。一、总体情况2023年，本局收到申请3件。二、主动公开政府信息情况第二十条第（一）项规章000"
    )
    assert found == {
        "preamble": "现公布如下。",
        "overview": "2023年，本局收到申请3件。",
        "proactive": "第二十条第（一）项规章000",
    }


@pytest.mark.parametrize("end", ["等部分组成。", "组成。"])
def test_a_sentence_that_lists_the_headings_is_no_heading(end: str) -> None:
    sentence = f"本报告由一、总体情况，二、主动公开政府信息情况，三、收到和处理政府信息公开申请情况{end}"
    assert sections(sentence) == {"preamble": sentence}


def test_empty_sections_missing_sections_and_sections_in_two_places() -> None:
    found = sections("一、总体情况", "甲", "六、其他需要报告的事项", "一、总体情况", "乙")
    assert found == {"overview": "甲\n乙", "other": ""}


@pytest.mark.parametrize(
    ("line", "rest"),
    [
        ("六、其他需要报告的事项：无", "无"),
        ("六、其他需要报告的事项： 无。", "无。"),
        ("六、其他需要报告的事项 无。", "无。"),
        ("六、其他需要报告的事项。无", "无"),
        ("其他需要报告的事项：无", "无"),
        ("**六、其他需要报告的事项**", ""),
        ("六、其他需要报告的事项：", ""),
        ("六、其他需要报告的事项……12", ""),
        ("六、其他需要报告的事项 12", ""),
        ("六、其他需要报告的事项。", ""),
    ],
)
def test_a_short_text_behind_a_heading_belongs_to_its_section(line: str, rest: str) -> None:
    assert sections(line) == {"other": rest}


def test_no_text_is_lost() -> None:
    lines = ["开头。一、总体情况 甲", "乙", "二、主动公开政府信息情况：丙"]
    assert sorted("".join(sections(*lines).values()).replace("\n", "")) == sorted("开头。甲乙丙")


def test_a_line_full_of_headings_keeps_all_that_stands_between_them() -> None:
    found = sections("一、总体情况甲" * 100)
    assert found["overview"].count("甲") == 100
