"""Waivers that come from elsewhere than a person's decision in the browser: on record, and over the reports at once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.errors import StaleItemError, UsageError
from models.report import Report
from models.text import squeeze
from models.waiver import Waiver
from pipeline.store.audit import note
from pipeline.store.open_store import Store
from pipeline.store.tables import DocumentRow, ReportRow
from pipeline.store.verdicts import REVIEWED_STATES, replace_report, review_state, unchanged_rows, with_verdicts
from pipeline.store.waivers import add_waiver_row, waiver_rows_of, withdraw_waiver_row

# Others may decide on the same document at the same time; it is then looked at anew. Tries.
_TRIES = 8


def accept_waivers(store: Store, waivers: Sequence[Waiver], *, who: str) -> int:
    """Number of documents that the waivers concern; they count for each of these when this returns.

    A waiver that is on record already changes nothing; one for the same finding takes the place of the earlier one.

    Args:
        store: The store.
        waivers: At least one.
        who: For the audit log; a waiver names its author itself.

    Raises:
        UsageError: there is no waiver, or no report that one of them is about; nothing was written.
        StaleItemError: a document is changed by others all the time.
        StoreError: the store cannot be written.
    """
    if not waivers:
        raise UsageError("there is no waiver in the file", remedy="remove it")
    concerned = [_documents_of(store, waiver) for waiver in waivers]
    for waiver, found in zip(waivers, concerned, strict=True):
        if not found:
            named = f"{waiver.report.agency or '—'} {waiver.report.year or '—'} {waiver.report.form}"
            raise UsageError(
                f"there is no report that the waiver of {waiver.rule} is about: {named}",
                remedy="check agency, year and form, or wait until the report is read",
            )
    with store.write() as session:
        for waiver, found in zip(waivers, concerned, strict=True):
            _put_on_record(store, session, waiver, *found[0], who)
    documents = sorted({number for found in concerned for number, _ in found})
    for number in documents:
        _lay_again(store, number, who)
    return len(documents)


def _documents_of(store: Store, waiver: Waiver) -> list[tuple[int, Report]]:
    """(id, report as read) of each document that the waiver is about."""
    with store.read() as session:
        candidates = session.scalars(
            select(DocumentRow.id)
            .join(ReportRow, ReportRow.id == DocumentRow.report_id)
            .where(
                func.coalesce(DocumentRow.agency_key, "") == squeeze(waiver.report.agency or ""),
                DocumentRow.year.is_not_distinct_from(waiver.report.year),
                ReportRow.form == waiver.report.form,
                DocumentRow.state.in_(REVIEWED_STATES),
            )
            .order_by(DocumentRow.id)
        ).all()
    found = [(number, review_state(store, number).as_read) for number in candidates]
    return [(number, report) for number, report in found if waiver.report.is_of(report)]


def _put_on_record(store: Store, session: Session, waiver: Waiver, document_id: int, report: Report, who: str) -> None:
    for number, known in waiver_rows_of(session, report).items():
        if known == waiver:
            return
        if waiver.in_place_of(known):
            withdraw_waiver_row(store, session, number, who=who, why="replaced", document_id=document_id)
    add_waiver_row(store, session, waiver, who=who, document_id=document_id)


def _lay_again(store: Store, document_id: int, who: str) -> None:
    for _ in range(_TRIES):
        state = review_state(store, document_id)
        report = with_verdicts(store, state, [v.verdict for v in state.verdicts])
        if report == state.report:
            return
        try:
            with store.write() as session:
                row, stored = unchanged_rows(session, state)
                is_reviewed = bool(state.verdicts or state.waivers)
                replace_report(session, row, stored, state.report, report, is_reviewed=is_reviewed)
                change: tuple[dict[str, object], dict[str, object]] = (
                    {"state": state.document.state},
                    {"state": row.state, "waivers": sorted(state.waivers)},
                )
                note(store, session, who=who, action="waivers applied", document_id=row.id, change=change)
        except StaleItemError:
            continue
        return
    raise StaleItemError(f"document {document_id} is changed all the time by others", remedy="try again")
