"""A report decided and checked from its printed cells alone, as a born-digital file states them: nothing is drawn."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from models.finding import Finding
from models.form import Form
from models.match import LabelScore, Matched, PrintedField
from models.report import FieldValue
from pipeline.check.check_report import check_report
from pipeline.check.form_facts import FormFacts
from pipeline.config import Settings
from pipeline.decide.decide_fields import decide_fields

_CERTAIN = LabelScore("", 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Checked:
    """What came out, and the seconds that deciding and checking took."""

    fields: dict[str, FieldValue]
    findings: tuple[Finding, ...]
    decide_seconds: float
    check_seconds: float


def decide_cells(form: Form, cells: Mapping[str, str | None], year: int, settings: Settings) -> Checked:
    """The decided report of printed cells (field id -> characters, "" blank, None no such cell)."""
    found = {
        i: PrintedField(i, text, frozenset(), 1, None, "truth", _CERTAIN, 1.0)
        for i, text in cells.items()
        if text is not None
    }
    matched = Matched(
        form_id=form.id,
        cells=found,
        leftovers=(),
        missing_rows=(),
        missing_tables=(),
        variants=tuple(v.id for v in form.variants if any(i.startswith(f"{key}.") for key in v.by for i in found)),
        uncertain_rows=(),
        other_form_blocks=(),
        total=1.0,
    )
    start = time.perf_counter()
    fields = decide_fields(form, matched, settings.decide).fields
    decided = time.perf_counter()
    facts = FormFacts(form="gk2021" if form.id == "gk2021" else "gk2019", year=year)
    findings = check_report(form, fields, facts).findings
    return Checked(fields, findings, decided - start, time.perf_counter() - decided)
