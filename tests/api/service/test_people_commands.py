"""`duongthu user` and `duongthu province` beside a running service, on both databases."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.auth.tables import looks
from api.cli import run
from api.db.engine import Database
from api.db.migrating import migrate
from api.errors import ExitCode
from tests.api.service.running import PASSWORD, Service


@pytest.fixture(name="command")
def _command(database_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command on the database; gives exit code and answer."""
    monkeypatch.setenv("DUONGTHU_DATABASE_URL", database_url)

    def ask(*arguments: str) -> tuple[int, dict[str, Any]]:
        code = run([*arguments, "--json"])
        return code, json.loads(capsys.readouterr().out.splitlines()[-1])

    return ask


def _noted(service: Service, action: str) -> list[dict[str, Any]]:
    with service.runtime.database.read() as connection:
        return [row._asdict() for row in connection.execute(select(looks).where(looks.c.action == action))]


def test_the_first_admin_logs_in_and_has_to_change_the_password(service: Service, command: Any) -> None:
    code, answer = command("user", "add", "--login", "chi.quan", "--name", "Quản", "--role", "admin")
    assert code == ExitCode.OK
    asked = {"login": "chi.quan", "password": answer["password"]}
    logged_in = service.ask("POST", "/api/v1/auth/login", by=None, json=asked).json()
    assert logged_in["must_change_password"] is True
    (noted,) = [look for look in _noted(service, "user_added") if look["subject"] == answer["user_id"]]
    assert noted["user_id"] is None
    assert noted["details"] == {"by": "console", "role": "admin"}


@pytest.mark.slow
def test_a_reset_password_works_at_once_and_ends_old_sessions(service: Service, command: Any) -> None:
    service.token("desk")
    _, answer = command("user", "password", "desk")
    time.sleep(1.1)  # a token is remembered for a second
    assert service.ask("GET", "/api/v1/auth/me", by="desk").status_code == 401
    for password, status in [(PASSWORD, 401), (answer["password"], 200)]:
        asked = {"login": "desk", "password": password}
        assert service.ask("POST", "/api/v1/auth/login", by=None, json=asked).status_code == status
    assert len(_noted(service, "password_reset")) == 1


def test_province_and_people_of_it_are_added_and_listed(service: Service, command: Any) -> None:
    assert command("province", "add", "91", "Kiên Giang")[0] == ExitCode.OK
    more = ["--province", "91", "--office", "BC-RG", "--office", "BC-HT"]
    assert command("user", "add", "--login", "lan", "--name", "Lan", "--role", "desk", *more)[0] == ExitCode.OK
    _, answer = command("user", "list")
    (lan,) = [user for user in answer["users"] if user["login"] == "lan"]
    assert (lan["province_id"], lan["offices"], lan["role"]) == ("91", ["BC-HT", "BC-RG"], "desk")
    assert len(answer["users"]) == 11
    assert len(_noted(service, "users_listed")) == 1


@pytest.mark.usefixtures("service")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["user", "password", "nobody"], ExitCode.NOT_FOUND),
        (["user", "add", "--login", "admin", "--name", "A", "--role", "admin"], ExitCode.EXISTS),
        (["user", "add", "--login", "Lan!", "--name", "A", "--role", "admin"], ExitCode.BAD_INPUT),
        (["user", "add", "--login", "lan", "--name", "A", "--role", "desk"], ExitCode.BAD_INPUT),
        (["province", "add", "89", "An Giang"], ExitCode.EXISTS),
    ],
)
def test_what_cannot_be_done_is_refused(command: Any, arguments: list[str], code: ExitCode) -> None:
    assert command(*arguments)[0] == code


@pytest.mark.slow
def test_a_command_waits_for_a_lock_of_the_service(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 'locked.db'}"
    database = Database(url)
    migrate(database)
    database.close()
    monkeypatch.setenv("DUONGTHU_DATABASE_URL", url)
    holder = sqlite3.connect(tmp_path / "locked.db", isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    release = threading.Timer(1.0, lambda: holder.execute("COMMIT"))
    release.start()
    assert run(["province", "add", "89", "An Giang"]) == ExitCode.OK
    assert release.finished.is_set()
    release.join()
    holder.close()
