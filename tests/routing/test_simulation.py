"""A day replayed: hand computations, and what holds whatever happens."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from routing.model import (
    FOREVER,
    UNREACHABLE,
    Action,
    Break,
    Depot,
    Problem,
    Shipment,
    Stop,
    Task,
    TimeWindow,
    VehicleType,
)
from routing.objective import overtime
from routing.schedule import time_route
from routing.simulation import Noise, Outcome, Replay, ReplayedTrip, ReplayedVisit, replay
from routing.solution import BreakTaken, Route, Visit
from routing.solver import solve
from routing.stopping import StoppingCriterion
from tests.effort import draws
from tests.routing.samples import (
    Sequence,
    collect,
    deliver,
    line_matrix,
    random_problem,
    random_sequence,
    without_limits,
)

CALM = Noise()
DONE, TURNED_AWAY, NOT_LOADED, CLOSED, NO_TIME = Outcome
OPEN = (TimeWindow(),)


# -- a street: base at 0, stops at 100 s and 1 km, 200 s and 2 km ... from it; the shift begins at 1,000 ---------------


def street(*stops: Stop | tuple[TimeWindow, ...], shipments: tuple[Shipment, ...] = (), **vehicle: Any) -> Problem:
    """One delivery of 10 s to every stop, unless other shipments are given."""
    doors = tuple(s if isinstance(s, Stop) else Stop(k + 1, s) for k, s in enumerate(stops))
    size = 1 + max(door.location for door in doors)
    kind = VehicleType(**{"tw_early": 1000, "tw_late": 5000, "max_trips": 3, "reload_duration": 20} | vehicle)
    every_stop = tuple(Shipment(delivery=k, delivery_duration=10) for k in range(len(doors)))
    return Problem(
        stops=doors,
        shipments=shipments or every_stop,
        vehicle_types=(kind,),
        depots=(Depot(0), Depot(size - 1)),
        distances=(line_matrix(list(range(size)), 1000),),
        durations=(line_matrix(list(range(size)), 100),),
    )


def timed(problem: Problem, *trips: tuple[int, ...] | list[tuple[int, list[Task]]]) -> Route:
    """The route that visits stops, each for its delivery, or does the tasks that are named."""
    sequence: Sequence = [
        [visit if isinstance(visit, tuple) else (visit, [deliver(visit)]) for visit in trip] for trip in trips
    ]
    route = time_route(problem, 0, sequence)
    assert isinstance(route, Route), route
    return route


def calm(problem: Problem, route: Route, **surprises: Any) -> Replay:
    return replay(problem, route, CALM, np.random.default_rng(0), **surprises)


def late(seconds: int, *, trip: int = 0, route: Route) -> dict[str, Any]:
    """Surprises that let a trip leave so much later: its first delivery's goods come late, and it waits for them."""
    shipment = route.trips[trip].visits[0].tasks[0].shipment
    return {"at_base": {shipment: route.trips[trip].departs + seconds}, "patience": seconds}


def times(visit: ReplayedVisit | Visit) -> tuple[int | None, ...]:
    return visit.arrives, visit.starts, visit.ends, visit.leaves


def clock(told: Replay) -> list[list[int | None]]:
    """Departure, begins of service, return, by trip."""
    return [[trip.departs, *(visit.starts for visit in trip.visits), trip.returns] for trip in told.trips]


def outcomes(told: Replay) -> list[Outcome]:
    """In the order of the route's tasks."""
    return list(told.outcomes.values())


# -- by hand: nothing happens ----------------------------------------------------------------------------------------


def test_a_day_without_surprises_is_the_plan() -> None:
    problem = street(OPEN, OPEN, OPEN)
    told = calm(problem, timed(problem, (2, 0, 1)))
    assert clock(told) == [[1000, 1300, 1510, 1620, 1830]]
    assert times(told.trips[0].visits[1]) == (1510, 1510, 1520, 1520)
    assert outcomes(told) == [DONE] * 3
    assert (told.distance, told.working_time, told.overtime, told.back) == (8000, 830, 0, {})


def test_a_wait_that_keeps_a_ride_short_is_kept() -> None:
    first, last = (TimeWindow(1100, 1200),), (TimeWindow(2000, 2100),)
    pair = Shipment(pickup=1, delivery=2, pickup_duration=10, max_ride=120)
    problem = street(first, OPEN, last, shipments=(Shipment(delivery=0, delivery_duration=10), pair))
    route = timed(problem, [(0, [deliver(0)]), (1, [collect(1)]), (2, [deliver(1)])])
    # Aboard for 120 s at most: collected by 1880 and not at 1210, as it could be. Who is late waits until then, too.
    assert [v.starts for v in route.visits] == [1100 + 100, 1870, 2000]
    assert clock(calm(problem, route)) == [[1100, 1200, 1870, 2000, 2300]]
    visits = calm(problem, route, at_base={0: FOREVER}).trips[0].visits
    assert (visits[1].arrives, visits[1].starts, visits[2].starts) == (1300, 1870, 2000)


def test_a_stay_is_kept_when_on_time_and_dropped_when_late() -> None:
    problem = street(OPEN, OPEN)
    (trip,) = timed(problem, (0, 1)).trips
    one, two = trip.visits
    stays = replace(one, leaves=one.leaves + 30)
    moved = replace(two, arrives=two.arrives + 30, starts=two.starts + 30, ends=two.ends + 30, leaves=two.leaves + 30)
    route = Route(0, (replace(trip, visits=(stays, moved), returns=trip.returns + 30),))
    assert clock(calm(problem, route)) == [[1000, 1100, 1240, 1450]]
    assert clock(calm(problem, route, **late(20, route=route))) == [[1020, 1120, 1240, 1450]]
    assert clock(calm(problem, route, **late(40, route=route))) == [[1040, 1140, 1250, 1460]]


# -- by hand: goods that come late -----------------------------------------------------------------------------------


