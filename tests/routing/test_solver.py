"""The one door: limits, repeatability, progress, cancellation, every feature through the checker."""

from __future__ import annotations

import threading
import time
from dataclasses import replace

import numpy as np
import pytest

from routing.checker import check
from routing.errors import EngineError, InvalidProblemError, UnsupportedProblemError
from routing.model import (
    FOREVER,
    UNREACHABLE,
    Action,
    Break,
    Depot,
    FrozenRoute,
    FrozenVisit,
    Preferences,
    Problem,
    Shipment,
    Task,
    TimeWindow,
    VehicleType,
)
from routing.objective import Objective, measure, weights
from routing.solution import Constraint
from routing.solver import Progress, Result, solve
from routing.stopping import StoppingCriterion
from tests.routing.exhaustive import best_total
from tests.routing.samples import four_stops, random_problem

FEW = StoppingCriterion(iterations=30)


def solved(problem: Problem, objective: Objective = Objective.DAILY, seed: int = 0) -> Result:
    result = solve(problem, FEW, seed, objective=objective)
    assert check(problem, result.solution, objective=objective) == ()
    assert all(left.reasons for left in result.solution.unassigned)
    assert result.total == weights(problem, objective).total(result.terms)
    assert result.terms == measure(problem, result.solution)
    return result


def with_vehicle(problem: Problem, **changes: object) -> Problem:
    return replace(problem, vehicle_types=tuple(replace(v, **changes) for v in problem.vehicle_types))  # type: ignore[arg-type]


def with_shipment(problem: Problem, number: int, **changes: object) -> Problem:
    shipments = list(problem.shipments)
    shipments[number] = replace(shipments[number], **changes)  # type: ignore[arg-type]
    return replace(problem, shipments=tuple(shipments))


def trips_of(result: Result) -> list[list[set[int]]]:
    """Shipments by trip by route."""
    return [[{t.shipment for v in trip.visits for t in v.tasks} for trip in r.trips] for r in result.solution.routes]


# -- the four stops, where the best answer is known ------------------------------------------------------------------


@pytest.mark.parametrize("objective", list(Objective))
def test_four_stops_are_solved_to_the_optimum(objective: Objective) -> None:
    problem = replace(four_stops(), shipments=four_stops().shipments[:3])
    assert solved(problem, objective).total == best_total(problem, objective)


def test_a_may_go_shipment_stays_when_its_penalty_is_less_than_its_detour() -> None:
    problem = with_shipment(four_stops(), 3, must_go=False, penalty=10)
    result = solved(replace(problem, shipments=(problem.shipments[3],)))
    assert result.solution.routes == ()
    assert [r.constraint for r in result.solution.unassigned[0].reasons] == [Constraint.COST]


def test_a_must_go_shipment_is_carried_at_any_cost() -> None:
    problem = with_vehicle(four_stops(), fixed_cost=10**9)
    assert solved(problem).terms.must_go_left == 0


def test_a_shipment_released_late_leaves_with_a_later_trip() -> None:
    problem = with_vehicle(with_shipment(four_stops(), 1, release=36_000), max_trips=2, tw_late=43_200)
    problem = with_shipment(with_shipment(problem, 0, must_go=True), 1, must_go=True)
    narrow = replace(problem.stops[0], windows=(TimeWindow(25_200, 28_800),))
    result = solved(replace(problem, stops=(narrow, *problem.stops[1:])))
    assert result.terms.left == 0
    [[first, second]] = trips_of(result)
    assert 0 in first
    assert 1 in second
    assert result.solution.routes[0].trips[1].departs >= 36_000


def test_a_shipment_with_a_cut_off_returns_with_an_earlier_trip() -> None:
    problem = with_vehicle(with_shipment(four_stops(), 2, latest_return=32_400, must_go=True), max_trips=2)
    problem = with_shipment(problem, 0, must_go=True)
    late = replace(problem.stops[0], windows=(TimeWindow(39_600, 43_200),))
    result = solved(replace(problem, stops=(late, *problem.stops[1:])))
    assert result.terms.must_go_left == 0
    assert result.solution.routes[0].trips[0].returns <= 32_400


