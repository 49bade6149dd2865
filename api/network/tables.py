"""
Tables: the network of each province, row by row, and its versions.

A row is never changed and never deleted: a change ends it with one version and begins another row with the same. So
any earlier version can be read again.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
)

from api.db.tables import METADATA, BigKey, Json, Moment
from api.network.columns import TABLES

SETTINGS = "settings"
"""The sheet whose one row is a province's settings."""

SHEETS = (*(table.name for table in TABLES), SETTINGS)
_SHEETS = ", ".join(f"'{name}'" for name in SHEETS)

network_versions = Table(
    "network_versions",
    METADATA,
    Column("province_id", ForeignKey("provinces.province_id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("by_user", ForeignKey("users.user_id")),
    Column("note", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("began", Integer, nullable=False),
    Column("ended", Integer, nullable=False),
    CheckConstraint("version >= 1", name="version"),
    CheckConstraint("began >= 0 AND ended >= 0 AND began + ended > 0", name="changes"),
)
"""`sha256` is that of the whole network; `began` and `ended` count its rows that are new and that are gone."""

network_rows = Table(
    "network_rows",
    METADATA,
    Column("row_id", BigKey, primary_key=True, autoincrement=True),
    Column("province_id", String(40), nullable=False),
    Column("sheet", String(20), nullable=False),
    Column("row_key", String(250), nullable=False),
    Column("valid_from", String(10), nullable=False),
    Column("valid_to", String(10), nullable=False),
    Column("content", Json, nullable=False),
    Column("since_version", Integer, nullable=False),
    Column("until_version", Integer),
    CheckConstraint(f"sheet IN ({_SHEETS})", name="sheet"),
    CheckConstraint("valid_from <= valid_to", name="validity"),
    CheckConstraint("until_version > since_version", name="versions"),
    ForeignKeyConstraint(
        ["province_id", "since_version"], ["network_versions.province_id", "network_versions.version"]
    ),
    ForeignKeyConstraint(
        ["province_id", "until_version"],
        ["network_versions.province_id", "network_versions.version"],
        name="fk_network_rows_until_version",
    ),
    Index("ix_network_rows_sheet", "province_id", "sheet", "row_key"),
)
"""`until_version` is the first version without the row, None while it stands; an open date is `date.min` or `max`."""

Index(
    "uq_network_rows_standing",
    network_rows.c.province_id,
    network_rows.c.sheet,
    network_rows.c.row_key,
    network_rows.c.valid_from,
    unique=True,
    sqlite_where=network_rows.c.until_version.is_(None),
    postgresql_where=network_rows.c.until_version.is_(None),
)
