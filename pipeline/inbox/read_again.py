"""Documents that are to be read again: back into the queue, their files to be placed anew."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from pipeline.inbox.names import stamp_of
from pipeline.store.drops import drops_of, reopen_drop
from pipeline.store.open_store import Store
from pipeline.store.queue import retry
from pipeline.store.records import Document, FileStamp


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
        if drop.state == "placed" and drop.target is not None:
            stamp = _stamp_of_content(Path(drop.target), document.sha256)
            # What was changed by hand since is somebody else's, and is not moved.
            if stamp is not None:
                reopen_drop(store, drop.id, stamp)
    return document


def _stamp_of_content(place: Path, sha256: str) -> FileStamp | None:
    try:
        descriptor = os.open(place, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            return None
        return stamp_of(status)