def test_capacity_makes_a_second_trip() -> None:
    base = four_stops()
    problem = replace(base, shipments=tuple(replace(s, must_go=True) for s in base.shipments[:2]))
    result = solved(with_vehicle(problem, capacity=(1,), max_trips=2, reload_duration=300))
    assert [len(trips) for trips in trips_of(result)] == [2]


def test_deliveries_and_collections_share_the_capacity() -> None:
    both = (Shipment(delivery=2, load=(2,), must_go=True), Shipment(pickup=0, load=(2,), must_go=True))
    result = solved(replace(with_vehicle(four_stops(), capacity=(3,)), shipments=both))
    assert [visit.stop for visit in result.solution.routes[0].visits] == [2, 0]


def test_collected_cash_fills_the_capacity() -> None:
    paid = tuple(Shipment(delivery=k, collected=(0, 60), must_go=True) for k in (0, 1))
    problem = replace(with_vehicle(four_stops(), capacity=(9, 100), num_available=2), shipments=paid)
    assert solved(problem).terms.vehicles == 2


def test_the_ride_time_is_kept() -> None:
    problem = replace(four_stops(), shipments=(Shipment(delivery=3, max_ride=2460), Shipment(delivery=0, max_ride=600)))
    problem = replace(problem, shipments=tuple(replace(s, must_go=True) for s in problem.shipments))
    assert solved(problem).terms.left == 0
    assert solved(with_shipment(problem, 0, max_ride=2459)).terms.left == 1


def test_a_break_is_taken() -> None:
    problem = with_vehicle(with_shipment(four_stops(), 0, must_go=True), breaks=(Break(3600, 39_600, 46_800),))
    early = replace(problem.stops[0], windows=(TimeWindow(25_200, 28_800),))
    late = replace(problem.stops[3], windows=(TimeWindow(54_000, 57_600),))
    result = solved(replace(problem, stops=(early, *problem.stops[1:3], late)))
    assert sum(len(trip.breaks) for trip in result.solution.routes[0].trips) == 1


def test_couriers_with_different_breaks_each_take_theirs() -> None:
    base = with_shipment(four_stops(), 0, must_go=True)
    rests = (Break(3600, 39_600, 43_200), Break(1800, 36_000, 37_800))
    fleet = tuple(replace(base.vehicle_types[0], breaks=(rest,)) for rest in rests)
    assert solved(replace(base, vehicle_types=fleet)).terms.must_go_left == 0


def test_overtime_is_paid_rather_than_a_must_go_left() -> None:
    problem = with_vehicle(four_stops(), tw_late=27_000, max_overtime=7200, unit_overtime_cost=5)
    result = solved(replace(problem, shipments=problem.shipments[3:]))
    assert result.terms.must_go_left == 0
    assert result.terms.overtime_cost > 0


def test_skills_depots_and_locks_choose_the_vehicle() -> None:
    base = four_stops()
    fleet = (base.vehicle_types[0], replace(base.vehicle_types[0], skills=frozenset({7})))
    shipments = (
        Shipment(delivery=0, must_go=True, skills=frozenset({7})),
        Shipment(delivery=1, must_go=True, vehicle_types=frozenset({0})),
        Shipment(delivery=2, must_go=True, skills=frozenset({8})),
        Shipment(delivery=3, must_go=True, vehicle_types=frozenset()),
    )
    result = solved(replace(base, vehicle_types=fleet, shipments=shipments))
    assert [(route.vehicle_type, route.tasks[0].shipment) for route in result.solution.routes] == [(0, 1), (1, 0)]
    assert [u.reasons[0].constraint for u in result.solution.unassigned] == [Constraint.SKILLS, Constraint.LOCKS]


def test_the_published_plan_is_kept_when_change_costs() -> None:
    base = four_stops()
    fleet = (replace(base.vehicle_types[0], fixed_cost=0), replace(base.vehicle_types[0], fixed_cost=100))
    kept = (Shipment(delivery=0, must_go=True, published=1),)
    problem = replace(base, vehicle_types=fleet, shipments=kept)
    assert solved(problem).solution.routes[0].vehicle_type == 0
    assert solved(replace(problem, preferences=Preferences(change_cost=200))).solution.routes[0].vehicle_type == 1


