"""Originals: kept whole or not at all, found by content, told where they are damaged."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import io
import os
from pathlib import Path

import pytest

from models.errors import StoreDamagedError, StoreUnavailableError
from pipeline.store import originals as module
from pipeline.store.originals import Originals

DATA = b"a report" * 1000
SHA = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def kept(tmp_path: Path) -> Originals:
    return Originals(tmp_path / "kept")


def names(kept: Originals) -> list[str]:
    return sorted(str(p.relative_to(kept.folder)) for p in kept.folder.rglob("*") if p.is_file())


class Slow(io.RawIOBase):
    """A stream that gives its data in small pieces, then maybe an error."""

    def __init__(self, data: bytes, error: OSError | None = None) -> None:
        self._left = data
        self._error = error

    def read(self, _size: int = -1) -> bytes:
        if not self._left and self._error:
            raise self._error
        piece, self._left = self._left[:999], self._left[999:]
        return piece


def test_a_file_is_kept_by_its_content(kept: Originals) -> None:
    original = kept.add(io.BytesIO(DATA))

    assert (original.sha256, original.byte_size, original.is_new) == (SHA, len(DATA), True)
    assert original.path == kept.folder / SHA[:2] / SHA == kept.path(SHA)
    assert original.path.read_bytes() == DATA
    assert kept.checked_path(SHA) == original.path
    assert names(kept) == [f"{SHA[:2]}/{SHA}"]


def test_a_large_file_comes_in_pieces(kept: Originals, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_CHUNK_BYTES", 7)

    assert kept.add(io.BytesIO(DATA)).sha256 == SHA


def test_an_empty_file_is_a_file(kept: Originals) -> None:
    assert kept.add(io.BytesIO()).byte_size == 0


def test_a_known_content_is_kept_once(kept: Originals) -> None:
    first = kept.add(io.BytesIO(DATA))
    inode = first.path.stat().st_ino

    again = kept.add(io.BytesIO(DATA))

    assert (again.is_new, again.path) == (False, first.path)
    assert again.path.stat().st_ino == inode
    assert len(names(kept)) == 1


def test_nobody_writes_to_an_original_by_mistake(kept: Originals) -> None:
    assert kept.add(io.BytesIO(DATA)).path.stat().st_mode & 0o222 == 0


@pytest.mark.parametrize("damage", [b"other", b""])
def test_a_damaged_original_is_told_and_mended_by_the_same_content(kept: Originals, damage: bytes) -> None:
    path = kept.add(io.BytesIO(DATA)).path
    path.chmod(0o644)
    path.write_bytes(damage)

    with pytest.raises(StoreDamagedError, match="content has changed"):
        kept.checked_path(SHA)

    assert kept.add(io.BytesIO(DATA)).is_new
    assert kept.checked_path(SHA).read_bytes() == DATA


def test_a_missing_original_is_told(kept: Originals) -> None:
    with pytest.raises(StoreDamagedError, match="missing") as caught:
        kept.checked_path(SHA)

    assert caught.value.source == str(kept.path(SHA))
    assert caught.value.remedy


def test_an_error_of_the_source_is_not_one_of_the_store(kept: Originals) -> None:
    with pytest.raises(OSError, match="gone"):
        kept.add(Slow(DATA, OSError(errno.EIO, "gone")))  # type: ignore[arg-type]

    assert names(kept) == []


@pytest.mark.parametrize(
    ("code", "says"), [(errno.ENOSPC, "the disk is full"), (errno.EROFS, "read-only"), (errno.EIO, "cannot be written")]
)
@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_a_full_disk_leaves_nothing_and_passes(
    kept: Originals, monkeypatch: pytest.MonkeyPatch, call: str, code: int, says: str
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        if call == "write":
            patch.setattr(module, "_write_all", refuse)
        elif call == "fsync":
            patch.setattr(os, "fsync", refuse)
        else:
            patch.setattr(Path, "replace", refuse)
        with pytest.raises(StoreUnavailableError, match=says):
            kept.add(io.BytesIO(DATA))
        assert names(kept) == []

    assert kept.add(io.BytesIO(DATA)).is_new


def test_a_real_full_device(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb", buffering=0) as full, pytest.raises(OSError, match="No space"):
        module._write_all(full, DATA)


def test_a_file_where_the_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"")

    with pytest.raises(StoreUnavailableError, match="a file lies where"):
        Originals(tmp_path / "kept").add(io.BytesIO(DATA))


def test_leftovers_go_and_what_is_being_written_stays(kept: Originals) -> None:
    kept.add(io.BytesIO(DATA))
    (kept.folder / "dead.tmp").write_bytes(b"half")
    live = kept.folder / "live.tmp"
    with live.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert kept.remove_leftovers() == 1

    assert names(kept) == [f"{SHA[:2]}/{SHA}", "live.tmp"]
    assert kept.remove_leftovers() == 1


def test_no_leftovers_where_there_is_no_folder(kept: Originals) -> None:
    assert kept.remove_leftovers() == 0
