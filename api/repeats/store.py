"""Given answers in the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from api.errors import InputError, RowError
from api.repeats.tables import given_answers


def find_answer(connection: Connection, person: str, key_hash: str, digest: str) -> bytes | None:
    """
    Find what was answered to the same request, sealed.

    Raises
    ------
    InputError
        When the key was used for another request.
    """
    one = select(given_answers.c.digest, given_answers.c.sealed)
    row = connection.execute(one.where(*_same(person, key_hash))).one_or_none()
    if row is None:
        return None
    if row.digest != digest:
        said = "Khóa này đã dùng cho một yêu cầu khác.", "This key was used for another request."
        raise InputError([RowError("request", None, "Idempotency-Key", "key_reused", *said)])
    return bytes(row.sealed)


def claim(connection: Connection, person: str, key_hash: str, digest: str, at: datetime) -> bool:
    """
    Take a key before the work: another server that has it too waits here until the first has committed.

    Returns
    -------
    is_ours
        False = somebody was faster; their answer is there now.
    """
    row = {"person": person, "key_hash": key_hash, "digest": digest, "sealed": b"", "at": at}
    try:
        with connection.begin_nested():
            connection.execute(insert(given_answers).values(row))
    except IntegrityError:
        return False
    return True


def keep_answer(connection: Connection, person: str, key_hash: str, sealed: bytes) -> None:
    """Keep an answer beside what it tells of."""
    connection.execute(update(given_answers).where(*_same(person, key_hash)).values(sealed=sealed))


def erase_answers(connection: Connection, before: datetime) -> int:
    """Forget answers given before a moment; returns how many."""
    return connection.execute(delete(given_answers).where(given_answers.c.at < before)).rowcount


def _same(person: str, key_hash: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return given_answers.c.person == person, given_answers.c.key_hash == key_hash
