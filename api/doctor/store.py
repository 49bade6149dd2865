"""What the checks ask of a database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Table, func, inspect, select, text

from api.auth.tables import users
from api.backup.store import tables

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NEWEST = (("looks", "at"), ("events", "recorded_at"), ("evidence", "stored_at"))
"""Tables that are only ever added to, and when each row came in."""


def newest_record(connection: Connection) -> datetime | None:
    """When the newest thing was written that nobody changes any more."""
    found = {table.name: table for table in tables(connection)}
    moments = [_newest(connection, found[name], column) for name, column in _NEWEST if _has(found, name, column)]
    known = [moment for moment in moments if moment is not None]
    return _EPOCH + timedelta(microseconds=max(known)) if known else None


def broken_by_sqlite(connection: Connection) -> list[str]:
    """What SQLite itself finds wrong in its file; references are followed only in a file that can be read."""
    damage = [str(row[0]) for row in connection.execute(text("PRAGMA quick_check"))]
    if damage != ["ok"]:
        return damage
    return [f"{row[0]}: foreign key" for row in connection.execute(text("PRAGMA foreign_key_check"))]


def sqlite_modes(connection: Connection) -> tuple[str, int]:
    """Journal mode and `synchronous` of a connection."""
    journal = connection.execute(text("PRAGMA journal_mode")).scalar_one()
    return str(journal), int(connection.execute(text("PRAGMA synchronous")).scalar_one())


def postgres_settings(connection: Connection) -> dict[str, str]:
    """Settings of PostgreSQL that decide whether an acknowledged write survives."""
    names = ("fsync", "full_page_writes", "synchronous_commit", "server_version_num")
    return {name: str(connection.scalar(select(func.current_setting(name)))) for name in names}


def administrators(connection: Connection) -> int:
    """How many administrators may log in."""
    able = users.c.role == "admin", users.c.disabled.is_(False)
    return connection.execute(select(func.count()).select_from(users).where(*able)).scalar_one()


def overdue_jobs(connection: Connection, at: datetime) -> Sequence[str]:
    """Jobs that say they run, though nobody has renewed their lease."""
    if not inspect(connection).has_table("jobs"):
        return []
    query = "SELECT job_id FROM jobs WHERE state = 'running' AND lease_until < :at ORDER BY job_id"
    return connection.scalars(text(query), {"at": (at - _EPOCH) // timedelta(microseconds=1)}).all()


def _has(found: dict[str, Table], name: str, column: str) -> bool:
    return name in found and column in found[name].c


def _newest(connection: Connection, table: Table, column: str) -> Any:
    # Through the database's own column: what a moment is in the program does not matter here.
    return connection.scalar(select(func.max(table.c[column])))
