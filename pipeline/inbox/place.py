"""Moves a file to its place so that a stop at any moment loses nothing and doubles nothing.

``move_file`` may be called again after a stop, with the same arguments, and goes on where it was.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import hashlib
import os
import secrets
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pipeline.inbox.names import stamp_of
from pipeline.inbox.writers import has_writer
from pipeline.store.records import FileStamp

# placed: it lies at its target. gone: it was changed or taken away before it could be moved; nothing was touched.
# target_taken: something else lies at the target; nothing was touched.
Moved = Literal["placed", "gone", "target_taken"]

TEMP_START, TEMP_ENDING = ".nianbao-", ".tmp"
_TEMP_BYTES = 8  # random bytes in a temporary name
_CHUNK_BYTES = 1 << 20
_AT_FDCWD, _RENAME_NOREPLACE = -100, 1  # linux/fcntl.h, linux/fs.h
_NO_SUCH_CALL = frozenset({errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP})


@dataclass(frozen=True, slots=True)
class Move:
    """A file that is to be moved: what it was when its content was read, and where it is to go."""

    source: Path
    target: Path
    stamp: FileStamp
    sha256: str


def move_file(move: Move, *, rename: Callable[[Path, Path], None] | None = None) -> Moved:
    """What became of the file. Nothing that is not the hashed content is moved or removed, and nothing overwritten.

    Args:
        move: What is to be moved where.
        rename: Renames without replacing; tests put another one in its place.

    Raises:
        OSError: a step failed; a later call goes on.
    """
    rename = rename or rename_without_replacing
    is_there = _is_same(move.source, move.stamp)
    if os.path.lexists(move.target):
        return _go_on(move, rename, is_there=is_there)
    if not is_there:
        return "gone"
    make_folders(move.target.parent)
    try:
        rename(move.source, move.target)
    except FileExistsError:
        return "target_taken"
    except OSError as exc:
        if exc.errno != errno.EXDEV:
            raise
        return _copy_and_remove(move, rename)
    if not _is_same(move.target, move.stamp):
        _give_back(move, rename)
        return "gone"
    _flush_folders(move)
    return "placed"


def rename_without_replacing(source: Path, target: Path) -> None:
    """Nothing; the file then has the other name. One step for the system, where it knows such a step.

    Raises:
        FileExistsError: something lies at ``target``; nothing was done.
        OSError: the system refuses; nothing was done.
    """
    call = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if call is not None:
        if call(_AT_FDCWD, os.fsencode(source), _AT_FDCWD, os.fsencode(target), _RENAME_NOREPLACE) == 0:
            return
        number = ctypes.get_errno()
        if number not in _NO_SUCH_CALL:
            raise OSError(number, os.strerror(number), str(source), None, str(target))
    if os.path.lexists(target):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))
    source.rename(target)


def make_folders(folder: Path) -> None:
    """Nothing; the folder is then there, with those above it.

    Raises:
        OSError: it cannot be made.
    """
    if not folder.is_dir():
        make_folders(folder.parent)
        folder.mkdir(exist_ok=True)
        flush_folder(folder.parent)


def remove_stale(folder: Path) -> int:
    """Number of temporary files removed that a process left behind when it was killed.

    Should another service use the folder too and be about to name one of them, it finds it gone and writes it again.
    """
    removed = 0
    for where, _, names in os.walk(folder):
        for name in names:
            if name.startswith(TEMP_START) and name.endswith(TEMP_ENDING):
                with contextlib.suppress(OSError):
                    removed += _remove_unused(Path(where) / name)
    return removed


def _remove_unused(temp: Path) -> bool:
    descriptor = os.open(temp, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if has_writer(descriptor):
            return False
    finally:
        os.close(descriptor)
    temp.unlink()
    return True


def flush_folder(folder: Path) -> None:
    """Nothing; names that were changed in the folder then last through a crash of the machine.

    Raises:
        OSError: the disk refuses.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _go_on(move: Move, rename: Callable[[Path, Path], None], *, is_there: bool) -> Moved:
    """What became of the file, where something lies at its target already."""
    if not _has_content(move.target, move.sha256):
        if not is_there:
            _give_back(move, rename)
        return "target_taken" if is_there else "gone"
    if is_there and not _same_file(move.source, move.target):
        # It was copied before; only the removal is left.
        _remove(move.source)
    return "placed"


def _give_back(move: Move, rename: Callable[[Path, Path], None]) -> None:
    """Moves a file back that was written to while it was moved, so that it is taken anew."""
    if stamp_of(move.target.lstat()).inode == move.stamp.inode:
        with contextlib.suppress(FileExistsError):
            rename(move.target, move.source)
            _flush_folders(move)


def _copy_and_remove(move: Move, rename: Callable[[Path, Path], None]) -> Moved:
    temp = move.target.with_name(f"{TEMP_START}{secrets.token_hex(_TEMP_BYTES)}{TEMP_ENDING}")
    try:
        if _copy(move.source, temp) != move.sha256:
            return "gone"
        rename(temp, move.target)
    except FileExistsError:
        return "target_taken"
    finally:
        with contextlib.suppress(OSError):
            temp.unlink(missing_ok=True)
    # The disk must hold the copy before the source goes.
    flush_folder(move.target.parent)
    if not _has_content(move.target, move.sha256):
        raise OSError(errno.EIO, "the copy is not what was copied", str(move.target))
    if _is_same(move.source, move.stamp):
        _remove(move.source)
    return "placed"


def _copy(source: Path, target: Path) -> str:
    """The sha256 of what was copied; it is on the disk, with the times of the source."""
    digest = hashlib.sha256()
    descriptor = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as read, target.open("xb") as written:
        while chunk := read.read(_CHUNK_BYTES):
            digest.update(chunk)
            written.write(chunk)
        written.flush()
        status = os.fstat(read.fileno())
        os.utime(written.fileno(), ns=(status.st_atime_ns, status.st_mtime_ns))
        os.fchmod(written.fileno(), stat.S_IMODE(status.st_mode) & 0o666)
        os.fsync(written.fileno())
    return digest.hexdigest()


def _remove(source: Path) -> None:
    source.unlink()
    flush_folder(source.parent)


def _flush_folders(move: Move) -> None:
    flush_folder(move.target.parent)
    if move.source.parent != move.target.parent:
        flush_folder(move.source.parent)


def _is_same(path: Path, stamp: FileStamp) -> bool:
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return stat.S_ISREG(status.st_mode) and stamp_of(status) == stamp


def _same_file(one: Path, other: Path) -> bool:
    # Two names of one file: removing one of them leaves the other.
    return one.absolute() == other.absolute()


def _has_content(path: Path, sha256: str) -> bool:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as exc:
        if exc.errno == errno.ELOOP:  # a link lies there
            return False
        raise
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return False
        return hashlib.file_digest(file, "sha256").hexdigest() == sha256
