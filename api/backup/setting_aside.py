"""
Room for a restore where data lies already: it is moved aside, never deleted.

The service has to be stopped first, for what it writes to data that was moved away would be lost; both databases are
asked whether somebody else still has them open.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from api.backup.files import flush_folder
from api.backup.making import BACKUPS, REPLACED
from api.backup.store import close_sqlite_for_good, other_sessions, rename_schema
from api.db.engine import Database
from api.errors import RefusedError
from api.service.settings import ServiceSettings


def set_aside(settings: ServiceSettings, database: Database) -> str:
    """
    Move the data of a stopped deployment aside.

    Returns
    -------
    name
        Of the folder in `replaced` of the data folder; on PostgreSQL also of the schema that has the tables now.

    Raises
    ------
    RefusedError
        When somebody else has the database open.
    """
    name = datetime.now(UTC).strftime("replaced_%Y%m%dt%H%M%S%f")
    aside = settings.data_folder / REPLACED / name
    if database.is_sqlite:
        moved = _sqlite_files(database)
    else:
        _set_tables_aside(database, name)
        moved = []
    aside.mkdir(parents=True, mode=0o700)
    for path in moved:
        path.rename(aside / path.name)
    for path in sorted(settings.data_folder.iterdir()):
        if path.name not in {BACKUPS, REPLACED}:
            path.rename(aside / path.name)
    flush_folder(aside)
    flush_folder(settings.data_folder)
    return name


def _sqlite_files(database: Database) -> list[Path]:
    base = Path(database.url.database or "")
    if not base.exists():
        return []
    if not close_sqlite_for_good(database):
        raise _in_use()
    return [path for end in ("", "-wal", "-shm") if (path := base.with_name(base.name + end)).exists()]


def _set_tables_aside(database: Database, name: str) -> None:
    with database.writer.begin() as connection:
        if other_sessions(connection):
            raise _in_use()
        rename_schema(connection, name)


def _in_use() -> RefusedError:
    return RefusedError(
        "Cơ sở dữ liệu đang được dùng: hãy dừng dịch vụ trước.", "The database is in use: stop the service first."
    )
