"""Alembic's door: the connection comes from `api.db.migrating`."""

from __future__ import annotations

from alembic import context

from api.db.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
