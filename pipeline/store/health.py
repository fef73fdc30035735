"""The figures that tell whether the service keeps up, all in one place."""

from __future__ import annotations

from typing import cast

from sqlalchemy import func, or_, select

from pipeline.store.drops import unplaced
from pipeline.store.open_store import Store
from pipeline.store.records import STATES, Health, State
from pipeline.store.tables import DocumentRow


def health(store: Store) -> Health:
    """The figures as they are now.

    Raises:
        StoreError: the store cannot be read.
    """
    now = store.clock()
    is_ready = or_(DocumentRow.not_before.is_(None), DocumentRow.not_before <= now)
    with store.read() as session:
        by_state = select(DocumentRow.state, func.count()).group_by(DocumentRow.state)
        counted = {cast("State", state): count for state, count in session.execute(by_state)}
        ready, oldest = session.execute(
            select(func.count(), func.min(DocumentRow.received_at)).where(DocumentRow.state == "received", is_ready)
        ).one()
        overdue = select(func.count()).where(DocumentRow.state == "running", DocumentRow.lease_until < now)
        failures = (
            select(DocumentRow.failure_code, func.count())
            .where(DocumentRow.state == "failed")
            .group_by(DocumentRow.failure_code)
            .order_by(func.count().desc(), DocumentRow.failure_code)
        )
        return Health(
            states={state: counted.get(state, 0) for state in STATES},
            ready=ready,
            delayed=counted.get("received", 0) - ready,
            oldest_ready_at=oldest,
            overdue_leases=session.scalar(overdue) or 0,
            failures={code or "": count for code, count in session.execute(failures)},
            last_result_at=session.scalar(select(func.max(DocumentRow.finished_at))),
            unplaced_drops=unplaced(session),
        )
