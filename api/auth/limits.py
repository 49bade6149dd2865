"""
Limits on attempts to get in: after a few failures each next one waits twice as long, up to fifteen minutes.

Nobody is locked out for good, so that nobody can lock out somebody else. A whole office sits behind one address: an
address may fail more often than a person, and is forgiven sooner.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from fastapi import Request
from sqlalchemy import Connection, delete, insert, select, update

from api.auth.tables import attempts
from api.errors import TooManyError

LONGEST_WAIT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Patience:
    """How much one kind of subject may fail."""

    free: int
    """Failures before waiting begins."""
    forgotten_after: timedelta
    """Since the last failure."""


FREE_FAILURES = 5
OF_ONE = Patience(FREE_FAILURES, timedelta(hours=24))
"""Of a login or a shipment."""
OF_AN_ADDRESS = Patience(60, LONGEST_WAIT)
"""Thirty people who come in at half past six and mistype twice; a guesser gets 240 tries an hour, at all logins."""


def of_login(login: str) -> str:
    """The subject of a log-in, known or not; a digest, because people type their password in the wrong line."""
    return f"login:{sha256(login.encode()).hexdigest()[:32]}"


def of_address(request: Request) -> str:
    """The subject of the address that a request comes from."""
    return f"from:{request.client.host if request.client else 'unknown'}"


def require_free(connection: Connection, subject: str, at: datetime) -> None:
    """
    Let an attempt pass, or not yet.

    Raises
    ------
    TooManyError
        With the seconds to wait.
    """
    row = connection.execute(select(attempts).where(attempts.c.subject == subject)).one_or_none()
    if row is None or row.failures < _patience(subject).free:
        return
    left = row.last_at + _wait(row.failures - _patience(subject).free) - at
    if left > timedelta():
        seconds = max(1, round(left.total_seconds()))
        raise TooManyError(
            f"Sai quá nhiều lần. Hãy thử lại sau {seconds} giây.",
            f"Too many failures. Try again in {seconds} seconds.",
            retry_after=seconds,
        )


def count_failure(connection: Connection, subject: str, at: datetime) -> None:
    """Write down a failure."""
    row = connection.execute(select(attempts).where(attempts.c.subject == subject)).one_or_none()
    if row is None:
        connection.execute(insert(attempts).values(subject=subject, failures=1, last_at=at))
        return
    failures = 1 if at - row.last_at > _patience(subject).forgotten_after else row.failures + 1
    changed = update(attempts).where(attempts.c.subject == subject)
    connection.execute(changed.values(failures=failures, last_at=at))


def clear_failures(connection: Connection, subject: str) -> None:
    """Forget them: somebody got in."""
    connection.execute(delete(attempts).where(attempts.c.subject == subject))


def _patience(subject: str) -> Patience:
    return OF_AN_ADDRESS if subject.startswith("from:") else OF_ONE


def _wait(too_many: int) -> timedelta:
    doubled = timedelta(seconds=2 ** min(too_many, 20))
    return min(doubled, LONGEST_WAIT)
