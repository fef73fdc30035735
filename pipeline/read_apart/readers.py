"""Processes that read files, seen from the process that hands the files out. One thread, no locks."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from multiprocessing.context import ForkServerProcess
from typing import Literal

from pydantic import ValidationError

from models.errors import ExitCode, NianbaoError, StageError, StageTimeoutError
from models.report import Report
from pipeline.config import LimitSettings, Settings
from pipeline.read_apart.child import HEADER, Job, ReadFile, failed, read_file, serve
from pipeline.read_apart.cores import threads_each

# A process is replaced after this many files, so that leaks of native libraries stay bounded.
_FILES_PER_PROCESS = 100
# The readers are loaded once, by the process that all others are forked from, and not by this one.
_PRELOADED = ("pipeline.read_apart.fork_server", "pipeline.stages")
# The system takes a moment to notice that a process is dead.
_STARTS, _START_PAUSE_SECONDS = 50, 0.1
_CHUNK_BYTES = 1 << 18
# The document of a report takes about 0.2 MB; a process that announces this much is out of its mind.
_MAX_DOCUMENT_BYTES = 1 << 30
_JOIN_SECONDS = 10.0

# How a reading ended: by an answer, whatever it says; or without one.
Ending = Literal["answered", "died", "timed_out"]


@dataclass(frozen=True, slots=True)
class Done:
    """What became of one file: ``key`` as given with it, its document, which may be a failed one, and its exit code."""

    key: int
    report: Report
    code: ExitCode
    ending: Ending


@dataclass(slots=True)
class _Reader:
    """One process. ``job`` is what it reads now; ``got`` what has arrived of its answer."""

    process: ForkServerProcess
    pipe: Connection
    files: int = 0
    key: int = -1
    job: Job | None = None
    deadline: float = 0.0
    got: bytearray = field(default_factory=bytearray)


class Readers:
    """A fixed number of places for files to be read at, each a process under limits.

    Args:
        count: Files read at the same time.
        limits: Memory of a process.
        read: What a process does with a file; it is found by its name there.
        clock: Seconds, for the time limit of files.
    """

    def __init__(
        self,
        count: int,
        limits: LimitSettings,
        read: ReadFile | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._count = count
        self._threads = threads_each(max(1, count))
        self._limits = limits
        # Looked up when called, so that a test may put another function in its place.
        self._read = read or read_file
        self._clock = clock
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(list(_PRELOADED))
        self._idle: list[_Reader] = []
        self._busy: list[_Reader] = []

    @property
    def free(self) -> int:
        """Number of files that may be handed out now."""
        return self._count - len(self._busy)

    @property
    def keys(self) -> tuple[int, ...]:
        """The keys of the files that are being read."""
        return tuple(reader.key for reader in self._busy)

    def warm_up(self) -> None:
        """Nothing; all processes are then started, so that the first file need not wait for them."""
        while len(self._idle) + len(self._busy) < self._count:
            self._idle.append(self._start())

    def begin(self, key: int, job: Job) -> None:
        """Nothing; the file is then being read, and ``wait`` will tell of it under ``key``."""
        job = replace(job, settings=self._with_threads(job.settings))
        reader = self._take_idle()
        while True:
            try:
                reader.pipe.send(job)
            except OSError:
                # It died while it had nothing to do; that is no fault of this file.
                self._end(reader)
                reader = self._start()
            else:
                break
        reader.key, reader.job, reader.files = key, job, reader.files + 1
        reader.deadline = self._clock() + job.settings.limits.max_seconds_per_file
        self._busy.append(reader)

    def wait(self, timeout: float | None = None, also: Sequence[int] = ()) -> list[Done]:
        """What is done, after a wait for the first of it; empty where ``timeout`` seconds or ``also`` ended the wait.

        Args:
            timeout: Seconds; None waits as long as a file is being read.
            also: File descriptors that end the wait when they can be read.
        """
        now = self._clock()
        ends = [max(0.0, reader.deadline - now) for reader in self._busy]
        if timeout is not None:
            ends.append(timeout)
        pipes: list[Connection | int] = [reader.pipe for reader in self._busy]
        ready = set(wait_for([*pipes, *also], min(ends, default=None))) if pipes or also or ends else set()
        return [done for reader in tuple(self._busy) if (done := self._look_at(reader, reader.pipe in ready))]

    def stop(self) -> None:
        """Nothing; all processes are then gone, and what they were reading is lost."""
        for reader in (*self._busy, *self._idle):
            self._end(reader)
        self._busy.clear()
        self._idle.clear()

    def _with_threads(self, settings: Settings) -> Settings:
        if settings.ocr.threads:
            return settings
        return settings.model_copy(update={"ocr": settings.ocr.model_copy(update={"threads": self._threads})})

    def _take_idle(self) -> _Reader:
        if len(self._busy) >= self._count:
            raise RuntimeError("no place is free")
        return self._idle.pop() if self._idle else self._start()

    def _start(self) -> _Reader:
        for tries_left in reversed(range(_STARTS)):
            ours, theirs = multiprocessing.Pipe()
            process = self._context.Process(
                target=serve, args=(theirs, self._read, self._limits, self._threads), daemon=True
            )
            try:
                process.start()
            except (OSError, EOFError):
                # The process that others are forked from has just died; the next start makes a new one.
                ours.close()
                if not tries_left:
                    raise
                time.sleep(_START_PAUSE_SECONDS)
            else:
                return _Reader(process, ours)
            finally:
                theirs.close()
        raise AssertionError

    def _look_at(self, reader: _Reader, readable: bool) -> Done | None:  # noqa: FBT001 - one of two private callers' facts
        job = reader.job
        if job is None:
            return None
        if readable:
            alive = _receive(reader)
            answer = _answer(reader.got)
            if answer is not None:
                return self._finish(reader, *answer, "answered")
            if not alive or _is_rubbish(reader.got):
                self._end(reader)
                return self._finish(reader, *failed(job.name, _died(reader)), "died")
        if self._clock() >= reader.deadline:
            return self._finish(reader, *failed(job.name, _too_slow(job)), "timed_out")
        return None

    def _finish(self, reader: _Reader, report: Report, code: ExitCode, ending: Ending) -> Done:
        done = Done(reader.key, report, code, ending)
        self._busy.remove(reader)
        reader.job, reader.got = None, bytearray()
        # What failed may have left the process in a state in which the next file suffers.
        if report.status == "failed" or reader.files >= _FILES_PER_PROCESS:
            self._end(reader)
        else:
            self._idle.append(reader)
        return done

    def _end(self, reader: _Reader) -> None:
        pid = reader.process.pid
        if pid is not None and reader.process.exitcode is None:
            try:
                os.killpg(pid, signal.SIGKILL)
            except OSError:  # it has not come to make its group
                reader.process.kill()
        reader.process.join(_JOIN_SECONDS)
        reader.pipe.close()


def _receive(reader: _Reader) -> bool:
    """Takes what has arrived and no more: a process that stalls in its answer must not stall this one."""
    with suppress(ConnectionError):
        data = os.read(reader.pipe.fileno(), _CHUNK_BYTES)
        reader.got += data
        return bool(data)
    return False


def _is_rubbish(got: bytearray) -> bool:
    if len(got) < HEADER.size:
        return False
    code, size = HEADER.unpack_from(got)
    return size > _MAX_DOCUMENT_BYTES or code not in set(ExitCode) or len(got) >= HEADER.size + size


def _answer(got: bytearray) -> tuple[Report, ExitCode] | None:
    """(report, exit code) where the whole answer has arrived and is one."""
    if len(got) < HEADER.size:
        return None
    code, size = HEADER.unpack_from(got)
    if len(got) != HEADER.size + size:
        return None
    try:
        return Report.model_validate_json(bytes(got[HEADER.size :])), ExitCode(code)
    except (ValidationError, ValueError):
        return None


def _died(reader: _Reader) -> NianbaoError:
    code, name = reader.process.exitcode, "" if reader.job is None else reader.job.name
    if code == -signal.SIGXCPU and reader.job is not None:
        return _too_slow(reader.job)
    return StageError(
        f"the process that read the file died (exit code {code})",
        source=name,
        remedy="the file is likely damaged: print it to a new PDF and read that",
    )


def _too_slow(job: Job) -> NianbaoError:
    return StageTimeoutError(
        f"reading took longer than {job.settings.limits.max_seconds_per_file:g} seconds",
        source=job.name,
        remedy="raise limits.max_seconds_per_file in config.yaml, or split the file",
    )