def test_couriers_stay_in_their_communes_when_strangers_cost() -> None:
    base = four_stops()
    stops = tuple(replace(stop, zone=k) for k, stop in enumerate(base.stops))
    knows = (frozenset({1, 2, 3}), frozenset({0}))
    fleet = tuple(replace(base.vehicle_types[0], fixed_cost=k, zones=zones) for k, zones in enumerate(knows))
    problem = replace(base, stops=stops, vehicle_types=fleet, shipments=(Shipment(delivery=0, must_go=True),))
    assert solved(problem).solution.routes[0].vehicle_type == 0
    assert solved(replace(problem, preferences=Preferences(unfamiliar_cost=9))).solution.routes[0].vehicle_type == 1


def test_balance_uses_both_couriers() -> None:
    base = with_vehicle(four_stops(), fixed_cost=0, unit_distance_cost=0, num_available=2)
    problem = replace(base, shipments=tuple(replace(s, must_go=True) for s in base.shipments))
    assert solved(replace(problem, preferences=Preferences(unit_balance_cost=100))).terms.vehicles == 2


def test_limits_of_distance_and_duration_are_kept() -> None:
    problem = replace(four_stops(), shipments=(Shipment(delivery=3, must_go=True), Shipment(delivery=0, must_go=True)))
    assert solved(with_vehicle(problem, max_distance=12_000)).terms.left == 1
    assert solved(with_vehicle(problem, max_duration=1_260)).terms.left == 1


# -- frozen parts ----------------------------------------------------------------------------------------------------


def frozen(*, complete: bool, available_at: int = 0) -> Problem:
    begun = (FrozenVisit(1, (Task(1, Action.DELIVER), Task(3, Action.COLLECT))),)
    part = FrozenRoute(0, (begun,), available_at, complete)
    base = four_stops()
    shipments = tuple(replace(s, must_go=True) for s in base.shipments)
    fleet = (base.vehicle_types[0], replace(base.vehicle_types[0], fixed_cost=5000))
    return replace(base, shipments=shipments, vehicle_types=fleet, frozen=(part,))


def test_a_frozen_part_is_kept_and_the_rest_goes_on_behind_it() -> None:
    result = solved(frozen(complete=False, available_at=36_000))
    assert result.terms.left == 0
    begun = next(route for route in result.solution.routes if route.vehicle_type == 0)
    assert begun.visits[0].stop == 1
    assert begun.visits[0].leaves >= 36_000
    assert Task(3, Action.DELIVER) in begun.tasks


def test_a_complete_route_takes_nothing_more() -> None:
    base = frozen(complete=True)
    whole = replace(base.frozen[0], trips=((FrozenVisit(1, (Task(1, Action.DELIVER),)),),))
    result = solved(replace(base, frozen=(whole,)))
    by_type = {route.vehicle_type: route for route in result.solution.routes}
    assert by_type[0].tasks == (Task(1, Action.DELIVER),)
    assert result.terms.left == 0


def test_a_frozen_part_that_cannot_be_driven_is_an_error() -> None:
    with pytest.raises(EngineError, match="frozen"):
        solve(with_vehicle(frozen(complete=False), tw_late=25_300), FEW)


# -- nothing to do ---------------------------------------------------------------------------------------------------


def test_no_shipments_need_no_vehicle() -> None:
    assert solved(replace(four_stops(), shipments=())).solution.routes == ()


def test_without_vehicles_everything_stays() -> None:
    result = solved(replace(four_stops(), vehicle_types=()))
    assert result.terms.left == 4
    assert {r.constraint for u in result.solution.unassigned for r in u.reasons} == {Constraint.FLEET}


def test_an_unreachable_stop_stays_with_that_reason() -> None:
    base = four_stops()
    cut = base.durations[0].copy()
    cut[4, :4] = cut[:4, 4] = UNREACHABLE
    shipments = tuple(replace(s, must_go=True) for s in base.shipments)
    result = solved(replace(base, durations=(cut,), shipments=shipments))
    assert [(u.shipment, u.reasons[0].constraint) for u in result.solution.unassigned] == [(3, Constraint.REACHABILITY)]


