"""A service with a fresh database: once on SQLite, once on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.api.service.running import Service
from tests.postgres import BINARIES, PostgresServer

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    if not BINARIES:
        pytest.skip("PostgreSQL: install the package postgresql")
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Of an empty database; a test that takes it runs on both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'service.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.create(f"test_{next(_numbers)}")


@pytest.fixture
def service(database_url: str, tmp_path: Path) -> Iterator[Service]:
    """A service with one province, `89`, and a user a role, on both kinds of database."""
    with Service.opened(database_url, tmp_path) as opened:
        yield opened


@pytest.fixture
def sqlite_service(tmp_path: Path) -> Iterator[Service]:
    """The same on SQLite only, for what no database changes."""
    with Service.opened(f"sqlite:///{tmp_path / 'service.db'}", tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def sqlite_service_of_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One for all tests of a file that change nothing."""
    folder = tmp_path_factory.mktemp("service")
    with Service.opened(f"sqlite:///{folder / 'service.db'}", folder) as opened:
        yield opened
