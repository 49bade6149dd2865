"""A running day over HTTP: facts in, a proposal out, accepted, and told to couriers; nothing is lost."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import select, update

from api.auth.tables import users
from api.ids import new_id
from api.live.replan.tables import courier_changes, live_days, live_proposals
from api.plans.schemas import Plan, PlannedRoute, parse_plan
from api.retention import run_retention
from api.shipments.model import Shipment
from api.shipments.rows import Entry
from api.shipments.taking_store import take_shipments
from routing.model import Action
from tests.api.service.custody_made import made, send, with_device
from tests.api.service.made_plans import AT, day_plan, day_prepared, put_plan
from tests.api.service.running import PROVINCE, Service


def published(service: Service) -> str:
    plan_id = put_plan(service)
    answer = service.ask(
        "POST", f"/api/v1/plans/{plan_id}/publish", by="head-dispatcher", json={"replaces": None},
        headers={"If-Match": '"1"'},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text
    return plan_id


def moment(seconds: int) -> str:
    day = day_prepared().inputs.day
    zone = day_prepared().inputs.network.settings.zone
    return (datetime.combine(day, datetime.min.time(), zone) + timedelta(seconds=seconds)).isoformat()


def propose(
    service: Service,
    plan_id: str,
    version: int,
    *facts: dict[str, Any],
    at: int = 5 * 3600,
    by: str = "head-dispatcher",
    proposal_id: str | None = None,
) -> Response:
    body = {"proposal_id": proposal_id or new_id(), "at": moment(at), "facts": list(facts)}
    headers = {"If-Match": f'"{version}"'}
    return service.ask("POST", f"/api/v1/live/plans/{plan_id}/proposals", by=by, json=body, headers=headers)


def accept(service: Service, proposal_id: str) -> Response:
    return service.ask("POST", f"/api/v1/live/proposals/{proposal_id}/accept", by="head-dispatcher")


def plan_of(service: Service, plan_id: str) -> Plan:
    return parse_plan(service.ask("GET", f"/api/v1/plans/{plan_id}", by="auditor").content)


def codes_of(plan: Plan) -> list[str]:
    """Every task in a round or left, each as often as it is there."""
    carried = [t.shipment for route in plan.routes for trip in route.trips for stop in trip.stops for t in stop.tasks]
    return sorted([*carried, *(left.shipment for left in plan.unassigned)])


def lines(told: dict[str, Any]) -> list[dict[str, Any]]:
    return [line for one in told["couriers"] for line in one["lines"]]


def carrier(plan: Plan, code: str) -> PlannedRoute:
    return next(
        route
        for route in plan.routes
        for trip in route.trips
        for stop in trip.stops
        for task in stop.tasks
        if task.shipment == code
    )


def a_fetched_one() -> Shipment:
    """Something that the plan fetches from a door."""
    works = (work for group in day_prepared().groups for work in group.works)
    return next(work.shipment for work in works if work.action is Action.COLLECT and not work.shipment.id_check)


def register(service: Service, *codes: str) -> None:
    """Shipments like one that is planned, accepted during the day."""
    zone = day_prepared().inputs.network.settings.zone
    entries = [Entry(replace(a_fetched_one(), code=code), "BC-LX", "BC-LX", "BC-LX") for code in codes]
    service.runtime.writer.write_now(lambda c: take_shipments(c, PROVINCE, entries, zone=zone, at=AT, by=None))


def test_a_new_pickup_is_proposed_accepted_and_told_to_its_courier(service: Service) -> None:
    plan_id = published(service)
    register(service, "MOI-1")
    answer = propose(service, plan_id, 2, {"kind": "new_shipment", "code": "MOI-1"})
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert [line["shipment"] for one in told["couriers"] for line in one["lines"] if line["kind"] == "added"] == [
        "MOI-1"
    ]
    assert told["after"]["carried"] == told["before"]["carried"] + 1
    assert plan_of(service, plan_id).version == 2  # nothing yet
    assert accept(service, told["proposal_id"]).json()["status"] == "accepted"
    plan = plan_of(service, plan_id)
    assert (plan.version, plan.status) == (3, "published")
    assert codes_of(plan) == sorted([*codes_of(day_plan()), "MOI-1"])
    changes = service.ask("GET", f"/api/v1/live/plans/{plan_id}/changes", by="head-dispatcher").json()["changes"]
    assert carrier(plan, "MOI-1").courier_id in {change["courier_id"] for change in changes}


@pytest.mark.slow
def test_a_proposal_is_its_provinces_only(sqlite_service: Service) -> None:
    """People of an office see no whole plan, and so no proposal for it; nobody sees another province's."""
    plan_id = published(sqlite_service)
    late = {"kind": "courier_late", "courier_id": day_plan().routes[0].courier_id, "minutes": 10}
    made_one = propose(sqlite_service, plan_id, 2, late)
    assert made_one.status_code == 201, made_one.text
    path = f"/api/v1/live/proposals/{made_one.json()['proposal_id']}"
    for login in ("dispatcher", "other-dispatcher", "far-dispatcher"):
        assert propose(sqlite_service, plan_id, 2, late, by=login).status_code == 404, login
        for method, end in (("GET", ""), ("GET", "/plan"), ("POST", "/accept"), ("POST", "/reject")):
            body = {"json": {"reason": "không cần"}} if end == "/reject" else {}
            assert sqlite_service.ask(method, path + end, by=login, **body).status_code == 404, (login, end)
    for login in ("courier", "desk", "planner", "auditor"):
        assert sqlite_service.ask("POST", f"{path}/accept", by=login).status_code == 403, login
    assert sqlite_service.ask("GET", path, by="auditor").json()["status"] == "open"


