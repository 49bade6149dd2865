"""Tables: how far the ledger is tallied, money that changed hands, how far each shipment got."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Index, Integer, String, Table

from api.custody.custodian import Holding
from api.db.tables import METADATA

OUTCOMES = ("delivered", "agency", "returned", "scanned")
"""A citizen has it, an agency or desk has it, it is back where it came from, or scans of it were enough."""

_HOLDINGS = ", ".join(f"'{holding}'" for holding in Holding)
_OUTCOMES = ", ".join(f"'{outcome}'" for outcome in OUTCOMES)

tallied = Table(
    "tallied",
    METADATA,
    Column("tallied_id", Integer, primary_key=True, autoincrement=False),
    Column("next_seq", BigInteger, nullable=False),
    CheckConstraint("tallied_id = 1 AND next_seq >= 0", name="one"),
)
"""One row: the first event that is not tallied yet."""

takings = Table(
    "takings",
    METADATA,
    Column("seq", ForeignKey("events.seq"), primary_key=True, autoincrement=False),
    Column("event_id", String(36), nullable=False, unique=True),
    Column("province_id", ForeignKey("provinces.province_id"), nullable=False),
    Column("office", String(80)),
    Column("kind", String(10), nullable=False),
    Column("taker", String(80), nullable=False),
    Column("day", Integer, nullable=False),
    Column("fee_dong", BigInteger),
    Column("postage_dong", BigInteger),
    Column("cash_dong", BigInteger),
    Column("is_void", Integer, nullable=False),
    CheckConstraint("kind IN ('courier', 'site', 'device')", name="kind"),
    CheckConstraint("is_void IN (0, 1)", name="void"),
    CheckConstraint("(fee_dong IS NULL) = (postage_dong IS NULL)", name="known"),
    CheckConstraint("(fee_dong IS NULL) = (cash_dong IS NULL)", name="cash_known"),
    Index("ix_takings_day", "province_id", "day", "kind", "taker"),
)
"""
Money that an event says somebody of the post took, below zero when they gave it away.

`day` counts local days as `date.toordinal`; amounts are null when retention erased them before they were tallied; an
event that another one replaces is void and counts for nothing.
"""

passages = Table(
    "passages",
    METADATA,
    Column("province_id", String(40), primary_key=True),
    Column("code", String(64), primary_key=True),
    Column("holding", String(10), nullable=False),
    Column("due_holding", String(10), nullable=False),
    Column("taken_day", Integer),
    Column("outcome", String(10)),
    Column("done_day", Integer),
    Column("due_leg", String(10)),
    CheckConstraint(f"holding IN ({_HOLDINGS}) AND due_holding IN ({_HOLDINGS})", name="holding"),
    CheckConstraint(f"outcome IN ({_OUTCOMES})", name="outcome"),
    CheckConstraint("(outcome IS NULL) = (done_day IS NULL)", name="done"),
    CheckConstraint("(holding = 'done') = (outcome IS NOT NULL)", name="ended"),
)
"""
Of each shipment that has events: who holds it, who held it when its due day ended, when it was taken and handed over.

Days count as `date.toordinal`, locally. `due_leg` tells what a courier did with it then (`pickup`, `delivery`), else it
is `due_holding`; null = tallied before this was told apart.
"""
