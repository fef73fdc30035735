"""The status of a report after its findings have changed."""

from __future__ import annotations

from models.report import Report, ReportStatus

# Findings on printed rows that no field holds; with all of them waived, the rows ask for nobody any more.
_LEFTOVER_CODES = frozenset({"form.row_unmapped", "form.value_unmapped", "form.duplicate_row"})
# Reasons of a report's status that come before ``errors_found``, as the reader of the report puts them.
_BEFORE_ERRORS = frozenset(
    {"pages_unread", "form_unknown", "form_legacy", "form_blank", "fields_to_review", "unmapped_rows"}
)


def with_status(report: Report) -> Report:
    """The report whose status counts its open findings only; failures, and reasons of other kinds, are as before."""
    leftover = [f for f in report.findings if f.rule in _LEFTOVER_CODES]
    settled = bool(leftover) and all(f.waiver is not None for f in leftover)
    reasons = [r for r in report.status_reasons if r not in {"errors_found", "unmapped_rows"}]
    found = ["unmapped_rows"] * bool(report.unmapped_rows and not settled)
    found += ["errors_found"] * any(f.severity == "error" and f.waiver is None for f in report.findings)
    place = sum(r in _BEFORE_ERRORS for r in reasons)
    reasons[place:place] = found
    status: ReportStatus = report.status
    if status in {"ok", "needs_review"}:
        status = "needs_review" if reasons else "ok"
    return report.model_copy(update={"status": status, "status_reasons": reasons})