def test_a_shift_that_is_too_short_leaves_everything() -> None:
    assert solved(with_vehicle(four_stops(), tw_late=25_300)).terms.left == 4


def test_a_load_that_no_vehicle_can_carry_stays() -> None:
    result = solved(with_shipment(four_stops(), 0, load=(9,)))
    assert [u.reasons[0].constraint for u in result.solution.unassigned] == [Constraint.CAPACITY]


def test_costs_that_overflow_are_refused() -> None:
    with pytest.raises(InvalidProblemError, match="63 bits"):
        solve(with_vehicle(four_stops(), fixed_cost=2**62), FEW)


def test_more_breaks_than_can_be_told_apart_are_refused() -> None:
    rests = tuple(Break(60, 30_000 + 600 * k, 30_300 + 600 * k) for k in range(7))
    with pytest.raises(UnsupportedProblemError, match="6 breaks at most, got 7"):
        solve(with_vehicle(four_stops(), breaks=rests), FEW)


def test_several_are_worth_a_vehicle_that_none_of_them_is_alone() -> None:
    cheap = tuple(replace(s, must_go=False, penalty=20_000) for s in four_stops().shipments)
    problem = replace(with_vehicle(four_stops(), fixed_cost=25_000, unit_duration_cost=0), shipments=cheap)
    assert solve(problem, StoppingCriterion(iterations=300)).terms.left == 0
    # Thirty doors are more than few, and still: 120,000 for leaving them all against 100,000 for one courier's day.
    doors = tuple(replace(s, penalty=4000) for s in town().shipments)
    fleet = (replace(town().vehicle_types[0], capacity=(30,), fixed_cost=40_000, unit_duration_cost=0),)
    crowd = replace(town(), shipments=doors, vehicle_types=fleet)
    assert solve(crowd, StoppingCriterion(iterations=2000)).terms.left < 10


def test_what_is_collected_for_the_first_base_goes_with_a_trip_before_the_last() -> None:
    wanted = Shipment(pickup=0, depot=0, must_go=True), Shipment(pickup=1, depot=1, must_go=True)
    problem = replace(four_stops(), depots=(Depot(0), Depot(4)), shipments=wanted)
    result = solved(with_vehicle(problem, end_depot=1, max_trips=2))
    (route,) = result.solution.routes
    assert [[visit.stop for visit in trip.visits] for trip in route.trips] == [[0], [1]]


@pytest.mark.slow
def test_a_lone_shipment_is_never_passed_over() -> None:
    lone = replace(four_stops(), shipments=four_stops().shipments[3:])
    assert {solve(lone, FEW, seed).terms.left for seed in range(300)} == {0}


# -- limits, seeds, progress -----------------------------------------------------------------------------------------


