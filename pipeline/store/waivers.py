"""Waivers in the store: accepted findings, tied to agency, year and form. A withdrawn one stays on record."""

from __future__ import annotations

import json

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import UsageError
from models.report import Report
from models.text import squeeze
from models.waiver import Waiver
from pipeline.store.audit import Values, note
from pipeline.store.open_store import Store
from pipeline.store.tables import WaiverRow


def add_waiver(store: Store, waiver: Waiver, *, who: str) -> int:
    """The id of the waiver in the store.

    Raises:
        StoreError: the store cannot be written.
    """
    with store.write() as session:
        return add_waiver_row(store, session, waiver, who=who)


def add_waiver_row(store: Store, session: Session, waiver: Waiver, *, who: str, document_id: int | None = None) -> int:
    """As ``add_waiver``, as a part of the transaction of ``session``."""
    row = WaiverRow(
        agency_key=squeeze(waiver.report.agency or ""),
        year=waiver.report.year,
        form=waiver.report.form,
        rule=waiver.rule,
        waiver=waiver.model_dump(mode="json"),
        added_at=store.clock(),
    )
    session.add(row)
    session.flush()
    change: tuple[Values, Values] = (None, {"waiver": row.id, "rule": waiver.rule})
    note(store, session, who=who, action="waived", document_id=document_id, change=change, why=waiver.reason)
    return row.id


def withdraw_waiver(store: Store, waiver_id: int, *, who: str, why: str = "") -> None:
    """Nothing; the waiver then counts no more.

    Raises:
        UsageError: there is no such waiver in force.
        StoreError: the store cannot be written.
    """
    with store.write() as session:
        withdraw_waiver_row(store, session, waiver_id, who=who, why=why)


def withdraw_waiver_row(
    store: Store, session: Session, waiver_id: int, *, who: str, why: str = "", document_id: int | None = None
) -> None:
    """As ``withdraw_waiver``, as a part of the transaction of ``session``."""
    row = session.get(WaiverRow, waiver_id, with_for_update=True)
    if row is None or row.withdrawn_at is not None:
        raise UsageError(f"there is no waiver {waiver_id} in force")
    row.withdrawn_at = store.clock()
    change: tuple[Values, Values] = ({"waiver": row.id}, None)
    note(store, session, who=who, action="waiver withdrawn", document_id=document_id, change=change, why=why)


def waivers_of(store: Store, report: Report) -> dict[int, Waiver]:
    """The waivers of this report that were not withdrawn, by id, in the order in which they were given.

    Raises:
        StoreError: the store cannot be read.
    """
    with store.read() as session:
        return waiver_rows_of(session, report)


def waiver_rows_of(session: Session, report: Report) -> dict[int, Waiver]:
    """As ``waivers_of``, in the transaction of ``session``."""
    rows = session.scalars(
        select(WaiverRow)
        .where(
            WaiverRow.agency_key == squeeze(report.agency or ""),
            WaiverRow.year.is_not_distinct_from(report.year),
            WaiverRow.form == report.form,
            WaiverRow.withdrawn_at.is_(None),
        )
        .order_by(WaiverRow.id)
    )
    found = {row.id: Waiver.model_validate_json(json.dumps(row.waiver)) for row in rows}
    return {number: waiver for number, waiver in found.items() if waiver.report.is_of(report)}
