"""Hostile input is answered in words, and two servers on one database keep one chain."""

from __future__ import annotations

import errno
import json
import threading
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from api.auth.roles import Role, Scope, Who
from api.auth.tables import users
from api.custody.answers import examine
from api.custody.batch import Batch
from api.custody.chain import first_hash, record_hash
from api.custody.intake import Intake
from api.custody.tables import event_shipments, events
from api.custody.verdicts import Verdict
from api.db.engine import Database
from api.db.failures import storage_failed
from api.db.migrating import migrate
from api.db.writer import Writer
from api.errors import StorageFullError
from api.evidence.files import Arriving, Stored
from api.evidence.retention import delete_marked, mark_old
from api.evidence.tables import evidence
from tests.api.service.custody_made import (
    add_device,
    add_shipments,
    batch,
    jpeg,
    made,
    name_of,
    send,
    verdicts,
    with_device,
)
from tests.api.service.running import OFFICE, PROVINCE, Service, add_people
from tests.postgres import PostgresServer

EVENTS, EVIDENCE = "/api/v1/custody/events", "/api/v1/evidence"
NOTE = {"courier_id": "BT-01", "reason": "no_time", "action": "try_again"}
DEEP: Any = 1
for _ in range(300):
    DEEP = [DEEP]

HOSTILE: dict[str, Any] = {
    "last year": {"at": "9999-12-31T23:59:59-12:00"},
    "first year": {"at": "0001-01-01T00:00:00+14:00"},
    "half a pair": {"event_id": "\ud800"},
    "null letter in an id": {"event_id": "a\u0000b"},
    "null letter in a note": {"data": {**NOTE, "note": "a\u0000b"}},
    "null letter in a key": {"data": {**NOTE, "a\u0000b": 1}},
    "deep": {"data": {**NOTE, "extra": DEEP}},
    "long id": {"event_id": "x" * 100_000},
    "huge counter": {"counter": 2**53 - 1},
    "no signature": {"signature": "A"},
}


@pytest.mark.parametrize("name", list(HOSTILE))
def test_a_hostile_event_is_answered_and_the_next_is_taken(service: Service, name: str) -> None:
    with_device(service, "courier", "D1", "S1")
    fields = {name: value for name, value in HOSTILE[name].items() if name != "signature"}
    try:
        event = made("ATTEMPT", **{"counter": 1, "data": NOTE, **fields})
    except ValueError:  # what cannot be signed is sent unsigned
        event = {**made("ATTEMPT", 1, data=NOTE), **fields}
    event |= {key: value for key, value in HOSTILE[name].items() if key == "signature"}
    body = json.dumps(batch(event, made("ATTEMPT", 2, data=NOTE)))
    for _ in range(2):
        answer = service.ask("POST", EVENTS, by="courier", content=body)
        assert answer.status_code == 200, answer.text
        assert answer.json()["answers"][1]["verdict"] in ("accepted", "duplicate", "incomplete")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"7", b'{"events": []}', b'{"sent_at": "x", "events": [1]}', b"[" * 100_000, b"\xff",
     b'{"sent_at": "2026-12-07T08:00:00", "events": [1]}',
     b'{"sent_at": "2026-12-07T08:00:00Z", "events": []}', b'{"sent_at": "9999-12-31T23:59:59Z", "events": [1]}'],
)  # fmt: skip
def test_a_body_that_is_no_batch_is_refused(sqlite_service: Service, body: bytes) -> None:
    with_device(sqlite_service)
    answer = sqlite_service.ask("POST", EVENTS, by="courier", content=body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "bad_input")