def round_of(service: Service, login: str = "courier") -> PlannedRoute:
    """The longest round, given to somebody."""
    route = max(day_plan().routes, key=lambda route: sum(len(trip.stops) for trip in route.trips))
    mine = update(users).where(users.c.login == login).values(courier_id=route.courier_id)
    service.runtime.writer.write_now(lambda c: c.execute(mine))
    return route


@pytest.mark.slow
def test_a_courier_who_stops_gives_what_he_has_not_done_to_others(sqlite_service: Service) -> None:
    service = sqlite_service
    route = round_of(service)
    plan_id = published(service)
    told = propose(service, plan_id, 2, {"kind": "courier_out", "courier_id": route.courier_id}).json()
    codes = {task.shipment for trip in route.trips for stop in trip.stops for task in stop.tasks}
    gone = [one for one in told["couriers"] if one["courier_id"] == route.courier_id]
    assert {line["shipment"] for one in gone for line in one["lines"]} == codes
    assert all("ngừng chạy" in line["why"]["vi"] and "stopped" in line["why"]["en"] for line in gone[0]["lines"])
    assert accept(service, told["proposal_id"]).status_code == 200
    plan = plan_of(service, plan_id)
    assert route.courier_id not in {other.courier_id for other in plan.routes}
    assert codes_of(plan) == codes_of(day_plan())


@pytest.mark.slow
def test_a_courier_answers_once_and_the_dispatcher_sees_it(sqlite_service: Service) -> None:
    service = sqlite_service
    route = round_of(service)
    plan_id = published(service)
    told = propose(service, plan_id, 2, {"kind": "courier_out", "courier_id": route.courier_id}).json()
    accept(service, told["proposal_id"])
    found = service.ask("GET", "/api/v1/live/changes", by="courier").json()["changes"]
    assert [change["courier_id"] for change in found] == [route.courier_id]
    path = f"/api/v1/live/changes/{found[0]['change_id']}/answer"
    assert service.ask("POST", path, by="courier", json={"answer": "questioned"}).status_code == 422
    question = {"answer": "questioned", "words": "Tôi vẫn chạy được."}
    assert service.ask("POST", path, by="courier", json=question).status_code == 200
    assert service.ask("POST", path, by="courier", json=question).status_code == 200
    assert service.ask("POST", path, by="courier", json={"answer": "accepted"}).status_code == 409
    seen = service.ask("GET", f"/api/v1/live/plans/{plan_id}/changes", by="auditor").json()["changes"]
    assert [(one["answer"], one["words"]) for one in seen if one["answer"]] == [("questioned", question["words"])]
    after = found[0]["change_id"]
    assert service.ask("GET", f"/api/v1/live/changes?after={after}", by="courier").json()["changes"] == []


@pytest.mark.slow
def test_an_acceptance_is_heard_by_the_dispatcher_and_the_courier(sqlite_service: Service) -> None:
    service = sqlite_service
    route = round_of(service)
    plan_id = published(service)
    told = propose(service, plan_id, 2, {"kind": "courier_out", "courier_id": route.courier_id}).json()
    accept(service, told["proposal_id"])
    named = {one["courier_id"] for one in told["couriers"]}
    for login, heard in (("head-dispatcher", named), ("courier", {route.courier_id})):
        text = service.ask("GET", "/api/v1/live/stream?seconds=0&after=0.0", by=login).text
        items = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: ")]
        changes = [item for item in items if item["kind"] == "change"]
        assert {item["courier_id"] for item in changes} == heard
        assert {item["body"]["version"] for item in changes} == {3}


@pytest.mark.slow
def test_what_a_day_was_is_forgotten_with_its_plan(service: Service) -> None:
    plan_id, code = published(service), a_fetched_one().code
    other = propose(service, plan_id, 2, {"kind": "cancelled", "code": code}).json()["proposal_id"]
    one = propose(service, plan_id, 2, {"kind": "cancelled", "code": code}).json()["proposal_id"]
    assert accept(service, one).status_code == 200
    runtime, counted = service.runtime, (live_proposals, live_days, courier_changes)
    with runtime.database.read() as connection:
        asked = select(live_proposals.c.document).where(live_proposals.c.proposal_id == other)
        assert connection.scalar(asked) == ""  # nobody can accept it any more
    day = datetime.combine(day_prepared().inputs.day, datetime.min.time(), UTC)
    keeps = timedelta(days=runtime.settings.personal_days)
    assert run_retention(runtime.database, runtime.settings, day + keeps).counts["running_days"] == 0
    assert run_retention(runtime.database, runtime.settings, day + keeps + timedelta(days=1)).counts["running_days"] > 3
    with runtime.database.read() as connection:
        assert [connection.execute(select(table)).all() for table in counted] == [[], [], []]


