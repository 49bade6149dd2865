"""Every check of `duongthu doctor`, once where it passes and once where it fails."""

from __future__ import annotations

import json
import socket
from collections import namedtuple
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, text

from api.auth.store import note_look
from api.backup.files import hash_of
from api.backup.making import make_backup
from api.cli import run
from api.db.engine import Database
from api.doctor import clock, disk, files, network
from api.doctor import database as of_database
from api.doctor.examining import examine
from api.doctor.findings import Finding, State
from api.doctor.store import newest_record, overdue_jobs, postgres_settings, sqlite_modes
from api.errors import ExitCode
from api.jobs.tables import jobs
from api.service.settings import ServiceSettings
from tests.api.service.running import KINDS, Service, served
from tests.postgres import BINARIES, PostgresServer

AT = datetime(2026, 11, 27, 8, tzinfo=UTC)
_Usage = namedtuple("_Usage", "total used free")


@pytest.fixture(params=KINDS)
def durable_service(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Service]:
    """A service as it is in earnest: the server of all other tests does not flush its disk."""
    if request.param == "sqlite":
        with Service.opened(f"sqlite:///{tmp_path / 'service.db'}", tmp_path) as opened:
            yield opened
        return
    if not BINARIES:
        pytest.skip("PostgreSQL: install the package postgresql")
    with closing(PostgresServer()) as server, Service.opened(server.create("service"), tmp_path) as opened:
        yield opened


def _states(*findings: Finding) -> list[str]:
    for finding in findings:
        assert finding.message_vi, finding
        assert finding.message_en, finding
        assert bool(finding.todo_vi and finding.todo_en) == (finding.state is not State.OK), finding
    return [str(finding.state) for finding in findings]


