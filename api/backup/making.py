"""
A backup of a running deployment: one snapshot of the database, then the files of the data folder.

In this order nothing is missing: a file is on disk before the row that names it. The folder gets its name last, when
every byte of it is on disk; a backup that failed leaves nothing behind.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection

from api.backup.files import flush_folder, flush_folders, hash_of, linked, parts_of, write_flushed
from api.backup.manifest import FILES, MANIFEST, TABLES, Kept, Manifest, read_manifest, write_manifest
from api.backup.store import kept_evidence, row_lines, tables
from api.db.engine import Database
from api.db.failures import translated
from api.db.migrating import newest, require_migrated
from api.errors import ExistsError
from api.service.settings import ServiceSettings
from api.version import SOFTWARE

EVIDENCE = "evidence"
BACKUPS = "backups"
REPLACED = "replaced"
"""In the data folder; not backed up again."""
_LEFT_OUT = frozenset({BACKUPS, REPLACED, f"{EVIDENCE}/unfinished", "restoring.part"})


@dataclass(frozen=True, slots=True)
class Made:
    """A finished backup."""

    manifest: Manifest
    lacking: tuple[str, ...]
    """SHA-256 of photos that the database names, but the data folder lacks or has damaged."""


def make_backup(settings: ServiceSettings, database: Database, to: Path) -> Made:
    """
    Back a deployment up while it runs.

    Parameters
    ----------
    to
        A folder that does not exist; earlier backups beside it share the photos that they have already (hard links).

    Raises
    ------
    ExistsError
        When the folder, or an unfinished one of that name, exists.
    StorageFullError
        When the disk is full; nothing is left behind.
    """
    require_migrated(database)
    unfinished = to.with_name(to.name + ".part")
    if to.exists() or unfinished.exists():
        raise ExistsError(f"{to} (hoặc {unfinished.name}) đã có.", f"{to} (or {unfinished.name}) exists already.")
    try:
        unfinished.mkdir(parents=True, mode=0o700)
        made = _write(settings, database, unfinished, _latest(to.parent))
        flush_folders(unfinished)
        unfinished.rename(to)
        flush_folder(to.parent)
    except BaseException as error:  # Ctrl-C too: no half of a backup stays
        if unfinished.exists():
            shutil.rmtree(unfinished)
        if isinstance(error, Exception):
            raise translated(error) from error
        raise
    return made


def _write(settings: ServiceSettings, database: Database, folder: Path, earlier: Path | None) -> Made:
    with database.read() as connection:
        made_at = datetime.now(UTC)
        rows, files = _write_tables(connection, folder)
        named = kept_evidence(connection)
    files |= _copy_files(settings, database, folder, earlier)
    manifest = Manifest(made_at, SOFTWARE, newest(), rows, files)
    write_manifest(folder, manifest)
    return Made(manifest, _lacking(database, named, files))


def _write_tables(connection: Connection, folder: Path) -> tuple[dict[str, int], dict[str, Kept]]:
    rows, files = {}, {}
    for table in tables(connection):
        counted = _Counted(row_lines(connection, table))
        path = f"{TABLES}/{table.name}.jsonl"
        digest = write_flushed(folder / path, counted)
        rows[table.name] = counted.count
        files[path] = Kept(digest, (folder / path).stat().st_size, 0o600)
    return rows, files


class _Counted:
    """Lines, and how many there were."""

    def __init__(self, lines: Iterator[bytes]) -> None:
        self._lines = lines
        self.count = 0

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self.count += 1
            yield line


def _copy_files(settings: ServiceSettings, database: Database, folder: Path, earlier: Path | None) -> dict[str, Kept]:
    known = read_manifest(earlier).files if earlier is not None else {}
    copied = {}
    for source in sorted(data_files(settings, database)):
        path = f"{FILES}/{source.relative_to(settings.data_folder).as_posix()}"
        try:
            copied[path] = _copy(source, folder / path, known.get(path), earlier and earlier / path)
        except FileNotFoundError:  # erased by retention meanwhile; whether it may lack, `_lacking` asks
            if source.exists():
                raise
    return copied


def _copy(source: Path, here: Path, known: Kept | None, earlier: Path | None) -> Kept:
    found = source.stat()
    if known is not None and earlier is not None and known.size == found.st_size and _shared(known, earlier, here):
        return known
    mode = found.st_mode & 0o777
    return Kept(write_flushed(here, parts_of(source), mode=mode), here.stat().st_size, mode)


def _shared(known: Kept, earlier: Path, here: Path) -> bool:
    """Photos never change: one that is whole in an earlier backup is not kept twice."""
    is_photo = here.parent.parent.name == EVIDENCE
    return is_photo and earlier.is_file() and hash_of(earlier) == known.sha256 and linked(earlier, here)


def data_files(settings: ServiceSettings, database: Database) -> Iterator[Path]:
    """Every file of the data folder but the database, backups and what is unfinished."""
    base = settings.data_folder
    own = Path(database.url.database or "").resolve() if database.is_sqlite else None
    for name, folders, files in os.walk(base, followlinks=True):
        here = Path(name)
        folders[:] = [each for each in folders if (here / each).relative_to(base).as_posix() not in _LEFT_OUT]
        for each in files:
            path = here / each
            if own is None or not str(path.resolve()).startswith(str(own)):
                yield path


def _lacking(database: Database, named: dict[str, str], files: dict[str, Kept]) -> tuple[str, ...]:
    lacking = {
        name
        for name, stored in named.items()
        if (kept := files.get(f"{FILES}/{EVIDENCE}/{name[:2]}/{name[2:]}")) is None or kept.sha256 != stored
    }
    if lacking:
        with database.read() as connection:  # what retention erased meanwhile is not missed
            lacking &= kept_evidence(connection).keys()
    return tuple(sorted(lacking))


def _latest(folder: Path) -> Path | None:
    """The newest whole backup in a folder."""
    found = latest_backup(folder)
    return None if found is None else found[0]


def latest_backup(folder: Path) -> tuple[Path, datetime] | None:
    """Find the newest backup in a folder, and when it was made; unfinished ones do not count."""
    made = [
        (read_manifest(path.parent).made_at, path.parent)
        for path in folder.glob(f"*/{MANIFEST}")
        if path.parent.suffix != ".part"
    ]
    if not made:
        return None
    at, newest_one = max(made)
    return newest_one, at
