"""
Who may call what: every endpoint of the OpenAPI text against every role, nobody, and a session that is over.

The table below is written by hand from the issue of each role; the declarations in the code have to agree with it, and
an endpoint that the table does not know fails here.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.app import SERVICE_ROUTERS
from api.auth.access import declared
from api.auth.store import end_sessions
from api.service.describing import routes_of
from tests.api.service.access_table import ANYONE, CELLS, TABLE
from tests.api.service.running import PASSWORD, Service

LOGINS = ("admin", "dispatcher", "planner", "courier", "desk", "auditor")
ROUTES = tuple(routes_of(SERVICE_ROUTERS))
ENDPOINTS = sorted((method, route.path_format) for route in ROUTES for method in route.methods or ())
SOME_ID = "01936f5e-7a00-7000-8000-000000000000"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("access")
    with Service.opened(f"sqlite:///{folder / 'service.db'}", folder) as opened:
        for login in LOGINS:
            opened.token(login)
        yield opened


def test_the_table_knows_every_endpoint_and_no_other() -> None:
    assert sorted(TABLE) == ENDPOINTS
    assert sorted(CELLS) == ENDPOINTS, "whose things each endpoint reaches: see CELLS in access_table.py"


def test_every_endpoint_declares_what_the_table_says() -> None:
    for route in routes_of(SERVICE_ROUTERS):
        for method in route.methods or ():
            roles = declared(route)
            assert roles is not None, f"{method} {route.path_format} declares nobody: see api/auth/access.py"
            assert {str(role) for role in roles} == TABLE[method, route.path_format], (method, route.path_format)


def _filled(path: str) -> str:
    parts = [SOME_ID if part.startswith("{") else part for part in path.split("/")]
    return "/".join(parts)


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_roles_that_are_not_named_are_turned_away(service: Service, method: str, path: str) -> None:
    allowed = TABLE[method, path]
    for login in LOGINS if allowed is not ANYONE else ():
        answer = _ask_as(service, login, method, path)
        if login in allowed:
            assert answer not in {401, 403}, (login, answer)
        else:
            assert answer == 403, (login, answer)


def _ask_as(service: Service, login: str, method: str, path: str) -> int:
    """A log-out and the like would spoil the token for the next cell: each cell that writes has its own."""
    if method != "GET" and path.startswith("/api/v1/auth/"):
        with_own = service.client.post("/api/v1/auth/login", json={"login": login, "password": PASSWORD}).json()
        headers = {"Authorization": f"Bearer {with_own['access_token']}"}
        if path == "/api/v1/auth/sessions":
            service.tokens.pop(login, None)  # it ends every session of the person
        return service.client.request(method, _filled(path), headers=headers).status_code
    status = service.ask(method, _filled(path), by=login).status_code
    if path == "/api/v1/sessions" and status == 200:
        service.tokens.clear()  # it ends every session of everybody
    return status


@pytest.mark.parametrize(("method", "path"), ENDPOINTS)
def test_nobody_and_old_sessions_are_turned_away(service: Service, method: str, path: str) -> None:
    if TABLE[method, path] is ANYONE:
        return
    assert service.ask(method, _filled(path), by=None).status_code == 401
    over = service.client.post("/api/v1/auth/login", json={"login": "auditor", "password": PASSWORD}).json()
    session = {"Authorization": f"Bearer {over['access_token']}"}
    service.client.post("/api/v1/auth/logout", headers=session)
    assert service.client.request(method, _filled(path), headers=session).status_code == 401


@pytest.mark.slow
def test_a_first_password_opens_nothing_but_its_change(tmp_path: Path) -> None:
    with Service.opened(f"sqlite:///{tmp_path / 'a.db'}", tmp_path) as opened:
        body = {"login": "mai", "name": "Mai", "role": "planner", "province_id": "89"}
        made = opened.ask("POST", "/api/v1/users", json=body).json()
        first = {"login": "mai", "password": made["password"]}
        access = opened.client.post("/api/v1/auth/login", json=first).json()
        assert access["must_change_password"] is True
        headers = {"Authorization": f"Bearer {access['access_token']}"}
        for method, path in ENDPOINTS:
            mine = path in {"/api/v1/auth/password", "/api/v1/auth/me", "/api/v1/auth/logout"}
            if TABLE[method, path] is ANYONE or mine:
                continue
            assert opened.client.request(method, _filled(path), headers=headers).status_code == 403, path
        opened.runtime.writer.write_now(lambda c: end_sessions(c, datetime.now(UTC), user_id=made["user_id"]))
