"""
A running day: small days computed by hand, one a kind of event; random days with random events.

The street of `four_stops`: a base and four doors, each 600 s and 6 km from the next; service takes 100 s at each.
"""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.checker import check
from routing.dispatch import (
    Arrived,
    BrokenDown,
    Day,
    Delay,
    Departed,
    Event,
    Failed,
    Late,
    LineLate,
    NewPickup,
    Phase,
    Place,
    Replanned,
    Rested,
    Returned,
    RoadClosed,
    Served,
    after,
    begin,
    insert,
    remaining,
    replan,
)
from routing.errors import InvalidEventError, InvalidProblemError
from routing.model import (
    FOREVER,
    UNREACHABLE,
    Break,
    Depot,
    Preferences,
    Problem,
    Shipment,
    Stop,
    Task,
    TimeWindow,
    VehicleType,
)
from routing.schedule import time_route
from routing.solution import Constraint, Route, Solution, Unassigned
from routing.stopping import StoppingCriterion
from tests.effort import draws
from tests.routing.running_days import FEW, faults, random_day, random_event
from tests.routing.samples import collect, deliver, line_matrix

SEVEN = 25_200
DRIVE, SERVICE = 600, 100

COURIER = VehicleType(
    capacity=(3,),
    tw_early=SEVEN,
    tw_late=SEVEN + 36_000,
    max_trips=2,
    fixed_cost=500,
    unit_distance_cost=1,
    unit_duration_cost=1,
)


def street(*shipments: Shipment, couriers: int = 2, courier: VehicleType = COURIER) -> Problem:
    """The street with some shipments."""
    return Problem(
        stops=tuple(Stop(location, setup_duration=SERVICE) for location in (1, 2, 3, 4)),
        shipments=shipments,
        vehicle_types=(courier,) * couriers,
        depots=(Depot(0),),
        distances=(line_matrix([0, 1, 2, 3, 4], 6000),),
        durations=(line_matrix([0, 1, 2, 3, 4], DRIVE),),
        preferences=Preferences(change_cost=10_000),
    )


def to(stop: int, **more: object) -> Shipment:
    """From the base to a door."""
    return Shipment(delivery=stop, load=(1,), must_go=True, **more)  # type: ignore[arg-type]


def fetch(stop: int, **more: object) -> Shipment:
    """From a door to the base."""
    return Shipment(pickup=stop, load=(1,), must_go=True, **more)  # type: ignore[arg-type]


def published(problem: Problem, *routes: tuple[tuple[Task, ...], ...], tolerance: int = 1800) -> Day:
    """A day with these trips of tasks, by courier."""
    timed = []
    for v, trips in enumerate(routes):
        visits = [[(problem.stop_of(task), (task,)) for task in trip] for trip in trips]
        if visits:
            route = time_route(problem, v, visits)
            assert isinstance(route, Route)
            timed.append(route)
    done = {task.shipment for trips in routes for trip in trips for task in trip}
    left = tuple(Unassigned(s) for s in range(len(problem.shipments)) if s not in done)
    return begin(problem, Solution(tuple(timed), left), tolerance=tolerance)


def happened(day: Day, *events: Event) -> Day:
    for event in events:
        day = after(day, event)
    return day


def sound(day: Day, told: Replanned) -> Replanned:
    assert faults(day, told) == []
    return told


def ahead(told: Replanned, v: int) -> list[list[tuple[int, int]]]:
    """Shipments and starts by trip of what a courier is to do."""
    return [[(t.shipment, visit.starts) for visit in trip.visits for t in visit.tasks] for trip in told.day.ahead[v]]


def three_deliveries(tolerance: int = 1800) -> Day:
    """Courier 0 delivers 0, 1 and 2 at the doors 0, 1 and 2; courier 1 is at home."""
    problem = street(to(0), to(1), to(2))
    return published(problem, ((deliver(0), deliver(1), deliver(2)),), tolerance=tolerance)


# -- nothing happens ---------------------------------------------------------------------------------------------------


def test_without_an_event_nothing_changes() -> None:
    day = three_deliveries()
    told = sound(day, replan(day, FEW))
    assert told.changes.moves == ()
    assert told.changes.delays == ()
    assert told.left == ()
    assert told.untouched == {0, 1}
    assert ahead(told, 0) == [[(0, SEVEN + 600), (1, SEVEN + 1300), (2, SEVEN + 2000)]]


def test_a_better_plan_is_no_reason_to_change_one_that_holds() -> None:
    problem = street(to(0), to(1), to(2))
    day = published(problem, ((deliver(2), deliver(0), deliver(1)),))  # there, back and there again
    assert sound(day, replan(day, FEW)).changes.moves == ()


def test_a_day_that_runs_as_planned_changes_nothing() -> None:
    day = happened(three_deliveries(), Departed(SEVEN, 0), Arrived(SEVEN + 600, 0, 0), Served(SEVEN + 700, 0, 0))
    told = sound(day, replan(day, FEW))
    assert told.changes.moves == ()
    assert told.changes.delays == ()
    assert ahead(told, 0) == [[(1, SEVEN + 1300), (2, SEVEN + 2000)]]
    assert [change.delay for change in told.changes.couriers] == [0, 0]
    assert [change.metres for change in told.changes.couriers] == [0, 0]


