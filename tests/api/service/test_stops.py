"""Stops that nobody registered, added to a draft: its inputs, its proof, who was first, and undoing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from httpx2 import Response

from api.plans.schemas import Plan, parse_plan
from tests.api.service.day_inputs import day_inputs
from tests.api.service.made_plans import day_plan, day_snapshot, put_plan
from tests.api.service.running import Service
from tests.api.service.test_plans import edit, first_code, publish
from tests.api.service.test_undo import stored, undo

DOOR = (105.4402, 10.3791)
"""In Long Xuyên, where nobody of the day lives."""
FETCHED: dict[str, Any] = {"action": "collect", "point": DOOR, "commune_code": "30307", "other_site": "BC-LX"}


@pytest.fixture
def draft(sqlite_service: Service) -> tuple[Service, str]:
    """A plan, of a network that the database knows."""
    files = [("files", ("network.json", json.dumps(day_inputs()["network"]).encode()))]
    assert sqlite_service.ask("POST", "/api/v1/network/import", by="planner", files=files).status_code == 200
    return sqlite_service, put_plan(sqlite_service)


def add(
    service: Service, plan_id: str, version: int, by: str = "head-dispatcher", key: str = "", **more: Any
) -> Response:
    headers = {"If-Match": f'"{version}"'} | ({"Idempotency-Key": key} if key else {})
    path, body = f"/api/v1/plans/{plan_id}/stops", FETCHED | more
    return service.ask("POST", path, by=by, json=body, headers=headers)


def inputs_of(service: Service, plan_id: str) -> str:
    history = service.ask("GET", f"/api/v1/plans/{plan_id}/history", by="auditor").json()
    return str(history["plan"]["inputs_sha256"])


def require_proved(service: Service, plan_id: str) -> Plan:
    """The plan as it is stored, which its inputs prove."""
    plan = stored(service, plan_id)
    path = f"/api/v1/plans/validate?inputs_sha256={inputs_of(service, plan_id)}"
    headers = {"Content-Type": "application/json"}
    report = service.ask("POST", path, by="planner", content=plan.to_json().encode(), headers=headers)
    assert report.json() == {"valid": True, "faults": []}
    return plan


def carriers(plan: Plan) -> dict[str, str]:
    return {
        task.shipment: route.courier_id
        for route in plan.routes
        for trip in route.trips
        for stop in trip.stops
        for task in stop.tasks
    }


@pytest.mark.slow
def test_an_added_stop_is_a_shipment_of_the_plans_new_inputs(draft: tuple[Service, str]) -> None:
    service, plan_id = draft
    made = add(service, plan_id, 1, contact_name="Lê Văn Tám", contact_phone="0912345678")
    assert made.status_code == 201, made.text
    assert made.headers["ETag"] == '"2"'
    code = made.json()["shipment"]
    assert made.json()["edit"]["assigned"] == [code]
    plan = require_proved(service, plan_id)
    assert (plan.version, plan.totals.shipments) == (2, day_plan().totals.shipments + 1)
    (stop,) = [
        stop
        for route in plan.routes
        for trip in route.trips
        for stop in trip.stops
        if any(task.shipment == code for task in stop.tasks)
    ]
    assert stop.point == DOOR
    assert stop.duration > 0  # driven there, along the roads
    others = carriers(plan)
    del others[code]
    assert others == carriers(day_plan())
    assert inputs_of(service, plan_id) != day_snapshot().sha256
    known = service.ask("GET", f"/api/v1/shipments/{code}", by="head-dispatcher").json()
    assert (known["kind"], known["dest_site"], known["holding"]) == ("intake", "BC-LX", "nobody")
    places = service.ask("GET", f"/api/v1/plans/{plan_id}/places", by="auditor").text
    assert code in places
    assert "Lê Văn Tám" not in places
    assert publish(service, plan_id, 2).status_code == 200
    rounds = service.ask("GET", f"/api/v1/plans/{plan_id}/rounds", by="head-dispatcher").text
    assert code in rounds


@pytest.mark.slow
def test_undoing_gives_the_old_inputs_back_and_keeps_the_shipment(draft: tuple[Service, str]) -> None:
    service, plan_id = draft
    code = add(service, plan_id, 1).json()["shipment"]
    assert edit(service, plan_id, 2, kind="lock", shipments=[first_code()]).status_code == 200
    second = add(service, plan_id, 3, action="deliver", other_site=None).json()["shipment"]
    whole = inputs_of(service, plan_id)
    for version, carried in ((4, {code}), (5, {code}), (6, set())):  # the second stop, the lock, the first stop
        assert undo(service, plan_id, version).status_code == 200
        plan = require_proved(service, plan_id)
        assert {code, second} & carriers(plan).keys() == carried
    assert inputs_of(service, plan_id) == day_snapshot().sha256
    for version, carried in ((7, {code}), (8, {code}), (9, {code, second})):
        assert redo(service, plan_id, version).status_code == 200
        assert {code, second} & carriers(require_proved(service, plan_id)).keys() == carried
    assert inputs_of(service, plan_id) == whole
    assert edit(service, plan_id, 10, kind="unassign", shipments=[second]).status_code == 200
    for one in (code, second):
        assert service.ask("GET", f"/api/v1/shipments/{one}", by="head-dispatcher").status_code == 200


def redo(service: Service, plan_id: str, version: int) -> Response:
    return service.ask("POST", f"/api/v1/plans/{plan_id}/redo", by="planner", headers={"If-Match": f'"{version}"'})


@pytest.mark.slow
def test_who_comes_second_registers_nothing(draft: tuple[Service, str]) -> None:
    service, plan_id = draft
    assert edit(service, plan_id, 1, by="planner", kind="lock", shipments=[first_code()]).status_code == 200
    refused = add(service, plan_id, 1, code="DX-MUON")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "changed_meanwhile")
    assert refused.json()["error"]["changes"][0]["changed_by_name"] == "Planner"
    assert service.ask("GET", "/api/v1/shipments/DX-MUON", by="head-dispatcher").status_code == 404
    assert inputs_of(service, plan_id) == day_snapshot().sha256
    assert publish(service, plan_id, 2).status_code == 200
    assert add(service, plan_id, 3, code="DX-MUON").status_code == 409
    assert service.ask("GET", "/api/v1/shipments/DX-MUON", by="head-dispatcher").status_code == 404


@pytest.mark.slow
def test_asked_again_after_a_lost_answer_it_is_one_stop(draft: tuple[Service, str]) -> None:
    service, plan_id = draft
    key = "0190a1b2-0000-7000-8000-000000000001"
    first, again = add(service, plan_id, 1, key=key), add(service, plan_id, 1, key=key)
    assert (again.status_code, again.json()) == (201, first.json())
    assert stored(service, plan_id).version == 2


@pytest.mark.slow
@pytest.mark.parametrize(
    ("wanted", "status", "says"),
    [
        ({"point": None, "commune_code": None, "site_id": "BC-LX", "other_site": "BC-LX"}, 422, "BC-LX"),
        ({"other_site": "KHONG-CO"}, 422, "KHONG-CO"),
        ({"commune_code": "99999"}, 422, "99999"),
        ({"point": (102.2, 21.9)}, 422, ""),
        ({"action": "deliver", "commune_code": "00004", "other_site": None}, 409, "00004"),
        ({"code": "DX-1", "courier_id": "BT-KHONG"}, 404, "BT-KHONG"),
    ],
)
def test_what_cannot_be_driven_is_refused_with_its_reason(
    draft: tuple[Service, str], wanted: dict[str, Any], status: int, says: str
) -> None:
    service, plan_id = draft
    refused = add(service, plan_id, 1, **wanted)
    assert refused.status_code == status, refused.text
    assert says in refused.text
    assert parse_plan(service.ask("GET", f"/api/v1/plans/{plan_id}", by="auditor").content) == day_plan()
    assert service.ask("GET", "/api/v1/shipments/DX-1", by="head-dispatcher").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize(
    ("login", "status"),
    [("planner", 403), ("auditor", 403), ("courier", 403), ("desk", 403), ("dispatcher", 404), ("far-dispatcher", 404)],
)
def test_only_who_takes_shipments_in_adds_a_stop(sqlite_service: Service, login: str, status: int) -> None:
    assert add(sqlite_service, put_plan(sqlite_service), 1, by=login).status_code == status