def test_what_is_not_there_stays_and_its_door_is_passed_by() -> None:
    problem = street(OPEN, OPEN, OPEN)
    told = calm(problem, timed(problem, (2, 0, 1)), at_base={0: 1001})
    assert clock(told) == [[1000, 1300, None, 1410, 1620]]
    assert times(told.trips[0].visits[1]) == (None, None, None, None)
    assert outcomes(told) == [DONE, NOT_LOADED, DONE]
    assert (told.distance, told.back) == (6000, {})
    assert outcomes(calm(problem, timed(problem, (2, 0, 1)), at_base={0: 1000})) == [DONE] * 3


def test_a_visit_that_lacks_one_of_two_things_takes_less() -> None:
    two = tuple(Shipment(delivery=0, delivery_duration=d) for d in (10, 25))
    problem = street(Stop(1, setup_duration=60), shipments=two)
    told = calm(problem, timed(problem, [(0, [deliver(0), deliver(1)])]), at_base={0: FOREVER})
    assert times(told.trips[0].visits[0]) == (1100, 1100, 1185, 1185)
    assert outcomes(told) == [NOT_LOADED, DONE]


def test_a_trip_waits_for_late_goods_as_long_as_its_patience() -> None:
    problem = street(OPEN, OPEN)
    route = timed(problem, (0, 1))
    assert clock(calm(problem, route, at_base={0: 1050, 1: 1040}, patience=50)) == [[1050, 1150, 1260, 1470]]
    told = calm(problem, route, at_base={0: 1050, 1: 1040}, patience=49)
    assert (clock(told), outcomes(told)) == ([[1040, None, 1240, 1450]], [NOT_LOADED, DONE])
    never = calm(problem, route, at_base={0: FOREVER}, patience=FOREVER)
    assert (clock(never), outcomes(never)) == ([[1000, None, 1200, 1410]], [NOT_LOADED, DONE])


def test_a_trip_with_nothing_to_carry_is_not_driven() -> None:
    problem = street(OPEN, OPEN)
    told = calm(problem, timed(problem, (0,), (1,)), at_base={0: FOREVER})
    # The plan's second trip leaves at 1230; that the first one is not driven makes it no earlier.
    assert clock(told) == [[None, None, None], [1230, 1430, 1640]]
    assert (told.working_time, told.distance) == (410, 4000)
    told = calm(problem, timed(problem, (0,), (1,)), at_base={0: FOREVER, 1: FOREVER})
    assert clock(told) == [[None] * 3] * 2
    assert (told.working_time, told.distance, told.overtime, told.back) == (0, 0, 0, {})


# -- by hand: doors --------------------------------------------------------------------------------------------------


def test_who_comes_after_the_last_window_finds_it_closed() -> None:
    problem = street(OPEN, (TimeWindow(1000, 1215),), OPEN)
    route = timed(problem, (0, 1, 2))
    told = calm(problem, route, **late(5, route=route))
    assert outcomes(told) == [DONE] * 3
    told = calm(problem, route, **late(50, route=route))
    assert times(told.trips[0].visits[1]) == (1260, None, None, 1260)
    assert (clock(told), outcomes(told)) == ([[1050, 1150, None, 1360, 1670]], [DONE, CLOSED, DONE])
    assert told.back == {1: 1670}


def test_nobody_sets_out_for_a_door_that_has_closed_for_the_day() -> None:
    problem = street(OPEN, (TimeWindow(1000, 1215),), OPEN)
    route = timed(problem, (0, 1, 2))
    told = calm(problem, route, **late(105, route=route))
    assert times(told.trips[0].visits[1])[0] == 1315  # it was 1215 when they left the door before
    told = calm(problem, route, **late(106, route=route))
    assert times(told.trips[0].visits[1]) == (None, None, None, None)
    assert (clock(told), outcomes(told)) == ([[1106, 1206, None, 1416, 1726]], [DONE, CLOSED, DONE])


def test_they_wait_for_the_next_window_unless_the_shift_is_too_short() -> None:
    lunch = (TimeWindow(1000, 1215), TimeWindow(1500, 1600))
    problem = street(OPEN, lunch, tw_late=1710)
    route = timed(problem, (0, 1))
    told = calm(problem, route, **late(50, route=route))
    assert clock(told) == [[1050, 1150, 1500, 1710]]
    problem = street(OPEN, lunch, OPEN, tw_late=1709)
    route = timed(problem, (0, 1, 2))
    told = calm(problem, route, **late(50, route=route))
    assert (clock(told), outcomes(told)) == ([[1050, 1150, None, 1360, 1670]], [DONE, CLOSED, DONE])


def test_the_set_up_is_paid_by_the_first_who_serves_there() -> None:
    doors = Stop(1, (TimeWindow(1000, 1110),), setup_duration=60), Stop(1, OPEN, setup_duration=60), Stop(2)
    problem = street(*doors)
    route = timed(problem, (0, 1))
    assert clock(calm(problem, route)) == [[1000, 1100, 1170, 1280]]
    one_left_out = calm(problem, route, at_base={0: FOREVER})
    assert times(one_left_out.trips[0].visits[1]) == (1100, 1100, 1170, 1170)
    one_closed = calm(problem, route, at_base={1: 1011}, patience=11)
    assert times(one_closed.trips[0].visits[0]) == (1111, None, None, 1111)
    assert times(one_closed.trips[0].visits[1]) == (1111, 1111, 1181, 1181)
    # Between two doors of one place lies another one: without it, the second door needs no set-up.
    problem = street(Stop(1, setup_duration=60), Stop(2), Stop(1, setup_duration=60))
    told = calm(problem, timed(problem, (0, 1, 2)), at_base={1: FOREVER})
    assert [times(visit)[1:3] for visit in told.trips[0].visits] == [(1100, 1170), (None, None), (1170, 1180)]
    # Back at a place after another door was closed, the set-up is due again.
    problem = street(Stop(1, setup_duration=60), Stop(2, (TimeWindow(0, 1270),)), Stop(1, setup_duration=60))
    route = timed(problem, (0, 1, 2))
    told = calm(problem, route, **late(50, route=route))
    assert [times(visit)[:3] for visit in told.trips[0].visits] == [
        (1150, 1150, 1220),
        (1320, None, None),
        (1420, 1420, 1490),
    ]


