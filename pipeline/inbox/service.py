"""The service: one loop that looks, takes, has read, records and places, until it is asked to stop.

Each step is on record before the next one, so a stop at any moment costs nothing but the readings under way.
"""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from models.errors import ExitCode, OutputError, StoreUnavailableError
from models.report import Report
from pipeline.batch import worst_code
from pipeline.config import Settings
from pipeline.inbox.events import tell
from pipeline.inbox.folders import InboxFolders, inbox_folders
from pipeline.inbox.intake import Intake
from pipeline.inbox.lock import inbox_lock
from pipeline.inbox.place import remove_stale
from pipeline.inbox.placing import Placing
from pipeline.inbox.review_waivers import ReviewWaivers
from pipeline.inbox.trouble import Troubles
from pipeline.inbox.watch_folder import FolderNews
from pipeline.inbox.work import Work
from pipeline.read_apart.readers import Readers
from pipeline.store.open_store import Store, open_store
from pipeline.store.queue import break_leases, expire_leases
from pipeline.store.records import State

# Scans follow one another no faster: files that are moved away make news too.
_SHORTEST_SCAN_GAP = 0.25  # seconds
_LONGEST_WAIT = 5.0  # seconds
# With --once, a file that does not come to rest within so many times the usual wait is left for the next run.
_ONCE_PATIENCE = 12.0
_EXPIRE_SECONDS = 60.0
# Files read at once where nothing is said: whoever watches a folder has other things to do on that machine.
_JOBS = 1
_STUCK_SECONDS = 1.0  # after which a file that could not be placed is looked at again
_AT_ONCE = 0.0


@dataclass(slots=True)
class Outcome:
    """What a run of the service came to.

    ``states`` counts the results by state; ``left`` are files that could not be taken or placed, relative to the inbox.
    """

    states: dict[State, int] = field(default_factory=dict)
    code: ExitCode = ExitCode.OK
    left: tuple[str, ...] = ()


def watch(inbox: Path, settings: Settings, *, once: bool = False) -> Outcome:
    """What came of it, when the service was asked to stop, or with ``once`` when nothing is left to do.

    Args:
        inbox: The folder in which files are dropped.
        settings: Folders, store, limits, number of readings at a time.
        once: True ends the service when all that lies there is done.

    Raises:
        UsageError: the folders cannot be used, or another process watches the inbox.
        StoreError: the store cannot be opened; with ``once`` also when it cannot be written later.
        OutputError: with ``once``, a folder that cannot be written.
    """
    folders = inbox_folders(inbox, settings)
    with inbox_lock(folders.inbox), open_store(settings) as store, _stop_signals() as asked:
        service = _Service(folders, settings, store, once=once, asked=asked)
        return service.run()


@dataclass(slots=True)
class _Asked:
    """Whether a signal asked for an end, and which."""

    signal: int = 0
    news: FolderNews = field(default_factory=FolderNews)


@contextlib.contextmanager
def _stop_signals() -> Iterator[_Asked]:
    asked = _Asked()

    def on_signal(number: int, _frame: FrameType | None) -> None:
        asked.signal = number

    wake = signal.set_wakeup_fd(asked.news.wake_descriptor, warn_on_full_buffer=False)
    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(wake)
        asked.news.close()


@dataclass(frozen=True, slots=True)
class _Step:
    """A part of the work, and when it is due on the clock of the service; trouble with it is told as ``topic``."""

    topic: str
    due: Callable[[], float | None]
    run: Callable[[], None]


