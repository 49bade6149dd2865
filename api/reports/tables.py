"""Tables: how many dossiers each agency has in all, which the post cannot know by itself, and how many are aimed at."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Float, ForeignKey, Integer, String, Table

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

share_targets = Table(
    "share_targets",
    METADATA,
    Column("province_id", ForeignKey("provinces.province_id"), primary_key=True),
    Column("site_id", String(80), primary_key=True),
    Column("quarter", String(7), primary_key=True),
    Column("dossier_percent", Float),
    Column("result_percent", Float),
    Column("set_by", ForeignKey("users.user_id"), nullable=False),
    Column("set_at", Moment, nullable=False),
    CheckConstraint("dossier_percent BETWEEN 0 AND 100 AND result_percent BETWEEN 0 AND 100", name="percent"),
    CheckConstraint("dossier_percent IS NOT NULL OR result_percent IS NOT NULL", name="some"),
)
"""What share of an agency's dossiers and results is to go by post in a quarter (`2026-Q4`); null = nothing is set."""
