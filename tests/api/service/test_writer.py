"""The writer: what is acknowledged is there, what is refused leaves no trace, and one refusal harms nobody else."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import DBAPIError

from api.auth.tables import provinces
from api.db.engine import READERS, Database
from api.db.migrating import migrate, newest, revision
from api.db.writer import Writer
from api.errors import ExistsError, RefusedError, UnavailableError


@pytest.fixture
def database(database_url: str) -> Database:
    return Database(database_url, busy_seconds=0.3)


def _add(name: str) -> Callable[[Connection], object]:
    return lambda connection: connection.execute(insert(provinces).values(province_id=name, name=name))


def _names(database: Database) -> set[str]:
    with database.read() as connection:
        return set(connection.scalars(select(provinces.c.province_id)))


def test_a_refused_work_leaves_no_trace_and_harms_nobody(database: Database) -> None:
    writer = Writer(database)

    def refuse(connection: Connection) -> None:
        _add("half")(connection)
        raise RefusedError("không", "no")

    hold = threading.Event()
    first = writer.submit(lambda _: hold.wait(5))
    futures = [writer.submit(work) for work in (_add("a"), refuse, _add("a"), _add("b"))]
    hold.set()
    writer.close()
    assert first.result() is True
    assert isinstance(futures[1].exception(), RefusedError)
    assert isinstance(futures[2].exception(), ExistsError)
    assert futures[0].exception() is futures[3].exception() is None
    assert _names(database) == {"a", "b"}
    database.close()


def test_a_closed_writer_finishes_what_waits_and_takes_nothing_new(database: Database) -> None:
    writer = Writer(database)
    futures = [writer.submit(_add(str(i))) for i in range(50)]
    writer.close()
    assert all(future.exception() is None for future in futures)
    with pytest.raises(UnavailableError):
        writer.submit(_add("late"))
    assert len(_names(database)) == 50
    database.close()


def test_a_locked_database_is_unavailable_and_comes_back(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'a.db'}", busy_seconds=0.2)
    migrate(database)
    writer = Writer(database)
    other = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(UnavailableError) as refused:
        writer.write_now(_add("a"))
    assert refused.value.retry_after > 0
    other.execute("ROLLBACK")
    other.close()
    writer.write_now(_add("a"))
    writer.close()
    assert _names(database) == {"a"}
    database.close()


def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises((UnavailableError, DBAPIError)), database.read() as connection:
        _add("a")(connection)
    with database.read() as connection:
        assert connection.scalar(select(func.count()).select_from(provinces)) == 0
    database.close()


def test_migrating_twice_changes_nothing(database: Database) -> None:
    assert migrate(database) == (newest(), newest())
    assert revision(database) == newest()
    database.close()


def test_a_statement_that_the_database_cannot_read_harms_nobody_else(database: Database) -> None:
    writer = Writer(database)
    hold = threading.Event()
    writer.submit(lambda _: hold.wait(5))
    before, broken, after = (
        writer.submit(work) for work in (_add("a"), lambda c: c.exec_driver_sql("NO SUCH STATEMENT"), _add("b"))
    )
    hold.set()
    writer.close()
    assert isinstance(broken.exception(), DBAPIError)
    assert before.exception() is after.exception() is None
    assert _names(database) == {"a", "b"}
    database.close()


def test_the_writer_outlives_whatever_a_work_raises(database: Database) -> None:
    class Unforeseen(BaseException):
        pass

    def panic(_: Connection) -> None:
        raise Unforeseen

    writer = Writer(database)
    with pytest.raises(Unforeseen):
        writer.submit(panic).result(5)
    writer.submit(_add("a")).result(5)
    writer.close()
    assert _names(database) == {"a"}
    database.close()


def test_when_every_reader_is_busy_the_next_one_is_told_to_come_back(database: Database) -> None:
    with ExitStack() as busy:
        for _ in range(READERS):
            busy.enter_context(database.read())
        with pytest.raises(UnavailableError), database.read():
            pass
    database.close()
