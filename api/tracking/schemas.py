"""Tracking over HTTP: nothing personal without the PIN, no address and no telephone with it either."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from api.custody.vocabulary import EventType, Reason
from api.shipments.model import ShipmentKind
from api.tracking.telling import State


class Strict(BaseModel):
    """A body with nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PinShown(Strict):
    """The PIN on the acceptance slip."""

    pin: str = Field(pattern=r"^[0-9]{6}$", examples=["402815"])


class Seen(Strict):
    """One step on the way."""

    type: EventType
    at: datetime
    vi: str = Field(examples=["Đến bưu cục"])
    en: str
    site: str | None = Field(examples=["Bưu cục Long Xuyên"])
    """Name of the post's site that the event names."""
    reason: Reason | None = None
    """Of an attempt; only with the PIN."""


class Track(Strict):
    """Where a shipment is."""

    code: str = Field(examples=["RR123456785VN"])
    kind: ShipmentKind
    state: State
    state_vi: str = Field(examples=["Đang ở Bưu cục Long Xuyên"])
    state_en: str
    since: datetime | None
    """None = the post has not taken it yet."""
    next_vi: str
    """Empty = nothing comes next."""
    next_en: str
    expected_on: date | None
    """The post's due day, while it stands; None when it is over, waits for its recipient, or goes back."""
    is_overdue: bool
    timeline: tuple[Seen, ...]
    """The facts that stand, in order."""


class OwnTrack(Track):
    """The same for who has the PIN."""

    name: str | None = Field(examples=["Nguyễn V*** A"])
    """None = erased by retention."""
    appointment_on: date | None
    """The agency's date for the result."""
    has_receipt: bool
    """There are events to prove."""


class IssuedPin(Strict):
    """A new PIN: shown once, to be printed on the slip. The one before is worth nothing from now on."""

    code: str
    pin: str = Field(examples=["402815"])
    issue: int
    """1 = the first."""
