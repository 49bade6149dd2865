from __future__ import annotations

import ast
import random
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import routing
from routing.checker import RULES_OF_ROUTES, RULES_OF_SOLUTIONS, check, feasible
from routing.model import (
    UNREACHABLE,
    Break,
    Depot,
    FrozenRoute,
    FrozenVisit,
    Problem,
    Shipment,
    Task,
    TimeWindow,
)
from routing.objective import Objective, measure, weights
from routing.schedule import time_route
from routing.solution import BreakTaken, Constraint, Route, Solution, Trip, Unassigned, Visit
from tests.routing.samples import (
    FOUR_STOPS_ROUTE,
    Sequence,
    collect,
    deliver,
    four_stops,
    random_problem,
    random_sequence,
    without_limits,
)

TWO_TRIPS: Sequence = [FOUR_STOPS_ROUTE[0][:1], FOUR_STOPS_ROUTE[0][1:]]


def answer(problem: Problem, *sequences: Sequence, left: tuple[int, ...] = ()) -> Solution:
    """Routes of vehicle type 0, timed."""
    routes = [time_route(problem, 0, sequence) for sequence in sequences]
    return Solution(tuple(r for r in routes if isinstance(r, Route)), tuple(Unassigned(s) for s in left))


def with_vehicle(problem: Problem, **change: Any) -> Problem:
    return replace(problem, vehicle_types=(replace(problem.vehicle_types[0], **change),))


def with_shipment(problem: Problem, shipment: int, **change: Any) -> Problem:
    shipments = list(problem.shipments)
    shipments[shipment] = replace(shipments[shipment], **change)
    return replace(problem, shipments=tuple(shipments))


def without_path(problem: Problem) -> Problem:
    durations = problem.durations[0].copy()
    durations[2, 4] = UNREACHABLE
    return replace(problem, durations=(durations,))


def found(problem: Problem, solution: Solution) -> list[Constraint]:
    return [violation.constraint for violation in check(problem, solution)]


def edited(solution: Solution, visit: int = 0, **change: Any) -> Solution:
    """The first route with one visit of its first trip changed."""
    route, *others = solution.routes
    trip, *later = route.trips
    visits = tuple(replace(v, **change) if k == visit else v for k, v in enumerate(trip.visits))
    return replace(solution, routes=(replace(route, trips=(replace(trip, visits=visits), *later)), *others))


def edited_trip(solution: Solution, number: int = 0, **change: Any) -> Solution:
    """The first route with one trip changed."""
    route, *others = solution.routes
    trips = tuple(replace(t, **change) if k == number else t for k, t in enumerate(route.trips))
    return replace(solution, routes=(replace(route, trips=trips), *others))


LENIENT = with_vehicle(four_stops(), max_trips=2, num_available=2)
ONE_TRIP = answer(LENIENT, FOUR_STOPS_ROUTE)
TWO = answer(LENIENT, TWO_TRIPS)
FROZEN_FIRST = (FrozenVisit(0, (deliver(0),)),)
FROZEN_OTHER = (FrozenVisit(1, (deliver(1),)),)


def locked(*frozen: FrozenRoute) -> Problem:
    return replace(with_vehicle(LENIENT, num_available=1), frozen=frozen)


def test_a_timed_day_is_proved() -> None:
    assert check(LENIENT, ONE_TRIP) == ()
    assert feasible(LENIENT, TWO)
    assert not feasible(LENIENT, Solution())


