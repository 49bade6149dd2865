from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.checker import check
from routing.model import (
    FOREVER,
    UNREACHABLE,
    Break,
    Depot,
    FrozenRoute,
    FrozenVisit,
    Problem,
    Shipment,
    Stop,
    TimeWindow,
    VehicleType,
)
from routing.objective import overtime
from routing.schedule import Conflict, time_route
from routing.scheduling.frontier import Frontier, Piece, admitted, merged
from routing.solution import BreakTaken, Constraint, Route, Solution, Unassigned
from tests.effort import draws
from tests.routing.samples import (
    FOUR_STOPS_ROUTE,
    Sequence,
    collect,
    deliver,
    four_stops,
    line_matrix,
    random_problem,
    random_sequence,
    without_limits,
)
from tests.routing.timing_oracle import RouteModel

CLOCK = {
    Constraint.TIME_WINDOWS,
    Constraint.DEPOT_HOURS,
    Constraint.SHIFT,
    Constraint.BREAKS,
    Constraint.LATEST_RETURN,
    Constraint.RIDE_TIME,
    Constraint.MAX_DURATION,
}


def timed(problem: Problem, sequence: Sequence, **options: Any) -> Route:
    """A route that the checker has proved."""
    route = time_route(problem, 0, sequence, **options)
    assert isinstance(route, Route), route
    carried = {task.shipment for task in route.tasks}
    left = tuple(Unassigned(s) for s in range(len(problem.shipments)) if s not in carried)
    assert check(problem, Solution((route,), left)) == ()
    return route


def conflict(problem: Problem, sequence: Sequence, **options: Any) -> Conflict:
    found = time_route(problem, 0, sequence, **options)
    assert isinstance(found, Conflict), found
    return found


def road(
    windows: list[tuple[TimeWindow, ...]], *, shipment: dict[str, Any] | None = None, **vehicle: Any
) -> tuple[Problem, Sequence]:
    """One delivery to each stop of a straight road, 100 s from door to door, 10 s at each."""
    problem = Problem(
        stops=tuple(Stop(k + 1, w) for k, w in enumerate(windows)),
        shipments=tuple(Shipment(delivery=k, delivery_duration=10, **shipment or {}) for k in range(len(windows))),
        vehicle_types=(VehicleType(**vehicle),),
        depots=(Depot(0),),
        distances=(line_matrix(list(range(len(windows) + 1)), 100),),
        durations=(line_matrix(list(range(len(windows) + 1)), 100),),
    )
    return problem, [[(k, [deliver(k)]) for k in range(len(windows))]]


OPEN = (TimeWindow(),)


# Hand-computed days


def test_the_four_stop_day_is_timed_as_by_hand() -> None:
    route = timed(four_stops(), FOUR_STOPS_ROUTE)
    (trip,) = route.trips
    assert (trip.departs, trip.returns, trip.distance, trip.load) == (25_200, 30_390, 48_000, (2,))
    assert [v.arrives for v in trip.visits] == [25_800, 26_490, 27_810, 28_500]
    assert [v.leaves for v in trip.visits] == [25_890, 26_610, 27_900, 28_590]
    assert [v.load for v in trip.visits] == [(1,), (1,), (0,), (1,)]
    assert {v.slack for v in trip.visits} == {61_200 - 30_390}


def test_a_late_departure_spares_waiting() -> None:
    problem, sequence = road([(TimeWindow(1000, 1100),)])
    route = timed(problem, sequence)
    assert (route.trips[0].departs, route.visits[0].starts, route.trips[0].returns) == (900, 1000, 1110)
    assert route.visits[0].slack == 100


def test_a_day_begins_after_lunch_when_that_is_less_work() -> None:
    lunch = (TimeWindow(0, 300), TimeWindow(900, 2000))
    problem, sequence = road([(TimeWindow(150, 250),), lunch])
    route = timed(problem, sequence)
    # In the morning: departs at 150 at the latest, begins both in time: nothing waits.
    assert (route.trips[0].departs, route.working_time) == (50, 420)
    problem, sequence = road([(TimeWindow(200, 1400),), lunch])
    # 200 at stop 0 means 310 at stop 1, ten seconds too late: better to come in the afternoon.
    assert timed(problem, sequence).working_time == 420
    assert timed(problem, sequence).trips[0].departs == 690