def test_the_plan_of_the_whole_day_keeps_the_real_times() -> None:
    day = happened(three_deliveries(), Departed(SEVEN + 7, 0), Arrived(SEVEN + 650, 0, 0), Served(SEVEN + 790, 0, 0))
    [route] = replan(day, FEW).day.plan.routes
    assert route.trips[0].departs == SEVEN + 7
    assert [(v.arrives, v.starts, v.leaves) for v in route.visits[:1]] == [(SEVEN + 650, SEVEN + 690, SEVEN + 790)]
    assert [v.starts for v in route.visits[1:]] == [SEVEN + 1390, SEVEN + 2090]
    assert route.trips[0].returns == SEVEN + 2090 + 100 + 1800


# -- arrived, served, returned -----------------------------------------------------------------------------------------


def test_a_door_served_after_it_closed_is_no_obstacle() -> None:
    problem = street(to(0), to(1))
    narrow = replace(problem.stops[0], windows=(TimeWindow(0, SEVEN + 700),))
    problem = replace(problem, stops=(narrow, *problem.stops[1:]))
    day = published(problem, ((deliver(0), deliver(1)),))
    day = happened(day, Departed(SEVEN, 0), Arrived(SEVEN + 2000, 0, 0), Served(SEVEN + 2100, 0, 0))
    told = sound(day, replan(day, FEW))
    assert ahead(told, 0) == [[(1, SEVEN + 2700)]]
    assert told.changes.moves == ()


def test_whoever_is_faster_than_the_matrices_is_where_he_is() -> None:
    day = happened(three_deliveries(), Departed(SEVEN, 0), Arrived(SEVEN + 100, 0, 0), Served(SEVEN + 110, 0, 0))
    told = sound(day, replan(day, FEW))
    assert ahead(told, 0)[0][0] == (1, SEVEN + 710)
    assert told.changes.couriers[0].delay == -590


def test_working_time_and_metres_of_what_was_driven_count() -> None:
    day = happened(three_deliveries(), Departed(SEVEN, 0), Arrived(SEVEN + 900, 0, 0), Served(SEVEN + 1000, 0, 0))
    told = replan(day, FEW)
    [route] = told.solution.routes
    assert route.working_time == 1000 + 700 + 700 + 1800
    assert route.distance == 36_000


def test_a_second_trip_waits_for_the_real_return() -> None:
    problem = street(to(0), to(1), courier=replace(COURIER, reload_duration=300))
    day = published(problem, ((deliver(0),), (deliver(1),)))
    assert day.plan.routes[0].trips[1].departs == SEVEN + 1300 + 300
    day = happened(day, Departed(SEVEN, 0), Served(SEVEN + 900, 0, 0))
    assert ahead(sound(day, replan(day, FEW)), 0) == [[], [(1, SEVEN + 900 + 600 + 300 + 1200)]]
    day = after(day, Returned(SEVEN + 2000, 0))
    told = sound(day, replan(day, FEW))
    assert ahead(told, 0) == [[(1, SEVEN + 2000 + 300 + 1200)]]
    with pytest.raises(InvalidEventError, match="not back before"):
        happened(replace(day, now=SEVEN), Departed(SEVEN + 1900, 0))


def test_a_cut_off_on_the_way_home_binds_while_it_can_be_reached() -> None:
    once = replace(COURIER, max_trips=1)
    problem = street(fetch(0, latest_return=SEVEN + 9000), to(1), to(3), courier=once)
    loose = published(problem, ((collect(0), deliver(1), deliver(2)),))
    late = happened(loose, Departed(SEVEN, 0), Served(SEVEN + 5500, 0, 0))
    told = sound(late, replan(late, FEW))
    # Done at door 1 at 6,200, at door 3 at 7,500, home at 9,900: too late for the line, which leaves at 9,000.
    assert [one.shipment for one in told.left] == [2]
    assert told.left[0].vehicle == 0
    assert told.missed == ()
    [move] = [m for m in told.changes.moves if m.task == deliver(2)]
    assert move.conflict is not None
    assert move.conflict.constraint is Constraint.LATEST_RETURN


def test_a_cut_off_that_is_missed_in_any_case_binds_nobody() -> None:
    day = published(street(fetch(0, latest_return=SEVEN + 9000), to(1)), ((collect(0), deliver(1)),))
    day = happened(day, Departed(SEVEN, 0), Served(SEVEN + 8600, 0, 0))
    told = sound(day, replan(day, FEW))
    # Already on his way to door 1: there at 9,200, done at 9,300, at the base at 10,500.
    assert told.missed == ((0, 1500),)
    assert ahead(told, 0) == [[(1, SEVEN + 9200)]]


def test_the_way_to_a_door_that_closed_is_driven_too() -> None:
    problem = street(to(0), to(1), couriers=1)
    closing = replace(problem.stops[0], windows=(TimeWindow(0, SEVEN + 700),))
    day = published(replace(problem, stops=(closing, *problem.stops[1:])), ((deliver(0), deliver(1)),))
    day = happened(day, Departed(SEVEN, 0), Late(SEVEN + 10, 0, SEVEN + 1000))
    told = sound(day, replan(day, FEW))
    # He is at door 0 at 1,000, where nobody opens any more; door 1 and the base are as far as they were.
    assert ahead(told, 0) == [[(1, SEVEN + 1600)]]
    assert (told.solution.routes[0].distance, told.changes.couriers[0].metres) == (24_000, 0)
    day = happened(told.day, Served(SEVEN + 1700, 0, 1), Returned(SEVEN + 2900, 0))
    assert day.couriers[0].driven[0].distance == 24_000


