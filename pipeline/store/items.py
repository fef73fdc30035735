"""Open items over all documents, the heaviest first, and who works on which."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TypeVar, TypeVarTuple, cast

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, literal, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, aliased

from pipeline.store.column_types import plain_text
from pipeline.store.documents import has_text, parse_report
from pipeline.store.open_store import Store
from pipeline.store.results import index_items
from pipeline.store.tables import DocumentRow, HoldRow, ItemRow, ReportRow, VerdictRow
from pipeline.verdicts.open_items import ItemKind

Columns = TypeVarTuple("Columns")
T = TypeVar("T")
# How long an item is held for the person who opened it, without a sign of life. Seconds.
HOLD_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """Which items; None and empty mean any. ``rule`` is a rule id, or its part before the bracket.

    ``held_by_others`` False leaves out what somebody else works on; ``in_free_documents`` True leaves out all items of
    documents in which somebody else works on one.
    """

    agency: str | None = None
    year: int | None = None
    tag: str | None = None
    kind: ItemKind | None = None
    rule: str | None = None
    reason: str | None = None
    document_id: int | None = None
    held_by_others: bool = True
    in_free_documents: bool = False


@dataclass(frozen=True, slots=True)
class QueueItem:
    """One open item. ``held_by`` is the login of who works on it; ``skipped``: this person has put it off."""

    document_id: int
    item: str
    kind: ItemKind
    fields: tuple[str, ...]
    reasons: tuple[str, ...]
    weight: float
    rule: str | None
    page_no: int | None
    agency: str | None
    year: int | None
    name: str
    tags: tuple[str, ...] = field(default=())
    held_by: str | None = None
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class QueueReport:
    """One document with open items. ``weight`` is that of all its items together."""

    document_id: int
    name: str
    agency: str | None
    year: int | None
    tags: tuple[str, ...]
    items: int
    weight: float
    held_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """Open items by kind, documents with open items, and what to filter by."""

    items: int
    documents: int
    by_kind: dict[str, int]
    agencies: tuple[str, ...]
    years: tuple[int, ...]
    tags: tuple[str, ...]
    rules: tuple[str, ...]


def queue_items(store: Store, chosen: QueueFilter, who: str, *, limit: int = 100, offset: int = 0) -> list[QueueItem]:
    """Open items, documents with most weight first, within a document the heaviest first; skipped ones last.

    Raises:
        StoreError: the store cannot be read.
    """
    now = store.clock()
    totals = select(ItemRow.document_id, func.sum(ItemRow.weight).label("total")).group_by(ItemRow.document_id)
    skips = _skips(who)
    if chosen.document_id is not None:
        totals = totals.where(ItemRow.document_id == chosen.document_id)
        skips = skips.where(VerdictRow.document_id == chosen.document_id)
    total, skip = totals.subquery(), skips.subquery()
    skipped = case((skip.c.item.is_(None), 0), else_=1)
    query = (
        _chosen(
            select(ItemRow, DocumentRow, HoldRow.who, skipped.label("skipped"))
            .join(DocumentRow, DocumentRow.id == ItemRow.document_id)
            .join(total, total.c.document_id == ItemRow.document_id)
            .outerjoin(skip, and_(skip.c.document_id == ItemRow.document_id, skip.c.item == ItemRow.item))
            .outerjoin(HoldRow, _held(now)),
            chosen,
            who,
            now,
        )
        .order_by(skipped, total.c.total.desc(), ItemRow.document_id, ItemRow.weight.desc(), ItemRow.position)
        .limit(limit)
        .offset(offset)
    )
    with store.read() as session:
        rows = session.execute(query).all()
    return [_to_item(*row) for row in rows]


def queue_reports(
    store: Store, chosen: QueueFilter, who: str, *, limit: int = 100, offset: int = 0
) -> list[QueueReport]:
    """Documents with open items, those with most weight first.

    Raises:
        StoreError: the store cannot be read.
    """
    query = (
        _chosen(
            select(DocumentRow, func.count(), func.sum(ItemRow.weight).label("total"))
            .join(ItemRow, DocumentRow.id == ItemRow.document_id)
            .outerjoin(HoldRow, _held(store.clock())),
            chosen,
            who,
            store.clock(),
        )
        .group_by(DocumentRow.id)
        .order_by(func.sum(ItemRow.weight).desc(), DocumentRow.id)
        .limit(limit)
        .offset(offset)
    )
    with store.read() as session:
        rows = session.execute(query).all()
        ids = [row.id for row, _, _ in rows]
        holds: dict[int, set[str]] = {}
        held = select(HoldRow.document_id, HoldRow.who).where(
            HoldRow.document_id.in_(ids), HoldRow.until > store.clock()
        )
        for document_id, name in session.execute(held):
            holds.setdefault(document_id, set()).add(name)
    return [
        QueueReport(
            row.id,
            row.name,
            row.agency,
            row.year,
            tuple(row.tags),
            count,
            float(total),
            tuple(sorted(holds.get(row.id, ()))),
        )
        for row, count, total in rows
    ]


def queue_counts(store: Store, chosen: QueueFilter, who: str) -> QueueCounts:
    """The counts of what ``chosen`` names, and all values that filters may take.

    Raises:
        StoreError: the store cannot be read.
    """
    now = store.clock()
    with store.read() as session:
        by_kind = dict(session.execute(_counted(ItemRow.kind, chosen, who, now).group_by(ItemRow.kind)).all())
        documents = session.execute(_counted(func.count(ItemRow.document_id.distinct()), chosen, who, now)).one()[0]
        is_open = select(ItemRow.document_id).where(ItemRow.document_id == DocumentRow.id).exists()
        there = session.execute(
            select(DocumentRow.agency, DocumentRow.year, DocumentRow.tags).where(DocumentRow.state == "review", is_open)
        ).all()
        rules = session.scalars(select(ItemRow.rule).where(ItemRow.rule.is_not(None)).distinct())
        return QueueCounts(
            items=sum(by_kind.values()),
            documents=documents,
            by_kind=by_kind,
            agencies=tuple(sorted({a for a, _, _ in there if a})),
            years=tuple(sorted({y for _, y, _ in there if y is not None}, reverse=True)),
            tags=tuple(sorted({tag for _, _, tags in there for tag in tags})),
            rules=tuple(sorted({rule.split("[", 1)[0] for rule in rules if rule})),
        )


def count_items(store: Store, chosen: QueueFilter, who: str) -> int:
    """Number of the open items that ``chosen`` names.

    Raises:
        StoreError: the store cannot be read.
    """
    with store.read() as session:
        return session.execute(_counted(literal(0), chosen, who, store.clock())).one()[1]


def hold_item(store: Store, document_id: int, item: str, who: str, *, seconds: float = HOLD_SECONDS) -> str:
    """The login of who works on the item now: ``who``, unless somebody else holds it already.

    A hold keeps nobody from deciding; it tells others to take something else.

    Raises:
        StoreError: the store cannot be written.
    """
    insert = sqlite.insert if store.engine.dialect.name == "sqlite" else postgresql.insert
    with store.write() as session:
        now = store.clock()
        session.execute(delete(HoldRow).where(HoldRow.until <= now))
        until = now + dt.timedelta(seconds=seconds)
        taken = insert(HoldRow).values(document_id=document_id, item=item, who=who, until=until)
        session.execute(
            taken.on_conflict_do_update(
                index_elements=["document_id", "item"], set_={"until": until}, where=HoldRow.who == who
            )
        )
        return session.get_one(HoldRow, (document_id, item)).who


def release_items(store: Store, who: str, document_id: int | None = None) -> None:
    """Nothing; the person then holds no item, or none of this document.

    Raises:
        StoreError: the store cannot be written.
    """
    query = delete(HoldRow).where(HoldRow.who == who)
    if document_id is not None:
        query = query.where(HoldRow.document_id == document_id)
    with store.write() as session:
        session.execute(query)


def index_older_reports(store: Store) -> int:
    """Number of documents in review whose items were not known yet: they were read by a version without them.

    Raises:
        StoreError: the store cannot be read or written.
    """
    known = select(ItemRow.document_id)
    with store.write() as session:
        rows = session.execute(
            select(DocumentRow.id, ReportRow.document)
            .join(ReportRow, ReportRow.id == DocumentRow.report_id)
            .where(DocumentRow.state == "review", DocumentRow.id.not_in(known))
        ).all()
        for document_id, text in rows:
            index_items(session, document_id, parse_report(store, document_id, text))
        return len(rows)


def _counted(
    what: ColumnElement[T] | InstrumentedAttribute[T], chosen: QueueFilter, who: str, now: dt.datetime
) -> Select[T, int]:
    """What is asked for, and the number of open items."""
    base = (
        select(what, func.count())
        .select_from(ItemRow)
        .join(DocumentRow, DocumentRow.id == ItemRow.document_id)
        .outerjoin(HoldRow, _held(now))
    )
    return _chosen(base, chosen, who, now)


def _chosen(query: Select[*Columns], chosen: QueueFilter, who: str, now: dt.datetime) -> Select[*Columns]:
    conditions: list[ColumnElement[bool]] = [DocumentRow.state == "review"]
    if chosen.agency is not None:
        conditions.append(DocumentRow.agency == plain_text(chosen.agency))
    if chosen.year is not None:
        conditions.append(DocumentRow.year == chosen.year)
    if chosen.tag is not None:
        conditions.append(has_text(DocumentRow.tags, chosen.tag))
    if chosen.kind is not None:
        conditions.append(ItemRow.kind == chosen.kind)
    if chosen.rule is not None:
        rule = plain_text(chosen.rule)
        conditions.append(or_(ItemRow.rule == rule, ItemRow.rule.startswith(f"{rule}[", autoescape=True)))
    if chosen.reason is not None:
        conditions.append(has_text(ItemRow.reasons, chosen.reason))
    if chosen.document_id is not None:
        conditions.append(ItemRow.document_id == chosen.document_id)
    if not chosen.held_by_others:
        conditions.append(or_(HoldRow.who.is_(None), HoldRow.who == who))
    if chosen.in_free_documents:
        other = aliased(HoldRow)
        held = select(other.document_id).where(other.who != who, other.until > now)
        conditions.append(ItemRow.document_id.not_in(held))
    return query.where(*conditions)


def _held(now: dt.datetime) -> ColumnElement[bool]:
    return and_(HoldRow.document_id == ItemRow.document_id, HoldRow.item == ItemRow.item, HoldRow.until > now)


def _skips(who: str) -> Select[int, str]:
    """(document, item) that the person has put off."""
    return (
        select(VerdictRow.document_id, VerdictRow.item)
        .where(VerdictRow.who == who, VerdictRow.action == "skip", VerdictRow.undone_at.is_(None))
        .distinct()
    )


def _to_item(row: ItemRow, document: DocumentRow, held_by: str | None, skipped: int) -> QueueItem:
    return QueueItem(
        document_id=row.document_id,
        item=row.item,
        kind=cast("ItemKind", row.kind),
        fields=tuple(row.fields),
        reasons=tuple(row.reasons),
        weight=row.weight,
        rule=row.rule,
        page_no=row.page_no,
        agency=document.agency,
        year=document.year,
        name=document.name,
        tags=tuple(document.tags),
        held_by=held_by,
        skipped=bool(skipped),
    )
