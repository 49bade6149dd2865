"""
The way back from a backup, into a deployment that is empty, or whose data is moved aside: nothing is ever overwritten.

Every file is verified before anything is touched. At the end the restored database is read once more, and has to give
the very bytes that were backed up.
"""

from __future__ import annotations

import shutil
from hashlib import sha256
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import Connection

from api.backup.files import flush_folder, flush_folders, parts_of, write_flushed
from api.backup.making import data_files
from api.backup.manifest import FILES, TABLES, Manifest, damaged, read_manifest, verify
from api.backup.setting_aside import set_aside
from api.backup.store import (
    add_rows,
    count_on,
    is_empty,
    references_checked_at_the_end,
    row_lines,
    tables,
)
from api.db.engine import Database
from api.db.failures import translated
from api.db.migrating import migrate, revision
from api.errors import ApiError, ExistsError, RefusedError
from api.service.settings import ServiceSettings

UNFINISHED = "restoring.part"


def restore_backup(settings: ServiceSettings, database: Database, backup: Path, *, replace: bool = False) -> Manifest:
    """
    Restore a backup.

    Parameters
    ----------
    replace
        Move data that is there aside first (`set_aside`); the service has to be stopped.

    Returns
    -------
    manifest
        Of the backup; its migration may be older than the program's: `duongthu migrate` comes next then.

    Raises
    ------
    RefusedError
        Naming what is damaged, when a newer program made the backup, or when data to be replaced is in use.
    ExistsError
        When the deployment has rows or files.
    StorageFullError
        When the disk is full.
    """
    manifest = read_manifest(backup)
    verify(backup, manifest)
    settings.data_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = settings.data_folder / UNFINISHED
    if unfinished.exists():  # of a restore that did not end
        shutil.rmtree(unfinished)
    if replace:
        set_aside(settings, database)
    _require_empty(settings, database)
    try:
        _copy_back(backup, manifest, unfinished)
        _migrate(database, manifest.migration)
        with database.writer.begin() as connection:
            _load(connection, backup, manifest)
            _put_in_place(unfinished, settings.data_folder)
    except ApiError:
        raise
    except Exception as error:
        raise translated(error) from error
    return manifest


def _require_empty(settings: ServiceSettings, database: Database) -> None:
    in_the_way = next(data_files(settings, database), None)
    if in_the_way is None and revision(database) is not None:
        with database.read() as connection:
            in_the_way = None if is_empty(connection) else Path(database.url.database or "")
    if in_the_way is not None:
        raise ExistsError(
            f"Đã có dữ liệu ({in_the_way}); chỉ phục hồi vào nơi còn trống, không ghi đè.",
            f"There is data already ({in_the_way}); a backup goes into an empty place, nothing is overwritten.",
        )


def _copy_back(backup: Path, manifest: Manifest, to: Path) -> None:
    to.mkdir(mode=0o700)
    for path, kept in manifest.files.items():
        if path.startswith(f"{FILES}/"):
            written = write_flushed(to / path.removeprefix(f"{FILES}/"), parts_of(backup / path), mode=kept.mode)
            if written != kept.sha256:
                raise damaged(path)
    flush_folders(to)


def _migrate(database: Database, to: str) -> None:
    try:
        _, at = migrate(database, to)
    except CommandError as error:
        raise RefusedError(
            f"Bản sao lưu cần cấu trúc {to}, phần mềm này chưa có: hãy cài bản mới hơn.",
            f"The backup has the schema {to}, which this program does not know: install a newer one.",
        ) from error
    if at != to:
        raise RefusedError(
            f"Cơ sở dữ liệu ở {at}, bản sao lưu ở {to}: hãy dùng cơ sở dữ liệu trống.",
            f"The database is at {at}, the backup at {to}: use an empty database.",
        )


def _load(connection: Connection, backup: Path, manifest: Manifest) -> None:
    found = {table.name: table for table in tables(connection)}
    if found.keys() != manifest.rows.keys():
        raise damaged(TABLES)
    with references_checked_at_the_end(connection):
        for name, table in found.items():
            with (backup / TABLES / f"{name}.jsonl").open("rb") as lines:
                add_rows(connection, table, lines)
            count_on(connection, table)
    for name, table in found.items():
        digest = sha256()
        for line in row_lines(connection, table):
            digest.update(line)
        if digest.hexdigest() != manifest.files[f"{TABLES}/{name}.jsonl"].sha256:
            raise damaged(f"{TABLES}/{name}.jsonl")


def _put_in_place(unfinished: Path, folder: Path) -> None:
    for path in sorted(unfinished.iterdir()):
        path.rename(folder / path.name)
    unfinished.rmdir()
    flush_folder(folder)