STRICTER = [
    ("fleet", Constraint.FLEET, four_stops(),
     answer(LENIENT, [FOUR_STOPS_ROUTE[0][:1]], [FOUR_STOPS_ROUTE[0][1:]]), 1),
    ("too many trips", Constraint.TRIPS, with_vehicle(LENIENT, max_trips=1), TWO, 1),
    ("no time to reload", Constraint.TRIPS, with_vehicle(LENIENT, reload_duration=90), TWO, 90),
    ("travel times", Constraint.TIMELINE, LENIENT, edited_trip(ONE_TRIP, departs=25_300), 100),
    ("no path", Constraint.REACHABILITY, without_path(LENIENT), ONE_TRIP, 0),
    ("too heavy on departure", Constraint.CAPACITY, with_vehicle(LENIENT, capacity=(1,)), ONE_TRIP, 1),
    ("late at a stop", Constraint.TIME_WINDOWS,
     replace(LENIENT, stops=(replace(LENIENT.stops[0], windows=(TimeWindow(0, 25_500), TimeWindow(26_000))),
                             *LENIENT.stops[1:])), ONE_TRIP, 200),
    ("base not open yet", Constraint.DEPOT_HOURS, replace(LENIENT, depots=(Depot(0, 25_260),)), ONE_TRIP, 60),
    ("base closed", Constraint.DEPOT_HOURS, replace(LENIENT, depots=(Depot(0, 0, 30_000),)), ONE_TRIP, 390),
    ("before the shift", Constraint.SHIFT, with_vehicle(LENIENT, tw_early=25_210), ONE_TRIP, 10),
    ("after the shift", Constraint.SHIFT, with_vehicle(LENIENT, tw_late=30_000, max_overtime=300), ONE_TRIP, 90),
    ("no break", Constraint.BREAKS, with_vehicle(LENIENT, breaks=(Break(600, 26_000, 27_000),)), ONE_TRIP, 0),
    ("departs too early", Constraint.RELEASE, with_shipment(LENIENT, 1, release=25_250), ONE_TRIP, 50),
    ("returns too late", Constraint.LATEST_RETURN, with_shipment(LENIENT, 2, latest_return=30_300), ONE_TRIP, 90),
    ("ride of a pair", Constraint.RIDE_TIME, with_shipment(LENIENT, 3, max_ride=1199), ONE_TRIP, 1),
    ("ride from the base", Constraint.RIDE_TIME, with_shipment(LENIENT, 0, max_ride=500), ONE_TRIP, 100),
    ("ride to the base", Constraint.RIDE_TIME, with_shipment(LENIENT, 2, max_ride=1700), ONE_TRIP, 100),
    ("skills", Constraint.SKILLS, with_shipment(LENIENT, 1, skills=frozenset({7})), ONE_TRIP, 1),
    ("another depot", Constraint.DEPOT,
     with_shipment(replace(LENIENT, depots=(Depot(0), Depot(0))), 1, depot=1), ONE_TRIP, 0),
    ("another depot at the end", Constraint.DEPOT,
     with_shipment(with_vehicle(replace(LENIENT, depots=(Depot(0), Depot(0))), end_depot=1), 2, depot=0), ONE_TRIP, 0),
    ("locked elsewhere", Constraint.LOCKS, with_shipment(LENIENT, 1, vehicle_types=frozenset()), ONE_TRIP, 0),
    ("frozen part", Constraint.LOCKS, locked(FrozenRoute(0, (FROZEN_OTHER,))), ONE_TRIP, 0),
    ("frozen trip", Constraint.LOCKS, locked(FrozenRoute(0, (FROZEN_FIRST, ()))), ONE_TRIP, 0),
    ("complete route", Constraint.LOCKS, locked(FrozenRoute(0, (FROZEN_FIRST,), complete=True)), ONE_TRIP, 0),
    ("goes on too early", Constraint.LOCKS, locked(FrozenRoute(0, (FROZEN_FIRST,), 25_900)), ONE_TRIP, 10),
    ("second trip too early", Constraint.LOCKS, locked(FrozenRoute(0, (FROZEN_FIRST, ()), 26_500)), TWO, 10),
    ("departs too early", Constraint.LOCKS, locked(FrozenRoute(0, (), 25_300)), ONE_TRIP, 100),
    ("metres", Constraint.MAX_DISTANCE, with_vehicle(LENIENT, max_distance=47_999), ONE_TRIP, 1),
    ("working time", Constraint.MAX_DURATION, with_vehicle(LENIENT, max_duration=5_000), ONE_TRIP, 190),
    ("not mentioned", Constraint.STRUCTURE, replace(LENIENT, shipments=(*LENIENT.shipments, Shipment(delivery=0))),
     ONE_TRIP, 0),
]  # fmt: skip