def test_whoever_gets_through_a_closed_road_goes_on() -> None:
    day = happened(three_deliveries(), Departed(SEVEN, 0))
    closed = np.full((5, 5), UNREACHABLE, np.int32)
    np.fill_diagonal(closed, 0)
    opened = day.problem
    day = happened(
        day, RoadClosed(SEVEN + 1, (closed,), (closed,)), Served(SEVEN + 700, 0, 0), Served(SEVEN + 1400, 0, 1)
    )
    told = sound(day, replan(day, FEW))
    assert [(one.shipment, one.reasons[0].constraint) for one in told.left] == [(2, Constraint.REACHABILITY)]
    day = happened(day, RoadClosed(SEVEN + 1400, opened.distances, opened.durations))
    assert ahead(sound(day, replan(day, FEW)), 0) == [[(2, SEVEN + 2000)]]


def test_the_longest_ride_of_what_was_collected_binds_the_way_home() -> None:
    problem = street(fetch(0, max_ride=3000), to(1), couriers=1)
    day = published(problem, ((collect(0), deliver(1)),))
    day = happened(day, Departed(SEVEN, 0), Served(SEVEN + 700, 0, 0), NewPickup(SEVEN + 700, fetch(3)))
    told = sound(day, insert(day))
    # Aboard since 700, home by 3,700: by door 1 at 2,600, but not by door 3 (5,100), which a second trip fetches.
    assert ahead(told, 0) == [[(1, SEVEN + 1300)], [(2, SEVEN + 2600 + 2400)]]
    late = happened(day, Late(SEVEN + 700, 0, SEVEN + 5000))
    assert sound(late, replan(late, FEW)).missed == ((0, 5000 + 100 + 1200 - 3700),)


def test_what_was_collected_for_the_end_depot_gets_there() -> None:
    across = replace(COURIER, end_depot=1)
    problem = street(fetch(0), to(1), courier=COURIER, couriers=1)
    bound = replace(problem.shipments[0], depot=1)
    problem = replace(
        problem, shipments=(bound, problem.shipments[1]), vehicle_types=(across,), depots=(Depot(0), Depot(4))
    )
    day = published(problem, ((collect(0), deliver(1)),))
    day = happened(day, Departed(SEVEN, 0), Served(SEVEN + 700, 0, 0), NewPickup(SEVEN + 700, to(2)))
    for told in (sound(day, insert(day)), sound(day, replan(day, FEW))):
        # A second trip from the base would unload shipment 0 there.
        assert ahead(told, 0) == [[(1, SEVEN + 1300)]]
        assert [one.shipment for one in told.left] == [2]


def test_a_break_that_was_missed_gives_no_working_time() -> None:
    courier = replace(COURIER, breaks=(Break(1800, SEVEN + 600, SEVEN + 3000),), max_duration=5000)
    day = published(street(to(0), to(1), courier=courier, couriers=1), ((deliver(0), deliver(1)),))
    day = happened(day, Departed(SEVEN, 0), Late(SEVEN + 1, 0, SEVEN + 3400))
    told = sound(day, replan(day, FEW))
    # Home from door 0 at 4,100; from door 1 at 5,400, after 5,400 s of work without a rest.
    assert ahead(told, 0) == [[(0, SEVEN + 3400)]]
    [move] = told.changes.moves
    assert move.conflict is not None
    assert (move.conflict.constraint, move.conflict.amount) == (Constraint.MAX_DURATION, 400)


# -- failed ------------------------------------------------------------------------------------------------------------


def test_a_failed_delivery_rides_home_and_keeps_its_room() -> None:
    problem = street(to(0), fetch(1), courier=replace(COURIER, capacity=(1,)), couriers=1)
    day = published(problem, ((deliver(0), collect(1)),))
    day = happened(day, Departed(SEVEN, 0), Arrived(SEVEN + 600, 0, 0), Failed(SEVEN + 650, 0, 0))
    assert day.states[0].phase is Phase.HOMEWARD
    told = sound(day, replan(day, FEW))
    # No room for shipment 1 before the return: a second trip fetches it.
    assert [len(trip) for trip in ahead(told, 0)] == [0, 1]
    assert told.day.ahead[0][1].departs >= told.day.ahead[0][0].returns


def test_a_failed_pickup_is_over() -> None:
    day = published(street(fetch(0), fetch(1)), ((collect(0), collect(1)),))
    day = happened(day, Departed(SEVEN, 0), Arrived(SEVEN + 600, 0, 0), Failed(SEVEN + 650, 0, 0))
    assert (day.states[0].phase, day.states[0].failed) == (Phase.OVER, True)
    assert ahead(sound(day, replan(day, FEW)), 0) == [[(1, SEVEN + 1250)]]


def test_the_other_end_of_a_failed_collection_is_not_visited() -> None:
    paired = Shipment(pickup=0, delivery=2, load=(1,), must_go=True)
    day = published(street(paired, to(1)), ((collect(0), deliver(1), deliver(0)),))
    day = happened(day, Departed(SEVEN, 0), Arrived(SEVEN + 600, 0, 0), Failed(SEVEN + 650, 0, 0))
    assert ahead(sound(day, replan(day, FEW)), 0) == [[(1, SEVEN + 1250)]]


# -- late --------------------------------------------------------------------------------------------------------------


def test_within_the_tolerance_a_delay_changes_nothing() -> None:
    day = happened(three_deliveries(), Departed(SEVEN, 0), Late(SEVEN + 100, 0, SEVEN + 2400))
    told = sound(day, replan(day, FEW))
    assert told.changes.moves == ()
    assert told.changes.delays == ()
    assert ahead(told, 0) == [[(0, SEVEN + 2400), (1, SEVEN + 3100), (2, SEVEN + 3800)]]
    assert told.changes.couriers[0].delay == 1800


