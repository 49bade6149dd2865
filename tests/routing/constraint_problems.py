"""
Tiny random problems, one family for each constraint and wish, drawn so that it matters often.

Each `Focus` knows how to draw a problem and how to take its constraint away. `binds` asks whether that changes the best
answer; a test keeps the share of draws in which it does.

Places lie on a grid whose unit takes 10 s and 100 m, with a little asymmetry; a day has 1,000 s.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import numpy as np

from routing.model import (
    FOREVER,
    UNREACHABLE,
    Action,
    Break,
    Depot,
    FrozenRoute,
    FrozenVisit,
    IntMatrix,
    Preferences,
    Problem,
    Shipment,
    Stop,
    TimeWindow,
    VehicleType,
)
from routing.objective import Objective, measure, weights
from tests.routing.optimum import Optimum, optimum
from tests.routing.samples import random_problem, without_limits

DAY = 1000
EVERY_OBJECTIVE = tuple(Objective)
BY_COST = (Objective.DAILY,)
"""Wishes and prices count in this one only."""

Draw = Callable[[random.Random], Problem]
Relax = Callable[[Problem], Problem]


@dataclass(frozen=True, slots=True)
class Focus:
    """A family of problems about one constraint."""

    draw: Draw
    relax: Relax
    """Takes the constraint away, or changes it."""
    objectives: tuple[Objective, ...] = EVERY_OBJECTIVE

    def problem(self, seed: int) -> tuple[Problem, Objective]:
        """Draw a problem and the objective that it is solved for."""
        return self.draw(random.Random(seed)), self.objectives[seed % len(self.objectives)]

    def binds(self, problem: Problem, objective: Objective, best: Optimum | None) -> bool:
        """Whether the best answer without the constraint scores otherwise than the best one with it."""
        freed = optimum(self.relax(problem), objective)
        if best is None or freed is None:
            return best is not freed
        return weights(problem, objective).total(measure(problem, freed.solution)) != best.total


# -- the common ground -----------------------------------------------------------------------------------------------


def plain(rng: random.Random, *, kinds: tuple[str, ...] = ("delivery", "pickup", "paired")) -> Problem:
    """Draw a problem in which nothing binds but the day; one courier type of one vehicle."""
    num_stops = rng.randint(3, 5)
    places = [(rng.randint(0, 6), rng.randint(0, 6)) for _ in range(num_stops + 2)]
    durations = _grid(rng, places)
    return Problem(
        stops=tuple(Stop(k + 2, setup_duration=rng.choice((0, 10))) for k in range(num_stops)),
        shipments=tuple(
            _plain_shipment(rng, num_stops, rng.choice(kinds)) for _ in range(rng.choice((3, 4, 4, 5, 5, 6)))
        ),
        vehicle_types=(_plain_vehicle(rng),),
        depots=(Depot(0), Depot(1)),
        distances=(durations * 10,),
        durations=(durations,),
    )


def _grid(rng: random.Random, places: list[tuple[int, int]]) -> IntMatrix:
    return np.array(
        [
            [0 if a == b else 10 * (abs(a[0] - b[0]) + abs(a[1] - b[1])) + rng.randint(0, 9) for b in places]
            for a in places
        ],
        dtype=np.int32,
    )


def _plain_shipment(rng: random.Random, num_stops: int, kind: str) -> Shipment:
    pickup, delivery = rng.sample(range(num_stops), 2)
    return Shipment(
        pickup=None if kind == "delivery" else pickup,
        delivery=None if kind == "pickup" else delivery,
        pickup_duration=rng.choice((0, 5, 10)),
        delivery_duration=rng.choice((0, 5, 10)),
        must_go=rng.random() < 0.4,
        penalty=rng.randint(1000, 6000),
    )


def _plain_vehicle(rng: random.Random) -> VehicleType:
    return VehicleType(
        tw_late=DAY,
        fixed_cost=rng.randint(100, 900),
        unit_distance_cost=1,
        unit_duration_cost=rng.randint(0, 5),
    )


def with_fleet(problem: Problem, *changes: Mapping[str, object]) -> Problem:
    """Make a vehicle type of every set of changes to the first one."""
    first = problem.vehicle_types[0]
    return replace(problem, vehicle_types=tuple(replace(first, **change) for change in changes))  # type: ignore[arg-type]


def every_vehicle(problem: Problem, **changes: object) -> Problem:
    """Change all vehicle types alike."""
    return replace(problem, vehicle_types=tuple(replace(v, **changes) for v in problem.vehicle_types))  # type: ignore[arg-type]


def every_shipment(problem: Problem, **changes: object | Callable[[], object]) -> Problem:
    """Change all shipments; what can be called is called for each."""
    changed = (
        replace(s, **{key: value() if callable(value) else value for key, value in changes.items()})  # type: ignore[arg-type]
        for s in problem.shipments
    )
    return replace(problem, shipments=tuple(changed))


def every_stop(problem: Problem, **changes: object | Callable[[], object]) -> Problem:
    """Change all stops; what can be called is called for each."""
    changed = (
        replace(s, **{key: value() if callable(value) else value for key, value in changes.items()})  # type: ignore[arg-type]
        for s in problem.stops
    )
    return replace(problem, stops=tuple(changed))


# -- room ------------------------------------------------------------------------------------------------------------


def _capacity(rng: random.Random) -> Problem:
    problem = every_shipment(plain(rng), load=lambda: (rng.randint(1, 5), rng.randint(0, 4))[: rng.randint(1, 2)])
    return with_fleet(
        problem,
        {"capacity": (rng.randint(5, 8), rng.randint(4, 7))},
        {"capacity": (rng.randint(4, 6),), "fixed_cost": rng.randint(200, 1200)},
    )


def _collected(rng: random.Random) -> Problem:
    problem = plain(rng, kinds=("delivery", "delivery", "paired"))
    problem = every_shipment(
        problem, load=lambda: (rng.randint(0, 3),), collected=lambda: (rng.randint(0, 4), rng.randint(0, 60))
    )
    return with_fleet(problem, {"capacity": (rng.randint(5, 9), rng.randint(60, 120)), "num_available": 2})


# -- time ------------------------------------------------------------------------------------------------------------


def _windows(rng: random.Random, count: int, width: int) -> tuple[TimeWindow, ...]:
    """Several windows, of about the same width, in one day."""
    stretch = DAY // count
    begins = [k * stretch + rng.randint(0, stretch - width - 1) for k in range(count)]
    return tuple(TimeWindow(begin, begin + rng.randint(width // 2, width)) for begin in begins)


def _time_windows(rng: random.Random) -> Problem:
    return every_stop(plain(rng), windows=lambda: _windows(rng, rng.choice((1, 2, 3)), 80))


def _several_windows(rng: random.Random) -> Problem:
    problem = every_stop(plain(rng), windows=lambda: _windows(rng, 3, 50))
    return every_vehicle(problem, unit_duration_cost=rng.randint(3, 9), max_duration=rng.choice((400, 600, FOREVER)))


def _hull(problem: Problem) -> Problem:
    """One window from the first opening to the last closing."""
    hulls = (replace(s, windows=(TimeWindow(s.windows[0].early, s.windows[-1].late),)) for s in problem.stops)
    return replace(problem, stops=tuple(hulls))


def _setup(rng: random.Random) -> Problem:
    """Few places with several doors each, and long set-ups."""
    problem = every_stop(plain(rng), location=lambda: rng.choice((2, 3)), setup_duration=lambda: rng.choice((40, 80)))
    return every_vehicle(problem, tw_late=rng.randint(250, 450), unit_duration_cost=rng.randint(3, 9))


def _apart(problem: Problem) -> Problem:
    """Every stop at a place of its own, no distance from its old one: set-ups are not shared."""
    old = [*range(problem.num_locations), *(stop.location for stop in problem.stops)]
    spread = np.ix_(old, old)
    stops = tuple(replace(stop, location=problem.num_locations + k) for k, stop in enumerate(problem.stops))
    return replace(
        problem,
        stops=stops,
        distances=tuple(matrix[spread] for matrix in problem.distances),
        durations=tuple(matrix[spread] for matrix in problem.durations),
    )


def _release(rng: random.Random) -> Problem:
    problem = every_shipment(
        plain(rng, kinds=("delivery", "delivery", "pickup")), release=lambda: rng.choice((0, 200, 500))
    )
    problem = every_stop(problem, windows=lambda: (TimeWindow(0, rng.choice((300, 600, DAY))),))
    return every_vehicle(problem, max_trips=rng.randint(1, 3), reload_duration=rng.choice((0, 20)))


def _latest_return(rng: random.Random) -> Problem:
    problem = plain(rng, kinds=("pickup", "pickup", "delivery"))
    problem = every_shipment(problem, latest_return=lambda: rng.choice((250, 500, FOREVER)))
    problem = every_stop(problem, windows=lambda: (TimeWindow(early := rng.choice((0, 0, 200)), early + 700),))
    return every_vehicle(problem, max_trips=rng.randint(1, 3), reload_duration=rng.choice((0, 20)))


def _ride_time(rng: random.Random) -> Problem:
    problem = every_shipment(plain(rng), max_ride=lambda: rng.choice((40, 80, 120, FOREVER)))
    problem = every_stop(problem, windows=lambda: _windows(rng, rng.choice((1, 2)), 200))
    return every_vehicle(problem, max_trips=rng.randint(1, 2))


def _breaks(rng: random.Random) -> Problem:
    """Doors that open around the rest, none long before or after it."""

    def rest(early: int) -> Break:
        return Break(rng.choice((60, 120)), early, early + rng.choice((0, 20, 60)))

    problem = every_stop(plain(rng), windows=lambda: (TimeWindow(early := rng.randint(50, 350), early + 120),))
    rests = rng.choice(((rest(rng.randint(150, 250)),), (rest(rng.randint(120, 180)), rest(rng.randint(260, 400)))))
    return every_vehicle(
        problem,
        breaks=rests,
        tw_late=rng.randint(450, 700),
        unit_duration_cost=rng.randint(3, 9),
        max_trips=rng.randint(1, 2),
        reload_duration=rng.choice((0, 30)),
    )


def _overtime(rng: random.Random) -> Problem:
    problem = every_stop(plain(rng), windows=lambda: (TimeWindow(rng.choice((0, 200, 400)), DAY),))
    return every_vehicle(
        problem,
        tw_late=rng.randint(250, 500),
        max_overtime=rng.choice((100, 300)),
        unit_overtime_cost=rng.randint(1, 30),
    )


def _shift(rng: random.Random) -> Problem:
    shifts = [{"tw_early": early, "tw_late": early + rng.randint(150, 300)} for early in (0, rng.randint(100, 500))]
    return with_fleet(every_stop(plain(rng), windows=lambda: _windows(rng, 1, 400)), *shifts)


def _depot_hours(rng: random.Random) -> Problem:
    problem = every_vehicle(plain(rng), end_depot=1, max_trips=rng.randint(1, 2))
    depots = (Depot(0, rng.randint(0, 300), rng.randint(300, 600)), Depot(1, 0, rng.randint(300, 500)))
    return replace(every_stop(problem, windows=lambda: _windows(rng, 1, 400)), depots=depots)


def _trips(rng: random.Random) -> Problem:
    problem = every_shipment(plain(rng), load=lambda: (rng.randint(1, 3),))
    return every_vehicle(
        problem,
        capacity=(4,),
        max_trips=rng.randint(1, 3),
        reload_duration=rng.choice((0, 50, 150)),
        tw_late=rng.randint(400, 800),
    )


# -- who and where ---------------------------------------------------------------------------------------------------


def _precedence(rng: random.Random) -> Problem:
    problem = plain(rng, kinds=("paired", "paired", "delivery"))
    return every_stop(problem, windows=lambda: (TimeWindow(rng.choice((0, 100, 250)), rng.choice((500, DAY))),))


def _reversed_pairs(problem: Problem) -> Problem:
    """Every pair the other way round."""
    turned = (replace(s, pickup=s.delivery, delivery=s.pickup) if len_of(s) == 2 else s for s in problem.shipments)
    return replace(problem, shipments=tuple(turned))


def len_of(shipment: Shipment) -> int:
    """How many stops a shipment has."""
    return (shipment.pickup is not None) + (shipment.delivery is not None)


def _skills(rng: random.Random) -> Problem:
    problem = every_shipment(plain(rng), skills=lambda: frozenset(rng.choice(((), (0,), (0,), (1,), (0, 1)))))
    return with_fleet(problem, {"skills": frozenset({0})}, {"skills": frozenset({1}), "fixed_cost": 1500})


def _depot(rng: random.Random) -> Problem:
    problem = every_shipment(plain(rng), depot=lambda: rng.choice((None, 0, 1)))
    ends = [(rng.choice((0, 1)), rng.choice((0, 1))) for _ in range(2)]
    return with_fleet(problem, *({"start_depot": a, "end_depot": b, "max_trips": rng.randint(1, 2)} for a, b in ends))


def _bases(rng: random.Random) -> Problem:
    pairs = [{"start_depot": a, "end_depot": 1 - a, "max_trips": rng.randint(1, 2)} for a in (0, 1)]
    return with_fleet(plain(rng), *pairs)


def _round_trips(problem: Problem) -> Problem:
    """Everybody ends where they start."""
    fleet = (replace(v, end_depot=v.start_depot) for v in problem.vehicle_types)
    return replace(problem, vehicle_types=tuple(fleet))


def _locks(rng: random.Random) -> Problem:
    locks = (None, frozenset({0}), frozenset({1}), frozenset({1}), frozenset[int]())
    problem = with_fleet(plain(rng), {}, {"fixed_cost": 1200})
    return every_shipment(problem, vehicle_types=lambda: rng.choice(locks))


def _reachability(rng: random.Random) -> Problem:
    problem = plain(rng)
    cut = problem.durations[0].copy()
    for _ in range(problem.num_locations * 2):
        a, b = rng.randrange(problem.num_locations), rng.randrange(problem.num_locations)
        cut[a, b] = UNREACHABLE if a != b else 0
    return replace(problem, durations=(cut,))


def _bridged(problem: Problem) -> Problem:
    """A slow path where there is none."""
    return replace(
        problem, durations=tuple(np.where(m == UNREACHABLE, 60, m).astype(np.int32) for m in problem.durations)
    )


def _fleet(rng: random.Random) -> Problem:
    problem = every_stop(plain(rng), windows=lambda: (TimeWindow(early := rng.randint(100, 200), early + 40),))
    return with_fleet(problem, {"num_available": rng.randint(1, 2), "fixed_cost": 300})


def _mixed_fleet(rng: random.Random) -> Problem:
    """A van and a motorcycle, each with its own roads and prices."""
    problem = every_shipment(plain(rng), load=lambda: (rng.randint(1, 4),))
    slow = (problem.durations[0] * rng.choice((1.5, 2.0))).astype(np.int32)
    problem = replace(problem, distances=problem.distances * 2, durations=(problem.durations[0], slow))
    van = {"capacity": (12,), "profile": 1, "fixed_cost": rng.randint(500, 2000), "unit_distance_cost": 2}
    motorcycle = {"capacity": (4,), "num_available": 2, "max_distance": rng.choice((3000, FOREVER))}
    return with_fleet(problem, motorcycle, van)


def _all_alike(problem: Problem) -> Problem:
    """The last type's vehicles only, as many as there were types."""
    last = replace(problem, vehicle_types=problem.vehicle_types[-1:])
    return with_fleet(last, *({"num_available": 1} for _ in problem.vehicle_types))


