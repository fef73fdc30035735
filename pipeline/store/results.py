"""A report document as rows: the whole text, and its index of pages, fields, findings, repairs and open items."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.orm import Session

from models.report import FieldValue, Report
from models.text import squeeze
from pipeline.store.open_store import Store
from pipeline.store.tables import DocumentRow, DropRow, FieldRow, FindingRow, ItemRow, PageRow, RepairRow, ReportRow
from pipeline.verdicts.open_items import open_items

_IndexTable = type[PageRow] | type[FindingRow] | type[RepairRow] | type[ItemRow]


def write_report(
    store: Store, session: Session, row: DocumentRow, run_id: int, report: Report, reviewed: Report | None = None
) -> None:
    """Nothing; the report is then the one in force of the document, as a part of the transaction of ``session``.

    Args:
        store: The store.
        session: Its transaction.
        row: The document.
        run_id: The reading that the report comes from.
        report: As read.
        reviewed: The same with verdicts and waivers laid over it; None where there are none.
    """
    stored = ReportRow(
        document_id=row.id,
        run_id=run_id,
        written_at=store.clock(),
        schema_version=report.schema_version,
        status=report.status,
        form=report.form,
        document=report.model_dump_json(),
        reviewed=None,
    )
    session.add(stored)
    session.flush()
    row.report_id = stored.id
    row.agency = report.agency
    row.agency_key = squeeze(report.agency) if report.agency else None
    row.year = report.year
    row.media_type = report.source.media_type or row.media_type
    put_in_force(session, row, stored, report if reviewed is None else reviewed)
    if reviewed is not None:
        stored.reviewed = reviewed.model_dump_json()


def put_in_force(
    session: Session, row: DocumentRow, stored: ReportRow, report: Report, before: Report | None = None
) -> None:
    """Nothing; the index is then that of ``report``, and what was worked out on the report before is out of date.

    So is what lies beside files that are placed; the service writes it anew.

    Args:
        session: The transaction.
        row: The document.
        stored: Its result.
        report: What is in force from now on.
        before: What the index holds so far; None where that is not known. Only what differs is written.
    """
    row.revision = (row.revision or 0) + 1
    stored.status = report.status
    session.execute(
        update(DropRow).where(DropRow.document_id == row.id, DropRow.state == "placed").values(state="outdated")
    )
    tables: list[tuple[_IndexTable, Callable[[int, Report], list[dict[str, Any]]]]] = []
    if before is None:
        tables.append((PageRow, _pages))
    if before is None or before.findings != report.findings:
        tables.append((FindingRow, _findings))
    if before is None or before.repairs != report.repairs:
        tables.append((RepairRow, _repairs))
    for table, rows_of in tables:
        session.execute(delete(table).where(table.document_id == row.id))
        if made := rows_of(row.id, report):
            session.execute(insert(table), made)
    index_items(session, row.id, report, before)
    known = {} if before is None else before.fields
    changed = {i: v for i, v in report.fields.items() if known.get(i) != v}
    gone = FieldRow.document_id == row.id
    if before is not None:
        gone &= FieldRow.field.in_([*changed, *(i for i in known if i not in report.fields)])
    session.execute(delete(FieldRow).where(gone))
    if changed:
        session.execute(insert(FieldRow), _fields(row.id, changed))


def index_items(session: Session, document_id: int, report: Report, before: Report | None = None) -> None:
    """Nothing; the open items of the document are then those of ``report``. ``before`` as in ``put_in_force``."""
    gone = ItemRow.document_id == document_id
    rows = {row["item"]: row for row in _items(document_id, report)}
    if before is not None:
        # Where an item stands among the others may change with each decision; the order stays what it was without.
        known = {row["item"]: row for row in _items(document_id, before)}
        same = {key for key, row in rows.items() if _without_position(known.get(key)) == _without_position(row)}
        gone &= ItemRow.item.in_([key for key in known if key not in same])
        rows = {key: row for key, row in rows.items() if key not in same}
    session.execute(delete(ItemRow).where(gone))
    if rows:
        session.execute(insert(ItemRow), list(rows.values()))


def _without_position(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if row is None else {k: v for k, v in row.items() if k != "position"}


def _items(document_id: int, report: Report) -> list[dict[str, Any]]:
    return [
        {
            "document_id": document_id,
            "item": item.key,
            "kind": item.kind,
            "position": position,
            "weight": item.weight,
            "rule": item.rule,
            "fields": list(item.fields),
            "reasons": list(item.reasons),
            "page_no": item.page_no,
        }
        for position, item in enumerate(open_items(report))
    ]


def _pages(document_id: int, report: Report) -> list[dict[str, Any]]:
    # A page that is named twice has its last record here; the document has both.
    pages = {page.page_no: page for page in report.pages}
    return [
        {"document_id": document_id, "page_no": p.page_no, "route": p.route, "status": p.status, "reason": p.reason}
        for p in pages.values()
    ]


def _fields(document_id: int, fields: Mapping[str, FieldValue]) -> list[dict[str, Any]]:
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
        for name, value in fields.items()
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
