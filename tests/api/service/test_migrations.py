"""The numbered migrations make exactly the tables that the code declares, on both databases."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from api.db.engine import Database
from api.db.migrating import migrate
from api.db.schema import METADATA


def test_migrations_make_the_declared_tables(database_url: str) -> None:
    database = Database(database_url)
    migrate(database)
    with database.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        names = set(database.writer.dialect.get_table_names(connection))
    assert names == {*METADATA.tables, "alembic_version"}
    database.close()
