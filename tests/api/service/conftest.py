"""A service with a fresh database: once on SQLite, once on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.api.service.courier_day import SMALL, Book, CourierDay, courier_day
from tests.api.service.courier_phone import CourierPhone
from tests.api.service.running import KINDS, Service, migrate_new
from tests.api.service.today import begin_a_day
from tests.postgres import BINARIES, PostgresServer

_numbers = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    if not BINARIES:
        pytest.skip("PostgreSQL: install the package postgresql")
    server = PostgresServer("fsync=off")  # no test cuts the machine's power
    yield server
    server.close()


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PostgresServer) -> str:
    """The name of a database that PostgreSQL copies for each test: faster than to migrate each."""
    name = "migrated"
    migrate_new(postgres.create(name))
    return name


@pytest.fixture(params=KINDS)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Of a database without a table; a test that takes it runs on both kinds."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'service.db'}"
    else:
        with _created(request.getfixturevalue("postgres")) as url:
            yield url


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Of a database that is migrated and has no row; a test that takes it runs on both kinds."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'service.db'}"
        migrate_new(url)
        yield url
    else:
        like = request.getfixturevalue("migrated_postgres")
        with _created(request.getfixturevalue("postgres"), like=like) as url:
            yield url


@contextmanager
def _created(server: PostgresServer, **options: str) -> Iterator[str]:
    """A database for one test."""
    name = f"test_{next(_numbers)}"
    yield server.create(name, **options)
    server.drop(name)


@pytest.fixture
def within_a_day() -> None:
    """What a test does today, it does before midnight."""
    begin_a_day()


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


@pytest.fixture
def book() -> Book:
    """The courier's day; a file has another one by a fixture of this name."""
    return SMALL


@pytest.fixture
def day(book: Book, tmp_path: Path) -> Iterator[CourierDay]:
    with courier_day(tmp_path, book) as found:
        yield found


@pytest.fixture
def phone(browser: Browser, day: CourierDay) -> Iterator[CourierPhone]:
    """Enrolled, with the round."""
    found = CourierPhone.taken_up(browser)
    found.enrol(day.enrolment())
    yield found
    found.context.close()
    assert found.complaints == []


@pytest.fixture
def loaded(phone: CourierPhone, book: Book) -> CourierPhone:
    """Carrying what lay at the base, as the server knows."""
    phone.load(book.loaded)
    phone.unsent(0)
    return phone