def test_money_decides_between_overtime_and_working_time() -> None:
    lunch = (TimeWindow(0, 300), TimeWindow(900, 2000))
    stops = [(TimeWindow(200, 1400),), lunch]
    cheap, sequence = road(stops, tw_late=1050, max_overtime=500, unit_duration_cost=1, unit_overtime_cost=9)
    dear, _ = road(stops, tw_late=1050, max_overtime=500, unit_duration_cost=1000, unit_overtime_cost=1)
    assert overtime(cheap, timed(cheap, sequence)) == overtime(dear, timed(dear, sequence)) == 60
    early = [(TimeWindow(200, 1400),), (TimeWindow(0, 300), TimeWindow(500, 501), TimeWindow(900, 2000))]
    cheap, sequence = road(early, tw_late=600, max_overtime=900, unit_duration_cost=1, unit_overtime_cost=9)
    dear, _ = road(early, tw_late=600, max_overtime=900, unit_duration_cost=1000, unit_overtime_cost=1)
    assert overtime(cheap, timed(cheap, sequence)) == 110
    assert timed(dear, sequence).working_time == 420


def test_setup_is_paid_once_at_one_place() -> None:
    problem, _ = road([OPEN, OPEN])
    problem = replace(problem, stops=(Stop(1, setup_duration=60), Stop(1, setup_duration=40)))
    two_visits = timed(problem, [[(0, [deliver(0)]), (1, [deliver(1)])]])
    assert [v.ends - v.starts for v in two_visits.visits] == [70, 10]
    two_trips = replace(problem, vehicle_types=(VehicleType(max_trips=2),))
    assert [v.ends - v.starts for v in timed(two_trips, [[(0, [deliver(0)])], [(1, [deliver(1)])]]).visits] == [70, 50]


def test_a_trip_waits_for_its_release_and_its_reload() -> None:
    problem, _ = road([OPEN, OPEN], max_trips=2, reload_duration=30)
    released = (problem.shipments[0], replace(problem.shipments[1], release=1000))
    problem = replace(problem, shipments=released)
    first, second = timed(problem, [[(0, [deliver(0)])], [(1, [deliver(1)])]]).trips
    # Working time is least when the first trip comes back just before the second must leave.
    assert (first.departs, first.returns, second.departs) == (760, 970, 1000)


def test_paired_shipments_stay_aboard_over_the_base() -> None:
    problem = four_stops()
    vehicle = replace(problem.vehicle_types[0], max_trips=2, capacity=(3, 9))
    problem = replace(problem, vehicle_types=(vehicle,))
    route = timed(problem, [[(1, [collect(3)]), (0, [deliver(0)])], [(3, [deliver(3)]), (1, [deliver(1)])]])
    first, second = route.trips
    assert (first.load, second.load) == ((1, 0), (2, 0))
    assert [v.load for v in route.visits] == [(2, 0), (1, 0), (1, 0), (0, 0)]


def test_collected_amounts_ride_to_the_base_and_ragged_loads_are_zero() -> None:
    problem, sequence = road([OPEN, OPEN], capacity=(5,))
    shipments = (replace(problem.shipments[0], load=(2,), collected=(0, 0, 7)), replace(problem.shipments[1], load=()))
    route = timed(replace(problem, shipments=shipments), sequence)
    assert route.trips[0].load == (2, 0, 0)
    assert [v.load for v in route.visits] == [(0, 0, 7), (0, 0, 7)]


# Breaks


def test_a_break_is_taken_while_waiting_anyway() -> None:
    rest = Break(200, 300, 400)
    problem, sequence = road([(TimeWindow(100, 150),), (TimeWindow(600, 700),)], breaks=(rest,))
    route = timed(problem, sequence)
    assert len(route.trips[0].breaks) == 1
    assert route.trips[0].returns == 810
    assert route.working_time == 810 - 50 - 200


def test_a_day_that_ends_before_the_break_needs_none() -> None:
    problem, sequence = road([OPEN], breaks=(Break(60, 300, 400),))
    assert timed(problem, sequence).trips[0].breaks == ()


def test_a_day_that_begins_after_the_break_needs_none() -> None:
    problem, sequence = road([(TimeWindow(600, 1000),)], breaks=(Break(60, 300, 400),))
    route = timed(problem, sequence)
    assert (route.trips[0].departs, route.trips[0].breaks) == (500, ())


def at_base(rest: Break) -> Route | Conflict:
    """Back at the base at 210, off again at 300, with 30 s of reloading between."""
    stops: list[tuple[TimeWindow, ...]] = [(TimeWindow(100, 100),), (TimeWindow(500, 500),)]
    problem, _ = road(stops, max_trips=2, reload_duration=30, breaks=(rest,))
    sequence: Sequence = [[(0, [deliver(0)])], [(1, [deliver(1)])]]
    found = time_route(problem, 0, sequence)
    return timed(problem, sequence) if isinstance(found, Route) else found