@pytest.mark.parametrize(
    ("constraint", "problem", "solution", "amount"), [case[1:] for case in STRICTER], ids=[case[0] for case in STRICTER]
)
def test_exactly_what_is_broken_is_seen(
    constraint: Constraint, problem: Problem, solution: Solution, amount: int
) -> None:
    (violation,) = check(problem, solution)
    assert (violation.constraint, violation.amount) == (constraint, amount)
    assert violation.detail


def reversed_pair() -> Solution:
    """Shipment 3 delivered before it is collected."""
    turned = with_shipment(four_stops(), 3, pickup=3, delivery=1, load=())
    route = time_route(turned, 0, [[(3, [collect(3)]), (1, [deliver(3)])]])
    assert isinstance(route, Route)
    solution = edited(Solution((route,), tuple(Unassigned(s) for s in (0, 1, 2))), 0, tasks=(deliver(3),))
    return edited(solution, 1, tasks=(collect(3),))


def split_pair() -> Solution:
    """Shipment 3 collected by one vehicle and delivered by another."""
    problem = replace(
        LENIENT, shipments=(Shipment(pickup=1, pickup_duration=30), Shipment(delivery=3, delivery_duration=30))
    )
    first, second = answer(problem, [[(1, [collect(0)])]], [[(3, [deliver(1)])]]).routes
    solution = Solution((first,), tuple(Unassigned(s) for s in (0, 1, 2)))
    other = edited(Solution((second,)), 0, tasks=(deliver(3),))
    solution = edited(solution, 0, tasks=(collect(3),))
    return replace(solution, routes=(*solution.routes, *other.routes))


@pytest.mark.parametrize("solution", [reversed_pair(), split_pair()])
def test_the_ends_of_a_pair_are_in_one_route_in_order(solution: Solution) -> None:
    problem = with_shipment(LENIENT, 3, load=())
    assert found(problem, solution) == [Constraint.PRECEDENCE]


def test_every_constraint_is_broken_by_a_test_and_has_a_rule() -> None:
    ruled = {constraint for constraint, _ in (*RULES_OF_SOLUTIONS, *RULES_OF_ROUTES)}
    to_break = set(Constraint) - {Constraint.COST}  # only ever a reason
    assert ruled == to_break
    assert {case[1] for case in STRICTER} | {Constraint.PRECEDENCE} == to_break


# Structure


def unserved(*left: int) -> tuple[Unassigned, ...]:
    return tuple(Unassigned(s) for s in left)


@pytest.mark.parametrize(
    "solution",
    [
        Solution((), unserved(0, 1, 2)),
        Solution((), unserved(0, 1, 2, 3, 3)),
        Solution((), unserved(0, 1, 2, 3, 4)),
        Solution((), unserved(-1, 0, 1, 2, 3)),
        Solution((Route(0, ()),), unserved(0, 1, 2, 3)),
        Solution((Route(0, (Trip((), 0, 0),)),), unserved(0, 1, 2, 3)),
        Solution((Route(1, ONE_TRIP.routes[0].trips),)),
        edited(ONE_TRIP, 0, stop=4),
        edited(ONE_TRIP, 0, tasks=(deliver(9),)),
        edited(ONE_TRIP, 0, tasks=(collect(0),)),
        edited(ONE_TRIP, 3, load=(0,)),
        edited_trip(ONE_TRIP, load=(1,)),
        edited_trip(ONE_TRIP, distance=47_000),
        replace(ONE_TRIP, unassigned=unserved(2)),
    ],
)
def test_a_solution_that_is_not_whole_or_not_truthful_is_refused(solution: Solution) -> None:
    assert found(LENIENT, solution) == [Constraint.STRUCTURE]