def town(stops: int = 30) -> Problem:
    rng = np.random.default_rng(5)
    points = rng.integers(0, 6000, (stops + 1, 2))
    metres = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1)).astype(np.int32)
    door = four_stops().stops[0]
    return replace(
        four_stops(),
        stops=tuple(replace(door, location=k + 1) for k in range(stops)),
        shipments=tuple(Shipment(delivery=k, load=(1,), penalty=10**6) for k in range(stops)),
        vehicle_types=(replace(four_stops().vehicle_types[0], capacity=(12,), num_available=4),),
        distances=(metres,),
        durations=((metres // 8).astype(np.int32),),
    )


def test_the_same_seed_and_iterations_give_the_same_solution() -> None:
    stop = StoppingCriterion(iterations=60)
    assert solve(town(), stop, 3).solution == solve(town(), stop, 3).solution


def test_the_seed_matters() -> None:
    stop = StoppingCriterion(iterations=25)
    assert len({repr(solve(town(), stop, seed).solution) for seed in range(4)}) > 1


def test_iterations_are_counted_and_limited() -> None:
    assert solve(town(), StoppingCriterion(iterations=25)).iterations == 25


def test_a_search_with_nothing_left_to_change_ends_by_itself() -> None:
    one = replace(four_stops(), shipments=four_stops().shipments[:1])
    assert solve(one, StoppingCriterion(iterations=10**9)).iterations < 10**6


def test_iterations_left_over_at_the_end_end_too() -> None:
    assert solve(town(8), StoppingCriterion(iterations=3000)).iterations == 3000


def test_a_fleet_without_end_is_no_burden() -> None:
    many = with_vehicle(town(), num_available=10**6)
    began = time.monotonic()
    assert solve(many, StoppingCriterion(iterations=50)).terms.left == 0
    assert time.monotonic() - began < 5


def test_seconds_are_kept() -> None:
    began = time.monotonic()
    result = solve(town(), StoppingCriterion(seconds=0.6))
    assert time.monotonic() - began < 0.6 + 2  # a busy machine may add some
    assert result.terms.left == 0


def test_progress_is_checked_and_ever_better() -> None:
    seen: list[Progress] = []
    result = solve(town(), StoppingCriterion(iterations=80), on_progress=seen.append)
    assert all(check(town(), progress.solution) == () for progress in seen)
    totals = [progress.total for progress in seen]
    assert totals == sorted(totals, reverse=True)
    assert len(set(totals)) == len(totals)
    assert totals[-1] == result.total


def test_a_cancelled_search_keeps_the_best_so_far() -> None:
    cancel = threading.Event()
    result = solve(town(), StoppingCriterion(cancel=cancel), on_progress=lambda _: cancel.set())
    assert result.terms.left == 0


def test_no_improvement_ends_the_search() -> None:
    assert solve(town(8), StoppingCriterion(no_improvement=0.3)).seconds < 20


def test_a_start_is_never_made_worse() -> None:
    good = solve(town(), StoppingCriterion(iterations=400))
    assert solve(town(), StoppingCriterion(iterations=1), 1, start=good.solution).total <= good.total


def test_a_start_of_several_trips_is_taken_up() -> None:
    problem = with_vehicle(four_stops(), max_trips=2, capacity=(1,))
    good = solved(problem)
    again = solve(problem, StoppingCriterion(iterations=5), start=good.solution)
    assert again.total <= good.total


@pytest.mark.slow
def test_more_cores_repeat_and_are_as_good() -> None:
    stop = StoppingCriterion(iterations=3000)
    alone, together = (solve(town(), stop, 2, cores=cores) for cores in (1, 2))
    assert together.total <= 1.02 * alone.total
    assert solve(town(), stop, 2, cores=2).solution == together.solution


def test_cores_are_at_least_one() -> None:
    with pytest.raises(ValueError, match="core"):
        solve(four_stops(), FEW, cores=0)


# -- against every order ---------------------------------------------------------------------------------------------


def tiny(seed: int) -> Problem:
    problem = random_problem(seed, num_shipments=3, num_vehicle_types=1 + seed % 2)
    return replace(
        problem, vehicle_types=tuple(replace(v, max_trips=min(v.max_trips, 2)) for v in problem.vehicle_types)
    )


@pytest.mark.slow
def test_tiny_problems_are_never_better_than_the_optimum_and_mostly_reach_it() -> None:
    reached, count = 0, 60
    for seed in range(count):
        problem, objective = tiny(seed), list(Objective)[seed % 3]
        found, best = solved(problem, objective, seed).total, best_total(problem, objective)
        assert found >= best, seed
        reached += found == best
    assert reached >= 0.85 * count


@pytest.mark.parametrize("seed", range(12))
def test_the_whole_vocabulary_passes_the_checker(seed: int) -> None:
    problem, objective = random_problem(seed, num_shipments=6, num_vehicle_types=2), list(Objective)[seed % 3]
    wishes = Preferences(unit_balance_cost=seed % 3, unfamiliar_cost=seed, change_cost=2 * seed)
    problem = replace(problem, preferences=wishes)
    result = solved(problem, objective, seed)
    assert check(problem, result.solution, objective=objective, total=result.total) == ()


def test_an_idle_day_is_open_ended() -> None:
    vehicle = VehicleType(tw_late=FOREVER)
    problem = replace(four_stops(), vehicle_types=(vehicle,))
    assert solved(problem).terms.left == 0