def test_goods_aboard_stay_aboard_and_are_told_late() -> None:
    day = happened(three_deliveries(), Departed(SEVEN, 0), Late(SEVEN + 100, 0, SEVEN + 2401))
    told = sound(day, replan(day, FEW))
    assert told.changes.moves == ()
    assert [(d.task, d.promised, d.expected) for d in told.changes.delays] == [
        (deliver(s), SEVEN + planned, SEVEN + planned + 1801) for s, planned in ((0, 600), (1, 1300), (2, 2000))
    ]
    assert sound(told.day, replan(told.day, FEW)).changes.delays == ()  # told once


def test_what_is_not_aboard_is_kept_in_time_by_another() -> None:
    problem = street(to(0), fetch(2))
    day = published(problem, ((deliver(0), collect(1)),))
    day = happened(day, Departed(SEVEN, 0), Late(SEVEN + 100, 0, SEVEN + 4000))
    told = sound(day, replan(day, FEW))
    [move] = told.changes.moves
    assert (move.task, move.before and move.before.vehicle, move.after and move.after.vehicle) == (collect(1), 0, 1)
    assert move.cause == Late(SEVEN + 100, 0, SEVEN + 4000)
    assert move.conflict is not None
    assert (move.conflict.constraint, move.conflict.amount) == (
        Constraint.TIME_WINDOWS,
        4000 + 100 + 1200 - 1900 - 1800,
    )
    assert [d.task for d in told.changes.delays] == [deliver(0)]
    assert abs(ahead(told, 1)[0][0][1] - (SEVEN + 1900)) <= 1800


def test_what_nobody_can_keep_in_time_is_served_late() -> None:
    problem = street(to(0), fetch(2), couriers=1)
    day = published(problem, ((deliver(0), collect(1)),))
    day = happened(day, Departed(SEVEN, 0), Late(SEVEN + 100, 0, SEVEN + 4000))
    told = sound(day, replan(day, FEW))
    assert told.left == ()
    assert told.changes.moves == ()
    held_up = Late(SEVEN + 100, 0, SEVEN + 4000)
    assert Delay(collect(1), 0, SEVEN + 1900, SEVEN + 5300, held_up) in told.changes.delays


def test_a_collection_that_is_begun_late_is_told_late() -> None:
    paired = Shipment(pickup=0, delivery=2, load=(1,), must_go=True)
    day = published(street(paired, couriers=1), ((collect(0), deliver(0)),))
    held_up = Late(SEVEN + 1, 0, SEVEN + 3400)
    day = happened(day, Departed(SEVEN, 0), held_up)
    told = sound(day, replan(day, FEW))
    assert told.changes.delays == (
        Delay(collect(0), 0, SEVEN + 600, SEVEN + 3400, held_up),
        Delay(deliver(0), 0, SEVEN + 1900, SEVEN + 4700, held_up),
    )


def test_a_promise_that_another_keeps_after_all_is_not_told_anew() -> None:
    paired = Shipment(pickup=3, delivery=1, load=(1,), must_go=True)
    narrow = street(to(0), paired)
    closing = replace(narrow.stops[1], windows=(TimeWindow(0, SEVEN + 5600),))
    day = published(
        replace(narrow, stops=(narrow.stops[0], closing, *narrow.stops[2:])),
        ((deliver(0), collect(1), deliver(1)),),
        tolerance=600,
    )
    assert day.promises == {deliver(0): SEVEN + 600, collect(1): SEVEN + 2500, deliver(1): SEVEN + 3800}
    day = happened(day, Departed(SEVEN, 0), Late(SEVEN + 600, 0, SEVEN + 5000))
    told = sound(day, insert(day))
    # Courier 1 leaves now, at 600, and is at door 3 at 3,000 and at door 1 at 4,300: both within 600 s.
    assert ahead(told, 1) == [[(1, SEVEN + 3000), (1, SEVEN + 4300)]]
    assert [delay.task for delay in told.changes.delays] == [deliver(0)]


def test_what_cannot_be_done_before_the_shift_ends_is_left_with_the_reason() -> None:
    day = happened(three_deliveries(), Departed(SEVEN, 0), Late(SEVEN + 100, 0, SEVEN + 34_000))
    told = sound(day, replan(day, FEW))
    # Door 0 at 34,000; door 1 at 34,700, home at 36,000: just in time. Door 2 would be home at 37,300.
    assert ahead(told, 0) == [[(0, SEVEN + 34_000), (1, SEVEN + 34_700)]]
    [left] = told.left
    assert (left.shipment, left.vehicle) == (2, 0)
    [move] = told.changes.moves
    assert move.conflict is not None
    assert (move.conflict.constraint, move.conflict.amount) == (Constraint.SHIFT, 1300)


def test_whoever_cannot_be_home_in_time_goes_straight_home() -> None:
    day = happened(three_deliveries(), Departed(SEVEN, 0), Late(SEVEN + 100, 0, SEVEN + 36_000))
    told = sound(day, replan(day, FEW))
    assert ahead(told, 0) == [[(0, SEVEN + 36_000)]]
    assert [(one.shipment, one.vehicle, one.reasons[0].constraint, one.reasons[0].amount) for one in told.left] == [
        (1, 0, Constraint.SHIFT, 700), (2, 0, Constraint.SHIFT, 700),
    ]  # fmt: skip


