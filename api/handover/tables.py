"""Table: duties of a day, as they went from one dispatcher to the next; only ever added to."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Index, String, Table, Text, text

from api.db.tables import METADATA, Json, Moment

_WAITS = text("taken_at IS NULL")

handovers = Table(
    "handovers",
    METADATA,
    Column("handover_id", String(40), primary_key=True),
    Column("province_id", ForeignKey("provinces.province_id"), nullable=False),
    Column("day", String(10), nullable=False),
    Column("given_by", ForeignKey("users.user_id")),
    Column("given_at", Moment, nullable=False),
    Column("note", Text),
    Column("open", Json),
    Column("taken_by", ForeignKey("users.user_id")),
    Column("taken_at", Moment),
    CheckConstraint("(taken_by IS NULL) = (taken_at IS NULL)", name="taken"),
    CheckConstraint("given_by IS NOT NULL OR taken_by IS NOT NULL", name="somebody"),
    CheckConstraint("given_by <> taken_by", name="another"),
    Index("ix_handovers_day", "province_id", "day", "given_at"),
    Index("uq_handovers_waiting", "province_id", "day", unique=True, sqlite_where=_WAITS, postgresql_where=_WAITS),
)
"""
`given_by` is null when somebody took the duty on without being given it; `open` is what was open at that moment.
One at most waits to be taken. `note` and `open` may speak of people: both are null once retention has erased them.
"""
