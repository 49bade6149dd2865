"""Users in the database: who is let in, and who is not any longer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, insert, or_, select, true, update

from api.auth.roles import Role, Scope, Who
from api.auth.store import FIRST_PASSWORD_FOR, User, end_sessions, find_user
from api.auth.tables import devices, enrolments, looks, provinces, sessions, user_offices, users
from api.auth.terms_store import begin_terms, end_terms
from api.errors import ForbiddenError, NotFoundError, RefusedError


def list_users(connection: Connection, who: Who, *, after: str, limit: int) -> list[User]:
    """Users that lie inside the caller's scope, by login."""
    found = connection.scalars(
        select(users.c.user_id).where(inside(who.scope), users.c.login > after).order_by(users.c.login).limit(limit)
    ).all()
    people = [find_user(connection, user_id=user_id) for user_id in found]
    return [user for user in people if user is not None]


def every_user(connection: Connection) -> list[User]:
    """Everybody, by login: for the console of the server."""
    logins = connection.scalars(select(users.c.login).order_by(users.c.login)).all()
    found = [find_user(connection, login=login) for login in logins]
    return [user for user in found if user is not None]


def require_whole(role: Role, province_id: str | None, courier_id: str | None) -> None:
    """
    Make sure that a role has what belongs to it.

    Raises
    ------
    RefusedError
        When a courier lacks a courier's id, or anybody but an administrator a province.
    """
    if (role is Role.COURIER) != (courier_id is not None) or (role is not Role.ADMIN and province_id is None):
        raise RefusedError(
            "Bưu tá phải có mã bưu tá, người khác thì không; chỉ quản trị được để trống tỉnh.",
            "A courier has a courier_id, others have none; only administrators may lack a province.",
        )


def inside(scope: Scope) -> ColumnElement[bool]:
    """`Scope.within` as a condition on users."""
    if scope.province_id is None:
        return true()
    same = users.c.province_id == scope.province_id
    if not scope.offices:
        return same
    own = select(user_offices.c.site_id).where(user_offices.c.user_id == users.c.user_id)
    return and_(same, own.exists(), ~own.where(user_offices.c.site_id.not_in(sorted(scope.offices))).exists())


def user_of(connection: Connection, who: Who, user_id: str) -> User:
    """
    Find a user that the caller may manage.

    Raises
    ------
    NotFoundError
        When there is none in the caller's scope.
    """
    user = find_user(connection, user_id=user_id)
    if user is None or not user.scope.within(who.scope):
        raise NotFoundError("Không có người dùng này.", "There is no such user.")
    return user


def require_within(who: Who, scope: Scope) -> None:
    """
    Make sure that nobody gives away more than they have.

    Raises
    ------
    ForbiddenError
        When the scope reaches outside the caller's.
    RefusedError
        When it names offices of no province.
    """
    if scope.province_id is None and scope.offices:
        raise RefusedError(
            "Bưu cục phải thuộc một tỉnh: hãy nêu tỉnh.", "Offices lie in a province: it has to be named."
        )
    if not scope.within(who.scope):
        raise ForbiddenError(
            "Không được giao phạm vi rộng hơn phạm vi của mình.", "Nobody may hand out a wider scope than their own."
        )


def change_user(connection: Connection, user: User, at: datetime, **changes: Any) -> None:
    """Change `name`, `disabled` or `offices`; other offices or a lock end the sessions."""
    offices = changes.pop("offices", None)
    if changes:
        connection.execute(update(users).where(users.c.user_id == user.user_id).values(**changes))
    if offices is not None:
        connection.execute(delete(user_offices).where(user_offices.c.user_id == user.user_id))
        rows = [{"user_id": user.user_id, "site_id": site_id} for site_id in sorted(offices)]
        if rows:
            connection.execute(insert(user_offices), rows)
        end_terms(connection, user.user_id, user.scope.offices - frozenset(offices), at)
        begin_terms(connection, user.user_id, frozenset(offices) - user.scope.offices, at)
    if changes.get("disabled"):
        _end_enrolments(connection, user.user_id)
    if (offices is not None and frozenset(offices) != user.scope.offices) or changes.get("disabled"):
        end_sessions(connection, at, user_id=user.user_id)


def reset_password(connection: Connection, user: User, password_hash: str, at: datetime) -> None:
    """
    Give a person a first password.

    Whoever got in by another way is out: sessions end, and no device of theirs gets in again by its key. What such a
    device has signed and not sent yet still counts.
    """
    changed = update(users).where(users.c.user_id == user.user_id)
    connection.execute(
        changed.values(password_hash=password_hash, must_change=True, password_until=at + FIRST_PASSWORD_FOR)
    )
    theirs = update(devices).where(devices.c.user_id == user.user_id, devices.c.barred_at.is_(None))
    connection.execute(theirs.values(barred_at=at))
    _end_enrolments(connection, user.user_id)
    end_sessions(connection, at, user_id=user.user_id)


def _end_enrolments(connection: Connection, user_id: str) -> None:
    """A code that was offered and not used opens nothing any more."""
    connection.execute(delete(enrolments).where(enrolments.c.user_id == user_id, enrolments.c.used_at.is_(None)))


def end_everybodys_sessions(connection: Connection, scope: Scope, at: datetime) -> int:
    """End every open session of the people in a scope; returns how many."""
    people = select(users.c.user_id).where(inside(scope))
    ended = update(sessions).where(sessions.c.user_id.in_(people), sessions.c.ended_at.is_(None))
    return connection.execute(ended.values(ended_at=at)).rowcount


def list_provinces(connection: Connection, who: Who) -> Sequence[Row[Any]]:
    """Provinces that the caller sees."""
    inside = provinces.c.province_id == who.scope.province_id if who.scope.province_id is not None else true()
    return connection.execute(select(provinces).where(inside).order_by(provinces.c.province_id)).all()


def list_looks(connection: Connection, who: Who, *, before: int, limit: int, subject: str | None) -> Sequence[Row[Any]]:
    """Looks at personal data by or about the people in the caller's scope, the latest first."""
    query = select(looks).where(looks.c.look_id < before).order_by(looks.c.look_id.desc()).limit(limit)
    if who.scope.province_id is not None:
        query = query.where(looks.c.province_id == who.scope.province_id)
    if who.scope.offices:
        query = query.where(_by_or_about(who.scope))
    if subject is not None:
        query = query.where(looks.c.subject == subject)
    return connection.execute(query).all()


def _by_or_about(scope: Scope) -> ColumnElement[bool]:
    """Whoever did it, or to whom, or to whose device, is inside; what is about papers counts for who looked."""
    people = select(users.c.user_id).where(inside(scope))
    logins = select(users.c.login).where(inside(scope))
    phones = select(devices.c.device_id).where(devices.c.user_id.in_(people))
    return or_(looks.c.user_id.in_(people), *(looks.c.subject.in_(named) for named in (people, logins, phones)))
