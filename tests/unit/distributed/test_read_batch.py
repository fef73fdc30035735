from __future__ import annotations

import datetime as dt
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from models.errors import EncryptedInputError, ExitCode
from models.report import Report
from pipeline.config import load_settings
from pipeline.distributed import read_batch as tasks
from pipeline.distributed.checkpoint import Checkpoint, Kept, is_final
from pipeline.distributed.places import open_place
from pipeline.distributed.read_batch import Outcome, Task, read_batch, read_one
from pipeline.manifest import settings_digest
from pipeline.read_apart.child import Job, failed
from pipeline.read_apart.readers import Readers
from pipeline.waiver_files import WaiverBook

SETTINGS = load_settings(overrides={"limits.max_seconds_per_file": 30.0})


def read_by_content(job: Job) -> tuple[Report, ExitCode]:
    content = job.path.read_bytes()
    if content == b"crash":
        os.abort()
    if content == b"hang":
        time.sleep(60)
    report, _ = failed(job.name, EncryptedInputError("locked") if content == b"locked" else EncryptedInputError("x"))
    if content != b"locked":
        report = report.model_copy(
            update={"failures": [], "status": "needs_review", "timings": {"open": time.perf_counter()}}
        )
        return report, ExitCode.REVIEW
    return report, ExitCode.INPUT


@pytest.fixture
def task(tmp_path: Path) -> Task:
    out = open_place(str(tmp_path / "out"))
    return Task(SETTINGS, Checkpoint.of(out, SETTINGS), "run-1", WaiverBook((), dt.date(2026, 1, 1)))


@pytest.fixture
def reader() -> Iterator[Callable[[], int]]:
    """Reads with the function above; says how many processes of readers there are."""
    readers = Readers(1, SETTINGS.limits, read_by_content)
    tasks._READERS[SETTINGS.limits.model_dump_json()] = readers
    yield lambda: len(readers._idle)
    readers.stop()
    tasks._READERS.clear()


def kept(task: Task) -> list[Path]:
    return sorted(Path(task.checkpoint.folder.path).rglob("*.gz"))


@pytest.mark.usefixtures("reader")
def test_a_document_is_read_once_whatever_is_started_again(tmp_path: Path, task: Task) -> None:
    (tmp_path / "a.pdf").write_bytes(b"good")
    place = open_place(str(tmp_path / "a.pdf"))

    first = read_one(0, place, task)
    [file] = kept(task)
    before = file.stat().st_mtime_ns
    again = read_one(0, place, replace(task, run="run-2"))

    assert (first.is_kept, again.is_kept) == (False, True)
    assert (first.stamp, first.file, first.code) == (again.stamp, again.file, again.code)
    assert kept(task) == [file]
    assert file.stat().st_mtime_ns == before


@pytest.mark.usefixtures("reader")
def test_a_task_done_twice_keeps_the_same_under_the_same_name(tmp_path: Path, task: Task) -> None:
    (tmp_path / "a.pdf").write_bytes(b"good")
    place = open_place(str(tmp_path / "a.pdf"))

    first = read_one(0, place, task)
    shutil.rmtree(task.checkpoint.folder.path)
    second = read_one(0, place, task)

    assert (first.file, first.stamp, first.is_kept) == (second.file, second.stamp, second.is_kept)


@pytest.mark.usefixtures("reader")
def test_other_content_another_name_and_other_settings_are_read(tmp_path: Path, task: Task) -> None:
    (tmp_path / "a.pdf").write_bytes(b"good")
    read_one(0, open_place(str(tmp_path / "a.pdf")), task)
    shutil.copy(tmp_path / "a.pdf", tmp_path / "b.pdf")
    read_one(0, open_place(str(tmp_path / "b.pdf")), task)
    (tmp_path / "a.pdf").write_bytes(b"better")
    read_one(0, open_place(str(tmp_path / "a.pdf")), task)

    other = load_settings(overrides={"ocr.page_dpi": 150})
    assert len(kept(task)) == 3
    assert settings_digest(other) != settings_digest(load_settings())
    assert settings_digest(load_settings(overrides={"ocr.threads": 2, "batch.jobs": 2})) == settings_digest(
        load_settings()
    )


@pytest.mark.usefixtures("reader")
def test_a_crash_costs_its_document_and_is_tried_again(tmp_path: Path, task: Task) -> None:
    for name in ("good", "crash", "other"):
        (tmp_path / name).write_bytes(name.encode())
    batch = {
        "number": [0, 1, 2],
        "root": ["", "", ""],
        "path": [str(tmp_path / n) for n in ("good", "crash", "other")],
        "name": ["good", "crash", "other"],
    }

    rows = [{key: values[0] for key, values in one.items()} for one in read_batch(batch, task)]
    outcomes = [Outcome.from_row(row) for row in rows]

    assert [o.code for o in outcomes] == [ExitCode.REVIEW, ExitCode.BUG, ExitCode.REVIEW]
    assert "died" in outcomes[1].summary.failures[0]
    again = read_one(1, replace(open_place(str(tmp_path / "crash")), name="crash"), replace(task, run="run-2"))
    assert not again.is_kept


@pytest.mark.usefixtures("reader")
def test_a_hang_costs_its_document(tmp_path: Path, task: Task) -> None:
    (tmp_path / "hang").write_bytes(b"hang")
    limits = SETTINGS.limits.model_copy(update={"max_seconds_per_file": 0.5})
    hasty = SETTINGS.model_copy(update={"limits": limits})
    readers = Readers(1, limits, read_by_content)
    tasks._READERS[limits.model_dump_json()] = readers

    outcome = read_one(0, open_place(str(tmp_path / "hang")), replace(task, settings=hasty))
    readers.stop()

    assert "longer than 0.5 seconds" in outcome.summary.failures[0]


@pytest.mark.usefixtures("reader")
def test_what_another_try_may_open_is_tried_again(tmp_path: Path, task: Task) -> None:
    (tmp_path / "a.pdf").write_bytes(b"locked")
    place = open_place(str(tmp_path / "a.pdf"))

    assert read_one(0, place, task).code is ExitCode.INPUT
    assert not read_one(0, place, replace(task, run="run-2", password="x")).is_kept


def test_a_source_that_is_gone_is_a_failed_report(tmp_path: Path, task: Task) -> None:
    outcome = read_one(4, open_place(str(tmp_path / "gone.pdf")), task)

    assert (outcome.number, outcome.code, outcome.summary.status) == (4, ExitCode.INPUT, "failed")
    assert task.checkpoint.get(outcome.file) is not None


@pytest.mark.usefixtures("reader")
def test_a_damaged_file_of_the_checkpoint_is_read_again(tmp_path: Path, task: Task) -> None:
    (tmp_path / "a.pdf").write_bytes(b"good")
    place = open_place(str(tmp_path / "a.pdf"))
    read_one(0, place, task)
    [file] = kept(task)
    file.write_bytes(file.read_bytes()[:20])

    assert not read_one(0, place, replace(task, run="run-2")).is_kept
    assert kept(task) == [file]


def test_what_is_kept_comes_back_as_it_was() -> None:
    report, code = failed("年报.pdf", EncryptedInputError("locked"))

    same = Kept.from_bytes(Kept(report, code, "run-1").to_bytes())

    assert same == Kept(report, code, "run-1")
    assert not is_final(report)


def test_the_password_is_in_no_text(task: Task) -> None:
    assert "secret" not in repr(replace(task, password="secret"))
