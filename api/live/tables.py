"""
Tables: what is told to those who watch the day, positions and the consent to them, messages.

All but consents is personal to couriers and deleted after `live_days`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Float, ForeignKey, Index, String, Table, Text

from api.db.tables import METADATA, BigKey, Json, Moment

live_heads = Table(
    "live_heads",
    METADATA,
    Column("province_id", ForeignKey("provinces.province_id"), primary_key=True),
    Column("number", BigInteger, nullable=False),
    CheckConstraint("number >= 0", name="number"),
)
"""The last number of each province; its row is locked by whoever tells something, so numbers commit in their order."""

live_items = Table(
    "live_items",
    METADATA,
    Column("province_id", ForeignKey("provinces.province_id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(40), nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("courier_id", String(80)),
    Column("base_id", String(80)),
    Column("for_courier", Boolean, nullable=False),
    Column("body", Json, nullable=False),
)
"""What was told, in order; `base_id` and `courier_id` say to whom, `for_courier` whether the courier hears it too."""

position_consents = Table(
    "position_consents",
    METADATA,
    Column("consent_id", BigKey, primary_key=True, autoincrement=True),
    Column("user_id", ForeignKey("users.user_id"), nullable=False),
    Column("given", Boolean, nullable=False),
    Column("terms", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_position_consents_user_id", "user_id", "consent_id"),
)
"""
Each time that somebody agreed to be seen, or withdrew that: the last row counts; only ever added to.

Kept without end: whoever handles personal data has to be able to prove the consent to it (GDPR art. 7.1; Decree
13/2023/NĐ-CP art. 11), also when the positions that it allowed are deleted long since. No row says where anybody was.
"""

positions = Table(
    "positions",
    METADATA,
    Column("device_id", String(40), primary_key=True),
    Column("device_at", Moment, primary_key=True),
    Column("province_id", ForeignKey("provinces.province_id"), nullable=False),
    Column("courier_id", String(80), nullable=False),
    Column("at", Moment, nullable=False, index=True),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("accuracy", Float, nullable=False),
    Column("speed", Float),
    Column("heading", Float),
    Column("clock_is_wrong", Boolean, nullable=False),
    CheckConstraint("lon BETWEEN -180 AND 180 AND lat BETWEEN -90 AND 90 AND accuracy >= 0", name="place"),
)
"""A fix is known by its device and that device's clock; `at` is the server's, by the offset when it was sent."""

last_positions = Table(
    "last_positions",
    METADATA,
    Column("province_id", ForeignKey("provinces.province_id"), primary_key=True),
    Column("courier_id", String(80), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("accuracy", Float, nullable=False),
    Column("speed", Float),
    Column("heading", Float),
    Column("clock_is_wrong", Boolean, nullable=False),
)
"""The latest fix of each courier who consents."""

live_messages = Table(
    "live_messages",
    METADATA,
    Column("province_id", ForeignKey("provinces.province_id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("message_id", String(36), nullable=False),
    Column("courier_id", String(80), nullable=False),
    Column("base_id", String(80)),
    Column("by_courier", Boolean, nullable=False),
    Column("sent_by", ForeignKey("users.user_id"), nullable=False),
    Column("sent_at", Moment, nullable=False, index=True),
    Column("kind", String(40), nullable=False),
    Column("text", Text, nullable=False),
    Column("read_at", Moment),
    Column("read_by", ForeignKey("users.user_id")),
    CheckConstraint("(read_at IS NULL) = (read_by IS NULL)", name="read"),
    Index("uq_live_messages_message_id", "province_id", "message_id", "courier_id", unique=True),
    Index("ix_live_messages_courier", "province_id", "courier_id", "number"),
)
"""One row a courier that a message goes to, or comes from; `number` is that of the telling."""
