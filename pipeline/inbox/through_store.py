"""A batch by way of the store: what is on record is not read again, so a batch that was interrupted goes on."""

from __future__ import annotations

import os
import socket
import stat
import time
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

from models.errors import ExitCode, InputError, InputTooLargeError, NianbaoError, StoreError, UsageError, exit_code_of
from models.report import Report
from pipeline.config import Settings
from pipeline.inbox.work import Work
from pipeline.read_apart.child import failed, plain
from pipeline.read_apart.cores import reader_count
from pipeline.read_apart.readers import Readers
from pipeline.store.documents import document, documents, load_report, read_under, register
from pipeline.store.open_store import Store
from pipeline.store.queue import break_leases, expire_leases, retry
from pipeline.store.records import Content, Document, State

_WAIT_SECONDS = 1.0
_WORKER = "extract"
_STATES_TO_OPEN = frozenset({"received", "password"})
# A document that others keep reading under other settings is given up after so many tries.
_MOST_TRIES = 3


def read_through_store(
    store: Store, paths: Sequence[Path], settings: Settings, password: str | None = None
) -> Generator[tuple[Path, Report, ExitCode], None, None]:
    """(file, report document, exit code) of every file, in input order; each report is on record when it is given.

    Files whose content is known and read under these settings are not read again, also where they failed: ``retry``
    does that. Those that were read under others are; their earlier result stays on record.

    Raises:
        StoreError: the store cannot be used.
    """
    worker = f"{_WORKER} {socket.gethostname()} {os.getpid()};"
    _free_leases_of_the_dead(store)
    readers = Readers(reader_count(settings.batch.jobs), settings.limits)
    work = Work(store, settings, readers, worker, lambda *_: None)
    try:
        known = [_put_on_record(store, path, settings, password) for path in paths]
        for path, entry in zip(paths, known, strict=True):
            if isinstance(entry, NianbaoError):
                yield path, *failed(plain(str(path)), entry)
            else:
                yield path, *_result(store, work, entry, path, password)
    finally:
        work.give_back()


def _put_on_record(store: Store, path: Path, settings: Settings, password: str | None) -> int | NianbaoError:
    """The document of the file; or why it is not even put on record."""
    name = plain(str(path))
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                return InputError("not a regular file", source=name, remedy="name a report file")
            if status.st_size > settings.limits.max_file_bytes:
                return InputTooLargeError(
                    f"the file is larger than the limit of {settings.limits.max_file_bytes} bytes",
                    source=name,
                    remedy="split the file or raise the limit",
                )
            original = store.originals.add(stream)
    except OSError as exc:
        cause = exc.strerror or type(exc).__name__
        return InputError(f"cannot be read: {cause}", source=name, remedy="check the path and its permissions")
    found = register(store, Content(original.sha256, original.byte_size, name), who=_WORKER).document
    if not _read_anew(store, found, password) and password is not None and found.state in _STATES_TO_OPEN:
        retry(store, found.id, who=_WORKER, why="a password was given", password=password)
    return found.id


def _result(store: Store, work: Work, document_id: int, path: Path, password: str | None) -> tuple[Report, ExitCode]:
    """The report of a document, once it is final; until then documents of the store are read, this one among them."""
    tries = 0
    while True:
        work.record()
        found = _known(store, document_id)
        if found.is_final:
            if not _read_anew(store, found, password):
                break
            tries += 1
            if tries >= _MOST_TRIES:
                raise StoreError(
                    f"another process reads document {document_id} under other settings",
                    source=store.place,
                    remedy="stop it, or give both the same settings",
                )
        work.feed()
        work.keep_leases()
        work.collect(_WAIT_SECONDS, ())
        if not work.under_way:
            # Another process reads it, or it waits for another attempt.
            expire_leases(store)
            time.sleep(_WAIT_SECONDS / 10)
    stored = load_report(store, document_id)
    if stored is None:
        raise StoreError(f"document {document_id} has no report", source=store.place)
    # The same content may be on record under another name.
    source = stored.report.source.model_copy(update={"name": plain(str(path))})
    report = stored.report.model_copy(update={"source": source})
    if report.status == "failed":
        return report, exit_code_of(report.failures[0].code if report.failures else "")
    return report, ExitCode.OK if report.status == "ok" else ExitCode.REVIEW


def _read_anew(store: Store, found: Document, password: str | None) -> bool:
    """True where the result that the document has is one of other settings; it then waits to be read again.

    What persons decided, and the result itself, stay on record.
    """
    if not found.is_final or found.state == "password":
        return False
    if read_under(store, found.id) in {None, store.settings_digest}:
        return False
    try:
        retry(store, found.id, who=_WORKER, why="read under other settings", password=password)
    except UsageError:
        # Another process was quicker.
        return True
    return True


def _known(store: Store, document_id: int) -> Document:
    found = document(store, document_id)
    if found is None:
        raise StoreError(f"document {document_id} is gone", source=store.place)
    return found


def _free_leases_of_the_dead(store: Store) -> None:
    """Documents that an earlier batch on this machine had in hand when it was killed wait no longer."""
    states: tuple[State, ...] = ("running",)
    for owner in _dead_owners(documents(store, states)):
        break_leases(store, owner)


def _dead_owners(running: Sequence[Document]) -> Iterator[str]:
    prefix = f"{_WORKER} {socket.gethostname()} "
    for owner in {d.lease_owner or "" for d in running}:
        number = owner.removeprefix(prefix).rstrip(";")
        if owner.startswith(prefix) and number.isdecimal() and not Path("/proc", number).exists():
            yield owner
