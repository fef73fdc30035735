"""From matched cells to decided fields: value, kind, decision, confidence, reasons, evidence.

Born-digital text is exact, so the decision rests on structure: is this the row, is this the column, is this one
number. Every doubt has a reason code, and any reason sends the field to a person.
"""

from __future__ import annotations

from models.form import Form, FormField
from models.match import Matched, PrintedField
from models.report import Alternative, Decision, Evidence, FieldValue, LabelMatch
from pipeline.decide.parse_value import parse_value

# Uncalibrated confidence of a field without any doubt, and of one with doubts; calibration needs scans.
_SURE, _DOUBTFUL, _NOTHING = 1.0, 0.5, 0.0


def decide_fields(form: Form, matched: Matched) -> dict[str, FieldValue]:
    """Every field of the form, in form order; fields of a variant only where the variant is printed."""
    replaced = {k for v in form.variants if v.id in matched.variants for k in v.replaces}
    fields: dict[str, FieldValue] = {}
    for field in form.fields.values():
        if field.row.variant is not None and field.row.variant not in matched.variants:
            continue
        cell = matched.cells.get(field.id)
        if cell is None or cell.text is None:
            is_replaced = f"{field.table.id}.{field.row.id}" in replaced
            fields[field.id] = _absent(cell, is_replaced=is_replaced)
        else:
            fields[field.id] = _decide(field, cell, cell.text)
    return fields


def decide_nothing(form: Form, reason: str, printed: str = "") -> dict[str, FieldValue]:
    """All official fields as unread, for a report whose cells cannot be told apart."""
    return {
        i: FieldValue(
            value=None, printed=printed, kind="text", decision="review", confidence=_NOTHING, reasons=[reason]
        )
        for i in form.official_fields
    }


def _absent(cell: PrintedField | None, *, is_replaced: bool) -> FieldValue:
    reasons = sorted(cell.reasons) if cell is not None else []
    if is_replaced:
        reasons = ["replaced_by_variant"]
    elif cell is None:
        reasons = ["row_missing"]
    decision: Decision = "accept" if is_replaced else "review"
    return FieldValue(
        value=None,
        printed="",
        kind="absent",
        decision=decision,
        confidence=_SURE if is_replaced else _NOTHING,
        reasons=reasons,
        label=_label(cell),
    )


def _decide(field: FormField, cell: PrintedField, printed: str) -> FieldValue:
    parsed = parse_value(printed, field.column.unit, signed=field.column.signed)
    reasons = cell.reasons | parsed.reasons
    return FieldValue(
        value=parsed.value,
        printed=printed,
        kind=parsed.kind,
        decision="review" if reasons else "accept",
        confidence=_confidence(cell, doubtful=bool(reasons)),
        reasons=sorted(reasons),
        suggested=parsed.suggested,
        evidence=_evidence(cell, printed),
        label=_label(cell),
    )


def _confidence(cell: PrintedField, *, doubtful: bool) -> float:
    weakest = min((r.score for r in cell.readings), default=_SURE)
    return round(min(weakest, _DOUBTFUL) if doubtful else weakest, 4)


def _evidence(cell: PrintedField, printed: str) -> list[Evidence]:
    """What each OCR engine read; for text that the file states, that text and what other readers made of it."""
    box = cell.bbox.as_list() if cell.bbox is not None else None
    if cell.readings:
        return [
            Evidence(
                page_no=cell.page_no,
                bbox=box,
                stage="ocr",
                reader=r.reader,
                text=r.text,
                score=r.score,
                alternatives=[Alternative(text=c.text, score=c.score) for c in r.alternatives],
            )
            for r in cell.readings
        ]
    return [
        Evidence(
            page_no=cell.page_no,
            bbox=box,
            stage="tables",
            reader=cell.reader,
            text=printed,
            score=1.0,
            alternatives=[Alternative(text=o.text) for o in cell.others],
        )
    ]


def _label(cell: PrintedField | None) -> LabelMatch | None:
    if cell is None:
        return None
    return LabelMatch(printed=cell.label.printed, score=cell.label.score, margin=cell.label.margin)
