"""Findings over all documents, page by page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from sqlalchemy import func, select

from models.finding import Origin, Severity
from pipeline.store.open_store import Store
from pipeline.store.records import State
from pipeline.store.tables import DocumentRow, FindingRow


@dataclass(frozen=True, slots=True)
class FoundFinding:
    """A finding of the report in force of a document. ``rule`` is its code; ``waived``: somebody has accepted it."""

    document_id: int
    agency: str | None
    year: int | None
    name: str
    state: State
    rule: str
    severity: Severity
    origin: Origin
    message_zh: str
    message_en: str
    waived: bool


def browse_findings(
    store: Store,
    *,
    severity: str | None = None,
    rule: str | None = None,
    agency: str | None = None,
    limit: int,
    offset: int,
) -> tuple[list[FoundFinding], int]:
    """(Findings of a page, number of all), errors first, then by report. ``rule`` is a code or its part before ``[``.

    Raises:
        StoreError: the store cannot be read.
    """
    query = select(FindingRow, DocumentRow).join(DocumentRow, DocumentRow.id == FindingRow.document_id)
    if severity:
        query = query.where(FindingRow.severity == severity)
    if rule:
        query = query.where((FindingRow.rule == rule) | FindingRow.rule.startswith(f"{rule}[", autoescape=True))
    if agency:
        query = query.where(DocumentRow.agency == agency)
    with store.read() as session:
        total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
        rows = session.execute(
            query.order_by(FindingRow.waived, FindingRow.severity, DocumentRow.id, FindingRow.position)
            .limit(limit)
            .offset(offset)
        ).all()
    return [
        FoundFinding(
            document.id,
            document.agency,
            document.year,
            document.name,
            cast("State", document.state),
            found.rule,
            cast("Severity", found.severity),
            cast("Origin", found.origin),
            found.message_zh,
            found.message_en,
            found.waived,
        )
        for found, document in rows
    ], total


def finding_filters(store: Store) -> tuple[list[str], list[str]]:
    """(Rules that findings have, without what stands in brackets; agencies with findings), each in order.

    Raises:
        StoreError: the store cannot be read.
    """
    with store.read() as session:
        rules = session.scalars(select(FindingRow.rule).distinct()).all()
        with_findings = select(FindingRow.document_id)
        agencies = session.scalars(
            select(DocumentRow.agency)
            .where(DocumentRow.id.in_(with_findings), DocumentRow.agency.is_not(None))
            .distinct()
        ).all()
    return sorted({rule.split("[", 1)[0] for rule in rules}), sorted(a for a in agencies if a)
