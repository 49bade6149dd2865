"""Backups taken while somebody writes, damaged, cut short, and restored: to the same kind of database and the other."""

from __future__ import annotations

import errno
import json
import os
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Float,
    ForeignKey,
    Insert,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    func,
    insert,
    select,
    text,
)

from api.auth.store import note_look
from api.auth.tables import attempts, looks, users
from api.backup import files, restoring
from api.backup.making import make_backup
from api.backup.manifest import read_manifest
from api.backup.restoring import restore_backup
from api.cli import run
from api.db.engine import Database
from api.db.migrating import migrate
from api.db.writer import Writer
from api.errors import ExistsError, ExitCode, NotFoundError, RefusedError, StorageFullError
from api.evidence.tables import evidence
from api.service.settings import ServiceSettings
from tests.api.service.running import add_people
from tests.effort import IS_SOAK
from tests.postgres import PostgresServer

AT = datetime(2026, 11, 27, 8, 0, 0, 123_456, tzinfo=UTC)
PHOTO = "evidence/ab/" + "cd" * 31


_opened: list[Database] = []


@pytest.fixture(autouse=True)
def _close() -> Iterator[None]:
    yield
    while _opened:
        _opened.pop().close()


def _deployment(folder: Path, url: str | None = None) -> tuple[ServiceSettings, Database]:
    folder.mkdir(exist_ok=True)
    settings = ServiceSettings(data_folder=folder, database_url=url or "")
    _opened.append(Database(settings.database))
    return settings, _opened[-1]


@pytest.fixture(name="running")
def _running(tmp_path: Path, database_url: str) -> tuple[ServiceSettings, Database]:
    """A deployment with people, a photo, a key."""
    settings, database = _deployment(tmp_path / "data", database_url)
    with closing(Writer(database)) as writer:
        writer.write_now(add_people)
        writer.write_now(lambda c: note_look(c, AT, None, "look", "Ước « é »", count=3, more=[1.5, None]))
    for path, content, mode in [(PHOTO, b"photo", 0o600), ("keys/ledger", b"key", 0o600), ("roads/x", b"r", 0o644)]:
        file = settings.data_folder / path
        file.parent.mkdir(parents=True)
        file.write_bytes(content)
        file.chmod(mode)
    return settings, database


def _execute(statement: Insert, connection: Connection) -> None:
    connection.execute(statement)


def _rows(database: Database) -> list[tuple[object, ...]]:
    with database.read() as connection:
        found = connection.execute(select(users).order_by(users.c.login)).all()
        return [tuple(row) for row in [*found, *connection.execute(select(looks).order_by(looks.c.look_id))]]


def test_a_backup_restores_every_row_and_file(running: tuple[ServiceSettings, Database], tmp_path: Path) -> None:
    settings, database = running
    made = make_backup(settings, database, tmp_path / "backups" / "one")
    assert made.lacking == ()
    there, again = _deployment(tmp_path / "there")
    restore_backup(there, again, tmp_path / "backups" / "one")
    assert _rows(again) == _rows(database)
    assert (there.data_folder / PHOTO).read_bytes() == b"photo"
    assert (there.data_folder / "keys/ledger").stat().st_mode & 0o777 == 0o600
    assert (there.data_folder / "roads/x").stat().st_mode & 0o777 == 0o644
    with again.read() as connection:
        assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        assert connection.execute(text("PRAGMA foreign_key_check")).all() == []


@pytest.mark.postgres
def test_sqlite_moves_to_postgresql(tmp_path: Path, postgres: PostgresServer) -> None:
    settings, database = _deployment(tmp_path / "data")
    migrate(database)
    with closing(Writer(database)) as writer:
        writer.write_now(add_people)
        writer.write_now(lambda c: note_look(c, AT, None, "look", "một"))
    make_backup(settings, database, tmp_path / "one")
    there, again = _deployment(tmp_path / "there", postgres.create("moved"))
    restore_backup(there, again, tmp_path / "one")
    assert _rows(again) == _rows(database)
    with again.writer.begin() as connection:  # the counter goes on after the highest
        note_look(connection, AT, None, "look", "hai")
        assert connection.scalar(select(func.max(looks.c.look_id))) == 2
        assert connection.scalar(text("SELECT count(*) FROM pg_constraint WHERE condeferrable")) == 0


