"""
Tables: shipments, the people in them, the words that find them, and what was changed.

People lie apart, so that they can be erased at the end of their retention while the shipment stays.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from api.db.tables import METADATA, BigKey, Json, Moment
from api.shipments.model import ShipmentKind

HOLDINGS = ("nobody", "site", "courier", "line", "done")
"""Who may hold a shipment, as custody says."""

_KINDS = ", ".join(f"'{kind}'" for kind in ShipmentKind)
_HOLDINGS = ", ".join(f"'{holding}'" for holding in HOLDINGS)


def _sorted(length: int) -> String:
    """Text that sorts by its bytes in both databases, so that a prefix is a range."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


shipments = Table(
    "shipments",
    METADATA,
    Column("shipment_id", BigKey, primary_key=True, autoincrement=True),
    Column("province_id", ForeignKey("provinces.province_id"), nullable=False),
    Column("code", _sorted(64), nullable=False),
    Column("kind", String(10), nullable=False),
    Column("procedure_code", String(64)),
    Column("origin_site", String(80)),
    Column("origin_commune", String(10), nullable=False),
    Column("origin_base", String(80)),
    Column("dest_site", String(80)),
    Column("dest_commune", String(10), nullable=False),
    Column("dest_base", String(80)),
    Column("at_site", String(80)),
    Column("at_base", String(80)),
    Column("ready_at", Moment, nullable=False),
    Column("ready_day", Integer, nullable=False),
    Column("appointment_on", String(10)),
    Column("due_on", String(10), nullable=False),
    Column("pieces", Integer, nullable=False),
    Column("grams", Integer, nullable=False),
    Column("fee_dong", Integer, nullable=False),
    Column("postage_dong", Integer, nullable=False),
    Column("id_check", Boolean, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("holding", String(10), nullable=False),
    Column("holder", String(80)),
    Column("moved_at", Moment),
    Column("version", Integer, nullable=False),
    CheckConstraint(f"kind IN ({_KINDS})", name="kind"),
    CheckConstraint(f"holding IN ({_HOLDINGS})", name="holding"),
    CheckConstraint("pieces >= 1 AND grams >= 0 AND fee_dong >= 0 AND postage_dong >= 0", name="amounts"),
    CheckConstraint("priority BETWEEN 0 AND 9", name="priority"),
    CheckConstraint("(holding = 'nobody') = (moved_at IS NULL)", name="moved"),
    UniqueConstraint("province_id", "code"),
    Index("ix_shipments_day", "province_id", "ready_day", "shipment_id"),
    Index("ix_shipments_holding", "province_id", "holding", "ready_day", "shipment_id"),
)
"""
`ready_day` counts local days as `date.toordinal`; the users of its bases and sites see it (`office_store`), `at_base`
and `at_site` being those of the last site.
"""

shipment_persons = Table(
    "shipment_persons",
    METADATA,
    Column("shipment_id", ForeignKey("shipments.shipment_id"), primary_key=True, autoincrement=False),
    Column("province_id", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("phone", String(40), nullable=False),
    Column("phone_backwards", _sorted(40), nullable=False),
    Column("origin_lon", Float, nullable=False),
    Column("origin_lat", Float, nullable=False),
    Column("origin_address", Text, nullable=False),
    Column("dest_lon", Float, nullable=False),
    Column("dest_lat", Float, nullable=False),
    Column("dest_address", Text, nullable=False),
    Column("windows", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Index("ix_shipment_persons_phone", "province_id", "phone_backwards"),
)
"""Who and where; `sha256` is that of the whole row as imported. A row that is gone was erased by retention."""

shipment_words = Table(
    "shipment_words",
    METADATA,
    Column("province_id", String(40), primary_key=True),
    Column("word", _sorted(80), primary_key=True),
    Column("ready_day", Integer, primary_key=True, autoincrement=False),
    Column("shipment_id", BigKey, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""What finds a shipment, in the order in which it is shown: see `api.shipments.words`."""

shipment_changes = Table(
    "shipment_changes",
    METADATA,
    Column("shipment_id", ForeignKey("shipments.shipment_id"), primary_key=True, autoincrement=False),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("by_user", ForeignKey("users.user_id")),
    Column("columns", Json, nullable=False),
)
"""Which columns a new version changed; never their values, which may be personal."""

shipment_wishes = Table(
    "shipment_wishes",
    METADATA,
    Column(
        "shipment_id",
        ForeignKey("shipment_persons.shipment_id", ondelete="CASCADE"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("wish_note", Text, nullable=False),
    Column("wish_day", String(10)),
    Column("wish_window", String(20)),
    Column("wish_at", Moment, nullable=False),
    Column("wish_count", Integer, nullable=False),
    CheckConstraint("(wish_day IS NULL) = (wish_window IS NULL)", name="window"),
)
"""What the citizen asked for, the last time; goes with the people when they are erased. See `api.shipments.wishes`."""
