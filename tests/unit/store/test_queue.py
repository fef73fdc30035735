"""The queue: one lease, one result, whatever happens in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from sqlalchemy import select

from models.errors import LeaseLostError, UsageError
from pipeline.config import Settings
from pipeline.store.documents import document, load_report
from pipeline.store.open_store import Store, open_store
from pipeline.store.queue import (
    break_leases,
    claim,
    expire_leases,
    fail,
    final_state,
    finish,
    next_wait_ends,
    release,
    renew,
    retry,
)
from pipeline.store.records import POISON, Claimed, Document
from pipeline.store.tables import RunRow
from tests.unit.store.made import START, Clock, encrypted, failed, registered, report

LEASE = 600  # seconds, as set by default


def claimed(store: Store, worker: str = "w") -> Claimed:
    found = claim(store, worker)
    assert found is not None
    return found


def known(store: Store, document_id: int) -> Document:
    found = document(store, document_id)
    assert found is not None
    return found


def outcomes(store: Store) -> list[tuple[str | None, str | None]]:
    with store.read() as session:
        return [(run.outcome, run.code) for run in session.scalars(select(RunRow).order_by(RunRow.id))]


def test_nothing_waits_in_an_empty_store(store: Store) -> None:
    assert claim(store, "w") is None
    assert next_wait_ends(store) is None


def test_the_oldest_document_is_claimed_first_and_each_once(store: Store) -> None:
    names = ["a.pdf", "b.pdf", "c.pdf"]
    for name in names:
        registered(store, name)

    assert [claimed(store).name for _ in names] == names
    assert claim(store, "w") is None


def test_a_claim_says_what_a_worker_needs(store: Store) -> None:
    one = registered(store, "a.pdf", "2023")

    lease = claimed(store, "w1")

    assert (lease.document_id, lease.sha256, lease.byte_size) == (one.id, one.sha256, 1000)
    assert (lease.media_type, lease.tags, lease.attempt, lease.password) == ("application/pdf", ("2023",), 1, None)
    assert lease.lease_until == START + dt.timedelta(seconds=LEASE)
    now = known(store, one.id)
    assert (now.state, now.lease_owner, now.lease_until) == ("running", "w1", lease.lease_until)


@pytest.mark.parametrize(
    ("status", "state"), [("ok", "done"), ("needs_review", "review"), ("partial", "review"), ("failed", "failed")]
)
def test_the_status_of_the_report_is_the_state(store: Store, status: str, state: str) -> None:
    one = registered(store)

    assert finish(store, claimed(store), report(status=status)) == state  # type: ignore[arg-type]

    now = known(store, one.id)
    assert (now.state, now.finished_at, now.lease_owner, now.lease_until) == (state, START, None, None)
    assert now.is_final
    assert claim(store, "w") is None


def test_a_result_is_taken_once(store: Store) -> None:
    registered(store)
    lease = claimed(store)
    finish(store, lease, report())

    with pytest.raises(LeaseLostError, match=r"a\.pdf"):
        finish(store, lease, report(status="failed"))

    assert outcomes(store) == [("finished", None)]


@pytest.mark.parametrize("late", ["finish", "fail", "release", "renew"])
def test_whoever_lost_the_lease_changes_nothing(store: Store, clock: Clock, late: str) -> None:
    one = registered(store)
    first = claimed(store, "slow")
    clock.move(LEASE + 1)
    expire_leases(store)
    second = claimed(store, "quick")
    acts: dict[str, Callable[[], object]] = {
        "finish": lambda: finish(store, first, report(status="failed")),
        "fail": lambda: fail(store, first, failed()),
        "release": lambda: release(store, first),
        "renew": lambda: renew(store, first),
    }

    with pytest.raises(LeaseLostError):
        acts[late]()

    assert known(store, one.id).lease_owner == "quick"
    assert finish(store, second, report()) == "done"


def test_a_lease_that_ran_out_unnoticed_is_still_good(store: Store, clock: Clock) -> None:
    registered(store)
    lease = claimed(store)
    clock.move(LEASE * 10)

    assert finish(store, lease, report()) == "done"
    assert expire_leases(store) == []


def test_a_renewed_lease_does_not_run_out(store: Store, clock: Clock) -> None:
    registered(store)
    lease = claimed(store)
    clock.move(LEASE - 1)

    assert renew(store, lease, lease_seconds=100) == clock.now + dt.timedelta(seconds=100)

    clock.move(99)
    assert expire_leases(store) == []
    clock.move(2)
    assert [d.id for d in expire_leases(store)] == [lease.document_id]


def test_a_failure_is_tried_again_later_and_later(store: Store, clock: Clock) -> None:
    one = registered(store)

    assert fail(store, claimed(store), failed()) == "received"

    now = known(store, one.id)
    assert (now.attempts, now.not_before) == (1, START + dt.timedelta(seconds=30))
    assert (now.failure_code, now.failure_message) == ("stage_timeout", "stage_timeout: took too long")
    assert next_wait_ends(store) == now.not_before
    assert claim(store, "w") is None
    clock.move(30)
    assert fail(store, claimed(store), failed("stage_memory")) == "received"
    assert known(store, one.id).not_before == clock.now + dt.timedelta(seconds=60)
    assert load_report(store, one.id) is None


def test_the_last_attempt_gives_the_result(store: Store, clock: Clock) -> None:
    one = registered(store)

    states = []
    for _ in range(3):
        states.append(fail(store, claimed(store), failed()))
        clock.move(10_000)

    assert states == ["received", "received", "failed"]
    stored = load_report(store, one.id)
    assert stored is not None
    assert stored.report.failures[0].code == "stage_timeout"
    assert outcomes(store) == [("failed", "stage_timeout")] * 3


def test_the_wait_has_a_limit(settings: Settings, clock: Clock) -> None:
    many = settings.store.model_copy(update={"max_attempts": 5000, "max_retry_seconds": 90.0})
    with open_store(settings.model_copy(update={"store": many}), clock=clock) as store:
        one = registered(store)
        waits = []
        for _ in range(4):
            fail(store, claimed(store), failed())
            end = known(store, one.id).not_before
            assert end is not None
            waits.append((end - clock.now).total_seconds())
            clock.move(waits[-1])

        assert waits == [30, 60, 90, 90]


def test_a_later_success_forgets_the_failure(store: Store, clock: Clock) -> None:
    one = registered(store)
    fail(store, claimed(store), failed())
    clock.move(30)

    lease = claimed(store)

    assert lease.attempt == 2
    finish(store, lease, report())
    now = known(store, one.id)
    assert (now.state, now.failure_code, now.failure_message) == ("done", None, None)


def test_a_released_document_waits_as_before(store: Store) -> None:
    one = registered(store)

    release(store, claimed(store))

    now = known(store, one.id)
    assert (now.state, now.attempts, now.lapses, now.not_before) == ("received", 0, 0, None)
    assert claimed(store).attempt == 1
    assert outcomes(store) == [("released", None), (None, None)]


def test_a_lease_runs_out(store: Store, clock: Clock) -> None:
    one = registered(store)
    claimed(store)
    clock.move(LEASE + 1)

    assert [(d.id, d.state, d.lapses) for d in expire_leases(store)] == [(one.id, "received", 1)]

    assert outcomes(store) == [("lapsed", "lapsed")]
    assert claimed(store).lapses == 1


def test_a_document_that_takes_every_worker_with_it_is_given_up(store: Store, clock: Clock) -> None:
    one = registered(store)
    for _ in range(store.settings.max_lapses):
        claimed(store)
        clock.move(10_000)
        expire_leases(store)
        clock.move(10_000)

    now = known(store, one.id)
    assert (now.state, now.failure_code, now.attempts) == ("failed", POISON, 0)
    stored = load_report(store, one.id)
    assert stored is not None
    assert (stored.report.status, stored.report.failures[0].code) == ("failed", POISON)
    assert claim(store, "w") is None


def test_a_service_that_starts_again_takes_its_own_leases_back(store: Store) -> None:
    for name in ("a.pdf", "b.pdf", "c.pdf", "d.pdf"):
        registered(store, name)
    claimed(store, "watch:/in_box#1")
    claimed(store, "watch:/in-box#1")
    claimed(store, "watch:/IN_box#1")
    claimed(store, "watch:/in_box#2")

    broken = break_leases(store, "watch:/in_box#")

    assert [(d.name, d.state) for d in broken] == [("a.pdf", "received"), ("d.pdf", "received")]
    assert claimed(store).name == "a.pdf"


def test_an_encrypted_file_waits_for_its_password(store: Store) -> None:
    one = registered(store)

    assert finish(store, claimed(store), encrypted()) == "password"

    assert known(store, one.id).failure_code == "encrypted"
    retry(store, one.id, who="lee", password="秘密")
    lease = claimed(store)
    assert lease.password == "秘密"
    assert "秘密" not in repr(lease)
    assert finish(store, lease, report()) == "done"
    retry(store, one.id, who="lee")
    assert claimed(store).password is None


def test_a_password_outlives_a_crash(store: Store, clock: Clock) -> None:
    one = registered(store)
    finish(store, claimed(store), encrypted())
    retry(store, one.id, who="lee", password="p")
    fail(store, claimed(store), failed())
    clock.move(30)

    assert claimed(store).password == "p"


def test_retry_gives_all_attempts_back_and_keeps_the_result_until_the_next(store: Store, clock: Clock) -> None:
    one = registered(store)
    finish(store, claimed(store), report(status="failed"))
    before = load_report(store, one.id)

    again = retry(store, one.id, who="lee", why="new version")

    assert (again.state, again.attempts, again.not_before) == ("received", 0, None)
    kept = load_report(store, one.id)
    assert kept is not None
    assert before is not None
    assert kept.report == before.report
    clock.move(5)
    finish(store, claimed(store), report())
    now = load_report(store, one.id)
    assert now is not None
    assert now.report.status == "ok"


def test_retry_ends_a_wait(store: Store) -> None:
    one = registered(store)
    fail(store, claimed(store), failed())

    retry(store, one.id, who="lee")

    assert claimed(store).document_id == one.id


def test_retry_forgets_lapses_too(store: Store, clock: Clock) -> None:
    one = registered(store)
    for _ in range(store.settings.max_lapses):
        claimed(store)
        clock.move(10_000)
        expire_leases(store)
        clock.move(10_000)

    assert retry(store, one.id, who="lee").lapses == 0

    claimed(store)
    clock.move(10_000)
    assert [(d.state, d.lapses) for d in expire_leases(store)] == [("received", 1)]


def test_retry_of_what_is_not_there_or_under_way(store: Store) -> None:
    with pytest.raises(UsageError, match="no document 77"):
        retry(store, 77, who="lee")
    one = registered(store)
    claimed(store)
    with pytest.raises(UsageError, match="being read"):
        retry(store, one.id, who="lee")


def test_final_states() -> None:
    assert final_state(encrypted()) == "password"
    assert final_state(failed()) == "failed"


def test_a_run_says_who_read_with_what(store: Store, settings: Settings, clock: Clock) -> None:
    registered(store)
    lease = claimed(store, "w7")
    clock.move(3)
    finish(store, lease, report())

    with store.read() as session:
        run = session.get_one(RunRow, lease.run_id)
    assert (run.worker, run.started_at, run.ended_at) == ("w7", START, clock.now)
    assert run.timings == {"open": 0.25}
    assert run.nianbao_version == store.nianbao_version
    assert len(run.settings_digest) == 64
