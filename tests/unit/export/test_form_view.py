from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from models.finding import Finding, WaiverMark
from models.report import Report
from pipeline.export.form_view import FieldMark, field_marks, form_view, ordered_findings
from pipeline.export.summary import ReportSummary

OTHER = ["requests.other.correction_overdue", "requests.other.fee_overdue", "requests.other.other"]
MERGED = "requests.other_handling"


def keys(report: Report) -> list[str]:
    return [row.key for table in form_view(report) for block in table.blocks for row in block.rows]


@pytest.mark.parametrize("form", ["gk2021", "gk2019"])
def test_every_field_of_the_form_is_shown_once(make_report: Callable[..., Report], form: str) -> None:
    report = make_report(form)
    shown = [c.field.id for t in form_view(report) for b in t.blocks for r in b.rows for c in r.cells]
    assert shown == list(report.fields)


def test_the_variant_row_replaces_the_official_ones(make_report: Callable[..., Report]) -> None:
    assert MERGED not in keys(make_report())
    assert set(OTHER) <= set(keys(make_report()))
    assert MERGED in keys(make_report(merged=True))
    assert not set(OTHER) & set(keys(make_report(merged=True)))


def test_rows_with_content_are_never_hidden(make_report: Callable[..., Report]) -> None:
    report = make_report(merged=True, changes={f"{OTHER[0]}.total": {"kind": "number", "value": "3"}})
    assert [k for k in keys(report) if k in {MERGED, *OTHER}] == [MERGED, OTHER[0]]


def test_a_field_that_is_missing_in_the_report_is_absent(make_report: Callable[..., Report]) -> None:
    report = make_report()
    del report.fields["disputes.reconsideration.total"]
    cell = form_view(report)[2].blocks[0].rows[0].cells[4]
    assert (cell.kind, cell.review, cell.value) == ("absent", False, None)


def test_legacy_and_unknown_reports_have_no_view(legacy_report: Report, failed_report: Report) -> None:
    assert form_view(legacy_report) == ()
    assert form_view(failed_report) == ()


def test_marks_come_from_failed_rules(make_report: Callable[..., Report], make_finding: Callable[..., Finding]) -> None:
    report = make_report(
        findings=[
            make_finding("warn", "warning", ["a", "w"]),
            make_finding("sum", "error", ["a", "b"], [[("a", "5")], [("b", "1"), ("c", None)]]),
            make_finding("fine", "error", ["x"], outcome="pass"),
            make_finding("unknown", "error", ["x"], outcome="not_evaluable"),
        ]
    )
    assert field_marks(report) == {
        "a": FieldMark(broken=True, suspect=True, codes=("sum", "warn")),
        "b": FieldMark(broken=True, codes=("sum",)),
        "w": FieldMark(codes=("warn",)),
    }


def test_findings_are_ordered_by_severity_and_otherwise_kept(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding]
) -> None:
    given = [("i", "info"), ("w1", "warning"), ("e", "error"), ("w2", "warning")]
    report = make_report(findings=[make_finding(rule, severity) for rule, severity in given])
    assert [f.rule for f in ordered_findings(report)] == ["e", "w1", "w2", "i"]


def test_summary_counts(
    make_report: Callable[..., Report], make_finding: Callable[..., Finding], failed_report: Report
) -> None:
    blank = {"kind": "blank", "value": None, "decision": "review"}
    report = make_report(
        merged=True,
        changes={"requests.new.total": blank},
        findings=[make_finding(), make_finding(severity="warning"), make_finding(severity="info")],
        status="needs_review",
        status_reasons=["fields_to_review"],
    )
    summary = ReportSummary.from_report(report)
    assert (summary.fields, summary.accepted, summary.review) == (207, 206, 1)
    assert (summary.blank, summary.absent) == (1, 21)
    assert (summary.errors, summary.warnings, summary.infos) == (1, 1, 1)
    failed = ReportSummary.from_report(failed_report)
    assert failed.failures == ("ingest: the file is truncated — fetch it again",)
    assert (failed.fields, failed.agency, failed.year) == (0, None, None)


def test_a_waived_finding_marks_no_field_as_broken(
    make_finding: Callable[..., Finding], make_report: Callable[..., Report]
) -> None:
    mark = WaiverMark(reason="as agreed", author="张三", date=dt.date(2024, 3, 1))
    suspects = [[("a", "3")]]
    waived = make_finding("sum", fields=["a", "b"], suspects=suspects, waiver=mark)
    open_too = make_finding("other", severity="warning", fields=["b"])

    marks = field_marks(make_report(findings=[waived, open_too]))

    said = ("sum: as agreed (张三 2024-03-01)",)
    assert marks == {
        "a": FieldMark(codes=("sum",), waived=said),
        "b": FieldMark(codes=("other", "sum"), waived=said),
    }
