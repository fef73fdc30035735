"""The queue: documents on their way from received to a final state, each leased to one worker at a time.

::

    received --claim--> running --finish--> done | review | failed | password
        ^                  |
        +-- fail (later, until attempts are used up: failed), release, lease ran out (until lapses are used up: failed)
        +-- retry, of a final one

A claim makes a run; its id is the proof of the lease. What comes from a worker whose lease was given to another one
is refused, so each document has one result, whatever dies when, and however wrong clocks are.
"""

from __future__ import annotations

import datetime as dt
from typing import cast

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.errors import EncryptedInputError, LeaseLostError, UsageError
from models.report import FailureRecord, Report, SourceRecord
from pipeline.store.audit import note
from pipeline.store.documents import to_document
from pipeline.store.open_store import Store
from pipeline.store.records import POISON, Claimed, Document, Outcome, State
from pipeline.store.results import write_report
from pipeline.store.tables import DocumentRow, RunRow
from pipeline.store.verdicts import laid_over
from pipeline.verdicts.lay_over import state_of

_SERVICE = "nianbao"


def claim(store: Store, worker: str, *, lease_seconds: float | None = None) -> Claimed | None:
    """The oldest document that waits and whose time has come, leased to ``worker``; None where there is none.

    Args:
        store: The store.
        worker: Who reads it; ``break_leases`` finds leases by the beginning of this name.
        lease_seconds: How long without ``renew``; the setting where None.

    Raises:
        StoreError: the store cannot be written.
    """
    with store.write() as session:
        may_start = or_(DocumentRow.not_before.is_(None), DocumentRow.not_before <= store.clock())
        row = session.scalars(
            select(DocumentRow)
            .where(DocumentRow.state == "received", may_start)
            .order_by(DocumentRow.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if row is None:
            return None
        # Not before the row is ours: the reading before may have ended a moment ago.
        now = store.clock()
        run = RunRow(
            document_id=row.id,
            worker=worker,
            started_at=now,
            nianbao_version=store.nianbao_version,
            settings_digest=store.settings_digest,
        )
        session.add(run)
        session.flush()
        row.state = "running"
        row.run_id = run.id
        row.not_before = None
        row.lease_owner = worker
        row.lease_until = _lease_end(store, now, lease_seconds)
        return Claimed(
            run_id=run.id,
            document_id=row.id,
            sha256=row.sha256,
            byte_size=row.byte_size,
            name=row.name,
            media_type=row.media_type,
            tags=tuple(row.tags),
            worker=worker,
            attempt=row.attempts + 1,
            lapses=row.lapses,
            lease_until=row.lease_until,
            password=row.password,
        )


def renew(store: Store, claimed: Claimed, *, lease_seconds: float | None = None) -> dt.datetime:
    """The new end of the lease.

    Raises:
        LeaseLostError: the document was given to another worker.
        StoreError: the store cannot be written.
    """
    with store.write() as session:
        row = _leased(store, session, claimed)
        row.lease_until = _lease_end(store, store.clock(), lease_seconds)
        return row.lease_until


def finish(store: Store, claimed: Claimed, report: Report) -> State:
    """The final state of the document: ``report`` is its result, written with all its rows in one transaction.

    ``done`` where the report is ok, ``failed`` where it failed, ``password`` where it failed for want of one, else
    ``review``.

    Raises:
        LeaseLostError: the document was given to another worker; nothing was written.
        StoreError: the store cannot be written; nothing was written.
    """
    with store.write() as session:
        row = _leased(store, session, claimed)
        _end_run(store, session, row, "finished", report)
        return _settle(store, session, row, report, who=claimed.worker)


def fail(store: Store, claimed: Claimed, report: Report) -> State:
    """``received`` where the document is tried again after a wait, ``failed`` where its attempts are used up.

    For failures that another attempt may not have: a crash, time, memory. ``report`` has the status ``failed`` and says
    why; it is the result of the last attempt.

    Raises:
        LeaseLostError: the document was given to another worker; nothing was written.
        StoreError: the store cannot be written; nothing was written.
    """
    with store.write() as session:
        row = _leased(store, session, claimed)
        row.attempts += 1
        _end_run(store, session, row, "failed", report)
        if row.attempts >= store.settings.max_attempts:
            return _settle(store, session, row, report, who=claimed.worker)
        _note_failure(row, report)
        _wait_again(store, session, row, waits=row.attempts, who=claimed.worker, action="tried again later")
        return "received"


def release(store: Store, claimed: Claimed) -> None:
    """Nothing; the document waits again as if it had not been claimed. For a worker that is asked to stop.

    Raises:
        LeaseLostError: the document was given to another worker.
        StoreError: the store cannot be written.
    """
    with store.write() as session:
        row = _leased(store, session, claimed)
        _end_run(store, session, row, "released", None)
        _wait_again(store, session, row, waits=0, who=claimed.worker, action="released")


def expire_leases(store: Store) -> list[Document]:
    """The documents whose lease has run out; they wait again, or have failed as poison where that is too often.

    Raises:
        StoreError: the store cannot be written.
    """
    with store.write() as session:
        due = session.scalars(
            select(DocumentRow)
            .where(DocumentRow.state == "running", DocumentRow.lease_until < store.clock())
            .order_by(DocumentRow.id)
            .with_for_update(skip_locked=True)
        ).all()
        return [_lapse(store, session, row) for row in due]


def break_leases(store: Store, owner: str) -> list[Document]:
    """The documents whose worker's name begins with ``owner``; as ``expire_leases``, without waiting for the time.

    For a service that starts and knows that no worker of an earlier start is alive. ``owner`` should end with a sign
    that no name goes on after: ``watch:/in`` also begins ``watch:/inbox``.

    Raises:
        StoreError: the store cannot be written.
    """
    with store.write() as session:
        held = session.scalars(
            select(DocumentRow)
            # No LIKE: SQLite's takes capital and small letters for one.
            .where(DocumentRow.state == "running", func.substr(DocumentRow.lease_owner, 1, len(owner)) == owner)
            .order_by(DocumentRow.id)
            .with_for_update()
        ).all()
        return [_lapse(store, session, row) for row in held]


def retry(store: Store, document_id: int, *, who: str, why: str = "", password: str | None = None) -> Document:
    """The document, waiting to be read again with all its attempts. A result that it has stays until the new one.

    Args:
        store: The store.
        document_id: A document in a final state, or one that waits for its next attempt.
        who: Who asks for it.
        why: Noted in the audit log.
        password: Of an encrypted file; kept until the next reading ends, and never logged.

    Raises:
        UsageError: there is no such document, or it is being read.
        StoreError: the store cannot be written.
    """
    with store.write() as session:
        row = session.get(DocumentRow, document_id, with_for_update=True)
        if row is None:
            raise UsageError(f"there is no document {document_id}", remedy="`nianbao status` lists them")
        if row.state == "running":
            raise UsageError(f"document {document_id} is being read", remedy="wait until it is finished")
        before = row.state
        row.state = "received"
        row.attempts = row.lapses = 0
        row.not_before = None
        row.password = row.password if password is None else password
        note(
            store,
            session,
            who=who,
            action="retried",
            document_id=row.id,
            change=({"state": before}, {"state": "received", "password": password is not None}),
            why=why,
        )
        return to_document(row)


def next_wait_ends(store: Store) -> dt.datetime | None:
    """When the first of the waiting documents may be claimed, which may be past; None where none waits.

    Raises:
        StoreError: the store cannot be read.
    """
    with store.read() as session:
        moment = func.coalesce(DocumentRow.not_before, DocumentRow.received_at)
        return session.scalar(select(func.min(moment)).where(DocumentRow.state == "received"))


def _leased(store: Store, session: Session, claimed: Claimed) -> DocumentRow:
    row = session.scalars(
        select(DocumentRow).where(DocumentRow.id == claimed.document_id).with_for_update()
    ).one_or_none()
    if row is None or row.state != "running" or row.run_id != claimed.run_id:
        raise LeaseLostError(
            f"document {claimed.document_id} ({claimed.name}) is no longer leased to {claimed.worker}",
            source=store.place,
            remedy="nothing to do: another worker reads it; where this happens often, raise store.lease_seconds",
        )
    return row


def _lease_end(store: Store, now: dt.datetime, lease_seconds: float | None) -> dt.datetime:
    return now + dt.timedelta(seconds=store.settings.lease_seconds if lease_seconds is None else lease_seconds)


def _end_run(
    store: Store, session: Session, row: DocumentRow, outcome: Outcome, report: Report | None, code: str | None = None
) -> None:
    run = session.get_one(RunRow, row.run_id)
    run.ended_at = store.clock()
    run.outcome = outcome
    run.code = code or (report.failures[0].code if report and report.failures else None)
    run.timings = dict(report.timings) if report else None
    row.lease_owner = row.lease_until = None


def _settle(store: Store, session: Session, row: DocumentRow, report: Report, *, who: str) -> State:
    # What persons decided on this content before outlives another reading of it.
    reviewed = laid_over(store, session, row.id, report)
    in_force = report if reviewed is None else reviewed
    state = final_state(report) if reviewed is None or report.status == "failed" else state_of(reviewed)
    write_report(store, session, row, cast("int", row.run_id), report, reviewed)
    row.state = state
    row.not_before = row.password = None
    row.finished_at = store.clock()
    _note_failure(row, in_force)
    note(
        store,
        session,
        who=who,
        action="finished",
        document_id=row.id,
        change=({"state": "running"}, {"state": state, "run": row.run_id}),
        why=row.failure_code or "",
    )
    return state


def final_state(report: Report) -> State:
    """The state that a report leads to."""
    if report.status == "failed":
        encrypted = any(failure.code == EncryptedInputError.code for failure in report.failures)
        return "password" if encrypted else "failed"
    return "done" if report.status == "ok" else "review"


def _note_failure(row: DocumentRow, report: Report) -> None:
    failure = report.failures[0] if report.failures else None
    row.failure_code = None if failure is None else failure.code
    row.failure_message = None if failure is None else failure.message


def _wait_again(store: Store, session: Session, row: DocumentRow, *, waits: int, who: str, action: str) -> None:
    """Puts the document back; ``waits`` is how often it has been put back, 0 for no wait."""
    row.state = "received"
    row.not_before = None
    if waits:
        # The exponent is bounded, as the wait is: a float overflows at 1024.
        seconds = store.settings.retry_seconds * 2.0 ** min(waits - 1, 60)
        row.not_before = store.clock() + dt.timedelta(seconds=min(seconds, store.settings.max_retry_seconds))
    note(
        store,
        session,
        who=who,
        action=action,
        document_id=row.id,
        change=({"state": "running"}, {"state": "received", "attempts": row.attempts, "lapses": row.lapses}),
        why=row.failure_code or "",
    )


def _lapse(store: Store, session: Session, row: DocumentRow) -> Document:
    row.lapses += 1
    _end_run(store, session, row, "lapsed", None, code="lapsed")
    if row.lapses >= store.settings.max_lapses:
        _settle(store, session, row, _poison_report(row), who=_SERVICE)
    else:
        # The first time is likely no fault of the document: the machine was stopped.
        _wait_again(store, session, row, waits=row.lapses - 1, who=_SERVICE, action="lease ran out")
    return to_document(row)


def _poison_report(row: DocumentRow) -> Report:
    failure = FailureRecord(
        stage="read",
        code=POISON,
        message=f"the program was stopped {row.lapses} times while it read this file",
        remedy="print it to a new PDF; then, or to try this one again, use `nianbao retry`",
    )
    return Report(
        source=SourceRecord(name=row.name, sha256=row.sha256, media_type=row.media_type, page_count=0),
        status="failed",
        status_reasons=[POISON],
        failures=[failure],
    )