def test_who_is_turned_away_has_taken_as_long_and_brings_it_back() -> None:
    problem = street(OPEN, OPEN)
    told = calm(problem, timed(problem, (0, 1)), turned_away=[deliver(0)])
    assert (clock(told), outcomes(told)) == ([[1000, 1100, 1210, 1420]], [TURNED_AWAY, DONE])
    assert told.back == {0: 1420}


# -- by hand: pairs and what is brought ------------------------------------------------------------------------------

PAIR = Shipment(pickup=0, delivery=1, pickup_duration=10, delivery_duration=10)
TO_BASE = Shipment(pickup=1, pickup_duration=10, latest_return=1450)


def test_what_was_not_collected_cannot_be_delivered() -> None:
    problem = street(OPEN, OPEN, shipments=(PAIR, TO_BASE))
    route = timed(problem, [(0, [collect(0)]), (1, [deliver(0), collect(1)])])
    told = calm(problem, route, turned_away=[collect(0)])
    assert outcomes(told) == [TURNED_AWAY, NOT_LOADED, DONE]
    assert (clock(told), told.back) == ([[1000, 1100, 1210, 1420]], {1: 1420})
    told = calm(problem, timed(problem, [(0, [collect(0)]), (1, [deliver(0)])]), turned_away=[collect(0)])
    assert (clock(told), told.back) == ([[1000, 1100, None, 1210]], {})
    told = calm(problem, route, turned_away=[deliver(0)])
    assert (outcomes(told), told.back) == ([DONE, TURNED_AWAY, DONE], {0: 1430, 1: 1430})


def test_both_ends_of_a_pair_at_one_door() -> None:
    inside = Shipment(pickup=0, delivery=0, pickup_duration=10, delivery_duration=15)
    problem = street((TimeWindow(1000, 1120),), shipments=(inside, Shipment(delivery=0, release=1000)))
    route = timed(problem, [(0, [collect(0), deliver(0), deliver(1)])])
    assert times(calm(problem, route).trips[0].visits[0])[1:3] == (1100, 1125)
    told = calm(problem, route, turned_away=[collect(0)])
    assert times(told.trips[0].visits[0])[1:3] == (1100, 1110)
    assert outcomes(told) == [TURNED_AWAY, NOT_LOADED, DONE]
    told = calm(problem, route, at_base={1: 1021}, patience=21)
    assert (outcomes(told), told.back) == ([CLOSED, NOT_LOADED, CLOSED], {1: 1221})
    short = replace(problem, vehicle_types=(replace(problem.vehicle_types[0], tw_late=1225),))
    assert outcomes(calm(short, route)) == [DONE] * 3
    assert outcomes(calm(short, route, at_base={1: 1001}, patience=1)) == [NO_TIME, NOT_LOADED, NO_TIME]


def test_what_is_collected_late_is_still_carried() -> None:
    problem = street(OPEN, OPEN, shipments=(Shipment(delivery=0, delivery_duration=10), TO_BASE))
    route = timed(problem, [(0, [deliver(0)]), (1, [collect(1)])])
    told = calm(problem, route, **late(100, route=route))
    assert (outcomes(told), told.back) == ([DONE, DONE], {1: 1520})


def test_a_pair_stays_aboard_past_the_base() -> None:
    other = Shipment(delivery=0, delivery_duration=10)
    problem = street(OPEN, OPEN, shipments=(PAIR, other), tw_late=1800)
    route = timed(problem, [(0, [collect(0), deliver(1)])], [(1, [deliver(0)])])
    assert clock(calm(problem, route)) == [[1000, 1100, 1220], [1240, 1440, 1650]]
    assert calm(problem, route).back == {}
    assert calm(problem, route, turned_away=[deliver(0)]).back == {0: 1650}
    told = calm(problem, route, **(late(151, route=route) | {"at_base": {1: 1151}}))
    # 1391 + 410 = 1801: no time for the second trip; it has been at the base since the first one's return.
    assert (clock(told), told.back) == ([[1151, 1251, 1371], [None, None, None]], {0: 1371})
    assert outcomes(told) == [DONE, DONE, NO_TIME]


# -- by hand: time runs out ------------------------------------------------------------------------------------------


def test_they_turn_back_when_the_next_visit_would_make_them_late() -> None:
    problem = street(OPEN, OPEN, OPEN, tw_late=1640, max_overtime=20)
    route = timed(problem, (0, 1, 2))
    told = calm(problem, route, **late(30, route=route))
    assert (clock(told), told.overtime) == ([[1030, 1130, 1240, 1350, 1660]], 20)
    told = calm(problem, route, **late(31, route=route))
    assert (clock(told), told.overtime) == ([[1031, 1131, 1241, None, 1451]], 0)
    assert (outcomes(told), told.back, told.distance) == ([DONE, DONE, NO_TIME], {2: 1451}, 4000)


def test_who_has_turned_back_makes_no_more_visits_in_the_trip() -> None:
    problem = street(OPEN, OPEN, OPEN, tw_late=1840)
    route = timed(problem, (0, 2, 1))
    told = calm(problem, route, **late(221, route=route))
    # 1331 + 200 + 10 + 300 = 1841 for the far stop; there is time for the near one, but the trip is given up.
    assert (clock(told), outcomes(told)) == ([[1221, 1321, None, None, 1431]], [DONE, NO_TIME, NO_TIME])


def test_a_later_trip_that_can_still_be_done_is_done() -> None:
    problem = street(OPEN, OPEN, OPEN, tw_late=2270)
    route = timed(problem, (0,), (2,), (1,))
    assert clock(calm(problem, route)) == [[1000, 1100, 1210], [1230, 1530, 1840], [1860, 2060, 2270]]
    told = calm(problem, route, **late(1, route=route))
    assert clock(told) == [[1001, 1101, 1211], [1231, 1531, 1841], [None, None, None]]
    told = calm(problem, route, **late(500, route=route))
    # 1500 + 210 + 20 = 1730: the far trip would end at 2340, the near one at 2140 but not before its planned 1860.
    assert clock(told) == [[1500, 1600, 1710], [None, None, None], [1860, 2060, 2270]]
    assert (outcomes(told), told.working_time) == ([DONE, NO_TIME, DONE], 770)


