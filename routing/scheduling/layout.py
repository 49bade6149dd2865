"""A route as a chain of points in time: what comes how long after what, and when each may be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from routing.model import FOREVER, Action, Problem, Task
from routing.scheduling.admission import Trips, base_of_return, frozen_route, places_of
from routing.scheduling.timeline import Point, Ride
from routing.solution import Constraint


@dataclass(frozen=True, slots=True)
class Layout:
    """
    A route as a chain of points.

    Each trip has a departure, two points a visit (service begins, the vehicle leaves) and a return; between two trips
    lies the point at which reloading begins.
    """

    points: list[Point]
    departures: list[int]
    """The point at which each trip departs."""
    rides: list[Ride]

    def begin(self, trip: int) -> int:
        """The first point of a trip: reloading, or the departure of the first one."""
        return self.departures[trip] - (trip > 0)

    def start(self, trip: int, visit: int) -> int:
        """The point at which service begins."""
        return self.departures[trip] + 1 + 2 * visit

    def end(self, trip: int) -> int:
        """The point at which a trip returns."""
        return (self.begin(trip + 1) if trip + 1 < len(self.departures) else len(self.points)) - 1


def lay_out(problem: Problem, vehicle_type: int, trips: Trips, available_at: int) -> Layout:
    """Lay a route out in time, with the durations, windows and ride limits that it must keep."""
    resumption, available = _resumption(problem, vehicle_type, available_at)
    durations = problem.durations[problem.vehicle_types[vehicle_type].profile]
    points: list[Point] = []
    departures: list[int] = []
    position = 0
    for number, (trip, places) in enumerate(zip(trips, places_of(problem, vehicle_type, trips), strict=True)):
        if number:
            points.append(Point(after=0))
        departures.append(len(points))
        points.append(_departure(problem, vehicle_type, trips, number, available if resumption == (number, 0) else 0))
        for made, (stop, tasks) in enumerate(trip, start=1):
            windows = tuple((window.early, window.late) for window in problem.stops[stop].windows)
            drive = int(durations[places[made - 1], places[made]])
            points.append(Point(drive, windows, binds=Constraint.TIME_WINDOWS, visit=position))
            leave_early = available if resumption == (number, made) else 0
            service = _service(problem, stop, tasks, comes_from_stop_here=made > 1 and places[made - 1] == places[made])
            points.append(Point(service, ((leave_early, FOREVER),), visit=position))
            position += 1
        points.append(_return(problem, vehicle_type, trips, number, int(durations[places[-2], places[-1]])))
    return Layout(points, departures, list(_rides(problem, trips, points, departures)))


def _resumption(problem: Problem, vehicle_type: int, available_at: int) -> tuple[tuple[int, int] | None, int]:
    """After how many visits of which trip the route goes on freely, and from when; None = it is complete."""
    frozen = frozen_route(problem, vehicle_type)
    if frozen is None:
        return (0, 0), available_at
    if frozen.complete:
        return None, 0
    last = len(frozen.trips) - 1
    resumption = (last, len(frozen.trips[last])) if frozen.trips else (0, 0)
    return resumption, max(available_at, frozen.available_at)


def _service(problem: Problem, stop: int, tasks: Sequence[Task], *, comes_from_stop_here: bool) -> int:
    setup = 0 if comes_from_stop_here else problem.stops[stop].setup_duration
    return setup + sum(problem.duration_of(task) for task in tasks)


def _departure(problem: Problem, vehicle_type: int, trips: Trips, number: int, available: int) -> Point:
    vehicle = problem.vehicle_types[vehicle_type]
    loaded = (problem.shipments[t.shipment] for _, tasks in trips[number] for t in tasks if t.action is Action.DELIVER)
    ready = [shipment.release for shipment in loaded if shipment.pickup is None]
    opening = problem.depots[vehicle.start_depot].tw_early
    early = max(vehicle.tw_early if number == 0 else 0, opening, available, *ready, 0)
    return Point(vehicle.reload_duration if number else 0, ((early, max(early, FOREVER)),), may_rest=number > 0)


def _return(problem: Problem, vehicle_type: int, trips: Trips, number: int, drive: int) -> Point:
    """The end of a trip: the tightest of all the times at which it must be over."""
    vehicle = problem.vehicle_types[vehicle_type]
    is_last = number == len(trips) - 1
    collected = (
        problem.shipments[t.shipment] for _, tasks in trips[number] for t in tasks if t.action is Action.COLLECT
    )
    limits = [(shipment.latest_return, Constraint.LATEST_RETURN) for shipment in collected if shipment.delivery is None]
    depot = base_of_return(problem, vehicle_type, is_last=is_last)
    limits.append((problem.depots[depot].tw_late, Constraint.DEPOT_HOURS))
    if is_last:
        limits.append((min(vehicle.tw_late + vehicle.max_overtime, FOREVER), Constraint.SHIFT))
    late, binds = min(limits, key=lambda limit: limit[0])
    return Point(drive, ((min(0, late), late),), may_rest=False, binds=binds)


def _rides(problem: Problem, trips: Trips, points: Sequence[Point], departures: Sequence[int]) -> Iterator[Ride]:
    """Every shipment with a limit: from the end of its collection or its departure to its delivery or its return."""
    collected: dict[int, tuple[int, int]] = {}
    for departure, trip in zip(departures, trips, strict=True):
        end_of_trip = departure + 1 + 2 * len(trip)
        for start, tasks in zip(range(departure + 1, end_of_trip, 2), (tasks for _, tasks in trip), strict=True):
            for task in tasks:
                shipment = problem.shipments[task.shipment]
                if shipment.max_ride == FOREVER:
                    continue
                if task.action is Action.DELIVER:
                    begin, service = collected.get(task.shipment, (departure, 0))
                    yield Ride(begin, start, shipment.max_ride + service)
                elif shipment.delivery is None:
                    yield Ride(start, end_of_trip, shipment.max_ride + points[start + 1].after)
                else:
                    collected[task.shipment] = start, points[start + 1].after
