"""Rows that are put where there may be one already, in one statement: of two servers none fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

_INSERTS: Final[Mapping[str, Callable[[Table], Any]]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def upsert(connection: Connection, table: Table) -> Any:
    """Begin an INSERT with `on_conflict_do_…`, which both databases spell alike (SQLite after PostgreSQL)."""
    return _INSERTS[connection.dialect.name](table)
