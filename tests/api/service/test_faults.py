"""The database goes away, is locked, or the disk is full: "try again later", never a failure, and nothing is lost."""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.api.service.custody_made import (
    add_device,
    add_shipments,
    jpeg,
    made,
    name_of,
    proof,
    send,
    verdicts,
    with_device,
)
from tests.api.service.running import Service
from tests.api.service.senders import RETRY, Senders
from tests.api.service.server import ServerProcess
from tests.api.service.test_kill import require_whole
from tests.effort import size
from tests.postgres import PostgresServer

RECOVERY_SECONDS = 10.0
LOCKED_SECONDS = size("LOCKED_SECONDS", 12, 60)
"""Longer than the server waits for a lock."""


class Running:
    """A server in a process of its own, with senders."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder, self.database_url = folder, database_url
        self.server = ServerProcess(folder, database_url)
        token = self.server.write(lambda connection: add_device(connection, "courier", "D1"))
        self.server.write(lambda connection: add_shipments(connection, *(f"S{number}" for number in range(50))))
        self.server.start()
        self.senders = Senders(self.server.port, token, seed=1)
        self.senders.start()
        time.sleep(1)

    def seconds_until_taken(self) -> float:
        """From now until every sender has had an answer that took its proof."""
        began, before = time.monotonic(), [len(one.acknowledged) for one in self.senders.all]
        while any(len(one.acknowledged) == old for one, old in zip(self.senders.all, before, strict=True)):
            assert time.monotonic() - began < 60, "it never recovered"
            time.sleep(0.02)
        return time.monotonic() - began

    def finish(self) -> None:
        """Stop, and hold what is stored against the senders' lists."""
        self.senders.finish()
        self.server.stop()
        statuses = self.senders.total("statuses")
        assert set(statuses) <= {200, *RETRY}, statuses
        assert set(statuses) & RETRY, "the fault was never felt"
        assert not any(one.no_retry_after for one in self.senders.all)
        require_whole(self.folder, self.database_url, self.senders)


@pytest.fixture
def own_postgres(postgres: PostgresServer) -> Iterator[PostgresServer]:
    """Without the databases of other tests: after a crash each of their files is flushed before anything else."""
    server = type(postgres)()
    yield server
    server.close()


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.postgres
@pytest.mark.parametrize("how", [signal.SIGQUIT, signal.SIGINT], ids=["crash", "shutdown"])
def test_a_restart_of_postgresql_is_waited_for(
    own_postgres: PostgresServer, tmp_path: Path, how: signal.Signals
) -> None:
    running = Running(tmp_path, own_postgres.create(f"restarted_{how.name.lower()}"))
    for _ in range(2):
        own_postgres.stop(how)
        time.sleep(1)
        own_postgres.start()
        assert running.seconds_until_taken() <= RECOVERY_SECONDS
    running.finish()


@pytest.mark.long
@pytest.mark.slow
def test_a_locked_database_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "service.db"
    running = Running(tmp_path, f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None, timeout=30)
    other.execute("BEGIN IMMEDIATE")
    time.sleep(LOCKED_SECONDS)
    other.execute("ROLLBACK")
    other.close()
    assert running.seconds_until_taken() <= RECOVERY_SECONDS
    running.finish()


@pytest.mark.parametrize("call", ["write", "fsync"])
@pytest.mark.parametrize("nth", range(1, 7))
def test_a_full_disk_for_photos_turns_away_and_keeps_nothing_half(
    sqlite_service: Service, monkeypatch: pytest.MonkeyPatch, nth: int, call: str
) -> None:
    """Three photos of one or two writes each; the nth write, or flush of a file or folder, finds no room."""
    with_device(sqlite_service, "courier", "D1", "S1")
    photos = [jpeg(bytes([number]) * 5_000) for number in range(3)]
    names = [name_of(photo) for photo in photos]
    event = made("EXCEPTION", 1, data={"trouble": "damaged", "photos": names}, evidence=names)
    fail_at(monkeypatch, call, nth)
    answer = proof(sqlite_service, [event], photos)
    monkeypatch.undo()
    if nth <= (3 if call == "write" else 6):
        assert answer.status_code == 507, answer.text
        assert int(answer.headers["Retry-After"]) > 0
        folder = sqlite_service.runtime.evidence.folder
        wait_until(lambda: not list((folder / "unfinished").iterdir()))  # the other two photos are still being written
        again = proof(sqlite_service, [event], photos)
        assert verdicts(again.json()["answers"]) == [("accepted", [])]
    assert verdicts(proof(sqlite_service, [event], photos).json()["answers"]) == [("duplicate", [])]
    for photo in photos:
        assert sqlite_service.runtime.evidence.read(name_of(photo)) == photo


def wait_until(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < until
        time.sleep(0.01)


def fail_at(monkeypatch: pytest.MonkeyPatch, call: str, nth: int) -> None:
    """Let the nth call of a function of `os` by the files of evidence, and all after it, find no room."""
    true, calls = getattr(os, call), iter(range(1, 1_000))

    def full(*arguments: Any) -> Any:
        if next(calls) >= nth:
            raise OSError(errno.ENOSPC, "no space left on device")
        return true(*arguments)

    monkeypatch.setattr(f"api.evidence.files.os.{call}", full)


@pytest.mark.long
@pytest.mark.slow
def test_a_full_disk_for_the_database_turns_away_at_every_page(sqlite_service: Service) -> None:
    """The file may grow by so many pages and no further; each time nothing acknowledged is lost."""
    with_device(sqlite_service, "courier", "D1", "S1")
    engine = sqlite_service.runtime.database.writer
    acknowledged, turned_away = [], 0
    for room in range(12):
        with engine.connect() as connection:
            pages = connection.scalar(text("PRAGMA page_count")) or 0
            connection.execute(text(f"PRAGMA max_page_count = {pages + room}"))
        for _ in range(400):
            event = made("ATTEMPT", 1, data={"courier_id": "BT-01", "reason": "no_time", "action": "try_again"})
            body = {"sent_at": event["at"], "events": [event]}
            answer = sqlite_service.ask("POST", "/api/v1/custody/events", by="courier", json=body)
            assert answer.status_code in (200, 507), answer.text
            if answer.status_code == 200:
                acknowledged.append(event)
                continue
            assert int(answer.headers["Retry-After"]) > 0
            turned_away += 1
            break
        with engine.connect() as connection:
            connection.execute(text("PRAGMA max_page_count = 1000000"))
        assert verdicts(send(sqlite_service, event)) in ([("accepted", [])], [("duplicate", [])])
    assert turned_away == 12
    assert {verdict for verdict, _ in verdicts(send(sqlite_service, *acknowledged))} == {"duplicate"}
