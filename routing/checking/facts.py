"""What follows from a stated route and the problem alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from routing.model import UNREACHABLE, Action, Depot, Problem, Shipment, VehicleType
from routing.solution import Constraint, Route, Visit


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which a solution breaks the rules of its problem."""

    constraint: Constraint
    detail: str
    """In English."""
    route: int | None = None
    trip: int | None = None
    """Position in the route."""
    visit: int | None = None
    """Position in the trip."""
    shipment: int | None = None
    amount: int = 0
    """How much too late, too heavy, too far ... in the constraint's own unit; 0 where there is nothing to measure."""


@dataclass(frozen=True, slots=True)
class Leg:
    """One drive."""

    trip: int
    visit: int | None
    """Where it ends: position in the trip; None = the base."""
    distance: int
    duration: int
    leaves: int
    arrives: int

    @property
    def is_reachable(self) -> bool:
        return UNREACHABLE not in (self.distance, self.duration)


@dataclass(frozen=True, slots=True)
class Handling:
    """One task of a route: what is done where."""

    trip: int
    visit: int
    shipment: int
    action: Action
    facts: Shipment

    @property
    def is_from_depot(self) -> bool:
        return self.action is Action.DELIVER and self.facts.pickup is None

    @property
    def is_to_depot(self) -> bool:
        return self.action is Action.COLLECT and self.facts.delivery is None


@dataclass(frozen=True)
class RouteFacts:
    """A route with everything that rules ask for again and again."""

    problem: Problem
    number: int
    route: Route

    @property
    def vehicle(self) -> VehicleType:
        return self.problem.vehicle_types[self.route.vehicle_type]

    @property
    def visits(self) -> Iterator[tuple[int, int, Visit]]:
        """Trip, position in the trip, visit."""
        for number, trip in enumerate(self.route.trips):
            for position, visit in enumerate(trip.visits):
                yield number, position, visit

    @cached_property
    def handlings(self) -> tuple[Handling, ...]:
        """Every task in the order in which it is done."""
        shipments = self.problem.shipments
        return tuple(
            Handling(trip, position, task.shipment, task.action, shipments[task.shipment])
            for trip, position, visit in self.visits
            for task in visit.tasks
        )

    @cached_property
    def legs(self) -> tuple[Leg, ...]:
        """Every drive in order, as the matrices and the stated times have it."""
        return tuple(leg for trip in range(len(self.route.trips)) for leg in self._legs_of(trip))

    def _legs_of(self, number: int) -> Iterator[Leg]:
        profile, trip = self.vehicle.profile, self.route.trips[number]
        distances, durations = self.problem.distances[profile], self.problem.durations[profile]
        here, leaves = self.problem.depots[self.vehicle.start_depot].location, trip.departs
        for position, visit in enumerate(trip.visits):
            there = self.problem.stops[visit.stop].location
            yield Leg(number, position, int(distances[here, there]), int(durations[here, there]), leaves, visit.arrives)
            here, leaves = there, visit.leaves
        base = self.depot_after(number).location
        yield Leg(number, None, int(distances[here, base]), int(durations[here, base]), leaves, trip.returns)

    def depot_after(self, trip: int) -> Depot:
        """Where a trip ends."""
        return self.problem.depots[self.depot_index_after(trip)]

    def depot_index_after(self, trip: int) -> int:
        is_last = trip == len(self.route.trips) - 1
        return self.vehicle.end_depot if is_last else self.vehicle.start_depot

    def service(self, trip: int, position: int) -> int:
        """Seconds that a visit's service takes: set-up, unless it comes from a stop at the same place, and items."""
        visits = self.route.trips[trip].visits
        stop = self.problem.stops[visits[position].stop]
        items = sum(self.problem.duration_of(task) for task in visits[position].tasks)
        if position > 0 and self.problem.stops[visits[position - 1].stop].location == stop.location:
            return items
        return stop.setup_duration + items

    def violation(
        self,
        constraint: Constraint,
        detail: str,
        trip: int | None = None,
        visit: int | None = None,
        *,
        shipment: int | None = None,
        amount: int = 0,
    ) -> Violation:
        return Violation(constraint, detail, self.number, trip, visit, shipment, amount)
