from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from pipeline.inbox import names
from pipeline.inbox.names import is_unfinished, scan_inbox, stamp_of, tags_of


def make(folder: Path, *paths: str) -> None:
    for path in paths:
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(b"x")


def test_files_in_folders_are_found_in_order(tmp_path: Path) -> None:
    make(tmp_path, "b.pdf", "2023/某局/a.pdf", "a.pdf", "no-ending")

    assert [f.path for f in scan_inbox(tmp_path).files] == ["2023/某局/a.pdf", "a.pdf", "b.pdf", "no-ending"]


@pytest.mark.parametrize(
    "name",
    ["~$report.docx", "a.pdf.part", "a.pdf.crdownload", "A.PDF.PART", ".hidden.pdf", "a.tmp", "a.pdf~", "Thumbs.db"],
)
def test_unfinished_names_wait(name: str) -> None:
    assert is_unfinished(name)


@pytest.mark.parametrize("name", ["a.pdf", "part", "~a.pdf", "报告.docx", "$.pdf"])
def test_other_names_do_not(name: str) -> None:
    assert not is_unfinished(name)


def test_unfinished_files_are_counted_and_hidden_folders_left_alone(tmp_path: Path) -> None:
    make(tmp_path, "a.pdf.part", "~$b.docx", ".nianbao.lock", ".trash/c.pdf")

    scan = scan_inbox(tmp_path)

    assert (scan.files, scan.refused, scan.unfinished) == ((), (), 2)


def test_what_is_no_file_is_refused_and_not_touched(tmp_path: Path) -> None:
    make(tmp_path / "outside", "secret.pdf")
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "link.pdf").symlink_to(tmp_path / "outside" / "secret.pdf")
    (inbox / "folder").symlink_to(tmp_path / "outside")
    (inbox / "broken.pdf").symlink_to("nowhere")
    os.mkfifo(inbox / "pipe.pdf")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(inbox / "socket.pdf"))

        scan = scan_inbox(inbox)

    assert scan.files == ()
    assert {(r.path, r.reason) for r in scan.refused} == {
        ("link.pdf", "link"),
        ("folder", "link"),
        ("broken.pdf", "link"),
        ("pipe.pdf", "pipe"),
        ("socket.pdf", "socket"),
    }


def test_a_device_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert names._kind(Path("/dev/null").stat().st_mode) == "device"


def test_folders_too_deep_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(names, "MAX_DEPTH", 2)
    make(tmp_path, "a/b/c.pdf", "a/b/c/d.pdf")

    scan = scan_inbox(tmp_path)

    assert [f.path for f in scan.files] == ["a/b/c.pdf"]
    assert [(r.path, r.reason) for r in scan.refused] == [("a/b/c", "too_deep")]


def test_a_folder_that_cannot_be_listed_does_not_hide_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "shut/a.pdf", "b.pdf")
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if path.name == "shut":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)

    scan = scan_inbox(tmp_path)

    assert [f.path for f in scan.files] == ["b.pdf"]
    assert [(r.path, r.reason) for r in scan.refused] == [("shut", "folder_unreadable")]


def test_an_inbox_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        scan_inbox(tmp_path / "gone")


def test_names_that_are_no_text(tmp_path: Path) -> None:
    name = b"\xff\n\xe2\x80\xae.pdf"
    (tmp_path / os.fsdecode(name)).write_bytes(b"x")

    [found] = scan_inbox(tmp_path).files

    assert os.fsencode(found.path) == name


def test_another_file_of_the_same_name_has_another_stamp(tmp_path: Path) -> None:
    make(tmp_path, "a.pdf", "b.pdf")
    before = stamp_of((tmp_path / "a.pdf").stat())
    os.utime(tmp_path / "b.pdf", ns=(0, before.mtime_ns))
    (tmp_path / "b.pdf").rename(tmp_path / "a.pdf")

    assert stamp_of((tmp_path / "a.pdf").stat()) != before


@pytest.mark.parametrize(
    ("path", "tags"),
    [
        ("a.pdf", ()),
        ("2023/a.pdf", ("2023",)),
        ("2023年度/某市/a.pdf", ("2023", "某市")),
        ("2023年/a.pdf", ("2023",)),
        ("某市/某市/a.pdf", ("某市",)),
        ("2023 Q1/a.pdf", ("2023 Q1",)),
    ],
)
def test_folders_are_tags(path: str, tags: tuple[str, ...]) -> None:
    assert tags_of(path) == tags
