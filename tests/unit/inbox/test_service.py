from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

import pytest

from models.errors import ExitCode, UsageError
from pipeline.inbox.lock import inbox_lock
from pipeline.store.documents import documents, load_report
from pipeline.store.drops import open_drops
from pipeline.store.originals import Originals
from tests.unit.inbox.office import Office


def test_each_file_goes_where_its_result_belongs(office: Office) -> None:
    office.drop("ok-1.pdf", "2023/某局/review-1.pdf", "damaged-1.pdf", "locked.pdf")

    outcome = office.run_once()

    assert office.files(results=True) == {
        "done/ok-1.pdf",
        "done/ok-1.pdf.json",
        "review/2023/某局/review-1.pdf",
        "review/2023/某局/review-1.pdf.json",
        "review/2023/某局/review-1.pdf.reason.txt",
        "failed/damaged-1.pdf",
        "failed/damaged-1.pdf.json",
        "failed/damaged-1.pdf.reason.txt",
        "failed/locked.pdf",
        "failed/locked.pdf.json",
        "failed/locked.pdf.reason.txt",
    }
    assert outcome.states == {"done": 1, "review": 1, "failed": 1, "password": 1}
    assert outcome.code is ExitCode.INPUT
    document = json.loads((office.root / "done" / "ok-1.pdf.json").read_text(encoding="utf-8"))
    assert document["source"]["name"] == "ok-1.pdf"
    with office.store() as store:
        assert {d.name: d.tags for d in documents(store)}["2023/某局/review-1.pdf"] == ("2023", "某局")
        assert open_drops(store, str(office.inbox.resolve())) == []
        assert all((office.root / "originals").rglob(d.sha256) for d in documents(store))


def test_the_reason_stands_in_both_languages(office: Office) -> None:
    office.drop("damaged.pdf", "locked.pdf")

    office.run_once()

    damaged = (office.root / "failed" / "damaged.pdf.reason.txt").read_text(encoding="utf-8-sig")
    assert "文件损坏 / the file is damaged: the file is truncated" in damaged
    assert "从原始文档重新导出" in damaged
    assert "export it again" in damaged
    locked = (office.root / "failed" / "locked.pdf.reason.txt").read_text(encoding="utf-8-sig")
    assert "需要密码 needs a password" in locked
    assert "nianbao retry 2 --password" in locked


def test_the_same_content_is_read_once_and_placed_twice(office: Office) -> None:
    office.drop("a.pdf")
    (office.inbox / "b.pdf").write_bytes((office.inbox / "a.pdf").read_bytes())

    office.run_once()

    assert office.read == ["a.pdf"]
    assert office.files() == {"done/a.pdf", "done/b.pdf"}

    (office.inbox / "a.pdf").write_bytes((office.root / "done" / "a.pdf").read_bytes())
    office.run_once()

    assert office.read == ["a.pdf"]
    assert office.files() == {"done/a.pdf", "done/b.pdf", "done/a-2.pdf"}


def test_another_content_of_the_same_name_is_another_document(office: Office) -> None:
    office.drop("a.pdf")
    office.run_once()
    (office.inbox / "a.pdf").write_text("corrected", encoding="utf-8")

    office.run_once()

    assert office.read == ["a.pdf", "a.pdf"]
    assert office.files() == {"done/a.pdf", "done/a-2.pdf"}
    with office.store() as store:
        first, second = (load_report(store, d.id) for d in documents(store))
    assert first is not None
    assert second is not None
    assert [(r.version, r.is_latest) for r in (first, second)] == [(1, False), (2, True)]


def test_what_is_unfinished_or_refused_stays(office: Office, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret", encoding="utf-8")
    office.drop("a.pdf.part", "~$b.docx", "c.pdf")
    (office.inbox / "link.pdf").symlink_to(secret)
    os.mkfifo(office.inbox / "pipe.pdf")

    office.run_once()

    assert office.files() == {"inbox/a.pdf.part", "inbox/~$b.docx", "inbox/link.pdf", "done/c.pdf"}
    assert (office.inbox / "pipe.pdf").is_fifo()
    assert office.read == ["c.pdf"]


def test_a_file_that_somebody_writes_is_left(office: Office) -> None:
    office.drop("a.pdf", "b.pdf")

    with (office.inbox / "a.pdf").open("ab"):
        outcome = office.run_once()

    assert office.files() == {"inbox/a.pdf", "done/b.pdf"}
    assert outcome.left == ("a.pdf",)
    office.run_once()
    assert office.files() == {"done/a.pdf", "done/b.pdf"}


def test_a_crash_is_tried_again_and_then_given_up(office: Office) -> None:
    office.drop("crash.pdf", "ok.pdf")

    outcome = office.run_once()

    assert office.read.count("crash.pdf") == 2
    assert office.files() == {"failed/crash.pdf", "done/ok.pdf"}
    assert outcome.code is ExitCode.BUG


def test_a_file_too_large_to_be_kept_is_put_aside_with_its_reason(office: Office) -> None:
    office.drop("ok.pdf", "2023/huge.pdf")
    (office.inbox / "2023" / "huge.pdf").write_bytes(b"x" * 1001)

    office.run_once()

    assert office.files(results=True) == {
        "done/ok.pdf",
        "done/ok.pdf.json",
        "failed/2023/huge.pdf",
        "failed/2023/huge.pdf.reason.txt",
    }
    reason = (office.root / "failed" / "2023" / "huge.pdf.reason.txt").read_text(encoding="utf-8-sig")
    assert "文件过大 / the file is too large: the file is larger than the limit of 1000 bytes" in reason


def test_a_file_that_cannot_be_read_keeps_no_other_waiting(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.drop("a.pdf", "b.pdf")
    original = os.open

    def refuse(path: str, *args: int, **kwargs: int) -> int:
        if str(path).endswith("inbox/a.pdf"):
            raise PermissionError(13, "Permission denied", str(path))
        return original(path, *args, **kwargs)

    monkeypatch.setattr(os, "open", refuse)

    outcome = office.run_once()

    assert office.files() == {"inbox/a.pdf", "done/b.pdf"}
    assert (outcome.left, outcome.code) == (("a.pdf",), ExitCode.INPUT)


def test_a_damaged_original_is_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.drop("a.pdf")
    checked = Originals.checked_path

    def damage(originals: Originals, sha256: str) -> Path:
        kept = office.root / "originals" / sha256[:2] / sha256
        if kept.exists():
            kept.chmod(0o644)
            kept.write_bytes(b"rot")
        return checked(originals, sha256)

    monkeypatch.setattr(Originals, "checked_path", damage)

    office.run_once()

    assert office.files() == {"failed/a.pdf"}
    reason = (office.root / "failed" / "a.pdf.reason.txt").read_text(encoding="utf-8-sig")
    assert "the original is damaged" in reason


def test_a_second_service_is_refused(office: Office) -> None:
    with inbox_lock(office.inbox), pytest.raises(UsageError, match=rf"another process \({os.getpid()}\) watches this"):
        office.run_once()


def test_nothing_there(office: Office) -> None:
    outcome = office.run_once()

    assert (outcome.states, outcome.code, outcome.left) == ({}, ExitCode.OK, ())


def test_where_leases_are_not_known_open_files_are_looked_for(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr(fcntl, "fcntl", refuse)
    office.drop("a.pdf", "b.pdf")

    with (office.inbox / "a.pdf").open("ab"), (office.inbox / "b.pdf").open("rb"):
        office.run_once()

    assert office.files() == {"inbox/a.pdf", "done/b.pdf"}
