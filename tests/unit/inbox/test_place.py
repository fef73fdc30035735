from __future__ import annotations

import ctypes
import errno
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import pytest

from pipeline.inbox.names import stamp_of
from pipeline.inbox.place import Move, make_folders, move_file, remove_stale, rename_without_replacing

CONTENT = b"%PDF a report"


@pytest.fixture
def move(tmp_path: Path) -> Move:
    source = tmp_path / "inbox" / "a.pdf"
    source.parent.mkdir()
    source.write_bytes(CONTENT)
    return Move(
        source, tmp_path / "done" / "2023" / "a.pdf", stamp_of(source.stat()), hashlib.sha256(CONTENT).hexdigest()
    )


def across(source: Path, target: Path) -> None:
    """Renames as on two file systems: not from the inbox."""
    if source.parent.name == "inbox":
        raise OSError(errno.EXDEV, "Invalid cross-device link")
    rename_without_replacing(source, target)


RENAMES = [rename_without_replacing, across]
Rename = Callable[[Path, Path], None]


@pytest.mark.parametrize("rename", RENAMES)
def test_a_file_is_moved_whole_and_once(move: Move, rename: Rename) -> None:
    assert move_file(move, rename=rename) == "placed"

    assert move.target.read_bytes() == CONTENT
    assert move.target.stat().st_mtime_ns == move.stamp.mtime_ns
    assert not move.source.exists()
    assert [p.name for p in move.target.parent.iterdir()] == ["a.pdf"]


@pytest.mark.parametrize("rename", RENAMES)
def test_moving_it_twice_is_moving_it_once(move: Move, rename: Rename) -> None:
    move_file(move, rename=rename)

    assert move_file(move, rename=rename) == "placed"
    assert move.target.read_bytes() == CONTENT


class _Killed(BaseException):
    """The process ends here."""