def test_an_empty_visit_is_refused_unless_it_is_frozen() -> None:
    problem = with_vehicle(LENIENT, num_available=1)
    sequence: Sequence = [[(0, []), *FOUR_STOPS_ROUTE[0][1:]]]
    solution = answer(problem, sequence, left=(0,))
    assert found(problem, solution) == [Constraint.STRUCTURE]
    frozen = FrozenRoute(0, ((FrozenVisit(0, ()),),))
    assert found(replace(problem, frozen=(frozen,)), solution) == []


def test_a_shipment_carried_twice_is_refused() -> None:
    again = answer(LENIENT, FOUR_STOPS_ROUTE, [FOUR_STOPS_ROUTE[0][:1]])
    assert found(LENIENT, again) == [Constraint.STRUCTURE]


def test_a_task_at_another_stop_is_refused() -> None:
    moved = with_shipment(LENIENT, 0, delivery=1)
    assert found(moved, ONE_TRIP) == [Constraint.STRUCTURE]


def test_short_loads_are_zero_in_the_other_dimensions() -> None:
    wide = with_vehicle(LENIENT, capacity=(3, 0, 0))
    assert found(wide, ONE_TRIP) == []
    assert found(wide, edited(ONE_TRIP, 0, load=(1, 0))) == []
    assert found(wide, edited(ONE_TRIP, 0, load=(1, 1))) == [Constraint.STRUCTURE]


def test_too_much_aboard_within_a_visit_is_seen() -> None:
    problem = with_shipment(LENIENT, 0, load=(3,))
    problem = with_shipment(with_shipment(problem, 1, load=()), 3, load=())
    exchange = [[(0, [deliver(0)]), (1, [collect(3), deliver(1)]), (3, [deliver(3)]), (2, [collect(2)])]]
    assert found(problem, answer(problem, exchange)) == []
    swapped = replace(problem, shipments=(replace(problem.shipments[0], delivery=1), *problem.shipments[1:]))
    swapped = with_shipment(swapped, 3, load=(2,))
    timed = answer(
        with_vehicle(swapped, capacity=()), [[(1, [collect(3), deliver(0)]), (3, [deliver(3)])]], left=(1, 2)
    )
    assert found(swapped, timed) == [Constraint.CAPACITY]
    timed = answer(swapped, [[(1, [deliver(0), collect(3)]), (3, [deliver(3)])]], left=(1, 2))
    assert found(swapped, timed) == []


# Breaks


RESTED = with_vehicle(LENIENT, breaks=(Break(600, 26_000, 27_000), Break(300, 28_000, 29_000)))
RESTED_ANSWER = answer(RESTED, FOUR_STOPS_ROUTE)


def with_breaks(*breaks: tuple[int, int]) -> Solution:
    return edited_trip(RESTED_ANSWER, breaks=tuple(BreakTaken(*b) for b in breaks))


def test_breaks_are_proved() -> None:
    assert found(RESTED, RESTED_ANSWER) == []
    assert len(RESTED_ANSWER.routes[0].trips[0].breaks) == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda one, two: [one],
        lambda one, two: [],
        lambda one, two: [one, two, two],
        lambda one, two: [(one[0], one[1] + 1), two],
        lambda one, two: [(one[0] - 60, one[1] - 60), two],
        lambda one, two: [one, (one[0], one[0] + 300)],
    ],
)
def test_breaks_that_are_missing_misplaced_or_invented_are_seen(change: Any) -> None:
    taken = [(b.starts, b.ends) for b in RESTED_ANSWER.routes[0].trips[0].breaks]
    assert set(found(RESTED, with_breaks(*change(*taken)))) == {Constraint.BREAKS}


# Slack and the objective


def test_a_false_slack_is_seen() -> None:
    assert found(LENIENT, edited(ONE_TRIP, 2, slack=7)) == [Constraint.TIMELINE]


