"""
A sketch of a route's times: how early and how late each visit can begin if nobody ever rests.

It leaves out breaks, ride times and limits of duration, so what it refuses is impossible and what it accepts may be.
It is a hundred times cheaper than the exact schedule, and answers most questions of the form "does one more fit here?"
at once.
"""

from __future__ import annotations

from dataclasses import dataclass

from routing.drafts import DraftRoute, DraftVisit
from routing.model import FOREVER, UNREACHABLE, Action, Problem, Task, TimeWindow


@dataclass(frozen=True, slots=True)
class TripSketch:
    """One trip; lists have one entry a visit."""

    locations: list[int]
    """From base to base: two more than visits."""
    leaves: list[int]
    """Earliest departure from the base, then from each visit."""
    latest: list[int]
    """Latest begin of each visit, then latest return."""
    services: list[int]
    unloaded: list[int]
    """By dimension: brought from the base."""
    collected: list[int]
    """By dimension: brought to the base."""

    @property
    def departs(self) -> int:
        return self.leaves[0]


class Sketcher:
    """Draws sketches; holds the matrices as lists, which are faster to look up one by one."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._width = problem.num_dimensions
        self.metres: list[list[list[int]]] = [matrix.tolist() for matrix in problem.distances]
        self.seconds: list[list[list[int]]] = [matrix.tolist() for matrix in problem.durations]
        self._known: dict[DraftRoute, list[TripSketch] | None] = {}

    def sketch(self, route: DraftRoute) -> list[TripSketch] | None:
        """Sketch every trip; None when the route is impossible even without rest."""
        if route not in self._known:
            self._known[route] = self._draw(route)
        return self._known[route]

    def service(self, visit: DraftVisit, location_before: int) -> int:
        stop, tasks = visit
        place = self._problem.stops[stop]
        setup = 0 if place.location == location_before else place.setup_duration
        return setup + sum(self._problem.duration_of(task) for task in tasks)

    def release(self, tasks: tuple[Task, ...]) -> int:
        """When the last of the goods for these tasks reaches the base."""
        shipments = (self._problem.shipments[t.shipment] for t in tasks)
        return max((s.release for s in shipments if s.pickup is None), default=0)

    def latest_return(self, tasks: tuple[Task, ...]) -> int:
        shipments = (self._problem.shipments[t.shipment] for t in tasks)
        return min((s.latest_return for s in shipments if s.delivery is None), default=FOREVER)

    def unloaded(self, tasks: tuple[Task, ...]) -> list[int]:
        shipments = (self._problem.shipments[t.shipment] for t in tasks)
        return self._sum([s.load for s in shipments if s.pickup is None])

    def collected(self, tasks: tuple[Task, ...]) -> list[int]:
        ends = [(self._problem.shipments[t.shipment], t.action) for t in tasks]
        loads = [s.load for s, action in ends if s.delivery is None and action is Action.COLLECT]
        return self._sum(loads + [s.collected for s, action in ends if action is Action.DELIVER])

    def _sum(self, loads: list[tuple[int, ...]]) -> list[int]:
        total = [0] * self._width
        for load in loads:
            for k, amount in enumerate(load):
                total[k] += amount
        return total

    def _draw(self, route: DraftRoute) -> list[TripSketch] | None:
        forward = self._forward(route)
        if forward is None or not self._backward(route, forward):
            return None
        return forward

    def _forward(self, route: DraftRoute) -> list[TripSketch] | None:
        vehicle = self._problem.vehicle_types[route.vehicle_type]
        seconds, depots = self.seconds[vehicle.profile], self._problem.depots
        base = depots[vehicle.start_depot]
        clock = max(vehicle.tw_early, base.tw_early)
        drawn = []
        for number, trip in enumerate(route.trips):
            is_last = number == len(route.trips) - 1
            tasks = tuple(task for _, tasks in trip for task in tasks)
            clock = max(clock + (vehicle.reload_duration if number else 0), self.release(tasks))
            end = depots[vehicle.end_depot if is_last else vehicle.start_depot].location
            locations = [base.location, *(self._problem.stops[stop].location for stop, _ in trip), end]
            leaves, services = [clock], []
            for k, visit in enumerate(trip):
                # A visit at the base's own place pays its set-up: the vehicle does not come from a stop.
                services.append(self.service(visit, locations[k] if k else -1))
                drive = seconds[locations[k]][locations[k + 1]]
                begins = first_open(self._problem.stops[visit[0]].windows, clock + drive)
                if drive >= UNREACHABLE or begins is None:
                    return None
                clock = begins + services[-1]
                leaves.append(clock)
            clock += seconds[locations[-2]][end]
            drawn.append(TripSketch(locations, leaves, [], services, self.unloaded(tasks), self.collected(tasks)))
        return drawn

    def _backward(self, route: DraftRoute, drawn: list[TripSketch]) -> bool:
        """Fill in `latest`; False when something cannot be in time."""
        vehicle = self._problem.vehicle_types[route.vehicle_type]
        seconds, depots = self.seconds[vehicle.profile], self._problem.depots
        limit = min(vehicle.tw_late + vehicle.max_overtime, depots[vehicle.end_depot].tw_late)
        for number in range(len(drawn) - 1, -1, -1):
            sketch, trip = drawn[number], route.trips[number]
            limit = min(limit, self.latest_return(tuple(task for _, tasks in trip for task in tasks)))
            latest = [limit]
            for k in range(len(trip) - 1, -1, -1):
                drive = seconds[sketch.locations[k + 1]][sketch.locations[k + 2]]
                moment = last_open(self._problem.stops[trip[k][0]].windows, latest[-1] - drive - sketch.services[k])
                if moment is None or sketch.leaves[k + 1] - sketch.services[k] > moment:
                    return False
                latest.append(moment)
            sketch.latest.extend(reversed(latest))
            leave = latest[-1] - seconds[sketch.locations[0]][sketch.locations[1]]
            if sketch.departs > leave:
                return False
            limit = min(leave - vehicle.reload_duration, depots[vehicle.start_depot].tw_late)
        return True


def first_open(windows: tuple[TimeWindow, ...], time: int) -> int | None:
    """The first moment not before a time at which service may begin."""
    for window in windows:
        if time <= window.late:
            return max(time, window.early)
    return None


def last_open(windows: tuple[TimeWindow, ...], time: int) -> int | None:
    """The last moment not after a time at which service may begin."""
    for window in reversed(windows):
        if time >= window.early:
            return min(time, window.late)
    return None
