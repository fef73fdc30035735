"""How Alembic runs the migrations: over the connection, and in the transaction, that ``migrate`` hands over."""

from alembic import context

from pipeline.store.tables import VERSION_TABLE, Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
)
context.run_migrations()
