"""Alembic's way in: brings the tables up to date within the transaction that the store has opened."""

from alembic import context

from pipeline.records.store.schema import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,
)
context.run_migrations()
