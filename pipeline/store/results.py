"""A report document as rows: the whole text, and its index of pages, fields, findings and repairs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from models.report import Report
from models.text import squeeze
from pipeline.store.open_store import Store
from pipeline.store.tables import DocumentRow, FieldRow, FindingRow, PageRow, RepairRow, ReportRow

_INDEX_TABLES = (PageRow, FieldRow, FindingRow, RepairRow)


def write_report(store: Store, session: Session, row: DocumentRow, run_id: int, report: Report) -> None:
    """Nothing; the report is then the one in force of the document, as a part of the transaction of ``session``."""
    stored = ReportRow(
        document_id=row.id,
        run_id=run_id,
        written_at=store.clock(),
        schema_version=report.schema_version,
        status=report.status,
        form=report.form,
        document=report.model_dump_json(),
    )
    session.add(stored)
    session.flush()
    row.report_id = stored.id
    row.agency = report.agency
    row.agency_key = squeeze(report.agency) if report.agency else None
    row.year = report.year
    row.media_type = report.source.media_type or row.media_type
    for table in _INDEX_TABLES:
        session.execute(delete(table).where(table.document_id == row.id))
    for table, rows in (
        (PageRow, _pages(row.id, report)),
        (FieldRow, _fields(row.id, report)),
        (FindingRow, _findings(row.id, report)),
        (RepairRow, _repairs(row.id, report)),
    ):
        if rows:
            session.execute(insert(table), rows)


def _pages(document_id: int, report: Report) -> list[dict[str, Any]]:
    # A page that is named twice has its last record here; the document has both.
    pages = {page.page_no: page for page in report.pages}
    return [
        {"document_id": document_id, "page_no": p.page_no, "route": p.route, "status": p.status, "reason": p.reason}
        for p in pages.values()
    ]


def _fields(document_id: int, report: Report) -> list[dict[str, Any]]:
    return [
        {
            "document_id": document_id,
            "field": name,
            "value": value.value,
            "printed": value.printed,
            "kind": value.kind,
            "decision": value.decision,
            "confidence": str(value.confidence),
            "suggested": value.suggested,
            "reasons": value.reasons,
            "evidence": [evidence.model_dump(mode="json") for evidence in value.evidence],
            "label": None if value.label is None else value.label.model_dump(mode="json"),
        }
        for name, value in report.fields.items()
    ]


def _findings(document_id: int, report: Report) -> list[dict[str, Any]]:
    return [
        {
            "document_id": document_id,
            "position": position,
            "rule": finding.rule,
            "severity": finding.severity,
            "outcome": finding.outcome,
            "origin": finding.origin,
            "fields": finding.fields,
            "left": finding.left,
            "right": finding.right,
            "difference": finding.difference,
            "message_zh": finding.message.zh,
            "message_en": finding.message.en,
            "suspects": [[suspect.model_dump(mode="json") for suspect in group] for group in finding.suspects],
            "waived": finding.waiver is not None,
        }
        for position, finding in enumerate(report.findings)
    ]


def _repairs(document_id: int, report: Report) -> list[dict[str, Any]]:
    return [
        {
            "document_id": document_id,
            "position": position,
            "field": repair.field,
            "before": repair.before,
            "after": repair.after,
            "accepted": repair.accepted,
            "rules": repair.rules,
            "message_zh": repair.message.zh,
            "message_en": repair.message.en,
        }
        for position, repair in enumerate(report.repairs)
    ]
