"""Invented reports, built from the forms themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

import pytest

from models.finding import Finding, Message, Severity, Suspect
from models.form import load_form, row_key
from models.report import Evidence, FailureRecord, FieldValue, FormName, LabelMatch, RawTable, Report, SourceRecord

PAGES = {"proactive": 1, "requests": 2, "disputes": 3}


class MakeReport(Protocol):
    def __call__(
        self,
        form: FormName = "gk2021",
        *,
        name: str = "qingshi-2023.pdf",
        changes: dict[str, dict[str, Any]] | None = None,
        merged: bool = False,
        **report: Any,
    ) -> Report: ...


@pytest.fixture
def make_report() -> MakeReport:
    """A report in which field number i of the form holds the value i, all accepted, with evidence.

    ``changes`` overrides parts of single fields; ``merged`` fills the merged row instead of the three official ones.
    """

    def make(
        form: FormName = "gk2021",
        *,
        name: str = "qingshi-2023.pdf",
        changes: dict[str, dict[str, Any]] | None = None,
        merged: bool = False,
        **report: Any,
    ) -> Report:
        known = load_form(form)
        replaced = {key for v in known.variants for key in v.replaces}
        fields: dict[str, FieldValue] = {}
        for number, (field_id, place) in enumerate(known.fields.items()):
            if place.row.variant is not None and not merged:
                continue
            value = number_field(str(number), PAGES[place.table.id], top=100.0 + number)
            if merged and row_key(place.table, place.row) in replaced:
                value = FieldValue(value=None, printed="", kind="absent", decision="accept", confidence=1.0)
            fields[field_id] = value.model_copy(update=(changes or {}).get(field_id, {}))
        defaults: dict[str, Any] = {
            "agency": "青石县人民政府",
            "year": 2023,
            "title": "青石县人民政府2023年政府信息公开工作年度报告",
        }
        return Report(source=source(name), form=form, fields=fields, **(defaults | report))

    return make


@pytest.fixture
def legacy_report() -> Report:
    rows = [["指标名称", "单位", "数量"], ["主动公开信息数", "条", "138"], ["=1+1", "条", "0012"]]
    return Report(
        source=source("old-2018.html"),
        form="legacy",
        agency="青石县财政局",
        year=2018,
        status="needs_review",
        status_reasons=["legacy_form"],
        tables=[RawTable(page_no=2, reader="lxml", rows=rows)],
    )


@pytest.fixture
def failed_report() -> Report:
    failure = FailureRecord(stage="ingest", code="damaged", message="the file is truncated", remedy="fetch it again")
    return Report(source=source("broken.pdf"), status="failed", failures=[failure])


@pytest.fixture
def make_finding() -> Callable[..., Finding]:
    def make(
        rule: str = "requests.results_total",
        severity: Severity = "error",
        fields: Iterable[str] = (),
        suspects: Iterable[Iterable[tuple[str, str | None]]] = (),
        **more: Any,
    ) -> Finding:
        return Finding(
            rule=rule,
            severity=severity,
            fields=list(fields),
            message=Message(zh=f"{rule} 不平。", en=f"{rule} does not add up."),
            suspects=[[Suspect(field=f, suggested=s) for f, s in group] for group in suspects],
            **more,
        )

    return make


def source(name: str) -> SourceRecord:
    return SourceRecord(name=name, sha256="0" * 64, media_type="application/pdf", page_count=4)


def number_field(value: str, page_no: int, top: float) -> FieldValue:
    evidence = Evidence(
        page_no=page_no, bbox=[72.0, top, 90.0, top + 12], stage="tables", reader="pdfplumber", text=value
    )
    return FieldValue(
        value=value,
        printed=value,
        kind="number",
        decision="accept",
        confidence=1.0,
        evidence=[evidence],
        label=LabelMatch(printed="行", score=1.0, margin=0.5),
    )
