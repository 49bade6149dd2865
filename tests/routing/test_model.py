from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from routing.errors import InvalidProblemError
from routing.model import (
    Action,
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
    VehicleType,
)
from tests.routing.samples import collect, deliver, four_stops


def test_a_shipment_has_a_task_at_each_end_that_is_a_stop() -> None:
    problem = four_stops()
    assert problem.tasks_of(0) == (deliver(0),)
    assert problem.tasks_of(2) == (collect(2),)
    assert problem.tasks_of(3) == (collect(3), deliver(3))
    assert list(problem.tasks()) == [deliver(0), deliver(1), collect(2), collect(3), deliver(3)]


def test_a_task_knows_its_stop_and_its_duration() -> None:
    problem = four_stops()
    assert (problem.stop_of(collect(3)), problem.stop_of(deliver(3))) == (1, 3)
    assert problem.duration_of(collect(3)) == 30
    with pytest.raises(ValueError, match="no stop to collect"):
        problem.stop_of(collect(0))


def test_dimensions_are_those_of_the_longest_load_or_capacity() -> None:
    problem = four_stops()
    assert problem.num_dimensions == 1
    wider = (replace(problem.shipments[0], collected=(0, 0, 5)), *problem.shipments[1:])
    assert replace(problem, shipments=wider).num_dimensions == 3
    assert (problem.num_locations, problem.num_vehicles) == (5, 1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: TimeWindow(5, 4), "early <= late"),
        (lambda: TimeWindow(-1, 4), "0 <= early"),
        (lambda: Stop(0, ()), "at least one time window"),
        (lambda: Stop(0, (TimeWindow(0, 5), TimeWindow(5, 9))), "disjoint"),
        (lambda: Stop(0, (TimeWindow(6, 9), TimeWindow(0, 5))), "in order"),
        (lambda: Stop(-1), "location >= 0"),
        (lambda: Shipment(), "one end at least"),
        (lambda: Shipment(pickup=0, collected=(1,)), "collected"),
        (lambda: Shipment(pickup=0, load=(1, -1)), "loads"),
        (lambda: Shipment(pickup=0, penalty=-1), "never negative"),
        (lambda: Break(0, 0, 5), "duration > 0"),
        (lambda: Break(5, 6, 5), "tw_early <= tw_late"),
        (lambda: VehicleType(num_available=0), "num_available >= 1"),
        (lambda: VehicleType(max_trips=0), "max_trips >= 1"),
        (lambda: VehicleType(tw_early=5, tw_late=4), "shift"),
        (lambda: VehicleType(fixed_cost=-1), "never negative"),
        (lambda: VehicleType(fixed_cost=float("nan")), "whole numbers"),  # type: ignore[arg-type]
        (lambda: VehicleType(capacity=(2**63,)), "63 bits"),
        (lambda: VehicleType(num_available=1.0), "whole numbers"),  # type: ignore[arg-type]
        (lambda: TimeWindow(0.5, 9), "whole numbers"),  # type: ignore[arg-type]
        (lambda: Stop(0, setup_duration=1.5), "whole numbers"),  # type: ignore[arg-type]
        (lambda: Stop(0, setup_duration=2**31), "setup_duration <= 2147483647"),
        (lambda: Depot(0, -5), "0 <= tw_early"),
        (lambda: Depot(0, 9, 5), "tw_early <= tw_late"),
        (lambda: Depot(0, 0, float("inf")), "whole numbers"),  # type: ignore[arg-type]
        (lambda: Shipment(pickup=0, penalty=float("nan")), "whole numbers"),  # type: ignore[arg-type]
        (lambda: Shipment(pickup=0, penalty=True), "whole numbers"),
        (lambda: Shipment(pickup=0, load=(0.5,)), "whole numbers"),  # type: ignore[arg-type]
        (lambda: Shipment(pickup=0, load=(np.int32(5),)), "whole numbers"),  # type: ignore[arg-type]
        (lambda: Shipment(delivery=0, release=10.5), "whole numbers"),  # type: ignore[arg-type]
        (lambda: Shipment(delivery=0, release=2**31), "at most"),
        (lambda: Shipment(pickup=0, latest_return=-1), "never negative"),
        (lambda: Break(5.0, 0, 5), "whole numbers"),  # type: ignore[arg-type]
        (lambda: FrozenRoute(0, (), -1), "never negative"),
        (lambda: Preferences(unfamiliar_cost=float("nan")), "whole numbers"),  # type: ignore[arg-type]
        (lambda: Preferences(change_cost=-1), "never negative"),
    ],
)
def test_a_part_that_breaks_its_own_rules_is_refused(make: Any, message: str) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        make()


FROZEN_ELSEWHERE = FrozenRoute(0, ((FrozenVisit(2, (Task(0, Action.DELIVER),)),),))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"distances": ()}, "one distance and one duration matrix"),
        ({"durations": (np.zeros((5, 4), np.int32),)}, "square"),
        ({"durations": (np.zeros((5, 5), np.int64),)}, "int32"),
        ({"durations": (np.full((5, 5), -1, np.int32),)}, "no negative"),
        ({"distances": ([[0] * 5] * 5,)}, "arrays of NumPy, got a list"),
        ({"shipments": (Shipment(delivery=0, load=(10**30,)),)}, "63 bits"),
        ({"shipments": (Shipment(delivery=0, load=(1, 2**62)),) * 2}, "63 bits"),
        ({"stops": (Stop(9),) * 4}, "location 9"),
        ({"depots": (Depot(7),)}, "location 7"),
        ({"vehicle_types": (VehicleType(end_depot=1),)}, "depot 1"),
        ({"vehicle_types": (VehicleType(profile=1),)}, "profile 1"),
        ({"shipments": (Shipment(delivery=4),)}, "stop 4"),
        ({"shipments": (Shipment(delivery=0, depot=2),)}, "depot 2"),
        ({"shipments": (Shipment(delivery=0, vehicle_types=frozenset({3})),)}, "vehicle type 3"),
        ({"shipments": (Shipment(delivery=0, published=4),)}, "vehicle type 4"),
        ({"frozen": (FrozenRoute(2, ()),)}, "vehicle type 2"),
        ({"frozen": (FROZEN_ELSEWHERE,)}, "not done at stop 2"),
    ],
)
def test_a_problem_that_points_nowhere_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidProblemError, match=message):
        replace(four_stops(), **change)


def test_a_frozen_route_belongs_to_a_single_vehicle() -> None:
    problem = four_stops()
    several = (replace(problem.vehicle_types[0], num_available=2),)
    with pytest.raises(InvalidProblemError, match="num_available 1"):
        replace(problem, vehicle_types=several, frozen=(FrozenRoute(0, ()),))


def test_defaults_are_neutral() -> None:
    bare = Problem(
        (Stop(0),), (Shipment(delivery=0),), (VehicleType(),), (Depot(0),),
        (np.zeros((1, 1), np.int32),), (np.zeros((1, 1), np.int32),),
    )  # fmt: skip
    assert (bare.num_dimensions, bare.num_vehicles) == (0, 1)
