"""The exchange of tails: what it is for, by hand, and that it keeps every rule of every family."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.encoding import draft_from, encode
from routing.kernel import columns as c
from routing.model import Action, Depot, FrozenRoute, FrozenVisit, Problem, Shipment, Stop, Task, VehicleType
from routing.objective import Objective
from routing.run import Run, UndrivableError
from routing.schedule import time_route
from routing.solution import Route
from tests.effort import draws
from tests.routing.constraint_problems import FOCUSES
from tests.routing.samples import line_matrix

DRAWS = draws(usual=6, soak=300)
"""Of each family."""
ALWAYS, NEVER = 1000, 0
"""In a thousand iterations."""
BOOKS = [c.TOTAL, c.USED, c.MOVABLE, c.ABSENT, c.BALANCED]
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


def exchanging(run: Run, tails: int = ALWAYS, vehicles: int = NEVER) -> Run:
    run._search.counter[[c.TAIL_RATE, c.VEHICLE_RATE]] = tails, vehicles
    return run


@pytest.mark.parametrize("seed", range(5))
def test_two_routes_that_cross_the_base_are_parted_in_one_exchange(seed: int) -> None:
    run = exchanging(Run(encode(crossed(), Objective.DAILY), seed))
    run.write([[0, 3], [2, 1]])  # right and left, left and right: both vehicles are full
    assert sum(run.costs()) == 2 * (10 + 21 + 11)
    run.anneal(60, 0.0)
    assert sorted(map(sorted, run.current())) == [[0, 1], [2, 3]]
    assert sum(run.costs()) == 2 * (11 + 11)


def test_a_route_that_becomes_another_ones_tail_stays_at_home() -> None:
    roomy = VehicleType(num_available=2, capacity=(4,), fixed_cost=100, unit_distance_cost=1)
    problem = replace(crossed(), vehicle_types=(roomy,))
    run = exchanging(Run(encode(problem, Objective.DAILY), 0))
    run.write([[0, 1], [3, 2]])
    run.anneal(200, 0.0)
    assert run.vehicles == 1
    assert run.best_total < 2 * 100


def test_the_cheaper_vehicle_takes_the_longer_route() -> None:
    """Two that drive change routes, and one at home takes a route over: nobody else may carry so much."""
    dear, cheap = (VehicleType(capacity=(2,), unit_distance_cost=price) for price in (5, 1))
    run = exchanging(Run(encode(replace(crossed(), vehicle_types=(dear, cheap)), Objective.DAILY), 0), NEVER, ALWAYS)
    run.write([[0, 1], [2]])
    run.anneal(50, 0.0)
    assert run.current() == [[2], [0, 1]]
    assert sum(run.costs()) == 5 * 2 * 10 + 2 * 11
    run.write([[0, 1], []])
    run.anneal(50, 0.0)
    assert run.current() == [[], [0, 1]]
    assert run._search.counter[c.USED] == 1


@pytest.mark.slow
def test_exchanges_keep_every_rule_and_the_books() -> None:
    """Rows can be driven, no request is lost or doubled, and the books say what writing the rows anew says."""
    exchanged = {
        name: sum(exchanges(*focus.problem(seed), seed) for seed in range(DRAWS)) for name, focus in FOCUSES.items()
    }
    assert all(exchanged.values()), exchanged


def exchanges(problem: Problem, objective: Objective, seed: int) -> int:
    """How often tails changed places between solutions shaken at random."""
    if not problem.frozen:
        several = (replace(kind, num_available=max(2, kind.num_available)) for kind in problem.vehicle_types)
        problem = replace(problem, vehicle_types=tuple(several))
    try:
        run = Run(encode(problem, objective), seed)
    except UndrivableError:
        return 0
    count = 0
    run.construct()
    for _ in range(20):
        exchanging(run, NEVER).anneal(5, HOT)  # another solution, with more vehicles now and then
        rows = run.current()
        exchanging(run).anneal(5, HOT)
        count += rows != run.current()
        assert_books(problem, run)
        exchanging(run, NEVER, ALWAYS).anneal(5, HOT)
        assert_books(problem, run)
    return count


def assert_books(problem: Problem, run: Run) -> None:
    encoded, rows = run._encoded, run.current()
    nodes = [n for row in rows for n in row if n >= 0]
    assert len(nodes) == len(set(nodes))
    served = {int(r) for r in encoded.tables.node[nodes, c.REQUEST] if r >= 0}
    counter = run._search.counter
    assert set(run._search.absent[: counter[c.ABSENT]].tolist()) == set(range(len(encoded.tables.request))) - served
    for vehicle, row in enumerate(rows):
        requests = [int(encoded.tables.node[n, c.REQUEST]) for n in row if n >= 0]
        assert all(run._state.vehicle_of[r] == vehicle for r in requests if r >= 0)
    for vehicle, route in enumerate(draft_from(encoded, rows)):
        if route.trips and vehicle not in encoded.begun:  # what was begun may wait for what stays behind
            assert isinstance(time_route(problem, route.vehicle_type, route.trips), Route)
    kept = counter[BOOKS].tolist()
    run.write(rows)
    assert counter[BOOKS].tolist() == kept


def test_a_closed_route_stays_as_it_is() -> None:
    """Neither exchanges nor ruin touch it, whatever the others do."""
    run = Run(encode(crossed(), Objective.DAILY), 0)
    run.write([[0, 3], [2, 1]])
    run.close([1])
    for _ in range(50):
        run.anneal(20, HOT)
        assert run.current()[1] == [2, 1]
    run.close(())
    run.anneal(200, 0.0)
    assert sorted(map(sorted, run.current())) == [[0, 1], [2, 3]]


def test_what_is_ready_later_does_not_go_to_who_has_left() -> None:
    """Its trip would have to depart later than it did."""
    problem = crossed()
    late = replace(problem.shipments[1], release=50)
    begun = FrozenRoute(0, ((FrozenVisit(0, (Task(0, Action.DELIVER),)),),), available_at=10)
    two = tuple(replace(kind, num_available=1) for kind in problem.vehicle_types * 2)
    problem = replace(
        problem, shipments=(problem.shipments[0], late, *problem.shipments[2:]), vehicle_types=two, frozen=(begun,)
    )
    run = exchanging(Run(encode(problem, Objective.DAILY), 0))
    begun_row = run.current()[0]
    node_of = {halt.tasks[0].shipment: n for n, halt in enumerate(run._encoded.halts)}
    run.write([[*begun_row, node_of[3]], [node_of[2], node_of[1]]])
    for _ in range(50):
        run.anneal(1, HOT)
        assert node_of[1] not in run.current()[0]
