from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from models.finding import Finding, Message, WaiverMark
from models.form import Form
from models.report import FieldValue, Report, ReportStatus, SourceRecord
from pipeline.check.across_years import (
    YearComparison,
    compare_report,
    compare_with_others,
    compare_years,
    with_year_findings,
)
from pipeline.check.recheck_report import recheck_report
from pipeline.check.year_pairs import YearPool
from pipeline.check.year_report import YearReport, year_report

Fill = Callable[..., dict[str, FieldValue]]


def make(fields: dict[str, FieldValue], year: int = 2023, form: str = "gk2021", status: ReportStatus = "ok") -> Report:
    source = SourceRecord(name=f"{year}.pdf", sha256=str(year), media_type="application/pdf", page_count=1)
    return Report.model_validate(
        {"source": source, "year": year, "agency": "青石县财政局", "form": form, "fields": fields, "status": status}
    )


def finding(rule: str, severity: str = "error") -> Finding:
    return Finding.model_validate({"rule": rule, "severity": severity, "message": Message(zh="一", en="one")})


PRIOR = YearReport("2022.pdf", "2022", "青石县财政局", 2022)


def test_a_break_between_years_makes_an_ok_report_one_to_review(form: Form, fill: Fill) -> None:
    subject = make(fill(form, {"requests.carried_in.total": "2"}))
    prior = make(fill(form), 2022)
    comparison = compare_with_others(year_report(subject), YearPool(beside=[year_report(prior), year_report(subject)]))
    report = with_year_findings(subject, comparison)
    assert comparison.prior is not None
    assert [f.rule for f in report.findings] == ["years.carried_in"]
    assert (report.status, report.status_reasons) == ("needs_review", ["errors_found"])
    assert (subject.status, subject.findings) == ("ok", [])


def test_warnings_leave_the_status(form: Form, fill: Fill) -> None:
    subject = make(fill(form, {"proactive.regulations.in_force": "2"}))
    report = with_year_findings(
        subject, compare_with_others(year_report(subject), YearPool(beside=[year_report(make(fill(form), 2022))]))
    )
    assert [f.severity for f in report.findings] == ["warning"]
    assert (report.status, report.status_reasons) == ("ok", [])


def test_findings_of_an_earlier_comparison_are_replaced(form: Form, fill: Fill) -> None:
    broken = make(fill(form), status="needs_review").model_copy(
        update={"findings": [finding("years.carried_in"), finding("value.blank", "warning")]}
    )
    broken.status_reasons = ["errors_found"]
    report = with_year_findings(broken, YearComparison(PRIOR))
    assert [f.rule for f in report.findings] == ["value.blank"]
    assert (report.status, report.status_reasons) == ("ok", [])


def test_findings_of_an_earlier_comparison_stay_where_there_is_none_now(form: Form, fill: Fill) -> None:
    found = [finding("years.carried_in"), finding("years.missing_year", "info")]
    broken = make(fill(form), status="needs_review").model_copy(update={"findings": found})
    report = with_year_findings(broken, YearComparison(None, (finding("years.other_agency", "info"),)))
    assert [f.rule for f in report.findings] == ["years.carried_in", "years.other_agency"]
    assert report.status == "needs_review"


@pytest.mark.parametrize("status", ["partial", "failed"])
def test_a_report_that_was_not_read_whole_stays_so(form: Form, fill: Fill, status: ReportStatus) -> None:
    report = with_year_findings(make(fill(form), status=status), YearComparison(PRIOR, (finding("years.carried_in"),)))
    assert report.status == status


def test_checking_a_document_again_keeps_what_other_years_said(form: Form, fill: Fill) -> None:
    report = make(fill(form)).model_copy(update={"findings": [finding("years.carried_in")]})
    assert [f.rule for f in recheck_report(report).findings] == ["years.carried_in"]


def test_a_report_from_before_the_national_form_has_no_numbers_to_compare(form: Form, fill: Fill) -> None:
    subject = year_report(make(fill(form, {"requests.carried_in.total": "2"}), 2019))
    prior = year_report(make({}, 2018, "legacy"))
    (remark,) = compare_years(subject, prior)
    assert (remark.rule, remark.severity) == ("years.not_compared", "info")
    assert "2018 年（2018.pdf）" in remark.message.zh
    assert "2018 (2018.pdf)" in remark.message.en


@pytest.mark.parametrize("which", [0, 1])
def test_a_report_that_may_be_of_another_year_makes_no_error(form: Form, fill: Fill, which: int) -> None:
    reports = [make(fill(form, {"requests.carried_in.total": "2"})), make(fill(form), 2022)]
    reports[which].findings.append(finding("metadata.period_year", "warning"))
    found = compare_years(*(year_report(r) for r in reports))
    assert [(f.rule, f.severity, f.origin) for f in found] == [("years.carried_in", "warning", "undetermined")]


def test_waived_findings_do_not_count_for_the_status(form: Form, fill: Fill) -> None:
    mark = WaiverMark(reason="as agreed", author="张三", date=dt.date(2024, 3, 1))
    waived = finding("other.sum").model_copy(update={"waiver": mark})
    subject = make(fill(form)).model_copy(update={"findings": [waived]})
    assert with_year_findings(subject, YearComparison(PRIOR)).status == "ok"
    assert with_year_findings(subject, YearComparison(PRIOR, (finding("years.carried_in"),))).status == "needs_review"


def test_a_report_that_could_not_be_read_is_not_compared(form: Form, fill: Fill) -> None:
    subject = make(fill(form, {"requests.carried_in.total": "2"}), status="failed")
    pool = YearPool(named=[year_report(make(fill(form), 2022))])
    assert compare_report(subject, year_report(subject), pool) == YearComparison()
