"""Retention: what is old is gone from the tables and from the files, what is young stays."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from api.auth.store import erase_looks, note_look
from api.auth.tables import attempts, looks
from api.cli import run
from api.db.engine import Database
from api.db.migrating import migrate
from api.db.scrubbing import scrub
from api.errors import ExitCode
from api.retention import ERASERS, Eraser, run_retention
from api.service.settings import ServiceSettings
from tests.api.service.running import Service

AT = datetime(2026, 7, 1, tzinfo=UTC)
OLD = "Trần Thị Quá Hạn 0912345678"
YOUNG = "Lê Văn Còn Hạn"
SETTINGS = ServiceSettings(look_days=30)


def _looked(database: Database, subject: str, days_ago: float, *, times: int = 1) -> None:
    with database.writer.begin() as connection:
        for _ in range(times):
            note_look(connection, AT - timedelta(days=days_ago), None, "read", subject, words=subject)


def _subjects(database: Database) -> set[str]:
    with database.read() as connection:
        return set(connection.scalars(select(looks.c.subject)))


@pytest.fixture
def database(database_url: str) -> Database:
    return Database(database_url)


def test_what_is_older_than_its_days_is_gone_and_the_run_is_noted(database: Database) -> None:
    _looked(database, OLD, 30.01)
    _looked(database, YOUNG, 29.99)
    erased = run_retention(database, SETTINGS, AT)
    assert (erased.counts["looks"], erased.clean) == (1, True)
    assert _subjects(database) == {YOUNG, "retention"}
    assert run_retention(database, SETTINGS, AT).counts["looks"] == 0
    database.close()


def test_a_rehearsal_counts_and_deletes_nothing(database: Database) -> None:
    _looked(database, OLD, 31, times=3)
    erased = run_retention(database, SETTINGS, AT, rehearse=True)
    assert (erased.counts["looks"], erased.clean) == (3, False)
    assert _subjects(database) == {OLD}
    database.close()


def test_sessions_and_attempts_that_count_no_more_go_too(service: Service) -> None:
    service.token("desk")
    service.client.post("/api/v1/auth/login", json={"login": "nobody", "password": "sai"})
    database, settings = service.runtime.database, service.runtime.settings
    soon = datetime.now(UTC) + timedelta(days=1)
    assert run_retention(database, settings, soon, rehearse=True).counts["sessions"] == 0
    later = run_retention(database, settings, datetime.now(UTC) + timedelta(days=40))
    assert (later.counts["sessions"], later.counts["attempts"]) == (1, 2)
    with database.read() as connection:
        assert connection.execute(select(func.count()).select_from(attempts)).scalar_one() == 0


def _bytes_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.glob("kept.db*")))


def test_no_byte_of_it_is_left_in_the_database_or_its_log(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'kept.db'}")
    migrate(database)
    _looked(database, OLD, 31, times=200)
    _looked(database, YOUNG, 1)
    assert OLD.encode() in _bytes_on_disk(tmp_path)
    assert run_retention(database, SETTINGS, AT).clean
    left = _bytes_on_disk(tmp_path)
    assert OLD.encode() not in left
    assert b"0912345678" not in left
    assert YOUNG.encode() in left
    database.close()


def test_a_reader_in_the_way_is_told_and_the_next_run_clears_the_log(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'kept.db'}", busy_seconds=0.1)
    migrate(database)
    _looked(database, OLD, 31)
    with database.read() as connection:
        connection.execute(select(looks)).all()
        assert not run_retention(database, SETTINGS, AT).clean
    assert OLD.encode() in _bytes_on_disk(tmp_path)
    assert scrub(database)
    assert OLD.encode() not in _bytes_on_disk(tmp_path)
    database.close()


def test_files_are_deleted_after_the_commit_and_only_then(database: Database) -> None:
    happened: list[str] = []
    _looked(database, OLD, 31)

    def finish(after: Database, _: ServiceSettings) -> None:
        happened.append(f"{len(_subjects(after))} left")

    with_files = Eraser("looks", lambda settings: settings.look_days, erase_looks, finish)
    run_retention(database, SETTINGS, AT, erasers=(with_files,), rehearse=True)
    assert happened == []
    run_retention(database, SETTINGS, AT, erasers=(with_files,))
    assert happened == ["0 left"]
    database.close()


def test_the_command_says_what_it_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DUONGTHU_DATA_FOLDER", str(tmp_path))
    assert run(["retention", "run"]) != ExitCode.OK
    assert run(["migrate"]) == ExitCode.OK
    capsys.readouterr()
    assert run(["retention", "run", "--dry-run", "--json"]) == ExitCode.OK
    told = json.loads(capsys.readouterr().out)
    assert told["dry_run"] is True
    assert told["counts"] == {eraser.name: 0 for eraser in ERASERS}
    assert run(["retention", "run", "--json"]) == ExitCode.OK
    assert json.loads(capsys.readouterr().out)["clean"] is True
