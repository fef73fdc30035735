from __future__ import annotations

import pytest

from models.page import TextLine
from models.table import PrintedSection
from models.text import squeeze
from pipeline.tables.lines_to_sections import is_glued, lines_to_sections
from tests.unit.tables.drawn import text_lines

BLOCK_1 = ["第二十条第（一）项", "信息内容", "本年制发件数", "本年废止件数", "现行有效件数"]
ORGS = ["商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他"]
REQUESTS = ["申请人情况", "自然人", "法人或其他组织", "总计", *ORGS]


def brief(section: PrintedSection) -> list[tuple[tuple[str, ...], list[str]]]:
    return [(r.labels, [v.text for v in r.values]) for r in section.rows]


def test_each_run_of_values_ends_a_row() -> None:
    lines = [*BLOCK_1, "规章", "0", "1", "2", "行政规范性文件", "3", "4", "5"]
    (section,) = lines_to_sections(text_lines(*lines))
    assert section.title == squeeze("第二十条第（一）项")
    assert section.header_in_reading_order
    assert [c.path for c in section.columns] == [(t,) for t in BLOCK_1[1:]]
    assert brief(section) == [(("规章",), ["0", "1", "2"]), (("行政规范性文件",), ["3", "4", "5"])]
    assert [v.column for v in section.rows[0].values] == [0, 1, 2]


def test_a_header_after_values_begins_the_next_section() -> None:
    fifth = ["第二十条第（五）项", "信息内容", "本年处理决定数量", "行政许可", "7"]
    sections = lines_to_sections(text_lines(*BLOCK_1, "规章", "0", "1", "2", *fifth))
    assert [(s.title, brief(s)) for s in sections] == [
        (squeeze("第二十条第（一）项"), [(("规章",), ["0", "1", "2"])]),
        (squeeze("第二十条第（五）项"), [(("行政许可",), ["7"])]),
    ]


def test_parents_of_a_row_stand_before_its_label() -> None:
    rows = [
        "三、本年度办理结果",
        "（三）不予公开",
        "1.属于国家秘密",
        *"1000001",
        "2.其他法律行政法规禁止公开",
        *"2000002",
    ]
    (section,) = lines_to_sections(text_lines(*REQUESTS, *rows))
    assert brief(section) == [
        (("三、本年度办理结果", squeeze("（三）不予公开"), "1.属于国家秘密"), list("1000001")),
        (("2.其他法律行政法规禁止公开",), list("2000002")),
    ]


def test_a_row_called_like_a_column_is_no_header() -> None:
    rows = ["（六）其他处理", "3.其他", *"1000001", "（七）总计", *"2000002", "四、结转下年度继续办理", *"3000003"]
    (section,) = lines_to_sections(text_lines(*REQUESTS, *rows))
    assert [labels[-1] for labels, _ in brief(section)] == ["3.其他", squeeze("（七）总计"), "四、结转下年度继续办理"]


def test_white_space_and_marks_for_nothing_are_handled() -> None:
    lines = [*BLOCK_1, " 规 章 ", "", "/", " 1 ", "—"]
    (section,) = lines_to_sections(text_lines(*lines))
    assert brief(section) == [(("规章",), ["/", "1", "—"])]


def test_values_keep_their_number_and_their_page() -> None:
    lines = [TextLine(t, 3) for t in [*BLOCK_1, "规章", "0", "1", "2"]]
    (section,) = lines_to_sections(lines)
    assert {v.page_no for r in section.rows for v in r.values} == {3}


def test_prose_ends_a_section() -> None:
    prose = ["2023年，我局主动公开政府信息120条，办结申请4件。", "12", "其中3件，"]
    sections = lines_to_sections(text_lines(*BLOCK_1, "规章", "0", "1", "2", *prose, "行政规范性文件", "3", "4", "5"))
    assert [brief(s) for s in sections] == [[(("规章",), ["0", "1", "2"])]]


def test_a_very_long_line_is_prose_unless_it_is_a_label() -> None:
    long = "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）"
    (section,) = lines_to_sections(text_lines(long, *REQUESTS, "一、本年新收政府信息公开申请数量", *"3000003"))
    assert brief(section) == [(("一、本年新收政府信息公开申请数量",), list("3000003"))]
    partly = "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"
    (section,) = lines_to_sections(text_lines(*REQUESTS, partly, *"1000001"))
    assert brief(section)[0][0] == (squeeze(partly),)


@pytest.mark.parametrize(
    "lines",
    [[], ["规章", "0", "1", "2"], ["现将有关情况公布如下。", "12", "13"], BLOCK_1, ["1", "2", "3"]],
    ids=["nothing", "no header", "prose", "no values", "numbers alone"],
)
def test_lines_without_a_table_have_no_section(lines: list[str]) -> None:
    assert lines_to_sections(text_lines(*lines)) == []


GLUED = (
    "一、本年新收政府信息公开申请数量3000003二、上年结转政府信息公开申请数量1000001三、本年度办理结果（一）予以公开2000002"
    "（二）部分公开（区分处理的，只计这一情形，不计其他情形）0000000（三）不予公开1.属于国家秘密0000000"
    "2.其他法律行政法规禁止公开0000000（五）不予处理1.信访举报投诉类申请10000012.重复申请0000000"
    "3.要求提供公开出版物0000000四、结转下年度继续办理1000001"
)


def test_a_line_of_labels_each_followed_by_digits_is_glued() -> None:
    assert is_glued(text_lines("三、收到和处理政府信息公开申请情况", GLUED))


def test_a_line_for_each_row_is_glued_as_well() -> None:
    labels = (
        *("属于国家秘密", "保护第三方合法权益", "属于三类内部事务信息", "属于四类过程性信息", "属于行政执法案卷"),
        *("属于行政查询事项", "重复申请", "要求提供公开出版物", "结转下年度继续办理", "本机关不掌握相关政府信息"),
    )
    assert is_glued(text_lines(*(f"{label}10000001" for label in labels)))
    assert not is_glued(text_lines(*(f"{label}12件" for label in labels)))


@pytest.mark.parametrize(
    "line",
    [
        "一、本年新收政府信息公开申请数量3000003",
        "2023年共收到申请4件，其中重复申请1件，属于国家秘密0件，信访举报投诉类申请2件，均已按期办结。" * 3,
        "".join(c for c in GLUED if not c.isdigit()),
    ],
    ids=["one row", "prose that names rows", "labels alone"],
)
def test_other_lines_are_not(line: str) -> None:
    assert not is_glued(text_lines(line))