def test_slack_lets_breaks_slide() -> None:
    # The breaks begin at 26,490 and 28,410; their windows close at 27,000 and 29,000, the shift at 61,200.
    assert [v.slack for v in RESTED_ANSWER.routes[0].visits] == [510, 590, 29_910, 29_910]
    assert found(RESTED, edited(RESTED_ANSWER, 0, slack=0)) == [Constraint.TIMELINE]


def test_a_false_total_is_seen() -> None:
    total = weights(LENIENT, Objective.DAILY).total(measure(LENIENT, ONE_TRIP))
    assert check(LENIENT, ONE_TRIP, objective=Objective.DAILY, total=total) == ()
    (violation,) = check(LENIENT, ONE_TRIP, objective=Objective.DAILY, total=total + 3)
    assert (violation.constraint, violation.amount) == (Constraint.STRUCTURE, 3)


def numbers_of(solution: Solution) -> list[tuple[int, int | None, str]]:
    """Every number that a solution of one route states: trip, visit, field."""
    places: list[tuple[int, int | None, str]] = []
    for number, trip in enumerate(solution.routes[0].trips):
        places += [(number, None, name) for name in ("departs", "returns", "distance")]
        names = [f.name for f in fields(Visit) if f.name not in ("stop", "tasks", "load")]
        places += [(number, k, name) for k in range(len(trip.visits)) for name in names]
    return places


@pytest.mark.slow
@given(st.integers(0, 10**6), st.integers(1, 40), st.sampled_from((-1, 1)))
@settings(max_examples=150, deadline=None)
def test_no_single_number_can_be_changed_unseen(seed: int, by: int, sign: int) -> None:
    problem = without_limits(random_problem(seed))
    sequence = random_sequence(problem, seed, max_trips=problem.vehicle_types[0].max_trips)
    solution = answer(problem, sequence)
    if not solution.routes:
        return
    assert check(problem, solution) == ()
    number, visit, name = random.Random(seed).choice(numbers_of(solution))
    trip = solution.routes[0].trips[number]
    if visit is None:
        trip = replace(trip, **{name: getattr(trip, name) + sign * by})
    else:
        changed: Visit = replace(trip.visits[visit], **{name: getattr(trip.visits[visit], name) + sign * by})
        trip = replace(trip, visits=(*trip.visits[:visit], changed, *trip.visits[visit + 1 :]))
    trips = solution.routes[0].trips
    spoiled = replace(solution.routes[0], trips=(*trips[:number], trip, *trips[number + 1 :]))
    assert check(problem, replace(solution, routes=(spoiled,))) != ()


@given(st.integers(0, 10**6))
@settings(max_examples=150, deadline=None)
def test_anything_at_all_gets_an_answer(seed: int) -> None:
    """Nonsense is named, never an exception."""
    rng = random.Random(seed)
    problem = random_problem(seed)

    def moment() -> int:
        return rng.randint(-5, 900)

    def visit() -> Visit:
        tasks = tuple(Task(rng.randint(-1, 6), deliver(0).action) for _ in range(rng.randint(0, 2)))
        return Visit(rng.randint(-1, 5), tasks, moment(), moment(), moment(), moment(), (moment(),) * rng.randint(0, 4))

    def trip() -> Trip:
        breaks = tuple(BreakTaken(moment(), moment()) for _ in range(rng.randint(0, 3)))
        return Trip(tuple(visit() for _ in range(rng.randint(0, 2))), moment(), moment(), breaks)

    routes = tuple(Route(rng.randint(0, 2), tuple(trip() for _ in range(rng.randint(1, 2)))) for _ in range(2))
    assert check(problem, Solution(routes, unserved(*range(rng.randint(0, 7))))) != ()


# Independence


def test_the_checker_shares_no_code_with_what_it_checks() -> None:
    room = Path(routing.__file__).parent
    imported = {
        node.module
        for path in (room / "checker.py", *(room / "checking").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ImportFrom)
    }
    ours = {name for name in imported if name and name.startswith("routing")}
    shared = {"routing.model", "routing.solution", "routing.objective"}
    assert {name for name in ours if not name.startswith("routing.check")} <= shared
