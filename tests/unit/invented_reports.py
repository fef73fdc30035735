"""Invented reports of offices that exist, built from the forms themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from models.finding import Finding, Message
from models.form import load_form
from models.report import Evidence, FieldValue, FormName, Report, SourceRecord

DISTRICT = "青岛市市南区财政局"


def cell(value: str | None, kind: Any = "number", **more: Any) -> FieldValue:
    """An accepted cell; ``more`` are other attributes of it."""
    evidence = [Evidence(page_no=2, stage="tables", reader="pdfplumber", text=value or "")]
    defaults: dict[str, Any] = {"decision": "accept", "confidence": 1.0, "printed": value or "", "evidence": evidence}
    return FieldValue(value=value, kind=kind, **(defaults | more))


def make_report(
    agency: str | None = DISTRICT,
    year: int | None = 2023,
    *,
    form: FormName = "gk2021",
    changes: Mapping[str, FieldValue] | None = None,
    file: str = "",
    **report: Any,
) -> Report:
    """A report in which field number i of the official form holds the value i; ``changes`` overrides single fields."""
    name = file or f"{agency}-{year}.pdf"
    fields: dict[str, FieldValue] = {}
    if form in {"gk2021", "gk2019"}:
        fields = {f: cell(str(i)) for i, f in enumerate(load_form(form).official_fields)}
    source = SourceRecord(
        name=name, sha256=hashlib.sha256(name.encode()).hexdigest(), media_type="application/pdf", page_count=4
    )
    return Report(source=source, form=form, agency=agency, year=year, fields={**fields, **(changes or {})}, **report)


def make_finding(fields: list[str], **more: Any) -> Finding:
    """A broken sum over the fields."""
    defaults: dict[str, Any] = {
        "rule": "requests.results_total",
        "severity": "error",
        "message": Message(zh="不平。", en="Does not add up."),
    }
    return Finding(fields=fields, **(defaults | more))
