"""Why a shipment stayed: the constraint that binds, closest vehicle first, and by how much."""

from __future__ import annotations

from dataclasses import replace

import pytest

from routing.explain import FEWEST_TRIES, MOST_REASONS, reasons
from routing.model import Problem, Shipment, TimeWindow
from routing.solution import Constraint, Reason, Solution, Unassigned
from tests.routing.samples import four_stops, random_problem


def all_left(problem: Problem) -> Solution:
    return Solution((), tuple(Unassigned(number) for number in range(len(problem.shipments))))


def why(problem: Problem) -> tuple[Reason, ...]:
    """The reasons of the first shipment when everything stays."""
    return reasons(problem, all_left(problem)).unassigned[0].reasons


def only(shipment: Shipment, **vehicle: object) -> Problem:
    base = four_stops()
    return replace(base, shipments=(shipment,), vehicle_types=(replace(base.vehicle_types[0], **vehicle),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("shipment", "constraint", "amount"),
    [
        (Shipment(delivery=0, load=(5,)), Constraint.CAPACITY, 2),
        (Shipment(delivery=0, skills=frozenset({1, 2})), Constraint.SKILLS, 2),
        (Shipment(delivery=0, vehicle_types=frozenset()), Constraint.LOCKS, 1),
        (Shipment(pickup=0, latest_return=26_000), Constraint.LATEST_RETURN, 460),
    ],
)
def test_the_binding_constraint_is_named_with_its_amount(
    shipment: Shipment, constraint: Constraint, amount: int
) -> None:
    assert why(only(shipment)) == (Reason(constraint, 0, amount),)


def test_a_window_that_closes_too_early_says_by_how_much() -> None:
    base = only(Shipment(delivery=3, must_go=True))
    early = replace(base.stops[3], windows=(TimeWindow(0, 27_000),))
    # 07:00 and four drives of ten minutes: 27,600.
    assert why(replace(base, stops=(*base.stops[:3], early))) == (Reason(Constraint.TIME_WINDOWS, 0, 600),)


def test_the_closest_vehicle_comes_first() -> None:
    base = only(Shipment(delivery=3), tw_late=28_000)
    fleet = tuple(replace(base.vehicle_types[0], tw_late=late) for late in (28_000, 30_000, 29_000))
    # There and back takes until 30,060.
    assert why(replace(base, vehicle_types=fleet)) == (Reason(Constraint.SHIFT, 1, 60),)


def test_different_constraints_are_all_told_but_not_too_many() -> None:
    base = only(Shipment(delivery=3, load=(2,), skills=frozenset({4})))
    skilled = replace(base.vehicle_types[0], skills=frozenset({4}))
    fleet = (base.vehicle_types[0], replace(skilled, capacity=(1,)), replace(skilled, tw_late=29_000), skilled)
    told = why(replace(base, vehicle_types=fleet[:3]))
    assert [(r.constraint, r.vehicle_type) for r in told] == [
        (Constraint.SHIFT, 2),
        (Constraint.CAPACITY, 1),
        (Constraint.SKILLS, 0),
    ]
    assert len(told) <= MOST_REASONS


def test_what_could_be_carried_but_is_too_dear_says_so() -> None:
    problem = only(Shipment(delivery=0, penalty=100))
    # Fixed 500, 12 km, 1,200 s of driving, 60 s of set-up.
    assert why(problem) == (Reason(Constraint.COST, 0, 500 + 12_000 + 1_260 - 100),)


def test_without_vehicles_the_fleet_is_the_reason() -> None:
    assert why(replace(four_stops(), vehicle_types=())) == (Reason(Constraint.FLEET),)


def test_routes_stay_and_nothing_left_needs_no_reason() -> None:
    assert reasons(four_stops(), Solution()) == Solution()


@pytest.mark.parametrize("seed", range(20))
def test_everything_left_has_a_reason_even_in_a_hurry(seed: int) -> None:
    problem = random_problem(seed, num_shipments=9)
    told = reasons(problem, all_left(problem), hurry=lambda: True)
    assert [u.shipment for u in told.unassigned] == list(range(9))
    assert all(u.reasons for u in told.unassigned)
    assert FEWEST_TRIES >= 1
