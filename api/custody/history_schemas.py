"""A shipment's history over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.custody.custodian import Holding
from api.custody.ordering import OrderedBy
from api.custody.personal import Disclosure
from api.custody.schemas import PieceOut
from api.custody.vocabulary import EventType


class HistoryEvent(BaseModel):
    """Something that happened to a shipment, and what became of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seq: int
    """Its place in the ledger: the order in which events came in."""
    place: int | None = Field(examples=[0])
    """Its place in the order in which they happened, from 0; null when another event makes it void."""
    ordered_by: OrderedBy | None
    """What puts it behind the one before: that it names another event, its device's counter, or clocks alone."""
    event_id: str
    type: EventType
    said_vi: str = Field(examples=["Bưu điện nhận"])
    """In words; of an ACCEPT of scans only, that the papers stay with the citizen."""
    said_en: str
    at: datetime
    """By the device's clock."""
    clock_offset_ms: int
    """Server's clock minus the device's."""
    recorded_at: datetime
    device_id: str
    holding: Holding | None
    """Who has the shipment afterwards; null when the event is void."""
    holder: str | None
    record: dict[str, Any] = Field(examples=[{"type": "ARRIVE", "at": "2026-11-20T08:30:00+07:00"}])
    """As it stands in the ledger: no personal data, only their salted hashes."""
    personal: dict[str, Any] | None
    """Names, places, notes: masked unless revealed; null once erased by retention."""
    erased: Disclosure | None
    """Says so when they are."""
    is_complete: bool
    """Nobody has to look at it (any more)."""
    pieces: tuple[PieceOut, ...]


class History(BaseModel):
    """What happened to a shipment, in the order of the ledger, to which later pages only add."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    events: tuple[HistoryEvent, ...]
    after: int | None
    """Ask for more with it; null = there are no more."""
