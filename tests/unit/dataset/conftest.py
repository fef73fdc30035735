"""Invented reports of offices that exist, built from the forms themselves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Protocol

import pytest

from models.finding import Finding, Message
from models.form import load_form
from models.report import Evidence, FieldValue, FormName, Report, SourceRecord


class MakeReport(Protocol):
    def __call__(
        self,
        agency: str | None = ...,
        year: int | None = ...,
        *,
        form: FormName = ...,
        changes: dict[str, FieldValue] | None = ...,
        file: str = ...,
        **report: Any,
    ) -> Report: ...


def cell(value: str | None, kind: Any = "number", **more: Any) -> FieldValue:
    evidence = [Evidence(page_no=2, stage="tables", reader="pdfplumber", text=value or "")]
    defaults: dict[str, Any] = {"decision": "accept", "confidence": 1.0, "printed": value or "", "evidence": evidence}
    return FieldValue(value=value, kind=kind, **(defaults | more))


@pytest.fixture
def new_cell() -> Callable[..., FieldValue]:
    return cell


@pytest.fixture
def make_report() -> MakeReport:
    """A report in which field number i of the official form holds the value i; ``changes`` overrides single fields."""

    def make(
        agency: str | None = "青岛市市南区财政局",
        year: int | None = 2023,
        *,
        form: FormName = "gk2021",
        changes: dict[str, FieldValue] | None = None,
        file: str = "",
        **report: Any,
    ) -> Report:
        name = file or f"{agency}-{year}.pdf"
        fields = {}
        if form in {"gk2021", "gk2019"}:
            fields = {f: cell(str(i)) for i, f in enumerate(load_form(form).official_fields)}
        source = SourceRecord(
            name=name, sha256=hashlib.sha256(name.encode()).hexdigest(), media_type="application/pdf", page_count=4
        )
        return Report(source=source, form=form, agency=agency, year=year, fields=fields | (changes or {}), **report)

    return make


@pytest.fixture
def make_finding() -> Callable[..., Finding]:
    def make(fields: list[str], **more: Any) -> Finding:
        defaults: dict[str, Any] = {
            "rule": "requests.results_total",
            "severity": "error",
            "message": Message(zh="不平。", en="Does not add up."),
        }
        return Finding(fields=fields, **(defaults | more))

    return make
