"""Whatever workers do, in whatever order, and wherever they die: each document ends exactly once."""

from __future__ import annotations

import dataclasses
import sqlite3
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule
from sqlalchemy import event, select

from models.errors import LeaseLostError, UsageError
from models.report import ReportStatus
from pipeline.config import Settings, StoreSettings
from pipeline.store.documents import documents, load_report, register
from pipeline.store.health import health
from pipeline.store.open_store import Store, open_store
from pipeline.store.queue import break_leases, claim, expire_leases, fail, finish, release, renew, retry
from pipeline.store.records import FINAL_STATES, Claimed, State
from pipeline.store.tables import ReportRow
from tests.unit.store.made import Clock, content, encrypted, failed, report

MAX_ATTEMPTS, MAX_LAPSES, RETRY_SECONDS, LEASE_SECONDS = 2, 3, 30, 100
WORKERS = ("watch:/a#1", "watch:/a#2", "watch:/b#1")
STATUS: dict[ReportStatus, State] = {"ok": "done", "needs_review": "review", "partial": "review", "failed": "failed"}


@dataclass(frozen=True)
class Expected:
    """What a document must be like. ``wait_ends`` and ``lease_ends`` are seconds since the beginning."""

    state: State = "received"
    attempts: int = 0
    lapses: int = 0
    wait_ends: float = 0
    lease_ends: float = 0
    owner: str | None = None
    run_id: int | None = None
    results: int = 0


