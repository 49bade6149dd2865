"""Tracking over HTTP: nothing personal without the PIN, no address and no telephone with it either."""

from __future__ import annotations

from datetime import date, datetime
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from api.custody.vocabulary import EventType, Reason
from api.network.schemas import PRINTED
from api.shipments.model import ShipmentKind
from api.shipments.wishes import LONGEST_NOTE
from api.tracking.telling import State


class Strict(BaseModel):
    """A body with nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PinShown(Strict):
    """The PIN on the acceptance slip."""

    pin: str = Field(pattern=r"^[0-9]{6}$", examples=["402815"])


class WishLeft(PinShown):
    """What a citizen asks for; all of it empty = what was asked before is taken back."""

    note: str = Field(default="", max_length=LONGEST_NOTE, pattern=PRINTED, examples=["Gọi trước khi đến"])
    """For the courier."""
    day: date | None = Field(default=None, examples=["2026-11-27"])
    """On which somebody is there; until then nobody comes to the door."""
    window: str | None = Field(default=None, max_length=20, examples=["14:00-16:00"])
    """On that day: an hour at least, within the working hours."""

    @model_validator(mode="after")
    def _has_day_and_hours(self) -> Self:
        if (self.day is None) != (self.window is None):
            raise ValueError("a day and a window come together")
        return self


class Wished(Strict):
    """What a citizen asked for."""

    note: str
    day: date | None
    window: str | None
    at: datetime


class Visited(Strict):
    """A visit at the citizen's door in a published round."""

    arrives: datetime
    """As planned: traffic and the stops before may change it."""
    under_way: bool
    """The courier has left the base by that plan."""


class OpenDay(Strict):
    """A day on which couriers go to the citizen's commune."""

    day: date
    hours: str = Field(examples=["07:00-17:30"])
    """Of today, what is left of them."""


class OpenDays(Strict):
    """The days ahead for which a wish may be left, if their rounds are not fixed yet."""

    days: tuple[OpenDay, ...]


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
    visit: Visited | None
    """None = no published round comes to the door."""
    wish: Wished | None
    """None = none was left, or it was taken back or erased."""


class IssuedPin(Strict):
    """A new PIN: shown once, to be printed on the slip. The one before is worth nothing from now on."""

    code: str
    pin: str = Field(examples=["402815"])
    issue: int
    """1 = the first."""
