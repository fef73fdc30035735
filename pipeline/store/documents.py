"""Documents: one for each content, however often it comes. Registering, looking up, reports with their versions."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Collection, Iterator
from typing import cast

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Text, func, select
from sqlalchemy import cast as cast_to
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from models.errors import StoreError
from models.report import Report
from pipeline.store.audit import note
from pipeline.store.column_types import plain_text
from pipeline.store.open_store import Store
from pipeline.store.records import Content, Document, Registered, State, StoredReport
from pipeline.store.tables import DocumentRow, ReportRow, RunRow


def register(store: Store, content: Content, *, who: str) -> Registered:
    """The document of a content, waiting to be read where it is new.

    A known one stays as it is, also where it has failed; ``retry`` reads it again. Tags are added to those it has.

    Raises:
        StoreError: the store cannot be written.
    """
    with store.write() as session:
        row, is_new = register_row(store, session, content, who)
        return Registered(to_document(row), is_new)


def register_row(store: Store, session: Session, content: Content, who: str) -> tuple[DocumentRow, bool]:
    """As ``register``, as a part of the transaction of ``session``."""
    insert = sqlite.insert if store.engine.dialect.name == "sqlite" else postgresql.insert
    # Two processes may take the same content at the same time; the second one waits here, and finds the first one's.
    new_id = session.scalar(
        insert(DocumentRow)
        .values(
            sha256=content.sha256,
            byte_size=content.byte_size,
            name=plain_text(content.name),
            media_type=content.media_type,
            tags=_tags(content.tags),
            state="received",
            attempts=0,
            lapses=0,
            received_at=store.clock(),
        )
        .on_conflict_do_nothing(index_elements=["sha256"])
        .returning(DocumentRow.id)
    )
    row = session.scalars(select(DocumentRow).where(DocumentRow.sha256 == content.sha256).with_for_update()).one()
    if new_id is None:
        row.tags = list(dict.fromkeys((*row.tags, *_tags(content.tags))))
    else:
        note(store, session, who=who, action="received", document_id=row.id, change=(None, {"state": "received"}))
    return row, new_id is not None


def document(store: Store, document_id: int) -> Document | None:
    """The document with this id; None where there is none.

    Raises:
        StoreError: the store cannot be read.
    """
    with store.read() as session:
        row = session.get(DocumentRow, document_id)
        return None if row is None else to_document(row)


def document_of(store: Store, sha256: str) -> Document | None:
    """The document of a content; None where the content is not known.

    Raises:
        StoreError: the store cannot be read.
    """
    with store.read() as session:
        row = session.scalars(select(DocumentRow).where(DocumentRow.sha256 == sha256)).one_or_none()
        return None if row is None else to_document(row)


def documents(store: Store, states: Collection[State] = ()) -> list[Document]:
    """The documents in these states, or all of them, in the order in which they came.

    Raises:
        StoreError: the store cannot be read.
    """
    query = select(DocumentRow).order_by(DocumentRow.id)
    if states:
        query = query.where(DocumentRow.state.in_(states))
    with store.read() as session:
        return [to_document(row) for row in session.scalars(query)]


def find_documents(
    store: Store,
    *,
    states: Collection[State] = (),
    agency: str | None = None,
    year: int | None = None,
    tag: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> tuple[int, list[Document]]:
    """(number of documents that the filters leave, some of them in the order in which they came).

    Raises:
        StoreError: the store cannot be read.
    """
    query = select(DocumentRow)
    if states:
        query = query.where(DocumentRow.state.in_(states))
    if agency is not None:
        query = query.where(DocumentRow.agency == plain_text(agency))
    if year is not None:
        query = query.where(DocumentRow.year == year)
    if tag is not None:
        query = query.where(has_text(DocumentRow.tags, tag))
    with store.read() as session:
        total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
        rows = session.scalars(query.order_by(DocumentRow.id).limit(limit).offset(offset))
        return total, [to_document(row) for row in rows]


def has_text(column: InstrumentedAttribute[list[str]], text: str) -> ColumnElement[bool]:
    """The condition that a list of texts, kept as JSON, has this one."""
    return cast_to(column, Text).contains(json.dumps(plain_text(text)), autoescape=True)


def load_report(store: Store, document_id: int) -> StoredReport | None:
    """The report in force of a document; None where it has none yet.

    Raises:
        StoreError: the store cannot be read, or the report was written by a newer version.
    """
    with store.read() as session:
        return _load(store, session, document_id)


def read_under(store: Store, document_id: int) -> str | None:
    """The ``settings_digest`` of the reading that the report in force comes from; None where there is no report.

    Raises:
        StoreError: the store cannot be read.
    """
    with store.read() as session:
        return session.scalar(
            select(RunRow.settings_digest)
            .join(ReportRow, ReportRow.run_id == RunRow.id)
            .join(DocumentRow, DocumentRow.report_id == ReportRow.id)
            .where(DocumentRow.id == document_id)
        )


def reports_since(
    store: Store, since: dt.datetime | None = None, *, latest_only: bool = False, states: Collection[State] = ()
) -> Iterator[StoredReport]:
    """The reports in force that were written at ``since`` or later, in the order in which their documents came.

    Args:
        store: The store.
        since: With a time zone; None for all.
        latest_only: True leaves out contents that a newer one of the same agency and year replaces.
        states: Only documents in these states; empty for all.

    Raises:
        StoreError: the store cannot be read, or a report was written by a newer version.
    """
    query = select(DocumentRow.id).where(DocumentRow.report_id.is_not(None)).order_by(DocumentRow.id)
    if since is not None:
        query = query.where(DocumentRow.finished_at >= since)
    if states:
        query = query.where(DocumentRow.state.in_(states))
    with store.read() as session:
        ids = list(session.scalars(query))
    # No transaction is kept open while the reader works on a report: it may take its time.
    for document_id in ids:
        found = load_report(store, document_id)
        if found is not None and (found.is_latest or not latest_only):
            yield found


def to_document(row: DocumentRow) -> Document:
    """The row as a plain object."""
    return Document(
        id=row.id,
        sha256=row.sha256,
        byte_size=row.byte_size,
        name=row.name,
        media_type=row.media_type,
        tags=tuple(row.tags),
        state=cast("State", row.state),
        attempts=row.attempts,
        lapses=row.lapses,
        received_at=row.received_at,
        not_before=row.not_before,
        lease_owner=row.lease_owner,
        lease_until=row.lease_until,
        agency=row.agency,
        year=row.year,
        failure_code=row.failure_code,
        failure_message=row.failure_message,
        finished_at=row.finished_at,
        revision=row.revision,
    )


def _load(store: Store, session: Session, document_id: int) -> StoredReport | None:
    found = session.execute(
        select(DocumentRow, func.coalesce(ReportRow.reviewed, ReportRow.document))
        .join(ReportRow, ReportRow.id == DocumentRow.report_id)
        .where(DocumentRow.id == document_id)
    ).one_or_none()
    if found is None:
        return None
    row, text = found
    report = parse_report(store, row.id, text)
    if row.agency_key is None or row.year is None:
        return StoredReport(to_document(row), report, None, is_latest=True)
    other = aliased(DocumentRow)
    same = select(func.count()).where(
        other.agency_key == row.agency_key, other.year == row.year, other.report_id.is_not(None)
    )
    # Counted when asked for, by the order in which contents came: workers finish in any order.
    version = session.scalar(same.where(other.id <= row.id))
    newer = session.scalar(same.where(other.id > row.id))
    return StoredReport(to_document(row), report, version, is_latest=newer == 0)


def parse_report(store: Store, document_id: int, text: str) -> Report:
    """The report document from its text.

    Raises:
        StoreError: it was written by a newer version.
    """
    try:
        return Report.model_validate_json(text)
    except ValidationError as exc:
        raise StoreError(
            f"the report of document {document_id} does not fit this version of nianbao",
            source=store.place,
            remedy=f"update nianbao, or read it again with `nianbao retry {document_id}`",
        ) from exc


def _tags(tags: tuple[str, ...]) -> list[str]:
    return [plain_text(tag) for tag in dict.fromkeys(tags)]