def test_a_clock_of_another_century_is_looked_at(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    event = made("ATTEMPT", 1, data=NOTE, at="1970-01-01T00:00:00+00:00")
    sent = {"sent_at": "1970-01-01T00:01:00+00:00", "events": [event]}
    answer = service.ask("POST", EVENTS, by="courier", json=sent)
    assert verdicts(answer.json()["answers"]) == [("accepted", [])]
    late = made("ATTEMPT", 2, data=NOTE, at="2199-12-31T23:59:59-12:00")
    sent = {"sent_at": "1970-01-01T00:01:00+00:00", "events": [late]}
    answer = service.ask("POST", EVENTS, by="courier", json=sent)
    assert verdicts(answer.json()["answers"]) == [("incomplete", ["in_the_future"])]
    shown = service.ask("GET", "/api/v1/shipments/S1/history", by="desk")
    assert len(shown.json()["events"]) == 2


def test_a_file_that_is_not_what_it_should_be_is_refused(sqlite_service: Service) -> None:
    with_device(sqlite_service)
    picture = jpeg(b"x" * 100)
    wrong = sqlite_service.ask("POST", EVIDENCE, by="courier", content=picture, headers={"X-Sha256": "0" * 64})
    assert (wrong.status_code, wrong.json()["error"]["code"]) == (422, "bad_file")
    cut = sqlite_service.ask("POST", EVIDENCE, by="courier", content=picture[:50])
    assert (cut.status_code, cut.json()["error"]["code"]) == (422, "bad_file")
    large = jpeg(b"x" * (sqlite_service.runtime.settings.evidence_bytes + 1))
    assert sqlite_service.ask("POST", EVIDENCE, by="courier", content=large).status_code == 413
    assert sqlite_service.ask("GET", f"{EVIDENCE}/{name_of(picture)}", by="desk").status_code == 404


def test_a_photo_is_shown_within_its_province_only(service: Service) -> None:
    with_device(service)
    picture = jpeg(b"x" * 100)
    assert service.ask("POST", EVIDENCE, by="courier", content=picture).status_code == 200
    shown = service.ask("GET", f"{EVIDENCE}/{name_of(picture)}", by="desk")
    assert (shown.content, shown.headers["content-type"]) == (picture, "image/jpeg")
    assert service.ask("GET", f"{EVIDENCE}/{name_of(picture)}", by="far-dispatcher").status_code == 404


def test_what_comes_through_anothers_session_is_looked_at(service: Service) -> None:
    with_device(service, "courier", "D1", "S1")
    with_device(service, "desk", "D2")
    assert verdicts(send(service, made("ATTEMPT", 1, data=NOTE), by="desk")) == [("incomplete", ["sent_by_another"])]


def test_a_photo_that_cannot_be_written_fails_its_own_batch_only(tmp_path: Path) -> None:
    """Batches that wait together share a transaction, and each photo is flushed while the database is asked."""
    database = Database(f"sqlite:///{tmp_path / 'service.db'}")
    migrate(database)
    writer = Writer(database)
    who = _courier(database, writer, "S1", "S2", "S3")
    intake, busy = Intake(writer, "test/ledger"), threading.Event()
    writer.submit(lambda _: busy.wait(10))  # so that all three wait together
    on_disk = [_written(), _written(storage_failed(OSError(errno.ENOSPC, "full"))), _written()]
    waiting = [
        intake.submit(Batch(who, (examine(made("ATTEMPT", number, code=f"S{1 + number}", data=NOTE)),), (file,)))
        for number, file in enumerate(
            Arriving(Stored(name * 64, name * 64, 1, "image/jpeg"), one)
            for name, one in zip("abc", on_disk, strict=True)
        )
    ]
    busy.set()
    assert [type(one.exception(10)) for one in waiting] == [type(None), StorageFullError, type(None)]
    with database.read() as connection:
        kept = connection.scalars(select(event_shipments.c.code).order_by(event_shipments.c.code)).all()
        photos = connection.scalars(select(evidence.c.sha256).order_by(evidence.c.sha256)).all()
    assert (kept, photos) == (["S1", "S3"], ["a" * 64, "c" * 64])
    writer.close()
    database.close()


def test_a_sender_that_gives_up_leaves_the_others_their_answers(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'service.db'}")
    migrate(database)
    writer = Writer(database)
    who = _courier(database, writer, "S1", "S2", "S3")
    intake, busy = Intake(writer, "test/ledger"), threading.Event()
    writer.submit(lambda _: busy.wait(10))
    waiting = [
        intake.submit(Batch(who, (examine(made("ATTEMPT", number, code=f"S{number}", data=NOTE)),)))
        for number in (1, 2, 3)
    ]
    assert waiting[1].cancel()
    busy.set()
    assert [one.result(10)[0].verdict for one in (waiting[0], waiting[2])] == [Verdict.ACCEPTED] * 2
    with database.read() as connection:
        kept = connection.scalars(select(event_shipments.c.code).order_by(event_shipments.c.code)).all()
    assert kept == ["S1", "S3"]
    writer.close()
    database.close()


def test_a_batch_that_the_database_refuses_harms_no_other(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'service.db'}")
    migrate(database)
    writer = Writer(database)
    who = _courier(database, writer, "S1", "S2")
    intake, busy = Intake(writer, "test/ledger"), threading.Event()
    writer.submit(lambda _: busy.wait(10))
    refused = Arriving(Stored("no name of a file", "", 1, "image/jpeg"), _written())
    waiting = [
        intake.submit(Batch(who, (examine(made("ATTEMPT", number, code=f"S{number}", data=NOTE)),), files))
        for number, files in ((1, (refused,)), (2, ()))
    ]
    busy.set()
    assert [one.exception(10) is None for one in waiting] == [False, True]
    writer.close()
    database.close()


def _written(error: Exception | None = None) -> Future[None]:
    done: Future[None] = Future()
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
    return done


def _courier(database: Database, writer: Writer, *codes: str) -> Who:
    """A courier with device D1, in a database where these shipments are registered."""
    writer.write_now(add_people)
    writer.write_now(lambda connection: add_device(connection, "courier", "D1"))
    writer.write_now(lambda connection: add_shipments(connection, *codes))
    with database.read() as connection:
        user_id = connection.scalar(select(users.c.user_id).where(users.c.login == "courier"))
    return Who(str(user_id), "courier", Role.COURIER, Scope(PROVINCE, frozenset({OFFICE})), "session", "BT-01", "D1")


@pytest.mark.postgres
def test_two_servers_on_one_database_keep_one_chain(postgres: PostgresServer, tmp_path: Path) -> None:
    url = postgres.create("two_servers")
    first = Database(url)
    migrate(first)
    databases = [first, Database(url)]
    writers = [Writer(database) for database in databases]
    who = _courier(first, writers[0], "S1", "S2")
    intakes = [Intake(writer, "test/ledger") for writer in writers]
    queue = [examine(made("ATTEMPT", number, code=f"S{1 + number % 2}", data=NOTE)) for number in range(200)]
    found: list[list[Verdict]] = [[], []]

    def work(number: int) -> None:
        """Both send every event, one from the front and one from the back."""
        for one in queue if number == 0 else reversed(queue):
            (answer,) = intakes[number].submit(Batch(who, (one,), (), timedelta(0))).result(60)
            found[number].append(answer.verdict)

    threads = [threading.Thread(target=work, args=(number,)) for number in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    with first.read() as connection:
        rows = connection.execute(select(events).order_by(events.c.seq)).all()
    assert len(rows) == 200
    assert sorted([*found[0], *found[1]]) == [Verdict.ACCEPTED] * 200 + [Verdict.DUPLICATE] * 200
    before = first_hash("test/ledger")
    for seq, row in enumerate(rows):
        before = record_hash(before, row.record.encode())
        assert (row.seq, row.hash) == (seq, before)
    for writer, database in zip(writers, databases, strict=True):
        writer.close()
        database.close()
    assert min(row.recorded_at for row in rows) > datetime(2026, 1, 1, tzinfo=UTC)


def test_an_old_photo_is_really_deleted_and_may_come_again(service: Service) -> None:
    with_device(service)
    runtime, picture = service.runtime, jpeg(b"x" * 100)
    path = f"{EVIDENCE}/{name_of(picture)}"
    assert service.ask("POST", EVIDENCE, by="courier", content=picture).status_code == 200
    now = datetime.now(UTC)
    assert runtime.writer.write_now(lambda c: mark_old(c, now - timedelta(days=1))) == 0
    assert runtime.writer.write_now(lambda c: mark_old(c, now + timedelta(seconds=2))) == 1
    assert runtime.evidence.has(name_of(picture))
    delete_marked(runtime.database, runtime.evidence)
    assert not runtime.evidence.has(name_of(picture))
    gone = service.ask("GET", path, by="desk")
    assert (gone.status_code, "erased by retention" in gone.json()["error"]["message_en"]) == (404, True)
    assert service.ask("POST", EVIDENCE, by="courier", content=picture).status_code == 200
    assert service.ask("GET", path, by="desk").content == picture