def test_a_break_at_the_base_lies_before_or_after_reloading() -> None:
    before, after = at_base(Break(60, 210, 210)), at_base(Break(60, 240, 240))
    assert isinstance(before, Route)
    assert isinstance(after, Route)
    assert before.trips[1].breaks == (BreakTaken(210, 270),)
    assert after.trips[1].breaks == (BreakTaken(240, 300),)


def test_a_break_does_not_interrupt_reloading() -> None:
    assert at_base(Break(60, 220, 230)) == Conflict(Constraint.BREAKS, 710 - 230)


def test_a_break_slides_within_its_window_when_service_begins_later() -> None:
    problem, sequence = road([(TimeWindow(100, 1000),), (TimeWindow(600, 990),)], breaks=(Break(200, 300, 650),))
    route = timed(problem, sequence)
    assert route.trips[0].breaks == (BreakTaken(300, 500),)
    assert [v.starts for v in route.visits] == [290, 600]
    # The break may begin at 650, so service before it at 640; the one after it may begin at 990, when its stop closes.
    assert [v.slack for v in route.visits] == [350, 390]


def test_slack_ends_where_a_break_not_taken_would_be_needed() -> None:
    problem, sequence = road([(TimeWindow(100, 1000),)], breaks=(Break(60, 300, 400),))
    route = timed(problem, sequence)
    assert (route.trips[0].departs, route.trips[0].returns, route.visits[0].slack) == (0, 210, 190)


def test_a_break_that_does_not_fit_is_named() -> None:
    tight: list[tuple[TimeWindow, ...]] = [(TimeWindow(100 + 110 * k, 100 + 110 * k),) for k in range(6)]
    problem, sequence = road(tight, breaks=(Break(30, 300, 350),))
    found = conflict(problem, sequence)
    assert found.constraint is Constraint.BREAKS
    assert found.amount == 1260 - 350


# Ride limits


def test_service_is_put_off_to_keep_a_ride_short() -> None:
    problem, _ = road([OPEN, (TimeWindow(1000, 1500),)])
    paired = Shipment(pickup=0, delivery=1, pickup_duration=10, max_ride=150)
    problem = replace(problem, shipments=(paired, problem.shipments[0]), stops=(problem.stops[0], problem.stops[1]))
    sequence: Sequence = [[(0, [deliver(1)]), (0, [collect(0)]), (1, [deliver(0)])]]
    first = replace(problem.stops[0], windows=(TimeWindow(0, 100), TimeWindow(700, 900)))
    route = timed(replace(problem, stops=(first, problem.stops[1])), sequence)
    assert route.visits[2].starts - route.visits[1].ends <= 150


def test_a_ride_that_is_always_too_long_is_named() -> None:
    problem, sequence = road([OPEN, OPEN], shipment={"max_ride": 150})
    assert conflict(problem, sequence) == Conflict(Constraint.RIDE_TIME, 60, 1)


# What is frozen


def test_nothing_begins_before_the_courier_is_available() -> None:
    problem, sequence = road([OPEN, OPEN])
    assert timed(problem, sequence, available_at=500).trips[0].departs == 500
    frozen = FrozenRoute(0, ((FrozenVisit(0, (deliver(0),)),),), available_at=400)
    route = timed(replace(problem, frozen=(frozen,)), sequence)
    assert (route.visits[0].leaves, route.visits[1].arrives) == (400, 500)
    assert time_route(replace(problem, frozen=(frozen,)), 0, [sequence[0][::-1]]) == Conflict(Constraint.LOCKS)


def test_a_complete_route_takes_nothing_more() -> None:
    problem, sequence = road([OPEN, OPEN])
    frozen = FrozenRoute(0, ((FrozenVisit(0, (deliver(0),)),),), available_at=900, complete=True)
    problem = replace(problem, frozen=(frozen,))
    assert conflict(problem, sequence).constraint is Constraint.LOCKS
    assert timed(problem, [sequence[0][:1]]).trips[0].returns == 210


def test_the_second_trip_waits_when_the_first_is_frozen() -> None:
    problem, sequence = road([OPEN, OPEN], max_trips=2)
    frozen = FrozenRoute(0, ((FrozenVisit(0, (deliver(0),)),), ()), available_at=900)
    first, second = timed(replace(problem, frozen=(frozen,)), [sequence[0][:1], sequence[0][1:]]).trips
    assert second.departs == 900
    assert first.returns == 900  # working time is least when the vehicle does not idle


# What forbids a sequence


def spoiled(**change: Any) -> Problem:
    """The four-stop problem with another first shipment, and no other limit."""
    problem = four_stops()
    return replace(problem, shipments=(replace(problem.shipments[0], **change), *problem.shipments[1:]))


