"""The rows that one report gives to each table of the panel."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import lru_cache

from models.figures import number_of
from models.finding import Finding
from models.form import Form, FormTable, load_form, load_forms
from models.report import OCR_STAGE, FieldValue, Report
from models.rule_labels import labels_for
from pipeline.dataset.spool import Placed
from pipeline.dataset.tables import fields_of
from pipeline.dataset.versions import published_day
from pipeline.dataset.write_table import Row, Value, fitted_decimal, fitted_integer
from pipeline.export.form_view import field_marks, ordered_findings
from pipeline.export.report_rows import finding_facts
from pipeline.regions.divisions import load_divisions
from pipeline.regions.find_region import Region, find_region

# Findings of lesser severity are remarks and do not make a number doubtful.
_COUNTED = frozenset({"error", "warning"})
_KIND_LISTS = ("blank", "not_applicable", "text")


def report_row(placed: Placed) -> Row:
    """The row of the table of reports."""
    report = placed.report
    region = find_region(report.agency, report.year)
    origins = _origins(report.findings)
    day = published_day(report)
    return {
        **_head(placed),
        **_region_cells(region),
        "form": report.form,
        "in_panel": placed.left_out is None,
        "left_out": placed.left_out,
        "superseded_by": placed.superseded_by,
        "superseded_why": placed.superseded_why,
        "title": report.title or None,
        "published": None if day is None else dt.date.fromisoformat(day),
        "document_number": report.document_number or None,
        "source": report.source.name,
        "sha256": report.source.sha256,
        "media_type": report.source.media_type or None,
        "pages": report.source.page_count,
        "document": placed.document,
        "status": report.status,
        "status_reasons": list(report.status_reasons),
        "numbers_accepted": sum(v.kind == "number" and v.decision == "accept" for v in report.fields.values()),
        "fields_in_review": sum(v.decision == "review" for v in report.fields.values()),
        "findings_report": origins["report"],
        "findings_reading": origins["reading"],
        "findings_undetermined": origins["undetermined"],
        "findings_waived": sum(f.waiver is not None for f in report.findings),
        "schema_version": report.schema_version,
    }


def number_rows(placed: Placed) -> Iterator[Row]:
    """One row a field, in form order; fields that are absent by design (variants not used) are left out."""
    report = placed.report
    form = load_form(report.form)
    head = _head(placed)
    marks = field_marks(report)
    open_findings = _by_field(report)
    for field_id, place in form.fields.items():
        value = report.fields.get(field_id)
        if value is None or (value.kind == "absent" and place.row.variant is not None):
            continue
        number = number_of(value)
        findings = open_findings.get(field_id, [])
        mark = marks.get(field_id)
        yield {
            **head,
            "form": report.form,
            "table": place.table.id,
            "row": place.row.id or None,
            "column": place.column.id,
            "field_id": field_id,
            "kind": value.kind,
            "value": value.value,
            "number": None if number is None else fitted_decimal(number),
            "printed": value.printed or None,
            "decision": value.decision,
            "confidence": value.confidence,
            "reasons": list(value.reasons),
            "read_from": _read_from(value),
            "page_no": value.evidence[0].page_no if value.evidence else None,
            "findings": list(dict.fromkeys(f.rule for f in findings)),
            "origin": findings[0].origin if findings else None,
            "suspect": mark is not None and mark.suspect,
        }


def wide_row(placed: Placed, form: Form, table: FormTable) -> Row:
    """The row of one wide table: accepted numbers, and lists of the fields that have none."""
    report = placed.report
    cells: dict[str, Value] = {}
    lists: dict[str, list[str]] = {name: [] for name in (*_KIND_LISTS, "review", "absent", "unfit")}
    confidences: list[float] = []
    ids = {field.id for field in fields_of(form.id, table)}
    for place in fields_of(form.id, table):
        value = report.fields.get(place.id)
        if value is None or value.kind == "absent":
            if place.row.variant is None:
                lists["absent"].append(place.id)
            continue
        if value.kind in lists:
            lists[value.kind].append(place.id)
        if value.decision == "review":
            lists["review"].append(place.id)
            continue
        number = number_of(value)
        if number is None:
            continue
        fitted = fitted_integer(number) if place.column.unit == "count" else fitted_decimal(number)
        if fitted is None:
            lists["unfit"].append(place.id)
            continue
        cells[place.id] = fitted
        confidences.append(value.confidence)
    origins = _origins([f for f in report.findings if ids & {*f.fields, *_suspects(f)}])
    return {
        **_head(placed),
        **cells,
        **lists,
        "min_confidence": min(confidences, default=None),
        "findings_report": origins["report"],
        "findings_reading": origins["reading"],
        "findings_undetermined": origins["undetermined"],
    }


def finding_rows(placed: Placed) -> Iterator[Row]:
    """One row a finding, the gravest first."""
    head = _head(placed)
    for number, finding in enumerate(ordered_findings(placed.report), start=1):
        yield {
            **head,
            "finding_no": number,
            **finding_facts(finding),
        }


def field_rows() -> Iterator[Row]:
    """One row a field of each form."""
    for form in load_forms().values():
        names = labels_for(form).fields
        for field_id, place in form.fields.items():
            yield {
                "form": form.id,
                "field_id": field_id,
                "table": place.table.id,
                "block": place.block.id,
                "row": place.row.id or None,
                "column": place.column.id,
                "unit": place.column.unit,
                "official": place.row.variant is None,
                "label": place.label_zh,
                "label_zh": names[field_id].zh,
                "label_en": names[field_id].en,
            }


def _head(placed: Placed) -> dict[str, Value]:
    report = placed.report
    division = find_region(report.agency, report.year).division
    return {
        "report_id": placed.report_id,
        "agency_id": placed.agency_id,
        "agency": report.agency or None,
        "region_code": None if division is None else division.code,
        "year": report.year,
    }


def _region_cells(region: Region) -> dict[str, Value]:
    division = region.division
    if division is None:
        return {"region_open": region.reason}
    province, city = _above(division.code, division.parent)
    return {
        "region_name": division.name,
        "region_level": division.level,
        "region_match": region.match,
        "province_code": province[0],
        "province": province[1],
        "city_code": city[0],
        "city": city[1],
    }


@lru_cache(maxsize=4096)
def _above(code: str, parent: str) -> tuple[tuple[str, str], tuple[str | None, str | None]]:
    """(code and name of the province, code and name of the city or twice None)."""
    newest = load_divisions().newest_of
    province = newest[f"{code[:2]}0000"]
    city = newest.get(code if code.endswith("00") else parent)
    if city is None or city.level != "city":
        return (province.code, province.name), (None, None)
    return (province.code, province.name), (city.code, city.name)


def _read_from(value: FieldValue) -> str | None:
    if not value.evidence:
        return None
    return "pixels" if value.evidence[0].stage == OCR_STAGE else "text"


def _origins(findings: list[Finding]) -> Counter[str]:
    return Counter(f.origin for f in findings if _is_counted(f))


def _is_counted(finding: Finding) -> bool:
    return finding.outcome == "fail" and finding.waiver is None and finding.severity in _COUNTED


def _suspects(finding: Finding) -> set[str]:
    return {s.field for group in finding.suspects for s in group}


def _by_field(report: Report) -> Mapping[str, list[Finding]]:
    """Field id -> findings that count, the gravest first."""
    found: dict[str, list[Finding]] = {}
    for finding in ordered_findings(report):
        if finding.outcome == "fail" and finding.waiver is None:
            for field_id in dict.fromkeys((*finding.fields, *sorted(_suspects(finding)))):
                found.setdefault(field_id, []).append(finding)
    return found
