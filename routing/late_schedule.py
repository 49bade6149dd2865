"""
Time a sequence that need not be feasible: as a dispatcher who moves a stop by hand must see it, late where it is late.

When `time_route` finds a schedule, it is that one. Otherwise each limit that the clock cannot keep gives way by as
little as possible: the route that departs as soon as it may and takes its breaks so as to return soonest reaches every
point at some moment, and a limit that lies before this moment is put off until it. Among the schedules that keep these
limits, the cheapest is taken. What is broken is for `checker.check_route` to say.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from routing.model import FOREVER, Problem, Task, VehicleType
from routing.schedule import Conflict, time_route, written_down
from routing.scheduling.admission import Trips, conflicts_of
from routing.scheduling.layout import Layout, lay_out
from routing.scheduling.timeline import Point, Ride
from routing.scheduling.timing import Miss, Timing, best_timing
from routing.solution import Constraint, Route

_IMPOSSIBLE = frozenset({Constraint.STRUCTURE, Constraint.PRECEDENCE, Constraint.REACHABILITY})
"""What no lateness can buy: without a road, or with half a shipment, there is nothing to time."""


def time_anyway(
    problem: Problem,
    vehicle_type: int,
    trips: Sequence[Sequence[tuple[int, Sequence[Task]]]],
    *,
    available_at: int = 0,
) -> Route | Conflict:
    """
    Time a sequence of visits, whichever limits it breaks.

    Parameters
    ----------
    problem, vehicle_type, trips, available_at
        As `routing.schedule.time_route` takes them.

    Returns
    -------
    route
        The route of `time_route` when there is one. A `Conflict` only when a visit cannot be reached, a task is done
        elsewhere or twice, or the ends of a shipment are not in order.

    Raises
    ------
    ValueError
        When there is no trip, or one without a visit.
    """
    found = time_route(problem, vehicle_type, trips, available_at=available_at)
    if isinstance(found, Route) or found.constraint in _IMPOSSIBLE:
        return found
    if (conflict := _impossible(problem, vehicle_type, trips)) is not None:
        return conflict
    layout, vehicle = lay_out(problem, vehicle_type, trips, available_at), problem.vehicle_types[vehicle_type]
    for points, rides, driver in _ways_to_give_way(layout, vehicle):
        timing = best_timing(points, rides, driver)
        if isinstance(timing, Timing):
            loose = replace(layout, points=list(points), rides=list(rides))
            return written_down(problem, vehicle_type, trips, loose, timing)
    raise AssertionError("a route without limits has a schedule")


def _impossible(problem: Problem, vehicle_type: int, trips: Trips) -> Conflict | None:
    """A reason among those that lateness cannot buy, which a lesser one may have hidden."""
    conflicts = conflicts_of(problem, vehicle_type, trips)
    return next((conflict for conflict in conflicts if conflict.constraint in _IMPOSSIBLE), None)


def _ways_to_give_way(
    layout: Layout, vehicle: VehicleType
) -> Iterator[tuple[Sequence[Point], Sequence[Ride], VehicleType]]:
    """Limits that can be kept, the strictest first: then without ride limits, at last without breaks."""
    unlimited = replace(vehicle, max_duration=FOREVER)
    for driver in (unlimited, replace(unlimited, breaks=())):
        # Paid by the return alone, the cheapest schedule is the one that returns soonest.
        hurried = replace(driver, tw_early=0, tw_late=0, unit_duration_cost=0, unit_overtime_cost=1)
        soonest = best_timing(_at_once(layout.points), (), hurried)
        if isinstance(soonest, Miss):
            continue
        points = _put_off(layout.points, soonest.times)
        for rides in (layout.rides, ()):
            yield points, rides, driver


def _at_once(points: Sequence[Point]) -> list[Point]:
    """Depart as soon as possible, with no upper limit on anything."""
    departs = points[0].windows[0][0]
    loose = _put_off(points, [FOREVER] * len(points))
    return [replace(points[0], windows=((departs, departs),)), *loose[1:]]


def _put_off(points: Sequence[Point], times: Sequence[int]) -> list[Point]:
    """Let every point be as late as a time, beyond its last window where need be."""
    return [
        replace(point, windows=(*point.windows[:-1], (early, max(late, time))))
        for point, time in zip(points, times, strict=True)
        for early, late in point.windows[-1:]
    ]