def with_vehicle(**change: Any) -> Problem:
    problem = four_stops()
    return replace(problem, vehicle_types=(replace(problem.vehicle_types[0], **change),))


def without_path() -> Problem:
    problem = four_stops()
    durations = problem.durations[0].copy()
    durations[2, 4] = UNREACHABLE
    return replace(problem, durations=(durations,))


def with_stop_open(windows: tuple[TimeWindow, ...]) -> Problem:
    problem = four_stops()
    return replace(problem, stops=(replace(problem.stops[0], windows=windows), *problem.stops[1:]))


@pytest.mark.parametrize(
    ("problem", "expected"),
    [
        (with_vehicle(capacity=(1,)), Conflict(Constraint.CAPACITY, 1, 0)),
        (with_vehicle(max_distance=47_000), Conflict(Constraint.MAX_DISTANCE, 1000)),
        (with_vehicle(max_duration=5_000), Conflict(Constraint.MAX_DURATION, 190)),
        (with_vehicle(tw_late=30_000), Conflict(Constraint.SHIFT, 390)),
        (spoiled(skills=frozenset({4, 5})), Conflict(Constraint.SKILLS, 2, 0)),
        (spoiled(vehicle_types=frozenset()), Conflict(Constraint.LOCKS, 1, 0)),
        (without_path(), Conflict(Constraint.REACHABILITY, 1, 2)),
        (with_stop_open((TimeWindow(0, 25_000),)), Conflict(Constraint.TIME_WINDOWS, 800, 0)),
        (
            replace(four_stops(), shipments=(*four_stops().shipments[:2], Shipment(pickup=2, latest_return=30_000),
                                             four_stops().shipments[3])),
            Conflict(Constraint.LATEST_RETURN, 360),
        ),
        (replace(four_stops(), depots=(Depot(0, 0, 30_000),)), Conflict(Constraint.DEPOT_HOURS, 390)),
    ],
)  # fmt: skip
def test_a_conflict_says_what_binds_and_by_how_much(problem: Problem, expected: Conflict) -> None:
    assert conflict(problem, FOUR_STOPS_ROUTE) == expected


def test_goods_of_another_depot_are_refused() -> None:
    problem = replace(four_stops(), depots=(Depot(0), Depot(0)))
    elsewhere = (replace(problem.shipments[0], depot=1), *problem.shipments[1:])
    problem = replace(problem, shipments=elsewhere)
    assert conflict(problem, FOUR_STOPS_ROUTE) == Conflict(Constraint.DEPOT, 1, 0)


def test_the_order_of_a_pair_and_the_number_of_trips_are_checked() -> None:
    problem = four_stops()
    assert conflict(problem, [[(3, [deliver(3)]), (1, [collect(3)])]]) == Conflict(Constraint.PRECEDENCE, 1, 0)
    assert conflict(problem, [[(1, [collect(3)])]]).constraint is Constraint.PRECEDENCE
    assert conflict(problem, [[(0, [deliver(0)])], [(1, [deliver(1)])]]) == Conflict(Constraint.TRIPS, 1)
    assert conflict(problem, [[(1, [deliver(0)])]]) == Conflict(Constraint.STRUCTURE, 1, 0)
    assert conflict(problem, [[(0, [deliver(0), deliver(0)])]]) == Conflict(Constraint.STRUCTURE, 1, 0)


@pytest.mark.parametrize("sequence", [[], [[]], [[(0, [deliver(0)])], []]])
def test_an_empty_trip_is_a_mistake_of_the_caller(sequence: Sequence) -> None:
    with pytest.raises(ValueError, match="every trip a visit"):
        time_route(four_stops(), 0, sequence)


# Against independent answers


def feasible_cases(seeds: range) -> list[tuple[int, Problem, Sequence]]:
    cases = []
    for seed in seeds:
        problem = without_limits(random_problem(seed))
        sequence = random_sequence(problem, seed, max_trips=problem.vehicle_types[0].max_trips)
        cases.append((seed, problem, sequence))
    return cases


def compare_with_constraint_programming(seeds: range) -> int:
    """Compare the best times, or that there are none; give the number of feasible ones."""
    feasible = 0
    for seed, problem, sequence in feasible_cases(seeds):
        found = time_route(problem, 0, sequence)
        if isinstance(found, Conflict) and found.constraint not in CLOCK:
            continue
        best = RouteModel(problem, 0, sequence).best_key()
        if isinstance(found, Conflict):
            assert best is None, seed
            continue
        vehicle, late = problem.vehicle_types[0], overtime(problem, found)
        money = vehicle.unit_duration_cost * found.working_time + vehicle.unit_overtime_cost * late
        assert (money, late, found.working_time, found.trips[-1].returns) == best, seed
        feasible += 1
    return feasible


