from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from models.report import Report, ReportStatus, SourceRecord
from pipeline.cli import progress
from pipeline.cli.output import PipeConsole
from pipeline.cli.progress import Tally, shown_progress
from pipeline.export.summary import ReportSummary


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def summary(status: ReportStatus = "ok") -> ReportSummary:
    source = SourceRecord(name="a", sha256="", media_type="", page_count=1)
    return ReportSummary.from_report(Report(source=source, status=status))


def test_a_tally_counts_what_a_person_has_to_look_at() -> None:
    clock = Clock()
    tally = Tally(400, clock)
    for status in ("ok", "needs_review", "partial", "failed"):
        tally.add(summary(status))
    clock.now += 2

    assert tally.line() == "4/400 reports, 120 a minute, 3 min 18 s left; 1 failed, 2 to review"


def test_results_of_before_say_nothing_of_the_speed() -> None:
    clock = Clock()
    tally = Tally(20_000, clock)
    for _ in range(1_000):
        tally.add(summary(), is_kept=True)
    clock.now += 60
    assert tally.line() == "1000/20000 reports, 0 a minute; 0 failed, 0 to review, 1000 kept from before"

    for _ in range(100):
        tally.add(summary())
    assert (
        tally.line()
        == "1100/20000 reports, 100 a minute, 3 h 09 min left; 0 failed, 0 to review, 1000 kept from before"
    )


def test_at_the_start_nothing_is_known() -> None:
    assert Tally(3, Clock()).line() == "0/3 reports, 0 a minute; 0 failed, 0 to review"


Told = Callable[[], list[str]]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    stream = io.StringIO()
    monkeypatch.setattr(progress, "stderr_console", lambda: PipeConsole(file=stream, soft_wrap=True))
    return lambda: stream.getvalue().splitlines()


def test_without_a_terminal_a_line_now_and_then(told: Told) -> None:
    clock = Clock()
    with shown_progress(Tally(1000, clock)) as on_done:
        for _ in range(250):
            clock.now += 0.1
            on_done(summary(), False)
        assert [line.partition(",")[0] for line in told()] == ["nianbao: 100/1000 reports", "nianbao: 200/1000 reports"]
        clock.now += 30
        on_done(summary("failed"), False)

    assert told()[2:] == ["nianbao: 251/1000 reports, 274 a minute, 2 min 44 s left; 1 failed, 0 to review"]


def test_few_files_need_no_line(told: Told) -> None:
    with shown_progress(Tally(3, Clock())) as on_done:
        for _ in range(3):
            on_done(summary(), False)

    assert told() == []


def test_in_a_terminal_a_bar_that_is_gone_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    console = PipeConsole(file=stream, force_terminal=True, width=120)
    monkeypatch.setattr(progress, "stderr_console", lambda: console)
    clock = Clock()

    with shown_progress(Tally(4, clock)) as on_done:
        clock.now += 1
        on_done(summary("needs_review"), False)

    assert "1/4" in stream.getvalue()
    assert "60 a minute, 3 s left" in stream.getvalue()
    assert "0 failed, 1 to review" in stream.getvalue()
