"""Brings the tables of a store up to date, one process at a time."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, text

from pipeline.store.engine import WRITES
from pipeline.store.open_store import refuse_newer, version_of
from pipeline.store.tables import HEAD

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
        # Another process may have done it while this one waited for the lock.
        found = version_of(connection)
        if found == HEAD:
            return
        refuse_newer(found, place)
        command.upgrade(config, "head")


def alembic_config(connection: Connection) -> Config:
    """What Alembic needs to know; it works over ``connection``, in its transaction."""
    config = Config()
    # Alembic takes a percent sign for the beginning of a variable.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
