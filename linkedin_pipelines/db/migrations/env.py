"""Alembic's entry: migrates over the connection, and in the transaction, of `linkedin_pipelines.db.core.migrating`."""

from __future__ import annotations

from alembic import context

from linkedin_pipelines.db.core.schema import VERSION_TABLE
from linkedin_pipelines.db.models import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,  # we begin SQLite's transactions ourselves, so its DDL rolls back like any other
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