def late_at_the_third_door(*events: Event) -> Replanned:
    """Courier 0 delivers 0 and collects 1 and 2 at the doors 2 and 3, the last of which another has to do now."""
    problem = street(to(0), fetch(2), fetch(3))
    early = replace(COURIER, tw_late=SEVEN + 5700, breaks=(Break(60, 0, FOREVER),))
    problem = replace(problem, vehicle_types=(early, COURIER))
    day = published(problem, ((deliver(0), collect(1), collect(2)),))  # home at 5,100
    day = happened(day, Departed(SEVEN, 0), *events)
    return sound(day, replan(day, FEW))


def test_what_goes_as_planned_is_no_cause() -> None:
    durations = line_matrix([0, 1, 2, 3, 4], DRIVE)
    durations[1:3, 3:] += 2500
    closed = RoadClosed(SEVEN + 100, street().distances, (durations,))
    told = late_at_the_third_door(closed, Arrived(SEVEN + 600, 0, 0), Served(SEVEN + 700, 0, 0))
    assert {(move.task, move.cause) for move in told.changes.moves} == {(collect(2), closed)}


def test_what_takes_longer_than_planned_is_a_cause() -> None:
    slow = Served(SEVEN + 1400, 0, 0)
    told = late_at_the_third_door(Arrived(SEVEN + 600, 0, 0), slow, Rested(SEVEN + 1400, 0, 0))
    assert {(move.task, move.cause) for move in told.changes.moves if move.before} == {(collect(2), slow)}


# -- broken down -------------------------------------------------------------------------------------------------------


def test_goods_of_a_broken_vehicle_are_handed_over_where_it_was_said() -> None:
    day = happened(
        three_deliveries(), Departed(SEVEN, 0), Served(SEVEN + 700, 0, 0), BrokenDown(SEVEN + 900, 0, Stop(1))
    )
    told = sound(day, replan(day, FEW))
    assert told.left == ()
    assert ahead(told, 0) == []
    tasks = [task for trip in told.day.ahead[1] for visit in trip.visits for task in visit.tasks]
    assert tasks == [collect(1), collect(2), deliver(1), deliver(2)] or tasks == [
        collect(2),
        collect(1),
        deliver(1),
        deliver(2),
    ]
    # Courier 1 departs now at the earliest: at the hand-over at 1,500.
    assert ahead(told, 1)[0][0][1] >= SEVEN + 1500
    assert {m.cause for m in told.changes.moves} == {BrokenDown(SEVEN + 900, 0, Stop(1))}
    assert {(m.before.vehicle, m.after.vehicle) for m in told.changes.moves if m.before and m.after} == {(0, 1)}


def test_without_a_place_to_hand_over_goods_stay_behind_aboard() -> None:
    day = happened(three_deliveries(), Departed(SEVEN, 0), Served(SEVEN + 700, 0, 0), BrokenDown(SEVEN + 900, 0))
    told = sound(day, replan(day, FEW))
    assert [(one.shipment, one.vehicle, one.reasons[0].constraint) for one in told.left] == [
        (1, 0, Constraint.LOCKS), (2, 0, Constraint.LOCKS),
    ]  # fmt: skip


def test_what_a_broken_vehicle_collected_is_fetched_too() -> None:
    paid = replace(to(0), collected=(2,))
    day = published(street(fetch(1), paid), ((deliver(1), collect(0)),))
    day = happened(
        day,
        Departed(SEVEN, 0),
        Served(SEVEN + 700, 0, 0),
        Served(SEVEN + 1400, 0, 1),
        BrokenDown(SEVEN + 1500, 0, Stop(2)),
    )
    told = sound(day, replan(day, FEW))
    assert sorted(s for s, _ in ahead(told, 1)[0]) == [0, 1]
    day = happened(
        told.day,
        Departed(SEVEN + 1500, 1),
        Served(SEVEN + 2800, 1, 4),
    )
    assert day.aboard(1) == (3,)


def test_a_second_collection_is_told_late_too() -> None:
    paired = Shipment(pickup=0, delivery=2, load=(1,), must_go=True)
    day = published(street(paired), ((collect(0), deliver(0)),))
    day = happened(day, Departed(SEVEN, 0), Served(SEVEN + 700, 0, 0), BrokenDown(SEVEN + 900, 0, Stop(2)))
    told = sound(day, replan(day, FEW))
    # Courier 1 leaves at 900, takes it over half-way at 2,100, and is at door 2 at 2,700.
    assert ahead(told, 1) == [[(0, SEVEN + 2100), (0, SEVEN + 2700)]]
    late = Late(SEVEN + 900, 1, SEVEN + 9000)
    day = after(told.day, late)
    told = sound(day, replan(day, FEW))
    assert [(delay.task, delay.expected, delay.cause) for delay in told.changes.delays] == [
        (collect(0), SEVEN + 10_200, late), (deliver(0), SEVEN + 10_800, late),
    ]  # fmt: skip


def test_a_vehicle_that_breaks_down_at_home_has_nothing_aboard() -> None:
    day = happened(three_deliveries(), BrokenDown(SEVEN, 0))
    told = sound(day, replan(day, FEW))
    assert told.left == ()
    assert sorted(s for trip in ahead(told, 1) for s, _ in trip) == [0, 1, 2]


# -- new pickup --------------------------------------------------------------------------------------------------------


def under_way_with_a_pickup(stop: int) -> Day:
    return happened(three_deliveries(), Departed(SEVEN, 0), NewPickup(SEVEN + 100, fetch(stop)))


def test_a_new_pickup_is_put_where_it_costs_least() -> None:
    day = under_way_with_a_pickup(1)
    told = sound(day, insert(day))
    # At the door of the second visit: no metre more, and the set-up is shared.
    assert told.changes.couriers[0].metres == 0
    [move] = told.changes.moves
    assert (move.task, move.before, move.cause) == (collect(3), None, NewPickup(SEVEN + 100, fetch(1)))
    assert move.after is not None
    assert move.after.vehicle == 0
    assert told.untouched == {1}


