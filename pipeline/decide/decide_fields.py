"""From matched cells to decided fields: value, kind, decision, confidence, reasons, evidence.

Born-digital text is exact, so the decision rests on structure: is this the row, is this the column, is this one
number. Every doubt has a reason code, and any such reason sends the field to a person. Cells of scans are decided under
the edit rules, see ``decide_scan``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field

from pydantic import TypeAdapter

from models.form import Form, FormField
from models.match import LabelScore, Matched, PrintedField
from models.report import OCR_STAGE, Alternative, Decision, Evidence, FieldValue, LabelMatch, Repair
from models.rule import load_rules
from models.value_text import looks_like_value
from pipeline.config import DecideSettings
from pipeline.decide.collector import resting_collector
from pipeline.decide.confidence import load_calibration
from pipeline.decide.decide_scan import Reread, ScanValue, decide_scan
from pipeline.decide.parse_value import parse_value
from pipeline.decide.repairs import to_repair

# Confidence of a field whose text the file states, without any doubt and with doubts.
_SURE, _DOUBTFUL, _NOTHING = 1.0, 0.5, 0.0


@dataclass(frozen=True)
class Decided:
    """Every field of the form in form order, and the values that were not taken as first read.

    ``scanned``: field id -> how a number of a scan was decided.
    """

    fields: dict[str, FieldValue]
    repairs: tuple[Repair, ...] = ()
    scanned: Mapping[str, ScanValue] = dataclass_field(default_factory=dict)


def decide_fields(form: Form, matched: Matched, settings: DecideSettings, reread: Reread | None = None) -> Decided:
    """Every field of the form, in form order; fields of a variant only where the variant is printed.

    Args:
        form: The form.
        matched: Cells with their fields.
        settings: The error rate aimed at.
        reread: Reads cells of scans again; None where that cannot be done.

    Raises:
        UsageError: the rules of the form, or the calibration, are not valid.
    """
    with resting_collector():
        return _decide_all(form, matched, settings, reread)


def _decide_all(form: Form, matched: Matched, settings: DecideSettings, reread: Reread | None) -> Decided:
    replaced = {k for v in form.variants if v.id in matched.variants for k in v.replaces}
    # Numbers that no row explains may be those of a row that only seems to be replaced.
    unexplained = _unexplained_tables(matched)
    scanned = _decide_scanned(form, matched, settings, reread)
    # The cells of a row have one label.
    labels = {label: _label(label) for label in {v.cell.label for v in scanned.values()}}
    values = _SCANNED.validate_python(_of_scan(v, labels[v.cell.label]) for v in scanned.values())
    read = dict(zip(scanned, values, strict=True))
    fields: dict[str, FieldValue] = {}
    for field in form.fields.values():
        if field.row.variant is not None and field.row.variant not in matched.variants:
            continue
        cell = matched.cells.get(field.id)
        if field.id in read:
            fields[field.id] = read[field.id]
        elif cell is None or cell.text is None:
            is_replaced = f"{field.table.id}.{field.row.id}" in replaced
            fields[field.id] = _absent(cell, is_replaced=is_replaced, is_told=field.table.id not in unexplained)
        else:
            fields[field.id] = _decide(field, cell, cell.text)
    repairs = tuple(to_repair(i, v) for i, v in scanned.items() if v.repaired_from is not None)
    return Decided(fields, repairs, scanned)


def _decide_scanned(
    form: Form, matched: Matched, settings: DecideSettings, reread: Reread | None
) -> dict[str, ScanValue]:
    if not any(c.readings for c in matched.cells.values()):
        return {}
    return decide_scan(
        form,
        {i: c for i, c in matched.cells.items() if c.text is not None},
        load_rules(form).rules_for(frozenset(matched.variants)),
        load_calibration(),
        accept_error_rate=settings.accept_error_rate,
        complete_tables=_complete_tables(form, matched),
        reread=reread,
    )


def _complete_tables(form: Form, matched: Matched) -> frozenset[str]:
    """Tables with all their rows and cells, and no printed number outside of them."""
    open_tables = {key.partition(".")[0] for key in (*matched.missing_rows, *matched.missing_tables)}
    open_tables |= _unexplained_tables(matched)
    open_tables |= {form.fields[i].table.id for i, c in matched.cells.items() if c.text is None}
    return frozenset(t.id for t in form.tables if t.id not in open_tables)


def _unexplained_tables(matched: Matched) -> set[str]:
    """Tables with printed numbers that no row of the form explains."""
    return {r.table for r in matched.leftovers if any(looks_like_value(v) for v in r.values)}


# One call for all values and the models below them: a report has a thousand of them. Each is made as it is asked for.
_SCANNED = TypeAdapter(list[FieldValue])


def _of_scan(value: ScanValue, label: LabelMatch) -> dict[str, object]:
    """The fields of a ``FieldValue``."""
    return {
        "value": value.value,
        "printed": value.printed,
        "kind": value.kind,
        "decision": "accept" if value.accepted else "review",
        "confidence": round(value.confidence, 6),
        "reasons": sorted(value.reasons),
        "suggested": value.suggested,
        "evidence": _readings_as_evidence(value.cell),
        "label": label,
    }


def _absent(cell: PrintedField | None, *, is_replaced: bool, is_told: bool) -> FieldValue:
    """A field without a cell. ``is_replaced``: another row stands for its own; ``is_told``: no number is left over."""
    reasons = sorted(cell.reasons) if cell is not None else []
    if is_replaced:
        reasons = ["replaced_by_variant", *([] if is_told else ["row_missing"])]
    elif cell is None:
        reasons = ["row_missing"]
    decision: Decision = "accept" if is_replaced and is_told else "review"
    return FieldValue(
        value=None,
        printed="",
        kind="absent",
        decision=decision,
        confidence=_SURE if decision == "accept" else _NOTHING,
        reasons=reasons,
        label=_label(cell.label) if cell is not None else None,
    )


def _decide(field: FormField, cell: PrintedField, printed: str) -> FieldValue:
    parsed = parse_value(printed, field.column.unit, signed=field.column.signed)
    reasons = cell.reasons | parsed.reasons
    return FieldValue(
        value=parsed.value,
        printed=printed,
        kind=parsed.kind,
        decision="review" if reasons else "accept",
        confidence=_DOUBTFUL if reasons else _SURE,
        reasons=sorted(reasons),
        suggested=parsed.suggested,
        evidence=_evidence(cell, printed),
        label=_label(cell.label),
    )


def _readings_as_evidence(cell: PrintedField) -> list[dict[str, object]]:
    """What each OCR engine read, as the fields of ``Evidence``."""
    box = cell.bbox.as_list() if cell.bbox is not None else None
    return [
        {
            "page_no": cell.page_no,
            "bbox": box,
            "stage": OCR_STAGE,
            "reader": r.reader,
            "text": r.text,
            "score": r.score,
            "alternatives": [{"text": c.text, "score": c.score} for c in r.alternatives],
        }
        for r in cell.readings
    ]


def _evidence(cell: PrintedField, printed: str) -> list[Evidence]:
    """The text that the file states, and what other readers made of it."""
    return [
        Evidence(
            page_no=cell.page_no,
            bbox=cell.bbox.as_list() if cell.bbox is not None else None,
            stage="tables",
            reader=cell.reader,
            text=printed,
            score=1.0,
            alternatives=[Alternative(text=o.text) for o in cell.others],
        )
    ]


def _label(label: LabelScore) -> LabelMatch:
    return LabelMatch(printed=label.printed, score=label.score, margin=label.margin)
