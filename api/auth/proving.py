"""Asking somebody who is logged in for the password again: an unlocked screen alone changes nothing that matters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from api.auth import passwords
from api.auth.limits import count_failure, of_login, require_free
from api.auth.roles import Who
from api.auth.store import User, find_user
from api.db.engine import Database
from api.errors import UnconfirmedError, UnknownCallerError
from api.service.runtime import Runtime

RECENT = timedelta(minutes=10)
"""How long a password that was given serves for what asks for it."""


def require_confirmed(who: Who, at: datetime) -> None:
    """
    Make sure that the password was given a short while ago (OWASP ASVS 5.0 §7.5.2).

    Raises
    ------
    UnconfirmedError
        When it was not: `POST /api/v1/auth/confirm` comes first.
    """
    if who.confirmed_at is None or at - who.confirmed_at > RECENT:
        raise UnconfirmedError("Hãy nhập lại mật khẩu trước khi làm việc này.", "Give the password again before this.")


async def person_of(runtime: Runtime, who: Who, at: datetime) -> User:
    """
    Find who is logged in, as somebody who may try a password now.

    Raises
    ------
    TooManyError
        When too many were wrong.
    """
    return await run_in_threadpool(_free_person, runtime.database, who, at)


async def prove(runtime: Runtime, user: User, password: str, at: datetime, then: Callable[[Connection], None]) -> None:
    """
    Do something in the database if the password is right.

    Raises
    ------
    UnknownCallerError
        When it is wrong; that counts as a failed log-in.
    TooManyError
        When too many were wrong.
    """
    right = await runtime.hashing.run(passwords.matches, password, user.password_hash)

    def write(connection: Connection) -> bool:
        require_free(connection, of_login(user.login), at)
        if not right or find_user(connection, user_id=user.user_id) != user:
            count_failure(connection, of_login(user.login), at)
            return False
        then(connection)
        return True

    if not await runtime.writer.write(write):
        raise UnknownCallerError("Mật khẩu không đúng.", "The password is wrong.")


def _free_person(database: Database, who: Who, at: datetime) -> User:
    with database.read() as connection:
        user = find_user(connection, user_id=who.user_id)
        assert user is not None
        require_free(connection, of_login(user.login), at)
    return user
