"""Users and devices: nobody gives away more than they have, a lost phone is out at once."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select, update

from api.auth import passwords
from api.auth.roles import Role, Scope
from api.auth.store import User, add_user
from api.auth.tables import enrolments, users
from api.ids import new_id
from tests.api.service.running import OFFICE, OTHER_OFFICE, OTHER_PROVINCE, PASSWORD, PROVINCE, Service


def _user_id(service: Service, login: str) -> str:
    with service.runtime.database.read() as connection:
        return str(connection.execute(select(users.c.user_id).where(users.c.login == login)).scalar_one())


def _public_key() -> str:
    point = (
        ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    )
    return base64.urlsafe_b64encode(point).decode().rstrip("=")


def _enrolled(service: Service, login: str = "courier") -> dict[str, object]:
    offered = service.ask("POST", f"/api/v1/users/{_user_id(service, login)}/enrolments", by="dispatcher")
    assert offered.status_code == 201, offered.text
    body = {"code": offered.json()["code"], "name": "Điện thoại", "public_key": _public_key()}
    taken = service.client.post("/api/v1/devices", json=body)
    assert taken.status_code == 201, taken.text
    return {"code": offered.json()["code"], **taken.json()}


def test_a_local_administrator_sees_and_makes_nobody_outside_the_province(service: Service) -> None:
    far = _user_id(service, "far-dispatcher")
    assert service.ask("GET", f"/api/v1/users/{far}", by="local-admin").status_code == 404
    assert service.ask("PATCH", f"/api/v1/users/{far}", by="local-admin", json={"name": "x"}).status_code == 404
    listed = service.ask("GET", "/api/v1/users", by="local-admin").json()["users"]
    assert {user["province_id"] for user in listed} == {PROVINCE}
    body = {"login": "moi", "name": "Mới", "role": "planner", "province_id": OTHER_PROVINCE}
    assert service.ask("POST", "/api/v1/users", by="local-admin", json=body).status_code == 403
    everywhere = {"login": "moi", "name": "Mới", "role": "admin"}
    assert service.ask("POST", "/api/v1/users", by="local-admin", json=everywhere).status_code == 403


@pytest.mark.slow
def test_an_office_lists_only_whom_it_may_manage(service: Service) -> None:
    device = _enrolled(service)["device_id"]
    shown = {}
    for login in ("dispatcher", "head-dispatcher", "other-dispatcher", "far-dispatcher"):
        devices = service.ask("GET", "/api/v1/devices", by=login).json()["devices"]
        shown[login] = [one["device_id"] for one in devices]
    assert shown == {"dispatcher": [device], "head-dispatcher": [device], "other-dispatcher": [], "far-dispatcher": []}

    body = {"login": "truong", "name": "Trưởng", "role": "admin", "province_id": PROVINCE, "offices": [OFFICE]}
    made = service.ask("POST", "/api/v1/users", json=body).json()
    both = {"login": "hai", "name": "Hai", "role": "desk", "province_id": PROVINCE, "offices": [OFFICE, OTHER_OFFICE]}
    assert service.ask("POST", "/api/v1/users", json=both).status_code == 201
    assert service.client.put("/api/v1/auth/password", **_first_login(service, made["password"])).status_code == 204
    listed = service.ask("GET", "/api/v1/users", by="truong").json()["users"]
    # Not whoever works in all of the province, or in another office besides: `GET /users/{user_id}` is 404 for them.
    assert [user["login"] for user in listed] == ["courier", "desk", "dispatcher", "truong"]


def _first_login(service: Service, password: str) -> dict[str, Any]:
    answer = service.client.post("/api/v1/auth/login", json={"login": "truong", "password": password}).json()
    headers = {"Authorization": f"Bearer {answer['access_token']}"}
    return {"headers": headers, "json": {"old": password, "new": PASSWORD}}


def test_a_login_is_given_once(service: Service) -> None:
    body = {"login": "moi", "name": "Mới", "role": "planner", "province_id": PROVINCE}
    assert service.ask("POST", "/api/v1/users", json=body).status_code == 201
    again = service.ask("POST", "/api/v1/users", json=body)
    assert (again.status_code, again.json()["error"]["code"]) == (409, "exists")


def test_a_courier_without_a_courier_id_is_refused_in_words(service: Service) -> None:
    body = {"login": "moi", "name": "Mới", "role": "courier", "province_id": PROVINCE}
    assert service.ask("POST", "/api/v1/users", json=body).json()["error"]["code"] == "refused"


def test_new_offices_end_the_sessions_of_before(service: Service) -> None:
    assert service.ask("GET", "/api/v1/auth/me", by="planner").status_code == 200
    path = f"/api/v1/users/{_user_id(service, 'planner')}"
    assert service.ask("PATCH", path, json={"offices": [OFFICE]}).json()["offices"] == [OFFICE]
    assert service.ask("GET", "/api/v1/auth/me", by="planner").status_code == 401


def test_a_code_takes_in_one_device_and_only_in_time(service: Service) -> None:
    enrolled = _enrolled(service)
    again = {"code": enrolled["code"], "name": "Kẻ lạ", "public_key": _public_key()}
    assert service.client.post("/api/v1/devices", json=again).status_code == 409
    offered = service.ask("POST", f"/api/v1/users/{_user_id(service, 'courier')}/enrolments").json()
    assert datetime.fromisoformat(offered["until"]) - datetime.now(UTC) <= timedelta(minutes=10)
    old = datetime.now(UTC) - timedelta(minutes=1)
    service.runtime.writer.write_now(lambda c: c.execute(update(enrolments).values(expires_at=old)))
    late = {"code": offered["code"], "name": "Muộn", "public_key": _public_key()}
    assert service.client.post("/api/v1/devices", json=late).status_code == 409


def test_a_revoked_device_is_out_at_once_and_cannot_renew(service: Service) -> None:
    enrolled = _enrolled(service)
    tokens = enrolled["tokens"]
    assert isinstance(tokens, dict)
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    me = service.client.get("/api/v1/auth/me", headers=headers).json()
    assert me["device_id"] == enrolled["device_id"]
    assert service.ask("DELETE", f"/api/v1/devices/{enrolled['device_id']}", by="dispatcher").status_code == 204
    assert service.client.get("/api/v1/auth/me", headers=headers).status_code == 401
    renewal = {"refresh_token": tokens["refresh_token"]}
    assert service.client.post("/api/v1/auth/refresh", json=renewal).status_code == 401


def test_another_office_cannot_revoke_the_device(service: Service) -> None:
    device = _enrolled(service)["device_id"]
    for login in ("other-dispatcher", "far-dispatcher"):
        assert service.ask("DELETE", f"/api/v1/devices/{device}", by=login).status_code == 404


# People of some offices


def _office_admin(service: Service) -> None:
    scope = Scope(PROVINCE, frozenset({OFFICE}))
    password_hash = passwords.hashed(PASSWORD, login="office-admin")
    user = User(
        new_id(), "office-admin", "x", Role.ADMIN, scope, None, password_hash, must_change=False, disabled=False
    )
    service.runtime.writer.write_now(lambda c: add_user(c, user, datetime.now(UTC)))


def test_an_administrator_of_an_office_sees_its_people_only(service: Service) -> None:
    _office_admin(service)
    listed = service.ask("GET", "/api/v1/users", by="office-admin").json()["users"]
    assert [user["login"] for user in listed] == ["courier", "desk", "dispatcher", "office-admin"]
    first = service.ask("GET", "/api/v1/users?limit=2", by="office-admin").json()
    assert [user["login"] for user in first["users"]] == ["courier", "desk"]
    assert first["next_after"] == "desk"


def test_whoever_works_in_one_office_more_is_not_theirs(service: Service) -> None:
    _office_admin(service)
    desk = f"/api/v1/users/{_user_id(service, 'desk')}"
    assert service.ask("PATCH", desk, json={"offices": [OFFICE, OTHER_OFFICE]}).status_code == 200
    listed = service.ask("GET", "/api/v1/users", by="office-admin").json()["users"]
    assert "desk" not in {user["login"] for user in listed}
    assert service.ask("GET", desk, by="office-admin").status_code == 404


@pytest.mark.slow
@pytest.mark.parametrize("by", ["office-admin", "dispatcher", "local-admin", "other-dispatcher", "far-dispatcher"])
def test_devices_are_listed_as_their_people_are_managed(service: Service, by: str) -> None:
    _office_admin(service)
    other = f"/api/v1/users/{_user_id(service, 'desk')}"
    made = {login: str(_enrolled(service, login)["device_id"]) for login in ("courier", "desk")}
    assert service.ask("PATCH", other, json={"offices": [OTHER_OFFICE]}).status_code == 200
    seen = {
        "office-admin": {made["courier"]},
        "dispatcher": {made["courier"]},
        "local-admin": {made["courier"], made["desk"]},
        "other-dispatcher": {made["desk"]},
        "far-dispatcher": set(),
    }
    listed = service.ask("GET", "/api/v1/devices", by=by).json()["devices"]
    assert {device["device_id"] for device in listed} == seen[by]


@pytest.mark.slow
def test_looks_are_those_by_or_about_the_people_of_the_offices(service: Service) -> None:
    _office_admin(service)
    device = _enrolled(service)["device_id"]
    for login in ("desk", "planner", "other-dispatcher"):
        service.token(login)
        service.client.post("/api/v1/auth/login", json={"login": login, "password": "sai"})
    seen = service.ask("GET", "/api/v1/looks", by="office-admin").json()["looks"]
    about = {(look["action"], look["subject"]) for look in seen}
    assert {("login_failed", "desk"), ("login", _user_id(service, "desk")), ("device_enrolled", device)} <= about
    assert not {look["subject"] for look in seen} & {"planner", "other-dispatcher", _user_id(service, "planner")}
    everything = service.ask("GET", "/api/v1/looks", by="local-admin").json()["looks"]
    assert ("login_failed", "planner") in {(look["action"], look["subject"]) for look in everything}


def test_an_administrator_of_an_office_ends_the_sessions_of_its_people_only(service: Service) -> None:
    _office_admin(service)
    for login in ("desk", "courier", "planner", "other-dispatcher", "local-admin", "office-admin"):
        service.token(login)
    assert service.ask("DELETE", "/api/v1/sessions", by="office-admin").json() == {"ended": 3}
    for login in ("planner", "other-dispatcher", "local-admin"):
        assert service.ask("GET", "/api/v1/auth/me", by=login).status_code == 200
    for login in ("desk", "courier", "office-admin"):
        assert service.ask("GET", "/api/v1/auth/me", by=login).status_code == 401


def test_every_change_of_who_may_do_what_is_written_down(service: Service) -> None:
    _enrolled(service)
    looks = service.ask("GET", "/api/v1/looks", by="auditor").json()["looks"]
    assert {"login", "enrolment_offered", "device_enrolled"} <= {look["action"] for look in looks}
    assert [look["look_id"] for look in looks] == sorted((look["look_id"] for look in looks), reverse=True)


def test_a_key_that_could_verify_nothing_is_not_enrolled(sqlite_service: Service) -> None:
    offered = sqlite_service.ask("POST", f"/api/v1/users/{_user_id(sqlite_service, 'courier')}/enrolments").json()
    body = {"code": offered["code"], "name": "Điện thoại", "public_key": "A" * 87}
    assert sqlite_service.client.post("/api/v1/devices", json=body).status_code == 422
    assert sqlite_service.client.post("/api/v1/devices", json=body | {"public_key": _public_key()}).status_code == 201


def test_a_short_login_gets_a_first_password_every_time(
    sqlite_service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(passwords, "made_up", lambda: "ancd-efgh-jkmn-pqrs")
    body = {"login": "an", "name": "An", "role": "planner", "province_id": PROVINCE}
    assert sqlite_service.ask("POST", "/api/v1/users", json=body).status_code == 201


def test_offices_of_no_province_are_handed_to_nobody(sqlite_service: Service) -> None:
    body = {"login": "moi", "name": "Mới", "role": "admin", "offices": [OFFICE]}
    assert sqlite_service.ask("POST", "/api/v1/users", json=body).status_code == 409
    admin = f"/api/v1/users/{_user_id(sqlite_service, 'admin')}"
    assert sqlite_service.ask("PATCH", admin, json={"offices": [OFFICE]}).status_code == 409


def test_nobody_locks_themselves_out(sqlite_service: Service) -> None:
    admin = f"/api/v1/users/{_user_id(sqlite_service, 'admin')}"
    assert sqlite_service.ask("PATCH", admin, json={"disabled": True}).status_code == 409
    assert sqlite_service.ask("GET", admin).json()["disabled"] is False


def test_a_change_that_changes_nothing_leaves_a_phone_logged_in(sqlite_service: Service) -> None:
    tokens = _enrolled(sqlite_service)["tokens"]
    assert isinstance(tokens, dict)
    path = f"/api/v1/users/{_user_id(sqlite_service, 'courier')}"
    assert sqlite_service.ask("PATCH", path, json={"disabled": False, "offices": [OFFICE]}).status_code == 200
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    assert sqlite_service.client.get("/api/v1/auth/me", headers=headers).status_code == 200


def test_whoever_is_disabled_enrols_nothing(sqlite_service: Service) -> None:
    path = f"/api/v1/users/{_user_id(sqlite_service, 'courier')}"
    assert sqlite_service.ask("PATCH", path, json={"disabled": True}).status_code == 200
    assert sqlite_service.ask("POST", f"{path}/enrolments").status_code == 409
