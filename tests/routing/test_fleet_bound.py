"""The least number of vehicles that loads allow: by hand, and never more than the best answer has."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.constraints.fleet import fewest_vehicles
from routing.encoding import Encoded, encode
from routing.model import Load, Problem, Shipment, VehicleType
from routing.objective import Objective, measure
from routing.search import _Answer, _Team
from routing.sequences import Sequences
from routing.stopping import StoppingCriterion, Stopwatch
from tests.effort import draws
from tests.routing.constraint_problems import FOCUSES
from tests.routing.optimum import optimum
from tests.routing.samples import four_stops

DRAWS = draws(usual=10, soak=300)


def problem_of(loads: list[Load], *vehicles: VehicleType, **changes: object) -> Problem:
    """Loads that must go from the base to the first stop."""
    shipments = tuple(Shipment(delivery=0, load=load, must_go=True) for load in loads)
    shipments = tuple(replace(shipment, **changes) for shipment in shipments)  # type: ignore[arg-type]
    return replace(four_stops(), shipments=shipments, vehicle_types=vehicles)


SMALL, LARGE = VehicleType(num_available=9, capacity=(4,)), VehicleType(capacity=(10,))


@pytest.mark.parametrize(
    ("problem", "fewest"),
    [
        (problem_of([], SMALL), 0),
        (problem_of([(0,)], SMALL), 1),
        (problem_of([(4,), (4,)], SMALL), 2),
        (problem_of([(4,), (4,), (1,)], SMALL), 3),
        (problem_of([(4,), (4,), (4,)], SMALL, LARGE), 2),
        (problem_of([(4,), (4,), (4,)], replace(SMALL, max_trips=2)), 2),
        (problem_of([(1, 9), (1, 9)], VehicleType(num_available=5, capacity=(4, 10))), 2),
        (problem_of([(1, 9), (1, 9)], VehicleType(num_available=5, capacity=(4,))), 1),
        (problem_of([(9,)] * 3, SMALL, VehicleType(capacity=())), 1),
        (problem_of([(4,), (4,)], replace(SMALL, num_available=10**9)), 2),
        (problem_of([(4,), (4,)], SMALL, pickup=0, delivery=None), 2),
        (problem_of([(4,), (4,)], SMALL, pickup=1), 1),
        (problem_of([(0,), (0,)], SMALL, collected=(3,)), 2),
    ],
)
def test_by_hand(problem: Problem, fewest: int) -> None:
    assert fewest_vehicles(problem) == fewest


def test_what_is_left_out_needs_no_room() -> None:
    problem = problem_of([(4,), (1000,), (4,)], SMALL)
    assert fewest_vehicles(problem) > 3  # more than anybody can carry
    assert fewest_vehicles(problem, {1}) == 2
    assert fewest_vehicles(problem, {0, 1, 2}) == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["capacity", "collected", "fleet", "mixed_fleet", "trips", "vocabulary"])
def test_no_answer_that_carries_so_much_has_fewer(name: str) -> None:
    for seed in range(DRAWS):
        problem, _ = FOCUSES[name].problem(seed)
        best = optimum(problem, Objective.HIER)
        if best is not None:
            left = {unassigned.shipment for unassigned in best.solution.unassigned}
            assert fewest_vehicles(problem, left) <= measure(problem, best.solution).vehicles


def team_of(encoded: Encoded) -> _Team:
    watch = Stopwatch(StoppingCriterion(iterations=1))
    return _Team(encoded, watch, _Answer(encoded, Objective.HIER, watch, None), 0, 1)


def test_the_fleet_phase_ends_only_when_all_that_can_be_carried_is() -> None:
    """As few vehicles as loads need are no reason to stop while something has no place yet."""
    problem = problem_of([(2,), (2,), (2,), (1000,)], SMALL)
    encoded = encode(problem, Objective.HIER)
    assert encoded.impossible == (3,)
    team = team_of(encoded)
    idle: Sequences = [[] for _ in range(len(encoded.vehicle_types) - 2)]
    for rows, is_enough in (([[0, 1], [2]], True), ([[0, 1], []], False), ([[0], [2]], False)):
        team._best = [*rows, *idle]
        assert team._serves_all_with(2) is is_enough
    assert not team._serves_all_with(1)
