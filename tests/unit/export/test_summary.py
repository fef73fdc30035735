"""Figures of a report whose cells are gone by the time its findings are known."""

from __future__ import annotations

from models.finding import Finding, Message
from models.report import FieldValue, Report, SourceRecord
from pipeline.export.summary import ReportSummary


def test_findings_of_later_leave_the_figures_of_the_cells() -> None:
    value = FieldValue(kind="number", value="3", printed="3", decision="accept", confidence=1.0)
    source = SourceRecord(name="a.pdf", sha256="", media_type="", page_count=1)
    whole = Report(source=source, fields={"a": value, "b": value.model_copy(update={"decision": "review"})})
    found = Finding(rule="years.carried_in", severity="error", message=Message(zh="一", en="x"))
    later = {"fields": {}, "findings": [found], "status": "needs_review", "status_reasons": ["errors_found"]}
    later_report = whole.model_copy(update=later)

    summary = ReportSummary.from_report(whole).with_findings_of(later_report)

    assert (summary.fields, summary.accepted, summary.review) == (2, 1, 1)
    assert (summary.errors, summary.status, summary.status_reasons) == (1, "needs_review", ("errors_found",))