def test_what_was_acknowledged_before_is_in_it(running: tuple[ServiceSettings, Database], tmp_path: Path) -> None:
    settings, database = running
    written, stop = [0], threading.Event()

    def write(writer: Writer) -> None:
        while not stop.is_set():
            number = written[0] + 1
            one = insert(attempts).values(subject=f"{number:06d}", failures=1, last_at=AT)
            writer.write_now(partial(_execute, one))
            written[0] = number

    with closing(Writer(database)) as writer:
        thread = threading.Thread(target=write, args=(writer,))
        thread.start()
        while written[0] < 20:
            stop.wait(0.01)
        before = written[0]
        make_backup(settings, database, tmp_path / "one")
        during = written[0] - before
        stop.set()
        thread.join()
    there, again = _deployment(tmp_path / "there")
    restore_backup(there, again, tmp_path / "one")
    with again.read() as connection:
        subjects = connection.scalars(select(attempts.c.subject).order_by(attempts.c.subject)).all()
    assert len(subjects) >= before
    assert list(subjects) == [f"{number:06d}" for number in range(1, len(subjects) + 1)]
    assert during > 0, "nobody wrote meanwhile: the test shows nothing"


def test_each_damaged_file_is_named(running: tuple[ServiceSettings, Database], tmp_path: Path) -> None:
    settings, database = running
    backup = tmp_path / "one"
    make_backup(settings, database, backup)
    for path in [each for each in sorted(backup.rglob("*")) if each.is_file()]:
        whole = path.read_bytes()
        if not whole:
            path.write_bytes(b"x")
        else:
            middle = len(whole) // 2
            path.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
        name = path.relative_to(backup).as_posix().replace("manifest.sha256", "manifest.json")
        there, again = _deployment(tmp_path / "there")
        with pytest.raises(RefusedError, match=name):
            restore_backup(there, again, backup)
        assert list(there.data_folder.iterdir()) == []
        path.write_bytes(whole)


def test_a_missing_file_or_manifest_is_refused(running: tuple[ServiceSettings, Database], tmp_path: Path) -> None:
    settings, database = running
    make_backup(settings, database, tmp_path / "one")
    (tmp_path / "one/files" / PHOTO).unlink()
    there, again = _deployment(tmp_path / "there")
    with pytest.raises(RefusedError, match=PHOTO):
        restore_backup(there, again, tmp_path / "one")
    (tmp_path / "one/manifest.sha256").unlink()
    with pytest.raises(NotFoundError):
        restore_backup(there, again, tmp_path / "one")


def test_a_restore_overwrites_nothing(running: tuple[ServiceSettings, Database], tmp_path: Path) -> None:
    settings, database = running
    make_backup(settings, database, tmp_path / "one")
    before = _rows(database)
    with pytest.raises(ExistsError):
        restore_backup(settings, database, tmp_path / "one")
    rows_only, empty = _deployment(tmp_path / "rows only", settings.database_url)
    with pytest.raises(ExistsError):
        restore_backup(rows_only, empty, tmp_path / "one")
    assert _rows(database) == before
    with pytest.raises(ExistsError):
        make_backup(settings, database, tmp_path / "one")


