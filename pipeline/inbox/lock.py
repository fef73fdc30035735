"""One service for one inbox: a lock that ends with the process that holds it, however it ends."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import time
from collections.abc import Iterator
from pathlib import Path

from models.errors import UsageError

# `is_watched` holds a lock for a moment too.
_TRIES, _PAUSE_SECONDS = 5, 0.1
LOCK_NAME = ".nianbao.lock"
_CANNOT_WRITE = frozenset({errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC, errno.EDQUOT})


@contextlib.contextmanager
def inbox_lock(inbox: Path) -> Iterator[None]:
    """Nothing; while the block runs, no other process can enter it for this inbox.

    Raises:
        UsageError: another process watches the inbox, or the folder cannot be opened.
    """
    descriptor = _open(inbox)
    try:
        _lock(descriptor, inbox)
        with contextlib.suppress(OSError):
            os.truncate(descriptor, 0)
            os.write(descriptor, f"{os.getpid()}\n".encode())
        yield
    finally:
        os.close(descriptor)


def is_watched(inbox: Path) -> bool:
    """True where a process watches the inbox now."""
    for place in (inbox / LOCK_NAME, inbox):
        try:
            descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW)
        except OSError:
            continue
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
    return False


def _lock(descriptor: int, inbox: Path) -> None:
    for tries_left in reversed(range(_TRIES)):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            if not tries_left:
                raise UsageError(
                    f"another process{_holder(inbox)} watches this inbox",
                    source=str(inbox),
                    remedy="stop it first, or watch another folder",
                ) from exc
            time.sleep(_PAUSE_SECONDS)
        else:
            return


def _open(inbox: Path) -> int:
    try:
        return os.open(inbox / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644)
    except OSError as exc:
        if exc.errno in _CANNOT_WRITE:
            # The folder itself can be locked too; nothing can be said in it, that is all.
            with contextlib.suppress(OSError):
                return os.open(inbox, os.O_RDONLY | os.O_DIRECTORY)
        raise UsageError(
            f"the inbox cannot be opened ({exc.strerror})",
            source=str(inbox),
            remedy="check the path and its permissions",
        ) from exc


def _holder(inbox: Path) -> str:
    with contextlib.suppress(OSError, ValueError):
        return f" ({int((inbox / LOCK_NAME).read_text(encoding='ascii'))})"
    return ""
