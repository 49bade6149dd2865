"""
Problems whose best answer is reckoned by hand, at least two for each constraint.

```
base(0) --100 s, 1,000 m-- door 0 --100 s-- door 1 --100 s-- door 2 --100 s-- door 3 --100 s-- other base(1)
```
A courier costs 500 a day and 1 a metre, and works from 0 to 10,000. Shipments must go, weigh nothing and take no time.
So what goes to door 3 and back costs 500 + 8,000, and doors on the way are free.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from routing.model import (
    UNREACHABLE,
    Break,
    Depot,
    FrozenRoute,
    FrozenVisit,
    Preferences,
    Problem,
    Shipment,
    Stop,
    TimeWindow,
    VehicleType,
)
from tests.routing.samples import collect, deliver, line_matrix

COURIER = VehicleType(tw_late=10_000, fixed_cost=500, unit_distance_cost=1)
HOURLY = replace(COURIER, unit_duration_cost=1)
"""Paid by the second as well."""


@dataclass(frozen=True, slots=True)
class Case:
    """A problem and its best answer by `Objective.DAILY`."""

    problem: Problem
    left: int
    vehicles: int
    cost: int


def street(*shipments: Shipment, fleet: tuple[VehicleType, ...] = (COURIER,), **changes: object) -> Problem:
    """Build the street; `changes` are fields of the problem."""
    places = [0, 1, 2, 3, 4, 5]
    problem = Problem(
        stops=tuple(Stop(door + 1) for door in range(4)),
        shipments=shipments,
        vehicle_types=fleet,
        depots=(Depot(0), Depot(5)),
        distances=(line_matrix(places, 1000),),
        durations=(line_matrix(places, 100),),
    )
    return replace(problem, **changes)  # type: ignore[arg-type]


def to(door: int, **changes: object) -> Shipment:
    """From the base to a door."""
    return replace(Shipment(delivery=door, must_go=True), **changes)  # type: ignore[arg-type]


def from_(door: int, **changes: object) -> Shipment:
    """From a door to the base."""
    return replace(Shipment(pickup=door, must_go=True), **changes)  # type: ignore[arg-type]


def between(pickup: int, delivery: int, **changes: object) -> Shipment:
    """From a door to a door."""
    return replace(Shipment(pickup=pickup, delivery=delivery, must_go=True), **changes)  # type: ignore[arg-type]


def fleet(*changes: Mapping[str, object], like: VehicleType = COURIER) -> tuple[VehicleType, ...]:
    return tuple(replace(like, **change) for change in changes)  # type: ignore[arg-type]


def opened(windows: dict[int, list[tuple[int, int]]]) -> tuple[Stop, ...]:
    """The doors, some with windows."""
    return tuple(
        Stop(door + 1, tuple(TimeWindow(*window) for window in windows.get(door, [(0, 10_000)]))) for door in range(4)
    )


def _room() -> dict[str, Case]:
    heavy = to(0, load=(2,)), to(3, load=(2,))
    three = fleet({"capacity": (3,)})
    paid = to(0, collected=(0, 60)), to(1, collected=(0, 60))
    purse = {"capacity": (9, 100)}
    return {
        # 2 + 2 > 3: one stays, and the near door costs 500 + 2,000
        "capacity: one of two fits": Case(street(*heavy, fleet=three), 1, 1, 2500),
        # 2,500 for door 0 and 8,500 for door 3
        "capacity: a second courier": Case(
            street(*heavy, fleet=fleet({"capacity": (3,), "num_available": 2})), 0, 2, 11_000
        ),
        "capacity: just enough": Case(street(to(0, load=(1,)), to(3, load=(2,)), fleet=three), 0, 1, 8500),
        # the way out would have 2 + 2 aboard at door 0, the way back has 0 + 2
        "capacity: deliver before collecting": Case(
            street(from_(0, load=(2,)), to(3, load=(2,)), fleet=three), 0, 1, 8500
        ),
        # aboard at each moment: 2, 2 (delivered 2, took 2), 2: it fits as long as the door gets its own first
        "capacity: one for the other at a door": Case(
            street(from_(0, load=(2,)), to(0, load=(2,)), fleet=fleet({"capacity": (2,)})), 0, 1, 2500
        ),
        # 60 + 60 in cash > 100: 2,500 and 4,500
        "collected: two purses": Case(street(*paid, fleet=fleet({**purse, "num_available": 2})), 0, 2, 7000),
        "collected: one purse": Case(street(*paid, fleet=fleet(purse)), 1, 1, 2500),
        # the cash is handed over between two trips: 500 + 2,000 + 4,000
        "collected: emptied at the base": Case(street(*paid, fleet=fleet({**purse, "max_trips": 2})), 0, 1, 6500),
    }


def _clock() -> dict[str, Case]:
    far_and_near = to(3), to(0)
    # door 3 at 500 at the latest, door 0 from 900: leave at 100, 500 at door 3, wait from 800 to 900, home at 1,000
    lunch = opened({0: [(0, 50), (900, 1000)], 3: [(0, 500)]})
    doors_at_once = (Stop(1, setup_duration=60), Stop(1, setup_duration=60))
    next_door = (Stop(1, setup_duration=60), Stop(2, setup_duration=60))
    side_by_side = street(to(0), to(1), stops=next_door, fleet=fleet({"max_duration": 319}, like=HOURLY))
    touching = line_matrix([0, 1, 1, 1, 1, 5], 100)
    both_on_time = opened({0: [(700, 700)], 3: [(400, 400)]})
    return {
        "windows: out": Case(street(*far_and_near, stops=opened({0: [(100, 100)], 3: [(400, 400)]})), 0, 1, 8500),
        "windows: on the way back": Case(street(*far_and_near, stops=both_on_time), 0, 1, 8500),
        # nobody is at door 3 before 400
        "windows: too early for anybody": Case(street(*far_and_near, stops=opened({3: [(0, 399)]})), 1, 1, 2500),
        # 500 + 8,000 + 900 s
        "windows: the second one": Case(street(*far_and_near, stops=lunch, fleet=(HOURLY,)), 0, 1, 9400),
        # one visit after the other in time at one place: 500 + 2,000 + 200 s + 60 s once
        "setup: shared by two doors": Case(street(to(0), to(1), stops=doors_at_once, fleet=(HOURLY,)), 0, 1, 2760),
        # 500 + 2,000 + 200 s + 60 s + 2 × 30 s
        "setup: once a visit": Case(
            street(*(to(0, delivery_duration=30),) * 2, stops=doors_at_once, fleet=(HOURLY,)), 0, 1, 2820
        ),
        # no distance, yet two places: 200 + 60 + 60 = 320 s > 319, and one of them costs 500 + 2,000 + 260 s
        "setup: not shared next door": Case(
            replace(side_by_side, durations=(touching,), distances=(touching * 10,)), 1, 1, 2760
        ),
        # from 300 to 500
        "release: in time": Case(street(to(0, release=300), fleet=fleet({"tw_late": 500}, like=HOURLY)), 0, 1, 2700),
        "release: too late": Case(street(to(0, release=300), fleet=fleet({"tw_late": 499})), 1, 0, 0),
        # door 0 by 100, the rest from 300: 500 + 2,000 + 4,000
        "release: another trip": Case(
            street(to(0), to(1, release=300), stops=opened({0: [(0, 100)]}), fleet=fleet({"max_trips": 2})), 0, 1, 6500
        ),
        "release: no other trip": Case(street(to(0), to(1, release=300), stops=opened({0: [(0, 100)]})), 1, 1, 2500),
        "latest return: just": Case(street(from_(3, latest_return=800)), 0, 1, 8500),
        "latest return: missed": Case(street(from_(3, latest_return=799)), 1, 0, 0),
        # home by 200, then door 1 from 600: 500 + 2,000 + 4,000
        "latest return: another trip": Case(
            street(from_(0, latest_return=200), to(1), stops=opened({1: [(600, 700)]}), fleet=fleet({"max_trips": 2})),
            0, 1, 6500,
        ),
        "latest return: no other trip": Case(
            street(from_(0, latest_return=200), to(1), stops=opened({1: [(600, 700)]})), 1, 1, 2500
        ),
        "ride: out in order": Case(street(to(3, max_ride=400), to(0, max_ride=100)), 0, 1, 8500),
        # 10 s at door 0 make it 410 s to door 3; the other way round door 0 waits for 700 s
        "ride: held up at a door": Case(
            street(to(3, max_ride=400), to(0, max_ride=100, delivery_duration=10)), 1, 1, 2500
        ),
        # 50 s at door 0 are spent on the way out
        "ride: back without a halt": Case(street(from_(3, max_ride=400), from_(0, pickup_duration=50)), 0, 1, 8500),
        "ride: from door to door": Case(street(between(0, 3, max_ride=300)), 0, 1, 8500),
        "ride: too far from door to door": Case(street(between(0, 3, max_ride=299)), 1, 0, 0),
    }  # fmt: skip


def _rest() -> dict[str, Case]:
    rest = Break(100, 200, 300)
    resting = fleet({"breaks": (rest,)}, like=HOURLY)
    return {
        # leaving at 300 it is not needed: 500 + 8,000 + 800 s
        "breaks: avoided by leaving late": Case(street(to(3), fleet=resting), 0, 1, 9300),
        # door 3 by 600: leaves before 300, and drives without a halt until after 300
        "breaks: no place for it": Case(street(to(3), stops=opened({3: [(0, 600)]}), fleet=resting), 1, 0, 0),
        # door 1 at 200, rest until 300, door 3 at 500, home at 900: 800 s of work
        "breaks: between two doors": Case(
            street(to(1), to(3), stops=opened({1: [(200, 200)], 3: [(500, 500)]}), fleet=resting), 0, 1, 9300
        ),
        # door 3 by 499 leaves no 100 s: only door 1, with its rest, 0 to 500: 500 + 4,000 + 400 s
        "breaks: in the way": Case(
            street(to(1), to(3), stops=opened({1: [(200, 200)], 3: [(400, 499)]}), fleet=resting), 1, 1, 4900
        ),
    }


def _hours() -> dict[str, Case]:
    paid = {"tw_late": 600, "max_overtime": 200, "unit_overtime_cost": 3}
    return {
        # home at 800: 500 + 8,000 + 3 × 200 s
        "overtime: paid": Case(street(to(3), fleet=fleet(paid)), 0, 1, 9100),
        "overtime: too much": Case(street(to(3), fleet=fleet({**paid, "max_overtime": 199})), 1, 0, 0),
        "overtime: dearer than staying": Case(
            street(to(3, must_go=False, penalty=9099), fleet=fleet(paid)), 1, 0, 9099
        ),
        "overtime: cheaper than staying": Case(
            street(to(3, must_go=False, penalty=9101), fleet=fleet(paid)), 0, 1, 9100
        ),
        "shift: just": Case(street(to(3), fleet=fleet({"tw_early": 300, "tw_late": 1100})), 0, 1, 8500),
        "shift: a second too short": Case(street(to(3), fleet=fleet({"tw_early": 300, "tw_late": 1099})), 1, 0, 0),
        "depot hours: just": Case(street(to(3), depots=(Depot(0, 300, 1100), Depot(5))), 0, 1, 8500),
        "depot hours: a second too short": Case(street(to(3), depots=(Depot(0, 300, 1099), Depot(5))), 1, 0, 0),
        # 200 s, 300 s of reloading, 400 s
        "trips: two": Case(street(*_ones(), fleet=fleet(_reloading(900))), 0, 1, 6500),
        "trips: no time for two": Case(street(*_ones(), fleet=fleet(_reloading(899))), 1, 1, 2500),
        "trips: only one": Case(street(*_ones(), fleet=fleet({**_reloading(900), "max_trips": 1})), 1, 1, 2500),
        "max distance: just": Case(street(to(3), to(0), fleet=fleet({"max_distance": 8000})), 0, 1, 8500),
        "max distance: a metre too short": Case(street(to(3), to(0), fleet=fleet({"max_distance": 7999})), 1, 1, 2500),
        "max duration: just": Case(street(to(3), to(0), fleet=fleet({"max_duration": 800})), 0, 1, 8500),
        "max duration: a second too short": Case(street(to(3), to(0), fleet=fleet({"max_duration": 799})), 1, 1, 2500),
    }


def _ones() -> tuple[Shipment, ...]:
    return to(0, load=(1,)), to(1, load=(1,))


def _reloading(tw_late: int) -> dict[str, object]:
    return {"capacity": (1,), "max_trips": 2, "reload_duration": 300, "tw_late": tw_late}


def _who() -> dict[str, Case]:
    able = fleet({}, {"skills": frozenset({7}), "fixed_cost": 900})
    two_bases = fleet({}, {"start_depot": 1, "end_depot": 1})
    across = fleet({"end_depot": 1})
    other, nobody = frozenset({1}), frozenset[int]()
    cut = line_matrix([0, 1, 2, 3, 4, 5], 100)
    cut[0, 1] = UNREACHABLE
    clash = opened({0: [(500, 500)], 3: [(400, 400)]})
    return {
        # there, across, and back: 1 + 3 + 3 + 1
        "precedence: there and back": Case(street(between(3, 0), between(0, 3)), 0, 1, 8500),
        "precedence: collected first": Case(street(between(1, 0), to(1)), 0, 1, 4500),
        # the second one on the way out, the first one on the way back: 1 + 1 + 1 + 2 + 1
        "precedence: the last collected first": Case(street(between(2, 0), between(0, 1)), 0, 1, 6500),
        # the able one does both: 900 + 4,000 against 2,900 + 4,500
        "skills: the able one does both": Case(street(to(0, skills=frozenset({7})), to(1), fleet=able), 0, 1, 4900),
        "skills: nobody can": Case(street(to(0, skills=frozenset({8})), to(1), fleet=able), 1, 1, 4500),
        # from the other base it is 4,000 m to door 0
        "depot: goods at the far base": Case(street(to(0, depot=1), fleet=two_bases), 0, 1, 8500),
        "depot: wanted at the far base": Case(street(from_(0, depot=1), fleet=across), 0, 1, 5500),
        "depot: nobody ends there": Case(street(from_(0, depot=1)), 1, 0, 0),
        "bases: across": Case(street(to(0), to(2), fleet=across), 0, 1, 5500),
        # trips before the last end where they start: 2,000 + 5,000
        "bases: across in the last trip": Case(
            street(*_ones(), fleet=fleet({"capacity": (1,), "max_trips": 2, "end_depot": 1})), 0, 1, 7500
        ),
        "locks: the dearer one": Case(street(to(0, vehicle_types=other), fleet=able), 0, 1, 2900),
        "locks: nobody": Case(street(to(0, vehicle_types=nobody), to(1), fleet=able), 1, 1, 4500),
        # door 0 is reached by way of door 1 only: 2 + 1 + 1
        "reachability: by another door": Case(street(to(0), to(1), durations=(cut,)), 0, 1, 4500),
        "reachability: nothing to do at the other door": Case(street(to(0), durations=(cut,)), 1, 0, 0),
        "fleet: one courier": Case(street(to(0), to(3), stops=clash), 1, 1, 2500),
        "fleet: two couriers": Case(street(to(0), to(3), stops=clash, fleet=fleet({"num_available": 2})), 0, 2, 11_000),
        # two motorcycles 8,500 + 6,500 against a van 1,500 + 2 × 8,000
        "mixed fleet: two small ones": Case(street(*_twos(), fleet=_mixed(2)), 0, 2, 15_000),
        # 17,500 against 8,500 + 13,500 or 6,500 + 17,500
        "mixed fleet: a big one": Case(street(*_twos(), fleet=_mixed(1)), 0, 1, 17_500),
    }


def _twos() -> tuple[Shipment, ...]:
    return to(3, load=(2,)), to(2, load=(2,))


def _mixed(motorcycles: int) -> tuple[VehicleType, ...]:
    van: dict[str, object] = {"capacity": (4,), "fixed_cost": 1500, "unit_distance_cost": 2}
    return fleet({"capacity": (2,), "num_available": motorcycles}, van)


def _wishes() -> dict[str, Case]:
    slow = (to(0, delivery_duration=300),) * 2
    pair = fleet({"num_available": 2})
    known = fleet({"zones": frozenset({1})}, {"zones": frozenset({0}), "fixed_cost": 900})
    zoned = tuple(Stop(door + 1, zone=0) for door in range(4))
    dearer = fleet({}, {"fixed_cost": 900})
    may_go = {"must_go": False}
    return {
        # one 500 + 2,000 + 10 × 800 s, two 1,000 + 4,000 + 10 × 500 s
        "balance: two share": Case(street(*slow, fleet=pair, preferences=Preferences(10)), 0, 2, 10_000),
        # one 500 + 2,000 + 5 × 800 s, two 1,000 + 4,000 + 5 × 500 s
        "balance: not worth it": Case(street(*slow, fleet=pair, preferences=Preferences(5)), 0, 1, 6500),
        # 500 + 2,000 + 300 against 900 + 2,000; one visit is one
        "zones: a stranger comes": Case(
            street(to(0), to(0), stops=zoned, fleet=known, preferences=Preferences(0, 300)), 0, 1, 2800
        ),
        "zones: a stranger is too dear": Case(
            street(to(0), stops=zoned, fleet=known, preferences=Preferences(0, 500)), 0, 1, 2900
        ),
        "published: one may change": Case(
            street(to(0, published=1), fleet=dearer, preferences=Preferences(0, 0, 300)), 0, 1, 2800
        ),
        # twice 300 against 400
        "published: two may not": Case(
            street(to(0, published=1), to(0, published=1), fleet=dearer, preferences=Preferences(0, 0, 300)), 0, 1, 2900
        ),
        "optional: stays alone": Case(street(to(3, penalty=8499, **may_go)), 1, 0, 8499),
        "optional: goes alone": Case(street(to(3, penalty=8501, **may_go)), 0, 1, 8500),
        # the courier is at door 2 anyway: 2,000 m more
        "optional: stays": Case(street(to(2), to(3, penalty=1999, **may_go)), 1, 1, 8499),
        "optional: comes along": Case(street(to(2), to(3, penalty=2001, **may_go)), 0, 1, 8500),
    }


def _begun() -> dict[str, Case]:
    at_far_door = FrozenVisit(3, (deliver(0),))
    with_help = fleet({}, {}, like=HOURLY)
    taken = FrozenVisit(2, (collect(0),))
    return {
        # the far door first, the near one on the way back
        "frozen: goes on": Case(street(to(3), to(0), frozen=(FrozenRoute(0, ((at_far_door,),)),)), 0, 1, 8500),
        # at door 3 until 500: leaves at 100, 500 + 8,000 + 800 s
        "frozen: goes on later": Case(
            street(to(3), to(0), fleet=with_help, frozen=(FrozenRoute(0, ((at_far_door,),), 500),)), 0, 1, 9300
        ),
        # 500 + 8,000 + 800 s, and another courier 500 + 2,000 + 200 s
        "frozen: complete": Case(
            street(to(3), to(0), fleet=with_help, frozen=(FrozenRoute(0, ((at_far_door,),), 0, complete=True),)),
            0, 2, 12_000,
        ),
        # aboard since door 2: on to door 0
        "frozen: still aboard": Case(street(between(2, 0), frozen=(FrozenRoute(0, ((taken,),)),)), 0, 1, 6500),
        # its trip is over, its next one is from 900: 8,000 and 2,000
        "frozen: back at the base": Case(
            street(to(3), to(0), fleet=fleet({"max_trips": 2}), frozen=(FrozenRoute(0, ((at_far_door,), ()), 900),)),
            0, 1, 10_500,
        ),
    }  # fmt: skip


CASES = {**_room(), **_clock(), **_rest(), **_hours(), **_who(), **_wishes(), **_begun()}