@pytest.mark.slow
def test_a_full_disk_leaves_no_half_of_a_backup(
    running: tuple[ServiceSettings, Database], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings, database = running
    flush, left = os.fsync, [0]

    def fail(descriptor: int) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        flush(descriptor)

    monkeypatch.setattr("os.fsync", fail)
    for number in range(1, 1_000, 1 if IS_SOAK else 5):
        left[0] = number
        folder = tmp_path / "backups" / "one"
        try:
            make_backup(settings, database, folder)
        except StorageFullError:
            if not folder.exists():
                assert list(folder.parent.iterdir()) == []
                continue
        break
    assert number > 10
    assert read_manifest(folder).files.keys() >= {f"files/{PHOTO}"}


def test_photos_are_shared_with_the_earlier_backup(running: tuple[ServiceSettings, Database], tmp_path: Path) -> None:
    settings, database = running
    make_backup(settings, database, tmp_path / "b/one")
    make_backup(settings, database, tmp_path / "b/two")
    first, second = (tmp_path / "b" / name / "files" for name in ("one", "two"))
    assert (first / PHOTO).samefile(second / PHOTO)
    assert not (first / "keys/ledger").samefile(second / "keys/ledger")
    (second / PHOTO).write_bytes(b"spoil")  # of both, for they are one file: it is not passed on
    make_backup(settings, database, tmp_path / "b/three")
    assert (tmp_path / "b/three/files" / PHOTO).read_bytes() == b"photo"


def _know_photo(connection: Connection, name: str, stored: str, erased: datetime | None) -> None:
    row = {"sha256": name, "stored_sha256": stored, "size": 5, "media_type": "image/jpeg", "sent_by": "nobody"}
    connection.execute(insert(evidence).values(**row, stored_at=datetime.now(UTC), erased_at=erased))


def test_a_photo_that_the_database_names_and_nobody_has_is_told(
    running: tuple[ServiceSettings, Database], tmp_path: Path
) -> None:
    settings, database = running
    with database.writer.begin() as connection:
        stored = files.hash_of(settings.data_folder / PHOTO)
        for name, erased in [("ab" + "cd" * 31, None), ("ef" * 32, None), ("01" * 32, datetime.now(UTC))]:
            _know_photo(connection, name, stored, erased)
    assert make_backup(settings, database, tmp_path / "one").lacking == ("ef" * 32,)
    (settings.data_folder / PHOTO).write_bytes(b"PHOTO")
    assert make_backup(settings, database, tmp_path / "x/two").lacking == ("ab" + "cd" * 31, "ef" * 32)


def test_data_that_is_replaced_is_kept_aside(running: tuple[ServiceSettings, Database], tmp_path: Path) -> None:
    settings, database = running
    make_backup(settings, database, tmp_path / "one")
    before = _rows(database)
    with database.writer.begin() as connection:
        note_look(connection, AT, None, "look", "later")
    later = _rows(database)
    (settings.data_folder / "keys/ledger").write_bytes(b"newer")
    database.close()
    restore_backup(settings, database, tmp_path / "one", replace=True)
    assert _rows(database) == before
    (aside,) = (settings.data_folder / "replaced").iterdir()
    assert (aside / "keys/ledger").read_bytes() == b"newer"
    assert (settings.data_folder / "keys/ledger").read_bytes() == b"key"
    if database.is_sqlite:
        _, old = _deployment(tmp_path / "old", f"sqlite:///{aside / Path(database.url.database or '').name}")
        assert _rows(old) == later
    else:
        with database.read() as connection:
            assert connection.scalar(text(f"SELECT count(*) FROM {aside.name}.looks")) == 2
    make_backup(settings, database, tmp_path / "two")  # what lies aside is not backed up again
    assert not list((tmp_path / "two").rglob("replaced*"))


def test_data_in_use_is_not_moved(running: tuple[ServiceSettings, Database], tmp_path: Path) -> None:
    settings, database = running
    make_backup(settings, database, tmp_path / "one")
    before = _rows(database)
    database.close()
    _, mine = _deployment(tmp_path / "mine", settings.database_url)
    with database.read() as connection:
        assert connection.execute(select(users)).first() is not None
        with pytest.raises(RefusedError, match="in use"):
            restore_backup(settings, mine, tmp_path / "one", replace=True)
    assert _rows(database) == before
    assert (settings.data_folder / PHOTO).exists()


@pytest.mark.slow
def test_a_spoilt_database_is_replaced(tmp_path: Path) -> None:
    settings, database = _deployment(tmp_path / "data")
    migrate(database)
    with database.writer.begin() as connection:
        add_people(connection)
    make_backup(settings, database, tmp_path / "one")
    before = _rows(database)
    database.close()
    file = settings.data_folder / "duongthu.db"
    file.write_bytes(b"nothing of a database" * 1000)
    restore_backup(settings, database, tmp_path / "one", replace=True)
    assert _rows(database) == before
    (aside,) = (settings.data_folder / "replaced").iterdir()
    assert (aside / "duongthu.db").read_bytes().startswith(b"nothing")


@pytest.mark.postgres
@pytest.mark.parametrize("there_too", ["sqlite", "postgresql"])
def test_any_table_survives_the_move(
    there_too: str, database_url: str, tmp_path: Path, postgres: PostgresServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes, emptiness, numbers, a key of two columns, and a row that refers to a later one."""
    metadata = MetaData()
    odd = Table(
        "odd",
        metadata,
        Column("name", String(40), primary_key=True),
        Column("part", Integer, primary_key=True),
        Column("content", LargeBinary),
        Column("share", Float),
        Column("large", BigInteger),
        Column("yes", Boolean),
        Column("after", String(40), unique=True),
        Column("before", ForeignKey("odd.after")),
    )
    monkeypatch.setattr(restoring, "migrate", lambda database, to: _migrate_and_create(database, to, metadata))
    settings, database = _deployment(tmp_path / "data", database_url)
    _migrate_and_create(database, "head", metadata)
    rows = [
        ("Z", 2, b"\x00\xff{}", 0.1 + 0.2, 2**53 + 1, True, "one", "two"),
        ("a", 10, b"", -0.0, -(2**62), False, "two", None),
        ("é", 1, None, None, None, None, "three", "three"),
        ("Z", 1, b'{"base64":"x"}', 1e300, 0, True, '{"base64":"x"}\n', "three"),
    ]
    with database.writer.begin() as connection:
        for row in sorted(rows, key=lambda row: row[7] is not None):
            if row[0] != "Z":
                connection.execute(insert(odd).values(row))
        for row in [rows[0], rows[3]]:
            connection.execute(insert(odd).values(row))
    backup = tmp_path / "one"
    make_backup(settings, database, backup)
    # By code points on both: Z before a before é.
    lines = (backup / "tables/odd.jsonl").read_text(encoding="utf-8").splitlines()
    assert [(json.loads(line)["name"], json.loads(line)["part"]) for line in lines] == [
        ("Z", 1), ("Z", 2), ("a", 10), ("é", 1)
    ]  # fmt: skip
    url = postgres.create(f"odd_{database.url.get_backend_name()}") if there_too == "postgresql" else None
    there, again = _deployment(tmp_path / "there", url)
    restore_backup(there, again, backup)
    with again.read() as connection:
        assert {tuple(row) for row in connection.execute(select(odd))} == set(rows)


def _migrate_and_create(database: Database, to: str, metadata: MetaData) -> tuple[str | None, str]:
    done = migrate(database, to)
    metadata.create_all(database.writer)
    return done


def test_the_commands_say_what_they_did(
    running: tuple[ServiceSettings, Database],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings, database = running
    monkeypatch.setenv("DUONGTHU_DATA_FOLDER", str(settings.data_folder))
    monkeypatch.setenv("DUONGTHU_DATABASE_URL", settings.database_url)
    backup = str(tmp_path / "one")
    assert run(["backup", backup, "--json"]) == ExitCode.OK
    made = json.loads(capsys.readouterr().out)
    assert made["lacking"] == []
    assert run(["restore", backup, "--json"]) == ExitCode.EXISTS
    database.close()
    capsys.readouterr()
    assert run(["restore", backup, "--replace", "--json"]) == ExitCode.OK
    restored = json.loads(capsys.readouterr().out)
    assert (restored["rows"], restored["files"]) == (made["rows"], made["files"])
    (settings.data_folder / PHOTO).unlink()
    with database.writer.begin() as connection:
        _know_photo(connection, "ab" + "cd" * 31, "ab" + "cd" * 31, None)
    assert run(["backup", str(tmp_path / "two"), "--lang", "en"]) == ExitCode.UNPROVEN
    assert "ab" + "cd" * 31 in capsys.readouterr().err
    assert read_manifest(tmp_path / "two").rows["evidence"] == 1
