from __future__ import annotations

from collections.abc import Sequence

from models.page import Char
from pipeline.tables.column_bands import ColumnBand, lines_to_bands
from pipeline.tables.flow_lines import FlowLine
from tests.unit.tables.drawn import centred, set_text, sheet


def line(*groups: Sequence[Char]) -> FlowLine:
    return FlowLine(sheet(), tuple(c for g in groups for c in g))


def row(*values: tuple[str, float], top: float = 200, label: str = "重复申请") -> FlowLine:
    return line(set_text(label, 90, top), *(centred(text, x, top) for text, x in values))


def headers(bands: Sequence[ColumnBand]) -> list[str]:
    return [b.header for b in bands]


def test_values_below_each_other_are_a_column() -> None:
    rows = [row(("3", 300), ("12", 400)), row(("14", 300), ("5", 400), top=220)]
    bands = lines_to_bands(rows, [])
    assert [(b.x0, b.x1, b.has_values, b.header) for b in bands] == [(295, 305, True, ""), (395, 405, True, "")]


def test_header_words_belong_to_the_values_below_them() -> None:
    heads = [line(centred("自然人", 300, 100), centred("总计", 400, 100))]
    assert headers(lines_to_bands([row(("3", 300), ("12", 400))], heads)) == ["自然人", "总计"]


def test_what_is_no_value_among_the_values_takes_no_header_away() -> None:
    heads = [line(centred("自然人", 300, 100), centred("总计", 400, 100))]
    stray = line(set_text("重复申请", 90, 220), centred("3", 300, 220), centred("口", 400, 220))
    assert headers(lines_to_bands([row(("3", 300), ("12", 400)), stray], heads)) == ["自然人", "总计"]


def test_a_header_may_be_wrapped() -> None:
    heads = [
        line(centred("本年制", 300, 100), centred("现行有", 400, 100)),
        line(centred("发件数", 300, 112), centred("效件数", 400, 112)),
    ]
    assert headers(lines_to_bands([row(("3", 300), ("12", 400))], heads)) == ["本年制发件数", "现行有效件数"]


def test_header_words_that_nearly_touch_are_cut_where_their_columns_part() -> None:
    # Four characters of 8 points in a column of 33: one point is left between the words.
    names = ["商业企业", "科研机构", "法律服务"]
    heads = [line(*(centred(name, 300 + 33 * i, 100, 8) for i, name in enumerate(names)))]
    bands = lines_to_bands([row(("3", 300), ("4", 333), ("5", 366))], heads)
    assert headers(bands) == names


def test_a_parent_over_several_columns_is_left_out() -> None:
    heads = [
        line(centred("法人或其他组织", 350, 100)),
        line(centred("商业企业", 320, 112), centred("科研机构", 380, 112)),
    ]
    assert headers(lines_to_bands([row(("3", 320), ("4", 380))], heads)) == ["商业企业", "科研机构"]


def test_a_parent_over_one_column_is_left_out_too() -> None:
    heads = [line(centred("申请人情况", 300, 100)), line(centred("自然人", 300, 112), centred("总计", 400, 112))]
    assert headers(lines_to_bands([row(("3", 300), ("4", 400))], heads)) == ["自然人", "总计"]


def test_a_column_that_is_blank_in_all_rows_is_kept() -> None:
    heads = [line(centred("自然人", 300, 100), centred("科研机构", 360, 100), centred("总计", 420, 100))]
    bands = lines_to_bands([row(("3", 300), ("3", 420))], heads)
    assert [(b.header, b.has_values) for b in bands] == [("自然人", True), ("科研机构", False), ("总计", True)]


def test_a_word_that_is_no_column_of_the_form_makes_none() -> None:
    heads = [line(centred("自然人", 300, 100), centred("单位件", 360, 100), centred("总计", 420, 100))]
    assert headers(lines_to_bands([row(("3", 300), ("3", 420))], heads)) == ["自然人", "总计"]


def test_a_header_beside_its_right_aligned_values_is_paired_with_them() -> None:
    heads = [line(set_text("自然人", 280, 100), set_text("总计", 380, 100))]
    bands = lines_to_bands([row(("3", 318), ("3", 408))], heads)
    assert [(b.header, b.has_values) for b in bands] == [("自然人", True), ("总计", True)]


def test_words_above_the_labels_belong_to_no_column() -> None:
    heads = [line(set_text("信息内容", 90, 100), centred("本年制发件数", 300, 100))]
    assert headers(lines_to_bands([row(("3", 300))], heads)) == ["本年制发件数"]


def test_lines_without_values_have_no_columns() -> None:
    assert lines_to_bands([], [line(centred("自然人", 300, 100))]) == []


def test_a_blank_column_is_doubtful_and_its_neighbours_are_not() -> None:
    heads = [line(centred("自然人", 300, 100), centred("科研机构", 360, 100), centred("总计", 420, 100))]
    assert [b.is_doubtful for b in lines_to_bands([row(("3", 300), ("3", 420))], heads)] == [False, True, False]


def test_columns_called_alike_are_told_apart_by_their_parent() -> None:
    heads = [
        line(centred("未经复议直接起诉", 330, 100), centred("复议后起诉", 450, 100)),
        line(*(centred(name, x, 112) for name, x in zip(["结果维持", "总计"] * 2, (300, 360, 420, 480), strict=True))),
    ]
    bands = lines_to_bands([row(("1", 300), ("2", 360), ("3", 420), ("4", 480))], heads)
    assert [(b.parent, b.header) for b in bands] == [
        ("未经复议直接起诉", "结果维持"),
        ("未经复议直接起诉", "总计"),
        ("复议后起诉", "结果维持"),
        ("复议后起诉", "总计"),
    ]
