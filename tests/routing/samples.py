"""Problems that tests start from: one that a reader can compute by hand, and random ones."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np

from routing.model import (
    FOREVER,
    UNREACHABLE,
    Action,
    Break,
    Depot,
    IntMatrix,
    Load,
    Problem,
    Shipment,
    Stop,
    Task,
    TimeWindow,
    VehicleType,
)

Sequence = list[list[tuple[int, list[Task]]]]
"""Trips of visits, as `time_route` takes them."""


def collect(shipment: int) -> Task:
    return Task(shipment, Action.COLLECT)


def deliver(shipment: int) -> Task:
    return Task(shipment, Action.DELIVER)


def line_matrix(positions: list[int], unit: int = 1) -> IntMatrix:
    """Between places on one straight road."""
    return np.array([[abs(a - b) * unit for b in positions] for a in positions], dtype=np.int32)


def four_stops() -> Problem:
    """
    Build a base and four stops on one straight road, ten minutes and 6 km apart.

    ```
    base(0) --600 s-- stop 0 --600 s-- stop 1 --600 s-- stop 2 --600 s-- stop 3
    ```
    Shipments 0 and 1 go from the base to stops 0 and 1, shipment 2 from stop 2 to the base, shipment 3 from stop 1 to
    stop 3. Each weighs 1; set-up takes 60 s, each item 30 s. One courier of capacity 3 works from 07:00 to 17:00.
    """
    return Problem(
        stops=tuple(Stop(location, setup_duration=60) for location in (1, 2, 3, 4)),
        shipments=(
            Shipment(delivery=0, load=(1,), delivery_duration=30, penalty=1000),
            Shipment(delivery=1, load=(1,), delivery_duration=30, penalty=1000),
            Shipment(pickup=2, load=(1,), pickup_duration=30, penalty=1000),
            Shipment(pickup=1, delivery=3, load=(1,), pickup_duration=30, delivery_duration=30, must_go=True),
        ),
        vehicle_types=(
            VehicleType(
                capacity=(3,),
                tw_early=25_200,
                tw_late=61_200,
                fixed_cost=500,
                unit_distance_cost=1,
                unit_duration_cost=1,
            ),
        ),
        depots=(Depot(0),),
        distances=(line_matrix([0, 1, 2, 3, 4], 6000),),
        durations=(line_matrix([0, 1, 2, 3, 4], 600),),
    )


FOUR_STOPS_ROUTE: Sequence = [[(0, [deliver(0)]), (1, [deliver(1), collect(3)]), (3, [deliver(3)]), (2, [collect(2)])]]
"""There and back: 8 arcs of 600 s, 90 + 120 + 90 + 90 s of service."""


def random_problem(seed: int, *, num_shipments: int = 6, num_vehicle_types: int = 2) -> Problem:
    """
    Draw a small problem that uses the whole vocabulary: every kind of shipment, three dimensions with ragged loads,
    several windows, trips, breaks, overtime, skills, releases, cut-offs, ride limits, preferences.

    Times lie in a day of 1,000 seconds, so that limits bind now and then.
    """
    rng = random.Random(seed)
    num_stops = max(2, num_shipments - 1)
    num_locations = num_stops + 2
    durations, distances = _random_matrices(rng, num_locations)
    return Problem(
        stops=tuple(_random_stop(rng, rng.randrange(num_locations)) for _ in range(num_stops)),
        shipments=tuple(_random_shipment(rng, num_stops) for _ in range(num_shipments)),
        vehicle_types=tuple(_random_vehicle_type(rng) for _ in range(num_vehicle_types)),
        depots=(Depot(0, 0, FOREVER), Depot(1, rng.choice((0, 50)), rng.choice((900, FOREVER)))),
        distances=(distances,),
        durations=(durations,),
    )


def random_sequence(problem: Problem, seed: int, *, max_trips: int = 2) -> Sequence:
    """Draw an order of all shipments in which each is collected before it is delivered."""
    rng = random.Random(seed)
    visits: list[tuple[int, list[Task]]] = []
    for shipment in rng.sample(range(len(problem.shipments)), len(problem.shipments)):
        position = 0
        for task in problem.tasks_of(shipment):
            position = rng.randint(position, len(visits))
            visits.insert(position, (problem.stop_of(task), [task]))
            position += 1
    cuts = sorted(rng.sample(range(1, len(visits)), min(rng.randint(1, max_trips), len(visits)) - 1))
    return [visits[i:j] for i, j in zip([0, *cuts], [*cuts, len(visits)], strict=True)]


def without_limits(problem: Problem) -> Problem:
    """Drop what forbids a sequence whatever its times: capacities, skills, vehicle types, depots."""
    free = {"skills": frozenset[int](), "vehicle_types": None, "depot": None}
    shipments = tuple(replace(s, **free) for s in problem.shipments)  # type: ignore[arg-type]
    return replace(
        problem, shipments=shipments, vehicle_types=tuple(replace(v, capacity=()) for v in problem.vehicle_types)
    )


def _random_matrices(rng: random.Random, size: int) -> tuple[IntMatrix, IntMatrix]:
    durations = np.array([[0 if i == j else rng.randint(0, 60) for j in range(size)] for i in range(size)], np.int32)
    distances = durations * 10
    if rng.random() < 0.1:
        durations[0, size - 1] = UNREACHABLE
    return durations, distances


def _random_stop(rng: random.Random, location: int) -> Stop:
    moments = sorted(rng.sample(range(0, 1000, 10), 2 * rng.choice((1, 1, 2))))
    windows = tuple(TimeWindow(early, late) for early, late in zip(moments[::2], moments[1::2], strict=True))
    if rng.random() < 0.4:
        windows = (TimeWindow(),)
    return Stop(location, windows, setup_duration=rng.choice((0, 10)), zone=rng.choice((None, 0, 1)))


def _random_shipment(rng: random.Random, num_stops: int) -> Shipment:
    kind = rng.choice(("delivery", "pickup", "paired"))
    pickup, delivery = (None if kind == missing else rng.randrange(num_stops) for missing in ("delivery", "pickup"))
    return Shipment(
        pickup=pickup,
        delivery=delivery,
        load=_random_load(rng),
        collected=() if delivery is None else _random_load(rng),
        pickup_duration=rng.choice((0, 5)),
        delivery_duration=rng.choice((0, 5)),
        release=rng.choice((0, 0, 100)),
        latest_return=rng.choice((FOREVER, FOREVER, 800)),
        max_ride=rng.choice((FOREVER, FOREVER, 250)),
        must_go=rng.random() < 0.3,
        penalty=rng.randint(0, 5000),
        skills=frozenset(rng.choice(([], [], [0]))),
        depot=rng.choice((None, None, 0)),
        vehicle_types=rng.choice((None, None, None, frozenset({0}))),
        published=rng.choice((None, 0)),
    )


def _random_load(rng: random.Random) -> Load:
    return tuple(rng.randint(0, 5) for _ in range(rng.randint(0, 3)))


def _random_vehicle_type(rng: random.Random) -> VehicleType:
    rest, other = (
        Break(rng.choice((20, 60)), early := rng.randrange(200, 500, 10), early + rng.randrange(0, 150, 10))
        for _ in range(2)
    )
    end = rng.randrange(500, 1000, 50)
    return VehicleType(
        num_available=rng.randint(1, 2),
        start_depot=rng.choice((0, 0, 1)),
        end_depot=rng.choice((0, 0, 1)),
        capacity=tuple(rng.randint(8, 30) for _ in range(rng.randint(0, 3))),
        tw_early=rng.choice((0, 50)),
        tw_late=end,
        max_overtime=rng.choice((0, 200)),
        breaks=rng.choice(((), (), (rest,), (rest, other))),
        skills=frozenset(rng.choice(([], [0]))),
        max_trips=rng.randint(1, 3),
        reload_duration=rng.choice((0, 15)),
        max_distance=rng.choice((FOREVER, 20_000)),
        max_duration=rng.choice((FOREVER, 700)),
        zones=frozenset(rng.choice(([], [0], [1]))),
        fixed_cost=rng.randint(0, 1000),
        unit_distance_cost=rng.randint(0, 3),
        unit_duration_cost=rng.randint(0, 3),
        unit_overtime_cost=rng.randint(0, 5),
    )
