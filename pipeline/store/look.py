"""A look at the store that makes nothing and changes nothing: is it there, whole, and of this version?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, select, text

from models.errors import StoreDamagedError
from pipeline.config import Settings
from pipeline.store.engine import make_engine, store_errors
from pipeline.store.health import health
from pipeline.store.open_store import as_store, refuse_newer, schema_version
from pipeline.store.records import Health
from pipeline.store.tables import HEAD, DocumentRow


@dataclass(frozen=True, slots=True)
class StoreLook:
    """What was found.

    ``health`` is None where there are no tables yet, or older ones; both are seen to when the store is first used.
    """

    place: str
    version: str | None
    health: Health | None


def look_at_store(settings: Settings) -> StoreLook:
    """What is at ``settings.store``.

    Raises:
        UsageError: ``store.url`` is no URL, or of an unknown kind of database.
        MissingDependencyError: PostgreSQL without its driver.
        StoreUnavailableError: locked, or the server does not answer.
        StoreDamagedError: the database is damaged, or originals of documents are missing.
        StoreError: the store was written by a newer version.
    """
    engine, place = make_engine(settings.store.url, settings.store.busy_seconds)
    try:
        if engine.dialect.name == "sqlite" and not Path(place).exists():
            return StoreLook(place, None, None)
        with store_errors(place):
            _check_whole(engine, place)
            version = schema_version(engine)
        refuse_newer(version, place)
        if version != HEAD:
            return StoreLook(place, version, None)
        store = as_store(engine, place, settings)
        with store.read() as session:
            lost = [
                sha for sha in session.scalars(select(DocumentRow.sha256)) if not store.originals.path(sha).exists()
            ]
        if lost:
            raise StoreDamagedError(
                f"originals of documents are missing: {len(lost)}, the first is {lost[0]}",
                source=str(store.originals.folder),
                remedy="restore them from a backup, or see whether store.originals names the right folder",
            )
        return StoreLook(place, version, health(store))
    finally:
        engine.dispose()


def _check_whole(engine: Engine, place: str) -> None:
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        said = connection.execute(text("PRAGMA quick_check(1)")).scalar()
    if said != "ok":
        raise StoreDamagedError(
            f"the database is damaged ({said})",
            source=place,
            remedy="stop all nianbao processes, move the file away and restore a backup",
        )
