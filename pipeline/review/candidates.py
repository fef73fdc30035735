"""What a cell may say: its readings, what the sums ask for, what was read first."""

from __future__ import annotations

import math

from models.form import Form
from models.match import LabelScore, PrintedField
from models.report import FieldValue, Report
from pipeline.decide.cell_options import cell_to_options
from pipeline.decide.parse_value import parse_value
from pipeline.review.item_parts import Candidate, CandidateSource
from pipeline.verdicts.settle_others import readings_of

# More candidates than keys to choose them.
MOST_CANDIDATES = 9


def candidates_of(form: Form, field_id: str, value: FieldValue | None, report: Report) -> tuple[Candidate, ...]:
    """The candidates of a field, its value first, then the likeliest; a blank is no candidate: it has a key of its own."""
    field = form.fields[field_id]
    found: dict[str, Candidate] = {}

    def add(text: str | None, source: CandidateSource, confidence: float | None = None) -> None:
        if text is not None and text.strip() not in found:
            found[text.strip()] = Candidate(text.strip(), source, confidence)

    if value is not None:
        cell = PrintedField(
            field_id,
            value.printed,
            frozenset(),
            1,
            None,
            "",
            LabelScore("", 0.0, 0.0),
            0.0,
            readings=readings_of(value),
        )
        options = cell_to_options(field, cell).options if cell.readings else ()
        mass = sum(math.exp(-o.cost) for o in options)
        if value.kind in {"number", "not_applicable"}:
            own = next((o for o in options if o.value == value.value), None)
            add(value.value, "reading", None if own is None else math.exp(-own.cost) / mass)
        for option in options:
            # A blank is chosen by a key of its own.
            if option.kind != "blank":
                add(option.value, "reading", math.exp(-option.cost) / mass)
        for text in (a.text for e in value.evidence for a in e.alternatives):
            parsed = parse_value(text, field.column.unit, signed=field.column.signed)
            if parsed.kind == "number":
                add(parsed.value, "reading")
        add(value.suggested, "suggested")
    for finding in report.findings:
        for group in finding.suspects:
            for suspect in group:
                if suspect.field == field_id and len(group) == 1:
                    add(suspect.suggested, "sums")
    for repair in report.repairs:
        if repair.field == field_id:
            add(repair.before or None, "first_reading")
    return tuple(found.values())[:MOST_CANDIDATES]
