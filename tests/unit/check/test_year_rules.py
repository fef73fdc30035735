from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import Finding
from models.form import Form
from models.report import FieldValue
from pipeline.check.year_report import YearReport
from pipeline.check.year_rules import number_findings

Fill = Callable[..., dict[str, FieldValue]]
Make = Callable[..., FieldValue]
IN, OUT = "requests.carried_in", "requests.carried_out"
DOCUMENTS = "proactive.normative_documents"


@pytest.fixture
def compare(fill: Fill) -> Callable[..., list[Finding]]:
    """``compare(form, cells of 2023, cells of 2022)``, each on top of zeros."""

    def found(form: Form, now: dict[str, object], then: dict[str, object]) -> list[Finding]:
        reports = [
            YearReport(f"{year}.pdf", str(year), "青石县人民政府", year, "gk2021", None, fill(form, cells))
            for year, cells in ((2023, now), (2022, then))
        ]
        return number_findings(form, *reports)

    return found


Compare = Callable[..., list[Finding]]


def test_nothing_where_years_go_on_from_one_another(form: Form, compare: Compare) -> None:
    now = {f"{IN}.natural_person": "3", f"{IN}.total": "3", f"{DOCUMENTS}.issued": "4", f"{DOCUMENTS}.in_force": "10"}
    then = {f"{OUT}.natural_person": "3", f"{OUT}.total": "3", f"{DOCUMENTS}.in_force": "6"}
    assert compare(form, now, then) == []


def test_all_columns_are_one_finding_with_the_total_first(form: Form, compare: Compare) -> None:
    now = {f"{IN}.natural_person": "2", f"{IN}.commercial_enterprise": "1", f"{IN}.total": "3"}
    then = {f"{OUT}.natural_person": "5", f"{OUT}.commercial_enterprise": "1", f"{OUT}.total": "6"}
    (finding,) = compare(form, now, then)
    assert (finding.rule, finding.severity, finding.origin) == ("years.carried_in", "error", "report")
    assert finding.fields == [f"{IN}.total", f"{IN}.natural_person"]
    assert (finding.left, finding.right, finding.difference) == ("3", "6", "-3")
    assert [(s.field, s.suggested) for s in finding.suspects[0]] == [
        (f"{IN}.total", "6"),
        (f"{IN}.natural_person", "5"),
    ]
    assert finding.message.zh == (
        "2023 年“上年结转”与 2022 年报告（2022.pdf）“结转下年度”不一致：“总计”3 与 6、“自然人”2 与 5；总计相差 -3。"
    )
    assert finding.message.en == (
        "What 2023 carries in is not what the report of 2022 (2022.pdf) carried over: 'total' 3 against 6; "
        "'natural persons' 2 against 5 (difference of the first -3)."
    )


def test_a_column_alone_is_found_under_a_right_total(form: Form, compare: Compare) -> None:
    (finding,) = compare(
        form,
        {f"{IN}.natural_person": "1", f"{IN}.total": "1"},
        {f"{OUT}.other": "1", f"{OUT}.total": "1"},
    )
    assert finding.fields == [f"{IN}.natural_person", f"{IN}.other"]
    assert (finding.left, finding.right) == ("1", "0")


@pytest.mark.parametrize("side", ["now", "then"])
def test_a_number_under_review_makes_no_error(form: Form, compare: Compare, make: Make, side: str) -> None:
    doubtful = make("3", decision="review")
    now: dict[str, object] = {f"{IN}.total": doubtful if side == "now" else "3"}
    then: dict[str, object] = {f"{OUT}.total": "5" if side == "now" else make("5", decision="review")}
    (finding,) = compare(form, now, then)
    assert (finding.severity, finding.origin) == ("warning", "undetermined")


def test_a_certain_column_leads_over_a_doubtful_total(form: Form, compare: Compare, make: Make) -> None:
    now = {f"{IN}.natural_person": "1", f"{IN}.total": make("7", decision="review")}
    (finding,) = compare(form, now, {})
    assert (finding.severity, finding.left) == ("error", "1")
    assert finding.fields == [f"{IN}.natural_person", f"{IN}.total"]


def test_blank_columns_beside_a_right_total_are_nothing(form: Form, compare: Compare) -> None:
    blank = {f"{OUT}.*": "", f"{OUT}.total": "4"}
    assert compare(form, {f"{IN}.natural_person": "4", f"{IN}.total": "4"}, blank) == []


