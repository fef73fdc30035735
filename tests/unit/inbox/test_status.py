from __future__ import annotations

import json
import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from pipeline.inbox.folders import inbox_folders
from pipeline.inbox.lock import inbox_lock, is_watched
from pipeline.inbox.status import Status, read_status
from tests.unit.inbox.office import Office


def status(office: Office) -> Status:
    with office.store() as store:
        return read_status(store, office.settings, inbox_folders(office.inbox, office.settings))


def test_all_figures(office: Office) -> None:
    office.drop("ok.pdf", "damaged.pdf", "locked.pdf", "review.pdf")
    office.run_once()
    office.drop("new.pdf", "half.pdf.part")
    (office.inbox / "link.pdf").symlink_to("new.pdf")

    found = status(office)

    assert found.problems == ()
    assert [(d.name, d.state) for d in found.attention] == [
        ("review.pdf", "review"),
        ("locked.pdf", "password"),
        ("damaged.pdf", "failed"),
    ]
    figures = json.loads(json.dumps(found.to_json_dict()))
    assert figures["states"] == {"received": 0, "running": 0, "done": 1, "review": 1, "failed": 1, "password": 1}
    assert figures["queue"] == {"length": 0, "ready": 0, "delayed": 0, "oldest_seconds": None}
    assert figures["failures"] == {"damaged": 1}
    assert figures["last_result_at"]
    assert figures["inbox"] == {
        "path": str(office.inbox.resolve()),
        "watched": False,
        "files": 1,
        "unfinished": 1,
        "refused": [{"path": "link.pdf", "reason": "link"}],
    }


def test_whether_a_service_runs(office: Office) -> None:
    assert not is_watched(office.inbox)
    with inbox_lock(office.inbox):
        assert is_watched(office.inbox)
    assert not is_watched(office.inbox)


def test_a_full_disk_is_a_problem(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")  # noqa: PYI024 - as shutil does
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage(10, 10, 1024))

    assert any("the disk is full (0 MiB free)" in problem for problem in status(office).problems)


def test_a_folder_that_cannot_be_written_is_a_problem(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    (office.root / "done").mkdir()
    access = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "done" and access(path, mode))

    assert status(office).problems == (f"done {office.root.resolve() / 'done'}: cannot be written to",)


def test_an_inbox_that_cannot_be_listed_is_a_problem(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_inbox: Path) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("pipeline.inbox.status.scan_inbox", refuse)

    assert status(office).problems == (f"inbox {office.inbox.resolve()}: Input/output error",)
