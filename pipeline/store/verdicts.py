"""Verdicts in the store: written with the report they lead to and their entry in the audit log, in one transaction."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import StaleItemError, UnknownItemError
from models.report import Report
from models.verdict import Verdict
from models.waiver import Waiver
from pipeline.store.audit import note
from pipeline.store.documents import parse_report, to_document
from pipeline.store.open_store import Store
from pipeline.store.records import Document
from pipeline.store.results import put_in_force
from pipeline.store.tables import DocumentRow, HoldRow, ReportRow, VerdictRow
from pipeline.store.waivers import add_waiver_row, waiver_rows_of, withdraw_waiver_row
from pipeline.verdicts.lay_over import lay_over, state_of

# States in which a person decides.
REVIEWED_STATES = frozenset({"review", "done"})


# Reports kept in memory, the last used ones. Nobody changes them: each change makes another object.
_MOST_PARSED = 64
_parsed: OrderedDict[tuple[str, int, int, int], tuple[Report, Report]] = OrderedDict()
_LOCK = Lock()


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """A verdict with its id; ``undone_by`` is None while it is in force. ``settled``: other numbers it settled too."""

    id: int
    document_id: int
    verdict: Verdict
    settled: int
    undone_by: str | None


@dataclass(frozen=True, slots=True)
class ReviewState:
    """A document as a person finds it.

    ``as_read`` is the report without verdicts, ``report`` the one in force. ``revision`` is that of the document:
    whatever is worked out on this state may be written only while it has not changed.
    """

    document: Document
    revision: int
    as_read: Report
    report: Report
    verdicts: tuple[StoredVerdict, ...]
    waivers: Mapping[int, Waiver]


@dataclass(frozen=True, slots=True)
class AuditChange:
    """What the audit log says of a change: fields and findings before and after."""

    before: dict[str, object]
    after: dict[str, object]


def review_state(store: Store, document_id: int) -> ReviewState:
    """The document with its report and the verdicts in force.

    Raises:
        UnknownItemError: there is no such document, or it has no report to review.
        StoreError: the store cannot be read, or the report was written by a newer version.
    """
    with store.read() as session:
        found = session.execute(
            select(DocumentRow, DocumentRow.revision, DocumentRow.report_id).where(DocumentRow.id == document_id)
        ).one_or_none()
        report_id = None if found is None else found[2]
        if found is None or report_id is None:
            raise UnknownItemError(f"document {document_id} has no report", remedy="`nianbao status` lists documents")
        row, revision, _ = found
        as_read, report = _reports(store, session, row.id, report_id, revision)
        return ReviewState(
            to_document(row),
            revision,
            as_read,
            report,
            tuple(_in_force(session, document_id)),
            waiver_rows_of(session, as_read),
        )


def with_verdicts(
    store: Store, state: ReviewState, verdicts: Sequence[Verdict], waivers: Sequence[Waiver] | None = None
) -> Report:
    """The report of the document as it would be with these verdicts."""
    return lay_over(
        state.as_read,
        verdicts,
        list(state.waivers.values()) if waivers is None else waivers,
        store.clock().date(),
        accept_error_rate=store.accept_error_rate,
    )


def add_verdict(
    store: Store,
    state: ReviewState,
    verdict: Verdict,
    report: Report,
    change: AuditChange,
    waiver: Waiver | None = None,
) -> int:
    """The id of the verdict; ``report`` is then the one in force, and the state of the document follows from it.

    Args:
        store: The store.
        state: What the verdict was worked out on.
        verdict: The verdict.
        report: The report with it.
        change: For the audit log.
        waiver: Added along with it.

    Raises:
        StaleItemError: the document has changed since ``state`` was read; nothing was written.
        StoreError: the store cannot be written; nothing was written.
    """
    with store.write() as session:
        row, stored = unchanged_rows(session, state)
        if waiver is not None:
            waiver_id = add_waiver_row(store, session, waiver, who=verdict.who, document_id=row.id)
            verdict = verdict.model_copy(update={"waiver_id": waiver_id})
        kept = VerdictRow(
            document_id=row.id,
            at=verdict.at,
            who=verdict.who,
            action=verdict.action,
            item=verdict.item,
            settled=_settled(state.report, report, verdict),
            verdict=verdict.model_dump(mode="json"),
        )
        session.add(kept)
        session.flush()
        has_any = waiver is not None or bool(state.waivers) or bool(_in_force(session, row.id))
        replace_report(session, row, stored, state.report, report, is_reviewed=has_any)
        hold = session.get(HoldRow, (row.id, verdict.item))
        if hold is not None:
            session.delete(hold)
        before = {"state": state.document.state, **change.before}
        after = {"state": row.state, "verdict": kept.id, "item": verdict.item, **change.after}
        note(
            store,
            session,
            who=verdict.who,
            action=f"decided: {verdict.action}",
            document_id=row.id,
            change=(before, after),
            why=verdict.why,
        )
        verdict_id, key = kept.id, (store.place, row.id, stored.id, row.revision)
    _remember(key, (state.as_read, report))
    return verdict_id


def undo_verdict(
    store: Store, state: ReviewState, verdict_id: int, report: Report, change: AuditChange, *, who: str
) -> None:
    """Nothing; the verdict is then no longer in force, and ``report`` is, which is without it.

    Raises:
        UnknownItemError: there is no such verdict in force.
        StaleItemError: the document has changed since ``state`` was read; nothing was written.
        StoreError: the store cannot be written; nothing was written.
    """
    with store.write() as session:
        row, stored = unchanged_rows(session, state)
        kept = session.get(VerdictRow, verdict_id, with_for_update=True)
        if kept is None or kept.document_id != row.id or kept.undone_at is not None:
            raise UnknownItemError(f"there is no verdict {verdict_id} in force")
        kept.undone_at, kept.undone_by = store.clock(), who
        verdict = _verdict(kept)
        if verdict.waiver_id in state.waivers and verdict.waiver_id is not None:
            withdraw_waiver_row(store, session, verdict.waiver_id, who=who, why="undone", document_id=row.id)
        session.flush()
        rest = set(state.waivers) - {verdict.waiver_id}
        is_reviewed = bool(rest) or bool(_in_force(session, row.id))
        replace_report(session, row, stored, state.report, report, is_reviewed=is_reviewed)
        before = {"state": state.document.state, "verdict": verdict_id, "item": kept.item, **change.before}
        note(
            store,
            session,
            who=who,
            action="undone",
            document_id=row.id,
            change=(before, {"state": row.state, **change.after}),
            why=f"{kept.action} by {kept.who}",
        )
        key = (store.place, row.id, stored.id, row.revision)
    _remember(key, (state.as_read, report))


def last_verdict(store: Store, who: str, document_id: int | None = None) -> StoredVerdict | None:
    """The last verdict of a person that is in force; None where there is none.

    Raises:
        StoreError: the store cannot be read.
    """
    query = select(VerdictRow).where(VerdictRow.who == who, VerdictRow.undone_at.is_(None))
    if document_id is not None:
        query = query.where(VerdictRow.document_id == document_id)
    with store.read() as session:
        row = session.scalars(query.order_by(VerdictRow.id.desc()).limit(1)).first()
        return None if row is None else _stored(row)


def find_verdict(store: Store, verdict_id: int) -> StoredVerdict:
    """The verdict with this id, in force or not.

    Raises:
        UnknownItemError: there is none.
        StoreError: the store cannot be read.
    """
    with store.read() as session:
        row = session.get(VerdictRow, verdict_id)
        if row is None:
            raise UnknownItemError(f"there is no verdict {verdict_id}")
        return _stored(row)


def verdicts_of(store: Store, document_id: int) -> list[StoredVerdict]:
    """All verdicts on a document, the oldest first, undone ones too.

    Raises:
        StoreError: the store cannot be read.
    """
    with store.read() as session:
        query = select(VerdictRow).where(VerdictRow.document_id == document_id).order_by(VerdictRow.id)
        return [_stored(row) for row in session.scalars(query)]


def laid_over(store: Store, session: Session, document_id: int, report: Report) -> Report | None:
    """A report that was just read, with the verdicts on its content and its waivers; None where there are none."""
    verdicts = [v.verdict for v in _in_force(session, document_id)]
    waivers = list(waiver_rows_of(session, report).values())
    if not verdicts and not waivers:
        return None
    today = store.clock().date()
    return lay_over(report, verdicts, waivers, today, accept_error_rate=store.accept_error_rate)


def _reports(store: Store, session: Session, document_id: int, report_id: int, revision: int) -> tuple[Report, Report]:
    """(as read, in force), from memory where they were read before: to parse them takes longer than all else."""
    key = (store.place, document_id, report_id, revision)
    with _LOCK:
        found = _parsed.get(key)
        if found is not None:
            _parsed.move_to_end(key)
            return found
    document, reviewed = session.execute(
        select(ReportRow.document, ReportRow.reviewed).where(ReportRow.id == report_id)
    ).one()
    as_read = parse_report(store, document_id, document)
    reports = (as_read, as_read if reviewed is None else parse_report(store, document_id, reviewed))
    _remember(key, reports)
    return reports


def _remember(key: tuple[str, int, int, int], reports: tuple[Report, Report]) -> None:
    with _LOCK:
        _parsed[key] = reports
        while len(_parsed) > _MOST_PARSED:
            _parsed.popitem(last=False)


def unchanged_rows(session: Session, state: ReviewState) -> tuple[DocumentRow, ReportRow]:
    """The document and its result, locked, where they are still what ``state`` says.

    Raises:
        StaleItemError: they are not.
    """
    row = session.scalars(
        select(DocumentRow).where(DocumentRow.id == state.document.id).with_for_update()
    ).one_or_none()
    if row is None or row.revision != state.revision or row.state not in REVIEWED_STATES or row.report_id is None:
        raise StaleItemError(
            f"document {state.document.id} was changed in the meantime", remedy="look at it again, then decide"
        )
    return row, session.get_one(ReportRow, row.report_id)


def replace_report(
    session: Session, row: DocumentRow, stored: ReportRow, before: Report, report: Report, *, is_reviewed: bool
) -> None:
    """Nothing; ``report`` is then in force, and the state of the document follows from it."""
    put_in_force(session, row, stored, report, before)
    stored.reviewed = report.model_dump_json() if is_reviewed else None
    row.state = state_of(report)


def _settled(before: Report, after: Report, verdict: Verdict) -> int:
    return sum(
        value.decision == "review" and after.fields[i].decision == "accept"
        for i, value in before.fields.items()
        if i not in verdict.sets and i in after.fields
    )


def _in_force(session: Session, document_id: int) -> list[StoredVerdict]:
    query = (
        select(VerdictRow)
        .where(VerdictRow.document_id == document_id, VerdictRow.undone_at.is_(None))
        .order_by(VerdictRow.id)
    )
    return [_stored(row) for row in session.scalars(query)]


def _stored(row: VerdictRow) -> StoredVerdict:
    return StoredVerdict(row.id, row.document_id, _verdict(row), row.settled, row.undone_by)


def _verdict(row: VerdictRow) -> Verdict:
    return Verdict.model_validate_json(json.dumps(row.verdict))