def killed_at(number: int, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ends the process before its n-th call that changes the disk; the list holds the calls that were made."""
    made: list[str] = []

    def counted(name: str, call: Callable[..., object]) -> Callable[..., object]:
        def step(*args: object, **kwargs: object) -> object:
            if len(made) == number:
                raise _Killed
            made.append(name)
            return call(*args, **kwargs)

        return step

    monkeypatch.setattr(Path, "unlink", counted("unlink", Path.unlink))
    monkeypatch.setattr(Path, "mkdir", counted("mkdir", Path.mkdir))
    monkeypatch.setattr(os, "fsync", counted("fsync", os.fsync))
    monkeypatch.setattr(os, "utime", counted("utime", os.utime))
    return made


@pytest.mark.parametrize("rename", RENAMES)
def test_a_stop_before_any_step_loses_and_doubles_nothing(
    move: Move, rename: Rename, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = 0
    while True:
        with monkeypatch.context() as patched:
            made = killed_at(number, patched)
            renamed = len(made)

            def step(source: Path, target: Path, made: list[str] = made, number: int = number) -> None:
                if len(made) == number:
                    raise _Killed
                made.append("rename")
                rename(source, target)

            try:
                move_file(move, rename=step)
            except _Killed:
                whole = True
            else:
                whole = False
        assert renamed == 0
        there = [p for p in (move.source, move.target) if p.exists()]
        assert there, f"lost after {made}"
        assert all(p.read_bytes() == CONTENT for p in there)

        # The next start goes on.
        assert move_file(move, rename=rename) == "placed"
        assert not move.source.exists()
        assert move.target.read_bytes() == CONTENT
        if not whole:
            break
        # Back to the beginning, for the stop one step later.
        move.target.rename(move.source)
        move = Move(move.source, move.target, stamp_of(move.source.stat()), move.sha256)
        for leftover in move.target.parent.iterdir():
            leftover.unlink()
        number += 1
    assert number >= 3


def test_a_file_that_was_changed_stays_where_it_is(move: Move) -> None:
    move.source.write_bytes(b"another content, by somebody")

    assert move_file(move) == "gone"
    assert move.source.read_bytes() == b"another content, by somebody"
    assert not move.target.exists()


def test_a_file_that_was_taken_away(move: Move) -> None:
    move.source.unlink()

    assert move_file(move) == "gone"
    assert not move.target.exists()


def test_a_link_in_the_place_of_the_file_is_not_moved(move: Move, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    move.source.rename(secret)
    move.source.symlink_to(secret)

    assert move_file(move) == "gone"
    assert move.source.is_symlink()


@pytest.mark.parametrize("rename", RENAMES)
def test_nothing_is_overwritten(move: Move, rename: Rename) -> None:
    move.target.parent.mkdir(parents=True)
    move.target.write_bytes(b"of somebody else")

    assert move_file(move, rename=rename) == "target_taken"
    assert move.target.read_bytes() == b"of somebody else"
    assert move.source.read_bytes() == CONTENT


@pytest.mark.parametrize("rename", RENAMES)
def test_nothing_is_overwritten_that_appears_at_the_last_moment(move: Move, rename: Rename) -> None:
    def late(source: Path, target: Path) -> None:
        if source.parent.name != "inbox" or rename is rename_without_replacing:
            target.write_bytes(b"of somebody else")
        rename(source, target)

    assert move_file(move, rename=late) == "target_taken"
    assert move.target.read_bytes() == b"of somebody else"
    assert move.source.read_bytes() == CONTENT
    assert [p.name for p in move.target.parent.iterdir()] == ["a.pdf"]


def test_a_file_written_to_while_it_is_moved_goes_back(move: Move) -> None:
    def write_first(source: Path, target: Path) -> None:
        if source == move.source:
            source.write_bytes(CONTENT + b" and more")
        rename_without_replacing(source, target)

    assert move_file(move, rename=write_first) == "gone"
    assert move.source.read_bytes() == CONTENT + b" and more"
    assert not move.target.exists()


def test_a_file_written_to_after_it_was_moved_goes_back_after_a_stop(move: Move) -> None:
    make_folders(move.target.parent)
    move.source.rename(move.target)
    move.target.write_bytes(CONTENT + b" and more")

    assert move_file(move) == "gone"
    assert move.source.read_bytes() == CONTENT + b" and more"


def test_a_source_that_changes_while_it_is_copied_is_not_removed(move: Move) -> None:
    def change_then_copy(source: Path, target: Path) -> None:
        if source.parent.name == "inbox":
            source.write_bytes(b"new")
        across(source, target)

    assert move_file(move, rename=change_then_copy) == "gone"
    assert move.source.read_bytes() == b"new"
    assert list(move.target.parent.iterdir()) == []


def test_a_full_disk_leaves_the_source(move: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    make_folders(move.target.parent)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            move_file(move, rename=across)

    assert move.source.read_bytes() == CONTENT
    assert list(move.target.parent.iterdir()) == []
    assert move_file(move, rename=across) == "placed"


def test_across_two_real_file_systems(move: Move, tmp_path: Path) -> None:
    other = Path("/dev/shm")
    if not other.is_dir() or other.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("no second file system at /dev/shm")
    target = other / f"nianbao-test-{os.getpid()}.pdf"
    try:
        assert move_file(Move(move.source, target, move.stamp, move.sha256)) == "placed"
        assert target.read_bytes() == CONTENT
        assert not move.source.exists()
    finally:
        target.unlink(missing_ok=True)


def test_without_the_call_of_linux(move: Move, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: object())

    assert move_file(move) == "placed"
    move.source.write_bytes(b"x")
    with pytest.raises(FileExistsError):
        rename_without_replacing(move.source, move.target)


def test_temporary_files_of_the_dead_are_removed_and_others_are_not(tmp_path: Path) -> None:
    left, used, other = (tmp_path / n for n in (".nianbao-1.tmp", ".nianbao-2.tmp", "a.tmp"))
    for file in (left, used, other):
        file.write_bytes(b"x")

    with used.open("ab"):
        assert remove_stale(tmp_path) == 1

    assert {p.name for p in tmp_path.iterdir()} == {used.name, other.name}
