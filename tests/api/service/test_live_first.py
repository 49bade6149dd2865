"""Two servers at once: a province's first thing and a courier's first fix are kept, and one fix told twice is one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from api.auth.roles import Role, Scope, Who
from api.db.engine import Database
from api.db.migrating import migrate
from api.live.position_store import Fix, add_fixes
from api.live.tables import last_positions, live_items, positions
from tests.api.service.running import OFFICE, PROVINCE, add_people
from tests.postgres import PostgresServer

AT = datetime(2026, 11, 25, 5, tzinfo=UTC)


def _fix(connection: Connection, device_id: str, minutes: int) -> int:
    who = Who("u", "U", Role.COURIER, Scope(PROVINCE, frozenset({OFFICE})), "s", "BT-01", device_id)
    at = AT + timedelta(minutes=minutes)
    return add_fixes(connection, who, OFFICE, [Fix(at, at, 105.4, 10.4, 10, None, None, False)])


@pytest.mark.postgres
@pytest.mark.parametrize("second", [1, -1])
def test_two_servers_tell_the_first_fix(postgres: PostgresServer, second: int) -> None:
    """The second begins while the first has not committed: it waits for it, and neither fails."""
    with _two_servers(postgres.create(f"first_fix_{second % 7}")) as (one, other):
        kept = _meanwhile(one, other, ("D1", 0), ("D2", second))
        with one.read() as connection:
            told = connection.scalars(select(live_items.c.number).order_by(live_items.c.number)).all()
            last = connection.scalars(select(last_positions.c.at)).all()
    assert kept == [1, 1]
    assert told == ([1, 2] if second > 0 else [1])
    assert last == [AT + timedelta(minutes=max(0, second))]


@pytest.mark.postgres
def test_one_fix_told_to_two_servers_at_once_is_kept_once(postgres: PostgresServer) -> None:
    """A phone that heard no answer asks another server while the first still writes."""
    with _two_servers(postgres.create("same_fix")) as (one, other):
        kept = _meanwhile(one, other, ("D1", 0), ("D1", 0))
        with one.read() as connection:
            assert connection.scalars(select(positions.c.device_at)).all() == [AT]
            assert connection.scalars(select(live_items.c.number)).all() == [1]
    assert kept == [1, 0]


@contextmanager
def _two_servers(url: str) -> Iterator[tuple[Database, Database]]:
    one, other = Database(url), Database(url)
    migrate(one)
    with one.writer.begin() as connection:
        add_people(connection)
    yield one, other
    one.close()
    other.close()


def _meanwhile(one: Database, other: Database, *fixes: tuple[str, int]) -> list[int]:
    """Let the other server keep the second fix before the first has committed; how many each kept as new."""
    kept: list[int] = []

    def later() -> None:
        with other.writer.begin() as connection:
            kept.append(_fix(connection, *fixes[1]))

    thread = threading.Thread(target=later)
    with one.writer.begin() as connection:
        kept.append(_fix(connection, *fixes[0]))
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(30)
    return kept
