"""Documents that are to be read again: back into the queue, their files to be placed anew."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import stat
from pathlib import Path

from pipeline.inbox.names import stamp_of
from pipeline.store.drops import drops_of, reopen_drop
from pipeline.store.open_store import Store
from pipeline.store.queue import retry
from pipeline.store.records import Document, Drop, FileStamp

# What lies there now is a link, or a socket.
_NO_FILE = frozenset({errno.ELOOP, errno.ENXIO})


def read_again(store: Store, document_id: int, *, who: str, why: str = "", password: str | None = None) -> Document:
    """The document, waiting to be read. Its files stay where they are until the new result is there.

    Args:
        store: The store.
        document_id: A document in a final state, or one that waits for its next attempt.
        who: Who asks for it.
        why: Noted in the audit log.
        password: Of an encrypted file; kept until the next reading ends, and never logged.

    Raises:
        UsageError: there is no such document, or it is being read.
        StoreError: the store cannot be written.
    """
    document = retry(store, document_id, who=who, why=why, password=password)
    for drop in drops_of(store, document_id):
        with contextlib.suppress(OSError):
            place_again(store, drop, document.sha256)
    return document


def place_again(store: Store, drop: Drop, sha256: str) -> bool:
    """True where a placed drop is to be placed again from where it lies; False where nothing is to be done with it.

    What was changed by hand since is somebody else's, and is not moved.

    Raises:
        OSError: the file is there and cannot be read.
        StoreError: the store cannot be written.
    """
    if drop.state not in {"placed", "outdated"} or drop.target is None:
        return False
    stamp = _stamp_of_content(Path(drop.target), sha256)
    if stamp is not None:
        reopen_drop(store, drop.id, stamp)
    return stamp is not None


def _stamp_of_content(place: Path, sha256: str) -> FileStamp | None:
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as exc:
        if exc.errno in _NO_FILE:
            return None
        raise
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            return None
        return stamp_of(status)
