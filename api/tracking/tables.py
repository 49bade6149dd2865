"""Table: the PINs of shipments, as tags that only the server's key can make."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Integer, String, Table

from api.db.tables import METADATA, Moment

pins = Table(
    "pins",
    METADATA,
    Column("province_id", String(40), primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("issue", Integer, nullable=False),
    Column("tag", String(64), nullable=False),
    Column("failures", Integer, nullable=False),
    Column("waits_until", Moment),
    Column("issued_by", ForeignKey("users.user_id"), nullable=False),
    Column("issued_at", Moment, nullable=False),
    ForeignKeyConstraint(["province_id", "code"], ["shipments.province_id", "shipments.code"]),
    CheckConstraint("issue >= 1 AND failures >= 0", name="counts"),
)
"""One a shipment: a new issue takes the place of the one before; see `api.custody.pin`."""
