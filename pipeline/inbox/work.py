"""Claims documents, has them read apart, puts results on record."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from models.errors import (
    ExitCode,
    LeaseLostError,
    StageError,
    StageMemoryError,
    StageTimeoutError,
    StoreDamagedError,
    StoreError,
)
from models.report import Report
from pipeline.config import Settings
from pipeline.inbox.events import tell
from pipeline.read_apart.child import Job, failed, plain
from pipeline.read_apart.readers import Done, Readers
from pipeline.store.aliases import with_learnt_labels
from pipeline.store.open_store import Store
from pipeline.store.queue import claim, fail, finish, release, renew
from pipeline.store.records import Claimed, State

# Failures of the reading, not of the file as such: another attempt may do without.
_WORTH_ANOTHER = frozenset({StageError.code, StageTimeoutError.code, StageMemoryError.code})
# An empty queue is asked again after so long: others may put documents into the same store.
ASK_SECONDS = 1.0
_RENEWALS_A_LEASE = 4


@dataclass(slots=True)
class Work:
    """The readings under way.

    Attributes:
        store: The queue and the originals.
        settings: Limits and thresholds of the readings.
        readers: Where files are read.
        worker: The name that leases are held under.
        on_result: Called with the state and exit code of each reading that is on record.
        clock: Seconds on a clock that never goes back.
    """

    store: Store
    settings: Settings
    readers: Readers
    worker: str
    on_result: Callable[[Report, State, ExitCode], None]
    clock: Callable[[], float] = time.monotonic
    _claimed: dict[int, Claimed] = field(default_factory=dict)
    _unrecorded: list[Done] = field(default_factory=list)
    _ask_at: float = 0.0
    _renew_at: float = 0.0

    @property
    def under_way(self) -> int:
        """Number of documents that are being read, or whose result is not on record yet."""
        return len(self._claimed)

    def ask_now(self) -> None:
        """Nothing; the queue is asked at the next occasion, for there may be something in it."""
        self._ask_at = 0.0

    def next_turn(self) -> float | None:
        """When, on the clock, something is to be done although no reading has ended."""
        if self._unrecorded:
            return 0.0
        times = [self._renew_at] if self._claimed else []
        if self.readers.free:
            times.append(self._ask_at)
        return min(times, default=None)

    def feed(self) -> None:
        """Nothing; each free place then has a document, as far as there are any.

        Raises:
            StoreError: the store cannot be written.
        """
        while self.readers.free and self.clock() >= self._ask_at:
            claimed = claim(self.store, self.worker)
            if claimed is None:
                self._ask_at = self.clock() + ASK_SECONDS
                return
            if not self._claimed:
                self._plan_renewal()
            self._claimed[claimed.run_id] = claimed
            self._begin(claimed)

    def collect(self, timeout: float, also: tuple[int, ...]) -> None:
        """Nothing; waits until a reading ends, at most ``timeout`` seconds or until ``also`` can be read."""
        self._unrecorded += self.readers.wait(timeout, also)

    def record(self) -> None:
        """Nothing; all readings that have ended are then on record.

        Raises:
            StoreError: the store cannot be written; nothing is lost, a later call goes on.
        """
        while self._unrecorded:
            done = self._unrecorded[0]
            self._record(done, self._claimed[done.key])
            self._unrecorded.pop(0)
            del self._claimed[done.key]

    def keep_leases(self) -> None:
        """Nothing; the leases of all documents that are being read then last.

        Raises:
            StoreError: the store cannot be written.
        """
        if not self._claimed or self.clock() < self._renew_at:
            return
        for claimed in tuple(self._claimed.values()):
            try:
                renew(self.store, claimed)
            except LeaseLostError as exc:
                # Its result will be refused; until then it is read in vain.
                tell("lease lost", logging.WARNING, document=claimed.document_id, message=str(exc))
        self._plan_renewal()

    def give_back(self) -> None:
        """Nothing; what is being read waits again, and the readers are gone.

        Raises:
            StoreError: the store cannot be written; the leases run out by themselves.
        """
        self.readers.stop()
        for claimed in self._claimed.values():
            try:
                release(self.store, claimed)
            except LeaseLostError:
                continue
        self._claimed.clear()

    def _begin(self, claimed: Claimed) -> None:
        name = plain(claimed.name)
        try:
            path = self.store.originals.checked_path(claimed.sha256)
            settings = with_learnt_labels(self.store, self.settings)
        except StoreDamagedError as exc:
            self._unrecorded.append(Done(claimed.run_id, *failed(name, exc), "answered"))
            return
        except StoreError as exc:
            # The disk may be back later; the document is tried again then.
            self._unrecorded.append(Done(claimed.run_id, *failed(name, exc), "died"))
            return
        try:
            self.readers.begin(claimed.run_id, Job(path, name, settings, claimed.password))
        except (OSError, EOFError) as exc:
            error = StageError(f"no process can be started: {exc}", source=name, remedy="look at the machine's memory")
            self._unrecorded.append(Done(claimed.run_id, *failed(name, error), "died"))

    def _record(self, done: Done, claimed: Claimed) -> None:
        report = done.report
        if not report.source.sha256:
            report = report.model_copy(update={"source": report.source.model_copy(update={"sha256": claimed.sha256})})
        again = done.ending != "answered" or _failure(report) in _WORTH_ANOTHER
        try:
            state = fail(self.store, claimed, report) if again else finish(self.store, claimed, report)
        except LeaseLostError as exc:
            tell("result refused", logging.WARNING, document=claimed.document_id, message=str(exc))
            return
        failure = report.failures[0] if report.failures else None
        tell(
            "read" if state != "received" else "to be tried again",
            logging.INFO if state in {"done", "review"} else logging.WARNING,
            document=claimed.document_id,
            name=claimed.name,
            state=state,
            agency=report.agency,
            year=report.year,
            attempt=claimed.attempt if claimed.attempt > 1 else None,
            code=None if failure is None else failure.code,
            message=None if failure is None else failure.message,
            seconds=round(sum(report.timings.values()), 2) or None,
        )
        self.on_result(report, state, done.code)

    def _plan_renewal(self) -> None:
        self._renew_at = self.clock() + self.settings.store.lease_seconds / _RENEWALS_A_LEASE


def _failure(report: Report) -> str:
    return report.failures[0].code if report.status == "failed" and report.failures else ""
