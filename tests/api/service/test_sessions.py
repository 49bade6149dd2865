"""Sessions: how long they last, who ends them, what a page's cookie is, and whose address an attempt comes from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Connection, insert, select

from api.auth.limits import OF_AN_ADDRESS, OF_ONE, count_failure, of_login, require_free
from api.auth.store import begin_session, renew_session
from api.auth.tables import attempts, devices, users
from api.auth.tokens import DEVICE_MOST, DEVICE_REFRESH_FOR, IDLE_FOR, REFRESH_FOR
from api.errors import TooManyError, UnknownCallerError
from tests.api.service.running import PASSWORD, Service

LOGIN = "/api/v1/auth/login"
REFRESH = "/api/v1/auth/refresh"
AT = datetime(2026, 7, 1, 6, 30, tzinfo=UTC)


def _user_id(connection: Connection, login: str) -> str:
    return str(connection.execute(select(users.c.user_id).where(users.c.login == login)).scalar_one())


def test_a_desk_that_keeps_working_is_out_after_its_day(service: Service) -> None:
    def work(connection: Connection) -> timedelta:
        tokens = begin_session(connection, _user_id(connection, "desk"), AT, lasts=IDLE_FOR)
        for _ in range(20):
            at = tokens.refresh_until - timedelta(minutes=1)
            renewed = renew_session(connection, tokens.refresh, at)
            assert renewed is not None
            tokens = renewed
        return tokens.refresh_until - AT

    assert service.runtime.writer.write_now(work) == REFRESH_FOR


def test_a_desk_that_stops_is_out_after_two_hours(service: Service) -> None:
    def work(connection: Connection) -> None:
        tokens = begin_session(connection, _user_id(connection, "desk"), AT, lasts=IDLE_FOR)
        renew_session(connection, tokens.refresh, AT + timedelta(hours=2))

    with pytest.raises(UnknownCallerError):
        service.runtime.writer.write_now(work)


def test_a_device_lasts_a_month_from_each_renewal_and_a_year_in_all(service: Service) -> None:
    def work(connection: Connection) -> list[timedelta]:
        user_id = _user_id(connection, "courier")
        facts = {"device_id": "d", "user_id": user_id, "name": "x", "public_key": "k"}
        connection.execute(insert(devices).values(enrolled_at=AT, **facts))
        tokens = begin_session(connection, user_id, AT, lasts=DEVICE_REFRESH_FOR, device_id="d")
        lasts = []
        for day in range(20, 361, 20):
            renewed = renew_session(connection, tokens.refresh, AT + timedelta(days=day))
            assert renewed is not None
            tokens = renewed
            lasts.append(tokens.refresh_until - AT - timedelta(days=day))
        return lasts

    lasts = service.runtime.writer.write_now(work)
    assert lasts[:16] == [timedelta(days=30)] * 16
    assert lasts[-1] == DEVICE_MOST - timedelta(days=360)


def test_a_person_sees_and_ends_their_own_sessions_only(service: Service) -> None:
    first = service.client.post(LOGIN, json={"login": "planner", "password": PASSWORD}).json()
    listed = service.ask("GET", "/api/v1/auth/sessions", by="planner").json()["sessions"]
    assert [one["this_one"] for one in listed] == [True, False]
    foreign = service.ask("DELETE", f"/api/v1/auth/sessions/{listed[1]['session_id']}", by="desk")
    assert foreign.status_code == 404
    ended = service.ask("DELETE", f"/api/v1/auth/sessions/{listed[1]['session_id']}", by="planner")
    assert ended.status_code == 204
    headers = {"Authorization": f"Bearer {first['access_token']}"}
    assert service.client.get("/api/v1/auth/me", headers=headers).status_code == 401
    assert service.ask("GET", "/api/v1/auth/me", by="planner").status_code == 200
    assert service.ask("DELETE", "/api/v1/auth/sessions", by="planner").json() == {"ended": 1}
    assert service.ask("GET", "/api/v1/auth/me", by="planner").status_code == 401


def test_an_administrator_ends_the_sessions_of_a_person_in_scope(service: Service) -> None:
    with service.runtime.database.read() as connection:
        desk, far = (_user_id(connection, login) for login in ("desk", "far-dispatcher"))
    assert service.ask("GET", "/api/v1/auth/me", by="desk").status_code == 200
    assert service.ask("DELETE", f"/api/v1/users/{far}/sessions", by="local-admin").status_code == 404
    assert service.ask("DELETE", f"/api/v1/users/{desk}/sessions", by="local-admin").json() == {"ended": 1}
    assert service.ask("GET", "/api/v1/auth/me", by="desk").status_code == 401


def test_a_disabled_person_is_out_at_once(service: Service) -> None:
    with service.runtime.database.read() as connection:
        desk = _user_id(connection, "desk")
    assert service.ask("GET", "/api/v1/auth/me", by="desk").status_code == 200
    assert service.ask("PATCH", f"/api/v1/users/{desk}", json={"disabled": True}).status_code == 200
    assert service.ask("GET", "/api/v1/auth/me", by="desk").status_code == 401
    again = service.client.post(LOGIN, json={"login": "desk", "password": PASSWORD})
    wrong = service.client.post(LOGIN, json={"login": "desk", "password": "sai"})
    assert (again.status_code, again.text) == (401, wrong.text)


# Cookies


def _by_cookie(service: Service, **headers: str) -> Response:
    return service.client.post(REFRESH, json={}, headers=headers)


def test_a_page_gets_its_refresh_token_only_as_a_cookie(sqlite_service: Service) -> None:
    answer = sqlite_service.client.post(LOGIN, json={"login": "desk", "password": PASSWORD, "cookie": True})
    assert answer.json()["refresh_token"] is None
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    renewed = _by_cookie(sqlite_service, Origin="http://localhost")
    assert renewed.status_code == 200
    assert renewed.json()["refresh_token"] is None
    assert _by_cookie(sqlite_service, Origin="http://localhost").status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "http://localhost.evil.example", "null", "http://[", ""])
def test_a_cookie_from_another_origin_renews_nothing(sqlite_service: Service, origin: str) -> None:
    sqlite_service.client.post(LOGIN, json={"login": "desk", "password": PASSWORD, "cookie": True})
    assert _by_cookie(sqlite_service, Origin=origin).status_code == 401
    assert _by_cookie(sqlite_service).status_code == 401
    assert _by_cookie(sqlite_service, Origin="http://localhost").status_code == 200


def test_logging_out_drops_the_cookie(sqlite_service: Service) -> None:
    page = sqlite_service.client.post(LOGIN, json={"login": "desk", "password": PASSWORD, "cookie": True}).json()
    headers = {"Authorization": f"Bearer {page['access_token']}"}
    assert "Max-Age=0" in sqlite_service.client.post("/api/v1/auth/logout", headers=headers).headers["Set-Cookie"]
    assert _by_cookie(sqlite_service, Origin="http://localhost").status_code == 401


def test_over_https_the_cookie_is_bound_to_the_host_and_the_browser_told_to_stay(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'service.db'}"
    with Service.opened(url, tmp_path, public_url="https://post.example") as opened:
        answer = opened.client.post(LOGIN, json={"login": "desk", "password": PASSWORD, "cookie": True})
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("__Host-duongthu=")
        assert "Secure" in cookie
        assert "Path=/;" in cookie
        assert "Domain" not in cookie
        for path in ("/", "/api/v1/auth/me", "/healthz"):
            assert opened.client.get(path).headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


# Headers


def test_no_cache_keeps_an_answer_of_the_api_and_every_answer_has_its_headers(sqlite_service: Service) -> None:
    own = [
        sqlite_service.ask("GET", "/api/v1/auth/me"),
        sqlite_service.ask("GET", "/api/v1/nothing"),
        sqlite_service.client.post(LOGIN, json={"login": "desk", "password": PASSWORD}),
        sqlite_service.client.post(LOGIN, headers={"Content-Length": "99999999999"}, content=b"x"),
        sqlite_service.client.get("/api/v1/auth/me", headers={"Host": "evil.example"}),
    ]
    for answer in own:
        assert answer.headers["Cache-Control"] == "no-store", answer.url
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert "Strict-Transport-Security" not in answer.headers


def test_an_unforeseen_error_is_logged_with_its_request_and_has_the_headers(
    sqlite_service: Service, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("a secret of the program")

    sqlite_service.token("desk")
    caplog.set_level("INFO")
    monkeypatch.setattr("api.auth.session_endpoints.list_sessions", broken)
    answer = sqlite_service.ask("GET", "/api/v1/auth/sessions", by="desk")
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
    assert "secret" not in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    (failed,) = [record for record in caplog.records if record.getMessage() == "a request failed"]
    (asked,) = [
        record for record in caplog.records if record.name == "api.requests" and "sessions" in record.getMessage()
    ]
    assert vars(failed)["request_id"] == vars(asked)["request_id"] == answer.headers["X-Request-Id"]
    assert vars(asked)["status"] == 500


def test_a_failure_has_every_header_that_a_success_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError

    url, ours, theirs = f"sqlite:///{tmp_path / 'a.db'}", "https://localhost", ("https://other.example",)
    with Service.opened(url, tmp_path, allowed_origins=theirs, public_url=ours) as opened:
        from_other = {"Origin": "https://other.example"}
        good = opened.ask("GET", "/api/v1/auth/sessions", by="desk", headers=from_other)
        monkeypatch.setattr("api.auth.session_endpoints.list_sessions", broken)
        bad = opened.ask("GET", "/api/v1/auth/sessions", by="desk", headers=from_other)
    assert (good.status_code, bad.status_code) == (200, 500)
    assert set(bad.headers) == set(good.headers)
    assert "strict-transport-security" in bad.headers
    assert "access-control-allow-origin" in bad.headers


# Attempts by address


def test_an_address_may_fail_more_often_than_a_person_and_is_forgiven_sooner(service: Service) -> None:
    def fail(subject: str, times: int, at: datetime) -> None:
        def work(connection: Connection) -> None:
            for _ in range(times):
                count_failure(connection, subject, at)
            require_free(connection, subject, at)

        service.runtime.writer.write_now(work)

    fail("from:10.0.0.7", OF_AN_ADDRESS.free - 1, AT)
    with pytest.raises(TooManyError):
        fail("from:10.0.0.7", OF_AN_ADDRESS.free, AT)
    fail(of_login("lan"), OF_ONE.free - 1, AT)
    with pytest.raises(TooManyError):
        fail(of_login("lan"), OF_ONE.free, AT)
    fail("from:10.0.0.8", OF_AN_ADDRESS.free - 1, AT)
    fail("from:10.0.0.8", OF_AN_ADDRESS.free - 1, AT + timedelta(minutes=16))


@pytest.mark.parametrize(
    ("proxy", "forwarded", "counted"),
    [
        ("127.0.0.1", "203.0.113.5", "from:203.0.113.5"),
        ("127.0.0.1", "198.51.100.9, 203.0.113.5", "from:203.0.113.5"),
        ("203.0.113.77", "198.51.100.9", "from:203.0.113.77"),
    ],
    ids=["behind a trusted proxy", "with an invented hop before it", "straight, with an invented header"],
)
def test_only_trusted_proxies_say_whose_address_it_is(
    sqlite_service: Service, proxy: str, forwarded: str, counted: str
) -> None:
    client = TestClient(sqlite_service.app, base_url="http://localhost", client=(proxy, 5000))
    body = {"login": "nobody", "password": "sai"}
    assert client.post(LOGIN, json=body, headers={"X-Forwarded-For": forwarded}).status_code == 401
    with sqlite_service.runtime.database.read() as connection:
        assert set(connection.scalars(select(attempts.c.subject))) == {of_login("nobody"), counted}