def test_a_folder_is_there_and_private(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    missing = disk.check_folder(folder)
    folder.mkdir(mode=0o700)
    private = disk.check_folder(folder)
    folder.chmod(0o750)
    assert _states(missing, private, disk.check_folder(folder)) == ["fail", "ok", "fail"]


def test_room_is_counted_in_share_and_in_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for total, free in [(100e9, 30e9), (100e9, 19e9), (20e9, 9e9)]:
        monkeypatch.setattr("shutil.disk_usage", lambda _, t=total, f=free: _Usage(t, t - f, f))
        found.append(disk.check_space(tmp_path))
    assert _states(*found) == ["ok", "warn", "warn"]


def test_a_slow_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for seconds in (0.001, 0.021):
        monkeypatch.setattr(disk, "flush_seconds", lambda _, s=seconds: s)
        found.append(disk.check_flush(tmp_path))
    assert _states(*found) == ["ok", "warn"]


def test_a_flush_is_measured(tmp_path: Path) -> None:
    assert 0 < disk.flush_seconds(tmp_path) < 10
    assert list(tmp_path.iterdir()) == []


def test_the_kernel_says_whether_the_clock_is_kept() -> None:
    # STA_UNSYNC = 0x40, STA_PLL = 0x01, STA_NANO = 0x2000 (linux/timex.h)
    assert _states(clock.check_synchronised(0x2001), clock.check_synchronised(0x2041)) == ["ok", "warn"]
    assert 0 <= clock.kernel_status() < 1 << 16


def test_a_clock_behind_the_data_fails() -> None:
    late, later = AT + timedelta(seconds=0.5), AT + timedelta(seconds=2)
    found = [clock.check_not_behind(AT, newest) for newest in (None, AT, late, later)]
    assert _states(*found) == ["ok", "ok", "ok", "fail"]


def test_the_newest_record_is_found(service: Service) -> None:
    future = datetime.now(UTC) + timedelta(days=1)
    service.runtime.writer.write_now(lambda c: note_look(c, future, None, "look", "x"))
    with service.runtime.database.read() as connection:
        assert newest_record(connection) == future


def test_a_database_is_reached_and_migrated(service: Service, tmp_path: Path) -> None:
    empty, missing = Database(f"sqlite:///{tmp_path / 'e.db'}"), Database(f"sqlite:///{tmp_path / 'no/where.db'}")
    (tmp_path / "junk.db").write_bytes(b"no database at all, only words " * 100)
    junk = Database(f"sqlite:///{tmp_path / 'junk.db'}")
    found = [of_database.check_reachable(each) for each in (service.runtime.database, empty, missing, junk)]
    assert _states(*found) == ["ok", "fail", "fail", "fail"]
    for each in (empty, missing, junk):
        each.close()


@pytest.mark.slow
def test_a_commit_is_durable(durable_service: Service) -> None:
    assert _states(of_database.check_durable(durable_service.runtime.database)) == ["ok"]


@pytest.mark.postgres
def test_a_server_that_does_not_flush_is_found(postgres: PostgresServer) -> None:
    database = Database(postgres.url())
    assert _states(of_database.check_durable(database)) == ["fail"]
    database.close()


@pytest.mark.parametrize(
    ("journal", "synchronous", "state"), [("wal", 2, "ok"), ("wal", 1, "fail"), ("delete", 2, "fail")]
)
def test_sqlite_has_to_flush(journal: str, synchronous: int, state: str) -> None:
    assert _states(of_database.check_sqlite_modes(journal, synchronous)) == [state]


def test_sqlite_modes_are_read_from_the_writer(sqlite_service: Service) -> None:
    with sqlite_service.runtime.database.writer.connect() as connection:
        assert sqlite_modes(connection) == ("wal", 2)
        connection.execute(text("COMMIT"))
        connection.execute(text("PRAGMA synchronous = OFF"))
        assert sqlite_modes(connection) == ("wal", 0)
        connection.execute(text("PRAGMA synchronous = FULL"))
        connection.execute(text("BEGIN"))


GOOD = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": "on", "server_version_num": "150014"}


@pytest.mark.parametrize("name", ["fsync", "full_page_writes", "synchronous_commit"])
def test_postgresql_has_to_flush(name: str) -> None:
    assert _states(of_database.check_postgres(GOOD), of_database.check_postgres({**GOOD, name: "off"})) == [
        "ok",
        "fail",
    ]


def test_postgresql_13_is_too_old() -> None:
    found = [of_database.check_postgres({**GOOD, "server_version_num": n}) for n in ("140000", "130021")]
    assert _states(*found) == ["ok", "fail"]


@pytest.mark.postgres
def test_settings_come_from_the_server(service: Service) -> None:
    if service.runtime.database.is_sqlite:
        return
    with service.runtime.database.read() as connection:
        assert postgres_settings(connection).keys() == GOOD.keys()
        connection.execute(text("SET LOCAL synchronous_commit = off"))
        assert postgres_settings(connection)["synchronous_commit"] == "off"


def test_a_broken_reference_is_found(sqlite_service: Service) -> None:
    database = sqlite_service.runtime.database
    with database.read() as connection:
        whole = of_database.check_whole(connection)
    with database.writer.connect() as connection:
        connection.execute(text("COMMIT"))
        connection.execute(text("PRAGMA foreign_keys = OFF"))
        connection.execute(text("INSERT INTO user_offices VALUES ('nobody', 'BC-LX')"))
        connection.execute(text("PRAGMA foreign_keys = ON"))
        connection.execute(text("BEGIN"))
    with database.read() as connection:
        assert _states(whole, of_database.check_whole(connection)) == ["ok", "fail"]


def test_one_administrator_is_too_few(service: Service) -> None:
    with service.runtime.database.writer.begin() as connection:
        two = of_database.check_administrators(connection)
        connection.execute(text("UPDATE users SET disabled = :yes WHERE login = 'admin'"), {"yes": True})
        assert _states(two, of_database.check_administrators(connection)) == ["ok", "warn"]


def test_jobs_whose_lease_ended_are_told(service: Service) -> None:
    with service.runtime.database.writer.begin() as connection:
        assert overdue_jobs(connection, AT) == []
        user_id = connection.scalar(text("SELECT user_id FROM users WHERE login = 'dispatcher'"))
        same = {"kind": "plan", "province_id": "89", "payload": {}, "due_at": AT, "attempts": 1, "most_attempts": 3}
        same |= {"wish": "go_on", "revision": 1, "created_by": user_id, "created_at": AT, "leased_by": "one"}
        moment = timedelta(microseconds=1)
        for job, until in [("a", AT + moment), ("c", AT - moment)]:
            row = {**same, "job_id": job, "state": "running", "lease_until": until}
            connection.execute(insert(jobs).values(**row))
        assert overdue_jobs(connection, AT) == ["c"]
        told = of_database.check_jobs(connection, AT)
        assert _states(told, of_database.check_jobs(connection, AT - timedelta(days=1))) == ["warn", "ok"]
        connection.rollback()


def test_settings_are_not_for_everybody(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.touch(mode=0o640)
    closed = files.check_settings(file)
    file.chmod(0o644)
    assert _states(closed, files.check_settings(file)) == ["ok", "warn"]


def test_keys_are_there_and_private(tmp_path: Path) -> None:
    none = files.check_keys(tmp_path)
    (tmp_path / "ledger").write_bytes(b"k")
    (tmp_path / "ledger").chmod(0o600)
    (tmp_path / "ledger.pub").write_bytes(b"p")
    private = files.check_keys(tmp_path)
    (tmp_path / "ledger").chmod(0o640)
    assert _states(none, private, files.check_keys(tmp_path)) == ["warn", "ok", "fail"]


def test_a_spoilt_or_missing_photo_is_named(tmp_path: Path) -> None:
    kept = {}
    for name in ("ab" * 32, "cd" * 32):
        path = tmp_path / name[:2] / name[2:]
        path.parent.mkdir()
        path.write_bytes(name.encode())
        kept[name] = hash_of(path)
    whole = files.check_photos(tmp_path, kept, seed=1)
    (tmp_path / "ab" / ("ab" * 31)).write_bytes(b"spoilt")
    spoilt = files.check_photos(tmp_path, kept, seed=1)
    (tmp_path / "ab" / ("ab" * 31)).unlink()
    gone = files.check_photos(tmp_path, kept, seed=1)
    assert _states(whole, spoilt, gone) == ["ok", "fail", "fail"]
    assert "ab" * 32 in spoilt.message_en


def test_pages_have_to_be_built(tmp_path: Path) -> None:
    missing = files.check_pages(tmp_path)
    (tmp_path / "index.html").write_text("<!doctype html>", encoding="utf-8")
    assert _states(missing, files.check_pages(tmp_path)) == ["fail", "ok"]


def test_a_backup_may_be_a_day_old(sqlite_service: Service, tmp_path: Path) -> None:
    folder, runtime = tmp_path / "backups", sqlite_service.runtime
    none = files.check_backup(folder, datetime.now(UTC))
    make_backup(runtime.settings, runtime.database, folder / "one")
    now = datetime.now(UTC)
    found = [files.check_backup(folder, now + timedelta(hours=hours)) for hours in (0, 25, 27)]
    assert _states(none, *found) == ["warn", "ok", "ok", "warn"]


@pytest.mark.parametrize(
    ("url", "state"),
    [
        ("https://post.lan", "ok"),
        ("https://post.lan:8443/x", "ok"),
        ("http://post.lan", "warn"),
        ("https://b.lan", "fail"),
    ],
)
def test_phones_need_https_and_a_known_name(url: str, state: str) -> None:
    assert _states(network.check_address(ServiceSettings(public_url=url, allowed_hosts=("post.lan",)))) == [state]


@pytest.mark.slow
def test_the_port_is_free_or_ours(sqlite_service: Service) -> None:
    with served(sqlite_service.app) as address:
        port = int(address.rpartition(":")[2])
        settings = ServiceSettings(port=port, allowed_hosts=("localhost",))
        ours = network.check_listening(settings)
    free = network.check_listening(settings)
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = network.check_listening(ServiceSettings(port=other.getsockname()[1]))
    assert _states(ours, free, taken) == ["ok", "ok", "fail"]


@pytest.mark.slow
def test_the_whole_examination_of_a_service(durable_service: Service, tmp_path: Path) -> None:
    service = durable_service
    service.runtime.settings.data_folder.chmod(0o700)
    (tmp_path / "settings.toml").touch(mode=0o600)
    examined = examine(service.runtime.settings, static=tmp_path / "static", file=tmp_path / "settings.toml")
    found = {each.check: each for each in examined}
    sqlite = {"integrity"} if service.runtime.database.is_sqlite else set()
    common = (
        "settings folder space flush clock zone pages keys pin_keys address certificate port backup "
        "database durability admins jobs clock_behind photos"
    )
    assert found.keys() == sqlite | set(common.split())
    assert {name for name, each in found.items() if each.state is State.FAIL} <= {"port"}  # the machine's own


def test_the_command_fails_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DUONGTHU_DATA_FOLDER", str(tmp_path / "nowhere"))
    assert run(["doctor", "--json", "--lang", "en"]) == int(ExitCode.UNWELL)
    said = capsys.readouterr()
    answer = json.loads(said.out)
    assert answer["state"] == "fail"
    failed = {each["check"] for each in answer["findings"] if each["state"] == "fail"}
    assert {"folder", "database"} <= failed
    assert "[fail] folder:" in said.err
