"""
Every row of a database as JSON lines, and back; the same text from SQLite and from PostgreSQL.

The columns are those of the database, not of the program: a backup is what was there. Rows come in the order of their
primary key, so that the restored database can be held, byte by byte, against what was read.
"""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from itertools import islice
from typing import Any

from sqlalchemy import Column, Connection, MetaData, String, Table, collate, func, insert, inspect, select, text

from api.db.engine import Database

VERSIONS = "alembic_version"
"""Alembic's own table: the manifest names the migration."""
_TOGETHER = 500
"""Rows in one statement."""


def tables(connection: Connection) -> list[Table]:
    """The tables of a database as they are there, by name."""
    seen = inspect(connection)
    return [_table(seen, name) for name in sorted(seen.get_table_names()) if name != VERSIONS]


def is_empty(connection: Connection) -> bool:
    """Whether no table has a row."""
    return all(connection.execute(select(table).limit(1)).first() is None for table in tables(connection))


def row_lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """Every row, a line of JSON each; within the transaction of the connection."""
    query = select(table).order_by(*(_ordered(connection, column) for column in _key(table)))
    found = connection.execution_options(yield_per=_TOGETHER).execute(query)
    for row in found.mappings():
        yield _line(dict(row))


def add_rows(connection: Connection, table: Table, lines: Iterable[bytes]) -> None:
    """Put lines of `row_lines` into an empty table."""
    rows = (json.loads(line, object_hook=_value) for line in lines)
    while batch := list(islice(rows, _TOGETHER)):
        connection.execute(insert(table), batch)


@contextmanager
def references_checked_at_the_end(connection: Connection) -> Iterator[None]:
    """Let rows come in any order; what refers to nothing fails at the end, or at the commit."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("PRAGMA defer_foreign_keys = ON"))
        yield
        return
    references = list(_references(connection))
    for table, name in references:
        connection.execute(text(f"ALTER TABLE {table} ALTER CONSTRAINT {name} DEFERRABLE"))
    connection.execute(text("SET CONSTRAINTS ALL DEFERRED"))
    yield
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
    for table, name in references:
        connection.execute(text(f"ALTER TABLE {table} ALTER CONSTRAINT {name} NOT DEFERRABLE"))


def count_on(connection: Connection, table: Table) -> None:
    """Let numbers that PostgreSQL counts up begin after the highest; SQLite does that by itself."""
    if connection.dialect.name == "sqlite":
        return
    for column in table.primary_key:
        counter = connection.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
        if counter is not None:
            highest = connection.scalar(select(func.max(column)))
            connection.execute(select(func.setval(counter, highest or 1, highest is not None)))


def kept_evidence(connection: Connection) -> dict[str, str]:
    """The photos that a database names and has not erased: SHA-256 in events -> SHA-256 on disk."""
    found = [table for table in tables(connection) if table.name == "evidence"]
    if not found:
        return {}
    evidence = found[0].c
    rows = connection.execute(select(evidence.sha256, evidence.stored_sha256).where(evidence.erased_at.is_(None)))
    return {row.sha256: row.stored_sha256 for row in rows}


def close_sqlite_for_good(database: Database) -> bool:
    """
    Write SQLite's log back into its file, so that the file is everything; False when somebody else has it open.

    Leaving WAL needs the file for oneself alone. A file that cannot be read any more is let go as it is.
    """
    database.close()
    try:
        with closing(database.writer.raw_connection()) as connection:
            return bool(connection.cursor().execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",))
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return False
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
            return True
        raise
    finally:
        database.close()


def other_sessions(connection: Connection) -> int:
    """How many others are connected to this PostgreSQL database."""
    query = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    return int(connection.execute(text(query)).scalar_one())


def rename_schema(connection: Connection, to: str) -> None:
    """Give PostgreSQL's tables another schema, and leave an empty one in its place."""
    quote = connection.dialect.identifier_preparer.quote
    schema = quote(str(connection.scalar(select(func.current_schema()))))
    connection.execute(text(f"ALTER SCHEMA {schema} RENAME TO {quote(to)}"))
    connection.execute(text(f"CREATE SCHEMA {schema}"))


def _table(seen: Any, name: str) -> Table:
    key = set(seen.get_pk_constraint(name)["constrained_columns"])
    columns = [column for column in seen.get_columns(name) if "computed" not in column]
    return Table(name, MetaData(), *(Column(c["name"], c["type"], primary_key=c["name"] in key) for c in columns))


def _key(table: Table) -> list[Any]:
    return list(table.primary_key) or list(table.columns)


def _ordered(connection: Connection, column: Any) -> Any:
    """By code points: PostgreSQL would sort by the language of its cluster."""
    plain = connection.dialect.name == "sqlite" or not isinstance(column.type, String)
    return column if plain else collate(column, "C")


def _line(row: dict[str, Any]) -> bytes:
    for name, value in row.items():
        if isinstance(value, bytes):
            row[name] = {"base64": base64.b64encode(value).decode()}
        elif isinstance(value, float):
            row[name] = value + 0.0  # SQLite knows no -0.0
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"), allow_nan=False, sort_keys=True).encode() + b"\n"


def _value(found: dict[str, Any]) -> Any:
    return base64.b64decode(found["base64"]) if found.keys() == {"base64"} else found


def _references(connection: Connection) -> Iterator[tuple[str, str]]:
    seen, quote = inspect(connection), connection.dialect.identifier_preparer.quote
    for name in seen.get_table_names():
        for reference in seen.get_foreign_keys(name):
            yield quote(name), quote(str(reference["name"]))
