"""What the functions of the store take and give: plain frozen objects, no rows of the database."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal, get_args

from models.report import Report

# received: waits, perhaps for a time (``not_before``); running: leased to a worker; password: encrypted, waits for one.
State = Literal["received", "running", "done", "review", "failed", "password"]
# outdated: placed, and the document has another result or state by now.
DropState = Literal["taken", "placed", "outdated", "gone"]
Outcome = Literal["finished", "failed", "released", "lapsed"]

STATES: tuple[State, ...] = get_args(State)
FINAL_STATES: frozenset[State] = frozenset({"done", "review", "failed", "password"})
# Failure code of a document that took every lease with it.
POISON = "poison"


@dataclass(frozen=True, slots=True)
class Content:
    """A file that was looked at: what identifies it, and what people call it.

    ``name`` is what its report and messages call it; ``tags`` are names of folders it lay in.
    """

    sha256: str
    byte_size: int
    name: str
    media_type: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """One content in the store. Times are in UTC.

    ``agency`` and ``year`` are as read, None where the report does not say or is not read yet. ``failure_code`` and
    ``failure_message`` are of the last reading that failed, None after one that did not. ``revision`` counts up with
    each result and each decision of a person.
    """

    id: int
    sha256: str
    byte_size: int
    name: str
    media_type: str
    tags: tuple[str, ...]
    state: State
    attempts: int
    lapses: int
    received_at: dt.datetime
    not_before: dt.datetime | None
    lease_owner: str | None
    lease_until: dt.datetime | None
    agency: str | None
    year: int | None
    failure_code: str | None
    failure_message: str | None
    finished_at: dt.datetime | None
    revision: int = 0

    @property
    def is_final(self) -> bool:
        """True where nothing more happens to it by itself."""
        return self.state in FINAL_STATES


@dataclass(frozen=True, slots=True)
class Registered:
    """A document, and whether its content was new to the store."""

    document: Document
    is_new: bool


@dataclass(frozen=True, slots=True)
class Claimed:
    """A document leased to a worker. ``run_id`` is the proof of the lease: each claim has another one.

    ``attempt`` counts from 1. ``lease_until`` is as of the claim; ``renew`` gives a later one.
    """

    run_id: int
    document_id: int
    sha256: str
    byte_size: int
    name: str
    media_type: str
    tags: tuple[str, ...]
    worker: str
    attempt: int
    lapses: int
    lease_until: dt.datetime
    password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class FileStamp:
    """What tells one file in an inbox from another of the same name. ``inode`` may name the device too."""

    byte_size: int
    mtime_ns: int
    inode: str


@dataclass(frozen=True, slots=True)
class Drop:
    """One file that lay in an inbox. Paths are as ``os.fsdecode`` gives them; ``path`` is relative to ``inbox``.

    ``target`` is where it is to go, None while that is undecided. ``placed``: it is there; ``outdated``: so it is,
    but beside it lies what was known before; ``gone``: it was changed or removed before it could be moved, and what
    lies there now is another drop.
    """

    id: int
    document_id: int
    inbox: str
    path: str
    stamp: FileStamp
    tags: tuple[str, ...]
    state: DropState
    target: str | None
    dropped_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Taken:
    """A drop with its document. ``is_new`` is False where the content was known before."""

    drop: Drop
    document: Document
    is_new: bool


@dataclass(frozen=True, slots=True)
class StoredReport:
    """A report with its document.

    ``version`` counts the contents that were read as the same agency and year, in the order in which they came, from 1;
    None where the report does not say its agency or year. ``is_latest`` is True where no newer one is there.
    """

    document: Document
    report: Report
    version: int | None
    is_latest: bool


@dataclass(frozen=True, slots=True)
class Health:
    """The figures that tell whether the service keeps up.

    Attributes:
        states: Number of documents in each state, all states named.
        ready: Documents that a worker could take now.
        delayed: Documents that wait for their next attempt.
        oldest_ready_at: When the oldest of the ready ones came; None where none is.
        overdue_leases: Documents whose worker should have spoken up.
        failures: Number of failed documents by code.
        last_result_at: When the last result was written; None where there is none.
        unplaced_drops: Files that lie in an inbox and are known.
    """

    states: dict[State, int]
    ready: int
    delayed: int
    oldest_ready_at: dt.datetime | None
    overdue_leases: int
    failures: dict[str, int]
    last_result_at: dt.datetime | None
    unplaced_drops: int


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One thing that was done: when, by whom, what, to which document, and why."""

    id: int
    at: dt.datetime
    who: str
    action: str
    document_id: int | None
    before: dict[str, object] | None
    after: dict[str, object] | None
    why: str
