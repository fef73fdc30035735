"""From what lies in the inbox to what is on record: looks, lets files settle, takes them."""

from __future__ import annotations

import hashlib
import logging
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from models.errors import InputError, InputTooLargeError, MisplacedFileError, OutputError
from pipeline.config import Settings
from pipeline.export.atomic import write_bytes
from pipeline.inbox.events import tell
from pipeline.inbox.folders import InboxFolders, choose_target, reason_place
from pipeline.inbox.names import Found, Scan, scan_inbox
from pipeline.inbox.place import Move, make_folders, move_file
from pipeline.inbox.reason_file import ENCODING, refusal_text
from pipeline.inbox.settle import Settling
from pipeline.inbox.take import take_file
from pipeline.inbox.trouble import Troubles
from pipeline.store.drops import open_drops
from pipeline.store.open_store import Store
from pipeline.store.records import Drop, FileStamp
from pipeline.waiver_files import is_waiver_file

# Files are taken for so long at a stretch; then results are looked after, so that a flood of files delays no one.
_STRETCH_SECONDS = 0.2


@dataclass(slots=True)
class Intake:
    """The way into the store.

    Attributes:
        folders: The inbox and its companions.
        settings: Limits, how long a file must hold still.
        store: Where files are put on record.
        troubles: What cannot be done for now.
        who: How the audit log calls the service.
        clock: Seconds on a clock that never goes back.
        taken: Files on record that still lie in the inbox.
        ready: Files that held still and are not taken yet.
        unreadable: Files that could not be taken when that was tried last.
        put_aside: Number of files that went to ``failed`` without being taken.
    """

    folders: InboxFolders
    settings: Settings
    store: Store
    troubles: Troubles
    who: str
    clock: Callable[[], float] = time.monotonic
    taken: dict[str, FileStamp] = field(default_factory=dict)
    ready: deque[Found] = field(default_factory=deque)
    unreadable: set[str] = field(default_factory=set)
    put_aside: int = 0
    settling: Settling = field(init=False)
    _refused: frozenset[tuple[str, str]] = frozenset()

    def __post_init__(self) -> None:
        self.settling = Settling(self.settings.inbox.settle_seconds)

    def recall(self) -> None:
        """Nothing; what was on record when the service stopped last time is then known.

        Raises:
            StoreError: the store cannot be read.
        """
        self.taken = {drop.path: drop.stamp for drop in open_drops(self.store, str(self.folders.inbox))}

    def look(self) -> None:
        """Nothing; files that held still since earlier looks are then ready to be taken.

        Raises:
            OSError: the inbox cannot be listed.
        """
        scan = scan_inbox(self.folders.inbox)
        self._tell_refused(scan)
        files = [file for file in scan.files if self.taken.get(file.path) != file.stamp]
        self.ready = deque(self.settling.observe(files, self.clock()))
        self.unreadable &= {file.path for file in files}

    @property
    def unsettled(self) -> frozenset[str]:
        """Files that are seen and neither taken nor found to be unreadable."""
        return frozenset(self.settling.paths) - self.unreadable

    def take_some(self) -> int:
        """Number of files put on record, in one stretch.

        Raises:
            StoreError: the store or the originals cannot be written; the files stay ready.
        """
        count = 0
        until = self.clock() + _STRETCH_SECONDS
        while self.ready and self.clock() < until:
            if self._take(self.ready[0]):
                count += 1
            self.ready.popleft()
        return count

    def closed(self, drop: Drop) -> None:
        """Nothing; the file of the drop lies there no more, or is another one by now."""
        if self.taken.get(drop.path) == drop.stamp:
            del self.taken[drop.path]

    def _take(self, found: Found) -> bool:
        topic = f"file {found.path}"
        if self.troubles.is_waiting(topic):
            return False
        if is_waiver_file(found.path):
            # Whoever delivers reports must not be able to say what counts in them.
            self._put_aside(
                found,
                MisplacedFileError(
                    "this is a waiver file, and no report",
                    source=found.path,
                    remedy="put it in review, beside the report that it is about",
                ),
            )
            return False
        try:
            taken = take_file(
                self.store, self.folders, found, max_bytes=self.settings.limits.max_file_bytes, who=self.who
            )
        except InputTooLargeError as exc:
            self._put_aside(found, exc)
            return False
        except OSError as exc:
            # One file that cannot be read keeps no other waiting.
            self.unreadable.add(found.path)
            self.troubles.meet(topic, exc)
            return False
        if isinstance(taken, str):
            self.settling.start_again(found.path, self.clock())
            return False
        self.unreadable.discard(found.path)
        self.troubles.forget(topic)
        self.settling.forget(found.path)
        self.taken[found.path] = found.stamp
        document = taken.document
        tell(
            "taken",
            path=found.path,
            document=document.id,
            bytes=found.stamp.byte_size,
            known=None if taken.is_new else document.state,
        )
        return True

    def _put_aside(self, found: Found, error: InputError) -> None:
        """A file that is not even kept goes to ``failed`` as it is; a stop half-way is made good by the next look."""
        topic = f"file {found.path}"
        source = self.folders.inbox / found.path
        target = choose_target(self.folders.failed, found.path)
        try:
            with source.open("rb") as stream:
                sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            make_folders(target.parent)
            write_bytes(reason_place(target), refusal_text(found.path, error).encode(ENCODING))
            moved = move_file(Move(source, target, found.stamp, sha256))
            if moved != "placed":
                reason_place(target).unlink()
                return
        except (OSError, OutputError) as exc:
            self.unreadable.add(found.path)
            self.troubles.meet(topic, exc)
            return
        self.settling.forget(found.path)
        self.troubles.forget(topic)
        self.put_aside += 1
        event = "too large" if isinstance(error, InputTooLargeError) else "misplaced"
        tell(event, logging.WARNING, path=found.path, target=str(target), bytes=found.stamp.byte_size)

    def _tell_refused(self, scan: Scan) -> None:
        refused = frozenset((one.path, one.reason) for one in scan.refused)
        for path, reason in sorted(refused - self._refused):
            tell("refused", logging.WARNING, path=path, reason=reason)
        self._refused = refused
