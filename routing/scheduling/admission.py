"""
What a vehicle may carry in a given order, whatever the clock says: who, where, how much, how far.

`loads_of` and `distance_of` are also what a timed route states.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from routing.model import UNREACHABLE, Action, FrozenRoute, Load, Problem, Shipment, Task
from routing.solution import Constraint

Trips = Sequence[Sequence[tuple[int, Sequence[Task]]]]
"""Visits (stop, tasks) in order, by trip."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """Why a sequence cannot be driven."""

    constraint: Constraint
    amount: int = 1
    """How much too late, too heavy, too far ... in the constraint's own unit; 1 where there is nothing to measure."""
    visit: int | None = None
    """Position in the route of the visit concerned; None = the route, or a return to the base."""


@dataclass(frozen=True, slots=True)
class TripLoads:
    """What is aboard during one trip."""

    departing: Load
    leaving: tuple[Load, ...]
    """After each visit."""
    most: tuple[Load, ...]
    """The most of each dimension aboard at some moment up to the end of each visit."""


def first_conflict(problem: Problem, vehicle_type: int, trips: Trips) -> Conflict | None:
    """Find a reason why the vehicle may not do this in this order, leaving the clock aside."""
    return next(conflicts_of(problem, vehicle_type, trips), None)


def conflicts_of(problem: Problem, vehicle_type: int, trips: Trips) -> Iterator[Conflict]:
    """Find every such reason."""
    for check in (_structure, _trips, _permissions, _frozen, _capacity, _roads):
        yield from check(problem, vehicle_type, trips)


def frozen_route(problem: Problem, vehicle_type: int) -> FrozenRoute | None:
    """The part of the vehicle type's route that may not change."""
    return next((frozen for frozen in problem.frozen if frozen.vehicle_type == vehicle_type), None)


def base_of_return(problem: Problem, vehicle_type: int, *, is_last: bool) -> int:
    """The depot where a trip ends."""
    vehicle = problem.vehicle_types[vehicle_type]
    return vehicle.end_depot if is_last else vehicle.start_depot


def places_of(problem: Problem, vehicle_type: int, trips: Trips) -> list[list[int]]:
    """Locations by trip, from the base to the base."""
    start = problem.depots[problem.vehicle_types[vehicle_type].start_depot].location
    places = []
    for number, trip in enumerate(trips, start=1):
        base = base_of_return(problem, vehicle_type, is_last=number == len(trips))
        places.append([start, *(problem.stops[stop].location for stop, _ in trip), problem.depots[base].location])
    return places


def distances_of(problem: Problem, vehicle_type: int, trips: Trips) -> list[int]:
    """Metres driven in each trip."""
    matrix = problem.distances[problem.vehicle_types[vehicle_type].profile]
    return [sum(int(matrix[arc]) for arc in pairwise(places)) for places in places_of(problem, vehicle_type, trips)]


def loads_of(problem: Problem, trips: Trips) -> list[TripLoads]:
    """What is aboard along a route. Paired shipments may stay aboard over a visit to the base."""
    width = problem.num_dimensions
    aboard = [0] * width
    loads = []
    for trip in trips:
        shipments = [(problem.shipments[task.shipment], task.action) for _, tasks in trip for task in tasks]
        _add(aboard, (s.load for s, action in shipments if action is Action.DELIVER and s.pickup is None))
        departing, leaving, most = tuple(aboard), [], []
        peak = list(aboard)
        for _, tasks in trip:
            for task in tasks:
                _hand_over(aboard, problem.shipments[task.shipment], task.action)
                peak = [max(pair) for pair in zip(peak, aboard, strict=True)]
            leaving.append(tuple(aboard))
            most.append(tuple(peak))
        loads.append(TripLoads(departing, tuple(leaving), tuple(most)))
        _add(aboard, (s.load for s, action in shipments if action is Action.COLLECT and s.delivery is None), sign=-1)
        _add(aboard, (s.collected for s, action in shipments if action is Action.DELIVER), sign=-1)
    return loads


def _hand_over(aboard: list[int], shipment: Shipment, action: Action) -> None:
    if action is Action.COLLECT:
        _add(aboard, [shipment.load])
    else:
        _add(aboard, [shipment.load], sign=-1)
        _add(aboard, [shipment.collected])


