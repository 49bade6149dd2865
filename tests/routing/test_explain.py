"""Why a shipment stayed: what binds and by how much, and the least that would have let it be carried."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from time import process_time

import numpy as np
import pytest

from routing.drafts import Clock, DraftTrips, draft_of, idle_draft, solution_of
from routing.explain import FEWEST_TRIES, MOST_REASONS, reasons
from routing.explaining.chains import Verdict, verdict
from routing.explaining.effort import EFFORTS, effort
from routing.explaining.excerpt import route_excerpt
from routing.explaining.relaxing import relaxed
from routing.model import (
    FOREVER,
    UNREACHABLE,
    Break,
    Depot,
    FrozenRoute,
    FrozenVisit,
    Preferences,
    Problem,
    Shipment,
    Stop,
    Task,
    TimeWindow,
)
from routing.objective import Objective
from routing.prices import prices
from routing.reference.insertion import Inserter, lots_of
from routing.schedule import Conflict, time_route
from routing.scheduling.admission import first_conflict
from routing.scheduling.layout import lay_out
from routing.solution import Change, Constraint, Reason, Relaxation, Route, Solution, Unassigned
from tests.routing.additions import can_be_added
from tests.routing.samples import (
    collect,
    deliver,
    four_stops,
    line_matrix,
    random_problem,
    random_sequence,
    without_limits,
)

SEVEN = 25_200
"""The shift of `four_stops` begins."""


def all_left(problem: Problem) -> Solution:
    return Solution((), tuple(Unassigned(number) for number in range(len(problem.shipments))))


def why(problem: Problem) -> tuple[Reason, ...]:
    """The reasons of the first shipment when everything stays."""
    return reasons(problem, all_left(problem)).unassigned[0].reasons


def driven(problem: Problem, trips: Sequence[Sequence[tuple[int, Sequence[Task]]]]) -> Solution:
    """The first courier drives these trips; all else stays."""
    route = time_route(problem, 0, trips)
    assert isinstance(route, Route), route
    return solution_of(problem, [route])


def only(shipment: Shipment, **vehicle: object) -> Problem:
    base = four_stops()
    return replace(base, shipments=(shipment,), vehicle_types=(replace(base.vehicle_types[0], **vehicle),))  # type: ignore[arg-type]


def with_stop(problem: Problem, number: int, *windows: TimeWindow) -> Problem:
    stops = list(problem.stops)
    stops[number] = replace(stops[number], windows=windows)
    return replace(problem, stops=tuple(stops))


# -- what binds ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shipment", "constraint", "amount", "helps"),
    [
        (
            Shipment(delivery=0, load=(5,)),
            Constraint.CAPACITY,
            2,
            Relaxation(Change.CAPACITY_LARGER, 2, 0, dimension=0),
        ),
        (
            Shipment(delivery=0, skills=frozenset({1, 2})),
            Constraint.SKILLS,
            2,
            Relaxation(Change.SKILL_MORE, 1, 0, shipment=0),
        ),
        (
            Shipment(delivery=0, vehicle_types=frozenset()),
            Constraint.LOCKS,
            1,
            Relaxation(Change.UNLOCK, 1, 0, shipment=0),
        ),
        # A line's cut-off concerns everybody along it: rather begin the shift 460 s earlier.
        (
            Shipment(pickup=0, latest_return=26_000),
            Constraint.LATEST_RETURN,
            460,
            Relaxation(Change.SHIFT_EARLIER, 460, 0),
        ),
    ],
)
def test_the_binding_constraint_is_named_with_its_amount(
    shipment: Shipment, constraint: Constraint, amount: int, helps: Relaxation
) -> None:
    assert why(only(shipment)) == (Reason(constraint, 0, amount, helps),)


def test_the_closest_vehicle_comes_first() -> None:
    base = only(Shipment(delivery=3), tw_late=28_000)
    fleet = tuple(replace(base.vehicle_types[0], tw_late=late) for late in (28_000, 30_000, 29_000))
    # There and back takes until 30,060.
    told = why(replace(base, vehicle_types=fleet))
    assert told == (Reason(Constraint.SHIFT, 1, 60, Relaxation(Change.OVERTIME, 60, 1)),)


def test_different_constraints_are_all_told_but_not_too_many() -> None:
    base = only(Shipment(delivery=3, load=(2,), skills=frozenset({4})))
    skilled = replace(base.vehicle_types[0], skills=frozenset({4}))
    fleet = (base.vehicle_types[0], replace(skilled, capacity=(1,)), replace(skilled, tw_late=29_000), skilled)
    told = why(replace(base, vehicle_types=fleet[:3]))
    # What asks least comes first: overtime, then a permission, then a larger vehicle.
    assert [(r.constraint, r.vehicle_type) for r in told] == [
        (Constraint.SHIFT, 2),
        (Constraint.SKILLS, 0),
        (Constraint.CAPACITY, 1),
    ]
    assert len(told) <= MOST_REASONS


def test_what_could_be_carried_but_is_too_dear_says_so() -> None:
    problem = only(Shipment(delivery=0, penalty=100))
    # Fixed 500, 12 km, 1,200 s of driving, 60 s of set-up.
    amount = 500 + 12_000 + 1_260 - 100
    dearer = Relaxation(Change.PENALTY_HIGHER, amount, 0, shipment=0)
    assert why(problem) == (Reason(Constraint.COST, 0, amount, dearer),)
    assert why(relaxed(problem, dearer)) == (Reason(Constraint.COST, 0, 0),)


def test_what_would_disturb_is_part_of_the_price() -> None:
    problem = only(Shipment(delivery=0))
    other = replace(problem.vehicle_types[0], tw_early=SEVEN + 1, skills=frozenset({7}))
    stranger = replace(problem.vehicle_types[0], zones=frozenset({9}))
    stops = (replace(problem.stops[0], zone=3), *problem.stops[1:])
    wishes = Preferences(unit_balance_cost=2, unfamiliar_cost=70, change_cost=5)
    problem = replace(problem, stops=stops, vehicle_types=(stranger, other), preferences=wishes)
    moved = replace(problem.shipments[0], vehicle_types=frozenset({0}), published=1)
    problem = replace(problem, shipments=(moved,))
    assert why(problem)[0].amount == 500 + 12_000 + 1_260 + 2 * 1_260 + 70 + 5


def test_must_go_has_no_price() -> None:
    assert why(only(Shipment(delivery=0, must_go=True))) == (Reason(Constraint.COST, 0, 0),)


def test_without_vehicles_the_fleet_is_the_reason() -> None:
    assert why(replace(four_stops(), vehicle_types=())) == (Reason(Constraint.FLEET),)


def test_no_change_makes_a_road() -> None:
    problem = only(Shipment(delivery=0))
    cut = problem.durations[0].copy()
    cut[0, 1] = UNREACHABLE
    assert why(replace(problem, durations=(cut,))) == (Reason(Constraint.REACHABILITY, 0, 1),)


def test_routes_stay_and_nothing_left_needs_no_reason() -> None:
    assert reasons(four_stops(), Solution()) == Solution()


# -- the least that would help, computed by hand ---------------------------------------------------------------------


def help_for(problem: Problem, solution: Solution | None = None) -> list[Relaxation]:
    """What would help the first shipment left behind, what asks least first."""
    told = reasons(problem, solution or all_left(problem)).unassigned[0]
    return [reason.relaxation for reason in told.reasons if reason.relaxation is not None]


def test_a_door_that_closes_ten_minutes_later() -> None:
    problem = with_stop(only(Shipment(delivery=3), tw_early=0), 3, TimeWindow(0, 1_800))
    # Four drives of ten minutes from midnight: 2,400.
    later = Relaxation(Change.WINDOW_LATER, 600, 0, stop=3, window=0)
    assert why(problem) == (Reason(Constraint.TIME_WINDOWS, 0, 600, later),)


def test_the_shift_begins_earlier_rather_than_a_door_closes_later() -> None:
    problem = with_stop(only(Shipment(delivery=3)), 3, TimeWindow(0, 27_000))
    assert help_for(problem) == [Relaxation(Change.SHIFT_EARLIER, 600, 0)]


def test_a_door_that_opens_earlier() -> None:
    problem = with_stop(only(Shipment(delivery=0), tw_late=30_000), 0, TimeWindow(30_000, FOREVER))
    # Service 60 s and ten minutes back: at the door at 29,340 at the latest. Overtime of 660 s asks less.
    assert help_for(problem) == [Relaxation(Change.OVERTIME, 660, 0)]
    closing = replace(problem, shipments=(Shipment(pickup=0, latest_return=30_000),))
    closing = replace(closing, vehicle_types=(replace(closing.vehicle_types[0], tw_late=FOREVER),))
    assert help_for(closing) == [Relaxation(Change.WINDOW_EARLIER, 660, 0, stop=0, window=0)]


def test_a_lunch_that_begins_a_minute_later() -> None:
    # At stop 0 at 25,800, one minute after it closed; open again at 40,000, back at 40,660.
    windows = TimeWindow(0, 25_740), TimeWindow(40_000, FOREVER)
    problem = with_stop(only(Shipment(pickup=0, latest_return=30_000), tw_early=SEVEN), 0, *windows)
    assert help_for(problem) == [Relaxation(Change.SHIFT_EARLIER, 60, 0)]
    at_midnight = replace(problem, vehicle_types=(replace(problem.vehicle_types[0], tw_early=0),))
    at_midnight = with_stop(at_midnight, 0, TimeWindow(0, 540), TimeWindow(40_000, FOREVER))
    assert help_for(at_midnight) == [Relaxation(Change.WINDOW_LATER, 60, 0, stop=0, window=0)]


def test_windows_that_grow_together_become_one() -> None:
    problem = with_stop(four_stops(), 0, TimeWindow(10, 20), TimeWindow(30, 40))
    later = relaxed(problem, Relaxation(Change.WINDOW_LATER, 9, stop=0, window=0))
    assert later.stops[0].windows == (TimeWindow(10, 40),)
    earlier = relaxed(problem, Relaxation(Change.WINDOW_EARLIER, 100, stop=0, window=1))
    assert earlier.stops[0].windows == (TimeWindow(0, 40),)


def test_a_window_may_grow_over_the_one_before_it_whole() -> None:
    problem = with_stop(four_stops(), 0, TimeWindow(10, 20), TimeWindow(22, 24), TimeWindow(30, 40))
    earlier = relaxed(problem, Relaxation(Change.WINDOW_EARLIER, 29, stop=0, window=2))
    assert earlier.stops[0].windows == (TimeWindow(1, 40),)


def test_a_line_that_comes_in_earlier_and_one_that_waits() -> None:
    problem = only(Shipment(delivery=3, release=30_000), tw_late=FOREVER)
    problem = with_stop(problem, 3, TimeWindow(0, 32_000))
    # 30,000 + 2,400 is 400 too late. The door would ask 900 + 400, the line 1,800 + 800.
    assert help_for(problem) == [Relaxation(Change.WINDOW_LATER, 400, 0, stop=3, window=0)]
    both = replace(problem, shipments=(*problem.shipments, Shipment(delivery=2, release=30_000)))
    both = with_stop(with_stop(both, 3, TimeWindow(0, 32_460)), 2, TimeWindow(0, 31_700))
    solution = Solution((), (Unassigned(1), Unassigned(0)))
    assert help_for(both, solution) == [Relaxation(Change.WINDOW_LATER, 100, 0, stop=2, window=0)]


def test_all_of_a_line_is_released_earlier() -> None:
    """Two doors too late for what comes at 30,000: only the line, earlier, helps, and it brings both shipments."""
    problem = only(Shipment(delivery=3, release=30_000), tw_late=FOREVER)
    shipments = (problem.shipments[0], Shipment(delivery=2, release=30_000, load=(1,)))
    problem = replace(problem, shipments=shipments)
    problem = with_stop(with_stop(problem, 2, TimeWindow(0, 31_800)), 3, TimeWindow(0, 31_900))
    solution = driven(problem, [[(2, [deliver(1)])]])
    # After stop 2 (31,800, 60 s) stop 3 is reached at 32,460: 560 late; before it, two doors are late.
    asked = reasons(problem, solution).unassigned[0].reasons[0].relaxation
    assert asked == Relaxation(Change.WINDOW_LATER, 560, 0, stop=3, window=0)
    line = Relaxation(Change.RELEASE_EARLIER, 560, 0, shipment=0)
    assert [s.release for s in relaxed(problem, line).shipments] == [29_440, 29_440]
    assert can_be_added(relaxed(problem, line), solution, 0)
    assert not can_be_added(relaxed(problem, replace(line, amount=559)), solution, 0)


def test_a_line_waits_when_nothing_else_may_give_way() -> None:
    problem = only(Shipment(pickup=0, latest_return=1_000), tw_early=0)
    # Ten minutes there, 60 s, ten minutes back; nothing begins before midnight.
    assert help_for(problem) == [Relaxation(Change.RETURN_LATER, 260, 0, shipment=0)]


def test_a_base_that_stays_open() -> None:
    problem = replace(only(Shipment(delivery=0), tw_early=0), depots=(Depot(0, 0, 1_200),))
    assert help_for(problem) == [Relaxation(Change.DEPOT_LATER, 60, 0, depot=0)]


def test_a_base_that_opens_earlier() -> None:
    problem = replace(only(Shipment(delivery=0), tw_early=0), depots=(Depot(0, 1_000),))
    problem = with_stop(problem, 0, TimeWindow(0, 1_500))
    # The door 900 + 100, the base 1,200 + 100.
    assert help_for(problem) == [Relaxation(Change.WINDOW_LATER, 100, 0, stop=0, window=0)]
    earlier = Relaxation(Change.DEPOT_EARLIER, 100, 0, depot=0)
    assert relaxed(problem, earlier).depots[0].tw_early == 900
    assert can_be_added(relaxed(problem, earlier), all_left(problem), 0)


def test_a_break_that_may_begin_later() -> None:
    rest = Break(600, 25_300, 25_500)
    problem = only(Shipment(pickup=0, latest_return=28_000), tw_early=SEVEN, breaks=(rest,))
    # At the door as it closes, 25,800, served until 25,860: only then is there time to rest.
    problem = with_stop(problem, 0, TimeWindow(25_800, 25_800))
    told = why(problem)[0]
    assert (told.constraint, told.relaxation) == (Constraint.BREAKS, Relaxation(Change.BREAK_LATER, 360, 0))


def test_a_break_is_counted_in_the_overtime() -> None:
    rest = Break(600, 25_200, 25_900)
    problem = only(Shipment(delivery=0), breaks=(rest,), tw_late=26_700)
    # Back at 26,460 without rest, at 27,060 with it.
    assert why(problem) == (Reason(Constraint.SHIFT, 0, 360, Relaxation(Change.OVERTIME, 360, 0)),)


def test_a_longer_ride() -> None:
    problem = only(Shipment(pickup=0, delivery=3, max_ride=1_500))
    assert why(problem)[0].relaxation == Relaxation(Change.RIDE_LONGER, 300, 0, shipment=0)


@pytest.mark.parametrize(
    ("limit", "constraint", "relaxation"),
    [
        ({"max_distance": 11_000}, Constraint.MAX_DISTANCE, Relaxation(Change.DISTANCE_LONGER, 1_000, 0)),
        ({"max_duration": 1_200}, Constraint.MAX_DURATION, Relaxation(Change.DURATION_LONGER, 60, 0)),
    ],
)
def test_a_longer_route(limit: dict[str, int], constraint: Constraint, relaxation: Relaxation) -> None:
    assert why(only(Shipment(delivery=0), **limit)) == (Reason(constraint, 0, relaxation.amount, relaxation),)


def test_more_cash_in_one_dimension() -> None:
    problem = only(Shipment(delivery=0, load=(1,), collected=(0, 0, 700)), capacity=(3, 10, 500))
    assert help_for(problem) == [Relaxation(Change.CAPACITY_LARGER, 200, 0, dimension=2)]


def test_two_lacks_of_room_are_no_single_change() -> None:
    assert help_for(only(Shipment(delivery=0, load=(4, 9)), capacity=(3, 8))) == []


def test_another_base() -> None:
    problem = replace(only(Shipment(delivery=0)), depots=(Depot(0), Depot(4)))
    problem = replace(problem, shipments=(Shipment(delivery=0, depot=1),))
    assert help_for(problem) == [Relaxation(Change.OTHER_DEPOT, 1, 0, shipment=0)]


def test_another_trip_before_another_vehicle() -> None:
    problem = replace(four_stops(), shipments=(Shipment(delivery=0, load=(3,)), Shipment(delivery=1, load=(3,))))
    told = reasons(problem, driven(problem, [[(0, [deliver(0)])]])).unassigned[0].reasons
    assert [(reason.constraint, reason.relaxation) for reason in told] == [
        (Constraint.TRIPS, Relaxation(Change.TRIP_MORE, 1, 0)),
        (Constraint.CAPACITY, Relaxation(Change.CAPACITY_LARGER, 3, 0, dimension=0)),
        (Constraint.FLEET, Relaxation(Change.VEHICLE_MORE, 1, 0)),
    ]


def test_a_second_vehicle_when_all_are_out_all_day() -> None:
    problem = only(Shipment(delivery=0), tw_late=SEVEN + 5_000, max_overtime=0)
    far = Shipment(delivery=3)
    problem = replace(problem, shipments=(problem.shipments[0], far, Shipment(delivery=2)))
    problem = with_stop(with_stop(problem, 0, TimeWindow(SEVEN + 600, SEVEN + 600)), 3, TimeWindow(0, SEVEN + 2_400))
    solution = driven(problem, [[(3, [deliver(1)])]])
    told = reasons(problem, solution).unassigned[0].reasons
    fleet = next(reason for reason in told if reason.constraint is Constraint.FLEET)
    assert fleet == Reason(Constraint.FLEET, 0, 1, Relaxation(Change.VEHICLE_MORE, 1, 0))


def test_one_more_vehicle_is_like_a_begun_one_but_free() -> None:
    base = only(Shipment(delivery=0), tw_late=40_000)
    frozen = FrozenRoute(0, ((FrozenVisit(3, (deliver(1),)),),), available_at=30_000, complete=False)
    shipments = (Shipment(delivery=0, load=(3,)), Shipment(delivery=3, load=(3,)))
    problem = replace(base, shipments=shipments, frozen=(frozen,))
    told = reasons(problem, driven(problem, [[(3, [deliver(1)])]])).unassigned[0].reasons
    more = next(r.relaxation for r in told if r.constraint is Constraint.FLEET)
    assert more is not None
    larger = relaxed(problem, more)
    assert larger.vehicle_types[1] == replace(problem.vehicle_types[0], tw_early=30_000)
    assert isinstance(time_route(larger, 1, [[(0, [deliver(0)])]]), Route)


def test_a_complete_route_may_be_unlocked() -> None:
    base = only(Shipment(delivery=0), tw_late=40_000)
    frozen = FrozenRoute(0, ((FrozenVisit(3, (deliver(1),)),),), complete=True)
    problem = replace(base, shipments=(Shipment(delivery=0), Shipment(delivery=3)), frozen=(frozen,))
    told = reasons(problem, driven(problem, [[(3, [deliver(1)])]])).unassigned[0].reasons[0]
    assert told == Reason(Constraint.LOCKS, 0, 1, Relaxation(Change.UNLOCK, 1, 0, shipment=0))


def test_a_begun_vehicle_without_visits_is_tried_too() -> None:
    base = only(Shipment(delivery=0), tw_late=31_000)
    problem = replace(base, frozen=(FrozenRoute(0, (), available_at=30_000),))
    # Free at 30,000, back at 31,260.
    assert why(problem)[0] == Reason(Constraint.SHIFT, 0, 260, Relaxation(Change.OVERTIME, 260, 0))


def test_a_visit_joins_another_at_the_same_stop() -> None:
    """A set-up of its own would be too much: 60 s of overtime less."""
    shipments = (Shipment(delivery=0, delivery_duration=30), Shipment(delivery=0, delivery_duration=30))
    problem = replace(only(shipments[0], tw_late=26_500), shipments=shipments)
    told = reasons(problem, driven(problem, [[(0, [deliver(0)])]])).unassigned[0].reasons[0]
    assert told == Reason(Constraint.SHIFT, 0, 20, Relaxation(Change.OVERTIME, 20, 0))


def test_a_pair_straight_on() -> None:
    problem = only(Shipment(pickup=1, delivery=1), tw_late=SEVEN + 2_400)
    # Two visits at one place pay the set-up once.
    assert why(problem) == (Reason(Constraint.SHIFT, 0, 60, Relaxation(Change.OVERTIME, 60, 0)),)


# -- on random problems ----------------------------------------------------------------------------------------------


def plainer(problem: Problem, seed: int) -> Problem:
    """Mostly one break at most and no limit of duration, as couriers have it."""
    if random.Random(seed).random() < 0.4:
        return problem
    types = (replace(v, breaks=v.breaks[:1], max_duration=FOREVER) for v in problem.vehicle_types)
    return replace(problem, vehicle_types=tuple(types))


def filled(problem: Problem) -> Solution:
    """Everything inserted where it fits, in turn."""
    clock = Clock(problem)
    inserter = Inserter(problem, prices(problem, Objective.DAILY), clock)
    draft = idle_draft(problem)
    for lot in lots_of(problem, list(range(len(problem.shipments)))):
        inserted = inserter.insert(draft, lot, tries=10**6)
        draft = inserted.draft if inserted else draft
    timed = [clock.timed(route) for route in draft if route.trips]
    return solution_of(problem, [route for route in timed if isinstance(route, Route)])


@pytest.mark.slow
@pytest.mark.parametrize("seeds", [range(k, k + 20) for k in range(0, 120, 20)])
def test_every_told_change_is_enough_and_less_of_it_is_not(seeds: range) -> None:
    told = 0
    for seed in seeds:
        problem = plainer(random_problem(seed, num_shipments=7), seed)
        solution = filled(problem)
        for left in reasons(problem, solution).unassigned:
            assert left.reasons
            for asked in (reason.relaxation for reason in left.reasons if reason.relaxation is not None):
                if asked.change is Change.PENALTY_HIGHER:
                    continue
                told += 1
                assert can_be_added(relaxed(problem, asked), solution, left.shipment), (seed, asked)
                if asked.amount > 1:
                    less = replace(asked, amount=asked.amount - 1)
                    assert not can_be_added(relaxed(problem, less), solution, left.shipment), (seed, asked)
    assert told > 20


@pytest.mark.parametrize("seed", range(60))
def test_cost_is_a_reason_exactly_when_nothing_forbids_it(seed: int) -> None:
    problem = plainer(random_problem(seed, num_shipments=7), seed)
    solution = filled(problem)
    for left in reasons(problem, solution).unassigned:
        fits = can_be_added(problem, solution, left.shipment)
        assert fits == (left.reasons[0].constraint is Constraint.COST)


def test_the_quick_verdict_is_the_exact_schedule_s() -> None:
    seen = dict.fromkeys(Verdict, 0)
    for seed in range(400):
        problem = plainer(without_limits(random_problem(seed, num_shipments=4)), seed)
        trips = random_sequence(problem, seed)
        if first_conflict(problem, 0, trips) is not None:
            continue
        judged, _ = verdict(lay_out(problem, 0, trips, 0), problem.vehicle_types[0])
        seen[judged] += 1
        if judged is not Verdict.UNDECIDED:
            assert (judged is Verdict.FITS) == isinstance(time_route(problem, 0, trips), Route), seed
    assert min(seen[Verdict.FITS], seen[Verdict.TOO_LATE]) > 10


def test_a_route_takes_the_same_times_in_its_excerpt() -> None:
    for seed in range(60):
        problem = random_problem(seed, num_shipments=5)
        sequence: DraftTrips = tuple(
            tuple((stop, tuple(tasks)) for stop, tasks in trip) for trip in random_sequence(problem, seed)
        )
        excerpt = route_excerpt(problem, 1, [4, 2, 0, 1, 3])
        whole, part = time_route(problem, 1, sequence), time_route(excerpt.problem, 0, excerpt.trips(sequence))
        if isinstance(whole, Conflict) or isinstance(part, Conflict):
            assert whole == part
        else:
            assert [(v.starts, v.load, v.slack) for v in whole.visits] == [
                (v.starts, v.load, v.slack) for v in part.visits
            ]


def test_a_frozen_visit_at_which_nothing_is_done_is_in_the_excerpt() -> None:
    part = FrozenRoute(0, ((FrozenVisit(2, ()),),))
    excerpt = route_excerpt(replace(four_stops(), frozen=(part,)), 0, [0])
    assert excerpt.stops == (0, 2)
    assert excerpt.problem.frozen == (FrozenRoute(0, ((FrozenVisit(1, ()),),)),)


def test_every_change_has_an_effort_and_a_meaning() -> None:
    assert set(EFFORTS) == set(Change)
    problem = replace(four_stops(), shipments=(Shipment(delivery=0, penalty=5),))
    for change in Change:
        asked = Relaxation(change, 2, vehicle_type=0, stop=0, window=0, shipment=0, depot=0, dimension=0)
        assert relaxed(problem, asked).num_locations == problem.num_locations
        assert effort(problem, asked) >= 0


def test_minutes_come_before_a_vehicle_and_a_permission_before_room() -> None:
    problem = four_stops()

    def asks(change: Change, amount: int) -> int:
        return effort(problem, Relaxation(change, amount, 0, dimension=0))

    assert asks(Change.OVERTIME, 600) < asks(Change.WINDOW_LATER, 600) < asks(Change.RETURN_LATER, 600)
    assert asks(Change.WINDOW_LATER, 60) < asks(Change.WINDOW_LATER, 600) < asks(Change.VEHICLE_MORE, 1)
    assert asks(Change.SKILL_MORE, 1) < asks(Change.CAPACITY_LARGER, 1) < asks(Change.CAPACITY_LARGER, 2)
    assert asks(Change.VEHICLE_MORE, 1) < asks(Change.WINDOW_LATER, 5 * 3600)


def test_a_change_must_say_what_it_is_about() -> None:
    with pytest.raises(ValueError, match="does not say"):
        relaxed(four_stops(), Relaxation(Change.WINDOW_LATER, 60, 0, window=0))


# -- little time -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_everything_left_has_a_reason_even_in_a_hurry(seed: int) -> None:
    problem = random_problem(seed, num_shipments=9)
    told = reasons(problem, all_left(problem), hurry=lambda: True)
    assert [u.shipment for u in told.unassigned] == list(range(9))
    assert all(u.reasons for u in told.unassigned)
    assert FEWEST_TRIES >= 1


@pytest.mark.parametrize("patience", [0, 1, 2, 5, 20, 80])
def test_what_is_told_in_a_hurry_is_true_too(patience: int) -> None:
    for seed in range(30):
        problem = plainer(random_problem(seed, num_shipments=7), seed)
        solution, asked = filled(problem), count()
        told = reasons(problem, solution, hurry=lambda asked=asked: next(asked) >= patience)  # type: ignore[misc]
        for left in told.unassigned:
            for helps in (r.relaxation for r in left.reasons if r.relaxation and r.constraint is not Constraint.COST):
                assert can_be_added(relaxed(problem, helps), solution, left.shipment)


def test_must_go_shipments_are_explained_first() -> None:
    base = only(Shipment(delivery=3), tw_late=30_000)
    problem = replace(base, shipments=(Shipment(delivery=3), Shipment(delivery=3, must_go=True)))
    asked = count()
    told = reasons(problem, all_left(problem), hurry=lambda: next(asked) > 6).unassigned
    assert [bool(left.reasons[0].relaxation) for left in told] == [False, True]


def crowded_day(couriers: int, stops_each: int, left: int) -> tuple[Problem, Solution]:
    """Couriers whose shift is just long enough for what they do, and as many shipments too many as asked for."""
    rng = np.random.default_rng(5)
    count_of_stops = couriers * stops_each
    places = [0, *(int(x) for x in rng.integers(1, 4_000, count_of_stops + left))]
    shipments = [Shipment(delivery=k, load=(1,), delivery_duration=300) for k in range(count_of_stops + left)]
    courier = replace(
        four_stops().vehicle_types[0], capacity=(100,), tw_late=61_200, breaks=(Break(3600, 39_600, 48_600),)
    )
    problem = Problem(
        stops=tuple(Stop(k + 1, setup_duration=120) for k in range(count_of_stops + left)),
        shipments=tuple(shipments),
        vehicle_types=tuple(replace(courier, fixed_cost=k) for k in range(couriers)),
        depots=(Depot(0),),
        distances=(line_matrix(places, 5),),
        durations=(line_matrix(places),),
    )
    routes = []
    for k in range(couriers):
        mine = sorted(range(k * stops_each, (k + 1) * stops_each), key=lambda stop: places[stop + 1])
        route = time_route(problem, k, [[(stop, [deliver(stop)]) for stop in mine]])
        assert isinstance(route, Route)
        out = replace(problem.vehicle_types[k], tw_early=route.trips[0].departs, tw_late=route.trips[-1].returns)
        types = (*problem.vehicle_types[:k], out, *problem.vehicle_types[k + 1 :])
        problem = replace(problem, vehicle_types=types)
        routes.append(route)
    return problem, solution_of(problem, routes)


@pytest.mark.slow
def test_two_thousand_shipments_with_three_hundred_left_take_two_seconds() -> None:
    problem, solution = crowded_day(couriers=57, stops_each=30, left=300)
    reasons(problem, replace(solution, unassigned=solution.unassigned[:1]))
    began = process_time()
    told = reasons(problem, solution)
    assert process_time() - began < 10  # about 1.5 s on one free core; a crowded one takes several times that
    assert all(left.reasons[0].relaxation for left in told.unassigned)
    assert len(draft_of(problem, told)) == 57


def test_a_collection_is_told_as_well() -> None:
    problem = only(Shipment(pickup=3), tw_late=30_000)
    assert why(problem) == (Reason(Constraint.SHIFT, 0, 60, Relaxation(Change.OVERTIME, 60, 0)),)
    assert isinstance(time_route(relaxed(problem, Relaxation(Change.OVERTIME, 60, 0)), 0, [[(3, [collect(0)])]]), Route)