@pytest.mark.parametrize("sign", ["", "/"])
def test_a_blank_row_against_a_number_is_a_warning(form: Form, compare: Compare, sign: str) -> None:
    (finding,) = compare(form, {f"{IN}.*": sign}, {f"{OUT}.natural_person": "4", f"{OUT}.total": "4"})
    assert (finding.rule, finding.severity, finding.outcome) == ("years.carried_in", "warning", "not_evaluable")
    assert (finding.left, finding.right) == (None, "4")
    assert "2022 年（2022.pdf）结转下年度“总计”4" in finding.message.zh
    assert "整行为空白" in finding.message.zh


def test_a_blank_row_against_zeros_or_blanks_is_nothing(form: Form, compare: Compare) -> None:
    assert compare(form, {f"{IN}.*": ""}, {}) == []
    assert compare(form, {f"{IN}.*": ""}, {f"{OUT}.*": ""}) == []


@pytest.mark.parametrize("cells", [{f"{OUT}.*": "3 5"}, {f"{OUT}.*": None}])
def test_a_row_that_is_no_number_is_told_as_not_compared(
    form: Form, compare: Compare, cells: dict[str, str | None]
) -> None:
    (finding,) = compare(form, {f"{IN}.total": "4"}, cells)
    assert (finding.rule, finding.severity, finding.outcome) == ("years.not_compared", "info", "not_evaluable")
    assert finding.left is None


def test_files_in_force_that_do_not_go_on_are_a_warning(form: Form, compare: Compare) -> None:
    now = {f"{DOCUMENTS}.issued": "77", f"{DOCUMENTS}.repealed": "132", f"{DOCUMENTS}.in_force": "470"}
    (finding,) = compare(form, now, {f"{DOCUMENTS}.in_force": "698"})
    assert (finding.rule, finding.severity) == ("years.in_force[normative_documents]", "warning")
    assert (finding.left, finding.right, finding.difference) == ("470", "643", "-173")
    assert "698 + 2023 年制发 77 - 废止 132 = 643" in finding.message.zh
    assert "2022.pdf" in finding.message.en
    assert set(finding.fields) == {f"{DOCUMENTS}.{c}" for c in ("in_force", "issued", "repealed")}


def test_rules_and_normative_documents_are_told_apart(form: Form, compare: Compare) -> None:
    found = compare(form, {"proactive.regulations.in_force": "1", f"{DOCUMENTS}.in_force": "2"}, {})
    assert [f.rule for f in found] == ["years.in_force[regulations]", "years.in_force[normative_documents]"]


@pytest.mark.parametrize("column", ["issued", "repealed", "in_force"])
def test_a_blank_is_not_taken_for_zero_files(form: Form, compare: Compare, column: str) -> None:
    now = {f"{DOCUMENTS}.in_force": "5", f"{DOCUMENTS}.{column}": ""}
    assert compare(form, now, {f"{DOCUMENTS}.in_force": "3"}) == []


def test_items_of_the_2019_form_go_on_from_year_to_year(form2019: Form, compare: Compare) -> None:
    licensing, penalties = "proactive.licensing", "proactive.penalties"
    then = {
        f"{licensing}.prior_items": "10",
        f"{licensing}.change": "-3",
        f"{penalties}.prior_items": "4",
        f"{penalties}.change": "1",
    }
    assert compare(form2019, {f"{licensing}.prior_items": "7", f"{penalties}.prior_items": "5"}, then) == []
    (finding,) = compare(form2019, {f"{licensing}.prior_items": "10", f"{penalties}.prior_items": "5"}, then)
    assert (finding.rule, finding.severity) == ("years.item_chain[licensing]", "warning")
    assert (finding.left, finding.right, finding.difference) == ("10", "7", "3")
    assert "10-3=7" in finding.message.zh
    assert "10-3 = 7" in finding.message.en


def test_a_change_in_words_is_not_reckoned_with(form2019: Form, compare: Compare) -> None:
    then = {"proactive.licensing.prior_items": "10", "proactive.licensing.change": "增加5"}
    assert compare(form2019, {"proactive.licensing.prior_items": "99"}, then) == []


def test_two_forms_share_the_carried_over_applications_only(form: Form, form2019: Form, fill: Fill) -> None:
    now = YearReport(
        "b", "b", "x", 2021, "gk2021", None, fill(form, {f"{IN}.total": "2", f"{DOCUMENTS}.in_force": "9"})
    )
    then = YearReport("a", "a", "x", 2020, "gk2019", None, fill(form2019, {"proactive.licensing.prior_items": "5"}))
    assert [f.rule for f in number_findings(form, now, then)] == ["years.carried_in"]


def test_long_numbers_stay_exact(form: Form, compare: Compare) -> None:
    long = "1" + "0" * 40
    (finding,) = compare(form, {f"{IN}.total": f"{long}1"}, {f"{OUT}.total": f"{long}0"})
    assert finding.difference == "1"
