"""The duty of a day goes from one dispatcher to the next, with what is open; both names stand, words are erased."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import Mock, patch

import pytest
from httpx2 import Response

from api.auth.roles import Role
from api.handover import endpoints
from api.ids import new_id
from api.retention import run_retention
from tests.api.service.custody_made import made, send
from tests.api.service.day_inputs import DAY
from tests.api.service.live_made import OURS, live_service, noon, progress, say
from tests.api.service.running import Service
from tests.api.service.test_replan import propose
from tests.api.service.test_replan import published as published_plan

FIRST, SECOND = "head-dispatcher", "second"


@pytest.fixture
def crew(service: Service) -> Service:
    """Two dispatchers of the whole province."""
    add_dispatcher(service)
    return service


def add_dispatcher(service: Service, login: str = SECOND, name: str = "Trần Thị Hai") -> None:
    body = {"login": login, "name": name, "role": Role.DISPATCHER, "province_id": "89", "offices": []}
    made_one = service.ask("POST", "/api/v1/users", json=body)
    assert made_one.status_code == 201, made_one.text
    given = made_one.json()["password"]
    token = service.client.post("/api/v1/auth/login", json={"login": login, "password": given}).json()["access_token"]
    chosen, headers = f"{given} của tôi", {"Authorization": f"Bearer {token}"}
    put = service.client.put("/api/v1/auth/password", json={"old": given, "new": chosen}, headers=headers)
    assert put.status_code in {200, 204}, put.text
    again = service.client.post("/api/v1/auth/login", json={"login": login, "password": chosen})
    service.tokens[login] = again.json()["access_token"]


def begin(service: Service, by: str, note: str = "", handover_id: str | None = None) -> Response:
    body = {"handover_id": handover_id or new_id(), "day": DAY, "note": note}
    return service.ask("POST", "/api/v1/handovers/duties", by=by, json=body)


def give(service: Service, by: str, note: str, handover_id: str | None = None) -> Response:
    body = {"handover_id": handover_id or new_id(), "day": DAY, "note": note}
    return service.ask("POST", "/api/v1/handovers", by=by, json=body)


def take(service: Service, by: str, handover_id: str) -> Response:
    return service.ask("POST", f"/api/v1/handovers/{handover_id}/taken", by=by)


def duty_day(service: Service, by: str = "auditor") -> dict[str, Any]:
    answer = service.ask("GET", f"/api/v1/handovers?day={DAY}", by=by)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_duty_is_begun_given_and_taken_in_two_names(crew: Service) -> None:
    assert (duty_day(crew)["on_duty"], duty_day(crew)["history"]) == (None, [])
    assert begin(crew, FIRST).status_code == 201
    assert duty_day(crew)["on_duty"]["name"] == "Head-Dispatcher"
    given = give(crew, FIRST, " LX-07 xin về sớm. ").json()
    assert (given["on_duty"]["name"], given["waiting"]["note"]) == ("Head-Dispatcher", "LX-07 xin về sớm.")
    assert given["waiting"]["open"] == given["open"]
    taken = take(crew, SECOND, given["waiting"]["handover_id"]).json()
    assert (taken["on_duty"]["name"], taken["waiting"]) == ("Trần Thị Hai", None)
    assert [(one["given_by"] or {}).get("name") for one in taken["history"]] == ["Head-Dispatcher", None]
    assert [one["taken_by"]["name"] for one in taken["history"]] == ["Trần Thị Hai", "Head-Dispatcher"]


def test_only_who_is_on_duty_gives_and_somebody_else_takes_once(crew: Service) -> None:
    assert give(crew, FIRST, "").status_code == 409  # nobody is on duty
    begin(crew, FIRST)
    refused = give(crew, SECOND, "")
    assert (refused.status_code, refused.json()["error"]["message_vi"]) == (
        409, "Head-Dispatcher đang trực: chỉ người trực mới bàn giao.",
    )  # fmt: skip
    name = give(crew, FIRST, "").json()["waiting"]["handover_id"]
    assert give(crew, FIRST, "nữa").status_code == 409  # one waits
    assert begin(crew, SECOND, "vội").status_code == 409  # it is to be taken
    assert take(crew, FIRST, name).status_code == 409  # their own
    assert take(crew, SECOND, name).json() == take(crew, SECOND, name).json()
    add_dispatcher(crew, "third", "Ba")
    assert take(crew, "third", name).status_code == 409
    assert take(crew, SECOND, new_id()).status_code == 404


def test_to_take_somebodys_place_wants_a_reason(crew: Service) -> None:
    begin(crew, FIRST)
    assert begin(crew, FIRST).status_code == 409
    assert begin(crew, SECOND).status_code == 409
    day = begin(crew, SECOND, "Anh Một ốm.").json()
    assert (day["on_duty"]["name"], day["history"][0]["note"]) == ("Trần Thị Hai", "Anh Một ốm.")


def test_the_same_request_again_changes_nothing_and_another_one_is_told(crew: Service) -> None:
    name = new_id()
    assert begin(crew, FIRST, handover_id=name).json() == begin(crew, FIRST, handover_id=name).json()
    assert begin(crew, FIRST, "khác", name).status_code == 409
    name = new_id()
    assert give(crew, FIRST, "a", name).status_code == give(crew, FIRST, "a", name).status_code == 201
    assert len(duty_day(crew)["history"]) == 1


def test_people_of_an_office_of_another_province_or_another_trade_have_no_part(crew: Service) -> None:
    begin(crew, FIRST)
    name = give(crew, FIRST, "").json()["waiting"]["handover_id"]
    path = f"/api/v1/handovers?day={DAY}"
    assert [crew.ask("GET", path, by=by).status_code for by in ("dispatcher", "planner", "desk")] == [404, 403, 403]
    assert crew.ask("GET", path, by="far-dispatcher").json()["waiting"] is None
    assert crew.ask("GET", f"{path}&province=89", by="far-dispatcher").status_code == 404
    assert [take(crew, by, name).status_code for by in ("dispatcher", "far-dispatcher", "auditor")] == [404, 404, 403]
    left = [give(crew, by, "").status_code for by in ("dispatcher", "far-dispatcher", "auditor")]
    assert left == [404, 409, 403]  # where they come from, nobody is on duty


def test_what_is_open_is_listed_as_it_is(service: Service) -> None:
    crew = live_service(service)
    begin(crew, FIRST)
    say(crew, "ours", "question", "Cổng nào?")
    say(crew, "ours", "late", "")
    send(crew, made("DELIVER", code="KHONG-CO", data={"courier_id": OURS}), by="ours")
    send(crew, {"type": "?"}, by="ours")
    with patch.object(endpoints, "datetime", Mock(now=lambda _: noon())):
        found = give(crew, FIRST, "").json()["waiting"]["open"]
    assert found["unread"] == [{"courier_id": OURS, "messages": 2}]
    assert (found["queue"], found["refused"], found["queue_since"] is not None) == (1, 1, True)
    assert (found["proposals"], found["questioned"]) == (0, [])
    late = {name: one["late_at_end_minutes"] for name, one in progress(crew, noon(), FIRST).items() if one["left"]}
    assert {one["courier_id"]: one["minutes"] for one in found["late"]} == {
        name: minutes for name, minutes in late.items() if minutes >= 15
    }
    assert found["late"]  # nobody has driven, and it is noon


@pytest.mark.slow
def test_an_open_proposal_is_listed_until_it_is_decided(sqlite_service: Service) -> None:
    service = sqlite_service
    plan_id = published_plan(service)
    code = "KHONG-CO"
    assert propose(service, plan_id, 2, {"kind": "cancelled", "code": code}).status_code == 404
    name = propose(service, plan_id, 2).json()["proposal_id"]
    assert duty_day(service)["open"]["proposals"] == 1
    service.ask("POST", f"/api/v1/live/proposals/{name}/reject", by=FIRST, json={"reason": "không cần"})
    assert duty_day(service)["open"]["proposals"] == 0


def test_words_are_erased_and_names_of_the_duty_stay(crew: Service) -> None:
    begin(crew, FIRST, "sáng")
    name = give(crew, FIRST, "Bà Năm nhà số 7").json()["waiting"]["handover_id"]
    take(crew, SECOND, name)
    settings, database = crew.runtime.settings, crew.runtime.database
    later = datetime.now(UTC) + timedelta(days=settings.personal_days)
    assert run_retention(database, settings, later - timedelta(hours=1)).counts["handovers"] == 0
    assert run_retention(database, settings, later + timedelta(hours=1)).counts["handovers"] == 2
    found = duty_day(crew)
    assert [(one["note"], one["open"]) for one in found["history"]] == [(None, None), (None, None)]
    assert found["on_duty"]["name"] == "Trần Thị Hai"
