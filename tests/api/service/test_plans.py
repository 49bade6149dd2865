"""Stored plans: who sees them, who changed them first, what is published."""

from __future__ import annotations

import json
import time
from dataclasses import asdict
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from api.errors import ApiError
from api.plans.editing import Spot, move, open_session
from api.plans.schemas import parse_plan
from api.plans.tables import plans
from tests.api.service.day_inputs import day_inputs
from tests.api.service.made_plans import day_plan, day_prepared, day_snapshot, put_plan
from tests.api.service.running import Service


def edit(service: Service, plan_id: str, version: int, by: str = "planner", **what: Any) -> Response:
    path, headers = f"/api/v1/plans/{plan_id}/edits", {"If-Match": f'"{version}"'}
    return service.ask("POST", path, by=by, json=what, headers=headers)


def publish(service: Service, plan_id: str, version: int, replaces: str | None = None) -> Response:
    path, headers = f"/api/v1/plans/{plan_id}/publish", {"If-Match": f'"{version}"'}
    return service.ask("POST", path, by="head-dispatcher", json={"replaces": replaces}, headers=headers)


def first_code() -> str:
    return day_plan().routes[0].trips[0].stops[0].tasks[0].shipment


MORNING = "08:00-09:30"
"""When every citizen is at home, in one test."""


def a_bad_move() -> dict[str, Any]:
    """A stop that, driven as the last one of its trip, comes too late."""
    session = open_session(day_plan(MORNING), day_prepared(MORNING))
    for route in day_plan(MORNING).routes:
        for number, trip in enumerate(route.trips):
            for stop in trip.stops[:-1]:
                codes = [task.shipment for task in stop.tasks]
                spot = Spot(route.courier_id, number, len(trip.stops))
                if not move(session, codes, spot).is_publishable:
                    return {"kind": "move", "shipments": codes, **asdict(spot)}
    raise AssertionError("every move keeps the rules")


@pytest.mark.slow
def test_a_plan_is_answered_as_plan_json_with_its_version_as_tag(service: Service) -> None:
    plan_id = put_plan(service)
    answer = service.ask("GET", f"/api/v1/plans/{plan_id}", by="auditor")
    assert parse_plan(answer.content) == day_plan()
    assert answer.headers["ETag"] == '"1"'
    again = service.ask("GET", f"/api/v1/plans/{plan_id}", by="auditor", headers={"If-None-Match": '"1"'})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("login", "status"),
    [("far-dispatcher", 404), ("other-dispatcher", 404), ("courier", 403), ("desk", 403), (None, 401)],
)
def test_nobody_else_learns_that_a_plan_exists(sqlite_service: Service, login: str | None, status: int) -> None:
    plan_id = put_plan(sqlite_service)
    assert sqlite_service.ask("GET", f"/api/v1/plans/{plan_id}", by=login).status_code == status
    if login is not None and status == 404:
        assert sqlite_service.ask("GET", "/api/v1/plans", by=login).json()["plans"] == []
        assert sqlite_service.ask("GET", "/api/v1/jobs", by=login).json()["jobs"] == []
        assert edit(sqlite_service, plan_id, 1, by=login, kind="lock", shipments=["x"]).status_code == 404


def test_an_edit_is_the_next_version_and_answers_in_time(service: Service) -> None:
    plan_id, code = put_plan(service), first_code()
    assert edit(service, plan_id, 1, kind="lock", shipments=[code]).status_code == 200  # makes the day ready
    edit(service, plan_id, 2, kind="unlock", shipments=[code])
    began = time.perf_counter()
    answer = edit(service, plan_id, 3, kind="unassign", shipments=[code])
    seconds = time.perf_counter() - began
    assert answer.json()["edit"]["unassigned"] == [code]
    assert answer.headers["ETag"] == '"4"'
    stored = parse_plan(service.ask("GET", f"/api/v1/plans/{plan_id}", by="planner").content)
    assert (stored.version, stored.totals.carried) == (4, day_plan().totals.carried - 1)
    assert code in {left.shipment for left in stored.unassigned}
    sha = day_snapshot().sha256
    report = service.ask(
        "POST", f"/api/v1/plans/validate?inputs_sha256={sha}", by="planner", content=stored.to_json().encode(),
        headers={"Content-Type": "application/json"},
    )  # fmt: skip
    assert report.json() == {"valid": True, "faults": []}
    assert seconds < 5, "the goal is 0.1 s; a busy machine is forgiven"


@pytest.mark.slow
def test_who_comes_second_is_told_who_was_first_and_nothing_is_lost(service: Service) -> None:
    plan_id, code = put_plan(service), first_code()
    assert edit(service, plan_id, 1, by="head-dispatcher", kind="unassign", shipments=[code]).status_code == 200
    before = service.ask("GET", f"/api/v1/plans/{plan_id}", by="planner").content
    refused = edit(service, plan_id, 1, kind="lock", shipments=[code])
    assert refused.status_code == 409
    error = refused.json()["error"]
    assert error["code"] == "changed_meanwhile"
    assert error["version"] == 2
    [change] = error["changes"]
    assert change["changed_by_name"] == "Head-Dispatcher"
    assert change["what"] == {"kind": "unassign", "shipments": [code]}
    assert service.ask("GET", f"/api/v1/plans/{plan_id}", by="planner").content == before