def test_a_second_trip_leaves_once_they_are_back_and_reloaded() -> None:
    problem = street((TimeWindow(1000, 1300),), OPEN)
    route = timed(problem, (0,), (1,))
    assert clock(calm(problem, route, **late(50, route=route))) == [[1050, 1150, 1260], [1280, 1480, 1690]]
    released = replace(problem, shipments=(problem.shipments[0], replace(problem.shipments[1], release=1600)))
    route = timed(released, (0,), (1,))
    assert [(trip.departs, trip.returns) for trip in route.trips] == [(1200, 1410), (1600, 2010)]
    open_door = replace(released, stops=(Stop(1), Stop(2)))
    for delay, second in ((170, 1600), (171, 1601)):  # back by 1580, reloaded by 1600
        assert calm(open_door, route, **late(delay, route=route)).trips[1].departs == second


def test_a_route_that_ends_elsewhere_gets_there() -> None:
    problem = street(OPEN, OPEN, OPEN, end_depot=1, tw_late=2000)
    route = timed(problem, (1,), (0,))
    # The last trip ends at location 3, 300 s from the first base.
    assert clock(calm(problem, route)) == [[1000, 1200, 1410], [1430, 1530, 1740]]
    told = calm(problem, route, at_base={0: FOREVER})
    assert (clock(told), told.distance) == ([[1000, 1200, 1410], [1410, None, 1710]], 7000)
    nothing = calm(problem, route, at_base={0: FOREVER, 1: FOREVER})
    assert (clock(nothing), nothing.working_time) == ([[None, None, None], [1430, None, 1730]], 300)
    told = calm(problem, route, **late(291, route=route))
    # 1291 + 410 + 300 = 2001: too late to end where they must.
    assert (clock(told), outcomes(told)) == ([[None, None, None], [1430, 1530, 1740]], [NO_TIME, DONE])
    told = calm(problem, route, **late(290, route=route))
    assert (clock(told), outcomes(told)) == ([[1290, 1490, 1700], [1700, None, 2000]], [DONE, NO_TIME])


def test_where_there_is_no_direct_path_they_pass_by() -> None:
    problem = street(OPEN, OPEN, OPEN)
    blocked = problem.durations[0].copy()
    blocked[1, 3] = UNREACHABLE
    metres = problem.distances[0].copy()
    metres[1, 2] = 5000
    changed = replace(problem, durations=(blocked,), distances=(metres,))
    told = calm(changed, timed(problem, (0, 1, 2)), at_base={1: FOREVER})
    assert (clock(told), told.distance) == ([[1000, 1100, None, 1310, 1620]], 1000 + 5000 + 1000 + 3000)
    blocked[1, 3] = 201  # slower than past the stop that is left out
    told = calm(changed, timed(problem, (0, 1, 2)), at_base={1: FOREVER})
    assert (clock(told), told.distance) == ([[1000, 1100, None, 1310, 1620]], 10_000)
    blocked[1, 3] = 200
    told = calm(changed, timed(problem, (0, 1, 2)), at_base={1: FOREVER})
    assert (clock(told), told.distance) == ([[1000, 1100, None, 1310, 1620]], 6000)
    metres[1, 3] = UNREACHABLE
    told = calm(changed, timed(problem, (0, 1, 2)), at_base={1: FOREVER})
    assert (clock(told), told.distance) == ([[1000, 1100, None, 1310, 1620]], 10_000)


# -- by hand: breaks -------------------------------------------------------------------------------------------------


def test_a_break_keeps_its_place_and_its_length() -> None:
    problem = street(OPEN, OPEN, breaks=(Break(60, 1105, 1150),))
    route = timed(problem, (0, 1))
    assert route.trips[0].breaks == (BreakTaken(1110, 1170),)
    told = calm(problem, route, **late(50, route=route))
    assert told.trips[0].breaks == (BreakTaken(1160, 1220),)
    assert (clock(told), told.working_time) == ([[1050, 1150, 1320, 1530]], 420)


def test_a_break_waits_for_its_window() -> None:
    problem = street(OPEN, OPEN, breaks=(Break(60, 1205, 1250),))
    route = timed(problem, (1, 0))
    assert route.trips[0].breaks == (BreakTaken(1210, 1270),)
    # The far stop is left out, so its break is taken at the near one, where they are at 1100, before its window.
    told = calm(problem, route, at_base={1: FOREVER})
    assert told.trips[0].breaks == (BreakTaken(1205, 1265),)
    assert (clock(told), told.working_time) == ([[1000, None, 1265, 1375]], 315)


def test_a_break_after_the_last_halt_is_not_needed() -> None:
    problem = street(OPEN, OPEN, breaks=(Break(60, 1205, 1250),))
    route = timed(problem, (0, 1))
    assert route.trips[0].breaks != ()
    told = calm(problem, route, at_base={1: FOREVER})
    assert (clock(told), told.trips[0].breaks, told.working_time) == ([[1000, 1100, None, 1210]], (), 210)


def test_a_break_that_was_left_out_is_taken_at_the_base_before_the_next_trip() -> None:
    problem = street(OPEN, OPEN, breaks=(Break(60, 1205, 1215),), shipments=(
        Shipment(delivery=0, delivery_duration=10),
        Shipment(delivery=1, delivery_duration=10),
        Shipment(delivery=0, delivery_duration=10),
    ))  # fmt: skip
    route = timed(problem, [(0, [deliver(0)]), (1, [deliver(1)])], [(0, [deliver(2)])])
    assert [trip.breaks for trip in route.trips] == [(BreakTaken(1210, 1270),), ()]
    told = calm(problem, route, at_base={1: FOREVER})
    # Back at 1210: a break, a reload, and away at the planned time.
    assert [trip.breaks for trip in told.trips] == [(), (BreakTaken(1210, 1270),)]
    assert (clock(told), told.working_time) == ([[1000, 1100, None, 1210], [1500, 1600, 1710]], 650)


