"""All checks of a deployment, one after the other; of a database that fails nothing more is asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from api.backup.making import BACKUPS, EVIDENCE
from api.backup.store import kept_evidence
from api.db.engine import Database
from api.doctor import certificate, clock, database, disk, files, network
from api.doctor.findings import Finding, State
from api.doctor.store import newest_record
from api.service.settings import ServiceSettings
from api.tracking.store import has_pins

KEYS = "keys"
"""In the data folder."""


def examine(
    settings: ServiceSettings, *, static: Path, file: Path | None = None, backups: Path | None = None
) -> Iterator[Finding]:
    """
    Examine a deployment.

    Parameters
    ----------
    static
        Where the pages are built.
    file
        That the settings were read from.
    backups
        Folder of backups; None = `backups` in the data folder.
    """
    data, now = settings.data_folder, datetime.now(UTC)
    if file is not None:
        yield files.check_settings(file)
    folder = disk.check_folder(data)
    yield folder
    if data.is_dir():
        yield disk.check_space(data)
    if folder.state is not State.FAIL:
        yield disk.check_flush(data)
    yield clock.check_synchronised(clock.kernel_status())
    yield clock.check_zone(now)
    yield files.check_pages(static)
    yield files.check_keys(data / KEYS)
    yield network.check_address(settings)
    yield certificate.check_certificate(settings, now)
    yield network.check_listening(settings)
    yield files.check_backup(backups or data / BACKUPS, now)
    yield from _examine_database(settings, now)


def _examine_database(settings: ServiceSettings, now: datetime) -> Iterator[Finding]:
    with closing(Database(settings.database)) as opened:
        reached = database.check_reachable(opened)
        yield reached
        if reached.state is State.FAIL:
            return
        yield database.check_durable(opened)
        with opened.read() as connection:
            if opened.is_sqlite:
                whole = database.check_whole(connection)
                yield whole
                if whole.state is State.FAIL:
                    return
            yield database.check_administrators(connection)
            yield database.check_jobs(connection, now)
            yield clock.check_not_behind(now, newest_record(connection))
            kept, issued = kept_evidence(connection), has_pins(connection)
        yield files.check_pin_keys(settings.data_folder / KEYS, has_pins=issued)
        yield files.check_photos(settings.data_folder / EVIDENCE, kept, seed=now.toordinal())