@pytest.mark.slow
def test_edits_survive_a_server_that_forgot_them(service: Service) -> None:
    """The same edits, with everything in memory dropped before each."""
    plan_id, other_id, code = put_plan(service), put_plan(service), first_code()
    steps: list[dict[str, Any]] = [
        {"kind": "unassign", "shipments": [code]},
        {"kind": "assign", "shipment": code},
        {"kind": "lock", "shipments": [code]},
    ]
    for version, step in enumerate(steps, 1):
        assert edit(service, plan_id, version, **step).status_code == 200
        service.runtime.days._sessions._items.clear()
        assert edit(service, other_id, version, **step).status_code == 200
    kept, forgotten = (service.ask("GET", f"/api/v1/plans/{one}", by="planner").json() for one in (plan_id, other_id))
    assert {**kept, "created_at": 0} == {**forgotten, "created_at": 0}
    compared = service.ask("GET", f"/api/v1/plans/{plan_id}/comparison/{other_id}", by="planner").json()
    assert compared["moved"] == []
    assert compared["same_inputs"] is True


@pytest.mark.slow
def test_one_plan_of_a_day_is_published(service: Service) -> None:
    first, second = put_plan(service), put_plan(service)
    assert publish(service, first, 1).json()["status"] == "published"
    assert publish(service, second, 1).status_code == 409
    assert publish(service, second, 1, replaces=second).status_code == 409
    assert publish(service, second, 1, replaces=first).json()["status"] == "published"
    states = {
        one["plan_id"]: one["status"] for one in service.ask("GET", "/api/v1/plans", by="planner").json()["plans"]
    }
    assert states == {first: "withdrawn", second: "published"}
    assert service.ask("GET", f"/api/v1/plans/{second}", by="planner").json()["status"] == "published"
    assert edit(service, second, 2, kind="lock", shipments=[first_code()]).json()["error"]["code"] == "refused"
    with pytest.raises((ApiError, IntegrityError)):
        service.runtime.writer.write_now(
            lambda c: c.execute(update(plans).where(plans.c.plan_id == first).values(status="published"))
        )
    back = service.ask("POST", f"/api/v1/plans/{second}/unpublish", by="head-dispatcher", headers={"If-Match": '"2"'})
    assert (back.json()["status"], back.json()["version"]) == ("draft", 3)
    history = service.ask("GET", f"/api/v1/plans/{second}/history", by="auditor").json()["changes"]
    assert [one["what"]["kind"] for one in history] == ["publish", "unpublish"]


@pytest.mark.slow
def test_a_plan_that_breaks_rules_is_not_published_and_every_violation_is_named(sqlite_service: Service) -> None:
    plan_id, what = put_plan(sqlite_service, MORNING), a_bad_move()
    answer = edit(sqlite_service, plan_id, 1, **what).json()
    named = len(answer["edit"]["violations"])
    assert named > 0
    assert answer["edit"]["publishable"] is False
    refused = publish(sqlite_service, plan_id, 2)
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "breaks_rules"
    assert len(refused.json()["error"]["violations"]) == named
    stored = sqlite_service.ask("GET", f"/api/v1/plans/{plan_id}", by="planner").content
    sha = day_snapshot(MORNING).sha256
    report = sqlite_service.ask(
        "POST", f"/api/v1/plans/validate?inputs_sha256={sha}", by="planner", content=stored,
        headers={"Content-Type": "application/json"},
    ).json()  # fmt: skip
    assert report["valid"] is False
    assert len([fault for fault in report["faults"] if fault["code"] not in {"figure", "misfit"}]) == named


@pytest.mark.slow
def test_couriers_see_their_own_round_once_it_is_published(sqlite_service: Service) -> None:
    plan_id = put_plan(sqlite_service)
    path = f"/api/v1/plans/{plan_id}/rounds"
    assert sqlite_service.ask("GET", path, by="courier").status_code == 404
    publish(sqlite_service, plan_id, 1)
    own = sqlite_service.ask("GET", path, by="courier").json()["routes"]
    office = sqlite_service.ask("GET", path, by="dispatcher").json()["routes"]
    whole = sqlite_service.ask("GET", path, by="head-dispatcher").json()["routes"]
    assert {route["courier_id"] for route in own} <= {"BT-01"}
    assert {route["base_id"] for route in office} == {"BC-LX"}
    assert len(whole) == len(day_plan().routes) > len(office)
    assert sqlite_service.ask("GET", path, by="far-dispatcher").status_code == 404


def test_inputs_that_cannot_be_used_are_refused_with_their_rows(sqlite_service: Service) -> None:
    inputs = json.loads(json.dumps(day_inputs()))
    inputs["shipments"][2]["kind"] = "parcel"
    answer = sqlite_service.ask("POST", "/api/v1/plans/inputs", by="planner", json=inputs)
    assert answer.status_code == 422
    [row] = answer.json()["error"]["rows"]
    assert (row["file"], row["column"]) == ("shipments.json [shipments]", "kind")
    assert sqlite_service.ask("POST", "/api/v1/plans/inputs", by="far-dispatcher", json=day_inputs()).status_code == 404


def test_the_same_inputs_are_kept_once(service: Service) -> None:
    answers = [service.ask("POST", "/api/v1/plans/inputs", by="planner", json=day_inputs()) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
