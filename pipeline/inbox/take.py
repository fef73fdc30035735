"""Takes a file: its content into the originals, a line about it into the store. The file itself is not touched."""

from __future__ import annotations

import os
import stat
from typing import Literal

from models.errors import InputTooLargeError
from pipeline.inbox.folders import InboxFolders
from pipeline.inbox.names import Found, stamp_of, tags_of
from pipeline.inbox.writers import has_writer
from pipeline.store.drops import take
from pipeline.store.open_store import Store
from pipeline.store.records import Content, Taken

# busy: somebody has it open for writing. changed: it is not what was seen, or it is gone.
NotTaken = Literal["busy", "changed"]


def take_file(store: Store, folders: InboxFolders, found: Found, *, max_bytes: int, who: str) -> Taken | NotTaken:
    """The drop and document of the file, on record when this returns; or why it has to be looked at again.

    Raises:
        InputTooLargeError: the file is larger than ``max_bytes``; it is not kept.
        OSError: the file cannot be read.
        StoreError: its content or the line about it cannot be written.
    """
    path = folders.inbox / found.path
    try:
        # A link or a pipe may have taken the place of the file; opening one must neither follow nor wait.
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return "changed"
    with os.fdopen(descriptor, "rb") as stream:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or stamp_of(status) != found.stamp:
            return "changed"
        if has_writer(descriptor):
            return "busy"
        if status.st_size > max_bytes:
            raise InputTooLargeError(
                f"the file is larger than the limit of {max_bytes} bytes",
                source=found.path,
                remedy="split the file or raise limits.max_file_bytes in config.yaml",
            )
        original = store.originals.add(stream)
        if stamp_of(os.fstat(descriptor)) != found.stamp or original.byte_size != found.stamp.byte_size:
            return "changed"
    content = Content(original.sha256, original.byte_size, found.path, tags=tags_of(found.path))
    return take(store, content, inbox=str(folders.inbox), path=found.path, stamp=found.stamp, who=who)