@pytest.mark.slow
def test_no_constraint_program_finds_better_times() -> None:
    assert compare_with_constraint_programming(range(150)) > 40


@pytest.mark.slow
def test_no_constraint_program_finds_better_times_in_many_cases() -> None:
    cases = draws(300, 1200)
    assert compare_with_constraint_programming(range(1000, 1000 + cases)) > cases / 4


def compare_slack_with_constraint_programming(seeds: range) -> int:
    """Compare the slack of one visit of each route; give the number of routes with a break."""
    rested = 0
    for seed, problem, sequence in feasible_cases(seeds):
        restful = with_random_breaks(problem, seed)
        route = time_route(restful, 0, sequence)
        if isinstance(route, Conflict):
            continue
        k = seed % len(route.visits)
        visit = route.visits[k]
        latest = RouteModel(restful, 0, sequence).latest_start(k, route)
        assert min(visit.slack, 900) == min(latest - visit.starts, 900), seed
        rested += any(trip.breaks for trip in route.trips)
    return rested


def with_random_breaks(problem: Problem, seed: int) -> Problem:
    """Draw one break to three, often equally long, with long windows that overlap."""
    rng = random.Random(seed)
    rests = tuple(
        Break(rng.choice((30, 30, 30, 45)), early, early + rng.randrange(0, 400, 10))
        for early in rng.choices(range(0, 600, 10), k=rng.randint(1, 3))
    )
    return replace(problem, vehicle_types=tuple(replace(v, breaks=rests) for v in problem.vehicle_types))


@pytest.mark.slow
def test_slack_is_the_latest_start_that_a_constraint_program_finds() -> None:
    assert compare_slack_with_constraint_programming(range(300)) > 20


@pytest.mark.slow
def test_slack_is_the_latest_start_that_a_constraint_program_finds_in_many_cases() -> None:
    cases = draws(1000, 4000)
    assert compare_slack_with_constraint_programming(range(1000, 1000 + cases)) > cases / 14


@pytest.mark.slow
@given(st.integers(0, 10**6))
@settings(max_examples=200, deadline=None)
def test_every_timed_route_is_proved(seed: int) -> None:
    problem = without_limits(random_problem(seed))
    vehicle_type = seed % 2
    sequence = random_sequence(problem, seed, max_trips=problem.vehicle_types[vehicle_type].max_trips)
    route = time_route(problem, vehicle_type, sequence)
    if isinstance(route, Route):
        assert check(problem, Solution((route,))) == ()


def small_frontiers() -> st.SearchStrategy[Frontier]:
    piece = st.tuples(st.integers(0, 30), st.integers(0, 10), st.integers(0, 30))
    return st.lists(piece, min_size=1, max_size=4).map(
        lambda pieces: merged([[Piece(first, first + length, first + delay)] for first, length, delay in pieces])
    )


def pairs(frontier: Frontier) -> set[tuple[int, int]]:
    return {(p.first + k, p.time + k) for p in frontier for k in range(p.last - p.first + 1)}


def undominated(points: set[tuple[int, int]]) -> set[tuple[int, int]]:
    return {(d, t) for d, t in points if not any(e >= d and u <= t and (e, u) != (d, t) for e, u in points)}


@given(st.lists(small_frontiers(), min_size=1, max_size=3))
def test_a_merged_frontier_holds_what_no_other_departure_beats(frontiers: list[Frontier]) -> None:
    assert pairs(merged(frontiers)) == undominated({point for f in frontiers for point in pairs(f)})


@given(small_frontiers(), st.lists(st.integers(0, 60), min_size=2, max_size=6, unique=True))
def test_an_admitted_frontier_waits_for_the_first_window(frontier: Frontier, moments: list[int]) -> None:
    moments = sorted(moments)[: len(moments) // 2 * 2]
    windows = tuple(zip(moments[::2], moments[1::2], strict=True))
    begun = {
        (departure, next(max(early, time) for early, late in windows if late >= time))
        for departure, time in pairs(frontier)
        if time <= windows[-1][1]
    }
    assert pairs(admitted(frontier, windows)) == undominated(begun)


@given(small_frontiers())
def test_a_frontier_rises(frontier: Frontier) -> None:
    assert all(a.last < b.first and a.latest_time < b.time for a, b in pairwise(frontier))
    assert all(p.latest_time < FOREVER for p in frontier)
