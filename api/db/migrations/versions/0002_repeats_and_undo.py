"""Answers that are given again, parked webhooks, undoing changes of plans, and plans whose places are erased."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from api.db.tables import Moment

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "given_answers",
        sa.Column("person", sa.String(length=40), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.CheckConstraint("length(key_hash) = 64 AND length(digest) = 64", name=op.f("ck_given_answers_hashes")),
        sa.PrimaryKeyConstraint("person", "key_hash", name=op.f("pk_given_answers")),
    )
    op.create_index(op.f("ix_given_answers_at"), "given_answers", ["at"], unique=False)
    _rebuild_deliveries()
    op.add_column("plan_changes", sa.Column("before", sa.Text(), nullable=True))
    op.add_column("plan_inputs", sa.Column("erased_at", Moment(), nullable=True))
    op.add_column("plans", sa.Column("erased_at", Moment(), nullable=True))


def _rebuild_deliveries() -> None:
    """SQLite cannot change a constraint: the rows are put by, and the table is made anew."""
    op.execute("CREATE TABLE deliveries_before AS SELECT * FROM webhook_deliveries")
    op.drop_table("webhook_deliveries")
    op.create_table(
        "webhook_deliveries",
        sa.Column("subscriber_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", Moment(), nullable=True),
        sa.Column("last_at", Moment(), nullable=True),
        sa.Column("answer", sa.String(length=200), nullable=True),
        sa.Column("out_of_order", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "status IN ('waiting', 'parked', 'delivered', 'failed')", name=op.f("ck_webhook_deliveries_status")
        ),
        sa.CheckConstraint(
            "(status IN ('waiting', 'parked')) = (next_at IS NOT NULL)", name=op.f("ck_webhook_deliveries_next_at")
        ),
        sa.ForeignKeyConstraint(
            ["number"],
            ["webhook_outbox.number"],
            name=op.f("fk_webhook_deliveries_number"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["webhook_subscribers.subscriber_id"],
            name=op.f("fk_webhook_deliveries_subscriber_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("subscriber_id", "number", name=op.f("pk_webhook_deliveries")),
    )
    for status in ("waiting", "parked"):
        only = sa.text(f"status = '{status}'")
        op.create_index(
            f"ix_webhook_deliveries_{status}",
            "webhook_deliveries",
            ["subscriber_id", "number"],
            sqlite_where=only,
            postgresql_where=only,
        )
    op.execute(
        "INSERT INTO webhook_deliveries"
        " (subscriber_id, number, status, attempts, next_at, last_at, answer, out_of_order)"
        " SELECT subscriber_id, number, status, attempts, next_at, last_at, answer, false FROM deliveries_before"
    )
    op.execute("DROP TABLE deliveries_before")
