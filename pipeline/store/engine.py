"""Connections to SQLite and PostgreSQL, and what their errors mean to the user."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from models.errors import MissingDependencyError, StoreDamagedError, StoreError, StoreUnavailableError, UsageError

# Execution option of connections that are going to write: SQLite then takes the lock for writing at once, so that what
# was read cannot be out of date when it is written.
WRITES = "nianbao_writes"
_CONNECT_SECONDS = 10
_MILLISECONDS = 1000
_PRIMARY_CODE = 0xFF  # the low byte of an SQLite error code; the rest is detail
_RESTORE = "stop all nianbao processes, move the file away and restore a backup"

# SQLite error code -> cause, remedy. What may pass by itself, or when somebody helps.
_SQLITE_PASSING: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_BUSY: ("another process keeps it locked", "wait for it, or raise store.busy_seconds"),
    sqlite3.SQLITE_LOCKED: ("another process keeps it locked", "wait for it, or raise store.busy_seconds"),
    sqlite3.SQLITE_READONLY: ("it is read-only", "allow writing to the file and to its folder"),
    sqlite3.SQLITE_IOERR: ("the disk reports an error", "look at the disk and its free space"),
    sqlite3.SQLITE_FULL: ("the disk is full", "free some space"),
    sqlite3.SQLITE_CANTOPEN: ("it cannot be opened", "check that the folder exists and may be written to"),
    sqlite3.SQLITE_PERM: ("it must not be opened", "change the permissions of the file"),
    sqlite3.SQLITE_NOMEM: ("there is no memory left", "close other programs"),
}
_SQLITE_DAMAGED: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_CORRUPT: ("the database is damaged", _RESTORE),
    sqlite3.SQLITE_NOTADB: ("the file is no SQLite database", "name another file in store.url"),
}
# Beginning of an SQLSTATE -> cause, remedy; the longer one counts.
_POSTGRES_PASSING: dict[str, tuple[str, str]] = {
    "08": ("the connection was lost", "see whether the server runs"),
    "25006": ("the database is read-only", "name the primary server in store.url"),
    "40": ("another process was changing the same rows", "try again"),
    "53": ("the server is out of resources", "look at its disk, memory and connections"),
    "55P03": ("another process keeps it locked", "wait for it, or raise store.busy_seconds"),
    "57P": ("the server is shutting down or starting", "see whether the server runs"),
}
_POSTGRES_WRONG: dict[str, tuple[str, str]] = {
    "42501": ("the user has not the rights", "make the user the owner of the database"),
}


def make_engine(url_text: str, busy_seconds: float) -> tuple[Engine, str]:
    """The engine, and the name of the store as messages say it: the file, or the URL without its password.

    Nothing is opened or made yet.

    Raises:
        UsageError: no URL, or one of another kind of database.
        MissingDependencyError: PostgreSQL without its driver.
    """
    url = _checked_url(url_text)
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, busy_seconds), str(url.database)
    return _postgres_engine(url, busy_seconds), url.render_as_string(hide_password=True)


def _checked_url(url_text: str) -> URL:
    examples = "write sqlite:///path/of/file.db or postgresql://user@host/database"
    # The text may hold a password, so it is not repeated.
    try:
        url = make_url(url_text)
    except ArgumentError as exc:
        raise UsageError("store.url is no URL of a database", remedy=examples) from exc
    if url.drivername in {"postgresql", "postgres", "postgresql+psycopg"}:
        return url.set(drivername="postgresql+psycopg")
    if url.drivername != "sqlite":
        raise UsageError(f"store.url is of an unknown kind of database: {url.drivername}", remedy=examples)
    if not url.database or url.database == ":memory:" or url.database.startswith("file:"):
        raise UsageError("store.url must name a file: several processes use the store", remedy=examples)
    return url


def _sqlite_engine(url: URL, busy_seconds: float) -> Engine:
    engine = create_engine(url, connect_args={"timeout": busy_seconds})

    def on_connect(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # transactions begin where on_begin says, not where the driver guesses
        connection.execute(f"PRAGMA busy_timeout = {int(busy_seconds * _MILLISECONDS)}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")

    def on_begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine


def _postgres_engine(url: URL, busy_seconds: float) -> Engine:
    lock_timeout = f"-c lock_timeout={int(busy_seconds * _MILLISECONDS)}"
    # What the URL asks for counts: libpq takes the later of two options.
    ours = {
        "connect_timeout": str(_CONNECT_SECONDS),
        "application_name": "nianbao",
        **url.query,
        "options": " ".join((lock_timeout, *url.normalized_query.get("options", ()))),
    }
    try:
        # The server may have been restarted since the last statement.
        return create_engine(url.set(query=ours), pool_pre_ping=True)
    except ImportError as exc:
        raise MissingDependencyError(
            "the driver for PostgreSQL is not installed",
            source=url.render_as_string(hide_password=True),
            remedy='pip install -c constraints.txt -e ".[postgres]"',
        ) from exc


@contextlib.contextmanager
def store_errors(place: str) -> Iterator[None]:
    """Turns errors of the database inside the block into errors about the store at ``place``.

    Raises:
        StoreError: the block raised an error of SQLAlchemy or of a driver; the subclasses tell what helps.
    """
    try:
        yield
    except DBAPIError as exc:
        raise as_store_error(exc.orig, place, disconnected=exc.connection_invalidated) from exc
    except PoolTimeoutError as exc:
        raise StoreUnavailableError(
            "all connections are in use", source=place, remedy="try again, with fewer workers"
        ) from exc
    except (SQLAlchemyError, sqlite3.Error) as exc:
        raise as_store_error(exc, place) from exc


def as_store_error(exc: BaseException | None, place: str, *, disconnected: bool = False) -> StoreError:
    """The error that tells the user what is wrong with the store at ``place``, and what to do."""
    if isinstance(exc, sqlite3.Error):
        code = getattr(exc, "sqlite_errorcode", 0) & _PRIMARY_CODE
        if code in _SQLITE_PASSING:
            cause, remedy = _SQLITE_PASSING[code]
            return StoreUnavailableError(cause, source=place, remedy=remedy)
        if code in _SQLITE_DAMAGED:
            cause, remedy = _SQLITE_DAMAGED[code]
            return StoreDamagedError(cause, source=place, remedy=remedy)
        return StoreError(f"the database reports an error: {exc}", source=place)
    state: Any = getattr(exc, "sqlstate", None)
    for known, kind in ((_POSTGRES_WRONG, StoreError), (_POSTGRES_PASSING, StoreUnavailableError)):
        for beginning, (cause, remedy) in known.items():
            if state is not None and state.startswith(beginning):
                return kind(cause, source=place, remedy=remedy)
    if disconnected or (state is None and type(exc).__name__ == "OperationalError"):
        return StoreUnavailableError(
            f"no connection: {str(exc).strip()}",
            source=place,
            remedy="see whether the server runs, and whether store.url names it, the database and the user",
        )
    return StoreError(f"the database reports an error: {exc}", source=place)
