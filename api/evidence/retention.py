"""The end of a photo's retention: marked in the database first, deleted from the disk after the commit."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection

from api.db.engine import Database
from api.evidence.files import EvidenceFiles
from api.evidence.store import erased_files, mark_erased, old_files


def mark_old(connection: Connection, before: datetime) -> int:
    """Say of the photos stored before a moment that they are erased; returns how many."""
    names = old_files(connection, before)
    if names:
        mark_erased(connection, names, datetime.now(UTC))
    return len(names)


def delete_marked(database: Database, files: EvidenceFiles) -> None:
    """
    Delete what is marked as erased.

    One that somebody is just sending again has a newer file, and stays.
    """
    with database.read() as connection:
        marked = erased_files(connection)
    for name, erased_at in marked:
        if files.is_older(name, erased_at):
            files.erase(name)