def _max_distance(rng: random.Random) -> Problem:
    return with_fleet(plain(rng), {"max_distance": rng.randint(1200, 2400), "num_available": rng.randint(1, 2)})


def _max_duration(rng: random.Random) -> Problem:
    problem = every_stop(plain(rng), windows=lambda: _windows(rng, rng.choice((1, 2)), 250))
    return every_vehicle(problem, max_duration=rng.randint(150, 300), num_available=rng.randint(1, 2))


# -- wishes ----------------------------------------------------------------------------------------------------------


def _balance(rng: random.Random) -> Problem:
    problem = replace(plain(rng), preferences=Preferences(unit_balance_cost=rng.randint(2, 30)))
    return with_fleet(
        problem,
        {"num_available": 2, "fixed_cost": rng.randint(0, 300), "unit_duration_cost": 1},
        {"fixed_cost": rng.randint(0, 600), "unit_duration_cost": 2},
    )


def _zones(rng: random.Random) -> Problem:
    problem = replace(plain(rng), preferences=Preferences(unfamiliar_cost=rng.randint(200, 1500)))
    problem = every_stop(problem, zone=lambda: rng.choice((None, 0, 1, 1)))
    return with_fleet(problem, {"zones": frozenset({0})}, {"zones": frozenset({1}), "fixed_cost": 1000}, {})