def _add(aboard: list[int], loads: Iterator[Load] | list[Load], sign: int = 1) -> None:
    for load in loads:
        for dimension, amount in enumerate(load):  # a short load is zero in the other dimensions
            aboard[dimension] += sign * amount


def _structure(problem: Problem, _: int, trips: Trips) -> Iterator[Conflict]:
    """Every task is done once, at its stop; the two ends of a shipment go together, in order."""
    done: set[Task] = set()
    for position, (stop, tasks) in enumerate(visit for trip in trips for visit in trip):
        for task in tasks:
            if task in done or problem.stop_of(task) != stop:
                yield Conflict(Constraint.STRUCTURE, visit=position)
            done.add(task)
            is_paired = len(problem.tasks_of(task.shipment)) == 2
            if is_paired and task.action is Action.DELIVER and Task(task.shipment, Action.COLLECT) not in done:
                yield Conflict(Constraint.PRECEDENCE, visit=position)
    for task in done:
        if any(other not in done for other in problem.tasks_of(task.shipment)):
            yield Conflict(Constraint.PRECEDENCE)


def _trips(problem: Problem, vehicle_type: int, trips: Trips) -> Iterator[Conflict]:
    most = problem.vehicle_types[vehicle_type].max_trips
    if len(trips) > most:
        yield Conflict(Constraint.TRIPS, len(trips) - most)


def _permissions(problem: Problem, vehicle_type: int, trips: Trips) -> Iterator[Conflict]:
    """Skills, locks and the depot at which the goods lie or are wanted."""
    vehicle = problem.vehicle_types[vehicle_type]
    position = 0
    for number, trip in enumerate(trips, start=1):
        end = base_of_return(problem, vehicle_type, is_last=number == len(trips))
        for _, tasks in trip:
            for shipment in (problem.shipments[task.shipment] for task in tasks):
                if missing := shipment.skills - vehicle.skills:
                    yield Conflict(Constraint.SKILLS, len(missing), position)
                if shipment.vehicle_types is not None and vehicle_type not in shipment.vehicle_types:
                    yield Conflict(Constraint.LOCKS, visit=position)
                if shipment.depot not in (None, end if shipment.delivery is None else vehicle.start_depot):
                    yield Conflict(Constraint.DEPOT, visit=position)
            position += 1


def _frozen(problem: Problem, vehicle_type: int, trips: Trips) -> Iterator[Conflict]:
    """The route begins with its frozen part."""
    frozen = frozen_route(problem, vehicle_type)
    if frozen is None:
        return
    fixed = [[(visit.stop, visit.tasks) for visit in trip] for trip in frozen.trips]
    driven = [[(stop, tuple(tasks)) for stop, tasks in trip] for trip in trips]
    if frozen.complete:
        keeps = driven == [trip for trip in fixed if trip]
    else:
        *closed, opened = fixed or [[]]
        last = driven[len(closed)] if len(driven) > len(closed) else []
        keeps = driven[: len(closed)] == closed and last[: len(opened)] == opened
    if not keeps:
        yield Conflict(Constraint.LOCKS)


def _capacity(problem: Problem, vehicle_type: int, trips: Trips) -> Iterator[Conflict]:
    capacity = problem.vehicle_types[vehicle_type].capacity
    position = 0
    for loads in loads_of(problem, trips) if capacity else ():
        for offset, load in enumerate((loads.departing, *loads.most)):
            excess = max(amount - most for amount, most in zip(load, capacity, strict=False))
            if excess > 0:
                yield Conflict(Constraint.CAPACITY, excess, position + max(0, offset - 1))
        position += len(loads.leaving)


def _roads(problem: Problem, vehicle_type: int, trips: Trips) -> Iterator[Conflict]:
    """There is a path everywhere, and all of them together are not too long."""
    vehicle = problem.vehicle_types[vehicle_type]
    distances, durations = problem.distances[vehicle.profile], problem.durations[vehicle.profile]
    position = 0
    for places in places_of(problem, vehicle_type, trips):
        for offset, arc in enumerate(pairwise(places)):
            if UNREACHABLE in (distances[arc], durations[arc]):
                is_return = offset == len(places) - 2
                yield Conflict(Constraint.REACHABILITY, visit=None if is_return else position + offset)
        position += len(places) - 2
    if (metres := sum(distances_of(problem, vehicle_type, trips))) > vehicle.max_distance:
        yield Conflict(Constraint.MAX_DISTANCE, metres - vehicle.max_distance)
