"""The audit log tells what happened, and nobody can change what it tells."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from models.errors import StoreError
from pipeline.store.audit import audit_log
from pipeline.store.open_store import Store
from pipeline.store.queue import claim, expire_leases, fail, finish, release, retry
from tests.unit.store.made import START, Clock, encrypted, failed, registered


def test_every_change_of_state_is_noted(store: Store, clock: Clock) -> None:
    one = registered(store)
    registered(store, "other")
    lease = claim(store, "w1")
    assert lease is not None
    release(store, lease)
    lease = claim(store, "w1")
    assert lease is not None
    fail(store, lease, failed("stage_timeout"))
    clock.move(30)
    assert claim(store, "w2") is not None
    clock.move(10_000)
    expire_leases(store)
    lease = claim(store, "w3")
    assert lease is not None
    finish(store, lease, encrypted())
    retry(store, one.id, who="lee", why="has the password", password="秘密")

    log = audit_log(store, one.id)

    assert [(e.who, e.action, e.why) for e in log] == [
        ("test", "received", ""),
        ("w1", "released", ""),
        ("w1", "tried again later", "stage_timeout"),
        ("nianbao", "lease ran out", "stage_timeout"),
        ("w3", "finished", "encrypted"),
        ("lee", "retried", "has the password"),
    ]
    assert (log[0].at, log[0].before, log[0].after) == (START, None, {"state": "received"})
    assert log[4].before == {"state": "running"}
    assert log[5].before == {"state": "password"}
    assert "秘密" not in str(log)
    assert len(audit_log(store)) == len(log) + 1


@pytest.mark.parametrize("change", ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit", "TRUNCATE audit"])
def test_the_log_cannot_be_changed(store: Store, change: str) -> None:
    registered(store)
    if change.startswith("TRUNCATE") and store.engine.dialect.name == "sqlite":
        change = "DELETE FROM audit WHERE id = 1"
    before = audit_log(store)

    with pytest.raises(StoreError, match="append-only"), store.write() as session:
        session.execute(text(change))

    assert audit_log(store) == before != []