def _published(rng: random.Random) -> Problem:
    problem = replace(plain(rng), preferences=Preferences(change_cost=rng.randint(200, 1500)))
    problem = with_fleet(problem, {}, {"fixed_cost": 1000})
    return every_shipment(problem, published=lambda: rng.choice((None, 0, 1, 1)))


def _optional(rng: random.Random) -> Problem:
    problem = every_shipment(plain(rng), must_go=lambda: rng.random() < 0.2, penalty=lambda: rng.choice((0, 300, 900)))
    return every_vehicle(problem, tw_late=rng.randint(200, 500), num_available=2)


# -- what has been driven --------------------------------------------------------------------------------------------


def _frozen(rng: random.Random) -> Problem:
    """A courier on the way, another one at the base."""
    problem = every_shipment(plain(rng), load=lambda: (rng.randint(0, 2),))
    problem = with_fleet(
        problem,
        {"capacity": (9,), "max_trips": 3, "reload_duration": 10, "tw_late": rng.choice((300, DAY + 500))},
        {"capacity": (9,), "fixed_cost": rng.randint(0, 900)},
    )
    is_complete = rng.random() < 0.25
    chosen = rng.sample(range(len(problem.shipments)), 2)
    visits = [
        FrozenVisit(problem.stop_of(task), (task,))
        for number in chosen
        for task in problem.tasks_of(number)
        if is_complete or task.action is Action.COLLECT or len_of(problem.shipments[number]) == 1 or rng.random() < 0.5
    ]
    cut = rng.randint(0, len(visits))
    trips = tuple(trip for trip in (tuple(visits[:cut]), tuple(visits[cut:])) if trip)
    if not is_complete and rng.random() < 0.3:
        trips += ((),)
    return replace(problem, frozen=(FrozenRoute(0, trips, rng.choice((0, 200, 500)), is_complete),))


