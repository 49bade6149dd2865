"""Where simulated devices send to: the intake on a database, or the whole service over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from sqlalchemy import Connection, insert, update

from api.auth.roles import Role, Scope, Who
from api.auth.store import User, add_user, begin_session
from api.auth.tables import devices, sessions
from api.auth.tokens import REFRESH_FOR
from api.custody.answers import examine
from api.custody.batch import Batch
from api.custody.intake import Intake
from api.custody.rejudging import as_json
from api.custody.signing import public_key_text
from api.custody.verdicts import Answer
from api.db.writer import Writer
from api.evidence.files import Arriving, Stored
from tests.api.custody.devices import Answered, Device, Request
from tests.api.custody.story import MONDAY, Person
from tests.api.service.custody_made import add_shipments, batch
from tests.api.service.running import PROVINCE, Service

_BEFORE = MONDAY - timedelta(days=30)
"""When everybody was hired."""


def enrol(connection: Connection, people: Iterable[Device], codes: Sequence[str]) -> None:
    """Make known what a story takes for granted."""
    for one in people:
        who = _who(one.person)
        user = User(who.user_id, one.person.device_id, who.name, who.role, who.scope, who.courier_id, "", False, False)
        add_user(connection, user, _BEFORE)
        connection.execute(
            insert(devices).values(
                device_id=one.person.device_id, user_id=user.user_id, name="máy thử", enrolled_at=_BEFORE,
                public_key=public_key_text(one.key.public_key()),
            )
        )  # fmt: skip
    add_shipments(connection, *codes)


def _who(person: Person) -> Who:
    role = Role.DESK if person.courier_id is None else Role.COURIER
    scope = Scope(PROVINCE, frozenset({person.site_id}))
    return Who(person.user_id, "Người thử", role, scope, "", person.courier_id, person.device_id)


class IntakeServer:
    """Past HTTP: what comes in one slot waits together, and is taken in together."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._intake = Intake(writer, "thu.example/devices")

    def enrol(self, people: Sequence[Device], codes: Sequence[str]) -> None:
        self._writer.write_now(lambda connection: enrol(connection, people, codes))

    def take(self, requests: Sequence[Request]) -> list[list[Answered]]:
        waiting = [self._intake.submit(_batch(request)) for request in requests]
        return [[_said(answer) for answer in one.result()] for one in waiting]


def _batch(request: Request) -> Batch:
    files = [_arrived(request.picture[0])] if request.picture else []
    return Batch(_who(request.device.person), [examine(one) for one in request.events], files, -request.clock_ahead)


def _arrived(name: str) -> Arriving:
    on_disk: Future[None] = Future()
    on_disk.set_result(None)
    return Arriving(Stored(name, name, 1, "image/jpeg"), on_disk)


def _said(answer: Answer) -> Answered:
    return {"event_id": answer.event_id, "verdict": answer.verdict, "pieces": [as_json(one) for one in answer.pieces]}


class HttpServer:
    """
    The service at an address.

    Its clock is the true one of today, and the story's week is over; so a device says what its clock shows today.
    """

    def __init__(self, service: Service, client: httpx.Client) -> None:
        self._service, self._client = service, client
        self._tokens: dict[str, str] = {}

    def enrol(self, people: Sequence[Device], codes: Sequence[str]) -> None:
        def write(connection: Connection) -> None:
            enrol(connection, people, codes)
            for one in people:
                self._tokens[one.person.device_id] = _token(connection, one.person)

        self._service.runtime.writer.write_now(write)

    def take(self, requests: Sequence[Request]) -> list[list[Answered]]:
        return [self._take(request) for request in requests]

    def _take(self, request: Request) -> list[Answered]:
        headers = {"Authorization": f"Bearer {self._tokens[request.device.person.device_id]}"}
        if request.picture is not None:
            answer = self._client.post("/api/v1/evidence", content=request.picture[1], headers=headers)
            assert (answer.status_code, answer.json()["sha256"]) == (200, request.picture[0]), answer.text
            return []
        body = batch(*request.events) | {"sent_at": (datetime.now(UTC) + request.clock_ahead).isoformat()}
        answer = self._client.post("/api/v1/custody/events", content=json.dumps(body), headers=headers)
        assert answer.status_code == 200, answer.text
        found: list[dict[str, Any]] = answer.json()["answers"]
        return list(found)


def _token(connection: Connection, person: Person) -> str:
    now = datetime.now(UTC)
    of_device = update(sessions).where(sessions.c.device_id == person.device_id)
    access = begin_session(connection, person.user_id, now, lasts=REFRESH_FOR, device_id=person.device_id).access
    connection.execute(of_device.values(access_until=now + REFRESH_FOR))
    return access
