"""An inbox with a store and readers that read nothing: a file says in its name what comes of it."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from models.errors import DamagedInputError, EncryptedInputError, ExitCode, NianbaoError, StageError
from models.report import Report, SourceRecord
from pipeline.config import InboxSettings, LimitSettings, Settings, StoreSettings
from pipeline.inbox import service
from pipeline.inbox.service import Outcome
from pipeline.read_apart.child import Job, failed
from pipeline.read_apart.readers import Done
from pipeline.store.open_store import Store, open_store
from tests.ready_store import put_ready_store

ERRORS: dict[str, NianbaoError] = {
    "damaged": DamagedInputError("the file is truncated", remedy="export it again"),
    "locked": EncryptedInputError("the file asks for a password", remedy="remove the password"),
    "crash": StageError("the process that read the file died (exit code -11)", remedy="print it to a new PDF"),
}


@dataclass
class FakeReaders:
    """Reads at once; ``read`` counts what was read, by name."""

    count: int = 1
    limits: LimitSettings | None = None
    waiting: list[Done] = field(default_factory=list)
    read: list[str] = field(default_factory=list)

    @property
    def free(self) -> int:
        return self.count - len(self.waiting)

    def warm_up(self) -> None:
        pass

    def begin(self, key: int, job: Job) -> None:
        self.read.append(job.name)
        self.waiting.append(_read(key, job))

    def wait(self, timeout: float | None = None, also: Sequence[int] = ()) -> list[Done]:
        done, self.waiting = self.waiting, []
        return done

    def stop(self) -> None:
        self.waiting = []


def _read(key: int, job: Job) -> Done:
    data = job.path.read_bytes()
    kind = Path(job.name).name.split("-")[0].split(".")[0]
    if kind in ERRORS:
        report, code = failed(job.name, ERRORS[kind])
        return Done(key, report, code, "died" if kind == "crash" else "answered")
    source = SourceRecord(name=job.name, sha256=hashlib.sha256(data).hexdigest(), media_type="text/plain", page_count=1)
    if kind == "review":
        report = Report(source=source, status="needs_review", status_reasons=["form_unknown"])
        return Done(key, report, ExitCode.REVIEW, "answered")
    return Done(key, Report(source=source, agency="某局", year=2023), ExitCode.OK, "answered")


@dataclass
class Office:
    """The folders of one inbox. With ``is_new`` there is no store yet."""

    root: Path
    is_new: bool = False
    store_settings: StoreSettings = field(init=False)
    max_file_bytes: int = 1000
    read: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.inbox.mkdir(parents=True)
        if not self.is_new:
            put_ready_store(self.root / "nianbao.db")
        self.store_settings = StoreSettings(
            url=f"sqlite:///{self.root / 'nianbao.db'}",
            originals=self.root / "originals",
            retry_seconds=0,
            max_attempts=2,
        )

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def settings(self) -> Settings:
        return Settings(
            store=self.store_settings,
            inbox=InboxSettings(settle_seconds=0, scan_seconds=0.01, poll=True, poll_seconds=0.01),
            limits=LimitSettings(max_file_bytes=self.max_file_bytes),
        )

    def drop(self, *paths: str) -> None:
        for path in paths:
            place = self.inbox / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(f"content of {path}", encoding="utf-8")

    def run_once(self) -> Outcome:
        """What a run with fake readers comes to."""
        readers = FakeReaders()
        with mock.patch("pipeline.inbox.service.Readers", return_value=readers):
            try:
                return service.watch(self.inbox, self.settings, once=True)
            finally:
                self.read += readers.read

    @contextlib.contextmanager
    def store(self) -> Iterator[Store]:
        with open_store(self.settings) as store:
            yield store

    def files(self, *, results: bool = False) -> set[str]:
        """All files in the four folders, relative to the root; without results and reasons unless asked for."""
        found = set()
        for name in ("inbox", "done", "review", "failed"):
            for path in (self.root / name).rglob("*"):
                kept = results or not path.name.endswith((".json", ".reason.txt"))
                if (path.is_file() or path.is_symlink()) and kept and path.name != ".nianbao.lock":
                    found.add(str(path.relative_to(self.root)))
        return found
