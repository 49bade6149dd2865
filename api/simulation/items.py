"""What is known of one shipment on its way through the simulation."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from api.shipments.model import Shipment


class Party(StrEnum):
    """Who a late shipment is put down to."""

    POST = "post"
    """A leg did not leave in time, though it could have."""
    AGENCY = "agency"
    """The result was ready after its appointment date."""
    CITIZEN = "citizen"
    """Somebody came to a citizen's door in time, and was not met."""
    PROMISE = "promise"
    """From the first moment on no way of the timetable kept the due date."""


@dataclass(frozen=True, slots=True)
class Blame:
    """The first thing that made a shipment late."""

    party: Party
    leg: str = ""
    """collect, line or deliver; empty when it is no leg's fault."""
    where: str = ""
    """The base of the round, or the run of the line."""
    why: str = ""
    """The last trouble there: an outcome of the replay, a constraint of the plan, `absent` ..."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """By when a leg must begin for a shipment to be in time."""

    leg: str
    where: str
    latest: datetime


@dataclass(slots=True)
class Item:
    """One shipment, and all that later days need to know of it."""

    shipment: Shipment
    """As it lies now; turned round once it goes back."""
    since: datetime
    """When it came to lie where it lies."""
    accepted_at: datetime | None = None
    """By the post; None = a citizen or an agency has it."""
    deadlines: tuple[Deadline, ...] = ()
    """Of the legs ahead, as last computed while it was in time; empty = it never was."""
    came_by: Deadline | None = None
    """The leg that brought it where it lies."""
    trouble: str = ""
    """What last kept it from going on."""
    blame: Blame | None = None
    tries: int = 0
    tried_on: date | None = None
    """First attempt to fetch it, then to hand it over, at a citizen's door where nobody was met."""
    invitations: tuple[date, ...] = ()
    next_try: date | None = None
    """Nobody tries again before."""
    held_until: date | None = None
    """It waits at the counter for its recipient; nobody tries any more."""
    is_returning: bool = False
    done_at: datetime | None = None
    legs: list[str] = field(default_factory=list)
    """What has carried it."""

    @property
    def is_accepted(self) -> bool:
        return self.accepted_at is not None

    def moved_by(self, leg: str) -> None:
        """A leg has carried it: `collect BASE`, `line LINE/RUN`, `deliver BASE`."""
        self.legs.append(leg)
        if self.deadlines:
            self.came_by, *ahead = self.deadlines
            self.deadlines = tuple(ahead)

    def lies_at(self, site_id: str | None, since: datetime) -> None:
        """It has come to a site; None = it is at its origin's address still."""
        self.shipment, self.since = replace(self.shipment, at_site=site_id), since

    def turn_round(self) -> None:
        """Send it back to where it came from."""
        self.shipment = self.shipment.turned_round()
        self.is_returning, self.next_try, self.held_until, self.deadlines = True, None, None, ()
