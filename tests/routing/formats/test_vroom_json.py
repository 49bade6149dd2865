"""VROOM JSON in: what is honoured, and that everything else is refused by its path."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.formats import InstanceFileError
from routing.formats.vroom_instance import VroomInstance
from routing.formats.vroom_json import read_vroom
from routing.model import FOREVER, UNREACHABLE, Action, Break, Task, TimeWindow
from routing.objective import Objective, weights
from tests.routing.formats.samples import vroom

Change = Callable[[dict[str, Any]], object]


def read(change: Change | None = None) -> VroomInstance:
    problem = vroom()
    if change is not None:
        change(problem)
    return read_vroom("day.json", json.dumps(problem))


def test_jobs_and_shipments_become_shipments() -> None:
    problem = read().problem
    both, pickup, pair = problem.shipments
    assert (both.load, both.collected, both.delivery, both.skills) == ((4,), (2,), 0, frozenset({1}))
    assert (pickup.load, pickup.pickup, pickup.delivery, pickup.pickup_duration) == ((3,), 1, None, 10)
    assert (pair.load, pair.pickup, pair.delivery) == ((2,), 2, 3)
    assert (pair.pickup_duration, pair.delivery_duration) == (5, 6)
    assert problem.stops[0].windows == (TimeWindow(0, 60), TimeWindow(300, 400))
    assert (problem.stops[0].setup_duration, problem.stops[0].location) == (5, 1)


def test_nodes_are_numbered_in_the_order_of_the_file_though_ids_repeat() -> None:
    instance = read()
    assert instance.nodes == {
        Task(0, Action.DELIVER): 1,
        Task(1, Action.COLLECT): 2,
        Task(2, Action.COLLECT): 3,
        Task(2, Action.DELIVER): 4,
    }
    assert [step.id for step in instance.steps.values()] == [1, 2, 1, 1]


def test_vehicles_keep_shift_skills_breaks_and_costs() -> None:
    first, second = read().problem.vehicle_types
    assert (first.tw_early, first.tw_late, first.skills) == (0, 1000, frozenset({1}))
    assert first.breaks == (Break(50, 100, 200),)
    assert (second.fixed_cost, second.tw_late, second.capacity) == (30, FOREVER, (10,))


def test_a_speed_factor_is_a_profile_of_its_own_rounded_up() -> None:
    problem = read(lambda p: p["vehicles"][1].update(speed_factor=3)).problem
    assert [v.profile for v in problem.vehicle_types] == [0, 1]
    assert problem.durations[1].tolist() == [[0, 14, 10], [14, 0, 7], [10, 7, 0]]


def test_alike_vehicles_are_one_type() -> None:
    instance = read(lambda p: p["vehicles"].append({**p["vehicles"][1], "id": 9}))
    assert [v.num_available for v in instance.problem.vehicle_types] == [1, 2]
    assert [[name.id for name in names] for names in instance.vehicles] == [[7], [8, 9]]


def test_open_ends_lie_nowhere_at_no_distance() -> None:
    problem = read(lambda p: p["vehicles"][0].pop("end_index")).problem
    vehicle = problem.vehicle_types[0]
    nowhere = problem.depots[vehicle.end_depot].location
    assert (problem.depots[vehicle.start_depot].location, nowhere) == (0, 3)
    assert not problem.durations[0][nowhere].any()
    assert not problem.durations[0][:, nowhere].any()


@pytest.mark.parametrize(
    ("costs", "expected"),
    [
        ({}, 40.0),  # one unit a second
        ({"per_hour": 36}, 0.4),
        ({"per_hour": 0, "per_km": 5}, 2.0),
        ({"per_hour": 36, "per_km": 5}, 2.4),
        ({"per_hour": 7, "per_km": 3}, 7 * 40 / 3600 + 3 * 0.4),
        ({"per_hour": 0, "per_km": 0}, 0.0),
    ],
)
def test_driving_costs_what_vroom_says(costs: dict[str, int], expected: float) -> None:
    instance = read(lambda p: [v.update(costs=costs) for v in p["vehicles"]])
    vehicle = instance.problem.vehicle_types[0]
    arc = int(instance.problem.distances[vehicle.profile][0, 1]) * vehicle.unit_distance_cost
    assert arc * instance.pricing.problem == pytest.approx(expected)


def test_waiting_and_service_cost_nothing() -> None:
    assert all(v.unit_duration_cost == v.unit_overtime_cost == 0 for v in read().problem.vehicle_types)


def test_a_limit_on_what_is_paid_is_honoured() -> None:
    assert read(lambda p: p["vehicles"][0].update(max_travel_time=99)).problem.vehicle_types[0].max_distance == 99
    by_km = {"costs": {"per_hour": 0, "per_km": 1}, "max_distance": 700}
    assert read(lambda p: p["vehicles"][0].update(by_km)).problem.vehicle_types[0].max_distance == 700


def test_unreachable_pairs_stay_unreachable() -> None:
    def block(problem: dict[str, Any]) -> None:
        problem["matrices"]["car"]["durations"][0][1] = UNREACHABLE

    problem = read(block).problem
    assert [int(d[0, 1]) for d in problem.durations] == [UNREACHABLE, UNREACHABLE]


def test_a_higher_sum_of_priorities_comes_first_then_more_tasks_then_cost() -> None:
    instance = read()
    problem = instance.problem
    first, second, third = (s.penalty for s in problem.shipments)
    assert second == third == 1 + 30 + 80 * (4 + 2)  # past the fixed cost and the longest arc to every task and end
    assert first > 3 * (second + third)  # priority 3 outweighs two tasks of none
    assert not any(s.must_go for s in problem.shipments)
    assert instance.objective is Objective.DAILY
    assert weights(problem, Objective.DAILY).must_go_left > sum(s.penalty for s in problem.shipments)


def vehicle(**fields: Any) -> Change:
    return lambda p: p["vehicles"][0].update(fields)


def job(**fields: Any) -> Change:
    return lambda p: p["jobs"][0].update(fields)


REFUSED: list[tuple[Change, str, str]] = [
    (lambda p: p.pop("matrices"), "$", "matrices is missing"),
    (lambda p: p["jobs"][1].pop("location_index"), "$.jobs[1]", "location_index is missing"),
    (lambda p: p["jobs"][1].update(location_index=3), "$.jobs[1].location_index", "from 0 to 2"),
    (lambda p: p["jobs"][1].update(id=1), "$.jobs[1]", "a second job with id 1"),
    (lambda p: p["jobs"][1].update(pickup=[1, 2]), "$.jobs[1]", "one length"),
    (lambda p: p["vehicles"].clear(), "$", "no vehicle"),
    (lambda p: (p["jobs"].clear(), p["shipments"].clear()), "$", "neither a job nor a shipment"),
    (lambda p: p["vehicles"][1].update(id=7), "$.vehicles[1]", "second vehicle"),
    (lambda p: p["shipments"][0].pop("pickup"), "$.shipments[0]", "pickup is missing"),
    (lambda p: p["shipments"][0]["pickup"].update(skills=[1]), "$.shipments[0].pickup.skills", "not known"),
    (lambda p: p["matrices"]["car"].update(costs=[[0]]), "$.matrices.car.costs", "own cost matrices"),
    (lambda p: p["matrices"]["car"]["durations"][1].pop(), "$.matrices.car.durations[1]", "expected 3 entries"),
    (lambda p: p["matrices"]["car"].update(distances=[[0]]), "$.matrices.car", "different sizes"),
    (lambda p: p["matrices"].update(van={"durations": [[0]]}), "$.matrices", "one size"),
    (lambda p: p.update(options={"g": True}), "$.options", "service"),
    (lambda p: p.update(matrix=[[0]]), "$.matrix", "obsolete"),
    (vehicle(profile="van"), "$.vehicles[0]", "no matrices for the profile 'van'"),
    (vehicle(max_tasks=3), "$.vehicles[0].max_tasks", "not supported"),
    (vehicle(steps=[]), "$.vehicles[0].steps", "not supported"),
    (vehicle(max_distance=3), "$.vehicles[0].max_distance", "the one thing that is paid"),
    (vehicle(speed_factor=0), "$.vehicles[0].speed_factor", "positive"),
    (vehicle(costs={"per_task_hour": 3}), "$.vehicles[0].costs.per_task_hour", "service time"),
    (vehicle(time_window=[5, 2]), "$.vehicles[0].time_window", "[early, late]"),
    (vehicle(breaks=[{"id": 1, "service": 5, "max_load": [1]}]), "$.vehicles[0].breaks[0].max_load", "not supported"),
    (
        vehicle(breaks=[{"id": 1, "service": 5, "time_windows": [[0, 1], [4, 5]]}]),
        "$.vehicles[0].breaks[0].time_windows",
        "several windows",
    ),
    (
        vehicle(breaks=[{"id": 1, "service": 5, "time_windows": [[1200, 1300]]}]),
        "$.vehicles[0].breaks[0]",
        "does not fit",
    ),
    (job(amount=[1]), "$.jobs[0].amount", "`delivery` and `pickup` instead"),
    (job(service_per_type={"van": 3}), "$.jobs[0].service_per_type", "not supported"),
    (job(servce=3), "$.jobs[0].servce", "not known"),
    (job(service=1.5), "$.jobs[0].service", "whole number"),
    (job(service=True), "$.jobs[0].service", "whole number"),
    (job(priority=101), "$.jobs[0].priority", "from 0 to 100"),
    (job(time_windows=[[300, 400], [0, 60]]), "$.jobs[0].time_windows", "disjoint and in order"),
    (job(time_windows=[[0, 60, 70]]), "$.jobs[0].time_windows[0]", "[early, late]"),
    (job(description=3), "$.jobs[0].description", "text"),
    (job(skills=3), "$.jobs[0].skills", "array"),
]


@pytest.mark.parametrize(("change", "path", "reason"), REFUSED, ids=[f"{p} {r}" for _, p, r in REFUSED])
def test_what_cannot_be_honoured_is_refused_by_its_path(change: Change, path: str, reason: str) -> None:
    with pytest.raises(InstanceFileError) as caught:
        read(change)
    assert (caught.value.file, caught.value.place) == ("day.json", path)
    assert reason in caught.value.reason


@pytest.mark.slow
@settings(max_examples=25)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=3), st.lists, max_leaves=4))
def test_any_value_in_any_field_is_read_or_refused(value: Any) -> None:
    problem = vroom()
    holders = [problem, *problem["vehicles"], *problem["jobs"], problem["matrices"], problem["shipments"][0]]
    for holder in holders:
        for key in list(holder):
            kept, holder[key] = holder[key], value
            with suppress(InstanceFileError):
                read_vroom("day.json", json.dumps(problem))
            holder[key] = kept
