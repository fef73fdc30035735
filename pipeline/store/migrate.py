"""Brings the tables of a store up to date, one process at a time."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from models.errors import StoreError
from pipeline.store.engine import WRITES
from pipeline.store.open_store import version_of

MIGRATIONS = Path(__file__).parent / "migrations"
# Any number will do, as long as nothing else in the database uses it: the first bytes of "nianbao".
_LOCK_NUMBER = int.from_bytes(b"nianbao", "big")


def migrate(engine: Engine, place: str) -> None:
    """Nothing; the database then has the newest tables. All steps are one transaction.

    Raises:
        StoreError: the database was written by a newer version.
    """
    # SQLite takes its lock with the beginning of the transaction.
    with engine.execution_options(**{WRITES: True}).begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
        config = alembic_config(connection)
        script = ScriptDirectory.from_config(config)
        # Another process may have done it while this one waited for the lock.
        found, newest = version_of(connection), script.get_current_head()
        if found == newest:
            return
        if found is not None and found not in {revision.revision for revision in script.walk_revisions()}:
            raise StoreError(
                f"the store was written by a newer version of nianbao (tables {found}, this one knows {newest})",
                source=place,
                remedy="update nianbao, or name another store in store.url",
            )
        command.upgrade(config, "head")


def alembic_config(connection: Connection) -> Config:
    """What Alembic needs to know; it works over ``connection``, in its transaction."""
    config = Config()
    # Alembic takes a percent sign for the beginning of a variable.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
