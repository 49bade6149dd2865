"""The exchange of tails: what it is for, by hand, and that it keeps every rule of every family."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.encoding import draft_from, encode
from routing.kernel import columns as c
from routing.model import Depot, Problem, Shipment, Stop, VehicleType
from routing.objective import Objective
from routing.run import Run, UndrivableError
from routing.schedule import time_route
from routing.solution import Route
from tests.routing.constraint_problems import FOCUSES
from tests.routing.effort import draws
from tests.routing.samples import line_matrix

DRAWS = draws(usual=6, soak=300)
"""Of each family."""
ALWAYS = 1000
"""In a thousand iterations."""
HOT = 10**12
"""A temperature that welcomes every change that can be driven."""


def crossed() -> Problem:
    """Two couriers, who each carry two, and two stops on either side of the base: 10, 11 and -10, -11."""
    places = [0, 10, 11, -10, -11]
    return Problem(
        stops=tuple(Stop(location) for location in (1, 2, 3, 4)),
        shipments=tuple(Shipment(delivery=stop, load=(1,), must_go=True) for stop in range(4)),
        vehicle_types=(VehicleType(num_available=2, capacity=(2,), unit_distance_cost=1),),
        depots=(Depot(0),),
        distances=(line_matrix(places),),
        durations=(line_matrix(places),),
    )


def always_exchanging(run: Run, rate: int = ALWAYS) -> Run:
    run._search.counter[c.TAIL_RATE] = rate
    return run


@pytest.mark.parametrize("seed", range(5))
def test_two_routes_that_cross_the_base_are_parted_in_one_exchange(seed: int) -> None:
    run = always_exchanging(Run(encode(crossed(), Objective.DAILY), seed))
    run.write([[0, 3], [2, 1]])  # right and left, left and right: both vehicles are full
    assert sum(run.costs()) == 2 * (10 + 21 + 11)
    run.anneal(60, 0.0)
    assert sorted(map(sorted, run.current())) == [[0, 1], [2, 3]]
    assert sum(run.costs()) == 2 * (11 + 11)


def test_a_route_that_becomes_another_ones_tail_stays_at_home() -> None:
    roomy = VehicleType(num_available=2, capacity=(4,), fixed_cost=100, unit_distance_cost=1)
    problem = replace(crossed(), vehicle_types=(roomy,))
    run = always_exchanging(Run(encode(problem, Objective.DAILY), 0))
    run.write([[0, 1], [3, 2]])
    run.anneal(200, 0.0)
    assert run.vehicles == 1
    assert run.best_total < 2 * 100


def test_exchanges_keep_every_rule_and_the_books() -> None:
    """Rows can be driven, no request is lost or doubled, and the total is what rows and what stays behind cost."""
    exchanged = {name: sum(exchanges(*focus.problem(seed), seed) for seed in range(DRAWS))
                 for name, focus in FOCUSES.items()}  # fmt: skip
    assert sum(count > 0 for count in exchanged.values()) > len(FOCUSES) / 2, exchanged


def exchanges(problem: Problem, objective: Objective, seed: int) -> int:
    """How often tails changed places between solutions shaken at random."""
    try:
        run = Run(encode(problem, objective), seed)
    except UndrivableError:
        return 0
    count = 0
    run.construct()
    for _ in range(20):
        always_exchanging(run, 0).anneal(5, HOT)  # another solution, with more vehicles now and then
        rows = run.current()
        always_exchanging(run).anneal(5, HOT)
        count += rows != run.current()
        assert_books(problem, run)
    return count


def assert_books(problem: Problem, run: Run) -> None:
    encoded, rows = run._encoded, run.current()
    served = [int(encoded.tables.node[n, c.REQUEST]) for row in rows for n in row if n >= 0]
    absent = set(run._search.absent[: run._search.counter[c.ABSENT]].tolist())
    assert absent == set(range(len(encoded.tables.request))) - set(served)
    for vehicle, row in enumerate(rows):
        requests = [int(encoded.tables.node[n, c.REQUEST]) for n in row if n >= 0]
        assert all(run._state.vehicle_of[r] == vehicle for r in requests if r >= 0)
    for vehicle, route in enumerate(draft_from(encoded, rows)):
        if route.trips and vehicle not in encoded.begun:  # what was begun may wait for what stays behind
            assert isinstance(time_route(problem, route.vehicle_type, route.trips), Route)
    total = int(run._search.counter[c.TOTAL])
    run.write(rows)
    assert run._search.counter[c.TOTAL] == total
