"""What a replay tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from routing.model import Task
from routing.solution import BreakTaken


class Outcome(StrEnum):
    """What became of a task."""

    DONE = "done"
    TURNED_AWAY = "turned_away"
    """The courier was at the door in time, but the hand-over failed: absent, refused, wrong address."""
    NOT_LOADED = "not_loaded"
    """It was not at the base when the trip left; or it was to be collected on the way before, and was not."""
    CLOSED = "closed"
    """No window was left: the courier came too late, knew it before setting out, or could not wait so long."""
    NO_TIME = "no_time"
    """The courier had turned back before."""


@dataclass(frozen=True, slots=True)
class ReplayedVisit:
    """What became of one planned visit."""

    stop: int
    outcomes: Mapping[Task, Outcome]
    """Of each of its tasks."""
    arrives: int | None = None
    """None = the courier did not come here."""
    starts: int | None = None
    """Service begins; None = there was none."""
    ends: int | None = None
    leaves: int | None = None


@dataclass(frozen=True, slots=True)
class ReplayedTrip:
    """What became of one planned trip."""

    visits: tuple[ReplayedVisit, ...]
    """One for each of the plan, in order."""
    departs: int | None = None
    """None = it was not driven."""
    returns: int | None = None
    breaks: tuple[BreakTaken, ...] = ()
    """Taken in this trip, or at the base before it."""
    distance: int = 0
    """Metres driven."""


@dataclass(frozen=True, slots=True)
class Replay:
    """How one route's day went. All times are seconds after local midnight, all durations seconds."""

    trips: tuple[ReplayedTrip, ...]
    """One for each of the plan, in order."""
    working_time: int
    """First departure to last return, breaks left out."""
    overtime: int
    """Seconds that the last return lies after the shift."""
    back: Mapping[int, int]
    """
    Shipment -> when it was at the base again, for what was collected, and for what went out and was not delivered.

    What is paired and stays aboard past the base is back with the trip that should have delivered it. What a delivery
    gives to the courier (fees, an answer) is no shipment of its own: it is back when its trip returns.
    """

    @property
    def distance(self) -> int:
        """Metres driven."""
        return sum(trip.distance for trip in self.trips)

    @property
    def outcomes(self) -> dict[Task, Outcome]:
        """What became of every task of the route."""
        visits = (visit for trip in self.trips for visit in trip.visits)
        return {task: outcome for visit in visits for task, outcome in visit.outcomes.items()}
