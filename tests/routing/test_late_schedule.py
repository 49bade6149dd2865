"""A sequence is timed even when it is late: by hand, against the exact schedule, and against the checker."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.checker import check_route
from routing.late_schedule import time_anyway
from routing.model import FOREVER, UNREACHABLE, Break, Problem, TimeWindow
from routing.schedule import Conflict, time_route
from routing.solution import Constraint, Route
from tests.routing.samples import Sequence, collect, deliver, four_stops, random_problem, random_sequence

TIMED_OR_TOLD = {
    Constraint.TIME_WINDOWS,
    Constraint.DEPOT_HOURS,
    Constraint.SHIFT,
    Constraint.BREAKS,
    Constraint.LATEST_RETURN,
    Constraint.RIDE_TIME,
    Constraint.MAX_DURATION,
    Constraint.MAX_DISTANCE,
    Constraint.CAPACITY,
    Constraint.SKILLS,
    Constraint.DEPOT,
    Constraint.LOCKS,
    Constraint.TRIPS,
}
"""What a dispatcher may be told; never a time that does not add up."""

SEVEN = 7 * 3600
OUT_AND_BACK: Sequence = [[(0, [deliver(0)]), (1, [deliver(1)])]]


def route_of(problem: Problem, trips: Sequence) -> Route:
    route = time_anyway(problem, 0, trips)
    assert isinstance(route, Route), route
    return route


def closing(late: int, *, early: int = 0) -> Problem:
    """The four stops; stop 1 closes early."""
    problem = four_stops()
    stops = list(problem.stops)
    stops[1] = replace(stops[1], windows=(TimeWindow(early, late),))
    return replace(problem, stops=tuple(stops))


def test_a_stop_that_closes_too_early_is_reached_as_soon_as_can_be() -> None:
    # 07:00 + 600 s drive + 60 set-up + 30 item + 600 drive = 07:21:30; stop 1 closes at 07:10.
    route = route_of(closing(SEVEN + 600), OUT_AND_BACK)
    assert [visit.starts - SEVEN for visit in route.visits] == [600, 1290]
    (violation,) = check_route(closing(SEVEN + 600), route)
    assert (violation.constraint, violation.visit, violation.amount) == (Constraint.TIME_WINDOWS, 1, 690)


def test_the_stop_before_a_late_one_is_not_made_late_to_save_waiting() -> None:
    # Stop 0 closes 07:15 and stop 1 opens at 12:00: only the way back to the first stop is late.
    problem = closing(SEVEN + 30_000, early=SEVEN + 18_000)
    stops = (replace(problem.stops[0], windows=(TimeWindow(SEVEN, SEVEN + 900),)), *problem.stops[1:])
    problem = replace(problem, stops=stops)
    back_too_late = replace(problem, depots=(replace(problem.depots[0], tw_late=SEVEN + 18_000),))
    route = route_of(back_too_late, OUT_AND_BACK)
    assert [visit.starts - SEVEN for visit in route.visits] == [900, 18_000]
    (violation,) = check_route(back_too_late, route)
    # 12:00 + 90 s of service + 1,200 s back to a base that closed at 12:00
    assert (violation.constraint, violation.amount) == (Constraint.DEPOT_HOURS, 1290)


def test_a_break_without_room_is_left_out_and_told() -> None:
    # The break must begin by 07:05, and the first place to take it is reached at 07:10.
    problem = four_stops()
    vehicle = replace(problem.vehicle_types[0], breaks=(Break(600, SEVEN + 60, SEVEN + 300),))
    problem = replace(problem, vehicle_types=(vehicle,))
    assert isinstance(time_route(problem, 0, OUT_AND_BACK), Route)  # departing after it would have been over
    pinned = closing(SEVEN + 600)
    pinned = replace(pinned, vehicle_types=(vehicle,))
    route = route_of(pinned, OUT_AND_BACK)
    assert {v.constraint for v in check_route(pinned, route)} == {Constraint.TIME_WINDOWS, Constraint.BREAKS}


def test_a_place_without_a_road_is_refused() -> None:
    problem = four_stops()
    durations = problem.durations[0].copy()
    durations[1, 2] = UNREACHABLE
    found = time_anyway(replace(problem, durations=(durations,)), 0, OUT_AND_BACK)
    assert found == Conflict(Constraint.REACHABILITY, 1, 1)


def test_no_road_is_told_even_behind_a_full_vehicle() -> None:
    problem = four_stops()
    durations = np.full_like(problem.durations[0], UNREACHABLE)
    tiny = replace(problem.vehicle_types[0], capacity=(1,))
    found = time_anyway(replace(problem, durations=(durations,), vehicle_types=(tiny,)), 0, OUT_AND_BACK)
    assert isinstance(found, Conflict)
    assert found.constraint is Constraint.REACHABILITY


def test_half_a_shipment_is_refused() -> None:
    found = time_anyway(four_stops(), 0, [[(1, [collect(3)])]])
    assert isinstance(found, Conflict)
    assert found.constraint is Constraint.PRECEDENCE


def test_an_empty_trip_is_no_route() -> None:
    with pytest.raises(ValueError, match="visit"):
        time_anyway(four_stops(), 0, [[]])


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_whatever_is_broken_is_timed_and_told(seed: int, draw: int) -> None:
    problem = random_problem(seed)
    sequence = random_sequence(problem, draw)
    exact, route = time_route(problem, 0, sequence), time_anyway(problem, 0, sequence)
    if isinstance(route, Conflict):
        assert route.constraint in {Constraint.STRUCTURE, Constraint.PRECEDENCE, Constraint.REACHABILITY}
        return
    violations = check_route(problem, route)
    assert {violation.constraint for violation in violations} <= TIMED_OR_TOLD
    assert [[(v.stop, list(v.tasks)) for v in trip.visits] for trip in route.trips] == sequence
    if isinstance(exact, Route):
        assert (route, violations) == (exact, ())
    else:
        assert violations


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_without_breaks_no_stop_is_later_than_it_must_be(seed: int, draw: int) -> None:
    problem = random_problem(seed)
    vehicle = replace(problem.vehicle_types[0], breaks=())
    problem = replace(problem, vehicle_types=(vehicle, *problem.vehicle_types[1:]))
    sequence = random_sequence(problem, draw)
    if isinstance(time_route(problem, 0, sequence), Route):
        return
    route = time_anyway(problem, 0, sequence)
    if isinstance(route, Conflict):
        return
    late = [max(0, visit.starts - problem.stops[visit.stop].windows[-1].late) for visit in route.visits]
    assert late == _least_lateness(problem, sequence)


def _least_lateness(problem: Problem, sequence: Sequence) -> list[int]:
    """Depart, drive and serve as soon as possible, in plain words."""
    vehicle = problem.vehicle_types[0]
    base = problem.depots[vehicle.start_depot]
    clock, lateness = vehicle.tw_early, []
    for number, trip in enumerate(sequence):
        clock += vehicle.reload_duration if number else 0
        carried = [problem.shipments[task.shipment] for _, tasks in trip for task in tasks if task.action == "deliver"]
        clock = max([clock, base.tw_early, *(s.release for s in carried if s.pickup is None)])
        here = base.location
        for position, (stop_number, tasks) in enumerate(trip):
            stop = problem.stops[stop_number]
            clock += int(problem.durations[vehicle.profile][here, stop.location])
            opening = [w for w in stop.windows if w.late >= clock] or [TimeWindow(0, FOREVER)]
            clock = max(clock, opening[0].early)
            lateness.append(max(0, clock - stop.windows[-1].late))
            same_door = position > 0 and here == stop.location
            clock += (0 if same_door else stop.setup_duration) + sum(map(problem.duration_of, tasks))
            here = stop.location
        clock += int(problem.durations[vehicle.profile][here, base.location])
    return lateness
