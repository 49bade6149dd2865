"""Table: how many dossiers each agency has in all, which the post cannot know by itself."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table

from api.db.tables import METADATA, Moment

agency_counts = Table(
    "agency_counts",
    METADATA,
    Column("province_id", ForeignKey("provinces.province_id"), primary_key=True),
    Column("site_id", String(80), primary_key=True),
    Column("month", String(7), primary_key=True),
    Column("received", Integer, nullable=False),
    Column("returned", Integer, nullable=False),
    Column("told_by", ForeignKey("users.user_id"), nullable=False),
    Column("told_at", Moment, nullable=False),
    CheckConstraint("received >= 0 AND returned >= 0", name="counts"),
)
"""Dossiers received and results handed out in a month (`2026-11`), by any way."""