@pytest.mark.slow
def test_the_same_proposal_is_kept_once_and_an_old_one_is_refused(sqlite_service: Service) -> None:
    service = sqlite_service
    plan_id, code = published(service), a_fetched_one().code
    first = propose(service, plan_id, 2, {"kind": "cancelled", "code": code}, proposal_id=(name := new_id()))
    again = propose(service, plan_id, 2, {"kind": "cancelled", "code": code}, proposal_id=name)
    assert again.json() == first.json()
    assert propose(service, plan_id, 2, proposal_id=name).status_code == 409
    other = propose(service, plan_id, 2, {"kind": "cancelled", "code": code}).json()["proposal_id"]
    assert accept(service, name).json() == accept(service, name).json()
    late = accept(service, other)
    assert late.status_code == 409
    assert (late.json()["error"]["code"], late.json()["error"]["version"]) == ("changed_meanwhile", 3)
    assert propose(service, plan_id, 2).status_code == 409
    reject = f"/api/v1/live/proposals/{other}/reject"
    assert service.ask("POST", reject, by="head-dispatcher", json={"reason": " "}).status_code == 422
    rejected = service.ask("POST", reject, by="head-dispatcher", json={"reason": "Đã gọi cho bưu tá. "}).json()
    told = {name: rejected[name] for name in ("status", "decided_words", "decided_by_name", "made_by_name")}
    assert told == {
        "status": "rejected", "decided_words": "Đã gọi cho bưu tá.", "decided_by_name": "Head-Dispatcher",
        "made_by_name": "Head-Dispatcher",
    }  # fmt: skip
    left = {one.shipment: one.reasons[0].constraint for one in plan_of(service, plan_id).unassigned}
    assert left[code] == "cancelled"
    assert codes_of(plan_of(service, plan_id)) == codes_of(day_plan())


NOTHING_KNOWN: tuple[tuple[dict[str, Any], int], ...] = (
    ({"kind": "cancelled", "code": "KHONG-CO"}, 404),
    ({"kind": "new_shipment", "code": "KHONG-CO"}, 404),
    ({"kind": "line_late", "codes": ["KHONG-CO"], "until": "2026-12-31T09:00:00+07:00"}, 404),
    ({"kind": "window_changed", "code": "KHONG-CO", "windows": [{"start": "08:00", "end": "09:00"}]}, 404),
    ({"kind": "courier_late", "courier_id": "KHONG-CO", "minutes": 5}, 404),
    ({"kind": "courier_late", "courier_id": "KHONG-CO", "minutes": 0}, 422),
)


@pytest.mark.slow
def test_a_fact_of_nothing_known_is_refused(sqlite_service: Service) -> None:
    plan_id = published(sqlite_service)
    for fact, status in NOTHING_KNOWN:
        assert propose(sqlite_service, plan_id, 2, fact).status_code == status, fact
        assert propose(sqlite_service, plan_id, 2, fact, by="far-dispatcher").status_code in {404, status}, fact


@pytest.mark.slow
def test_what_was_done_stays_and_is_not_moved(sqlite_service: Service) -> None:
    """The courier goes to his second door first; then he stops: only what is left is given to others."""
    service = sqlite_service
    route = round_of(service)
    plan_id = published(service)
    with_device(service)
    stop = next(stop for stop in route.trips[0].stops[1:] if stop.tasks[0].action is Action.COLLECT)
    done = [task.shipment for task in stop.tasks if task.action is Action.COLLECT]
    noted = made("COLLECT_RESULT", shipments=done, at=stop.leaves.isoformat())
    assert send(service, noted)[0]["verdict"] in {"accepted", "incomplete"}
    midnight = datetime.fromisoformat(moment(0))
    late = int((stop.leaves - midnight).total_seconds()) + 60
    told = propose(service, plan_id, 2, {"kind": "courier_out", "courier_id": route.courier_id}, at=late).json()
    assert told["puzzles"] == []
    assert not {line["shipment"] for line in lines(told)} & set(done)
    assert accept(service, told["proposal_id"]).status_code == 200
    plan = plan_of(service, plan_id)
    assert {carrier(plan, code).courier_id for code in done} == {route.courier_id}
    assert codes_of(plan) == codes_of(day_plan())


@pytest.mark.slow
def test_a_proposal_gives_way_to_what_was_done_meanwhile(sqlite_service: Service) -> None:
    service = sqlite_service
    route = round_of(service)
    plan_id = published(service)
    with_device(service)
    told = propose(service, plan_id, 2, {"kind": "courier_out", "courier_id": route.courier_id}).json()
    stop = next(stop for trip in route.trips for stop in trip.stops if stop.tasks[0].action is Action.COLLECT)
    send(service, made("COLLECT_RESULT", shipments=[stop.tasks[0].shipment], at=stop.leaves.isoformat()))
    late = accept(service, told["proposal_id"])
    assert late.status_code == 409
    assert stop.tasks[0].shipment in late.text
    assert plan_of(service, plan_id).version == 2
