from __future__ import annotations

from pipeline.store.drops import take
from pipeline.store.health import health
from pipeline.store.open_store import Store
from pipeline.store.queue import claim, fail, finish
from pipeline.store.records import STATES, FileStamp
from tests.unit.store.made import START, Clock, content, encrypted, failed, registered, report


def test_an_empty_store(store: Store) -> None:
    found = health(store)

    assert found.states == dict.fromkeys(STATES, 0)
    assert (found.ready, found.delayed, found.overdue_leases, found.unplaced_drops) == (0, 0, 0, 0)
    assert (found.oldest_ready_at, found.last_result_at, found.failures) == (None, None, {})


def test_a_store_in_use(store: Store, clock: Clock) -> None:
    results = [report(), report(status="needs_review"), failed("damaged"), failed("damaged"), failed("x"), encrypted()]
    for number, result in enumerate(results):
        registered(store, f"{number}")
        lease = claim(store, "w")
        assert lease is not None
        finish(store, lease, result)
    last_result = clock.now
    clock.move(1)
    for name in ("fails", "runs", "waits"):
        registered(store, name)
    lease = claim(store, "w")
    assert lease is not None
    fail(store, lease, failed())
    claim(store, "w", lease_seconds=5)
    clock.move(6)
    take(store, content("waits"), inbox="/in", path="x", stamp=FileStamp(1, 2, "3"), who="w")

    found = health(store)

    assert found.states == {"received": 2, "running": 1, "done": 1, "review": 1, "failed": 3, "password": 1}
    assert (found.ready, found.delayed, found.overdue_leases, found.unplaced_drops) == (1, 1, 1, 1)
    assert found.failures == {"damaged": 2, "x": 1}
    assert found.last_result_at == last_result == START
    assert found.oldest_ready_at is not None
    assert (found.oldest_ready_at - START).total_seconds() == 1
