"""The audit log: what was done, by whom and why. A row is added with the change that it tells of, and never changed."""

from __future__ import annotations

from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from pipeline.store.column_types import plain_text
from pipeline.store.open_store import Store
from pipeline.store.records import AuditEntry
from pipeline.store.tables import AuditRow

Values = dict[str, object] | None


def note(
    store: Store,
    session: Session,
    *,
    who: str,
    action: str,
    document_id: int | None = None,
    change: tuple[Values, Values],
    why: str = "",
) -> None:
    """Nothing; the entry is part of the transaction of ``session``. ``change`` is what was before, and what is now."""
    before, after = change
    session.add(
        AuditRow(at=store.clock(), who=who, action=action, document_id=document_id, before=before, after=after, why=why)
    )


def audit_log(store: Store, document_id: int | None = None) -> list[AuditEntry]:
    """The entries about a document, or all of them, the oldest first.

    Raises:
        StoreError: the store cannot be read.
    """
    query = select(AuditRow).order_by(AuditRow.id)
    if document_id is not None:
        query = query.where(AuditRow.document_id == document_id)
    with store.read() as session:
        return [_entry(row) for row in session.scalars(query)]


def audit_page(
    store: Store,
    *,
    document_id: int | None = None,
    who: str | None = None,
    action: str | None = None,
    newest_first: bool = False,
    limit: int = 100,
    offset: int = 0,
) -> tuple[int, list[AuditEntry]]:
    """(number of entries that the filters leave, some of them); ``action`` is the beginning of one.

    Raises:
        StoreError: the store cannot be read.
    """
    query = select(AuditRow)
    if document_id is not None:
        query = query.where(AuditRow.document_id == document_id)
    if who is not None:
        query = query.where(AuditRow.who == plain_text(who))
    if action is not None:
        query = query.where(AuditRow.action.startswith(plain_text(action), autoescape=True))
    order = AuditRow.id.desc() if newest_first else AuditRow.id
    with store.read() as session:
        total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
        return total, [_entry(row) for row in session.scalars(query.order_by(order).limit(limit).offset(offset))]


def _entry(row: AuditRow) -> AuditEntry:
    return AuditEntry(
        id=row.id,
        at=row.at,
        who=row.who,
        action=row.action,
        document_id=row.document_id,
        before=cast("dict[str, object] | None", row.before),
        after=cast("dict[str, object] | None", row.after),
        why=row.why,
    )