def test_breaks_at_the_base_lie_around_the_reload() -> None:
    rests = Break(60, 1200, 1215), Break(40, 1290, 1300)
    problem = street(OPEN, OPEN, breaks=rests)
    route = timed(problem, (0,), (1,))
    assert route.trips[1].breaks == (BreakTaken(1210, 1270), BreakTaken(1290, 1330))
    told = calm(problem, route, **late(50, route=route))
    assert told.trips[1].breaks == (BreakTaken(1260, 1320), BreakTaken(1340, 1380))
    assert (clock(told), told.working_time) == ([[1050, 1150, 1260], [1380, 1580, 1790]], 640)


def test_the_look_ahead_counts_the_rest_that_is_due() -> None:
    problem = street(OPEN, OPEN, breaks=(Break(60, 1205, 1250),), tw_late=1480)
    route = timed(problem, (0, 1))
    assert route.trips[0].returns == 1480
    told = calm(problem, route, **late(1, route=route))
    assert (clock(told), outcomes(told)) == ([[1001, 1101, None, 1211]], [DONE, NO_TIME])


def test_the_look_ahead_counts_the_rest_that_follows() -> None:
    problem = street(OPEN, OPEN, breaks=(Break(60, 1205, 1250),), tw_late=1480)
    route = timed(problem, (1, 0))
    assert route.visits[0].leaves == 1270
    told = calm(problem, route, **late(10, route=route))
    # 1010 + 200 + 10 + 60 + 200 = 1480 is just in time; the second visit is not.
    assert (clock(told), outcomes(told)) == ([[1010, 1210, None, 1480]], [DONE, NO_TIME])
    told = calm(problem, route, **late(11, route=route))
    assert (clock(told), outcomes(told)) == ([[None, None, None, None]], [NO_TIME, NO_TIME])


def test_the_break_of_a_trip_that_is_not_driven_is_taken_before_the_next_one() -> None:
    problem = street(OPEN, OPEN, OPEN, breaks=(Break(60, 1400, 1450),))
    route = timed(problem, (0,), (1,), (2,))
    assert [trip.breaks for trip in route.trips] == [(), (BreakTaken(1430, 1490),), ()]
    assert [trip.departs for trip in route.trips] == [1000, 1230, 1720]
    told = calm(problem, route, at_base={1: FOREVER})
    assert [trip.breaks for trip in told.trips] == [(), (), (BreakTaken(1400, 1460),)]
    assert (clock(told)[2], told.working_time) == ([1720, 2020, 2330], 1270)
    # The first trip is not driven: the day begins with the second one, and its break stays where it is.
    told = calm(problem, route, at_base={0: FOREVER})
    assert [trip.breaks for trip in told.trips] == [(), (BreakTaken(1430, 1490),), ()]
    # Work begins with the third trip, when the time of the break is over.
    told = calm(problem, route, at_base={0: FOREVER, 1: FOREVER})
    assert ([trip.breaks for trip in told.trips], told.working_time) == ([(), (), ()], 610)


# -- chance ----------------------------------------------------------------------------------------------------------


def noisy(noise: Noise, seed: int, **surprises: Any) -> Replay:
    goods = tuple(Shipment(delivery=k, delivery_duration=duration) for k, duration in enumerate((0, 2000, 10)))
    problem = street(Stop(10, setup_duration=1000), Stop(20), Stop(25), shipments=goods, tw_late=FOREVER)
    return replay(problem, timed(problem, (0, 1, 2)), noise, np.random.default_rng(seed), **surprises)


def drives(told: Replay) -> list[int]:
    """Seconds of every drive of the only trip."""
    (trip,) = told.trips
    made = [visit for visit in trip.visits if visit.arrives is not None]
    leaves = [trip.departs, *(visit.leaves for visit in made)]
    arrives = [*(visit.arrives for visit in made), trip.returns]
    return [b - a for a, b in zip(leaves, arrives, strict=True) if a is not None and b is not None]


@pytest.mark.slow
def test_drives_are_lognormal_with_the_planned_mean() -> None:
    factors = np.array([drives(noisy(Noise(travel=0.4), seed)) for seed in range(2000)]) / [1000, 1000, 500, 2500]
    assert np.abs(factors.mean(axis=0) - 1).max() < 4 * 0.42 / 2000**0.5
    logs = np.log(factors)
    assert np.abs(logs.std(axis=0) - 0.4).max() < 4 * 0.4 / 4000**0.5
    assert np.abs(np.corrcoef(logs, rowvar=False) - np.eye(4)).max() < 4 / 2000**0.5


@pytest.mark.slow
def test_the_noise_of_a_day_is_that_of_all_its_drives() -> None:
    factors = np.array([drives(noisy(Noise(day=0.3), seed)) for seed in range(2000)]) / [1000, 1000, 500, 2500]
    assert np.ptp(factors, axis=1).max() <= 2 / 500  # each is rounded to seconds
    assert abs(factors.mean() - 1) < 4 * 0.31 / 2000**0.5
    assert abs(np.log(factors[:, 3]).std() - 0.3) < 4 * 0.3 / 4000**0.5


@pytest.mark.slow
def test_services_are_noisy_by_themselves() -> None:
    told = [noisy(Noise(service=0.3), seed) for seed in range(2000)]
    assert {tuple(drives(one)) for one in told} == {(1000, 1000, 500, 2500)}
    service = np.array([[v.ends - v.starts for v in one.trips[0].visits if v.ends and v.starts] for one in told])
    set_up, item = service[:, 0] / 1000, service[:, 1] / 2000
    for factor in (set_up, item):
        assert abs(factor.mean() - 1) < 4 * 0.307 / 2000**0.5
        assert abs(np.log(factor).std() - 0.3) < 4 * 0.3 / 4000**0.5
    assert abs(np.corrcoef(set_up, item)[0, 1]) < 4 / 2000**0.5


