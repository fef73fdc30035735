"""Labels as printed against labels of the form."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.form import FormColumn
from pipeline.match.label_scores import RowKeys, column_score, row_score

RowOf = Callable[[str], RowKeys]
ColumnOf = Callable[[str, str], FormColumn]

RESULTS, DENIED, OTHER_HANDLING = "三、本年度办理结果", "（三）不予公开", "（六）其他处理"


@pytest.mark.parametrize(
    ("label", "row_id"),
    [
        # official wording
        ("（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "partially_granted"),
        # half-width signs, signs left out
        ("(二)部分公开(区分处理的,只计这一情形,不计其他情形)", "partially_granted"),
        ("3.危及三安全一稳定", "denied.security_and_stability"),
        ('3.危及" 三安全一稳定 "', "denied.security_and_stability"),
        # bracketed remark left out, another one added
        ("（二）部分公开", "partially_granted"),
        ("（二）部分公开（区分处理）", "partially_granted"),
        ("规章（含修订）", "regulations"),
        # other signs after the number, no number
        ("1、属于国家秘密", "denied.state_secret"),
        ("1．属于国家秘密", "denied.state_secret"),
        ("属于国家秘密", "denied.state_secret"),
        # spellings of the alias list
        ("1.逾期不补正", "other.correction_overdue"),
        ("2.逾期不缴费", "other.fee_overdue"),
        ("2.其他法律行政止公开", "denied.prohibited_by_law"),
        ("规范性文件", "normative_documents"),
        # white space between characters
        ("规 章", "regulations"),
        ("2.重复\n申请", "not_processed.repeated"),
        # Kangxi and supplementary radicals as PDF producers emit them
        ("⾏政许可", "licensing"),
        ("⼀、本年新收政府信息公开申请数量", "new"),
        ("4.保护第三⽅合法权益", "denied.third_party_rights"),
        ("4.⽆正当理由⼤量反复申请", "not_processed.excessive"),
    ],
)
def test_a_variant_of_the_wording_is_the_same_label(label: str, row_id: str, row_of: RowOf) -> None:
    assert row_score((label,), "", row_of(row_id)) == 1.0


@pytest.mark.parametrize(
    ("label", "row_id"),
    [
        ("1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开", "other.correction_overdue"),
        ("1.申请人无正当理由", "other.correction_overdue"),
        ("二、上年结转政府信息", "carried_in"),
    ],
)
def test_the_beginning_of_a_label_is_enough_where_it_is_long(label: str, row_id: str, row_of: RowOf) -> None:
    assert 0.85 <= row_score((label,), "", row_of(row_id)) < 1.0


def test_a_short_beginning_is_not_enough(row_of: RowOf) -> None:
    assert row_score(("1.申请",), "", row_of("other.correction_overdue")) < 0.75


def test_a_shifted_number_costs_little(row_of: RowOf) -> None:
    shifted = row_score(("2.属于国家秘密",), "", row_of("denied.state_secret"))
    assert 0.9 < shifted < 1.0


def test_a_number_read_as_another_sign_costs_little(row_of: RowOf) -> None:
    assert row_score(("l.属于国家秘密",), "", row_of("denied.state_secret")) > 0.9


def test_the_number_settles_labels_that_are_otherwise_alike(row_of: RowOf) -> None:
    own = row_score(("3.其他",), "", row_of("other.other"))
    assert own == 1.0
    assert row_score(("6.其他",), "", row_of("other.other")) < own


def test_parents_settle_labels_that_are_otherwise_alike(row_of: RowOf) -> None:
    keys = row_of("other.other")
    at_home = row_score((RESULTS, OTHER_HANDLING, "3.其他"), "", keys)
    abroad = row_score((RESULTS, DENIED, "3.其他"), "", keys)
    assert at_home == 1.0
    assert abroad < at_home


def test_a_parent_never_makes_up_for_another_leaf(row_of: RowOf) -> None:
    assert row_score((RESULTS, DENIED, "2.重复申请"), "", row_of("denied.state_secret")) < 0.5


def test_the_title_above_the_block_is_a_parent(row_of: RowOf) -> None:
    keys = row_of("licensing")
    assert row_score(("行政许可",), "第二十条第（五）项", keys) == 1.0
    assert row_score(("行政许可",), "第二十条第（六）项", keys) < 1.0


def test_a_label_torn_into_cells_is_put_together(row_of: RowOf) -> None:
    torn = (RESULTS, DENIED, "7.属于行", "政执法", "案卷")
    assert row_score(torn, "", row_of("denied.enforcement_file")) > 0.98


def test_a_parent_in_the_cell_of_the_leaf_is_told_from_it(row_of: RowOf) -> None:
    glued = ("（三）不予公开1.属于国家秘密",)
    assert row_score(glued, "", row_of("denied.state_secret")) > 0.85
    assert row_score(glued, "", row_of("denied.prohibited_by_law")) < 0.5


def test_the_parent_alone_is_not_its_child(row_of: RowOf) -> None:
    # （六）其他处理 is nearer to its own row than to 3.其他 below it.
    parent = (RESULTS, OTHER_HANDLING)
    assert row_score(parent, "", row_of("other_handling")) == 1.0
    assert row_score(parent, "", row_of("other.other")) < 0.75


def test_a_parent_of_the_form_is_no_leaf(row_of: RowOf) -> None:
    assert row_score((RESULTS, "（五）不予处理"), "", row_of("denied.state_secret")) < 0.5
    assert row_score((RESULTS, DENIED), "", row_of("granted")) < 0.75


@pytest.mark.parametrize("labels", [(), ("",), ("——",)])
def test_no_label_is_like_no_row(labels: tuple[str, ...], row_of: RowOf) -> None:
    assert row_score(labels, "", row_of("new")) == 0.0


def test_a_table_without_row_labels_takes_the_row_that_has_none(row_of: RowOf) -> None:
    keys = row_of("")
    assert row_score((), "", keys) == 1.0
    assert 0.75 <= row_score(("本年度",), "", keys) < 1.0
    assert row_score((RESULTS,), "", keys) == 0.0


@pytest.mark.parametrize(
    ("path", "block_id", "column_id"),
    [
        (("申请人情况", "法人或其他组织", "商业企业"), "requests", "commercial_enterprise"),
        (("申请人情况", "自 然 人"), "requests", "natural_person"),
        (("自然\n人",), "requests", "natural_person"),
        (("申请人情况", "合计"), "requests", "total"),
        (("现行有效件",), "article20_1", "in_force"),
        (("现行有效件数（历史累计）",), "article20_1", "in_force"),
        (("本年收费金额",), "article20_8", "amount"),
        (("本年收费金额(单位:万元)",), "article20_8", "amount"),
        (("本年收费金额（万元）",), "article20_8", "amount"),
        (("申请⼈情况", "⾃然⼈"), "requests", "natural_person"),
        (("社会公", "益组织"), "requests", "social_organization"),
    ],
)
def test_a_header_names_its_column(path: tuple[str, ...], block_id: str, column_id: str, column_of: ColumnOf) -> None:
    assert column_score(path, column_of(block_id, column_id)) >= 0.88


def test_parents_tell_groups_of_equal_columns_apart(column_of: ColumnOf) -> None:
    path = ("行政诉讼", "复议后起诉", "结果维持")
    own = column_score(path, column_of("disputes", "litigation_after_reconsideration.upheld"))
    assert own == 1.0
    for other in ("litigation_direct.upheld", "reconsideration.upheld"):
        assert column_score(path, column_of("disputes", other)) < own


def test_a_column_without_header_is_like_none(column_of: ColumnOf) -> None:
    assert column_score((), column_of("requests", "total")) == 0.0


def test_a_header_of_another_word_is_not_the_column(column_of: ColumnOf) -> None:
    assert column_score(("申请人情况", "备注"), column_of("requests", "total")) < 0.5
    assert column_score(("结果维持",), column_of("disputes", "reconsideration.corrected")) < 0.7
