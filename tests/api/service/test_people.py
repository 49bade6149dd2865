"""Users and devices: nobody gives away more than they have, a lost phone is out at once."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select, update

from api.auth import passwords
from api.auth.tables import enrolments, users
from tests.api.service.running import OFFICE, OTHER_PROVINCE, PROVINCE, Service


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
