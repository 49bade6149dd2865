"""Tables: the ledger, its tree and signed heads, what lies apart and is erased, who holds what, the quarantine."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
)

from api.custody.custodian import Holding
from api.db.tables import METADATA, BigKey, Json, Moment

_HOLDINGS = ", ".join(f"'{holding}'" for holding in Holding)

ledger = Table(
    "ledger",
    METADATA,
    Column("ledger_id", Integer, primary_key=True, autoincrement=False),
    Column("origin", String(200), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("head", LargeBinary, nullable=False),
    Column("grown", BigInteger, nullable=False),
    CheckConstraint("ledger_id = 1", name="one"),
    CheckConstraint("size >= grown AND grown >= 0", name="sizes"),
)
"""One row, locked by whoever adds records: the chain cannot fork. `grown` = records that the tree covers."""

events = Table(
    "events",
    METADATA,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("event_id", String(36), nullable=False, unique=True),
    Column("province_id", ForeignKey("provinces.province_id"), nullable=False),
    Column("office", String(80)),
    Column("sent_by", String(40), nullable=False),
    Column("recorded_at", Moment, nullable=False),
    Column("record", Text, nullable=False),
    Column("leaf", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("digest", String(64)),
    Column("pieces", Json),
    Column("settled_at", Moment),
    Column("settled_by", String(40)),
    Column("settled_note", Text),
    Column("is_open", Integer, nullable=False),
    Column("device_id", String(64)),
    Column("counter", BigInteger),
    CheckConstraint("seq >= 0", name="seq"),
    CheckConstraint("is_open IN (0, 1) AND (is_open = 0 OR settled_at IS NULL)", name="open"),
    Index("ix_events_open", "province_id", "is_open", "seq"),
    Index("ix_events_device", "device_id", "counter", "seq"),
)
"""
Records in the order of the chain, only ever added; `digest` of the whole event goes with what is personal.

`device_id` and `counter` are those of the record, to find what a device has not told.
"""

event_personal = Table(
    "event_personal",
    METADATA,
    Column("seq", ForeignKey("events.seq"), primary_key=True, autoincrement=False),
    Column("personal", Json, nullable=False),
)
"""Names, places, notes, signatures and salts; a row that is gone was erased by retention."""

event_shipments = Table(
    "event_shipments",
    METADATA,
    Column("province_id", String(40), primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("seq", ForeignKey("events.seq"), primary_key=True, autoincrement=False),
    Index("ix_event_shipments_seq", "seq"),
    sqlite_with_rowid=False,
)

event_awaits = Table(
    "event_awaits",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    Column("seq", ForeignKey("events.seq"), primary_key=True, autoincrement=False),
    Index("ix_event_awaits_seq", "seq"),
    sqlite_with_rowid=False,
)
"""Files that an event names and that have not come in yet."""

custody = Table(
    "custody",
    METADATA,
    Column("province_id", String(40), primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("holding", String(10), nullable=False),
    Column("holder", String(80), nullable=False),
    Column("since", Moment, nullable=False),
    Column("last_seq", ForeignKey("events.seq"), nullable=False),
    CheckConstraint(f"holding IN ({_HOLDINGS})", name="holding"),
    Index("ix_custody_holder", "province_id", "holding", "holder"),
)
"""Who answers for a shipment now: one row a shipment, so always exactly one."""

tree_nodes = Table(
    "tree_nodes",
    METADATA,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    CheckConstraint("level >= 1", name="level"),
)
"""Complete subtrees of 256, 65,536, ... leaves; the leaves themselves stand with their records."""

checkpoints = Table(
    "checkpoints",
    METADATA,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("note", Text, nullable=False),
    Column("signed_at", Moment, nullable=False),
)

quarantine = Table(
    "quarantine",
    METADATA,
    Column("quarantine_id", BigKey, primary_key=True, autoincrement=True),
    Column("province_id", ForeignKey("provinces.province_id"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("sent_by", String(40), nullable=False),
    Column("device_id", String(40)),
    Column("received_at", Moment, nullable=False),
    Column("reason", String(40), nullable=False),
    Column("pieces", Json, nullable=False),
    Column("content", Text, nullable=False),
    Column("settled_at", Moment),
    Column("settled_by", String(40)),
    Column("settled_note", Text),
    Column("told_by", String(36)),
    ForeignKeyConstraint(["sent_by"], ["users.user_id"]),
    Index("ix_quarantine_content", "sha256", "sent_by", unique=True),
)
"""
Forged and malformed events as they came, each once for each sender.

A decision takes one out of the queue and leaves it here; `told_by`: the event of the ledger that tells its fact.
"""