def test_a_seed_gives_each_drive_its_length_whatever_happens() -> None:
    noise = Noise(travel=0.3, service=0.2, day=0.1)
    plain = noisy(noise, 7)
    assert plain == noisy(noise, 7)
    assert plain != noisy(noise, 8)
    assert drives(plain) == drives(noisy(noise, 7, turned_away=[deliver(0), deliver(1)]))
    to_first, _, to_last, home = drives(plain)
    left_out = drives(noisy(noise, 7, at_base={1: FOREVER}))
    assert (left_out[0], left_out[2]) == (to_first, home)
    assert abs(left_out[1] - 3 * to_last) <= 2  # three times the way
    more = drives(noisy(Noise(travel=0.6), 7))
    less = drives(noisy(Noise(travel=0.3), 7))
    plan = [1000, 1000, 500, 2500]
    logs = [[np.log(a / b) for a, b in zip(some, plan, strict=True)] for some in (less, more)]
    # log factor = sigma z - sigma ** 2 / 2 with the same z
    assert np.allclose((np.array(logs[0]) + 0.045) * 2, np.array(logs[1]) + 0.18, atol=0.01)


def test_a_route_takes_as_many_numbers_whatever_happens() -> None:
    problem = street(OPEN, OPEN)
    route = timed(problem, (0, 1))
    after = []
    cases: list[tuple[Noise, dict[str, Any]]] = [
        (CALM, {}),
        (Noise(travel=1.0), {}),
        (Noise(service=1.0), {}),
        (Noise(day=1.0), {}),
        (CALM, {"at_base": {0: FOREVER, 1: FOREVER}}),
    ]
    for noise, surprises in cases:
        rng = np.random.default_rng(3)
        replay(problem, route, noise, rng, **surprises)
        after.append(rng.random())
    assert len(set(after)) == 1


# -- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sigma", [-0.1, float("nan"), float("inf")])
@pytest.mark.parametrize("which", ["travel", "service", "day"])
def test_noise_is_a_finite_sigma(which: str, sigma: float) -> None:
    with pytest.raises(ValueError, match="finite and >= 0"):
        Noise(**{which: sigma})


@pytest.mark.parametrize(
    ("surprises", "message"),
    [
        ({"patience": -1}, "patience is never negative, got -1"),
        ({"at_base": {2: 0}}, "shipment 2, which does not go out"),
        ({"at_base": {-1: 0}}, "shipment -1, which does not go out"),
        ({"at_base": {1: 0}}, "shipment 1, which does not go out"),
        ({"turned_away": [collect(0)]}, "turned_away names"),
        ({"turned_away": [deliver(2)]}, "turned_away names"),
    ],
)
def test_surprises_must_be_possible(surprises: dict[str, Any], message: str) -> None:
    problem = street(OPEN, OPEN, shipments=(Shipment(delivery=0), Shipment(pickup=1)))
    with pytest.raises(ValueError, match=message):
        calm(problem, timed(problem, [(0, [deliver(0)]), (1, [collect(1)])]), **surprises)


def test_a_route_must_be_one_that_can_be_driven() -> None:
    problem = street(OPEN, (TimeWindow(1210, 1300),), breaks=(Break(60, 1105, 1150),))
    route = timed(problem, (0, 1))
    (trip,) = route.trips
    blocked = problem.durations[0].copy()
    blocked[1, 2] = UNREACHABLE
    with pytest.raises(ValueError, match="from location 1 to 2, where there is no path"):
        calm(replace(problem, durations=(blocked,)), route)
    with pytest.raises(ValueError, match="breaks that its vehicle type 0 does not have"):
        calm(replace(problem, vehicle_types=(replace(problem.vehicle_types[0], breaks=()),)), route)
    moved = replace(trip, breaks=(BreakTaken(1120, 1180),), visits=trip.visits)
    with pytest.raises(ValueError, match="in the midst of work"):
        calm(problem, Route(0, (moved,)))
    early = replace(problem, stops=(problem.stops[0], Stop(2, (TimeWindow(1400, 1500),))))
    with pytest.raises(ValueError, match="serves stop 1 at"):
        calm(early, route)


# -- whatever happens ------------------------------------------------------------------------------------------------


def planned_clock(route: Route | Replay) -> list[Any]:
    """All times and metres that a plan and a replay both state."""
    return [
        (trip.departs, trip.returns, trip.distance, trip.breaks, [(v.stop, *times(v)) for v in trip.visits])
        for trip in route.trips
    ]


def as_planned(problem: Problem, route: Route) -> None:
    told = calm(problem, route)
    assert planned_clock(told) == planned_clock(route)
    assert told.outcomes == dict.fromkeys(route.tasks, DONE)
    assert (told.distance, told.working_time) == (route.distance, route.working_time)
    assert told.overtime == overtime(problem, route)
    to_base = {
        task.shipment: trip.returns
        for trip in route.trips
        for visit in trip.visits
        for task in visit.tasks
        if problem.shipments[task.shipment].delivery is None
    }
    assert told.back == to_base


def shortest(problem: Problem) -> Problem:
    """With the quickest ways in its matrices: nobody gains by a detour."""
    ways = problem.durations[0].astype(np.int64)
    for k in range(len(ways)):
        ways = np.minimum(ways, ways[:, k, None] + ways[k])
    seconds = ways.astype(np.int32)
    return replace(problem, durations=(seconds,), distances=(seconds * 10,))


def drawn_route(seed: int, **shipment: Any) -> tuple[Problem, Route]:
    """A random route of everything in a random problem."""
    problem = shortest(without_limits(random_problem(seed, num_shipments=5)))
    problem = replace(problem, shipments=tuple(replace(one, **shipment) for one in problem.shipments))
    route = time_route(problem, 0, random_sequence(problem, seed, max_trips=3))
    assume(isinstance(route, Route))
    assert isinstance(route, Route)
    return hurried(problem, route, seed), route


def hurried(problem: Problem, route: Route, seed: int) -> Problem:
    """Half of the time with a shift that ends soon after the planned return."""
    returns = route.trips[-1].returns
    kind = replace(problem.vehicle_types[0], tw_late=returns, max_overtime=seed % 4 * 20)
    return replace(problem, vehicle_types=(kind, kind)) if seed % 8 < 4 else problem


def drawn_surprises(problem: Problem, route: Route, seed: int) -> dict[str, Any]:
    """Some goods late, some never there, some doors where nobody is, some patience."""
    rng = random.Random(seed)
    at_base = {}
    for task in route.tasks:
        if problem.shipments[task.shipment].pickup is None and rng.random() < 0.4:
            at_base[task.shipment] = rng.choice((FOREVER, rng.randrange(0, 1200), rng.randrange(0, 1200)))
    turned_away = [task for task in route.tasks if rng.random() < 0.2]
    return {"at_base": at_base, "turned_away": turned_away, "patience": rng.choice((0, 50, 400))}


