"""Waiver files that somebody puts in ``review``, as ``nianbao waive`` does: into the store, then out of the way.

What is done twice is done once: a stop at any moment is made good by the next look.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import NianbaoError, OutputError, StoreError, UsageError
from models.waiver import Waiver
from pipeline.export.atomic import write_bytes
from pipeline.inbox.events import tell
from pipeline.inbox.folders import InboxFolders, choose_target, reason_place
from pipeline.inbox.names import Found, scan_inbox, stamp_of
from pipeline.inbox.place import Move, make_folders, move_file
from pipeline.inbox.reason_file import ENCODING, refusal_text
from pipeline.inbox.trouble import Troubles
from pipeline.inbox.writers import has_writer
from pipeline.store.lay_again import accept_waivers
from pipeline.store.open_store import Store
from pipeline.store.records import FileStamp
from pipeline.waiver_files import is_waiver_file, waivers_of_text

# The waivers of a report take some hundred bytes each.
MAX_BYTES = 1 << 20
_REMEDY = "correct it, or remove it"


@dataclass(slots=True)
class ReviewWaivers:
    """The way of waiver files into the store.

    Attributes:
        folders: Of the inbox.
        store: Where waivers count from then on.
        troubles: What cannot be done for now.
        who: How the audit log calls the service.
        settle_seconds: How old a file must be.
    """

    folders: InboxFolders
    store: Store
    troubles: Troubles
    who: str
    settle_seconds: float
    _refused: dict[str, FileStamp] = field(default_factory=dict)

    def look(self) -> int:
        """Number of waiver files that were taken into the store.

        Raises:
            StoreError: the store cannot be read or written.
        """
        return sum(self._try(found) for found in self._found())

    def _found(self) -> Iterator[Found]:
        try:
            files = scan_inbox(self.folders.review).files
        except OSError:  # it is made when the first file is placed there
            return
        for file in files:
            if is_waiver_file(file.path) and self._refused.get(file.path) != file.stamp:
                yield file

    def _try(self, found: Found) -> bool:
        topic = f"waivers {found.path}"
        if self.troubles.is_waiting(topic):
            return False
        try:
            taken = self._take(found)
        except (OSError, OutputError) as exc:
            self.troubles.meet(topic, exc)
            return False
        self.troubles.forget(topic)
        return taken

    def _take(self, found: Found) -> bool:
        path = self.folders.review / found.path
        data = _content(path, found.stamp, self.settle_seconds)
        if data is None:
            return False
        try:
            waivers = _waivers(data, found.path)
            documents = accept_waivers(self.store, waivers, who=self.who)
        except StoreError:
            raise
        except NianbaoError as exc:
            write_bytes(reason_place(path), refusal_text(found.path, exc).encode(ENCODING))
            self._refused[found.path] = found.stamp
            tell("waivers refused", logging.WARNING, path=found.path, message=str(exc))
            return False
        self._refused.pop(found.path, None)
        target = choose_target(self.folders.done, found.path)
        make_folders(target.parent)
        if move_file(Move(path, target, found.stamp, hashlib.sha256(data).hexdigest())) == "placed":
            with contextlib.suppress(FileNotFoundError):
                reason_place(path).unlink()
        tell("waivers taken", path=found.path, waivers=len(waivers), documents=documents, target=str(target))
        return True


def _content(path: Path, stamp: FileStamp, settle_seconds: float) -> bytes | None:
    """The bytes of the file, at most one more than are allowed; None where it is another by now, or not finished."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or stamp_of(status) != stamp or has_writer(descriptor):
            return None
        # Clocks of file servers are wrong in both directions.
        if abs(time.time() - status.st_mtime) < settle_seconds:
            return None
        data = file.read(MAX_BYTES + 1)
        return data if stamp_of(os.fstat(descriptor)) == stamp else None


def _waivers(data: bytes, name: str) -> tuple[Waiver, ...]:
    if len(data) > MAX_BYTES:
        raise UsageError(f"the waiver file is larger than {MAX_BYTES} bytes", source=name, remedy=_REMEDY)
    return waivers_of_text(data, name)
