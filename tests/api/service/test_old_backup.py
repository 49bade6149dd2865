"""A backup that the program of the first migration made, restored by the program of today and then migrated."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from api.backup import making
from api.backup.restoring import restore_backup
from api.db.engine import Database
from api.db.migrating import migrate, newest, require_migrated, revision
from api.errors import RefusedError
from api.service.settings import ServiceSettings
from tests.api.service.running import PROVINCE

FIRST = "0001"
MOMENT = 1_790_000_000_000_000
CLERK = "01936f5e-7a00-7000-8000-000000000003"
EVENT, SUBSCRIBER = "01936f5e-7a00-7000-8000-000000000001", "01936f5e-7a00-7000-8000-000000000002"


def _fill(connection: Connection) -> None:
    """With statements of that time: the tables of today do not fit."""
    for statement in (
        f"INSERT INTO provinces (province_id, name) VALUES ('{PROVINCE}', 'An Giang')",
        (
            "INSERT INTO users (user_id, login, name, role, province_id, courier_id, password_hash, must_change,"
            f" disabled, created_at) VALUES ('{CLERK}', 'lan', 'Lan', 'desk', '{PROVINCE}', NULL, 'x', true, false,"
            f" {MOMENT})"
        ),
        f"INSERT INTO user_offices (user_id, site_id) VALUES ('{CLERK}', 'BC-LX')",
        (
            f"INSERT INTO webhook_subscribers VALUES ('{SUBSCRIBER}', '{PROVINCE}', 'https://a.example', 's',"
            f" '[\"plan.published\"]', {MOMENT}, 'x')"
        ),
        (
            "INSERT INTO webhook_outbox (number, event_id, province_id, kind, subject, facts, at)"
            f" VALUES (7, '{EVENT}', '{PROVINCE}', 'plan.published', 'p', '{{}}', {MOMENT})"
        ),
        (
            "INSERT INTO webhook_deliveries (subscriber_id, number, status, attempts, next_at, last_at, answer)"
            f" VALUES ('{SUBSCRIBER}', 7, 'waiting', 3, {MOMENT}, {MOMENT}, 'HTTP 500')"
        ),
    ):
        connection.exec_driver_sql(statement)


def test_a_backup_of_the_first_migration_is_restored_and_brought_up(
    empty_database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = ServiceSettings(data_folder=tmp_path / "old")
    old.data_folder.mkdir()
    with closing(Database(old.database)) as database, monkeypatch.context() as then:
        migrate(database, FIRST)
        with database.writer.begin() as connection:
            _fill(connection)
        then.setattr(making, "newest", lambda: FIRST)
        then.setattr(making, "require_migrated", lambda _: None)
        making.make_backup(old, database, tmp_path / "backup")
    new = ServiceSettings(data_folder=tmp_path / "new", database_url=empty_database_url)
    with closing(Database(empty_database_url)) as database:
        assert restore_backup(new, database, tmp_path / "backup").migration == FIRST
        assert revision(database) == FIRST
        with pytest.raises(RefusedError, match="duongthu migrate"):
            require_migrated(database)
        assert migrate(database) == (FIRST, newest())
        with database.read() as connection:
            told = connection.execute(text("SELECT * FROM webhook_deliveries")).mappings().one()
    assert dict(told) == {
        "subscriber_id": SUBSCRIBER,
        "number": 7,
        "status": "waiting",
        "attempts": 3,
        "next_at": MOMENT,
        "last_at": MOMENT,
        "answer": "HTTP 500",
        "out_of_order": False,
    }
    with closing(Database(empty_database_url)) as database:
        require_migrated(database)
        with database.read() as connection:
            assert connection.scalar(text("SELECT password_until FROM users")) is not None  # a first one ends now
            terms = connection.execute(text("SELECT user_id, site_id, since, until FROM user_office_terms")).all()
    assert terms == [(CLERK, "BC-LX", MOMENT, None)]  # since the account is there
