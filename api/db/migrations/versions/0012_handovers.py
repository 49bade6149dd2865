"""Duties go from one dispatcher to the next; a proposal that is rejected says why."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.db.tables import Json, Moment

revision = "0012"
down_revision = "0011"

_WAITS = sa.text("taken_at IS NULL")


def upgrade() -> None:
    op.create_table(
        "handovers",
        sa.Column("handover_id", sa.String(length=40), nullable=False),
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("given_by", sa.String(length=40), nullable=True),
        sa.Column("given_at", Moment(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("open", Json(), nullable=True),
        sa.Column("taken_by", sa.String(length=40), nullable=True),
        sa.Column("taken_at", Moment(), nullable=True),
        sa.CheckConstraint("(taken_by IS NULL) = (taken_at IS NULL)", name=op.f("ck_handovers_taken")),
        sa.CheckConstraint("given_by IS NOT NULL OR taken_by IS NOT NULL", name=op.f("ck_handovers_somebody")),
        sa.CheckConstraint("given_by <> taken_by", name=op.f("ck_handovers_another")),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.province_id"], name=op.f("fk_handovers_province_id")),
        sa.ForeignKeyConstraint(["given_by"], ["users.user_id"], name=op.f("fk_handovers_given_by")),
        sa.ForeignKeyConstraint(["taken_by"], ["users.user_id"], name=op.f("fk_handovers_taken_by")),
        sa.PrimaryKeyConstraint("handover_id", name=op.f("pk_handovers")),
    )
    op.create_index("ix_handovers_day", "handovers", ["province_id", "day", "given_at"])
    op.create_index(
        "uq_handovers_waiting",
        "handovers",
        ["province_id", "day"],
        unique=True,
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    )
    op.add_column("live_proposals", sa.Column("decided_words", sa.Text(), nullable=True))
