"""A revoked phone at its next contact: it is told to wipe itself, and nothing that it had to tell is lost."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from api.auth.tables import devices
from api.auth.tokens import DEVICE_MOST
from api.custody.answers import ON_ITS_WAY
from tests.api.custody.test_evidence_rules import COMPLETE
from tests.api.service.custody_made import add_shipments, batch, jpeg, made, verdicts
from tests.api.service.phones import RENEW, Phone, status_of
from tests.api.service.running import Service

HAND_IN = {("post", f"/api/v1/{path}") for path in ("custody/events", "custody/proofs", "evidence", "shipments")}


def lost(service: Service) -> Phone:
    """A courier's phone that is revoked."""
    phone = Phone.enrolled(service)
    assert service.ask("DELETE", f"/api/v1/devices/{phone.device_id}", by="dispatcher").status_code == 204
    return phone


def disable(service: Service, phone: Phone) -> None:
    """The person whose phone it is may do nothing any more."""
    known = service.ask("GET", "/api/v1/devices", by="admin").json()["devices"]
    (who,) = (one["user_id"] for one in known if one["device_id"] == phone.device_id)
    assert service.ask("PATCH", f"/api/v1/users/{who}", json={"disabled": True}).status_code == 200


def later() -> str:
    """A moment that comes after a revocation of now, whatever a request took on its way."""
    return (datetime.now(UTC) + ON_ITS_WAY + timedelta(seconds=1)).isoformat()


def bearer(phone: Phone) -> dict[str, str]:
    return {"Authorization": f"Bearer {phone.tokens['access_token']}"}


def hands_in(phone: Phone, *events: dict[str, Any]) -> list[tuple[str, list[str]]]:
    answer = phone.service.client.post("/api/v1/custody/events", headers=bearer(phone), json=batch(*events))
    assert answer.status_code == 200, answer.text
    return verdicts(answer.json()["answers"])


def test_it_is_out_at_once_and_told_to_wipe_itself_once_it_shows_its_key(service: Service) -> None:
    phone = lost(service)
    assert (status_of(service, phone.tokens["access_token"]), phone.refresh()) == (401, 401)
    renewed = phone.renew()
    assert (renewed.status_code, renewed.json()["must_wipe"]) == (200, True)
    phone.tokens = renewed.json()
    answer = service.client.get("/api/v1/auth/me", headers=bearer(phone))
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "device_revoked")
    assert phone.refresh() == 401


@pytest.mark.slow
@pytest.mark.parametrize("is_disabled", [False, True], ids=("lost", "and-disabled"))
def test_nothing_else_is_open_to_it(sqlite_service: Service, *, is_disabled: bool) -> None:
    """Every operation of the service that needs somebody, by the code alone: no line of a table is forgotten."""
    phone = lost(sqlite_service)
    if is_disabled:
        disable(sqlite_service, phone)
    phone.tokens = phone.renew().json()
    told: Counter[str] = Counter()
    for path, operations in sqlite_service.app.openapi()["paths"].items():
        for method, operation in operations.items():
            if "security" in operation and (method, path) not in HAND_IN:
                there = path.replace("{", "").replace("}", "")
                answer = sqlite_service.client.request(method, there, headers=bearer(phone))
                told[f"{answer.status_code} {answer.json()['error']['code']}"] += 1
    assert told.keys() == {"403 device_revoked"}
    assert told.total() > 50


@pytest.mark.parametrize("is_disabled", [False, True], ids=("lost", "and-disabled"))
def test_what_it_made_before_is_taken_and_what_after_is_kept_and_shown(service: Service, *, is_disabled: bool) -> None:
    """Papers moved, whoever may do nothing any more: a dispatcher confirms it."""
    service.runtime.writer.write_now(lambda connection: add_shipments(connection, "S1", "S2"))
    phone = Phone.enrolled(service)
    own: dict[str, Any] = {"device_id": phone.device_id, "key": phone.key, "data": COMPLETE["OUT"]}
    before = made("OUT", 1, **own)
    assert service.ask("DELETE", f"/api/v1/devices/{phone.device_id}", by="dispatcher").status_code == 204
    if is_disabled:
        disable(service, phone)
    after = made("OUT", 2, code="S2", at=later(), **own)
    phone.tokens = phone.renew().json()
    picture = jpeg(b"ky")
    photo = service.client.post("/api/v1/evidence", headers=bearer(phone), content=picture)
    assert photo.status_code == 200, photo.text
    (taken, refused) = hands_in(phone, before, after)
    assert taken[0] == "incomplete"
    assert "before_revocation" in taken[1]
    assert refused == ("refused", ["device_revoked"])
    queue = service.ask("GET", "/api/v1/custody/incomplete", by="dispatcher").json()["events"]
    assert [one["event_id"] for one in queue] == [before["event_id"]]
    (kept,) = service.ask("GET", "/api/v1/custody/refused", by="dispatcher").json()["events"]
    assert (kept["device_id"], kept["pieces"][0]["code"]) == (phone.device_id, "device_revoked")
    assert hands_in(phone, before) == [("duplicate", taken[1])]


def test_the_phone_of_a_person_who_was_disabled_is_told_to_wipe_itself(service: Service) -> None:
    phone = lost(service)
    disable(service, phone)
    for _ in range(2):  # an answer that was lost is given again
        told = phone.renew()
        assert (told.status_code, told.json()["must_wipe"]) == (200, True)
    phone.tokens = told.json()
    assert phone.refresh() == 401
    looks = service.ask("GET", "/api/v1/looks", params={"subject": phone.device_id}).json()["looks"]
    assert [look["action"] for look in looks][:2] == ["revoked_device_told"] * 2
    used = phone.answer(phone.challenge())
    assert service.client.post(RENEW, json=used).status_code == 200
    assert service.client.post(RENEW, json=used).status_code == 401
    thief = Phone(service, Phone.enrolled(service, "desk").key, phone.device_id)
    assert thief.renew().status_code == 401


def test_the_phone_of_a_disabled_person_that_nobody_revoked_gets_no_session(service: Service) -> None:
    """It keeps what it has: its person may be let in again, or somebody revokes it."""
    phone = Phone.enrolled(service)
    disable(service, phone)
    assert (phone.refresh(), phone.renew().status_code) == (401, 401)


@pytest.mark.slow
def test_a_phone_that_was_enrolled_long_ago_is_told_and_hands_in_what_it_has(service: Service) -> None:
    service.runtime.writer.write_now(lambda connection: add_shipments(connection, "S1"))
    phone = Phone.enrolled(service)
    before = made("OUT", 1, device_id=phone.device_id, key=phone.key, data=COMPLETE["OUT"])
    assert service.ask("DELETE", f"/api/v1/devices/{phone.device_id}", by="dispatcher").status_code == 204
    old = update(devices).values(enrolled_at=datetime.now(UTC) - DEVICE_MOST - timedelta(days=1))
    service.runtime.writer.write_now(lambda connection: connection.execute(old))
    renewed = phone.renew()
    assert (renewed.status_code, renewed.json()["must_wipe"]) == (200, True)
    phone.tokens = renewed.json()
    ((verdict, pieces),) = hands_in(phone, before)
    assert (verdict, "before_revocation" in pieces) == ("incomplete", True)
