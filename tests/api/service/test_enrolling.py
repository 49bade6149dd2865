"""Who may take in a device, and when a code that was offered opens nothing any more."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from api.auth.tables import users
from api.custody.signing import public_key_text
from tests.api.service.custody_made import KEY, user_id_of
from tests.api.service.running import Service


def _offered(service: Service, login: str) -> str:
    answer = service.ask("POST", f"/api/v1/users/{user_id_of(service, login)}/enrolments")
    assert answer.status_code == 201, answer.text
    return str(answer.json()["code"])


def _enrol(service: Service, code: str) -> int:
    body: dict[str, Any] = {"code": code, "name": "máy", "public_key": public_key_text(KEY.public_key())}
    return service.client.post("/api/v1/devices", json=body).status_code


@pytest.mark.parametrize("login", ["courier", "desk", "dispatcher"])
def test_each_author_of_events_enrols_a_device(service: Service, login: str) -> None:
    code = _offered(service, login)
    assert (_enrol(service, code), _enrol(service, code)) == (201, 409)


@pytest.mark.parametrize(("login", "page"), [("courier", "courier"), ("desk", "desk"), ("dispatcher", "desk")])
def test_a_code_leads_to_the_page_of_its_person(sqlite_service: Service, login: str, page: str) -> None:
    path = f"/api/v1/users/{user_id_of(sqlite_service, login)}/enrolments"
    offered = sqlite_service.ask("POST", path).json()
    assert offered["address"].endswith(f"/{page}#enrol={offered['code']}")


@pytest.mark.parametrize("login", ["planner", "auditor"])
def test_who_is_no_author_of_events_enrols_none(sqlite_service: Service, login: str) -> None:
    path = f"/api/v1/users/{user_id_of(sqlite_service, login)}/enrolments"
    assert sqlite_service.ask("POST", path).status_code == 409


def test_a_code_ends_with_a_new_first_password(service: Service) -> None:
    code = _offered(service, "desk")
    assert service.ask("POST", f"/api/v1/users/{user_id_of(service, 'desk')}/password").status_code == 200
    assert _enrol(service, code) == 409


def test_a_code_ends_with_a_lock_for_good(service: Service) -> None:
    code, path = _offered(service, "desk"), f"/api/v1/users/{user_id_of(service, 'desk')}"
    for disabled in (True, False):
        assert service.ask("PATCH", path, json={"disabled": disabled}).status_code == 200
    assert _enrol(service, code) == 409


def test_whoever_is_disabled_enrols_nothing_with_a_code_that_stands(sqlite_service: Service) -> None:
    """As when another server offered it a moment after the lock."""
    code = _offered(sqlite_service, "desk")
    locked = update(users).where(users.c.login == "desk").values(disabled=True)
    sqlite_service.runtime.writer.write_now(lambda c: c.execute(locked))
    assert _enrol(sqlite_service, code) == 409
