"""A database that goes away while it commits, takes no writes, or is asked what it cannot store."""

from __future__ import annotations

import sqlite3
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import PoolProxiedConnection, select, text

from api.app import SERVICE_ROUTERS
from api.auth.tables import provinces
from api.service.describing import routes_of
from tests.api.service.running import Service

NEW = {"province_id": "01", "name": "Hà Nội"}


def lose_the_answer(service: Service, monkeypatch: pytest.MonkeyPatch, *, commit: bool) -> None:
    """Let the connection die in the next commit: after it stands, or before."""
    engine = service.runtime.database.writer
    true = engine.dialect.do_commit

    def lost(connection: PoolProxiedConnection) -> None:
        if commit:
            true(connection)
        if service.runtime.database.is_sqlite:
            failed = sqlite3.OperationalError("disk I/O error")
            failed.sqlite_errorcode = sqlite3.SQLITE_IOERR_FSYNC
            raise failed
        _end_by_another(service, connection)
        true(connection)
        connection.cursor().execute("SELECT 1")

    monkeypatch.setattr(engine.dialect, "do_commit", lost)


def _end_by_another(service: Service, connection: Any) -> None:
    with service.runtime.database.read() as other:
        other.execute(
            text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": connection.dbapi_connection.info.backend_pid}
        )


def _is_there(service: Service) -> bool:
    with service.runtime.database.read() as connection:
        return connection.scalar(select(provinces.c.name).where(provinces.c.province_id == "01")) is not None


@pytest.mark.parametrize("commit", [True, False], ids=["after", "before"])
def test_a_connection_lost_in_a_commit_claims_nothing(
    service: Service, monkeypatch: pytest.MonkeyPatch, commit: bool
) -> None:
    service.token("admin")
    with monkeypatch.context() as patched:
        lose_the_answer(service, patched, commit=commit)
        answer = service.ask("POST", "/api/v1/provinces", json=NEW)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "undecided")
    assert "nothing was written" not in answer.text
    assert int(answer.headers["Retry-After"]) > 0
    assert _is_there(service) is commit
    again = service.ask("POST", "/api/v1/provinces", json=NEW)
    assert again.status_code == (409 if commit else 201)
    assert _is_there(service)


def test_a_work_that_fails_before_the_commit_says_that_nothing_was_written(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialect = service.runtime.database.writer.dialect

    def lost(*_: Any) -> None:
        assert dialect.dbapi is not None
        raise dialect.dbapi.OperationalError("lost")  # names no state: a server that cannot be reached

    service.token("admin")
    with monkeypatch.context() as patched:
        patched.setattr(dialect, "do_execute", lost)
        answer = service.ask("POST", "/api/v1/provinces", json=NEW)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
    assert "nothing was written" in answer.text


@pytest.mark.postgres
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_server_that_takes_no_writes_is_waited_for(service: Service) -> None:
    database = service.runtime.database
    service.token("admin")
    name = database.url.database

    def make(read_only: str) -> None:
        with database.writer.connect() as connection:
            connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only = {read_only}'))
            connection.commit()
        database.writer.dispose()  # the next connection is of a server that was switched over

    make("on")
    answer = service.ask("POST", "/api/v1/provinces", json=NEW)
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0
    with database.writer.connect() as connection:
        connection.execute(text("SET default_transaction_read_only = off"))
        connection.commit()
        connection.execute(text(f'ALTER DATABASE "{name}" RESET default_transaction_read_only'))
        connection.commit()
    database.writer.dispose()
    assert service.ask("POST", "/api/v1/provinces", json=NEW).status_code == 201


def _text_parameters() -> list[tuple[str, str, str, str]]:
    found = []
    for route in routes_of(SERVICE_ROUTERS):
        for method in sorted(route.methods or ()):
            named = [("path", one.alias) for one in route.dependant.path_params]
            named += [("query", one.alias) for one in route.dependant.query_params]
            found += [(method, route.path_format, place, name) for place, name in named]
    return sorted(found)


@pytest.mark.parametrize(("method", "path", "place", "name"), _text_parameters())
def test_nul_in_a_parameter_is_refused_before_anything_sees_it(
    sqlite_service_of_module: Service, method: str, path: str, place: str, name: str
) -> None:
    bad = quote("a\0b")
    parts = [bad if part == f"{{{name}}}" and place == "path" else part for part in path.split("/")]
    filled = "/".join("1" if part.startswith("{") else part for part in parts)
    query = f"?{name}={bad}" if place == "query" else ""
    answer = sqlite_service_of_module.ask(method, filled + query)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "invalid_request")
    assert "NUL" in answer.json()["error"]["message_en"]
    assert answer.headers["X-Request-Id"]


def test_nul_in_any_text_of_a_body_is_no_failure_of_the_server(service: Service) -> None:
    bodies = [
        ("POST", "/api/v1/provinces", {"province_id": "0\0", "name": "x"}),
        ("POST", "/api/v1/provinces", {"province_id": "03", "name": "x\0"}),
        ("POST", "/api/v1/users", {"login": "a\0a", "name": "x", "role": "planner", "province_id": "89"}),
        ("POST", "/api/v1/users", {"login": "aaa", "name": "x\0", "role": "planner", "province_id": "89"}),
        ("POST", "/api/v1/auth/login", {"login": "a\0", "password": "b\0"}),
        ("POST", "/api/v1/plans", {"province_id": "8\0", "day": "2026-11-25"}),
        ("POST", "/api/v1/plans/x/publish", {"replaces": "\0"}),
    ]
    for method, path, body in bodies:
        answer = service.ask(method, path, json=body, headers={"If-Match": '"1"'})
        assert 400 <= answer.status_code < 500, (path, answer.status_code, answer.text)
