"""Hand-over between dispatchers over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

AN_ID = "01997b0e-7c5a-7000-8000-000000000002"


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LateRound(_Shape):
    """A courier who will come back late."""

    courier_id: str = Field(examples=["LX-01"])
    minutes: int
    """After the planned return, as the day goes now."""


class UnreadOf(_Shape):
    """Messages that no dispatcher has read."""

    courier_id: str = Field(examples=["LX-01"])
    messages: int


class OpenThings(_Shape):
    """What is open on a day."""

    proposals: int
    """That wait for a decision, and can still be accepted."""
    questioned: tuple[str, ...]
    """Couriers who questioned a change of their round, as of the version that is published."""
    late: tuple[LateRound, ...]
    """The worst first."""
    queue: int
    """Events that nobody has settled."""
    queue_since: datetime | None
    """When the oldest of them was recorded."""
    refused: int
    """Events in quarantine."""
    unread: tuple[UnreadOf, ...]


class Person(_Shape):
    """A dispatcher."""

    user_id: str
    name: str


class Handover(_Shape):
    """How a duty began, or waits to go to the next."""

    handover_id: str
    given_by: Person | None
    """None = whoever took it was given nothing: the first of the day, or in somebody's place."""
    given_at: datetime
    note: str | None
    """None = erased by retention."""
    open: OpenThings | None
    """At that moment; None = it was not given by anybody, or erased by retention."""
    taken_by: Person | None
    """None = it waits."""
    taken_at: datetime | None


class DutyDay(_Shape):
    """Who is on duty for a province's day, and who was."""

    day: date
    on_duty: Person | None
    since: datetime | None
    waiting: Handover | None
    history: tuple[Handover, ...]
    """Those that were taken, the latest first."""
    open: OpenThings
    """Now."""


Id = Annotated[UUID, Field(examples=[AN_ID])]


class NewHandover(_Shape):
    """What a dispatcher leaves to the next."""

    handover_id: Id
    """Made by the client: sent twice, it is given once."""
    day: date = Field(examples=["2026-11-25"])
    note: Annotated[str, Field(max_length=2_000, pattern=r"^[^\x00]*$", examples=["LX-07 xin về sớm, đã đồng ý."])] = ""


class NewDuty(NewHandover):
    """Taking a duty on that nobody gives; while somebody is on duty the note has to say why."""
