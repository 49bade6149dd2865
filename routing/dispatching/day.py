"""A day under way: what was promised, what has happened, where everything is and what is planned next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest

from routing.checker import check
from routing.dispatching.events import Event
from routing.errors import InvalidProblemError
from routing.model import Load, Problem, Task
from routing.solution import Route, Solution, Trip, Unassigned, Visit


class Phase(StrEnum):
    """Where a shipment is."""

    WAITING = "waiting"
    """At its base, at its door, or where it was handed over."""
    ABOARD = "aboard"
    """In a vehicle that will deliver it."""
    HOMEWARD = "homeward"
    """In a vehicle that brings it, or what was collected for it, to its base."""
    OVER = "over"
    """Nothing more happens to it today."""


@dataclass(frozen=True, slots=True)
class State:
    """Where a shipment is, since when, and what became of it."""

    phase: Phase = Phase.WAITING
    vehicle: int | None = None
    """Who has it, or had it last."""
    since: int = 0
    load: Load = ()
    """On the way home: what is aboard of it."""
    failed: bool = False
    """It could not be handed over."""
    was_aboard: bool = False
    """It has been in a vehicle before: it counts like what was promised."""


@dataclass(frozen=True, slots=True)
class Position:
    """Where a vehicle is free to do something else, and from when."""

    location: int
    time: int


@dataclass(frozen=True, slots=True)
class Courier:
    """What a vehicle has done and does."""

    driven: tuple[Trip, ...] = ()
    """Trips that are over, with their real times; loads and slacks are not stated."""
    departed: int | None = None
    """When the trip under way began; None = it is at its base."""
    made: tuple[Visit, ...] = ()
    """Visits of the trip under way, with their real times."""
    metres: int = 0
    """Driven so far in the trip under way, by the matrices of their time."""
    arrived: int | None = None
    """When it reached the door at which it stands; None = it stands at none."""
    turned: Position | None = None
    """Where it was sent elsewhere before a door that it could not serve."""
    held_until: int = 0
    rested: frozenset[int] = frozenset()
    """Breaks that are over."""
    is_out: bool = False
    """It drives no more today."""

    @property
    def is_under_way(self) -> bool:
        return self.departed is not None

    @property
    def first_departure(self) -> int:
        """Of the day; of a vehicle that has driven."""
        return self.driven[0].departs if self.driven else self.departed or 0


@dataclass(frozen=True, slots=True, eq=False)
class Day:
    """
    A day under way.

    Shipments, stops and vehicle types keep their numbers all day; what is new is appended.
    """

    problem: Problem
    """As published, with everything that has changed since."""
    now: int
    couriers: tuple[Courier, ...]
    """By vehicle type."""
    states: tuple[State, ...]
    """By shipment."""
    ahead: tuple[tuple[Trip, ...], ...]
    """By vehicle type: what it is to do, with planned times; first the rest of the trip under way, if it is on one."""
    promises: Mapping[Task, int]
    """When a visit was told to begin."""
    tolerance: int
    """Seconds by which a visit may begin earlier or later than was told."""
    told_left: frozenset[int]
    """Shipments that the plan leaves behind, and that were told so."""
    told: Solution
    """The whole day as it was told last."""
    news: tuple[Event, ...] = ()
    """What has happened since the plan was made."""
    disturbances: tuple[Event, ...] = ()
    """The news that are not just what the plan says, no later than it says."""

    @property
    def plan(self) -> Solution:
        """The whole day: what was driven, with real times, and what is planned."""
        routes = []
        for number, courier in enumerate(self.couriers):
            trips = list(self.ahead[number])
            if courier.departed is not None:
                trips[0] = replace(trips[0], visits=(*courier.made, *trips[0].visits), departs=courier.departed)
            every = tuple(trip for trip in (*courier.driven, *trips) if trip.visits)
            if every:
                routes.append(Route(number, every))
        return Solution(tuple(routes), tuple(Unassigned(s) for s in sorted(self.unplanned)))

    @property
    def unplanned(self) -> frozenset[int]:
        """Shipments with something left to do that is in nobody's plan."""
        planned = {t.shipment for trips in self.ahead for trip in trips for v in trip.visits for t in v.tasks}
        to_do = (Phase.WAITING, Phase.ABOARD)
        return frozenset(s for s, state in enumerate(self.states) if state.phase in to_do and s not in planned)

    def aboard(self, v: int) -> Load:
        """What a vehicle has aboard."""
        loads = (
            state.load if state.phase is Phase.HOMEWARD else self.problem.shipments[s].load
            for s, state in enumerate(self.states)
            if state.vehicle == v and state.phase in (Phase.HOMEWARD, Phase.ABOARD)
        )
        return tuple(map(sum, zip_longest(*loads, fillvalue=0)))


def shipments_of(visits: Sequence[Visit]) -> frozenset[int]:
    """Everything that some visits are for."""
    return frozenset(task.shipment for visit in visits for task in visit.tasks)


def begin(problem: Problem, plan: Solution, *, tolerance: int, now: int = 0) -> Day:
    """
    Begin a day as it was published.

    Parameters
    ----------
    problem
        Each vehicle type is one courier, and nothing is frozen yet. `preferences.change_cost` is what it costs that
        another courier than planned carries a shipment.
    plan
        Its times are promises.
    tolerance
        Seconds by which a visit may begin earlier or later than was told, before the promise is broken.

    Raises
    ------
    InvalidProblemError
        When a vehicle type is several couriers, something is frozen already, or the plan does not pass the checker.
    """
    crowd = next((k for k, v in enumerate(problem.vehicle_types) if v.num_available != 1), None)
    if crowd is not None:
        raise InvalidProblemError(f"on a running day each vehicle type is one courier: type {crowd} has several")
    if problem.frozen:
        raise InvalidProblemError("a day begins with nothing frozen: what is driven is told by events")
    if tolerance < 0:
        raise ValueError(f"a tolerance is never negative, got {tolerance}")
    if violations := check(problem, plan):
        first = violations[0]
        raise InvalidProblemError(f"the published plan breaks a rule: {first.constraint}: {first.detail}")
    routes = {route.vehicle_type: route.trips for route in plan.routes}
    visits = [visit for route in plan.routes for visit in route.visits]
    return Day(
        problem=problem,
        now=now,
        couriers=(Courier(),) * len(problem.vehicle_types),
        states=(State(),) * len(problem.shipments),
        ahead=tuple(routes.get(v, ()) for v in range(len(problem.vehicle_types))),
        promises={task: visit.starts for visit in visits for task in visit.tasks},
        tolerance=tolerance,
        told_left=frozenset(u.shipment for u in plan.unassigned),
        told=plan,
    )