class Queue(RuleBasedStateMachine):
    """The queue beside a plain model of it."""

    leases = Bundle("leases")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        place = Path(self.folder.name)
        self.clock = Clock()
        self.begin = self.clock.now
        self.store = open_store(
            Settings(
                store=StoreSettings(
                    url=f"sqlite:///{place / 's.db'}",
                    originals=place,
                    lease_seconds=LEASE_SECONDS,
                    max_attempts=MAX_ATTEMPTS,
                    max_lapses=MAX_LAPSES,
                    retry_seconds=RETRY_SECONDS,
                )
            ),
            clock=self.clock,
        )
        hurry(self.store)
        self.expected: dict[int, Expected] = {}
        self.held: set[int] = set()

    @initialize(count=st.integers(1, 3))
    def first_documents(self, count: int) -> None:
        for number in range(count):
            self.register(number)

    @rule(number=st.integers(0, 5))
    def register(self, number: int) -> None:
        found = register(self.store, content(f"{number}"), who="test")
        assert found.is_new == (found.document.id not in self.expected)
        self.expected.setdefault(found.document.id, Expected())

    @rule(target=leases, worker=st.sampled_from(WORKERS))
    def claim(self, worker: str) -> Claimed | None:
        ready = [i for i, e in self.expected.items() if e.state == "received" and e.wait_ends <= self.now]
        lease = claim(self.store, worker)
        assert (lease and lease.document_id) == (min(ready) if ready else None)
        if lease is not None:
            before = self.expected[lease.document_id]
            assert (lease.attempt, lease.lapses) == (before.attempts + 1, before.lapses)
            assert lease.run_id not in self.held
            self.held.add(lease.run_id)
            self.change(
                lease.document_id,
                state="running",
                run_id=lease.run_id,
                owner=worker,
                lease_ends=self.now + LEASE_SECONDS,
            )
        return lease

    @rule(lease=leases, status=st.sampled_from([*STATUS, None]))
    def finish(self, lease: Claimed | None, status: ReportStatus | None) -> None:
        if lease is None:
            return
        is_ours = self.is_ours(lease)
        result = encrypted(lease.name) if status is None else report(lease.name, status=status)
        try:
            state = finish(self.store, lease, result)
        except LeaseLostError:
            assert not is_ours
            return
        assert is_ours
        assert state == ("password" if status is None else STATUS[status])
        self.settle(lease.document_id, state)

    @rule(lease=leases)
    def fail(self, lease: Claimed | None) -> None:
        if lease is None:
            return
        is_ours = self.is_ours(lease)
        try:
            state = fail(self.store, lease, failed(name=lease.name))
        except LeaseLostError:
            assert not is_ours
            return
        assert is_ours
        attempts = self.expected[lease.document_id].attempts + 1
        self.change(lease.document_id, attempts=attempts, owner=None)
        if attempts == MAX_ATTEMPTS:
            assert state == "failed"
            self.settle(lease.document_id, "failed")
        else:
            assert state == "received"
            self.change(lease.document_id, state="received", wait_ends=self.now + RETRY_SECONDS * 2 ** (attempts - 1))

    @rule(lease=leases)
    def release(self, lease: Claimed | None) -> None:
        if lease is None:
            return
        is_ours = self.is_ours(lease)
        try:
            release(self.store, lease)
        except LeaseLostError:
            assert not is_ours
            return
        assert is_ours
        self.change(lease.document_id, state="received", wait_ends=0, owner=None)

    @rule(lease=leases)
    def renew(self, lease: Claimed | None) -> None:
        if lease is None:
            return
        is_ours = self.is_ours(lease)
        try:
            renew(self.store, lease)
        except LeaseLostError:
            assert not is_ours
            return
        assert is_ours
        self.change(lease.document_id, lease_ends=self.now + LEASE_SECONDS)

    @rule(lease=consumes(leases))
    def die(self, lease: Claimed | None) -> None:
        """The worker is gone, and says nothing more."""

    @rule(seconds=st.sampled_from([1, RETRY_SECONDS, LEASE_SECONDS, LEASE_SECONDS * 5]))
    def time_passes(self, seconds: int) -> None:
        self.clock.move(seconds)

    @rule()
    def expire(self) -> None:
        due = [i for i, e in self.expected.items() if e.state == "running" and e.lease_ends < self.now]
        assert [d.id for d in expire_leases(self.store)] == sorted(due)
        self.lapse(due)

    @rule(owner=st.sampled_from(["watch:/a#", "watch:/b#", "watch:/c#"]))
    def service_starts_again(self, owner: str) -> None:
        held = [i for i, e in self.expected.items() if e.state == "running" and (e.owner or "").startswith(owner)]
        assert [d.id for d in break_leases(self.store, owner)] == sorted(held)
        self.lapse(held)

    @rule(chosen=st.integers(0, 5))
    def retry(self, chosen: int) -> None:
        document_id = sorted(self.expected)[chosen % len(self.expected)]
        try:
            retry(self.store, document_id, who="test")
        except UsageError:
            assert self.expected[document_id].state == "running"
            return
        assert self.expected[document_id].state != "running"
        self.change(document_id, state="received", attempts=0, lapses=0, wait_ends=0)

    @invariant()
    def the_store_is_as_expected(self) -> None:
        found = documents(self.store)
        assert [(d.id, d.state, d.attempts, d.lapses, d.lease_owner) for d in found] == [
            (i, e.state, e.attempts, e.lapses, e.owner) for i, e in sorted(self.expected.items())
        ]

    @invariant()
    def each_end_has_one_report(self) -> None:
        with self.store.read() as session:
            counted = Counter(session.scalars(select(ReportRow.document_id)).all())
        assert counted == {i: e.results for i, e in self.expected.items() if e.results}
        assert {i for i, e in self.expected.items() if e.state in FINAL_STATES} <= set(counted)

    def teardown(self) -> None:
        try:
            self.end_well()
        finally:
            self.store.close()
            self.folder.cleanup()

    def end_well(self) -> None:
        """In the end all workers are dead; one that is left brings every document to its end."""
        self.clock.move(LEASE_SECONDS * 1000)
        self.expire()
        for _ in range(1000):
            self.clock.move(RETRY_SECONDS * 1000)
            lease = self.claim("last")
            if lease is None:
                break
            self.finish(lease, "ok")
        counts = health(self.store).states
        assert counts["received"] == counts["running"] == 0
        for document_id in self.expected:
            assert load_report(self.store, document_id) is not None
        self.each_end_has_one_report()

    @property
    def now(self) -> float:
        return (self.clock.now - self.begin).total_seconds()

    def is_ours(self, lease: Claimed) -> bool:
        now = self.expected[lease.document_id]
        return now.state == "running" and now.run_id == lease.run_id

    def change(self, document_id: int, **values: object) -> None:
        self.expected[document_id] = dataclasses.replace(self.expected[document_id], **values)  # type: ignore[arg-type]

    def settle(self, document_id: int, state: State) -> None:
        results = self.expected[document_id].results + 1
        self.change(document_id, state=state, results=results, owner=None)

    def lapse(self, documents: list[int]) -> None:
        for document_id in documents:
            lapses = self.expected[document_id].lapses + 1
            self.change(document_id, lapses=lapses, owner=None)
            if lapses == MAX_LAPSES:
                self.settle(document_id, "failed")
            else:
                wait = RETRY_SECONDS * 2 ** (lapses - 2) if lapses > 1 else 0
                self.change(document_id, state="received", wait_ends=self.now + wait)


def hurry(store: Store) -> None:
    """Nothing; the store then does not wait for the disk, which a test that throws it away need not."""

    def on_checkout(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
        connection.execute("PRAGMA synchronous = OFF")

    event.listen(store.engine, "checkout", on_checkout)


TestQueue = Queue.TestCase
TestQueue.settings = hypothesis_settings(max_examples=25, stateful_step_count=30, deadline=None)
