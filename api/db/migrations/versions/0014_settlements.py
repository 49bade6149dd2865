"""A network has one more sheet: where people live."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.db.tables import BigKey, Json

revision = "0014"
down_revision = "0013"

_CHECK = "ck_network_rows_sheet"
_SHEETS = (
    "sheet IN ('sites', 'areas', 'couriers', 'lines', 'procedures', 'tariffs', 'calendar', 'settlements', 'settings')"
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":  # which cannot change a check: the table is made anew around its rows
        _make_anew()
    else:
        op.drop_constraint(op.f(_CHECK), "network_rows", type_="check")
        op.create_check_constraint(op.f(_CHECK), "network_rows", _SHEETS)


def _make_anew() -> None:
    op.drop_index("ix_network_rows_sheet", "network_rows")
    op.drop_index("uq_network_rows_standing", "network_rows")
    op.rename_table("network_rows", "network_rows_before")
    op.create_table(
        "network_rows",
        sa.Column("row_id", BigKey, autoincrement=True, nullable=False),
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("sheet", sa.String(length=20), nullable=False),
        sa.Column("row_key", sa.String(length=250), nullable=False),
        sa.Column("valid_from", sa.String(length=10), nullable=False),
        sa.Column("valid_to", sa.String(length=10), nullable=False),
        sa.Column("content", Json, nullable=False),
        sa.Column("since_version", sa.Integer(), nullable=False),
        sa.Column("until_version", sa.Integer(), nullable=True),
        sa.CheckConstraint(_SHEETS, name=op.f(_CHECK)),
        sa.CheckConstraint("until_version > since_version", name=op.f("ck_network_rows_versions")),
        sa.CheckConstraint("valid_from <= valid_to", name=op.f("ck_network_rows_validity")),
        sa.ForeignKeyConstraint(
            ["province_id", "since_version"],
            ["network_versions.province_id", "network_versions.version"],
            name=op.f("fk_network_rows_province_id_since_version"),
        ),
        sa.ForeignKeyConstraint(
            ["province_id", "until_version"],
            ["network_versions.province_id", "network_versions.version"],
            name="fk_network_rows_until_version",
        ),
        sa.PrimaryKeyConstraint("row_id", name=op.f("pk_network_rows")),
    )
    op.execute("INSERT INTO network_rows SELECT * FROM network_rows_before")
    op.drop_table("network_rows_before")
    op.create_index("ix_network_rows_sheet", "network_rows", ["province_id", "sheet", "row_key"], unique=False)
    op.create_index(
        "uq_network_rows_standing",
        "network_rows",
        ["province_id", "sheet", "row_key", "valid_from"],
        unique=True,
        sqlite_where=sa.text("until_version IS NULL"),
        postgresql_where=sa.text("until_version IS NULL"),
    )
