"""Wishes: what citizens ask for with their PIN."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.db.tables import Moment

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "shipment_wishes",
        sa.Column("shipment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("wish_note", sa.Text(), nullable=False),
        sa.Column("wish_day", sa.String(length=10), nullable=True),
        sa.Column("wish_window", sa.String(length=20), nullable=True),
        sa.Column("wish_at", Moment(), nullable=False),
        sa.Column("wish_count", sa.Integer(), nullable=False),
        sa.CheckConstraint("(wish_day IS NULL) = (wish_window IS NULL)", name=op.f("ck_shipment_wishes_window")),
        sa.ForeignKeyConstraint(
            ["shipment_id"],
            ["shipment_persons.shipment_id"],
            name=op.f("fk_shipment_wishes_shipment_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("shipment_id", name=op.f("pk_shipment_wishes")),
    )
