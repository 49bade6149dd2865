"""How sessions and passwords end: the password once more, everybody at once, a first password that nobody used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from api.auth.limits import FREE_FAILURES
from api.auth.store import FIRST_PASSWORD_FOR
from api.auth.tables import sessions, users
from api.db.schema import METADATA
from tests.api.service.phones import Phone, status_of
from tests.api.service.running import OTHER_PROVINCE, PASSWORD, PROVINCE, Service

LOGIN, CONFIRM, OWN, ALL = "/api/v1/auth/login", "/api/v1/auth/confirm", "/api/v1/auth/sessions", "/api/v1/sessions"


def _write(service: Service, statement: Any) -> None:
    service.runtime.writer.write_now(lambda c: c.execute(statement))
    service.runtime.callers.forget()


def _eleven_minutes_pass(service: Service) -> None:
    _write(service, update(sessions).values(confirmed_at=datetime.now(UTC) - timedelta(minutes=11)))


# The password, once more


def test_ending_other_sessions_asks_for_the_password_again(service: Service) -> None:
    other = service.client.post(LOGIN, json={"login": "planner", "password": PASSWORD}).json()
    service.token("planner")
    listed = service.ask("GET", OWN, by="planner").json()["sessions"]
    (their,) = (one["session_id"] for one in listed if not one["this_one"])
    _eleven_minutes_pass(service)
    for path in (OWN, f"{OWN}/{their}"):
        refused = service.ask("DELETE", path, by="planner")
        assert (refused.status_code, refused.json()["error"]["code"]) == (403, "unconfirmed")
    assert status_of(service, other["access_token"]) == 200
    assert service.ask("POST", CONFIRM, by="planner", json={"password": PASSWORD}).status_code == 204
    assert service.ask("DELETE", f"{OWN}/{their}", by="planner").status_code == 204
    assert status_of(service, other["access_token"]) == 401


def test_this_session_ends_without_the_password(service: Service) -> None:
    service.token("planner")
    _eleven_minutes_pass(service)
    (own,) = service.ask("GET", OWN, by="planner").json()["sessions"]
    assert service.ask("DELETE", f"{OWN}/{own['session_id']}", by="planner").status_code == 204


def test_one_session_is_confirmed_and_no_other(sqlite_service: Service) -> None:
    other = sqlite_service.client.post(LOGIN, json={"login": "planner", "password": PASSWORD}).json()
    sqlite_service.token("planner")
    _eleven_minutes_pass(sqlite_service)
    assert sqlite_service.ask("POST", CONFIRM, by="planner", json={"password": PASSWORD}).status_code == 204
    headers = {"Authorization": f"Bearer {other['access_token']}"}
    assert sqlite_service.client.delete(OWN, headers=headers).status_code == 403


def test_a_phone_alone_ends_no_other_session(service: Service) -> None:
    phone = Phone.enrolled(service)
    headers = {"Authorization": f"Bearer {phone.tokens['access_token']}"}
    assert service.client.delete(OWN, headers=headers).status_code == 403


def test_a_wrong_confirmation_counts_as_a_failed_log_in(service: Service) -> None:
    service.token("planner")
    wrong = [service.ask("POST", CONFIRM, by="planner", json={"password": "sai"}) for _ in range(FREE_FAILURES)]
    assert {answer.status_code for answer in wrong} == {401}
    with service.runtime.database.read() as connection:
        attempts = connection.execute(select(METADATA.tables["attempts"].c.failures)).scalar_one()
    assert attempts == FREE_FAILURES


# Everybody at once


@pytest.mark.parametrize(
    ("by", "path", "out"),
    [
        ("local-admin", ALL, {"local-admin", "desk", "planner"}),
        ("admin", f"{ALL}?province={OTHER_PROVINCE}", {"far-dispatcher"}),
        ("admin", ALL, {"admin", "local-admin", "desk", "planner", "far-dispatcher"}),
    ],
    ids=["of the own province", "of a named province", "of all provinces"],
)
def test_everybodys_sessions_end_at_once_within_the_scope(service: Service, by: str, path: str, out: set[str]) -> None:
    logins = ("admin", "local-admin", "desk", "planner", "far-dispatcher")
    tokens = {login: service.token(login) for login in logins}
    assert service.ask("DELETE", path, by=by).json() == {"ended": len(out)}
    assert {login for login in logins if status_of(service, tokens[login]) == 401} == out
    service.tokens.clear()
    looks = service.ask("GET", "/api/v1/looks", params={"before": 2**53}).json()["looks"]
    assert "all_sessions_ended" in {look["action"] for look in looks}


def test_nobody_ends_sessions_of_another_province_or_without_the_password(service: Service) -> None:
    assert service.ask("DELETE", f"{ALL}?province={OTHER_PROVINCE}", by="local-admin").status_code == 404
    _eleven_minutes_pass(service)
    refused = service.ask("DELETE", f"{ALL}?province={PROVINCE}", by="local-admin")
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "unconfirmed")


def test_a_phone_whose_sessions_ended_with_everybodys_gets_in_again_by_its_key(service: Service) -> None:
    phone = Phone.enrolled(service)
    assert service.ask("DELETE", ALL, by="local-admin").status_code == 200
    assert phone.refresh() == 401
    assert phone.renew().status_code == 200


# First passwords


@pytest.mark.slow
def test_a_first_password_that_nobody_used_ends(service: Service) -> None:
    body = {"login": "mai", "name": "Mai", "role": "planner", "province_id": PROVINCE}
    made = service.ask("POST", "/api/v1/users", json=body).json()
    first = {"login": "mai", "password": made["password"]}
    of_mai = users.c.login == "mai"
    with service.runtime.database.read() as connection:
        row = connection.execute(select(users.c.created_at, users.c.password_until).where(of_mai)).one()
    assert row.password_until - row.created_at == FIRST_PASSWORD_FOR == timedelta(days=7)
    _write(service, update(users).where(of_mai).values(password_until=datetime.now(UTC)))
    late = service.client.post(LOGIN, json=first)
    assert late.status_code == 401
    assert "too old" in late.json()["error"]["message_en"]
    wrong = service.client.post(LOGIN, json=first | {"password": "sai"})
    assert "too old" not in wrong.json()["error"]["message_en"]
    again = service.ask("POST", f"/api/v1/users/{made['user_id']}/password").json()
    anew = service.client.post(LOGIN, json=first | {"password": again["password"]})
    assert anew.status_code == 200


def test_a_password_that_its_owner_chose_does_not_end(service: Service) -> None:
    body = {"login": "mai", "name": "Mai", "role": "planner", "province_id": PROVINCE}
    made = service.ask("POST", "/api/v1/users", json=body).json()
    access = service.client.post(LOGIN, json={"login": "mai", "password": made["password"]}).json()["access_token"]
    headers = {"Authorization": f"Bearer {access}"}
    change = {"old": made["password"], "new": "một câu khác hẳn 2026"}
    assert service.client.put("/api/v1/auth/password", headers=headers, json=change).status_code == 204
    with service.runtime.database.read() as connection:
        assert connection.execute(select(users.c.password_until).where(users.c.login == "mai")).scalar_one() is None


# What was typed


def test_a_password_in_the_line_of_the_name_is_kept_nowhere(service: Service) -> None:
    typed = "bí mật của chị Lan 88"
    assert service.client.post(LOGIN, json={"login": typed, "password": "x"}).status_code == 401
    assert service.client.post(LOGIN, json={"login": "desk", "password": "sai"}).status_code == 401
    with service.runtime.database.read() as connection:
        everything = repr([connection.execute(select(table)).all() for table in METADATA.sorted_tables])
    assert typed not in everything
    looks = service.ask("GET", "/api/v1/looks").json()["looks"]
    assert [look["subject"] for look in looks if look["action"] == "login_failed"] == ["desk", "unknown"]
