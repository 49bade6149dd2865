"""Tables: who wants to hear, what happened (the outbox), and what became of each telling."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table, text

from api.db.tables import METADATA, BigKey, Json, Moment

subscribers = Table(
    "webhook_subscribers",
    METADATA,
    Column("subscriber_id", String(40), primary_key=True),
    Column("province_id", ForeignKey("provinces.province_id"), nullable=False, index=True),
    Column("url", String(500), nullable=False),
    Column("secret", String(80), nullable=False),
    Column("kinds", Json, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", String(40), nullable=False),
)
"""The secret stands here as it is: it signs each telling."""

outbox = Table(
    "webhook_outbox",
    METADATA,
    Column("number", BigKey, primary_key=True, autoincrement=True),
    Column("event_id", String(40), nullable=False, unique=True),
    Column("province_id", ForeignKey("provinces.province_id"), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("facts", Json, nullable=False),
    Column("at", Moment, nullable=False, index=True),
)
"""Written in the transaction of what happened: both are there, or neither."""

deliveries = Table(
    "webhook_deliveries",
    METADATA,
    Column("subscriber_id", ForeignKey("webhook_subscribers.subscriber_id", ondelete="CASCADE"), primary_key=True),
    Column("number", ForeignKey("webhook_outbox.number", ondelete="CASCADE"), primary_key=True),
    Column("status", String(12), nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("next_at", Moment),
    Column("last_at", Moment),
    Column("answer", String(200)),
    Column("out_of_order", Boolean, nullable=False, default=False),
    CheckConstraint("status IN ('waiting', 'parked', 'delivered', 'failed')", name="status"),
    CheckConstraint("(status IN ('waiting', 'parked')) = (next_at IS NOT NULL)", name="next_at"),
    Index(
        "ix_webhook_deliveries_waiting",
        "subscriber_id",
        "number",
        sqlite_where=text("status = 'waiting'"),
        postgresql_where=text("status = 'waiting'"),
    ),
    Index(
        "ix_webhook_deliveries_parked",
        "subscriber_id",
        "number",
        sqlite_where=text("status = 'parked'"),
        postgresql_where=text("status = 'parked'"),
    ),
)
"""
`answer`: what the receiver, or the way to it, said last. `parked`: tried so often in vain that later ones go on without
it; it is still tried. `out_of_order`: it was told while an earlier one was parked, or was parked itself.
"""
