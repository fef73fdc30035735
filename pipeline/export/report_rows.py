"""A report as rows of tables: reports, fields, findings, pages, failures. Parquet, CSV and data sets are made of them.

A row is a dictionary of plain Python values; ``row_schemas.py`` gives the columns and their types. What is not known is
None. Numbers of reports are texts, as in the report document: no number is too long or too exact for its column.
Programs that want numbers take ``number``, which is None where the value does not fit.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Literal, get_args

from models.errors import ExitCode
from models.finding import Finding
from models.report import PageRecord, Report
from pipeline.export.long_rows import LongRow, report_to_long_rows
from pipeline.export.summary import ReportSummary

TableName = Literal["reports", "fields", "findings", "pages", "failures"]
TABLE_NAMES: tuple[TableName, ...] = get_args(TableName)
Row = dict[str, object]
NUMBER_PRECISION, NUMBER_SCALE = 38, 6  # digits in all, digits after the point


def report_to_rows(report: Report, code: ExitCode) -> dict[TableName, list[Row]]:
    """The rows of one report, table by table, each beginning with what says which report it is of.

    Args:
        report: As read, or with its waivers.
        code: The exit code of its reading.
    """
    which: Row = {
        "source": report.source.name,
        "sha256": report.source.sha256,
        "agency": report.agency,
        "year": report.year,
        "form": report.form,
    }
    failures: list[Row] = [
        {"number": number, "stage": f.stage, "code": f.code, "message": f.message, "remedy": f.remedy}
        for number, f in enumerate(report.failures)
    ]
    own: dict[TableName, list[Row]] = {
        "reports": [_report_row(report, code)],
        "fields": list(field_rows(report)),
        "findings": [_finding_row(number, finding) for number, finding in enumerate(report.findings)],
        "pages": [_page_row(page) for page in report.pages],
        "failures": failures,
    }
    return {name: [{**which, **row} for row in rows] for name, rows in own.items()}


def field_rows(report: Report) -> Iterator[Row]:
    """The rows of the fields, in the order of the form."""
    return (_field_row(row) for row in report_to_long_rows(report))


def _field_row(row: LongRow) -> Row:
    field, label = row.field, row.field.label
    return {
        "source": row.source,
        "agency": row.agency or None,
        "year": row.year,
        "form": row.form,
        "table": row.table,
        "field_id": row.field_id,
        "row_label": row.row_label,
        "column_label": row.column_label,
        "kind": field.kind,
        "value": field.value,
        "number": _number(field.value),
        "printed": field.printed,
        "suggested": field.suggested,
        "decision": field.decision,
        "confidence": field.confidence,
        "reasons": list(field.reasons),
        "page_no": None if row.evidence is None else row.evidence.page_no,
        "reader": row.reader,
        "label_printed": None if label is None else label.printed,
        "label_score": None if label is None else label.score,
        "finding_codes": list(row.mark.codes),
        "waived": list(row.mark.waived),
    }


def _report_row(report: Report, code: ExitCode) -> Row:
    summary = ReportSummary.from_report(report)
    return {
        "media_type": report.source.media_type,
        "page_count": report.source.page_count,
        "title": report.title,
        "published": report.published,
        "document_number": report.document_number,
        "schema_version": report.schema_version,
        "status": report.status,
        "status_reasons": list(report.status_reasons),
        "exit_code": int(code),
        "fields": summary.fields,
        "accepted": summary.accepted,
        "review": summary.review,
        "blank": summary.blank,
        "absent": summary.absent,
        "errors": summary.errors,
        "warnings": summary.warnings,
        "infos": summary.infos,
        "waived": summary.waived,
        "unmapped_rows": summary.unmapped_rows,
    }


def finding_facts(finding: Finding) -> dict[str, str | bool | list[str] | None]:
    """What each table of findings has of one: rule, outcome, origin, fields, both sides, the sentence."""
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "outcome": finding.outcome,
        "origin": finding.origin,
        "fields": list(finding.fields),
        "left": finding.left,
        "right": finding.right,
        "difference": finding.difference,
        "message_zh": finding.message.zh,
        "message_en": finding.message.en,
        "waived": finding.waiver is not None,
    }


def _finding_row(number: int, finding: Finding) -> Row:
    waiver, confirmed = finding.waiver, finding.confirmed
    return {
        "number": number,
        **finding_facts(finding),
        "suspects": [[s.model_dump() for s in together] for together in finding.suspects],
        "ambiguous": finding.ambiguous,
        "waiver_reason": None if waiver is None else waiver.reason,
        "waiver_author": None if waiver is None else waiver.author,
        "waiver_date": None if waiver is None else waiver.date,
        "waiver_until": None if waiver is None else waiver.until,
        "confirmed_author": None if confirmed is None else confirmed.author,
        "confirmed_date": None if confirmed is None else confirmed.date,
    }


def _page_row(page: PageRecord) -> Row:
    width, height = page.size or (None, None)
    return {
        "page_no": page.page_no,
        "route": page.route,
        "status": page.status,
        "reason": page.reason,
        "width": width,
        "height": height,
    }


def _number(value: str | None) -> Decimal | None:
    """The value as a number of the column; None where it is none, or has more digits than the column."""
    if value is None:
        return None
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    exponent = number.as_tuple().exponent
    if (
        not isinstance(exponent, int)
        or -exponent > NUMBER_SCALE
        or number.adjusted() >= NUMBER_PRECISION - NUMBER_SCALE
    ):
        return None
    return number
