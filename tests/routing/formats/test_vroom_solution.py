"""A solution as VROOM writes it, from routes timed by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from routing import checker
from routing.formats.vroom_instance import VroomInstance
from routing.formats.vroom_json import read_vroom
from routing.formats.vroom_solution import vroom_solution
from routing.model import Action, Task
from routing.schedule import Conflict, time_route
from routing.solution import Solution, Unassigned
from tests.routing.formats.samples import vroom

BOTH, SHOP = Task(0, Action.DELIVER), Task(1, Action.COLLECT)


def solve(problem: dict[str, Any], tasks: Sequence[Task], vehicle_type: int = 0) -> tuple[VroomInstance, Solution]:
    """Time one route; everything else stays behind."""
    instance = read_vroom("day.json", json.dumps(problem))
    halts = [(instance.problem.stop_of(task), [task]) for task in tasks]
    route = time_route(instance.problem, vehicle_type, [halts])
    assert not isinstance(route, Conflict)
    carried = {task.shipment for task in tasks}
    left = tuple(Unassigned(s) for s in range(len(instance.problem.shipments)) if s not in carried)
    solution = Solution((route,), left)
    assert checker.check(instance.problem, solution) == ()
    return instance, solution


def test_a_route_by_hand() -> None:
    answer = vroom_solution(*solve(vroom(), [BOTH, SHOP]))
    (route,) = answer["routes"]
    facts = [(s["type"], s["arrival"], s["duration"], s["distance"], s["load"]) for s in route["steps"]]
    assert facts == [
        ("start", 0, 0, 0, [4]),
        ("job", 40, 40, 400, [2]),  # 5 set-up, 20 service
        ("job", 85, 60, 600, [5]),  # 10 service
        ("end", 125, 90, 900, [5]),
    ]
    assert (route["vehicle"], route["description"], route["cost"], route["priority"]) == (7, "Lan", 90, 3)
    assert (route["setup"], route["service"], route["waiting_time"]) == (5, 30, 0)
    assert (route["delivery"], route["pickup"]) == ([4], [5])
    assert route["steps"][2]["description"] == "shop"
    assert [s["id"] for s in route["steps"][1:3]] == [1, 2]


def test_the_summary_adds_up_and_names_what_is_left() -> None:
    answer = vroom_solution(*solve(vroom(), [BOTH, SHOP]))
    assert answer["code"] == 0
    assert answer["summary"] == {
        "routes": 1,
        "unassigned": 1,
        "cost": 90,
        "setup": 5,
        "service": 30,
        "duration": 90,
        "waiting_time": 0,
        "priority": 3,
        "distance": 900,
        "delivery": [4],
        "pickup": [5],
        "violations": [],
    }
    assert answer["unassigned"] == [
        {"id": 1, "type": "pickup", "location_index": 2},
        {"id": 1, "type": "delivery", "location_index": 1},
    ]


def test_a_break_is_a_step_and_no_waiting() -> None:
    problem = vroom()
    problem["jobs"][0]["time_windows"] = [[0, 60]]
    problem["jobs"][1]["time_windows"] = [[300, 400]]
    (route,) = vroom_solution(*solve(problem, [BOTH, SHOP]))["routes"]
    steps = route["steps"]
    assert [s["type"] for s in steps] == ["start", "job", "break", "job", "end"]
    rest = steps[2]
    assert (rest["id"], rest["service"]) == (70, 50)
    assert 100 <= rest["arrival"] <= 200
    whole = steps[-1]["arrival"] - steps[0]["arrival"]
    assert whole == route["duration"] + route["setup"] + route["service"] + route["waiting_time"]


def test_vehicles_of_one_type_drive_one_route_each_under_their_own_names() -> None:
    problem = vroom()
    problem["vehicles"].append({**problem["vehicles"][1], "id": 9})
    instance, one = solve(problem, [SHOP], vehicle_type=1)
    _, other = solve(problem, [Task(2, Action.COLLECT), Task(2, Action.DELIVER)], vehicle_type=1)
    answer = vroom_solution(instance, Solution(one.routes + other.routes))
    assert [route["vehicle"] for route in answer["routes"]] == [8, 9]
    assert [route["cost"] for route in answer["routes"]] == [30 + 2 * (30 + 30), 30 + 2 * (30 + 20 + 40)]


def test_open_ends_have_no_step_and_no_metres_are_told_when_none_are_given() -> None:
    problem = vroom()
    del problem["vehicles"][0]["end_index"], problem["matrices"]["car"]["distances"]
    answer = vroom_solution(*solve(problem, [BOTH, SHOP]))
    (route,) = answer["routes"]
    assert [s["type"] for s in route["steps"]] == ["start", "job", "job"]
    assert "distance" not in answer["summary"]
    assert (route["duration"], route["cost"]) == (60, 60)
