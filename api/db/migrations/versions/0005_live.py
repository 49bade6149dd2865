"""The day as it runs: what is told, positions with the consent to them, messages."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.db.tables import Json, Moment

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "last_positions",
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("courier_id", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("accuracy", sa.Float(), nullable=False),
        sa.Column("speed", sa.Float(), nullable=True),
        sa.Column("heading", sa.Float(), nullable=True),
        sa.Column("clock_is_wrong", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.province_id"], name=op.f("fk_last_positions_province_id")),
        sa.PrimaryKeyConstraint("province_id", "courier_id", name=op.f("pk_last_positions")),
    )
    op.create_table(
        "live_heads",
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_live_heads_number")),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.province_id"], name=op.f("fk_live_heads_province_id")),
        sa.PrimaryKeyConstraint("province_id", name=op.f("pk_live_heads")),
    )
    op.create_table(
        "live_items",
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("courier_id", sa.String(length=80), nullable=True),
        sa.Column("base_id", sa.String(length=80), nullable=True),
        sa.Column("for_courier", sa.Boolean(), nullable=False),
        sa.Column("body", Json(), nullable=False),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.province_id"], name=op.f("fk_live_items_province_id")),
        sa.PrimaryKeyConstraint("province_id", "number", name=op.f("pk_live_items")),
    )
    op.create_index(op.f("ix_live_items_at"), "live_items", ["at"], unique=False)
    op.create_table(
        "positions",
        sa.Column("device_id", sa.String(length=40), nullable=False),
        sa.Column("device_at", Moment(), nullable=False),
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("courier_id", sa.String(length=80), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("lon", sa.Float(), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("accuracy", sa.Float(), nullable=False),
        sa.Column("speed", sa.Float(), nullable=True),
        sa.Column("heading", sa.Float(), nullable=True),
        sa.Column("clock_is_wrong", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90 AND accuracy >= 0", name=op.f("ck_positions_place")
        ),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.province_id"], name=op.f("fk_positions_province_id")),
        sa.PrimaryKeyConstraint("device_id", "device_at", name=op.f("pk_positions")),
    )
    op.create_index(op.f("ix_positions_at"), "positions", ["at"], unique=False)
    op.create_table(
        "live_messages",
        sa.Column("province_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("message_id", sa.String(length=36), nullable=False),
        sa.Column("courier_id", sa.String(length=80), nullable=False),
        sa.Column("base_id", sa.String(length=80), nullable=True),
        sa.Column("by_courier", sa.Boolean(), nullable=False),
        sa.Column("sent_by", sa.String(length=40), nullable=False),
        sa.Column("sent_at", Moment(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("read_at", Moment(), nullable=True),
        sa.Column("read_by", sa.String(length=40), nullable=True),
        sa.CheckConstraint("(read_at IS NULL) = (read_by IS NULL)", name=op.f("ck_live_messages_read")),
        sa.ForeignKeyConstraint(["province_id"], ["provinces.province_id"], name=op.f("fk_live_messages_province_id")),
        sa.ForeignKeyConstraint(["read_by"], ["users.user_id"], name=op.f("fk_live_messages_read_by")),
        sa.ForeignKeyConstraint(["sent_by"], ["users.user_id"], name=op.f("fk_live_messages_sent_by")),
        sa.PrimaryKeyConstraint("province_id", "number", name=op.f("pk_live_messages")),
    )
    op.create_index("ix_live_messages_courier", "live_messages", ["province_id", "courier_id", "number"], unique=False)
    op.create_index(op.f("ix_live_messages_sent_at"), "live_messages", ["sent_at"], unique=False)
    op.create_index(
        "uq_live_messages_message_id", "live_messages", ["province_id", "message_id", "courier_id"], unique=True
    )
    op.create_table(
        "position_consents",
        sa.Column(
            "consent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False
        ),
        sa.Column("user_id", sa.String(length=40), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("terms", sa.String(length=20), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_position_consents_user_id")),
        sa.PrimaryKeyConstraint("consent_id", name=op.f("pk_position_consents")),
    )
    op.create_index("ix_position_consents_user_id", "position_consents", ["user_id", "consent_id"], unique=False)
