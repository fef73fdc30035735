"""Full disks, read-only folders, a store that is away: told, nothing lost, and work goes on when it is over."""

from __future__ import annotations

import errno
import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from models.errors import ExitCode, OutputError, StoreUnavailableError
from pipeline.export.json_export import write_report_json
from pipeline.inbox import events, intake, names, place, placing, service, trouble, work
from pipeline.store.originals import Originals
from tests.unit.inbox.office import FakeReaders, Office

FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
DISKS = [
    OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)),
    OSError(errno.EROFS, os.strerror(errno.EROFS)),
    OSError(errno.EACCES, os.strerror(errno.EACCES)),
    OSError(errno.EDQUOT, os.strerror(errno.EDQUOT)),
]
AWAY = StoreUnavailableError("the disk is full", source="nianbao.db", remedy="free some space")


class _Told(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.events: list[tuple[str, dict[str, Any]]] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.events.append((record.getMessage(), getattr(record, "nianbao_facts", {})))

    def named(self, name: str) -> list[dict[str, Any]]:
        return [facts for event, facts in self.events if event == name]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> _Told:
    handler = _Told()
    monkeypatch.setattr(events.logger, "handlers", [handler])
    monkeypatch.setattr(events.logger, "level", logging.INFO)
    monkeypatch.setattr(events.logger, "propagate", False)
    return handler


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trouble, "_FIRST_WAIT_SECONDS", 0.001)
    monkeypatch.setattr(trouble, "_LONGEST_WAIT_SECONDS", 0.001)


def failing(call: Callable[..., Any], error: Exception, times: int) -> Callable[..., Any]:
    """Fails so many times, then does its work."""
    left = [times]

    def step(*args: Any, **kwargs: Any) -> Any:
        if left[0]:
            left[0] -= 1
            raise error
        return call(*args, **kwargs)

    return step


def run_until_placed(office: Office, count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs the service as it runs for good, and asks it to stop when so many files are placed."""
    closed = threading.Event()
    close = vars(placing)["close_drop"]
    left = [count]

    def counted(*args: Any) -> None:
        close(*args)
        left[0] -= 1
        if not left[0]:
            closed.set()

    monkeypatch.setattr(placing, "close_drop", counted)
    monkeypatch.setattr(service, "Readers", lambda *_: FakeReaders())
    turn = service._Service._turn

    def turn_until(self: Any) -> None:
        turn(self)
        if closed.is_set():
            self._asked.signal = 15

    monkeypatch.setattr(service._Service, "_turn", turn_until)
    service.watch(office.inbox, office.settings)


@pytest.mark.parametrize("disk", DISKS, ids=lambda e: errno.errorcode[e.errno])
@pytest.mark.parametrize("step", ["make_folders", "move_file"])
def test_a_folder_that_takes_nothing_for_a_time(
    office: Office, told: _Told, monkeypatch: pytest.MonkeyPatch, disk: OSError, step: str
) -> None:
    office.drop("ok-1.pdf", "ok-2.pdf", "review.pdf")
    monkeypatch.setattr(placing, step, failing(getattr(placing, step), disk, 4))

    run_until_placed(office, 3, monkeypatch)

    assert office.files() == {"done/ok-1.pdf", "done/ok-2.pdf", "review/review.pdf"}
    troubles = told.named("trouble")
    assert len(troubles) <= 2, "each trouble is told once"
    assert troubles[0]["topic"].startswith("folder ")
    assert disk.strerror in troubles[0]["message"]
    assert told.named("trouble is over")


def test_results_that_cannot_be_written_keep_the_file_in_the_inbox(
    office: Office, told: _Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.drop("ok.pdf")
    error = OutputError("the disk is full", source="done/ok.pdf.json")
    error.__cause__ = FULL
    seen: list[set[str]] = []

    def full(*_: object) -> None:
        seen.append(office.files())
        raise error

    monkeypatch.setattr(placing, "write_report_json", failing(write_report_json, error, 2))
    with monkeypatch.context() as patched:
        patched.setattr(placing, "write_report_json", full)
        office.run_once()
    assert seen[0] == {"inbox/ok.pdf"}

    run_until_placed(office, 1, monkeypatch)

    assert office.files(results=True) == {"done/ok.pdf", "done/ok.pdf.json"}


def test_with_once_a_folder_that_takes_nothing_ends_the_run(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.drop("ok.pdf", "review.pdf")
    with monkeypatch.context() as patched:
        patched.setattr(placing, "move_file", failing(place.move_file, FULL, 1_000_000))

        outcome = office.run_once()

    assert (outcome.code, outcome.left) == (ExitCode.OUTPUT, ("ok.pdf", "review.pdf"))
    assert office.files() == {"inbox/ok.pdf", "inbox/review.pdf"}
    assert office.run_once().code is ExitCode.OK
    assert office.files() == {"done/ok.pdf", "review/review.pdf"}


def test_originals_that_cannot_be_kept_leave_the_files_where_they_are(
    office: Office, told: _Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.drop("ok-1.pdf", "ok-2.pdf")
    monkeypatch.setattr(Originals, "add", failing(Originals.add, AWAY, 3))

    run_until_placed(office, 2, monkeypatch)

    assert office.files() == {"done/ok-1.pdf", "done/ok-2.pdf"}
    [first, *_] = told.named("trouble")
    assert (first["topic"], first["message"]) == ("taking", "nianbao.db: the disk is full — free some space")
    assert told.named("trouble is over")


@pytest.mark.parametrize(
    ("where", "step"),
    [(intake, "take_file"), (work, "claim"), (work, "finish"), (placing, "close_drop"), (placing, "intend_target")],
)
def test_a_store_that_is_away_for_a_time(
    office: Office, told: _Told, monkeypatch: pytest.MonkeyPatch, where: Any, step: str
) -> None:
    office.drop("ok-1.pdf", "ok-2.pdf")
    monkeypatch.setattr(where, step, failing(getattr(where, step), AWAY, 3))

    run_until_placed(office, 2, monkeypatch)

    assert office.files() == {"done/ok-1.pdf", "done/ok-2.pdf"}
    assert len(told.named("trouble")) == 1
    assert [facts["name"] for facts in told.named("read")] == ["ok-1.pdf", "ok-2.pdf"]


def test_an_inbox_that_cannot_be_listed_for_a_time(
    office: Office, told: _Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.drop("ok.pdf")
    error = OSError(errno.EIO, os.strerror(errno.EIO), str(office.inbox))
    monkeypatch.setattr(intake, "scan_inbox", failing(names.scan_inbox, error, 3))

    run_until_placed(office, 1, monkeypatch)

    assert office.files() == {"done/ok.pdf"}
    assert [t["topic"] for t in told.named("trouble")] == ["inbox"]


def test_a_read_only_inbox_is_locked_all_the_same(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    original = os.open

    def refuse(path: Any, flags: int, *args: Any, **kwargs: Any) -> int:
        if flags & os.O_CREAT and Path(path).parent == office.inbox:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        return original(path, flags, *args, **kwargs)

    monkeypatch.setattr(os, "open", refuse)
    office.drop("ok.pdf")

    assert office.run_once().states == {"done": 1}
