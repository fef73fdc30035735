"""Changes in percent that the prose states, against the tables of two years."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from models.finding import Finding
from models.form import Form
from models.report import Claim, FieldValue, FormName
from pipeline.check.year_changes import change_findings
from pipeline.check.year_report import YearReport, year_report
from tests.unit.invented_reports import make_report

Fill = Callable[..., dict[str, FieldValue]]
Compare = Callable[..., list[Finding]]
NEW, DOCUMENTS = "requests.new.total", "proactive.normative_documents.issued"


def claim(percent: str, *fields: str, clause: str = "同比增长") -> Claim:
    return Claim(
        section="overview", start=0, stop=4, text=f"{percent}%", clause=clause, value=percent, unit="%",
        fields=list(fields or (NEW,)), scope="change",
    )  # fmt: skip


@pytest.fixture
def compare(form: Form, fill: Fill) -> Compare:
    """``compare(claim, cells of 2023, cells of 2022)``: what is said of the change; forms may be named."""

    def found(
        stated: Claim, now: dict[str, object], then: dict[str, object], prior_form: FormName = "gk2021"
    ) -> list[Finding]:
        subject = YearReport("now.pdf", "b", "青石县人民政府", 2023, "gk2021", None, fill(form, now), changes=(stated,))
        prior = YearReport("then.pdf", "a", "青石县人民政府", 2022, prior_form, None, fill(form, then))
        return list(change_findings(subject, prior))

    return found


@pytest.mark.parametrize("percent", ["12.5", "12", "13", "12.50", "12.46"])
def test_a_change_that_the_tables_give_is_nothing_rounded_or_cut_off(compare: Compare, percent: str) -> None:
    # 9 of 72 are 12.5 %; 12 and 13 are one way or the other of giving it without places.
    numbers = ({NEW: "81"}, {NEW: "72"})
    assert (compare(claim(percent), *numbers) == []) is (percent != "12.46")


def test_a_change_that_the_tables_do_not_give_names_both_numbers(compare: Compare) -> None:
    (finding,) = compare(claim("21.5"), {NEW: "81"}, {NEW: "72"})
    assert (finding.rule, finding.severity, finding.origin) == (f"years.change[{NEW}]", "warning", "report")
    assert (finding.left, finding.right, finding.difference) == ("21.5", "12.5", "9.0")
    assert "72" in finding.message.zh
    assert "81" in finding.message.zh
    assert "+12.5%" in finding.message.en


def test_a_fall_is_a_negative_change(compare: Compare) -> None:
    assert compare(claim("-50"), {NEW: "5"}, {NEW: "10"}) == []
    (finding,) = compare(claim("50"), {NEW: "5"}, {NEW: "10"})
    assert finding.right == "-50"


def test_numbers_added_and_taken_away(compare: Compare) -> None:
    both = claim("100", NEW, "requests.carried_in.total")
    less = claim("100", NEW, "-requests.carried_in.total")
    now, then = {NEW: "6", "requests.carried_in.total": "2"}, {NEW: "3", "requests.carried_in.total": "1"}
    assert compare(both, now, then) == []
    assert compare(less, now, then) == []


def test_what_was_nothing_or_is_not_known_has_no_change(compare: Compare) -> None:
    assert compare(claim("100"), {NEW: "5"}, {NEW: "0"}) == []
    assert compare(claim("100"), {NEW: "5"}, {NEW: ""}) == []
    assert compare(claim("100"), {NEW: "/"}, {NEW: "5"}) == []


def test_a_number_under_review_makes_no_mistake_of_the_report(
    compare: Compare, make: Callable[..., FieldValue]
) -> None:
    doubtful = make("72").model_copy(update={"decision": "review"})
    (finding,) = compare(claim("21.5"), {NEW: "81"}, {NEW: doubtful})
    assert finding.origin == "undetermined"


def test_two_forms_count_only_requests_alike(compare: Compare) -> None:
    assert compare(claim("10", DOCUMENTS), {DOCUMENTS: "5"}, {DOCUMENTS: "2"}, "gk2019") == []
    assert compare(claim("10"), {NEW: "5"}, {NEW: "2"}, "gk2019") != []
    assert compare(claim("10", DOCUMENTS), {DOCUMENTS: "5"}, {DOCUMENTS: "2"}) != []


def test_of_the_claims_of_a_report_those_about_a_change_of_something_counted_are_kept() -> None:
    change = claim("12.5")
    others = [
        change.model_copy(update={"scope": "share"}),
        change.model_copy(update={"unit": "件"}),
        change.model_copy(update={"fields": []}),
    ]
    report = make_report("青石县人民政府").model_copy(update={"claims": [change, *others]})
    assert year_report(report).changes == (change,)
