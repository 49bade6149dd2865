"""Table: what is known of each file of evidence."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, Integer, String, Table

from api.db.tables import METADATA, Moment

evidence = Table(
    "evidence",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("stored_sha256", String(64), nullable=False),
    Column("size", Integer, nullable=False),
    Column("media_type", String(40), nullable=False),
    Column("province_id", ForeignKey("provinces.province_id")),
    Column("sent_by", String(40), nullable=False),
    Column("stored_at", Moment, nullable=False, index=True),
    Column("erased_at", Moment),
    CheckConstraint("length(sha256) = 64 AND length(stored_sha256) = 64", name="hashes"),
    CheckConstraint("size > 0", name="size"),
)
"""`sha256` names what was sent, and events name it so; `stored_sha256` is what lies on disk, without metadata."""