def test_a_new_pickup_beyond_the_last_door_adds_its_way() -> None:
    day = under_way_with_a_pickup(3)
    told = sound(day, insert(day))
    assert ahead(told, 0) == [[(0, SEVEN + 600), (1, SEVEN + 1300), (2, SEVEN + 2000), (3, SEVEN + 2700)]]
    assert (told.changes.couriers[0].metres, told.changes.couriers[0].delay) == (12_000, 1300)


def test_a_new_pickup_breaks_no_promise() -> None:
    problem = street(to(0), to(2), couriers=1, courier=replace(COURIER, tw_late=SEVEN + 4200, max_trips=1))
    day = published(problem, ((deliver(0), deliver(1)),), tolerance=60)
    day = happened(day, Departed(SEVEN, 0), NewPickup(SEVEN + 100, fetch(1)))
    told = sound(day, insert(day))
    # Between the doors it would make the second 100 s late; on the way back it does not.
    assert ahead(told, 0) == [[(0, SEVEN + 600), (1, SEVEN + 1900), (2, SEVEN + 2600)]]
    tight = replace(
        day, problem=replace(day.problem, vehicle_types=(replace(COURIER, tw_late=SEVEN + 3850, max_trips=1),))
    )
    for refused in (sound(tight, insert(tight)), sound(tight, replan(tight, FEW))):
        assert [one.shipment for one in refused.left] == [2]
        assert refused.left[0].reasons
        assert refused.changes.delays == ()


def test_a_new_pickup_that_is_dearer_than_its_penalty_is_left() -> None:
    day = happened(
        three_deliveries(), Departed(SEVEN, 0), NewPickup(SEVEN + 100, replace(fetch(3), must_go=False, penalty=13_299))
    )
    assert [(one.shipment, one.reasons[0].constraint) for one in insert(day).left] == [(3, Constraint.COST)]
    day = happened(
        three_deliveries(), Departed(SEVEN, 0), NewPickup(SEVEN + 100, replace(fetch(3), must_go=False, penalty=13_300))
    )
    assert insert(day).left == ()  # 12,000 m and 1,300 s


