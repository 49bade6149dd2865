"""Plans held against others and against themselves as they were; what has no round looked into."""

from __future__ import annotations

from typing import Any

import pytest
from httpx2 import Response

from api.plans.steps import MOST_UNDONE
from tests.api.service.made_plans import day_plan, put_plan
from tests.api.service.running import Service

pytestmark = pytest.mark.slow


def edit(service: Service, plan_id: str, version: int, **what: Any) -> None:
    path, headers = f"/api/v1/plans/{plan_id}/edits", {"If-Match": f'"{version}"'}
    answer = service.ask("POST", path, by="planner", json=what, headers=headers)
    assert answer.status_code == 200, answer.text


def explain(service: Service, plan_id: str, code: str, by: str | None = "auditor") -> Response:
    return service.ask("GET", f"/api/v1/plans/{plan_id}/unassigned/{code}", by=by)


def first_codes() -> list[str]:
    return [task.shipment for task in day_plan().routes[0].trips[0].stops[0].tasks]


def test_a_plan_is_compared_with_itself_before_an_edit(service: Service) -> None:
    plan_id, codes = put_plan(service), first_codes()
    edit(service, plan_id, 1, kind="unassign", shipments=codes)
    history = service.ask("GET", f"/api/v1/plans/{plan_id}/history", by="auditor").json()
    assert history["kept_versions"] == [1]
    found = service.ask("GET", f"/api/v1/plans/{plan_id}/comparison/{plan_id}?version=1", by="auditor").json()
    assert found["same_inputs"] is True
    assert found["before"]["carried"] == day_plan().totals.carried
    assert found["difference"]["carried"] == -len(codes)
    assert found["difference"]["unassigned"] == len(codes)
    courier = day_plan().routes[0].courier_id
    assert [(one["shipment"], one["before"], one["after"]) for one in found["moved"]] == [
        (code, courier, None) for code in sorted(codes)
    ]
    (change,) = [one for one in found["couriers"] if one["kind"] != "same"]
    assert (change["courier_id"], change["removed"]) == (courier, codes)
    back = service.ask(
        "GET", f"/api/v1/plans/{plan_id}/comparison/{plan_id}?version=2&other_version=1", by="auditor"
    ).json()
    assert back["difference"]["carried"] == len(codes)


def test_an_earlier_version_is_answered_as_it_was_and_forgotten_ones_are_said_to_be(service: Service) -> None:
    plan_id, code = put_plan(service), first_codes()[0]
    path = f"/api/v1/plans/{plan_id}"
    first = service.ask("GET", path, by="auditor").content
    for version in range(1, MOST_UNDONE + 2):
        edit(service, plan_id, version, kind="lock" if version % 2 else "unlock", shipments=[code])
        if version == 1:
            earlier = service.ask("GET", f"{path}?version=1", by="auditor")
            assert (earlier.content, earlier.headers["ETag"]) == (first, '"1"')
    kept = service.ask("GET", f"{path}/history", by="auditor").json()["kept_versions"]
    assert kept == list(range(2, MOST_UNDONE + 2))
    gone = service.ask("GET", f"{path}?version=1", by="auditor")
    assert gone.status_code == 404
    assert "Không còn giữ phiên bản 1" in gone.json()["error"]["message_vi"]
    assert service.ask("GET", f"{path}/comparison/{plan_id}?version=99", by="auditor").status_code == 404


def test_what_somebody_took_out_by_hand_is_explained_as_if_the_search_had_left_it(service: Service) -> None:
    """Nothing forbids it: it was carried a moment ago, so the reason is a price, and its courier is the closest."""
    plan_id, code = put_plan(service), first_codes()[0]
    edit(service, plan_id, 1, kind="unassign", shipments=[code])
    said = explain(service, plan_id, code).json()
    assert (said["plan_version"], said["shipment"]) == (2, code)
    (reason,) = said["reasons"]
    assert reason["constraint"] == "cost"
    route = day_plan().routes[0]
    assert said["bases"] == [route.base_id]
    assert reason["courier_id"] is not None
    # What is told is true: put with that courier, it breaks nothing.
    edit(service, plan_id, 2, kind="assign", shipment=code, courier_id=reason["courier_id"])
    refused = explain(service, plan_id, code)
    assert refused.status_code == 409
    assert "đã có chuyến" in refused.json()["error"]["message_vi"]


def test_what_the_plan_says_of_its_left_ones_stands_with_the_rule_the_courier_and_the_amount(
    sqlite_service: Service,
) -> None:
    plan_id = put_plan(sqlite_service)
    for left in day_plan().unassigned:
        said = explain(sqlite_service, plan_id, left.shipment).json()
        assert said["must_go"] == left.must_go
        assert said["reasons"][0]["constraint"] == left.reasons[0].constraint
        for reason in said["reasons"]:
            courier = reason["courier_id"]
            assert courier is None or reason["constraint"] == "fleet" or courier in reason["detail"]["vi"]


@pytest.mark.parametrize(
    ("login", "status"),
    [("far-dispatcher", 404), ("other-dispatcher", 404), ("courier", 403), ("desk", 403), (None, 401)],
)
def test_what_has_no_round_is_its_provinces_only(sqlite_service: Service, login: str | None, status: int) -> None:
    plan_id = put_plan(sqlite_service)
    code = day_plan().unassigned[0].shipment
    assert explain(sqlite_service, plan_id, code, login).status_code == status
    assert explain(sqlite_service, plan_id, "NO-SUCH").status_code == 404
