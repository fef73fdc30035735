"""Opening the store: connection, migrations, originals."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.orm import Session

from models.data_files import data_digest
from models.errors import StoreError, StoreUnavailableError
from pipeline.config import Settings, StoreSettings
from pipeline.store.engine import WRITES, make_engine, store_errors
from pipeline.store.originals import Originals
from pipeline.store.tables import HEAD, VERSION_TABLE

# The settings that a result depends on.
_READING_SECTIONS = {"limits", "routing", "extract", "ocr", "tables", "mapping", "decide"}
# Of these: how many threads count does not change what they count to.
_WITHOUT_EFFECT = {"ocr": {"threads"}}
_WAL_PAUSE_SECONDS = 0.05

Clock = Callable[[], dt.datetime]


def utc_now() -> dt.datetime:
    """The time of this machine, in UTC."""
    return dt.datetime.now(dt.UTC)


@dataclass(frozen=True, slots=True)
class Store:
    """An open store. One object for each process; threads may share it.

    Attributes:
        engine: Connections to the database.
        settings: The section ``store``.
        originals: The files as they came.
        place: How messages name the store; without a password.
        nianbao_version: Noted with each reading.
        settings_digest: sha256 over settings and data files that a result depends on; noted with each reading.
        clock: Gives the time, with its time zone.
        accept_error_rate: Of the section ``decide``: verdicts settle other numbers by it.
        writing: Held by the thread that writes.
    """

    engine: Engine
    settings: StoreSettings
    originals: Originals
    place: str
    nianbao_version: str
    settings_digest: str
    clock: Clock
    accept_error_rate: float
    writing: Lock = field(default_factory=Lock, repr=False, compare=False)

    @contextlib.contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one state of the database and changes nothing.

        Raises:
            StoreError: the database cannot be read; the subclasses tell what helps.
        """
        with store_errors(self.place), Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextlib.contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes are all made when the block ends, or none of them.

        Raises:
            StoreError: the database cannot be written; the subclasses tell what helps.
        """
        with (
            store_errors(self.place),
            self._own_turn(),
            Session(self.engine.execution_options(**{WRITES: True}), expire_on_commit=False) as session,
            session.begin(),
        ):
            session.connection()  # the wait for SQLite's lock is here, before the block looks at the clock
            yield session

    @contextlib.contextmanager
    def _own_turn(self) -> Iterator[None]:
        """Nothing; no other thread of this process writes meanwhile, where the database has one writer at a time.

        SQLite lets those who wait ask again after pauses of up to 100 ms; here the next one goes on at once.

        Raises:
            StoreUnavailableError: others write for longer than ``busy_seconds``.
        """
        if self.engine.dialect.name != "sqlite":
            yield
            return
        if not self.writing.acquire(timeout=self.settings.busy_seconds):
            raise StoreUnavailableError(
                "another part of this program keeps it locked", source=self.place, remedy="raise store.busy_seconds"
            )
        try:
            yield
        finally:
            self.writing.release()

    def close(self) -> None:
        """Nothing; all connections are closed then."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def open_store(settings: Settings, *, clock: Clock = utc_now) -> Store:
    """The store that ``settings.store`` names, made where there is none, brought up to date where it is older.

    Raises:
        UsageError: ``store.url`` is no URL, or of an unknown kind of database.
        MissingDependencyError: PostgreSQL without its driver.
        StoreUnavailableError: locked, read-only, disk full, server does not answer.
        StoreDamagedError: the file is damaged, or no SQLite database.
        StoreError: the store was written by a newer version.
    """
    engine, place = make_engine(settings.store.url, settings.store.busy_seconds)
    try:
        with store_errors(place):
            if engine.dialect.name == "sqlite":
                _make_folder(Path(place))
                _switch_to_wal(engine, settings.store.busy_seconds)
            if schema_version(engine) != HEAD:
                from pipeline.store.migrate import migrate

                migrate(engine, place)
    except BaseException:
        engine.dispose()
        raise
    return as_store(engine, place, settings, clock)


def as_store(engine: Engine, place: str, settings: Settings, clock: Clock = utc_now) -> Store:
    """The store behind ``engine``, which is known to be up to date."""
    return Store(
        engine=engine,
        settings=settings.store,
        originals=Originals(settings.store.originals),
        place=place,
        nianbao_version=_version(),
        settings_digest=settings_digest(settings),
        clock=clock,
        accept_error_rate=settings.decide.accept_error_rate,
    )


def schema_version(engine: Engine) -> str | None:
    """The migration that the database has; None where it is empty."""
    with engine.connect() as connection:
        return version_of(connection)


def version_of(connection: Connection) -> str | None:
    """As ``schema_version``, over a connection."""
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    found: str | None = connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608 - ours
    return found


def refuse_newer(version: str | None, place: str) -> None:
    """Nothing, where this program knows the tables. Migrations are numbered, so a later one has a higher number.

    Raises:
        StoreError: it does not.
    """
    if version is not None and version > HEAD:
        raise StoreError(
            f"the store was written by a newer version of nianbao (tables {version}, this one knows {HEAD})",
            source=place,
            remedy="update nianbao, or name another store in store.url",
        )


def settings_digest(settings: Settings) -> str:
    """The sha256, in hex, of all that a result depends on beside the file: settings, forms, rules, calibration."""
    text = settings.model_dump_json(include=_READING_SECTIONS, exclude=_WITHOUT_EFFECT)
    return hashlib.sha256(f"{text}\0{data_digest()}".encode()).hexdigest()


def _make_folder(file: Path) -> None:
    folder = file.absolute().parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as exc:
        raise StoreUnavailableError(
            f"the folder of the store cannot be made ({exc.strerror})",
            source=str(folder),
            remedy="change the permissions, or name another file in store.url",
        ) from exc


def _switch_to_wal(engine: Engine, busy_seconds: float) -> None:
    """Readers and a writer then do not wait for one another. Kept in the file, so this is done once.

    Two processes that switch at the same time get "locked" at once, without the usual wait.
    """
    give_up = time.monotonic() + busy_seconds
    while True:
        try:
            with store_errors(str(engine.url.database)), contextlib.closing(engine.raw_connection()) as connection:
                if connection.cursor().execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                    connection.cursor().execute("PRAGMA journal_mode = WAL")
                return
        except StoreUnavailableError:
            if time.monotonic() > give_up:
                raise
            time.sleep(_WAL_PAUSE_SECONDS)


def _version() -> str:
    try:
        return metadata.version("nianbao")
    except metadata.PackageNotFoundError:
        return "unknown"
