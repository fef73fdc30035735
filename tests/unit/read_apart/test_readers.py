from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from pipeline.config import LimitSettings, Settings
from pipeline.read_apart.child import Job
from pipeline.read_apart.readers import Done, Readers
from tests.unit.read_apart import jobs

MEMORY = 1024**3
Make = Callable[[int], Readers]


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[Readers] = []

    def new(count: int) -> Readers:
        made.append(Readers(count, LimitSettings(max_memory_bytes=MEMORY), jobs.read))
        return made[-1]

    yield new
    for readers in made:
        readers.stop()


def job(name: str, tmp_path: Path, seconds: float = 300.0) -> Job:
    limits = LimitSettings(max_seconds_per_file=seconds, max_memory_bytes=MEMORY)
    return Job(tmp_path / name, name, Settings(limits=limits))


def read(readers: Readers, one: Job) -> Done:
    readers.begin(1, one)
    done: list[Done] = []
    while not done:
        done = readers.wait()
    [found] = done
    return found


def test_a_reader_has_its_limits_and_its_group(make: Make, tmp_path: Path) -> None:
    assert read(make(1), job("limits", tmp_path)).report.title == str([MEMORY, 0, True])


def test_a_reader_is_used_again_and_replaced_after_a_failure(make: Make, tmp_path: Path) -> None:
    readers = make(1)
    first, second = (read(readers, job("pid", tmp_path)).report.title for _ in range(2))
    read(readers, job("killed", tmp_path))
    third = read(readers, job("pid", tmp_path)).report.title

    assert first == second != third


@pytest.mark.parametrize(
    ("name", "ending", "code"),
    [
        ("killed", "died", "stage"),
        ("hog", "died", "stage"),
        ("endless", "died", "stage_timeout"),
        ("hang", "timed_out", "stage_timeout"),
        ("half", "timed_out", "stage_timeout"),
    ],
)
def test_a_reading_that_gives_no_answer(make: Make, tmp_path: Path, name: str, ending: str, code: str) -> None:
    done = read(make(1), job(name, tmp_path, seconds=300 if ending == "died" else 5))

    assert (done.ending, done.report.status, done.report.failures[0].code) == (ending, "failed", code)
    assert done.report.failures[0].remedy


def test_what_a_reader_has_started_ends_with_it(make: Make, tmp_path: Path) -> None:
    read(make(1), job("child", tmp_path, seconds=20))

    pid = int((tmp_path / "child").read_text(encoding="ascii"))
    if psutil.pid_exists(pid):
        psutil.wait_procs([psutil.Process(pid)], timeout=60)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_reader_that_died_idle_costs_no_file(make: Make, tmp_path: Path) -> None:
    readers = make(1)
    title = read(readers, job("pid", tmp_path)).report.title
    assert title is not None
    psutil.Process(int(title)).kill()
    psutil.wait_procs([psutil.Process(int(title))] if psutil.pid_exists(int(title)) else [], timeout=60)

    assert read(readers, job("pid", tmp_path)).ending == "answered"


def test_a_wait_ends_when_something_else_can_be_read(make: Make, tmp_path: Path) -> None:
    readers = make(1)
    readers.begin(1, job("hang", tmp_path))
    ours, theirs = os.pipe()
    os.write(theirs, b"x")
    try:
        assert readers.wait(None, (ours,)) == []
    finally:
        os.close(ours)
        os.close(theirs)
    assert (readers.free, readers.keys) == (0, (1,))


def test_no_more_files_than_places(make: Make, tmp_path: Path) -> None:
    readers = make(1)
    readers.begin(1, job("hang", tmp_path))

    with pytest.raises(RuntimeError):
        readers.begin(2, job("hang", tmp_path))
