"""The day as it runs, over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api.custody.event_fields import Code, Uuid7
from api.live.delay import DelayKind
from api.live.progress import StopState
from api.live.words import MessageKind
from api.plans.schemas import Words

MOST_FIXES = 500
"""In one batch: a fix every ten seconds for more than an hour."""
MOST_COURIERS = 200
"""That one message goes to."""
AN_ID = "01936f5e-7a00-7000-8000-000000000001"


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Consent(_Shape):
    """What a courier says about being seen."""

    given: bool = Field(examples=[True])
    terms: str = Field(min_length=1, max_length=20, pattern=r"^[A-Za-z0-9._-]+$", examples=["2026-1"])
    """Which words were shown, as `GET` names them."""


class ConsentAnswer(_Shape):
    """What a courier said last."""

    given: bool
    """False also for who was never asked."""
    at: datetime | None
    """None = they were never asked."""
    terms: str = Field(examples=["2026-1"])
    """The words of now; other ones than those of a consent have to be agreed to anew."""
    words: Words


class FixIn(_Shape):
    """Where a device was."""

    at: AwareDatetime = Field(examples=["2026-11-25T08:15:30+07:00"])
    """By the device's clock."""
    lon: float = Field(ge=-180, le=180, allow_inf_nan=False, examples=[105.4352])
    """Degrees WGS84."""
    lat: float = Field(ge=-90, le=90, allow_inf_nan=False, examples=[10.3865])
    accuracy: float = Field(ge=0, le=1e6, allow_inf_nan=False, examples=[12.5])
    """Metres."""
    speed: float | None = Field(default=None, ge=0, le=1e3, allow_inf_nan=False, examples=[7.5])
    """Metres a second."""
    heading: float | None = Field(default=None, ge=0, lt=360, allow_inf_nan=False, examples=[270.0])
    """Degrees from north, clockwise."""


class FixBatch(_Shape):
    """Fixes of one device and day, in any order; sent again they are kept once."""

    day: date = Field(examples=["2026-11-25"])
    """Of the published plan."""
    sent_at: AwareDatetime = Field(examples=["2026-11-25T08:15:40+07:00"])
    """By the device's clock, as it sends: what the server's clock says then shows how wrong it is."""
    fixes: tuple[FixIn, ...] = Field(min_length=1, max_length=MOST_FIXES)


class RefusedFix(_Shape):
    """A fix that is not kept, and why."""

    index: int
    """In the batch, from 0."""
    code: str = Field(examples=["outside_shift"])
    """`outside_shift`, `outside_area` or `in_future`."""
    message_vi: str
    message_en: str


class FixesAnswer(_Shape):
    """What became of a batch."""

    accepted: int
    duplicate: int
    refused: tuple[RefusedFix, ...]
    clock_is_wrong: bool
    """The device's clock is more than two minutes off; the fixes are marked so."""


class PositionOut(_Shape):
    """A courier's last fix."""

    at: datetime
    """By the server's clock."""
    age: int
    """Seconds."""
    lon: float
    lat: float
    accuracy: float
    """Metres."""
    speed: float | None
    heading: float | None
    clock_is_wrong: bool
    """The device's clock was wrong: `at` is an estimate."""


class DelayOut(_Shape):
    """Where most of the time was lost."""

    kind: DelayKind
    lost_minutes: int
    since: datetime
    """When that part of the day began."""
    trip: int | None
    """From 0; with `stop`, where the part ended or ought to. None = at the base."""
    stop: int | None
    took_minutes: int
    """So far, where it is not over."""
    planned_minutes: int


class StopOut(_Shape):
    """A stop of the plan, and what became of it."""

    trip: int
    """In the round, from 0."""
    stop: int
    """In the trip, from 0."""
    site_id: str | None
    """None = a citizen's address, which the plan knows."""
    shipments: tuple[str, ...]
    state: StopState
    planned: datetime
    """When the plan leaves it."""
    settled_at: datetime | None
    expected: datetime | None
    """When it will be left; null for one that is settled, or was passed by."""
    slack: int
    """Seconds by which the plan could begin it later with everything after it still in time."""
    closes: datetime | None
    """When service has to have begun, by the hours that were promised; null = any hour will do, or not known."""
    cut_off: datetime | None
    """When its trip has to be back at the base for a line; null = for none today, or not known."""


class CourierProgress(_Shape):
    """A courier's round."""

    courier_id: str = Field(examples=["LX-01"])
    base_id: str
    shift_begins: datetime
    shift_ends: datetime
    done: int
    failed: int
    """Stops at which something failed."""
    left: int
    late_minutes: int
    """At the next stop, or at the last one when none is left; below zero = early."""
    late_at_end_minutes: int
    expected_return: datetime
    planned_return: datetime
    consent: bool | None
    """Whether they agreed to be seen; null = never asked."""
    position: PositionOut | None
    """Only with consent, and within the shift."""
    unseen_seconds: int | None
    """Since the last fix or event of today; null = nothing came yet."""
    delay: DelayOut | None
    """Null = not late."""
    trip_returns: tuple[datetime | None, ...]
    """When each trip will be back; null = it is over."""
    stops: tuple[StopOut, ...]


class DayProgress(_Shape):
    """The rounds of one's offices."""

    day: date
    plan_id: str
    version: int
    now: datetime
    couriers: tuple[CourierProgress, ...]


class MessageIn(_Shape):
    """Something to say."""

    message_id: Uuid7 = Field(examples=[AN_ID])
    """Made by the client: sent twice, it is said once."""
    kind: MessageKind = Field(examples=["call_me"])
    text: str = Field(default="", max_length=1_000, pattern=r"^[^\x00]*$", examples=["Cổng sau, gần chợ."])
    """Needed for `text`; may go with every kind."""
    courier_ids: Annotated[tuple[Code, ...], Field(max_length=MOST_COURIERS, examples=[["BT-01"]])] = ()
    """To whom; none = a courier speaks to the dispatchers."""


class MessageOut(_Shape):
    """Something that was said to a courier, or by one."""

    number: int
    message_id: str
    courier_id: str
    by_courier: bool
    sent_by: str
    sent_at: datetime
    kind: MessageKind
    words: Words
    """Those of the kind."""
    text: str
    read_at: datetime | None
    read_by: str | None


class MessageSent(_Shape):
    """What became of something that was said."""

    messages: tuple[MessageOut, ...]
    """One a courier whom it reaches, the newest first."""
    without_account: tuple[str, ...]
    """Couriers who drive today and have no account: it does not reach them."""


class MessageList(_Shape):
    """Messages, the newest first."""

    messages: tuple[MessageOut, ...]
    next_after: int | None
    """`after` of the next page; null = this was the last."""


class LiveItem(_Shape):
    """`data` of a server-sent event."""

    kind: str = Field(examples=["position"])
    """Also the name of the event. `open`: nothing happened, from here on it goes; `reset`: load everything anew."""
    at: datetime
    courier_id: str | None
    base_id: str | None
    body: dict[str, Any]
