"""The files as they came, kept by their content: ``<folder>/ab/abcdef…``. Nothing is ever changed or removed there."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from models.errors import StoreDamagedError, StoreUnavailableError

_CHUNK_BYTES = 1024 * 1024
_TEMP_BYTES = 8  # random bytes in a temporary name: enough to make a clash with a parallel writer improbable
_TEMP_ENDING = ".tmp"
_CAUSES: dict[int, tuple[str, str]] = {
    errno.ENOSPC: ("the disk is full", "free some space"),
    errno.EDQUOT: ("the disk quota is used up", "free some space"),
    errno.EROFS: ("the disk is read-only", "make it writable, or name another folder in store.originals"),
    errno.EACCES: ("no permission to write here", "change the permissions of the folder"),
    errno.EPERM: ("no permission to write here", "change the permissions of the folder"),
    errno.ENOTDIR: ("a part of the path is a file, not a folder", "name another folder in store.originals"),
    errno.EEXIST: ("a file lies where the folder should be", "name another folder in store.originals"),
}


@dataclass(frozen=True, slots=True)
class Original:
    """A kept file. ``is_new`` is False where its content was kept before."""

    sha256: str
    byte_size: int
    path: Path
    is_new: bool


@dataclass(frozen=True, slots=True)
class Originals:
    """The folder of kept files; it is made with the first of them."""

    folder: Path

    def path(self, sha256: str) -> Path:
        """Where the content lies, or would lie."""
        return self.folder / sha256[:2] / sha256

    def add(self, stream: BinaryIO) -> Original:
        """The kept file with the content of ``stream``, read to its end; it is on the disk when this returns.

        Raises:
            OSError: ``stream`` cannot be read.
            StoreUnavailableError: the content cannot be written; nothing is left of it.
        """
        with _write_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            temp = self.folder / f"{secrets.token_hex(_TEMP_BYTES)}{_TEMP_ENDING}"
            descriptor = os.open(temp, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
        try:
            with os.fdopen(descriptor, "wb", buffering=0) as file:
                fcntl.flock(file, fcntl.LOCK_EX)  # tells it from a leftover, until it has its name
                sha256, byte_size = self._copy(stream, file)
                return self._name(temp, sha256, byte_size)
        finally:
            with contextlib.suppress(OSError):
                temp.unlink(missing_ok=True)

    def remove_leftovers(self) -> int:
        """Number of unfinished files that were removed; those that another process is writing stay.

        Raises:
            StoreUnavailableError: the folder cannot be written.
        """
        removed = 0
        with _write_errors(self.folder):
            for temp in self.folder.glob(f"*{_TEMP_ENDING}"):
                with contextlib.suppress(FileNotFoundError), temp.open("rb") as file:
                    try:
                        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    except BlockingIOError:
                        continue
                    temp.unlink()
                    removed += 1
        return removed

    def checked_path(self, sha256: str) -> Path:
        """The kept file, after its content was read and found to be what was kept.

        Raises:
            StoreDamagedError: the file is missing or changed.
            StoreUnavailableError: the file cannot be read.
        """
        path = self.path(sha256)
        try:
            with path.open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError as exc:
            raise StoreDamagedError(
                "the original is missing", source=str(path), remedy="restore it, or drop the file into the inbox again"
            ) from exc
        except OSError as exc:
            raise StoreUnavailableError(
                f"the original cannot be read ({exc.strerror})", source=str(path), remedy="look at the disk"
            ) from exc
        if found != sha256:
            raise StoreDamagedError(
                "the original is damaged: its content has changed",
                source=str(path),
                remedy="restore it, or drop the file into the inbox again",
            )
        return path

    def _copy(self, stream: BinaryIO, file: BinaryIO) -> tuple[str, int]:
        digest, byte_size = hashlib.sha256(), 0
        while chunk := stream.read(_CHUNK_BYTES):
            digest.update(chunk)
            byte_size += len(chunk)
            with _write_errors(self.folder):
                _write_all(file, chunk)
        with _write_errors(self.folder):
            os.fsync(file.fileno())
        return digest.hexdigest(), byte_size

    def _name(self, temp: Path, sha256: str, byte_size: int) -> Original:
        target = self.path(sha256)
        is_new = not self._is_whole(sha256)
        with _write_errors(self.folder):
            if is_new:
                target.parent.mkdir(exist_ok=True)
                temp.chmod(0o444)
                # A damaged file is mended by this.
                temp.replace(target)
            # Also where it was kept before: whoever wrote it may have been stopped before this.
            for folder in (target.parent, self.folder):
                _flush_folder(folder)
        return Original(sha256, byte_size, target, is_new)

    def _is_whole(self, sha256: str) -> bool:
        try:
            self.checked_path(sha256)
        except (StoreDamagedError, StoreUnavailableError):
            return False
        return True


@contextlib.contextmanager
def _write_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as exc:
        cause, remedy = _CAUSES.get(exc.errno or 0, (f"cannot be written: {exc.strerror or exc}", "look at the disk"))
        raise StoreUnavailableError(f"originals cannot be kept: {cause}", source=str(folder), remedy=remedy) from exc


def _write_all(file: BinaryIO, chunk: bytes) -> None:
    left = memoryview(chunk)
    while left:
        left = left[file.write(left) :]


def _flush_folder(folder: Path) -> None:
    # Without this a crash of the machine could lose the name of a file whose content is on the disk.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
