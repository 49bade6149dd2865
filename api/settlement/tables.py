"""Table: what was handed in, signed for; only ever added to."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Integer, String, Table, Text

from api.db.tables import METADATA, Moment

settlements = Table(
    "settlements",
    METADATA,
    Column("province_id", ForeignKey("provinces.province_id"), primary_key=True),
    Column("day", Integer, primary_key=True, autoincrement=False),
    Column("kind", String(10), primary_key=True),
    Column("taker", String(80), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("expected_fee_dong", BigInteger, nullable=False),
    Column("expected_postage_dong", BigInteger, nullable=False),
    Column("expected_cash_dong", BigInteger, nullable=False),
    Column("handed_fee_dong", BigInteger, nullable=False),
    Column("handed_postage_dong", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
    Column("signed_by", ForeignKey("users.user_id"), nullable=False),
    Column("signed_at", Moment, nullable=False),
    CheckConstraint("number >= 1", name="number"),
    CheckConstraint("kind IN ('courier', 'site', 'device')", name="kind"),
    CheckConstraint(
        "note <> '' OR (number = 1 AND handed_fee_dong + handed_postage_dong = expected_cash_dong)", name="explained"
    ),
)
"""Number 1 is the sign-off of a day, once for each taker; each further one corrects the one before, and says why."""
