from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import MISSING, fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from routing import model, solution
from routing.errors import InvalidProblemError
from routing.json_io import problem_from_json, problem_to_json, schema, solution_from_json, solution_to_json
from routing.model import FrozenRoute, FrozenVisit, Preferences, Problem
from routing.schedule import time_route
from routing.solution import (
    BreakTaken,
    Change,
    Constraint,
    Reason,
    Relaxation,
    Route,
    Solution,
    Trip,
    Unassigned,
    Visit,
)
from tests.routing.samples import FOUR_STOPS_ROUTE, collect, deliver, four_stops, random_problem

MATRICES = ("distances", "durations")


def same_problem(one: Problem, other: Problem) -> bool:
    """Problems are not comparable because arrays are not."""
    plain = [f.name for f in fields(Problem) if f.name not in MATRICES]
    arrays = [(a, b) for name in MATRICES for a, b in zip(getattr(one, name), getattr(other, name), strict=True)]
    return all(getattr(one, name) == getattr(other, name) for name in plain) and all(
        a.dtype == b.dtype and np.array_equal(a, b) for a, b in arrays
    )


def through_text(data: dict[str, Any]) -> Any:
    return json.loads(json.dumps(data, allow_nan=False))


@given(st.integers(0, 10**6))
@settings(max_examples=60, deadline=None)
def test_a_problem_survives_the_round_trip(seed: int) -> None:
    problem = random_problem(seed)
    assert same_problem(problem_from_json(through_text(problem_to_json(problem))), problem)


def test_frozen_parts_and_preferences_survive_the_round_trip() -> None:
    frozen = FrozenRoute(0, ((FrozenVisit(0, (deliver(0),)),), ()), available_at=30_000, complete=True)
    base = four_stops()
    problem = Problem(
        base.stops, base.shipments, base.vehicle_types, base.depots, base.distances, base.durations,
        (frozen,), Preferences(1, 2, 3),
    )  # fmt: skip
    assert same_problem(problem_from_json(through_text(problem_to_json(problem))), problem)


times = st.integers(0, model.FOREVER)
loads = st.lists(st.integers(0, 2**40), max_size=3).map(tuple)
tasks = st.builds(model.Task, st.integers(0, 99), st.sampled_from(model.Action))
visits = st.builds(
    Visit,
    st.integers(0, 99),
    st.lists(tasks, max_size=3).map(tuple),
    times,
    times,
    times,
    times,
    loads,
    st.integers(-5, 99),
)
breaks = st.lists(st.builds(BreakTaken, times, times), max_size=2).map(tuple)
trips = st.builds(Trip, st.lists(visits, max_size=3).map(tuple), times, times, breaks, loads, times)
routes = st.builds(Route, st.integers(0, 9), st.lists(trips, max_size=2).map(tuple))
indexes = st.none() | st.integers(0, 9)
relaxations = st.builds(
    Relaxation, st.sampled_from(Change), st.integers(1, 10**6), indexes, indexes, indexes, indexes, indexes, indexes
)
reasons = st.builds(Reason, st.sampled_from(Constraint), indexes, st.integers(-9, 10**6), st.none() | relaxations)
unassigned = st.builds(Unassigned, st.integers(0, 99), st.lists(reasons, max_size=2).map(tuple))
solutions = st.builds(Solution, st.lists(routes, max_size=2).map(tuple), st.lists(unassigned, max_size=2).map(tuple))


@pytest.mark.slow
@given(solutions)
@settings(max_examples=100, deadline=None)
def test_a_solution_survives_the_round_trip(answer: Solution) -> None:
    assert solution_from_json(through_text(solution_to_json(answer))) == answer


