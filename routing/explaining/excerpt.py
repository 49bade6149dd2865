"""
The part of a problem that one route touches, as a problem of its own.

A day has thousands of shipments, a route has dozens: what is changed and timed again and again must be small. Times,
loads and permissions of the route are the same in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from routing.drafts import DraftTrips
from routing.model import FrozenRoute, FrozenVisit, IntMatrix, Problem, Shipment, Task
from routing.solution import Relaxation


@dataclass(frozen=True, slots=True, eq=False)
class Excerpt:
    """One vehicle type, its bases, and some shipments with their stops; the vehicle type is number 0 in it."""

    problem: Problem
    vehicle_type: int
    """In the whole problem."""
    locations: tuple[int, ...]
    """Rows of the whole problem's matrices."""
    stops: tuple[int, ...]
    """In the whole problem."""
    shipments: tuple[int, ...]
    """In the whole problem."""

    def trips(self, trips: DraftTrips) -> DraftTrips:
        """Visits of the whole problem, in the excerpt's numbers."""
        stop_of = {stop: k for k, stop in enumerate(self.stops)}
        shipment_of = {shipment: k for k, shipment in enumerate(self.shipments)}
        return tuple(
            tuple(
                (stop_of[stop], tuple(Task(shipment_of[t.shipment], t.action) for t in tasks)) for stop, tasks in trip
            )
            for trip in trips
        )

    def of_the_whole(self, relaxation: Relaxation) -> Relaxation:
        """A relaxation of the excerpt, in the whole problem's numbers."""
        return replace(
            relaxation,
            vehicle_type=self.vehicle_type,
            stop=None if relaxation.stop is None else self.stops[relaxation.stop],
            shipment=None if relaxation.shipment is None else self.shipments[relaxation.shipment],
        )

    def of_the_part(self, relaxation: Relaxation) -> Relaxation | None:
        """A relaxation of the whole problem, in the excerpt's numbers; None = it concerns nothing in it."""
        stop, shipment = relaxation.stop, relaxation.shipment
        if stop not in (None, *self.stops) or shipment not in (None, *self.shipments):
            return None
        return replace(
            relaxation,
            vehicle_type=0,
            stop=None if stop is None else self.stops.index(stop),
            shipment=None if shipment is None else self.shipments.index(shipment),
        )


def bare_excerpt(whole: Problem, vehicle_type: int) -> Excerpt:
    """A vehicle type and the bases, without anything to carry and without what is frozen."""
    profile = whole.vehicle_types[vehicle_type].profile
    vehicle = replace(whole.vehicle_types[vehicle_type], num_available=1, profile=0)
    locations = tuple(dict.fromkeys(depot.location for depot in whole.depots))
    problem = Problem(
        stops=(),
        shipments=(),
        vehicle_types=(vehicle,),
        depots=tuple(replace(depot, location=locations.index(depot.location)) for depot in whole.depots),
        distances=(_cut(whole.distances[profile], locations),),
        durations=(_cut(whole.durations[profile], locations),),
        preferences=replace(whole.preferences, unit_balance_cost=0),
    )
    return Excerpt(problem, vehicle_type, locations, (), ())


def route_excerpt(whole: Problem, vehicle_type: int, shipments: Sequence[int]) -> Excerpt:
    """A route's excerpt: what it carries, what of it is frozen."""
    begun = [frozen for frozen in whole.frozen if frozen.vehicle_type == vehicle_type]
    passed = [visit.stop for frozen in begun for trip in frozen.trips for visit in trip]
    excerpt = with_shipments(whole, bare_excerpt(whole, vehicle_type), shipments, passed)
    frozen = tuple(_frozen(excerpt, route) for route in begun)
    return replace(excerpt, problem=replace(excerpt.problem, frozen=frozen))


def with_shipments(whole: Problem, excerpt: Excerpt, shipments: Sequence[int], passed: Sequence[int] = ()) -> Excerpt:
    """An excerpt with more shipments behind those that it has, and stops that a frozen visit only passes by."""
    visited = (whole.stop_of(task) for shipment in shipments for task in whole.tasks_of(shipment))
    stops = tuple(dict.fromkeys((*excerpt.stops, *visited, *passed)))
    more = stops[len(excerpt.stops) :]
    locations = tuple(dict.fromkeys((*excerpt.locations, *(whole.stops[stop].location for stop in more))))
    row = {location: k for k, location in enumerate(locations)}
    number = {stop: k for k, stop in enumerate(stops)}
    problem, kind = excerpt.problem, excerpt.vehicle_type
    profile = whole.vehicle_types[kind].profile
    added = tuple(replace(whole.stops[stop], location=row[whole.stops[stop].location]) for stop in more)
    carried = tuple(_renumbered(whole.shipments[shipment], kind, number) for shipment in shipments)
    is_wider = len(locations) > len(excerpt.locations)
    larger = replace(
        problem,
        stops=(*problem.stops, *added),
        shipments=(*problem.shipments, *carried),
        distances=(_cut(whole.distances[profile], locations),) if is_wider else problem.distances,
        durations=(_cut(whole.durations[profile], locations),) if is_wider else problem.durations,
    )
    return Excerpt(larger, kind, locations, stops, (*excerpt.shipments, *shipments))


def _renumbered(shipment: Shipment, vehicle_type: int, number: dict[int, int]) -> Shipment:
    locks = shipment.vehicle_types
    return replace(
        shipment,
        pickup=None if shipment.pickup is None else number[shipment.pickup],
        delivery=None if shipment.delivery is None else number[shipment.delivery],
        vehicle_types=None if locks is None or vehicle_type in locks else frozenset(),
        published=None,
    )


def _frozen(excerpt: Excerpt, route: FrozenRoute) -> FrozenRoute:
    trips = excerpt.trips(tuple(tuple((visit.stop, visit.tasks) for visit in trip) for trip in route.trips))
    visits = tuple(tuple(FrozenVisit(stop, tasks) for stop, tasks in trip) for trip in trips)
    return replace(route, vehicle_type=0, trips=visits)


def _cut(matrix: IntMatrix, locations: Sequence[int]) -> IntMatrix:
    rows = np.array(locations, dtype=np.intp)
    return matrix[np.ix_(rows, rows)]
