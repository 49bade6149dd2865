"""`POST /vroom`: VROOM's problems solved and VROOM's errors given, in a process that can be killed."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.vroom import endpoints
from api.vroom.child import solve_in_child
from api.vroom.endpoints import vroom_router
from api.vroom.schemas import VroomRequest
from api.vroom.solving import VroomLimits, solve_vroom


def problem(**more: Any) -> dict[str, Any]:
    """
    Base 0, doors 1, 2, 3 on one straight road, 100 s apart; service 10 s each.

    Out and back costs 600 s of driving, whatever the order that passes no door twice.
    """
    durations = [[abs(a - b) * 100 for b in range(4)] for a in range(4)]
    jobs = [{"id": 10 + k, "location_index": k, "service": 10} for k in (2, 3, 1)]
    vehicles = [{"id": 7, "start_index": 0, "end_index": 0}]
    return {"jobs": jobs, "vehicles": vehicles, "matrices": {"car": {"durations": durations}}, **more}


def test_four_places_on_a_road_are_solved_by_hand() -> None:
    answer = solve_vroom(problem(), seconds=0.3)
    assert (answer["code"], answer["unassigned"]) == (0, [])
    (route,) = answer["routes"]
    assert (route["vehicle"], route["duration"], route["service"]) == (7, 600, 30)
    steps = [step["id"] for step in route["steps"] if step["type"] == "job"]
    assert sorted(steps) == [11, 12, 13]


def test_what_does_not_fit_is_left_behind() -> None:
    far = {"id": 9, "location_index": 3, "time_windows": [[0, 299]]}  # the drive alone takes 300 s
    answer = solve_vroom(
        problem(jobs=[far], vehicles=[{"id": 1, "start_index": 0, "time_window": [0, 9999]}]), seconds=0.3
    )
    assert [left["id"] for left in answer["unassigned"]] == [9]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        ([], "$"),
        (problem(jobs=[{"id": 1}]), "$.jobs[0]"),
        (problem(matrices=None), "matrices"),
        (problem(options={"g": True}), "options"),
        (problem(jobs=[{"id": 1, "location_index": 9}]), "location_index"),
        (problem(jobs=[{"id": 1, "location_index": 1, "description": "\ud800"}]), "Unicode"),
    ],
    ids=["no object", "no place", "no matrices", "options", "no such place", "no text"],
)
def test_what_cannot_be_honoured_is_named(payload: Any, reason: str) -> None:
    answer = solve_vroom(payload, seconds=0.1)
    assert set(answer) == {"code", "error"}
    assert answer["code"] == 2
    assert reason in answer["error"]


@pytest.mark.parametrize(
    ("limits", "what"),
    [
        (VroomLimits(tasks=2), "jobs and shipments' ends: 3, at most 2"),
        (VroomLimits(vehicles=0), "vehicles: 1, at most 0"),
        (VroomLimits(locations=3), "locations: 4, at most 3"),
    ],
    ids=["tasks", "vehicles", "locations"],
)
def test_too_much_is_refused_before_it_is_read(limits: VroomLimits, what: str) -> None:
    assert solve_vroom(problem(), seconds=0.1, limits=limits) == {"code": 2, "error": f"too many {what}"}


def client(**options: Any) -> TestClient:
    app = FastAPI()
    app.include_router(vroom_router(seconds=0.3, **options))
    return TestClient(app)


@pytest.mark.slow
def test_the_endpoint_answers_as_vroom_does() -> None:
    answer = client().post("/vroom", json=problem())
    assert answer.status_code == 200
    assert answer.json()["routes"][0]["duration"] == 600


@pytest.mark.slow
@pytest.mark.parametrize(
    "body", [b"{", b'{"jobs": []}', b"\xff", b"[" * 100_000], ids=["cut", "empty", "bytes", "deep"]
)
def test_a_bad_request_is_a_400_in_vrooms_form(body: bytes) -> None:
    answer = client().post("/vroom", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, 2)


def test_a_request_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoints, "MOST_BYTES", 10)
    answer = client().post("/vroom", json=problem())
    assert (answer.status_code, answer.json()["code"]) == (413, 2)


def test_a_search_that_takes_too_long_is_killed() -> None:
    began = time.monotonic()
    body = json.dumps(problem()).encode()
    answer = asyncio.run(solve_in_child(body, seconds=60, deadline=0.5))
    assert answer == {"code": 1, "error": "no answer within 0.5 s"}
    assert time.monotonic() - began < 30  # it would have searched for a minute


@pytest.mark.slow
def test_a_search_that_dies_is_an_internal_error_and_logged(caplog: pytest.LogCaptureFixture) -> None:
    answer = asyncio.run(solve_in_child(json.dumps(problem()).encode(), seconds=-1.0, deadline=60))
    assert answer == {"code": 1, "error": "the search failed; the server's log says why"}
    assert "ValueError" in caplog.text


def test_the_document_has_types_and_an_example_that_works() -> None:
    app = FastAPI()
    app.include_router(vroom_router())
    operation = app.openapi()["paths"]["/vroom"]["post"]
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    assert "$defs" not in schema  # nothing in it would be found from the document's root
    (example,) = schema["examples"]
    assert VroomRequest.model_validate(example).vehicles == example["vehicles"]
    assert solve_vroom(example, seconds=0.2)["summary"]["duration"] == 1200
    assert {"200", "400", "413", "500", "503"} <= set(operation["responses"])