@pytest.mark.slow
@settings(max_examples=draws(150, 5000), deadline=None)
@given(st.integers(0, 10**9))
def test_without_noise_any_timed_route_is_as_planned(seed: int) -> None:
    problem = without_limits(random_problem(seed, num_shipments=5))
    route = time_route(problem, seed % 2, random_sequence(problem, seed, max_trips=3))
    assume(isinstance(route, Route))
    assert isinstance(route, Route)
    as_planned(problem, route)


@pytest.mark.slow
@settings(max_examples=draws(20, 500), deadline=None)
@given(st.integers(0, 10**9))
def test_without_noise_any_answer_is_as_planned(seed: int) -> None:
    problem = random_problem(seed, num_shipments=8)
    for route in solve(problem, StoppingCriterion(iterations=30), seed).solution.routes:
        as_planned(problem, route)


@pytest.mark.slow
@settings(max_examples=draws(150, 5000), deadline=None)
@given(st.integers(0, 10**9))
def test_surprises_alone_never_break_the_shift(seed: int) -> None:
    problem, route = drawn_route(seed)
    vehicle = problem.vehicle_types[route.vehicle_type]
    surprises = drawn_surprises(problem, route, seed)
    told = calm(problem, route, **surprises)
    audit(problem, route, told, **surprises)
    assert told.overtime <= vehicle.max_overtime


@pytest.mark.slow
@settings(max_examples=draws(200, 10_000), deadline=None)
@given(st.integers(0, 10**9), st.sampled_from((0.1, 0.5, 1.0)), st.sampled_from((0.0, 0.5)))
def test_noise_and_surprises_lose_nothing(seed: int, travel: float, others: float) -> None:
    problem, route = drawn_route(seed)
    surprises = drawn_surprises(problem, route, seed)
    noise = Noise(travel=travel, service=others, day=others)
    told = replay(problem, route, noise, np.random.default_rng(seed), **surprises)
    audit(problem, route, told, **surprises)


@pytest.mark.slow
@settings(max_examples=draws(200, 10_000), deadline=None)
@given(st.integers(0, 10**9), st.booleans())
def test_they_go_on_as_long_as_they_expect_to_be_back_in_time(seed: int, is_noisy: bool) -> None:
    problem, route = drawn_route(seed, max_ride=FOREVER)
    kind = replace(problem.vehicle_types[route.vehicle_type], breaks=(), end_depot=0, start_depot=0)
    problem = replace(problem, vehicle_types=(kind, kind))
    sequence: Sequence = [[(visit.stop, list(visit.tasks)) for visit in trip.visits] for trip in route.trips]
    again = time_route(problem, 0, sequence)
    assume(isinstance(again, Route))
    assert isinstance(again, Route)
    problem = hurried(problem, again, seed)
    surprises = drawn_surprises(problem, again, seed) | {"patience": 0}
    noise = Noise(travel=0.5, service=0.5) if is_noisy else CALM
    told = replay(problem, again, noise, np.random.default_rng(seed), **surprises)
    looks(problem, again, told)


# -- the audit: everything counted again from what the replay tells --------------------------------------------------


def audit(
    problem: Problem,
    route: Route,
    told: Replay,
    *,
    at_base: Mapping[int, int],
    turned_away: Collection[Task],
    patience: int,
) -> None:
    assert len(told.trips) == len(route.trips)
    for trip, plan in zip(told.trips, route.trips, strict=True):
        assert [(v.stop, tuple(v.outcomes)) for v in trip.visits] == [(v.stop, v.tasks) for v in plan.visits]
    _times_follow(problem, route, told, patience)
    _doors_are_open(problem, told, turned_away)
    _breaks_are_rests(problem, route, told)
    _figures_add_up(problem, route, told)
    _nothing_is_lost(problem, told, at_base)


def _driven(told: Replay) -> list[ReplayedTrip]:
    for trip in told.trips:
        assert (trip.departs is None) == (trip.returns is None)
        if trip.departs is None:
            assert all(visit.arrives is None for visit in trip.visits)
            assert (trip.breaks, trip.distance) == ((), 0)
    return [trip for trip in told.trips if trip.departs is not None]


def _moments(trip: ReplayedTrip) -> list[int]:
    """All times of a driven trip in order; its halts without service have two."""
    visits = [time for visit in trip.visits for time in times(visit) if time is not None]
    assert trip.departs is not None
    assert trip.returns is not None
    return [trip.departs, *visits, trip.returns]


def _times_follow(problem: Problem, route: Route, told: Replay, patience: int) -> None:
    reload_duration = problem.vehicle_types[route.vehicle_type].reload_duration
    before = None
    for trip, plan in zip(told.trips, route.trips, strict=True):
        if trip.departs is None:
            continue
        moments = _moments(trip)
        assert moments == sorted(moments)
        made = [visit for visit in trip.visits if visit.arrives is not None]
        if before is not None:
            rests = sum(t.ends - t.starts for t in trip.breaks if t.ends <= trip.departs)
            needed = before + (reload_duration + rests if made else 0)
            assert trip.departs >= needed
            if made and not rests:
                assert trip.departs <= max(needed, plan.departs) + patience
        elif made:
            assert plan.departs <= trip.departs <= plan.departs + patience
        before = trip.returns


def _doors_are_open(problem: Problem, told: Replay, turned_away: Collection[Task]) -> None:
    for visit in (visit for trip in told.trips for visit in trip.visits):
        found = set(visit.outcomes.values())
        assert (visit.starts is None) == (visit.ends is None)
        if visit.starts is not None:
            assert any(window.early <= visit.starts <= window.late for window in problem.stops[visit.stop].windows)
            assert found <= {DONE, TURNED_AWAY, NOT_LOADED}
            assert found & {DONE, TURNED_AWAY}
        elif visit.arrives is not None:
            assert CLOSED in found
            assert found <= {CLOSED, NOT_LOADED}
        else:
            assert not found & {DONE, TURNED_AWAY}
        for task, outcome in visit.outcomes.items():
            assert outcome is not (DONE if task in turned_away else TURNED_AWAY)


