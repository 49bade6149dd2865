"""Bringing a database up to the program's schema, by numbered Alembic migrations; the program never does it unasked."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from api.db.engine import Database
from api.db.failures import translated
from api.errors import RefusedError

_FOLDER = Path(__file__).with_name("migrations")


def migrate(database: Database, to: str = "head") -> tuple[str | None, str]:
    """
    Run the migrations that are due, all of them in one transaction.

    Returns
    -------
    before, after
        Revisions; None = the database was empty.
    """
    config = _config()
    before = revision(database)
    with database.writer.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
    after = revision(database)
    assert after is not None
    return before, after


def revision(database: Database) -> str | None:
    """
    The migration that a database is at; None = empty.

    Raises
    ------
    UnavailableError
        When it does not answer.
    """
    try:
        with database.writer.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    except Exception as error:
        raise translated(error) from error


@cache
def newest() -> str:
    """The migration that this program wants."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    assert head is not None
    return head


def require_migrated(database: Database) -> None:
    """
    Make sure that database and program belong together.

    Raises
    ------
    RefusedError
        With what to do.
    """
    found, wanted = revision(database), newest()
    if found != wanted:
        raise RefusedError(
            f"Cơ sở dữ liệu ở phiên bản {found or 'trống'}, chương trình cần {wanted}. Hãy chạy: duongthu migrate",
            f"The database is at {found or 'nothing'}, the program wants {wanted}. Run: duongthu migrate",
        )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    config.set_main_option("version_path_separator", "os")
    return config
