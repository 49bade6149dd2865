"""
The database behind the service: SQLite in one file by default, PostgreSQL by URL.

SQLite runs in WAL mode with `synchronous=FULL`: readers never wait for the writer, and what is acknowledged is on disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from api.db.failures import translated
from api.errors import RefusedError

BUSY_SECONDS = 5.0
"""How long to wait for a lock that another process holds on SQLite, or for a connection."""
READERS = 8
"""Connections for reading kept open."""


class Database:
    """
    Engines for one database: many that read, one that writes.

    Parameters
    ----------
    url
        `sqlite:///folder/file.db` or `postgresql://user:password@host/name`.
    busy_seconds
        How long to wait for a lock or a connection.

    Raises
    ------
    RefusedError
        When the address names neither.
    """

    def __init__(self, url: str, *, busy_seconds: float = BUSY_SECONDS) -> None:
        self.url = _with_driver(url)
        self.busy_seconds = busy_seconds
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._reader = self._engine(READERS, writes=False)
        self.writer = self._engine(1, writes=True)
        """For `Writer`, migrations and backups only."""

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """
        Give a connection with one snapshot; it cannot write.

        Raises
        ------
        UnavailableError
            When the database does not answer, or every connection is busy.
        """
        try:
            with self._reader.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise translated(error) from error

    def close(self) -> None:
        """Close every connection."""
        self._reader.dispose()
        self.writer.dispose()

    def _engine(self, size: int, *, writes: bool) -> Engine:
        if self.is_sqlite:
            return _sqlite(self.url, size, self.busy_seconds, writes=writes)
        isolation = "READ COMMITTED" if writes else "REPEATABLE READ"
        engine = create_engine(
            self.url,
            pool_size=size,
            max_overflow=0,
            pool_timeout=self.busy_seconds,
            pool_pre_ping=True,
            connect_args={"connect_timeout": max(2, round(self.busy_seconds))},
            isolation_level=isolation,
        )
        if not writes:
            engine = engine.execution_options(postgresql_readonly=True)
        return engine


def _with_driver(text: str) -> URL:
    try:
        url = make_url(text)
    except ArgumentError:
        url = None
    name = url.get_backend_name() if url is not None else ""
    if url is None or name not in {"sqlite", "postgresql"}:
        raise RefusedError(
            "Địa chỉ cơ sở dữ liệu phải là sqlite:///tệp.db hoặc postgresql://người_dùng@máy/tên.",
            "The database address has to be sqlite:///file.db or postgresql://user@host/name.",
        )
    return url.set(drivername="postgresql+psycopg") if name == "postgresql" else url


def _sqlite(url: URL, size: int, busy_seconds: float, *, writes: bool) -> Engine:
    engine = create_engine(
        url,
        pool_size=size,
        max_overflow=0,
        pool_timeout=busy_seconds,
        connect_args={"check_same_thread": False, "timeout": busy_seconds},
    )

    @event.listens_for(engine, "connect")
    def _prepare(dbapi_connection: Any, _: Any) -> None:
        # The driver's own idea of transactions is switched off: it would begin them too late for a snapshot.
        dbapi_connection.isolation_level = None
        cursor = dbapi_connection.cursor()
        for pragma in _pragmas(writes=writes):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begin(dbapi_connection: Any) -> None:
        dbapi_connection.execute("BEGIN IMMEDIATE" if writes else "BEGIN")

    # Not as a listener: an engine that has one asks for listeners around every statement.
    engine.dialect.do_begin = begin  # type: ignore[method-assign]
    return engine


def _pragmas(*, writes: bool) -> tuple[str, ...]:
    common = ("foreign_keys=ON", "temp_store=MEMORY", "cache_size=-65536", "mmap_size=268435456")
    if writes:
        return ("journal_mode=WAL", "synchronous=FULL", "wal_autocheckpoint=4000", "secure_delete=ON", *common)
    return ("query_only=ON", *common)
