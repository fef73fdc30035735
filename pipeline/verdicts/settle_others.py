"""Doubtful numbers of a scan that are certain once a person has settled others in the same sums."""

from __future__ import annotations

from collections.abc import Collection

from models.form import FORM_IDS, Form, load_form
from models.geometry import BBox
from models.match import LabelScore, PrintedField
from models.reading import Candidate, Reading
from models.report import OCR_STAGE, FieldValue, Report
from models.rule import load_rules, variants_in_force
from pipeline.decide.confidence import load_calibration
from pipeline.decide.decide_scan import READING_DOUBTS, decide_scan

# Doubts that come of comparing readings and sums; they are looked into anew. All others are about which cell it is, or
# how a number is written: no sum tells that.
_REJUDGED = READING_DOUBTS | {"rule_conflict", "unconfirmed", "ambiguous", "repaired"}


def settle_others(report: Report, given: Collection[str], *, accept_error_rate: float) -> Report:
    """The report with those doubtful numbers accepted that the sums now bear out.

    A number is accepted only as it is in the report: where the sums ask for another one a person decides.

    Args:
        report: With the values of persons in it.
        given: Fields whose value is a person's.
        accept_error_rate: As ``decide_scan`` takes it.
    """
    if report.form not in FORM_IDS:
        return report
    form = load_form(report.form)
    doubtful = {i: v for i, v in report.fields.items() if i not in given and _may_settle(v)}
    rules = load_rules(form).rules_for(variants_in_force(form, report.fields))
    near = {i for r in rules if any(f in given for f in r.fields) for i in r.fields}
    if not near.intersection(doubtful):
        return report
    cells = {
        i: _cell(i, v, is_open=v.decision == "review" and i not in given)
        for i, v in report.fields.items()
        if v.kind != "absent"
    }
    decided = decide_scan(
        form,
        cells,
        rules,
        load_calibration(),
        accept_error_rate=accept_error_rate,
        complete_tables=_complete_tables(form, report),
    )
    fields = dict(report.fields)
    for i, value in decided.items():
        was = fields[i]
        if value.accepted and (value.kind, value.value) == (was.kind, was.value):
            confidence = round(value.confidence, 6)
            update = {"decision": "accept", "confidence": confidence, "reasons": sorted(value.reasons & {"repaired"})}
            fields[i] = was.model_copy(update=update)
    return report.model_copy(update={"fields": fields})


def _may_settle(value: FieldValue) -> bool:
    return (
        value.decision == "review"
        and value.kind == "number"
        and set(value.reasons) <= _REJUDGED
        and any(e.stage == OCR_STAGE for e in value.evidence)
    )


def _cell(field_id: str, value: FieldValue, *, is_open: bool) -> PrintedField:
    """The cell as it was before it was decided; only an open one has its readings: no other value may change."""
    place = value.evidence[0] if value.evidence else None
    label = value.label
    return PrintedField(
        field_id=field_id,
        text=value.printed,
        reasons=frozenset(value.reasons) & READING_DOUBTS,
        page_no=1 if place is None else place.page_no,
        bbox=None if place is None or place.bbox is None else BBox(*place.bbox),
        reader="" if place is None else place.reader,
        label=LabelScore("", 0.0, 0.0) if label is None else LabelScore(label.printed, label.score, label.margin),
        column_score=0.0,
        readings=readings_of(value) if is_open else (),
    )


def readings_of(value: FieldValue) -> tuple[Reading, ...]:
    """What OCR engines read in a cell, as the evidence of the field keeps it."""
    return tuple(
        Reading(e.reader, e.text, e.score or 0.0, tuple(Candidate(a.text, a.score or 0.0) for a in e.alternatives))
        for e in value.evidence
        if e.stage == OCR_STAGE
    )


def _complete_tables(form: Form, report: Report) -> frozenset[str]:
    """Tables with all their cells and no printed row left over."""
    open_tables = {r.table for r in report.unmapped_rows}
    open_tables |= {form.fields[i].table.id for i, v in report.fields.items() if v.kind == "absent" and _is_missing(v)}
    return frozenset(t.id for t in form.tables if t.id not in open_tables)


def _is_missing(value: FieldValue) -> bool:
    return "replaced_by_variant" not in value.reasons
