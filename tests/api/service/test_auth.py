"""Getting in and out: tokens, their renewal, limits on attempts."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection, insert, select, update

from api.auth import passwords
from api.auth.limits import FREE_FAILURES, LONGEST_WAIT, OF_AN_ADDRESS, count_failure, require_free
from api.auth.store import Tokens, begin_session, renew_session
from api.auth.tables import attempts, devices, sessions, users
from api.auth.tokens import DEVICE_REFRESH_FOR, GRACE
from api.errors import TooManyError
from tests.api.service.running import PASSWORD, Service

LOGIN = "/api/v1/auth/login"


def test_who_logs_in_is_told_who_they_are(service: Service) -> None:
    me = service.ask("GET", "/api/v1/auth/me", by="desk").json()
    assert (me["role"], me["province_id"], me["offices"]) == ("desk", "89", ["BC-LX"])


def test_nobody_gets_in_without_a_token_or_with_a_wrong_one(service: Service) -> None:
    assert service.ask("GET", "/api/v1/auth/me", by=None).status_code == 401
    wrong = service.client.get("/api/v1/auth/me", headers={"Authorization": "Bearer " + "x" * 43})
    assert wrong.status_code == 401
    assert wrong.json()["error"]["code"] == "unauthenticated"


def test_a_refresh_token_works_once_and_its_reuse_ends_the_session(service: Service) -> None:
    first = service.client.post(LOGIN, json={"login": "planner", "password": PASSWORD}).json()
    renewed = service.client.post("/api/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})
    assert renewed.status_code == 200
    earlier = datetime.now(UTC) - GRACE
    service.runtime.writer.write_now(lambda c: c.execute(update(sessions).values(renewed_at=earlier)))
    stolen = service.client.post("/api/v1/auth/refresh", json={"refresh_token": first["refresh_token"]})
    assert stolen.status_code == 401
    headers = {"Authorization": f"Bearer {renewed.json()['access_token']}"}
    assert service.client.get("/api/v1/auth/me", headers=headers).status_code == 401


def test_a_logged_out_token_is_dead_at_once(service: Service) -> None:
    assert service.ask("POST", "/api/v1/auth/logout", by="auditor").status_code == 204
    assert service.ask("GET", "/api/v1/auth/me", by="auditor").status_code == 401


def test_after_a_few_failures_even_the_right_password_waits(service: Service) -> None:
    for _ in range(FREE_FAILURES):
        assert service.client.post(LOGIN, json={"login": "desk", "password": "sai"}).status_code == 401
    just_now = datetime.now(UTC) + timedelta(minutes=1)  # on a busy machine the first wait, a second, is soon over
    service.runtime.writer.write_now(lambda c: c.execute(update(attempts).values(last_at=just_now)))
    refused = service.client.post(LOGIN, json={"login": "desk", "password": PASSWORD})
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1


def test_a_changed_password_ends_the_old_sessions(service: Service) -> None:
    body = {"old": PASSWORD, "new": "một câu khác hẳn 2026"}
    assert service.ask("PUT", "/api/v1/auth/password", by="planner", json=body).status_code == 204
    assert service.ask("GET", "/api/v1/auth/me", by="planner").status_code == 401
    assert service.client.post(LOGIN, json={"login": "planner", "password": PASSWORD}).status_code == 401
    assert service.client.post(LOGIN, json={"login": "planner", "password": body["new"]}).status_code == 200


def test_a_new_password_is_another_one(sqlite_service: Service) -> None:
    body = {"old": PASSWORD, "new": PASSWORD}
    assert sqlite_service.ask("PUT", "/api/v1/auth/password", by="planner", json=body).status_code == 409


def test_a_password_is_the_same_however_its_accents_are_typed(sqlite_service: Service) -> None:
    apart = unicodedata.normalize("NFD", PASSWORD)
    assert apart != PASSWORD
    assert sqlite_service.client.post(LOGIN, json={"login": "planner", "password": apart}).status_code == 200


def test_a_malformed_log_in_is_not_answered_with_its_password(sqlite_service: Service) -> None:
    refused = sqlite_service.client.post(LOGIN, json={"login": "desk", "password": "S3cret" * 40})
    assert refused.status_code == 422
    assert "body.password" in refused.json()["error"]["message_en"]
    assert "S3cret" not in refused.text


def test_a_login_that_no_database_can_hold_is_refused(service: Service) -> None:
    assert service.client.post(LOGIN, json={"login": "a\0", "password": "x"}).status_code == 422
    assert service.ask("GET", "/api/v1/users?after=%00").status_code == 422


def test_failures_of_one_person_keep_nobody_else_of_the_office_out(sqlite_service: Service) -> None:
    for _ in range(FREE_FAILURES + 1):
        sqlite_service.client.post(LOGIN, json={"login": "desk", "password": "sai"})
    assert sqlite_service.client.post(LOGIN, json={"login": "planner", "password": PASSWORD}).status_code == 200


def test_an_address_waits_too_and_is_forgiven_in_time(sqlite_service: Service) -> None:
    start = datetime(2026, 3, 2, tzinfo=UTC)

    def fail(connection: Connection, at: datetime) -> None:
        count_failure(connection, "from:10.0.0.7", at)

    writer = sqlite_service.runtime.writer
    for _ in range(OF_AN_ADDRESS.free):
        writer.write_now(lambda c: fail(c, start))
    with pytest.raises(TooManyError):
        writer.write_now(lambda c: require_free(c, "from:10.0.0.7", start))
    writer.write_now(lambda c: fail(c, start + 2 * LONGEST_WAIT))
    writer.write_now(lambda c: require_free(c, "from:10.0.0.7", start + 2 * LONGEST_WAIT))


def test_a_password_that_is_reset_while_it_is_checked_lets_nobody_in(
    sqlite_service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = passwords.matches

    def matches(password: str, password_hash: str | None) -> bool:
        right = plain(password, password_hash)
        changed = update(users).where(users.c.login == "planner").values(password_hash="another")
        sqlite_service.runtime.writer.write_now(lambda c: c.execute(changed))
        return right

    monkeypatch.setattr(passwords, "matches", matches)
    assert sqlite_service.client.post(LOGIN, json={"login": "planner", "password": PASSWORD}).status_code == 401


def test_a_device_that_renews_often_stays_in_for_a_month_from_its_last_renewal(sqlite_service: Service) -> None:
    start, writer = datetime(2026, 3, 2, tzinfo=UTC), sqlite_service.runtime.writer

    def enrolled(connection: Connection) -> Tokens:
        user_id = connection.execute(select(users.c.user_id).where(users.c.login == "courier")).scalar_one()
        device = {"device_id": "d", "user_id": user_id, "name": "d", "public_key": "k", "enrolled_at": start}
        connection.execute(insert(devices).values(**device))
        return begin_session(connection, user_id, start, lasts=DEVICE_REFRESH_FOR, device_id="d")

    tokens = writer.write_now(enrolled)
    for day in (10, 20, 30):
        now = start + timedelta(days=day)
        renewed = writer.write_now(partial(renew_session, refresh=tokens.refresh, at=now))
        assert renewed is not None
        assert renewed.refresh_until == now + timedelta(days=30)
        tokens = renewed
