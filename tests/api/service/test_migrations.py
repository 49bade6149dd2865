"""The numbered migrations make exactly the tables that the code declares, on both databases."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from api.db.engine import Database
from api.db.migrating import migrate
from api.db.schema import METADATA


def test_migrations_make_the_declared_tables(empty_database_url: str) -> None:
    database = Database(empty_database_url)
    migrate(database)
    with database.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, METADATA) == []
        names = set(database.writer.dialect.get_table_names(connection))
    assert names == {*METADATA.tables, "alembic_version"}
    database.close()


def test_what_was_there_before_is_found_by_its_sites(empty_database_url: str) -> None:
    """An agency's desk finds what an earlier program took in; tallies are kept, and know one outcome more."""
    database = Database(empty_database_url)
    migrate(database, "0009")
    with database.writer.begin() as connection:
        for statement in _OF_BEFORE:
            connection.exec_driver_sql(statement)
    migrate(database)
    with database.writer.begin() as connection:
        words = set(connection.scalars(text("SELECT word FROM shipment_words WHERE shipment_id = 1")))
        assert words == {"nguyen", "o:B1", "o:CQ1", "o:MC1"}
        (way,) = connection.execute(text("SELECT * FROM passages"))
        assert tuple(way) == ("89", "A-1", "done", "site", 739_000, "agency", 739_001, None)
        connection.exec_driver_sql("UPDATE passages SET outcome = 'scanned'")
        with pytest.raises(IntegrityError), connection.begin_nested():
            connection.exec_driver_sql("UPDATE passages SET outcome = 'lost'")
    database.close()


_OF_BEFORE = (
    "INSERT INTO provinces (province_id, name) VALUES ('89', 'An Giang')",
    (
        "INSERT INTO shipments (shipment_id, province_id, code, kind, origin_site, origin_commune, origin_base,"
        " dest_site, dest_commune, dest_base, at_site, at_base, ready_at, ready_day, due_on, pieces, grams, fee_dong,"
        " postage_dong, id_check, priority, holding, version)"
        " VALUES (1, '89', 'A-1', 'transfer', 'CQ1', '30307', 'B1', 'MC1', '30307', 'B1', 'B1', 'B1', 0, 739000,"
        " '2024-04-26', 1, 0, 0, 0, false, 0, 'nobody', 1)"
    ),
    "INSERT INTO shipment_words VALUES ('89', 'nguyen', 739000, 1)",
    "INSERT INTO shipment_words VALUES ('89', 'o:B1', 739000, 1)",
    "INSERT INTO passages VALUES ('89', 'A-1', 'done', 'site', 739000, 'agency', 739001)",
)
"""Statements of that time; the base is also the site where it lies."""
