from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import NoReturn
from zipfile import ZipFile

import pytest

from models.errors import ExitCode, OutputError
from pipeline.export.atomic import QuietFile, as_output_error, atomic_path, write_bytes, write_text


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def test_text_is_written_as_utf8_without_translating_line_ends(tmp_path: Path) -> None:
    write_text(tmp_path / "报告.json", "年\n报\r\n")
    assert (tmp_path / "报告.json").read_bytes() == "年\n报\r\n".encode()
    assert names(tmp_path) == ["报告.json"]


def test_an_existing_file_is_replaced_and_keeps_its_permissions(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    target.write_text("old")
    target.chmod(0o640)
    write_bytes(target, b"new")
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640


def test_a_new_file_has_the_permissions_of_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_bytes(tmp_path / "a.json", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == 0o640


def test_a_symbolic_link_stays_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to(tmp_path / "kept" / "real.json")
    write_text(tmp_path / "link.json", "new")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "kept" / "real.json").read_text() == "new"
    assert names(tmp_path / "kept") == ["real.json"]


def test_an_exception_in_the_block_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    target = tmp_path / "a.json"
    target.write_text("old")

    def interrupted() -> NoReturn:
        with atomic_path(target) as temp:
            temp.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert target.read_text() == "old"
    assert names(tmp_path) == ["a.json"]


@pytest.mark.parametrize(
    ("number", "cause", "remedy"),
    [
        (errno.ENOSPC, "disk is full", "free some space"),
        (errno.EROFS, "read-only", "another folder"),
        (errno.EACCES, "no permission", "another folder"),
        (errno.EIO, os.strerror(errno.EIO), "another folder"),
    ],
)
def test_a_failing_rename_becomes_an_output_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, cause: str, remedy: str
) -> None:
    def fail(self: Path, target: Path) -> NoReturn:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OutputError) as caught:
        write_text(tmp_path / "a.json", "text")
    assert cause in caught.value.message
    assert remedy in caught.value.remedy
    assert caught.value.source == str(tmp_path / "a.json")
    assert caught.value.exit_code == ExitCode.OUTPUT
    assert names(tmp_path) == []


def test_a_folder_in_the_way_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.json").mkdir()
    with pytest.raises(OutputError, match="folder, not a file"):
        write_text(tmp_path / "a.json", "text")
    assert names(tmp_path) == ["a.json"]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="folder does not exist"):
        write_text(tmp_path / "missing" / "a.json", "text")


def test_a_file_where_a_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="a file, not a folder"):
        write_text(tmp_path / "file" / "a.json", "text")


def test_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OutputError, match="not a regular file"):
        write_text(tmp_path / "pipe", "text")


def test_a_name_of_255_bytes_can_be_written(tmp_path: Path) -> None:
    name = "a" * 250 + ".json"
    write_text(tmp_path / name, "text")
    assert names(tmp_path) == [name]


def test_an_error_without_number_keeps_its_text() -> None:
    assert "strange" in as_output_error(OSError("strange"), Path("a.json")).message


def test_a_quiet_file_writes_what_it_is_given(tmp_path: Path) -> None:
    file = QuietFile(tmp_path / "a.zip")
    with ZipFile(file, "w") as archive:
        archive.writestr("a.txt", "text" * 9999)
    file.close()
    assert ZipFile(tmp_path / "a.zip").read("a.txt") == b"text" * 9999


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_quiet_file_fails_once_and_then_only_counts() -> None:
    file = QuietFile(Path("/dev/full"))
    file.write(b"x" * 10)
    with pytest.raises(OSError, match="No space"):
        file.flush()
    before = file.tell()
    assert file.write(b"12345") == 5
    assert file.tell() == before + 5
    assert file.seek(3) == file.tell() == 3
    assert file.seek(4, os.SEEK_CUR) == 7
    file.flush()
    file.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_reported_when_a_quiet_file_is_closed() -> None:
    file = QuietFile(Path("/dev/full"))
    file.write(b"x" * 10)
    with pytest.raises(OSError, match="No space"):
        file.close()
    file.close()
