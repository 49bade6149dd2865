"""Files of evidence in the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BindParameter, Connection, Row, bindparam, insert, select, update

from api.auth.roles import Scope, Who
from api.db.in_lists import in_lists
from api.evidence.files import Stored
from api.evidence.tables import evidence

_NAMES: Final[BindParameter[Any]] = bindparam("names", expanding=True)
_FILES = select(evidence.c.sha256, evidence.c.erased_at).where(evidence.c.sha256.in_(_NAMES))
_ADD = insert(evidence)
_KEPT = select(evidence.c.sha256).where(evidence.c.sha256.in_(_NAMES), evidence.c.erased_at.is_(None))


def add_files(connection: Connection, files: Sequence[tuple[Stored, Who]], at: datetime) -> set[str]:
    """
    Note files that are on disk.

    Returns
    -------
    known
        Which of them were here already; one that was erased comes back.
    """
    by_name = {file.sha256: (file, who) for file, who in files}
    rows = connection.execute(_FILES, {"names": list(by_name)})
    found = {row.sha256: row.erased_at for row in rows}
    fresh = [_row(file, who, at) for name, (file, who) in by_name.items() if name not in found]
    if fresh:
        connection.execute(_ADD, fresh)
    back = [name for name, erased_at in found.items() if erased_at is not None]
    if back:
        connection.execute(update(evidence).where(evidence.c.sha256.in_(back)).values(erased_at=None, stored_at=at))
    return found.keys() - set(back)


def kept_files(connection: Connection, names: Collection[str]) -> set[str]:
    """Which of some files are here."""
    return {name for some in in_lists(names) for name in connection.scalars(_KEPT, {"names": some})}


def find_file(connection: Connection, scope: Scope, name: str) -> Row[Any] | None:
    """A file of the province that somebody works in."""
    row = connection.execute(select(evidence).where(evidence.c.sha256 == name)).one_or_none()
    if row is None or not (scope.province_id is None or row.province_id == scope.province_id):
        return None
    return row


def old_files(connection: Connection, before: datetime) -> list[str]:
    """Names of the files that were stored before a moment and are still here."""
    old = evidence.c.stored_at < before, evidence.c.erased_at.is_(None)
    return list(connection.scalars(select(evidence.c.sha256).where(*old)))


def mark_erased(connection: Connection, names: Sequence[str], at: datetime) -> None:
    """Say of files that they were erased."""
    connection.execute(
        update(evidence).where(evidence.c.sha256.in_(_NAMES)).values(erased_at=at), {"names": list(names)}
    )


def erased_files(connection: Connection) -> list[tuple[str, datetime]]:
    """Files that are marked as erased, and when: none of them may lie on the disk any longer."""
    rows = select(evidence.c.sha256, evidence.c.erased_at).where(evidence.c.erased_at.is_not(None))
    return [(row.sha256, row.erased_at) for row in connection.execute(rows)]


def _row(file: Stored, who: Who, at: datetime) -> dict[str, Any]:
    return {
        "sha256": file.sha256, "stored_sha256": file.stored_sha256, "size": file.size, "media_type": file.media_type,
        "province_id": who.scope.province_id, "sent_by": who.user_id, "stored_at": at,
    }  # fmt: skip
