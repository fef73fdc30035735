"""How the service stands, all figures at one place: the store, the inbox, the disks. Changes nothing."""

from __future__ import annotations

import datetime as dt
import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from pipeline.config import Settings
from pipeline.inbox.folders import InboxFolders
from pipeline.inbox.lock import is_watched
from pipeline.inbox.names import Refused, scan_inbox
from pipeline.inbox.trouble import error_text
from pipeline.store.documents import documents
from pipeline.store.health import health
from pipeline.store.open_store import Store
from pipeline.store.records import Document, Health

# Below this a disk counts as full: the database, a result and a file need room at the same time.
MIN_FREE_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FolderState:
    """A folder that is written to.

    ``problem`` is empty where nothing keeps it from that; ``free_bytes`` is None where it cannot be told.
    """

    name: str
    path: Path
    free_bytes: int | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class InboxState:
    """What lies in an inbox.

    Attributes:
        path: The inbox.
        watched: True where a service watches it now.
        files: Files with finished names.
        unfinished: Files with hidden or temporary names.
        refused: What is no file to take.
        problem: Empty where the folder can be listed.
    """

    path: Path
    watched: bool
    files: int = 0
    unfinished: int = 0
    refused: tuple[Refused, ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """Everything. ``attention`` are the documents that a person is asked for, the newest first."""

    at: dt.datetime
    store: str
    health: Health
    attention: tuple[Document, ...]
    folders: tuple[FolderState, ...]
    inbox: InboxState | None = None

    @property
    def problems(self) -> tuple[str, ...]:
        """What keeps the service from its work, a sentence each."""
        found = [f"{folder.name} {folder.path}: {folder.problem}" for folder in self.folders if folder.problem]
        if self.inbox is not None and self.inbox.problem:
            found.append(f"inbox {self.inbox.path}: {self.inbox.problem}")
        return tuple(found)

    def to_json_dict(self) -> dict[str, object]:
        """The figures as plain JSON types; ages in seconds."""
        health_now = self.health
        oldest = health_now.oldest_ready_at
        result: dict[str, object] = {
            "at": self.at.isoformat(),
            "store": self.store,
            "states": dict(health_now.states),
            "queue": {
                "length": health_now.ready + health_now.delayed,
                "ready": health_now.ready,
                "delayed": health_now.delayed,
                "oldest_seconds": None if oldest is None else round((self.at - oldest).total_seconds(), 1),
            },
            "overdue_leases": health_now.overdue_leases,
            "failures": dict(health_now.failures),
            "last_result_at": None if health_now.last_result_at is None else health_now.last_result_at.isoformat(),
            "unplaced_files": health_now.unplaced_drops,
            "folders": [
                {"name": f.name, "path": str(f.path), "free_bytes": f.free_bytes, "problem": f.problem}
                for f in self.folders
            ],
            "problems": list(self.problems),
        }
        if self.inbox is not None:
            result["inbox"] = {
                "path": str(self.inbox.path),
                "watched": self.inbox.watched,
                "files": self.inbox.files,
                "unfinished": self.inbox.unfinished,
                "refused": [{"path": r.path, "reason": r.reason} for r in self.inbox.refused],
            }
        return result


def read_status(store: Store, settings: Settings, folders: InboxFolders | None = None) -> Status:
    """How things stand now.

    Args:
        store: The store.
        settings: Where the originals lie.
        folders: The inbox that is asked about; None for the store alone.

    Raises:
        StoreError: the store cannot be read.
    """
    places = {"originals": settings.store.originals}
    if not store.place.startswith("postgresql"):
        places["database"] = Path(store.place).parent
    if folders is not None:
        places.update({"done": folders.done, "review": folders.review, "failed": folders.failed})
    return Status(
        at=store.clock(),
        store=store.place,
        health=health(store),
        attention=tuple(reversed(documents(store, ("password", "failed", "review")))),
        folders=tuple(_look_at_folder(name, path) for name, path in places.items()),
        inbox=None if folders is None else _look_at_inbox(folders.inbox),
    )


def _look_at_folder(name: str, path: Path) -> FolderState:
    """The folder itself, or the one in which it would be made."""
    present = next(place for place in (path.absolute(), *path.absolute().parents) if place.exists())
    try:
        free = shutil.disk_usage(present).free
    except OSError as exc:
        return FolderState(name, path, None, error_text(exc))
    if not present.is_dir():
        return FolderState(name, path, free, f"{present} is no folder")
    if not os.access(present, os.W_OK | os.X_OK):
        return FolderState(name, path, free, "cannot be written to")
    if free < MIN_FREE_BYTES:
        return FolderState(name, path, free, f"the disk is full ({free // 1024**2} MiB free)")
    return FolderState(name, path, free)


def _look_at_inbox(inbox: Path) -> InboxState:
    watched = is_watched(inbox)
    try:
        scan = scan_inbox(inbox)
    except OSError as exc:
        return InboxState(inbox, watched, problem=error_text(exc))
    return InboxState(inbox, watched, len(scan.files), scan.unfinished, scan.refused)
