"""A service for tests: its application, its database, a person of each role, and somebody who asks."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unicodedata import normalize

import pytest
import uvicorn
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response
from sqlalchemy import Connection

from api.app import create_service
from api.auth.roles import Role, Scope
from api.auth.store import User, add_province, add_user, begin_session, find_user, note_look
from api.auth.tokens import IDLE_FOR
from api.db.engine import Database
from api.db.migrating import migrate, newest, revision
from api.ids import new_id
from api.plans.backdrop import Backdrop
from api.plans.days import MOST_DAYS, Kept
from api.plans.planning import PreparedDay
from api.service.runtime import Runtime
from api.service.settings import ServiceSettings

KINDS = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
"""Of databases."""
PROVINCE, OTHER_PROVINCE = "89", "92"
OFFICE, OTHER_OFFICE = "BC-LX", "BC-CD"
COURIER = "BT-01"
PASSWORD = "bốn chữ dài hơn một"
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(normalize("NFKC", PASSWORD))
"""As cheap as can be: what an honest one costs is paid by the tests of passwords."""
DAYS: Kept[PreparedDay] = Kept(MOST_DAYS)
_BACKDROPS: Kept[Backdrop] = Kept(MOST_DAYS)
"""Days made ready follow from their inputs alone, so the services of a process share them: each takes seconds."""


@dataclass
class Service:
    """What a test holds."""

    app: FastAPI
    client: TestClient
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def runtime(self) -> Runtime:
        found: Runtime = self.app.state.runtime
        return found

    @classmethod
    @contextmanager
    def opened(
        cls, database_url: str, folder: Path, *, static: Path | None = None, **settings: Any
    ) -> Iterator[Service]:
        """`static` = the pages; None = one that only stands there. `settings` are the service's."""
        data = folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        migrate_new(database_url)
        # Tests ask faster than people: how fast one may ask has tests of its own.
        settings.setdefault("requests_per_minute", 0)
        app = create_service(
            ServiceSettings(data_folder=data, database_url=database_url, allowed_hosts=("localhost",), **settings),
            static=static or _empty_pages(folder),
        )
        with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as client:
            opened = cls(app, client)
            opened.runtime.days._days, opened.runtime.days._backdrops = DAYS, _BACKDROPS
            opened.runtime.writer.write_now(add_people)
            yield opened

    def ask(self, method: str, path: str, *, by: str | None = "admin", **more: Any) -> Response:
        """Make a request as somebody (a login; None = nobody)."""
        headers = dict(more.pop("headers", {}))
        if by is not None:
            headers["Authorization"] = f"Bearer {self.token(by)}"
        return self.client.request(method, path, headers=headers, **more)

    def token(self, login: str) -> str:
        """An access token of somebody, asked for once."""
        if login not in self.tokens:
            self.tokens[login] = self._begun(login) or self.log_in(login)
        return self.tokens[login]

    def log_in(self, login: str) -> str:
        """An access token of somebody, by their password."""
        answer = self.client.post("/api/v1/auth/login", json={"login": login, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    def _begun(self, login: str) -> str | None:
        """The same session without hashing, which takes a fifth of a second: for who still has the tests' password."""

        def write(connection: Connection) -> str | None:
            user, at = find_user(connection, login=login), datetime.now(UTC)
            if user is None or user.disabled or user.must_change or user.password_hash != _HASH:
                return None
            note_look(connection, at, None, "login", user.user_id, province_id=user.scope.province_id)
            return begin_session(connection, user.user_id, at, lasts=IDLE_FOR).access

        return self.runtime.writer.write_now(write)


def _empty_pages(folder: Path) -> Path:
    static = folder / "static"
    (static / "assets").mkdir(parents=True, exist_ok=True)
    (static / "index.html").write_text("<!doctype html><p>trang</p>", encoding="utf-8")
    return static


def migrate_new(database_url: str) -> None:
    """A new SQLite file is a copy of one that was migrated, and read afterwards; what is migrated stays as it is."""
    path = Path(database_url.removeprefix("sqlite:///"))
    if database_url.startswith("sqlite") and not path.exists():
        path.write_bytes(_migrated())
        return
    database = Database(database_url)
    if revision(database) != newest():
        migrate(database)
    database.close()


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as name:
        path = Path(name) / "service.db"
        database = Database(f"sqlite:///{path}")
        migrate(database)
        database.close()
        return path.read_bytes()


@contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """Serve an application on a loopback port; gives its address. Its lifespan stays with whoever opened it."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        server = uvicorn.Server(uvicorn.Config(app, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://localhost:{door.getsockname()[1]}"
        server.should_exit = True
        thread.join()


def add_people(connection: Any) -> None:
    """
    Two provinces; in the first a person of each role, called as the role.

    `desk` and `dispatcher` work in `OFFICE`; `other-dispatcher` in `OTHER_OFFICE`; `far-dispatcher` in the other
    province; `admin` everywhere, `local-admin` in the first province.
    """
    add_province(connection, PROVINCE, "An Giang")
    add_province(connection, OTHER_PROVINCE, "Cần Thơ")
    office = Scope(PROVINCE, frozenset({OFFICE}))
    people = [
        ("admin", Role.ADMIN, Scope(None)),
        ("local-admin", Role.ADMIN, Scope(PROVINCE)),
        ("dispatcher", Role.DISPATCHER, office),
        ("head-dispatcher", Role.DISPATCHER, Scope(PROVINCE)),
        ("other-dispatcher", Role.DISPATCHER, Scope(PROVINCE, frozenset({OTHER_OFFICE}))),
        ("far-dispatcher", Role.DISPATCHER, Scope(OTHER_PROVINCE)),
        ("planner", Role.PLANNER, Scope(PROVINCE)),
        ("courier", Role.COURIER, office),
        ("desk", Role.DESK, office),
        ("auditor", Role.AUDITOR, Scope(PROVINCE)),
    ]
    for login, role, scope in people:
        courier = COURIER if role is Role.COURIER else None
        user = User(new_id(), login, login.title(), role, scope, courier, _HASH, must_change=False, disabled=False)
        add_user(connection, user, datetime.now(UTC))
