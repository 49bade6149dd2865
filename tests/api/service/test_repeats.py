"""Requests that may be sent again: made once, answered alike, and nothing of a secret left in the database."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any, cast
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from httpx2 import Response
from sqlalchemy import Connection, func, select

from api.app import SERVICE_ROUTERS
from api.auth.access import declared
from api.auth.tables import enrolments, users
from api.db.engine import Database
from api.db.writer import Writer
from api.repeats.repeatable import AnsweredError, Repeatable, _repeatable
from api.repeats.sealing import opened, sealed
from api.repeats.tables import given_answers
from api.retention import run_retention
from api.service.describing import routes_of
from api.service.runtime import Runtime
from api.webhooks.schemas import Told
from tests.api.custody.made import PUBLIC_KEY
from tests.api.service.running import Service
from tests.api.service.test_undecided import lose_the_answer

NEW = {"login": "mai", "name": "Mai", "role": "planner", "province_id": "89"}


def _post(service: Service, key: str, body: dict[str, Any] | None = None, path: str = "users", **more: Any) -> Response:
    headers = {"Idempotency-Key": key}
    return service.ask("POST", f"/api/v1/{path}", json=NEW if body is None else body, headers=headers, **more)


def _count(service: Service, table: Any) -> int:
    with service.runtime.database.read() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_the_same_request_twice_makes_one_thing_and_gives_one_answer(service: Service) -> None:
    key, before = str(uuid4()), _count(service, users)
    first = _post(service, f'"{key}"')  # as the draft writes it
    again = _post(service, key.upper())
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert _count(service, users) == before + 1
    log_in = {"login": "mai", "password": again.json()["password"]}
    assert service.client.post("/api/v1/auth/login", json=log_in).status_code == 200


def test_without_a_key_or_with_another_one_it_is_another_request(service: Service) -> None:
    assert _post(service, str(uuid4())).status_code == 201
    assert _post(service, str(uuid4())).status_code == 409
    assert service.ask("POST", "/api/v1/users", json=NEW).status_code == 409


def test_a_lost_commit_is_made_good_by_sending_again(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    service.token("admin")
    for number, stands in enumerate((True, False)):
        key, body, before = str(uuid4()), NEW | {"login": f"mai{number}"}, _count(service, users)
        with monkeypatch.context() as patched:
            lose_the_answer(service, patched, commit=stands)
            assert _post(service, key, body).json()["error"]["code"] == "undecided"
        assert _count(service, users) == before + stands
        assert _post(service, key, body).status_code == 201
        assert _count(service, users) == before + 1


def test_a_key_serves_one_request_of_one_person(service: Service) -> None:
    key = str(uuid4())
    assert _post(service, key).status_code == 201
    other = _post(service, key, NEW | {"name": "Khác"})
    assert (other.status_code, other.json()["error"]["rows"][0]["code"]) == (422, "key_reused")
    elsewhere = _post(service, key, {"province_id": "01", "name": "x"}, "provinces")
    assert elsewhere.status_code == 422
    # Somebody else's key is their own: this one makes, and finds the login taken.
    assert _post(service, key, by="local-admin").status_code == 409


def test_a_refused_request_leaves_no_trace_and_is_judged_anew(service: Service) -> None:
    assert _post(service, str(uuid4())).status_code == 201
    key = str(uuid4())
    assert _post(service, key).status_code == 409
    assert _count(service, given_answers) == 1
    assert _post(service, key, NEW | {"login": "lan"}).status_code == 201


GOOD = "9a4eed8e-ed19-408d-983c-23a5d839d2a2"


@pytest.mark.parametrize("key", ["1", "a" * 36, "00000000-0000-1000-8000-000000000000", f"{GOOD}x"])
def test_a_key_that_can_be_guessed_is_refused(sqlite_service: Service, key: str) -> None:
    assert _post(sqlite_service, key).status_code == 422


def test_requests_at_the_same_moment_make_one_thing(service: Service) -> None:
    """Sixteen at once in one server: one makes, the others get its answer."""
    service.token("admin")
    key, before, together = str(uuid4()), _count(service, enrolments), Barrier(16)
    with service.runtime.database.read() as connection:
        courier = connection.scalar(select(users.c.user_id).where(users.c.login == "courier"))

    def ask(_: int) -> Response:
        together.wait()
        return _post(service, key, {}, f"users/{courier}/enrolments")

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(ask, range(16)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    assert _count(service, enrolments) == before + 1


@dataclass
class _Server:
    """What `Repeatable` wants of a runtime."""

    database: Database
    writer: Writer


def test_two_servers_of_one_database_make_one_thing(database_url: str) -> None:
    """Their writers know nothing of each other: the key itself decides."""
    servers = [_Server(database, Writer(database)) for database in (Database(database_url), Database(database_url))]
    ran: list[int] = []
    key, together = str(uuid4()), Barrier(2)

    def make(number: int) -> str:
        one = Repeatable(cast("Runtime", servers[number]), "p", key, "0" * 64)

        def work(_: Connection) -> Told:
            ran.append(number)
            time.sleep(0.2)  # the other one comes meanwhile
            return Told(event_id=f"by {number}")

        together.wait()
        try:
            return one.write_now(work).event_id
        except AnsweredError as error:
            return Told.model_validate_json(error.answer).event_id

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(make, range(2)))
    for server in servers:
        server.writer.close()
        server.database.close()
    assert len(ran) == 1
    assert answers == [f"by {ran[0]}"] * 2


def test_no_secret_stands_in_the_database(service: Service, tmp_path: Path) -> None:
    key = str(uuid4())
    password = _post(service, key).json()["password"]
    with service.runtime.database.read() as connection:
        row = connection.execute(select(given_answers)).one()
    assert password.encode() not in row.sealed
    assert key not in str(row)
    assert password.encode() in opened(key, row.sealed)
    with pytest.raises(InvalidTag):
        opened(str(uuid4()), row.sealed)
    if service.runtime.database.is_sqlite:
        stored = b"".join(path.read_bytes() for path in tmp_path.glob("service.db*"))
        assert b"given_answers" in stored
        assert password.encode() not in stored
        assert key.encode() not in stored


def test_a_seal_is_new_each_time_and_a_changed_one_does_not_open() -> None:
    key, one = str(uuid4()), sealed("k", b"answer")
    assert one != sealed("k", b"answer")
    assert opened("k", one) == b"answer"
    for place in range(len(one)):
        changed = bytearray(one)
        changed[place] ^= 1
        with pytest.raises(InvalidTag):
            opened("k", bytes(changed))
    with pytest.raises(InvalidTag):
        opened(key, one)


def test_answers_are_kept_for_a_day(service: Service) -> None:
    assert _post(service, str(uuid4())).status_code == 201
    runtime, now = service.runtime, datetime.now(UTC)
    assert run_retention(runtime.database, runtime.settings, now + timedelta(hours=23)).counts["answers"] == 0
    assert run_retention(runtime.database, runtime.settings, now + timedelta(hours=25)).counts["answers"] == 1
    assert _count(service, given_answers) == 0


def test_a_device_that_heard_no_answer_enrols_with_the_same_code(service: Service) -> None:
    with service.runtime.database.read() as connection:
        courier = connection.scalar(select(users.c.user_id).where(users.c.login == "courier"))
    code = service.ask("POST", f"/api/v1/users/{courier}/enrolments").json()["code"]
    body = {"code": code, "name": "Máy 1", "public_key": PUBLIC_KEY}
    key = str(uuid4())
    first, again = (_post(service, key, body, "devices", by=None) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert _post(service, str(uuid4()), body, "devices", by=None).status_code == 409


HARMLESS = {
    "/api/v1/auth/login": "another session, which ends by itself",
    "/api/v1/auth/refresh": "a token works once",
    "/api/v1/auth/logout": "over is over",
    "/api/v1/auth/challenge": "another one, which ends by itself",
    "/api/v1/auth/renew": "a challenge works once",
    "/api/v1/auth/confirm": "confirmed is confirmed",
    "/api/v1/live/positions": "a device and its moment name a fix",
    "/api/v1/live/messages": "messages have ids",
    "/api/v1/live/messages/{message_id}/read": "read is read",
    "/api/v1/live/plans/{plan_id}/proposals": "proposals have ids",
    "/api/v1/live/proposals/{proposal_id}/accept": "accepted is accepted",
    "/api/v1/live/proposals/{proposal_id}/reject": "rejected is rejected",
    "/api/v1/live/changes/{change_id}/answer": "the last answer stands",
    "/api/v1/handovers": "hand-overs have ids",
    "/api/v1/handovers/duties": "hand-overs have ids",
    "/api/v1/handovers/{handover_id}/taken": "taken is taken",
    "/api/v1/network/import": "the same file changes nothing",
    "/api/v1/shipments/import": "the same file changes nothing",
    "/api/v1/custody/events": "events have ids",
    "/api/v1/custody/proofs": "events have ids",
    "/api/v1/evidence": "photos are named by their content",
    "/api/v1/plans/inputs": "inputs are named by their content",
    "/api/v1/plans/validate": "nothing is kept",
    "/api/v1/plans/{plan_id}/edits": "If-Match",
    "/api/v1/plans/{plan_id}/trial": "nothing is kept",
    "/api/v1/plans/{plan_id}/undo": "If-Match",
    "/api/v1/plans/{plan_id}/redo": "If-Match",
    "/api/v1/plans/{plan_id}/publish": "If-Match",
    "/api/v1/plans/{plan_id}/unpublish": "If-Match",
    "/api/v1/jobs/{job_id}/cancel": "a wish",
    "/vroom": "nothing is kept",
    "/api/v1/custody/incomplete/{event_id}/settled": "settled is settled",
    "/api/v1/custody/refused/{quarantine_id}/settled": "settled is settled",
    "/api/v1/webhooks/{subscriber_id}/deliveries/{event_id}/redeliver": "receivers know the id",
    "/api/v1/settlement/{day}/{kind}/{taker}": "one a day and taker",
    "/api/v1/track/{code}": "a look",
    "/api/v1/track/{code}/receipt": "a look",
    "/api/v1/track/{code}/wishes": "the last wish stands",
}
"""Why each POST without a key may be sent again."""


def test_every_post_takes_a_key_or_is_harmless_to_repeat() -> None:
    takes: set[str] = set()
    plain: set[str] = set()
    for route in routes_of(SERVICE_ROUTERS):
        if "POST" in (route.methods or ()):
            calls = [one.call for one in route.dependant.dependencies]
            (takes if _repeatable in calls else plain).add(route.path_format)
            if _repeatable in calls and declared(route):
                assert calls.index(_repeatable) > 0, f"{route.path_format}: `once` stands after who asks"
    assert plain == HARMLESS.keys()
    assert {"/api/v1/users", "/api/v1/webhooks", "/api/v1/plans", "/api/v1/devices"} <= takes
