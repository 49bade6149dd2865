"""
The answer to a Problem: timed routes, and what was left behind with the reasons.

A solution says exactly when everything happens, so that the checker has nothing to guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from routing.model import Load, Task


class Constraint(StrEnum):
    """Names of everything that can be violated; each is (or will be) a file of `routing/constraints/`."""

    STRUCTURE = "structure"
    """Indices, completeness, every shipment served once or listed as unassigned."""
    FLEET = "fleet"
    """No more vehicles of a type than there are."""
    TRIPS = "trips"
    """At most `max_trips`, `reload_duration` between them."""
    TIMELINE = "timeline"
    """Arrivals follow departures by the travel time; service takes its set-up and item times."""
    REACHABILITY = "reachability"
    """A path exists between two consecutive places."""
    CAPACITY = "capacity"
    TIME_WINDOWS = "time_windows"
    DEPOT_HOURS = "depot_hours"
    SHIFT = "shift"
    BREAKS = "breaks"
    RELEASE = "release"
    LATEST_RETURN = "latest_return"
    RIDE_TIME = "ride_time"
    PRECEDENCE = "precedence"
    SKILLS = "skills"
    DEPOT = "depot"
    """The goods lie at another depot than the vehicle's."""
    LOCKS = "locks"
    """Allowed vehicle types and frozen parts."""
    MAX_DISTANCE = "max_distance"
    MAX_DURATION = "max_duration"
    COST = "cost"
    """No rule forbids it: carrying it costs more than leaving it behind. Only ever a reason, never a violation."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One halt at one stop: set-up once, then every task."""

    stop: int
    tasks: tuple[Task, ...]
    """In the order in which they are done."""
    arrives: int
    starts: int
    """Service begins (after waiting, or a break)."""
    ends: int
    """Service is over: starts + set-up + items."""
    leaves: int
    """Driving on; later than `ends` only for a break or to wait here."""
    load: Load = ()
    """Aboard on leaving."""
    slack: int = 0
    """
    How much later service could begin with everything after it still in time.

    Breaks keep their place in the sequence but may slide later within their windows.
    """

    @property
    def waits(self) -> int:
        """Seconds between arrival and service, a break inside it included."""
        return self.starts - self.arrives


@dataclass(frozen=True, slots=True)
class BreakTaken:
    """A driver's rest, between services and drives."""

    starts: int
    ends: int


@dataclass(frozen=True, slots=True)
class Trip:
    """The part of a route between two visits to the base."""

    visits: tuple[Visit, ...]
    departs: int
    returns: int
    breaks: tuple[BreakTaken, ...] = ()
    """Taken in this trip, or at the base before it (after the trip before)."""
    load: Load = ()
    """Aboard on departure."""
    distance: int = 0
    """Metres driven."""


@dataclass(frozen=True, slots=True)
class Route:
    """One vehicle's day."""

    vehicle_type: int
    trips: tuple[Trip, ...]

    @property
    def visits(self) -> tuple[Visit, ...]:
        return tuple(visit for trip in self.trips for visit in trip.visits)

    @property
    def tasks(self) -> tuple[Task, ...]:
        return tuple(task for visit in self.visits for task in visit.tasks)

    @property
    def distance(self) -> int:
        return sum(trip.distance for trip in self.trips)

    @property
    def working_time(self) -> int:
        """First departure to last return, breaks left out."""
        rest = sum(b.ends - b.starts for trip in self.trips for b in trip.breaks)
        return self.trips[-1].returns - self.trips[0].departs - rest if self.trips else 0


class Change(StrEnum):
    """What may be given way to so that a shipment could be carried; `amount` and what it is about in brackets."""

    WINDOW_EARLIER = "window_earlier"
    """A window of a stop begins earlier (seconds; stop, window)."""
    WINDOW_LATER = "window_later"
    """A window of a stop ends later (seconds; stop, window)."""
    RELEASE_EARLIER = "release_earlier"
    """All that is released together with a shipment is at the base earlier (seconds; shipment)."""
    RETURN_LATER = "return_later"
    """All that has the latest return of a shipment, its line's cut-off, may return later (seconds; shipment)."""
    RIDE_LONGER = "ride_longer"
    """A shipment may be aboard longer (seconds; shipment)."""
    SHIFT_EARLIER = "shift_earlier"
    """The shift begins earlier (seconds)."""
    OVERTIME = "overtime"
    """More overtime (seconds)."""
    BREAK_LATER = "break_later"
    """Breaks may begin later (seconds)."""
    DEPOT_EARLIER = "depot_earlier"
    """A base opens earlier (seconds; depot)."""
    DEPOT_LATER = "depot_later"
    """A base closes later (seconds; depot)."""
    DISTANCE_LONGER = "distance_longer"
    """The route may be longer (metres)."""
    DURATION_LONGER = "duration_longer"
    """The route may take longer (seconds)."""
    TRIP_MORE = "trip_more"
    """More trips (a number)."""
    CAPACITY_LARGER = "capacity_larger"
    """More room (the dimension's own unit; dimension)."""
    SKILL_MORE = "skill_more"
    """The vehicle gets what the shipment asks for (1; shipment)."""
    UNLOCK = "unlock"
    """The vehicle may carry the shipment, and its route is not complete (1; shipment)."""
    OTHER_DEPOT = "other_depot"
    """The shipment may leave from, or go to, another base (1; shipment)."""
    VEHICLE_MORE = "vehicle_more"
    """One more vehicle that is like the type (1)."""
    PENALTY_HIGHER = "penalty_higher"
    """Leaving the shipment behind costs more (cost unit; shipment)."""


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The least of one change that would have let a shipment be carried, everything else left as it is."""

    change: Change
    amount: int = 1
    """How much, in the unit of the change."""
    vehicle_type: int | None = None
    """Who would carry it, and whose rule gives way when it is a vehicle's; None = whoever can."""
    stop: int | None = None
    """Whose window it is."""
    window: int | None = None
    """Which of the stop's windows."""
    shipment: int | None = None
    """Whose rule gives way."""
    depot: int | None = None
    """Whose hours they are."""
    dimension: int | None = None
    """Of the load."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a shipment stayed behind: what binds, in which figures, and the cheapest thing that would help."""

    constraint: Constraint
    vehicle_type: int | None = None
    """The vehicle that came closest; None = it concerns all of them."""
    amount: int = 0
    """How much too late, too heavy, too far ... in the constraint's own unit."""
    relaxation: Relaxation | None = None
    """The cheapest single change found that lifts it and lets the shipment be carried; None = none was found."""


@dataclass(frozen=True, slots=True)
class Unassigned:
    """A shipment left behind."""

    shipment: int
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Solution:
    """Routes that are driven (never empty ones), and the shipments that are not carried."""

    routes: tuple[Route, ...] = ()
    unassigned: tuple[Unassigned, ...] = ()

    @property
    def distance(self) -> int:
        return sum(route.distance for route in self.routes)
