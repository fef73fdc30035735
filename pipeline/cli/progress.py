"""How far a batch is, on stderr, so that stdout can be piped: a bar in a terminal, elsewhere plain lines."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.cli.output import PipeConsole, stderr_console

if TYPE_CHECKING:
    from pipeline.export.summary import ReportSummary

# Where there is no terminal, a line after so many files or seconds, whichever comes first.
_LINE_FILES, _LINE_SECONDS = 100, 30.0
_MINUTE, _HOUR = 60, 3600  # seconds


@dataclass(slots=True)
class Tally:
    """What became of the files so far.

    ``kept`` results are of a run before: they count as done and say nothing of the speed.
    """

    total: int
    clock: Callable[[], float] = time.monotonic
    done: int = 0
    kept: int = 0
    reviews: int = 0
    failures: int = 0
    _start: float = field(init=False)

    def __post_init__(self) -> None:
        self._start = self.clock()

    def add(self, summary: ReportSummary, *, is_kept: bool = False) -> None:
        """Nothing; one more file is then done."""
        self.done += 1
        self.kept += is_kept
        self.failures += summary.status == "failed"
        self.reviews += summary.status in {"needs_review", "partial"}

    @property
    def seconds(self) -> float:
        """Since the start."""
        return self.clock() - self._start

    @property
    def per_minute(self) -> float:
        """Files read a minute; 0 where none is."""
        return _MINUTE * (self.done - self.kept) / self.seconds if self.seconds > 0 else 0.0

    @property
    def seconds_left(self) -> float | None:
        """For the rest, at the speed so far; None where it is not known."""
        return _MINUTE * (self.total - self.done) / self.per_minute if self.per_minute > 0 else None

    def speed(self) -> str:
        """Rate and time left, in words."""
        left = "" if self.seconds_left is None else f", {_duration(self.seconds_left)} left"
        return f"{self.per_minute:.0f} a minute{left}"

    def outcome(self) -> str:
        """What a person has to look at, in words."""
        kept = f", {self.kept} kept from before" if self.kept else ""
        return f"{self.failures} failed, {self.reviews} to review{kept}"

    def line(self) -> str:
        """All of it on one line."""
        return f"{self.done}/{self.total} reports, {self.speed()}; {self.outcome()}"


@contextmanager
def shown_progress(tally: Tally) -> Iterator[Callable[[ReportSummary, bool], None]]:
    """What is to be called for each file that is done, with True where its result is one of before."""
    console = stderr_console()
    with _bar(tally, console) if console.is_terminal else _lines(tally, console) as show:

        def on_done(summary: ReportSummary, is_kept: bool) -> None:
            tally.add(summary, is_kept=is_kept)
            if tally.total > 1:
                show()

        yield on_done


@contextmanager
def _bar(tally: Tally, console: PipeConsole) -> Iterator[Callable[[], None]]:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (
        TextColumn("reading"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[speed]}"),
        TextColumn("{task.fields[outcome]}"),
    )
    with Progress(*columns, console=console, transient=True, disable=tally.total == 1) as progress:
        task = progress.add_task("reading", total=tally.total, speed="", outcome="")
        yield lambda: progress.update(task, completed=tally.done, speed=tally.speed(), outcome=tally.outcome())


@contextmanager
def _lines(tally: Tally, console: PipeConsole) -> Iterator[Callable[[], None]]:
    told_files, told_seconds = 0, tally.seconds

    def show() -> None:
        nonlocal told_files, told_seconds
        if tally.done - told_files >= _LINE_FILES or tally.seconds - told_seconds >= _LINE_SECONDS:
            told_files, told_seconds = tally.done, tally.seconds
            console.print(f"nianbao: {tally.line()}", markup=False)

    yield show


def _duration(seconds: float) -> str:
    whole = round(seconds)
    if whole >= _HOUR:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE:02d} min"
    return f"{whole // _MINUTE} min {whole % _MINUTE:02d} s" if whole >= _MINUTE else f"{whole} s"