def test_a_timed_route_is_plain_integers() -> None:
    route = time_route(four_stops(), 0, FOUR_STOPS_ROUTE)
    assert isinstance(route, Route)
    text = json.dumps(solution_to_json(Solution((route,))))
    assert solution_from_json(json.loads(text)).routes == (route,)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda d: d.pop("depots"), r"\$: 'depots' is a required property"),
        (lambda d: d["stops"][1].update(location="x"), r"\$\.stops\[1\]\.location: 'x' is not of type 'integer'"),
        (lambda d: d["stops"][1].update(location=True), r"\$\.stops\[1\]\.location"),
        (lambda d: d["stops"][1].update(location=99), r"\$: location 99 does not exist"),
        (lambda d: d["stops"][2].update(windows=[{"early": 5, "late": 2}]), r"\$\.stops\[2\]\.windows\[0\]: a time"),
        (lambda d: d["stops"][2].update(windows=[]), r"\$\.stops\[2\]\.windows"),
        (lambda d: d["shipments"][0].update(wieght=1), r"\$\.shipments\[0\]: Additional .*wieght"),
        (lambda d: d["shipments"][0].update(load=[1.5]), r"\$\.shipments\[0\]\.load\[0\]: 1.5"),
        (lambda d: d["shipments"][0].pop("delivery"), r"\$\.shipments\[0\]: a shipment needs a stop"),
        (lambda d: d["durations"][0][2].__setitem__(1, -4), r"\$\.durations\[0\]\[2\]\[1\]: -4"),
        (lambda d: d["durations"][0][2].__setitem__(1, 2**31), r"\$\.durations\[0\]\[2\]\[1\]: 2147483648"),
        (lambda d: d["durations"][0][2].__setitem__(1, None), r"\$\.durations\[0\]\[2\]\[1\]: None"),
        (lambda d: d["durations"][0][2].__setitem__(1, True), r"\$\.durations\[0\]\[2\]\[1\]: True"),
        (lambda d: d["durations"][0][2].pop(), r"\$\.durations\[0\]: a matrix is square"),
        (lambda d: d["durations"][0].__setitem__(3, 3), r"\$\.durations\[0\]\[3\]: 3 is not of type 'array'"),
        (lambda d: d["distances"].__setitem__(0, "no"), r"\$\.distances\[0\]: 'no'"),
        (lambda d: d.update(distances=7), r"\$\.distances: 7"),
        (lambda d: d.update(distances=[]), r"\$\.distances: \[\]"),
        (
            lambda d: d.update(
                frozen=[{"vehicle_type": 0, "trips": [[{"stop": 0, "tasks": [{"shipment": 0, "action": "collect"}]}]]}]
            ),
            r"\$: shipment 0 has no stop",
        ),
    ],
)
def test_a_bad_problem_is_refused_with_its_place(spoil: Callable[[dict[str, Any]], Any], message: str) -> None:
    data = through_text(problem_to_json(four_stops()))
    spoil(data)
    with pytest.raises(InvalidProblemError, match=message):
        problem_from_json(data)


@pytest.mark.parametrize("data", [None, [], "text", 3])
def test_something_else_than_an_object_is_refused(data: Any) -> None:
    with pytest.raises(InvalidProblemError, match=r"^\$: .* is not of type 'object'"):
        problem_from_json(data)


def test_a_bad_solution_is_refused_with_its_place() -> None:
    with pytest.raises(InvalidProblemError, match=r"\$\.routes\[0\]\.trips: 5"):
        solution_from_json({"routes": [{"vehicle_type": 0, "trips": 5}]})


def test_a_long_complaint_is_cut_short() -> None:
    data = {**problem_to_json(four_stops()), "stops": "x" * 10_000}
    with pytest.raises(InvalidProblemError) as caught:
        problem_from_json(data)
    assert len(str(caught.value)) < 300


def test_whole_numbers_written_as_floats_are_read_as_integers() -> None:
    data = through_text(problem_to_json(four_stops()))
    data["stops"][0]["location"] = 1.0
    location = problem_from_json(data).stops[0].location
    assert (location, type(location)) == (1, int)


CLASSES = {
    "problem": (
        (None, model.Problem), ("time_window", model.TimeWindow), ("stop", model.Stop), ("depot", model.Depot),
        ("shipment", model.Shipment), ("break", model.Break), ("vehicle_type", model.VehicleType),
        ("task", model.Task), ("frozen_visit", model.FrozenVisit), ("frozen_route", model.FrozenRoute),
        ("preferences", model.Preferences),
    ),
    "solution": (
        (None, solution.Solution), ("visit", solution.Visit), ("break_taken", solution.BreakTaken),
        ("trip", solution.Trip), ("route", solution.Route), ("reason", solution.Reason),
        ("relaxation", solution.Relaxation),
        ("unassigned", solution.Unassigned), ("task", model.Task),
    ),
}  # fmt: skip
DEFINITIONS = [(name, *pair) for name, pairs in CLASSES.items() for pair in pairs]


@pytest.mark.parametrize("name", ["problem", "solution"])
def test_the_published_schemas_are_valid(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))


@pytest.mark.parametrize(("name", "definition", "cls"), DEFINITIONS)
def test_the_schemas_describe_the_fields_of_the_model(name: str, definition: str | None, cls: Any) -> None:
    published = schema(name) if definition is None else schema(name)["$defs"][definition]
    required = {f.name for f in fields(cls) if f.default is MISSING}
    assert set(published["properties"]) == {f.name for f in fields(cls)}
    assert set(published["required"]) == required
    for field in fields(cls):
        told = published["properties"][field.name].get("default", MISSING)
        if told is not MISSING and not isinstance(told, list):
            assert told == field.default, field.name


def test_the_schema_names_every_constraint_change_and_action() -> None:
    definitions = schema("solution")["$defs"]
    assert definitions["relaxation"]["properties"]["change"]["enum"] == [c.value for c in Change]
    assert definitions["reason"]["properties"]["constraint"]["enum"] == [c.value for c in Constraint]
    assert definitions["task"]["properties"]["action"]["enum"] == [collect(0).action.value, deliver(0).action.value]