def _breaks_are_rests(problem: Problem, route: Route, told: Replay) -> None:
    returns: int | None = None
    idle: list[tuple[int | None, int | None]] = []
    for trip in _driven(told):
        if returns is not None:
            idle.append((returns, trip.departs))
        for visit in trip.visits:
            idle += [(visit.arrives, visit.starts), (visit.ends, visit.leaves)]
            idle += [(visit.arrives, visit.leaves)] if visit.starts is None else []
        returns = trip.returns
    taken = sorted((t for trip in told.trips for t in trip.breaks), key=lambda t: t.starts)
    for one in taken:
        assert any(a is not None and b is not None and a <= one.starts and one.ends <= b for a, b in idle)
    assert all(a.ends <= b.starts for a, b in pairwise(taken))
    rests = problem.vehicle_types[route.vehicle_type].breaks
    planned = Counter(t.ends - t.starts for trip in route.trips for t in trip.breaks)
    assert Counter(t.ends - t.starts for t in taken) <= planned
    for one in taken:
        assert any(one.ends - one.starts == b.duration and one.starts >= b.tw_early for b in rests)


def _figures_add_up(problem: Problem, route: Route, told: Replay) -> None:
    vehicle = problem.vehicle_types[route.vehicle_type]
    start, end = (problem.depots[depot].location for depot in (vehicle.start_depot, vehicle.end_depot))
    for trip in _driven(told):
        base = end if trip is told.trips[-1] else start
        places = [start, *(problem.stops[v.stop].location for v in trip.visits if v.arrives is not None), base]
        assert trip.distance == sum(int(problem.distances[0][arc]) for arc in pairwise(places))
    driven = _driven(told)
    rests = sum(t.ends - t.starts for trip in told.trips for t in trip.breaks)
    span = [time for trip in driven for time in (trip.departs, trip.returns) if time is not None]
    assert told.working_time == (span[-1] - span[0] - rests if span else 0)
    assert told.overtime == (max(0, span[-1] - vehicle.tw_late) if span else 0)
    assert told.distance == sum(trip.distance for trip in driven)


def _nothing_is_lost(problem: Problem, told: Replay, at_base: Mapping[int, int]) -> None:
    """Delivered + back = loaded + collected, shipment by shipment; and back is a moment at which a trip returned."""
    taken: Counter[int] = Counter()
    delivered: Counter[int] = Counter()
    for trip in told.trips:
        is_out = any(visit.arrives is not None for visit in trip.visits)
        for task, outcome in ((t, o) for visit in trip.visits for t, o in visit.outcomes.items()):
            shipment = problem.shipments[task.shipment]
            if task.action is Action.COLLECT:
                taken[task.shipment] += outcome is DONE
                continue
            delivered[task.shipment] += outcome is DONE
            if shipment.pickup is None and trip.departs is not None and is_out:
                is_there = at_base.get(task.shipment, shipment.release) <= trip.departs
                taken[task.shipment] += is_there
                assert (outcome is NOT_LOADED) != is_there
            if shipment.pickup is not None and told.outcomes[Task(task.shipment, Action.COLLECT)] is not DONE:
                assert outcome is NOT_LOADED
            elif shipment.pickup is not None:
                assert outcome is not NOT_LOADED
    assert +(delivered + Counter(dict.fromkeys(told.back, 1))) == +taken
    assert set(told.back.values()) <= {trip.returns for trip in told.trips}


def looks(problem: Problem, route: Route, told: Replay) -> None:
    """
    Whoever drives on expects to be back in time, and whoever turns back does not.

    For routes that end where they begin, without breaks, ride limits and patience: nothing else comes between.
    """
    vehicle = problem.vehicle_types[route.vehicle_type]
    aboard: set[int] = set()
    before: int | None = None
    for trip, plan in zip(told.trips, route.trips, strict=True):
        departs = plan.departs if before is None else max(plan.departs, before + vehicle.reload_duration)
        assert trip.departs in (None, departs)
        before = before if trip.returns is None else trip.returns
        aboard |= {t.shipment for v in trip.visits for t, o in v.outcomes.items()
                   if problem.shipments[t.shipment].pickup is None and o is not NOT_LOADED}  # fmt: skip
        here, now, served = problem.depots[0].location, departs, None
        for visit in trip.visits:
            back = _expected_back(problem, vehicle, visit, aboard, here, now, served)
            if visit.arrives is not None:
                assert back <= vehicle.tw_late + vehicle.max_overtime
            elif NO_TIME in visit.outcomes.values():
                assert back > vehicle.tw_late + vehicle.max_overtime
                break
            if visit.arrives is not None and visit.leaves is not None:
                there = problem.stops[visit.stop].location
                served = there if visit.starts is not None or served == there else None
                here, now = there, visit.leaves
            done = {task for task, outcome in visit.outcomes.items() if outcome is DONE}
            aboard |= {task.shipment for task in done if task.action is Action.COLLECT}
            aboard -= {task.shipment for task in done if task.action is Action.DELIVER}


def _expected_back(
    problem: Problem,
    vehicle: VehicleType,
    visit: ReplayedVisit,
    aboard: set[int],
    here: int,
    now: int,
    served: int | None,
) -> int:
    """When somebody who drives to a visit now, and home from there, would be back."""
    stop, ways = problem.stops[visit.stop], problem.durations[0]
    arrives = now + int(ways[here, stop.location])
    home = int(ways[stop.location, problem.depots[0].location])
    service = 0 if served == stop.location else stop.setup_duration
    collected = {task.shipment for task in visit.outcomes if task.action is Action.COLLECT}
    service += sum(problem.duration_of(t) for t in visit.outcomes if t.shipment in aboard | collected)
    begins = [max(arrives, window.early) for window in stop.windows if window.late >= arrives]
    if begins and (begins[0] == arrives or begins[0] + service + home <= vehicle.tw_late + vehicle.max_overtime):
        return begins[0] + service + home
    return arrives + home
