from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.checking.recount import recounted_terms
from routing.errors import InvalidProblemError
from routing.model import UNREACHABLE, Preferences, Problem
from routing.objective import INT64_MAX, Objective, Terms, measure, overtime, weights
from routing.schedule import time_route
from routing.solution import Route, Solution, Unassigned
from tests.routing.samples import (
    FOUR_STOPS_ROUTE,
    Sequence,
    deliver,
    four_stops,
    random_problem,
    random_sequence,
    without_limits,
)


def timed(problem: Problem, sequence: Sequence, vehicle_type: int = 0) -> Route:
    route = time_route(problem, vehicle_type, sequence)
    assert isinstance(route, Route)
    return route


def test_the_four_stop_day_costs_what_a_reader_computes() -> None:
    problem = four_stops()
    terms = measure(problem, Solution((timed(problem, FOUR_STOPS_ROUTE),)))
    # 8 arcs of 6 km and 600 s; 390 s of service.
    assert terms == Terms(vehicles=1, distance=48_000, fixed_cost=500, distance_cost=48_000, duration_cost=5_190)
    assert terms.cost == 53_690


def test_what_is_left_behind_is_counted_by_kind() -> None:
    problem = four_stops()
    solution = Solution((timed(problem, [[(0, [deliver(0)])]]),), tuple(Unassigned(s) for s in (1, 2, 3)))
    terms = measure(problem, solution)
    assert (terms.must_go_left, terms.left, terms.penalties) == (1, 3, 2000)


def test_overtime_is_paid_on_top_of_working_time() -> None:
    problem = four_stops()
    vehicle = replace(problem.vehicle_types[0], tw_late=30_000, max_overtime=1000, unit_overtime_cost=7)
    problem = replace(problem, vehicle_types=(vehicle,))
    route = timed(problem, FOUR_STOPS_ROUTE)
    assert overtime(problem, route) == 390
    assert measure(problem, Solution((route,))).overtime_cost == 7 * 390


def test_preferences_are_priced() -> None:
    problem = four_stops()
    problem = replace(
        problem,
        stops=tuple(replace(stop, zone=zone) for stop, zone in zip(problem.stops, (1, 2, None, 2), strict=True)),
        shipments=tuple(replace(s, published=p) for s, p in zip(problem.shipments, (0, 1, None, 1), strict=True)),
        vehicle_types=(replace(problem.vehicle_types[0], zones=frozenset({1})),) * 2,
        preferences=Preferences(unit_balance_cost=2, unfamiliar_cost=10, change_cost=100),
    )
    terms = measure(problem, Solution((timed(problem, FOUR_STOPS_ROUTE),)))
    # Zone 2 twice, no zone once; shipment 3 counts once though it has two tasks.
    assert (terms.balance_cost, terms.unfamiliar_cost, terms.change_cost) == (2 * 5_190, 20, 200)


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_the_checker_counts_the_same_terms(seed: int) -> None:
    problem = without_limits(random_problem(seed))
    problem = replace(problem, preferences=Preferences(3, 5, 7))
    shipments = range(len(problem.shipments))
    route = time_route(problem, 0, random_sequence(problem, seed)[:1])
    if isinstance(route, Route):
        carried = {task.shipment for task in route.tasks}
        solution = Solution((route,), tuple(Unassigned(s) for s in shipments if s not in carried))
    else:
        solution = Solution((), tuple(Unassigned(s) for s in shipments))
    assert recounted_terms(problem, solution) == measure(problem, solution)


def most(problem: Problem, **left: int) -> Terms:
    """More than any solution of the four-stop problem can reach below the term that follows."""
    return Terms(distance=24_000 * 6, vehicles=problem.num_vehicles, **left)


def test_a_must_go_shipment_outweighs_every_cost() -> None:
    problem = four_stops()
    chosen = weights(problem, Objective.DAILY)
    worst = Terms(penalties=3000, fixed_cost=500, distance_cost=24_000 * 6, duration_cost=36_000)
    assert chosen.total(Terms(must_go_left=1)) > chosen.total(worst)


def test_shipments_outweigh_vehicles_and_vehicles_outweigh_metres() -> None:
    problem = four_stops()
    chosen = weights(problem, Objective.HIER)
    assert chosen.total(Terms(left=1)) > chosen.total(most(problem))
    assert chosen.total(Terms(vehicles=1)) > chosen.total(Terms(distance=24_000 * 6))


def test_distance_counts_metres_after_shipments() -> None:
    problem = four_stops()
    chosen = weights(problem, Objective.DISTANCE)
    assert chosen.total(Terms(distance=7, vehicles=3)) == 7
    assert chosen.total(Terms(left=1)) > chosen.total(Terms(distance=24_000 * 6))


def test_unreachable_pairs_do_not_inflate_the_weights() -> None:
    problem = four_stops()
    distances = problem.distances[0].copy()
    distances[0, 4] = UNREACHABLE
    assert weights(replace(problem, distances=(distances,)), Objective.DISTANCE) == weights(problem, Objective.DISTANCE)


def test_numbers_that_could_overflow_are_refused() -> None:
    problem = four_stops()
    dear = replace(problem.vehicle_types[0], unit_distance_cost=2**45)
    with pytest.raises(InvalidProblemError, match="63 bits"):
        weights(replace(problem, vehicle_types=(dear,)), Objective.DAILY)


@pytest.mark.parametrize("objective", Objective)
def test_the_worst_total_fits_in_63_bits(objective: Objective) -> None:
    problem = four_stops()
    long_roads = np.where(problem.distances[0] > 0, 2**30, 0).astype(np.int32)
    chosen = weights(replace(problem, distances=(long_roads,)), objective)
    left = Terms(must_go_left=4, left=4, vehicles=1, distance=2**30 * 6)
    assert 0 < chosen.total(left) <= INT64_MAX
