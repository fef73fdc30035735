"""What a cell may say: its readings, what the sums ask for, what was read first."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import chain

from models.form import Form, FormField
from models.match import LabelScore, PrintedField
from models.report import FieldValue, Report
from pipeline.decide.cell_options import cell_to_options
from pipeline.decide.parse_value import parse_value
from pipeline.review.item_parts import Candidate
from pipeline.verdicts.settle_others import readings_of

# More candidates than keys to choose them.
MOST_CANDIDATES = 9


def candidates_of(form: Form, field_id: str, value: FieldValue | None, report: Report) -> tuple[Candidate, ...]:
    """The candidates of a field, its value first, then the likeliest.

    A blank is no candidate: it has a key of its own.
    """
    found: dict[str, Candidate] = {}
    for candidate in chain(
        () if value is None else _read(form.fields[field_id], value),
        _suggested_by_sums(field_id, report),
        (Candidate(r.before.strip(), "first_reading", None) for r in report.repairs if r.field == field_id),
    ):
        if candidate.text:
            found.setdefault(candidate.text, candidate)
    return tuple(found.values())[:MOST_CANDIDATES]


def _read(field: FormField, value: FieldValue) -> Iterator[Candidate]:
    """What the readings say; the value itself first, though the sums may have chosen it."""
    label = LabelScore("", 0.0, 0.0)
    readings = readings_of(value)
    cell = PrintedField(field.id, value.printed, frozenset(), 1, None, "", label, 0.0, readings=readings)
    options = [o for o in cell_to_options(field, cell).options if o.value is not None] if readings else []
    mass = sum(math.exp(-o.cost) for o in options)
    shares = {o.value: math.exp(-o.cost) / mass for o in options}
    if value.value is not None:
        yield Candidate(value.value, "reading", shares.get(value.value))
    for text, share in shares.items():
        yield Candidate(text or "", "reading", share)
    for other in (a.text for e in value.evidence for a in e.alternatives):
        parsed = parse_value(other, field.column.unit, signed=field.column.signed)
        if parsed.kind == "number" and parsed.value is not None:
            yield Candidate(parsed.value, "reading", None)
    if value.suggested is not None:
        yield Candidate(value.suggested, "suggested", None)


def _suggested_by_sums(field_id: str, report: Report) -> Iterator[Candidate]:
    for finding in report.findings:
        for group in finding.suspects:
            if len(group) == 1 and group[0].field == field_id and group[0].suggested is not None:
                yield Candidate(group[0].suggested, "sums", None)