def test_a_pickup_at_a_new_place_brings_its_ways() -> None:
    ways = np.array([[3000, 3000, 9000, 15_000, 21_000]] * 2, np.int32)
    new = NewPickup(SEVEN + 100, fetch(4), Stop(5, setup_duration=50), Place((ways,), ((ways // 10).astype(np.int32),)))
    day = happened(three_deliveries(), Departed(SEVEN, 0), new)
    told = sound(day, insert(day))
    assert ahead(told, 0)[0][-1] == (3, SEVEN + 2000 + 100 + 1500)  # half-way home
    assert (told.changes.couriers[0].metres, told.changes.couriers[0].delay) == (0, 50)


def test_goods_at_the_base_do_not_join_a_trip_that_has_left() -> None:
    day = happened(three_deliveries(), Departed(SEVEN, 0), NewPickup(SEVEN, to(1)))
    told = sound(day, insert(day))
    [move] = told.changes.moves
    assert move.after is not None
    assert (move.after.vehicle, move.after.trip) != (0, 0)


def test_insertion_keeps_everybody_s_order() -> None:
    problem = street(to(0), to(1), to(2))
    day = published(problem, ((deliver(2), deliver(0), deliver(1)),))
    day = happened(day, NewPickup(0, fetch(3)))
    told = sound(day, insert(day))
    assert [s for s, _ in ahead(told, 0)[0] if s < 3] == [2, 0, 1]


# -- road closed, line late, rest --------------------------------------------------------------------------------------


def test_a_closed_road_re_times_what_is_ahead_only() -> None:
    day = happened(three_deliveries(), Departed(SEVEN, 0), Served(SEVEN + 700, 0, 0))
    closed = day.problem.durations[0].copy()
    closed[:3, 3:], closed[3:, :3] = closed[:3, 3:] + 900, closed[3:, :3] + 900
    day = after(day, RoadClosed(SEVEN + 700, day.problem.distances, (closed,)))
    told = sound(day, replan(day, FEW))
    assert ahead(told, 0) == [[(1, SEVEN + 1300), (2, SEVEN + 2900)]]
    assert told.changes.couriers[0].delay == 1800
    assert told.changes.moves == ()


def test_what_was_left_gets_a_place_again_when_the_road_reopens() -> None:
    day = three_deliveries()
    opened, closed = day.problem, np.full((5, 5), UNREACHABLE, np.int32)
    np.fill_diagonal(closed, 0)
    closing = sound(day, replan(after(day, RoadClosed(SEVEN - 600, (closed,), (closed,))), FEW))
    assert [one.shipment for one in closing.left] == [0, 1, 2]
    day = after(closing.day, RoadClosed(SEVEN - 300, opened.distances, opened.durations))
    for told in (sound(day, insert(day)), sound(day, replan(day, FEW))):
        assert told.left == ()
        assert sorted(s for v in (0, 1) for trip in ahead(told, v) for s, _ in trip) == [0, 1, 2]
        assert told.changes.delays == ()


def test_goods_aboard_that_were_left_are_delivered_when_there_is_time_after_all() -> None:
    courier = replace(COURIER, tw_late=SEVEN + 5100)
    day = published(street(to(0), to(3), couriers=1, courier=courier), ((deliver(0), deliver(1)),))
    held_up = happened(day, Departed(SEVEN, 0), Late(SEVEN + 1, 0, SEVEN + 1000))
    told = sound(held_up, replan(held_up, FEW))
    assert [one.shipment for one in told.left] == [1]  # home at 5,400
    day = after(told.day, Late(SEVEN + 2, 0, SEVEN + 2))
    assert ahead(sound(day, replan(day, FEW)), 0) == [[(0, SEVEN + 600), (1, SEVEN + 2500)]]


def test_a_late_line_keeps_the_trip_of_what_it_brings() -> None:
    problem = street(to(0), to(1))
    day = published(problem, ((deliver(0), deliver(1)),))
    day = happened(day, LineLate(SEVEN - 600, frozenset({1}), SEVEN + 1000))
    told = sound(day, replan(day, FEW))
    # Door 0 may wait until 2,400, so nothing but the departure changes: 1,000.
    assert ahead(told, 0) == [[(0, SEVEN + 1600), (1, SEVEN + 2300)]]
    assert told.changes.moves == ()


def test_what_a_very_late_line_brings_leaves_later_and_is_told_late() -> None:
    problem = street(to(0), to(1), couriers=1)
    day = published(problem, ((deliver(0), deliver(1)),))
    late = LineLate(SEVEN - 600, frozenset({1}), SEVEN + 20_000)
    day = after(day, late)
    told = sound(day, replan(day, FEW))
    assert [[s for s, _ in trip] for trip in ahead(told, 0)] == [[0], [1]]
    assert ahead(told, 0)[1] == [(1, SEVEN + 21_200)]
    assert told.changes.delays == (Delay(deliver(1), 0, SEVEN + 1300, SEVEN + 21_200, late),)
    [move] = [m for m in told.changes.moves if m.task == deliver(1)]
    assert move.cause == late


def test_nobody_waits_for_what_a_very_late_line_brings() -> None:
    day = after(three_deliveries(tolerance=60), LineLate(SEVEN - 600, frozenset({2}), SEVEN + 20_000))
    for told in (sound(day, insert(day)), sound(day, replan(day, FEW))):
        assert ahead(told, 0)[0] == [(0, SEVEN + 600), (1, SEVEN + 1300)]
        assert [(delay.task, delay.promised) for delay in told.changes.delays] == [(deliver(2), SEVEN + 2000)]
        [move] = told.changes.moves
        # With it the trip would leave at 20,000 and be at door 0, promised by 660, at 20,600.
        assert move.task == deliver(2)
        assert move.conflict is not None
        assert (move.conflict.constraint, move.conflict.amount) == (Constraint.TIME_WINDOWS, 20_600 - 660)


def test_what_a_line_brings_after_the_shift_is_left_with_the_reason() -> None:
    problem = street(to(0), to(1), couriers=1)
    day = published(problem, ((deliver(0), deliver(1)),))
    day = after(day, LineLate(SEVEN - 600, frozenset({1}), SEVEN + 35_000))
    told = sound(day, replan(day, FEW))
    [left] = told.left
    assert left.shipment == 1
    assert left.reasons[0].constraint in (Constraint.SHIFT, Constraint.RELEASE)


def test_a_break_that_was_taken_is_not_taken_again() -> None:
    courier = replace(COURIER, breaks=(Break(1800, SEVEN + 600, SEVEN + 3000),), max_duration=4200)
    day = published(street(to(0), to(1), courier=courier), ((deliver(0), deliver(1)),))
    day = happened(day, Departed(SEVEN, 0), Served(SEVEN + 700, 0, 0), Rested(SEVEN + 2500, 0, 0))
    told = sound(day, replan(day, FEW))
    assert ahead(told, 0) == [[(1, SEVEN + 2500)]]  # he has driven on meanwhile, for all that is known
    assert told.day.ahead[0][0].returns == SEVEN + 3800


# -- room --------------------------------------------------------------------------------------------------------------


def test_goods_that_ride_home_take_the_room_of_what_is_collected() -> None:
    problem = street(to(1), to(3), fetch(2), couriers=1, courier=replace(COURIER, capacity=(2,), max_trips=1))
    closing = replace(problem.stops[3], windows=(TimeWindow(0, SEVEN + 5000),))
    problem = replace(problem, stops=(*problem.stops[:3], closing))
    day = published(problem, ((deliver(0), deliver(1), collect(2)),))
    day = happened(day, Departed(SEVEN, 0), Late(SEVEN, 0, SEVEN + 5000), NewPickup(SEVEN, fetch(2)))
    told = sound(day, replan(day, FEW))
    # Door 3 is closed when he comes; shipment 1 rides home, so that one of the two at door 2 finds no room.
    assert {one.shipment for one in told.left} == {1, 3}
    assert ahead(told, 0) == [[(0, SEVEN + 5000), (2, SEVEN + 5700)]]


# -- what cannot have happened -----------------------------------------------------------------------------------------


WAYS = Place(*((np.zeros((2, 5), np.int32),),) * 2)
FLOATS = Place(*((np.zeros((2, 5)),),) * 2)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ([Departed(SEVEN, 2)], "there is no vehicle 2, only 2"),
        ([Departed(SEVEN, 1)], "vehicle 1 has no trip to make"),
        ([Served(SEVEN, 0, 0)], "vehicle 0 is at its base"),
        ([Returned(SEVEN, 0)], "vehicle 0 is at its base"),
        ([Departed(SEVEN, 0), Departed(SEVEN, 0)], "vehicle 0 is on a trip already"),
        ([Departed(SEVEN, 0), Served(SEVEN, 0, 1)], "the next stop of vehicle 0 is 0, not 1"),
        ([Departed(SEVEN, 0), Arrived(SEVEN, 0, 0), Arrived(SEVEN, 0, 0)], "stands at stop 0 already"),
        ([Departed(SEVEN, 0), Late(SEVEN - 1, 0, SEVEN)], "time never goes back"),
        ([Departed(SEVEN, 0), Late(SEVEN, 0, SEVEN - 1)], "held up until"),
        ([Departed(SEVEN, 0), Failed(SEVEN, 0, 0)], "vehicle 0 stands at no door"),
        ([Departed(SEVEN, 0), Arrived(SEVEN, 0, 0), Failed(SEVEN, 0, 1)], "shipment 1 is not to be handed over"),
        ([Departed(SEVEN, 0, frozenset({7}))], "shipment 7 does not lie at a base"),
        ([LineLate(0, frozenset({0}), SEVEN + 1), Departed(SEVEN, 0)], "shipment 0 reaches the base at"),
        ([Departed(SEVEN, 0), LineLate(SEVEN, frozenset({0}), SEVEN + 1)], "no line brings shipment 0 any more"),
        ([LineLate(0, frozenset({9}), SEVEN)], "there is no shipment 9"),
        ([Rested(SEVEN, 0, 0)], "vehicle 0 has 0 breaks"),
        ([BrokenDown(SEVEN, 0), Departed(SEVEN, 0)], "vehicle 0 drives no more today"),
        ([NewPickup(SEVEN, fetch(9))], "stop 9 does not exist"),
        ([NewPickup(SEVEN, fetch(4), Stop(9))], "location 9 does not exist"),
        ([RoadClosed(SEVEN, (line_matrix([0, 1]),), (line_matrix([0, 1]),))], "RoadClosed: location"),
        ([Event(SEVEN)], "no event of a running day"),
        ([Late(SEVEN + 0.5, 0, SEVEN + 1)], "Late: `at` is a whole number"),  # type: ignore[arg-type]
        ([Late(SEVEN, 0, float("nan"))], "Late: `until` is a whole number"),  # type: ignore[arg-type]
        ([Departed(SEVEN, "0")], "Departed: `vehicle` is a whole number"),  # type: ignore[arg-type]
        ([LineLate(0, frozenset({0}), 2**31)], r"LineLate: `until` lies in \[0, 2147483647\]"),
        ([Late(10**6, 0, 10**6)], r"Late: `at` lies in \[0, 604800\]"),
        ([BrokenDown(SEVEN, 0, place=WAYS)], "BrokenDown: a new place is the location of a new stop"),
        ([NewPickup(SEVEN, fetch(1), None, WAYS)], "NewPickup: a new place is the location of a new stop"),
        ([NewPickup(SEVEN, fetch(4), Stop(5), Place((), ()))], "NewPickup: .* for each of 1 profiles"),
        ([NewPickup(SEVEN, fetch(4), Stop(5), FLOATS)], "NewPickup: .* int32 array of shape .* got float64"),
    ],
)  # fmt: skip
def test_what_cannot_have_happened_is_refused_with_the_reason(events: list[Event], told: str) -> None:
    *before, last = events
    day = happened(three_deliveries(), *before)
    with pytest.raises(InvalidEventError, match=told):
        after(day, last)


def test_a_day_begins_with_single_couriers_and_nothing_frozen() -> None:
    problem = street(to(0), courier=replace(COURIER, num_available=2), couriers=1)
    with pytest.raises(InvalidProblemError, match="type 0 has several"):
        begin(problem, Solution((), (Unassigned(0),)), tolerance=0)
    with pytest.raises(InvalidProblemError, match="breaks a rule"):
        begin(street(to(0)), Solution(), tolerance=0)


# -- random days -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@settings(max_examples=draws(30, 3000))
@given(seed=st.integers(0, 10**6))
def test_random_days_stay_sound_whatever_happens(seed: int) -> None:
    rng = random.Random(seed)
    day = random_day(seed)
    assert replan(day, FEW, seed).changes.moves == ()
    for _ in range(12):
        day = after(day, random_event(rng, day))
        if rng.random() < 0.5:
            continue
        is_quick = rng.random() < 0.5
        told = sound(day, insert(day) if is_quick else replan(day, FEW, seed))
        if not is_quick:
            again = sound(told.day, replan(told.day, FEW, seed + 1))
            assert again.changes.moves == ()
            assert again.changes.delays == ()
        if rng.random() < 0.8:
            day = told.day


@settings(max_examples=draws(20, 500))
@given(seed=st.integers(0, 10**6))
def test_the_problem_of_what_remains_has_what_is_driven_frozen(seed: int) -> None:
    rng = random.Random(seed)
    day = random_day(seed)
    for _ in range(10):
        day = after(day, random_event(rng, day))
    problem = remaining(day)
    fixed = {
        task.shipment for route in problem.frozen for trip in route.trips for visit in trip for task in visit.tasks
    }
    over = {s for s, state in enumerate(day.states) if state.phase in (Phase.OVER, Phase.HOMEWARD)}
    assert over <= fixed
    assert all(len(trip) <= 2 for route in problem.frozen for trip in route.trips if trip)


def test_the_same_seed_plans_the_same() -> None:
    day = under_way_with_a_pickup(3)
    plans = [replan(day, StoppingCriterion(iterations=50), 3).day.plan for _ in range(2)]
    assert plans[0] == plans[1]
    assert check(remaining(day), replan(day, FEW).solution) == ()