class _Service:
    def __init__(
        self,
        folders: InboxFolders,
        settings: Settings,
        store: Store,
        *,
        once: bool,
        asked: _Asked,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._folders, self._settings, self._store = folders, settings, store
        self._once, self._asked, self._clock = once, asked, clock
        self._outcome = Outcome()
        self._troubles = Troubles(clock)
        # The lock on the inbox makes this name the name of one process at a time.
        worker = f"inbox {socket.gethostname()} {folders.inbox}"
        self._worker = worker
        self._intake = Intake(folders, settings, store, self._troubles, worker, clock)
        self._jobs = settings.batch.jobs or _JOBS
        self._work = Work(store, settings, Readers(self._jobs, settings.limits), worker, self._count, clock)
        self._placing = Placing(folders, store, self._troubles, self._intake.closed, clock)
        self._waivers = ReviewWaivers(folders, store, self._troubles, worker, settings.inbox.settle_seconds)
        self._waivers_at = clock()
        self._scan_at = clock()
        self._may_scan_at = clock()
        self._place_at = clock()
        self._expire_at = clock() + _EXPIRE_SECONDS
        self._give_up_at = 0.0
        self._looked = False
        self._steps = (
            _Step("inbox", self._look_due, self._look),
            _Step("taking", self._take_due, self._take),
            _Step("results", self._work.next_turn, self._read),
            _Step("waivers", lambda: self._waivers_at, self._take_waivers),
            _Step("placing", self._place_due, self._place),
            _Step("leases", self._expire_due, self._expire),
        )

    def run(self) -> Outcome:
        """What came of it.

        Raises:
            StoreError: the store cannot be used, at the start or with ``once``.
            OutputError: a folder cannot be written, with ``once``.
        """
        self._start()
        try:
            while not self._asked.signal and not (self._once and self._is_done()):
                self._turn()
        finally:
            self._stop()
        self._outcome.left = tuple(sorted({*self._intake.unsettled, *self._intake.unreadable, *self._intake.taken}))
        if self._once and (self._intake.unreadable or self._intake.put_aside):
            self._outcome.code = worst_code((self._outcome.code, ExitCode.INPUT))
        if self._asked.signal == signal.SIGINT:
            self._outcome.code = ExitCode.INTERRUPTED
        return self._outcome

    def _start(self) -> None:
        tell(
            "started",
            inbox=str(self._folders.inbox),
            done=str(self._folders.done),
            review=str(self._folders.review),
            failed=str(self._folders.failed),
            store=self._store.place,
            jobs=self._jobs,
        )
        for folder in self._folders.outputs:
            remove_stale(folder)
        for document in break_leases(self._store, self._worker):
            tell("taken up again", document=document.id, name=document.name, lapses=document.lapses)
        self._placing.take_up()
        self._intake.recall()
        if not self._settings.inbox.poll:
            self._asked.news.follow(self._folders.inbox)
        self._work.readers.warm_up()
        tell("ready")

    def _stop(self) -> None:
        with contextlib.suppress(StoreUnavailableError):
            self._work.record()
        given_back = self._work.under_way
        with contextlib.suppress(StoreUnavailableError):
            self._work.give_back()
        self._work.readers.stop()
        tell("stopped", given_back=given_back or None, **{k: v for k, v in self._outcome.states.items() if v})

    def _turn(self) -> None:
        """One round: what is due is done, then news are waited for. Each step is short, so that none delays another."""
        for step in self._steps:
            due = step.due()
            if due is not None and due <= self._clock() and not self._troubles.is_waiting(step.topic):
                self._try(step)
        self._work.collect(self._wait_seconds(), (self._asked.news.descriptor,))
        if self._asked.news.take():
            self._scan_at = min(self._scan_at, self._may_scan_at)

    def _try(self, step: _Step) -> None:
        try:
            step.run()
        except (StoreUnavailableError, OutputError, OSError) as exc:
            if self._once:
                raise
            self._troubles.meet(step.topic, exc)
        else:
            self._troubles.over(step.topic)

    def _wait_seconds(self) -> float:
        now = self._clock()
        times = [now + _LONGEST_WAIT]
        for step in self._steps:
            due = step.due()
            if due is not None:
                times.append(max(due, self._troubles.next_try(step.topic)))
        return max(0.0, min(times) - now)

    def _look_due(self) -> float | None:
        if self._intake.ready:
            return None
        settled = self._intake.settling.next_look()
        return self._scan_at if settled is None else min(self._scan_at, max(settled, self._may_scan_at))

    def _look(self) -> None:
        self._intake.look()
        now, inbox = self._clock(), self._settings.inbox
        if not self._looked:
            self._looked = True
            self._give_up_at = now + inbox.settle_seconds * _ONCE_PATIENCE
        self._scan_at = now + (inbox.poll_seconds if inbox.poll else inbox.scan_seconds)
        self._may_scan_at = now + _SHORTEST_SCAN_GAP

    def _take_due(self) -> float | None:
        return _AT_ONCE if self._intake.ready else None

    def _take(self) -> None:
        if self._intake.take_some():
            self._work.ask_now()
            # What was known before has its result already.
            self._place_at = _AT_ONCE

    def _read(self) -> None:
        self._work.record()
        self._work.feed()
        self._work.keep_leases()

    def _take_waivers(self) -> None:
        if self._waivers.look():
            self._place_at = _AT_ONCE
        self._waivers_at = self._clock() + self._settings.inbox.scan_seconds

    def _place_due(self) -> float | None:
        return self._place_at

    def _place(self) -> None:
        if self._placing.place_some():
            self._place_at = _AT_ONCE
        else:
            wait = _STUCK_SECONDS if self._placing.stuck else self._settings.inbox.scan_seconds
            self._place_at = self._clock() + wait

    def _expire_due(self) -> float | None:
        return self._expire_at

    def _expire(self) -> None:
        expire_leases(self._store)
        self._expire_at = self._clock() + _EXPIRE_SECONDS

    def _count(self, _report: Report, state: State, code: ExitCode) -> None:
        if state == "received":
            return
        self._outcome.states[state] = self._outcome.states.get(state, 0) + 1
        if self._once:
            self._outcome.code = worst_code((self._outcome.code, code))
        self._place_at = _AT_ONCE

    def _is_done(self) -> bool:
        """True where a look was taken, and nothing is under way, on record but not placed, or about to come to rest."""
        if not self._looked or self._intake.ready or self._work.under_way or self._place_at == _AT_ONCE:
            return False
        unsettled = self._intake.unsettled
        if unsettled - self._intake.settling.restless or (unsettled and self._clock() < self._give_up_at):
            return False
        if self._intake.taken:
            # What is left is placed, or tried again later, or cannot be placed.
            if not self._placing.stuck.issuperset(self._intake.taken):
                return False
            self._outcome.code = worst_code((self._outcome.code, ExitCode.OUTPUT))
        return True