# -- everything at once ----------------------------------------------------------------------------------------------


def _vocabulary(rng: random.Random) -> Problem:
    """Everything of `random_problem`, with wishes; balance without overtime, for one could be traded for the other."""
    problem = random_problem(rng.randrange(10**9), num_shipments=rng.choice((3, 4, 4, 5)))
    fleet = tuple(replace(vehicle, max_trips=min(2, vehicle.max_trips)) for vehicle in problem.vehicle_types)
    problem = replace(problem, vehicle_types=fleet)
    balance = rng.choice((0, 0, 3))
    wishes = Preferences(balance, rng.choice((0, 100)), rng.choice((0, 100)))
    return replace(every_vehicle(problem, max_overtime=0) if balance else problem, preferences=wishes)


def _unlimited(problem: Problem) -> Problem:
    """Nothing forbids anything but the day."""
    problem = every_stop(without_limits(problem), windows=(TimeWindow(),))
    problem = every_shipment(problem, release=0, latest_return=FOREVER, max_ride=FOREVER)
    return every_vehicle(problem, breaks=(), max_distance=FOREVER, max_duration=FOREVER)


FOCUSES = {
    "balance": Focus(_balance, lambda p: replace(p, preferences=Preferences()), BY_COST),
    "bases": Focus(_bases, _round_trips),
    "breaks": Focus(_breaks, lambda p: every_vehicle(p, breaks=())),
    "capacity": Focus(_capacity, lambda p: every_vehicle(p, capacity=())),
    "collected": Focus(_collected, lambda p: every_shipment(p, collected=())),
    "depot": Focus(_depot, lambda p: every_shipment(p, depot=None)),
    "depot_hours": Focus(_depot_hours, lambda p: replace(p, depots=(Depot(0), Depot(1)))),
    "fleet": Focus(_fleet, lambda p: every_vehicle(p, num_available=4)),
    "frozen": Focus(_frozen, lambda p: replace(p, frozen=())),
    "latest_return": Focus(_latest_return, lambda p: every_shipment(p, latest_return=FOREVER)),
    "locks": Focus(_locks, lambda p: every_shipment(p, vehicle_types=None)),
    "max_distance": Focus(_max_distance, lambda p: every_vehicle(p, max_distance=FOREVER)),
    "max_duration": Focus(_max_duration, lambda p: every_vehicle(p, max_duration=FOREVER)),
    "mixed_fleet": Focus(_mixed_fleet, _all_alike),
    "optional": Focus(_optional, lambda p: every_shipment(p, must_go=True), BY_COST),
    "overtime": Focus(_overtime, lambda p: every_vehicle(p, tw_late=DAY), BY_COST),
    "precedence": Focus(_precedence, _reversed_pairs),
    "published": Focus(_published, lambda p: replace(p, preferences=Preferences()), BY_COST),
    "reachability": Focus(_reachability, _bridged),
    "release": Focus(_release, lambda p: every_shipment(p, release=0)),
    "ride_time": Focus(_ride_time, lambda p: every_shipment(p, max_ride=FOREVER)),
    "setup": Focus(_setup, _apart),
    "several_windows": Focus(_several_windows, _hull),
    "shift": Focus(_shift, lambda p: every_vehicle(p, tw_early=0, tw_late=DAY)),
    "skills": Focus(_skills, lambda p: every_shipment(p, skills=frozenset())),
    "time_windows": Focus(_time_windows, lambda p: every_stop(p, windows=(TimeWindow(),))),
    "trips": Focus(_trips, lambda p: every_vehicle(p, max_trips=6, reload_duration=0)),
    "vocabulary": Focus(_vocabulary, _unlimited),
    "zones": Focus(_zones, lambda p: replace(p, preferences=Preferences()), BY_COST),
}
