"""Migrations lead to the tables that the program expects, and go along with the package."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from pipeline.store.migrate import MIGRATIONS
from pipeline.store.open_store import Store
from pipeline.store.tables import HEAD, VERSION_TABLE, Base


def test_migrated_tables_are_the_declared_ones(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"compare_type": True, "compare_server_default": True, "version_table": VERSION_TABLE},
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_newest_migration_is_the_one_that_the_program_asks_for() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    revisions = [revision.revision for revision in ScriptDirectory.from_config(config).walk_revisions()]

    assert revisions[0] == HEAD
    # A newer store is told by its higher number.
    assert revisions == sorted(revisions, reverse=True)
    assert revisions == [f"{number:04}" for number in range(len(revisions), 0, -1)]
