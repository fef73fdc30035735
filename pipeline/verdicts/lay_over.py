"""The report as read, with the verdicts and waivers in force laid over it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Literal

from models.finding import ConfirmMark, Finding
from models.form import FORM_IDS, load_form
from models.report import Acknowledgement, Evidence, FieldValue, Repair, Report, ReportStatus
from models.verdict import PERSON_STAGE, SetValue, Verdict, confirmed_finding, unmapped_key
from models.waiver import Waiver
from pipeline.check.apply_waivers import apply_waivers
from pipeline.check.recheck_report import recheck_report
from pipeline.verdicts.open_items import counts_as_error, open_items
from pipeline.verdicts.settle_others import settle_others

# A person has looked: nothing is surer.
_SURE = 1.0
_FIRST_PAGE = 1

Settled = Literal["done", "review"]


def lay_over(
    report: Report,
    verdicts: Sequence[Verdict],
    waivers: Sequence[Waiver],
    today: dt.date,
    *,
    accept_error_rate: float,
) -> Report:
    """The report in force: the very report as read where there is nothing to lay over it.

    Args:
        report: As read, with no verdict in it.
        verdicts: Those in force, in the order in which they were given; the later one counts.
        waivers: Those that concern this report.
        today: The day on which waivers may be over.
        accept_error_rate: As ``decide_scan`` takes it.

    Raises:
        UsageError: the rules of the form are not valid.
    """
    if report.status == "failed" or not (verdicts or waivers):
        return report
    mapped = {key for v in verdicts if v.action == "remap_row" for key in v.acknowledges}
    left = [row for row in report.unmapped_rows if unmapped_key(row) not in mapped]
    laid = report.model_copy(update={"unmapped_rows": left})
    given = {i: (s, v) for v in verdicts for i, s in v.sets.items() if _is_field(report, i)}
    if given:
        laid = _with_values(laid, given)
        laid = settle_others(laid, frozenset(given), accept_error_rate=accept_error_rate)
        result = recheck_report(laid)
        laid = laid.model_copy(
            update={"findings": list(result.findings), "rules": result.outcome, "claims": list(result.claims)}
        )
    if waivers:
        laid = apply_waivers(laid, waivers, today)
    laid = laid.model_copy(
        update={
            "findings": [_with_mark(f, verdicts) for f in laid.findings],
            "acknowledged": [
                Acknowledgement(what=what, author=v.who, date=v.at.date(), note=v.why)
                for v in verdicts
                for what in v.acknowledges
            ],
        }
    )
    return with_open_status(laid)


def state_of(report: Report) -> Settled:
    """``done`` where nothing is open in the report."""
    return "review" if open_items(report) else "done"


def _is_field(report: Report, field_id: str) -> bool:
    return report.form in FORM_IDS and field_id in load_form(report.form).fields


def _with_values(report: Report, given: Mapping[str, tuple[SetValue, Verdict]]) -> Report:
    fields = dict(report.fields)
    for i, (value, verdict) in given.items():
        fields[i] = set_field(fields.get(i), value, verdict.who)
    order = {i: n for n, i in enumerate(load_form(report.form).fields)}
    fields = dict(sorted(fields.items(), key=lambda item: order.get(item[0], len(order))))
    repairs = [r if r.field not in given else _judged(r, fields[r.field]) for r in report.repairs]
    return report.model_copy(update={"fields": fields, "repairs": [r for r in repairs if r is not None]})


def set_field(before: FieldValue | None, value: SetValue, who: str) -> FieldValue:
    """The field with the value of a person; what was read stays as evidence."""
    evidence = [] if before is None else before.evidence
    place = next(iter(evidence), None)
    page_no = value.page_no or (place.page_no if place is not None else _FIRST_PAGE)
    bbox = value.bbox if value.bbox is not None else (place.bbox if place is not None else None)
    said = Evidence(page_no=page_no, bbox=bbox, stage=PERSON_STAGE, reader=who, text=value.printed)
    return FieldValue(
        value=value.value,
        printed=value.printed,
        kind=value.kind,
        decision="accept",
        confidence=_SURE,
        evidence=[*evidence, said],
        label=None if before is None else before.label,
    )


def _judged(repair: Repair, value: FieldValue) -> Repair | None:
    """The repair, accepted where the person took its value; None where another one."""
    return repair.model_copy(update={"accepted": True}) if value.printed == repair.after else None


def _with_mark(finding: Finding, verdicts: Sequence[Verdict]) -> Finding:
    key = confirmed_finding(finding)
    by = next((v for v in reversed(verdicts) if key in v.confirms), None)
    if by is None:
        return finding
    mark = ConfirmMark(author=by.who, date=by.at.date(), note=by.why)
    return finding.model_copy(update={"confirmed": mark})


def with_open_status(report: Report) -> Report:
    """The status from what is still open; failures stay what they are."""
    seen = {a.what for a in report.acknowledged}
    items = open_items(report)
    is_open = {
        "fields_to_review": any(v.decision == "review" for v in report.fields.values()),
        "unmapped_rows": any(item.kind == "unmapped" for item in items),
        "errors_found": any(counts_as_error(report, f) for f in report.findings),
    }
    reasons = [
        r
        for r in dict.fromkeys((*report.status_reasons, *is_open))
        if r != "errors_confirmed" and is_open.get(r, f"report:{r}" not in seen)
    ]
    status: ReportStatus = report.status
    if status in {"ok", "needs_review"}:
        status = "needs_review" if reasons else "ok"
    if any(f.confirmed is not None and f.severity == "error" for f in report.findings):
        reasons.append("errors_confirmed")
    return report.model_copy(update={"status": status, "status_reasons": reasons})
