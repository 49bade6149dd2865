"""
Time a given sequence of visits: when the vehicle departs, arrives, waits, serves, rests and returns.

The door is `time_route`. It asks `admission` what does not depend on the clock, lays the route out as a chain of
points in time, lets `timing` choose among all the ways to drive it, and writes the answer down as a `Route`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from routing.model import Load, Problem, Task
from routing.scheduling.admission import Conflict, Trips, distances_of, first_conflict, loads_of
from routing.scheduling.layout import Layout, lay_out
from routing.scheduling.slack import slacks
from routing.scheduling.timing import Miss, Timing, best_timing
from routing.solution import BreakTaken, Route, Trip, Visit

__all__ = ["Conflict", "time_route"]


def time_route(
    problem: Problem,
    vehicle_type: int,
    trips: Sequence[Sequence[tuple[int, Sequence[Task]]]],
    *,
    available_at: int = 0,
) -> Route | Conflict:
    """
    Time a sequence of visits as cheaply as it can be, or say what forbids it.

    Among all departures, waits, windows and places of the breaks, the route has the least cost of working time and
    overtime; among equal ones the least overtime, then the least working time, then the earliest return. Trips after
    the first depart as soon as they can. This is exact, ride limits included. Time grows linearly with the visits,
    unless a ride limit excludes the answer that is best without it: then it grows with the places of the breaks.

    Parameters
    ----------
    problem
        What the positions below refer to.
    vehicle_type
        The type of the vehicle that drives.
    trips
        Visits (stop, tasks in the order in which they are done) by trip; no trip is empty.
    available_at
        Nothing that follows the frozen part of this vehicle type's route begins earlier; without a frozen part, the
        route departs no earlier.

    Raises
    ------
    ValueError
        When there is no trip, or one without a visit.
    """
    if not trips or not all(trips):
        raise ValueError("a route needs a trip, and every trip a visit")
    conflict = first_conflict(problem, vehicle_type, trips)
    if conflict is not None:
        return conflict
    layout = lay_out(problem, vehicle_type, trips, available_at)
    timing = best_timing(layout.points, layout.rides, problem.vehicle_types[vehicle_type])
    if isinstance(timing, Miss):
        return Conflict(timing.constraint, max(1, timing.amount), timing.visit)
    return written_down(problem, vehicle_type, trips, layout, timing)


def written_down(problem: Problem, vehicle_type: int, trips: Trips, layout: Layout, timing: Timing) -> Route:
    """Write the times of a layout's points as a route, with loads, metres and slack."""
    slack = slacks(layout, timing, problem.vehicle_types[vehicle_type])
    all_loads, metres = loads_of(problem, trips), distances_of(problem, vehicle_type, trips)
    timed = []
    for number, (trip, loads) in enumerate(zip(trips, all_loads, strict=True)):
        departure, end = layout.departures[number], layout.end(number)
        visits = tuple(
            _visit(layout, timing, layout.start(number, k), visit, loads.leaving[k], slack)
            for k, visit in enumerate(trip)
        )
        breaks = tuple(
            BreakTaken(starts, starts + place.rest.duration)
            for place, starts in zip(timing.placed, timing.rests, strict=True)
            if layout.begin(number) <= place.point <= end
        )
        timed.append(Trip(visits, timing.times[departure], timing.times[end], breaks, loads.departing, metres[number]))
    return Route(vehicle_type, tuple(timed))


def _visit(
    layout: Layout,
    timing: Timing,
    start: int,
    visit: tuple[int, Sequence[Task]],
    load: Load,
    slack: Mapping[int, int],
) -> Visit:
    stop, tasks = visit
    left, starts, leaves = timing.times[start - 1 : start + 2]
    arrives, ends = left + layout.points[start].after, starts + layout.points[start + 1].after
    return Visit(stop, tuple(tasks), arrives, starts, ends, leaves, load, slack[start])
