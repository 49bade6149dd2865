"""Users and sessions in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, or_, select, update

from api.auth.roles import Role, Scope, Who
from api.auth.tables import attempts, challenges, devices, enrolments, looks, provinces, sessions, user_offices, users
from api.auth.terms_store import begin_terms
from api.auth.tokens import (
    ACCESS_FOR,
    DEVICE_MOST,
    DEVICE_REFRESH_FOR,
    GRACE,
    IDLE_FOR,
    REFRESH_FOR,
    derived_token,
    new_token,
    token_hash,
)
from api.errors import UnknownCallerError
from api.ids import new_id

FIRST_PASSWORD_FOR = timedelta(days=7)
"""How long a password works that somebody else set and nobody uses."""


@dataclass(frozen=True, slots=True)
class User:
    """A person with a log-in."""

    user_id: str
    login: str
    name: str
    role: Role
    scope: Scope
    courier_id: str | None
    password_hash: str
    must_change: bool
    disabled: bool
    password_until: datetime | None = None
    """Of a password that somebody else set; None = chosen by its owner."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a client gets to act with."""

    access: str
    refresh: str
    access_until: datetime
    refresh_until: datetime
    must_change: bool = False
    """The password was set by somebody else: change it first."""
    must_wipe: bool = False
    """The device was revoked: all that these open is to hand in what it has."""


def add_province(connection: Connection, province_id: str, name: str) -> None:
    connection.execute(insert(provinces).values(province_id=province_id, name=name))


def add_user(connection: Connection, user: User, at: datetime) -> None:
    connection.execute(
        insert(users).values(
            user_id=user.user_id,
            login=user.login,
            name=user.name,
            role=user.role,
            province_id=user.scope.province_id,
            courier_id=user.courier_id,
            password_hash=user.password_hash,
            must_change=user.must_change,
            disabled=user.disabled,
            created_at=at,
            password_until=at + FIRST_PASSWORD_FOR if user.must_change else None,
        )
    )
    offices = [{"user_id": user.user_id, "site_id": site_id} for site_id in sorted(user.scope.offices)]
    if offices:
        connection.execute(insert(user_offices), offices)
        begin_terms(connection, user.user_id, user.scope.offices, at)


def find_user(connection: Connection, *, login: str | None = None, user_id: str | None = None) -> User | None:
    condition = users.c.login == login if login is not None else users.c.user_id == user_id
    row = connection.execute(select(users).where(condition)).one_or_none()
    return None if row is None else _user(connection, row)


def choose_password(connection: Connection, user_id: str, password_hash: str) -> None:
    """Keep a password that its owner chose."""
    changed = update(users).where(users.c.user_id == user_id)
    connection.execute(changed.values(password_hash=password_hash, must_change=False, password_until=None))


def begin_session(
    connection: Connection,
    user_id: str,
    at: datetime,
    *,
    lasts: timedelta,
    device_id: str | None = None,
    must_change: bool = False,
) -> Tokens:
    """Open a session, by password or as a device: its first two tokens."""
    until = at + lasts
    tokens = Tokens(new_token(), new_token(), min(at + ACCESS_FOR, until), until, must_change)
    connection.execute(
        insert(sessions).values(
            session_id=new_id(),
            user_id=user_id,
            device_id=device_id,
            created_at=at,
            confirmed_at=at if device_id is None else None,
            **_stored(tokens),
        )
    )
    return tokens


def confirm_session(connection: Connection, session_id: str, at: datetime) -> None:
    """Write down that the password was given again."""
    connection.execute(update(sessions).where(sessions.c.session_id == session_id).values(confirmed_at=at))


def renew_session(connection: Connection, refresh: str, at: datetime) -> Tokens | None:
    """
    Change a refresh token for the next pair; within `GRACE` the same pair is answered again.

    Returns
    -------
    tokens
        None when an old one was shown late: its session is ended then, whoever holds it now (RFC 9700 §4.14.2).

    Raises
    ------
    UnknownCallerError
        When no open session has the token.
    """
    found = _session_of(connection, refresh, at)
    if found is None or found.disabled or found.revoked_at is not None:
        raise not_logged_in()
    must_change = found.must_change and found.device_id is None
    if found.refresh_hash != token_hash(refresh):
        if found.renewed_at is None or at - found.renewed_at > GRACE:
            end_sessions(connection, at, session_id=found.session_id)
            note_look(connection, at, None, "refresh_reused", found.user_id, province_id=found.province_id)
            return None
        return _successor(refresh, found.renewal_salt, found.access_until, found.refresh_until, must_change)
    # Who keeps working stays in, who stops is out; and nobody is in for ever.
    most = found.enrolled_at + DEVICE_MOST if found.device_id else found.created_at + REFRESH_FOR
    until = min(at + (DEVICE_REFRESH_FOR if found.device_id else IDLE_FOR), most)
    salt = new_token()
    tokens = _successor(refresh, salt, min(at + ACCESS_FOR, until), until, must_change)
    connection.execute(
        update(sessions)
        .where(sessions.c.session_id == found.session_id)
        .values(used_refresh_hash=found.refresh_hash, renewed_at=at, renewal_salt=salt, **_stored(tokens))
    )
    return tokens


def end_sessions(connection: Connection, at: datetime, **of: str) -> int:
    """End open sessions by `session_id`, `user_id` or `device_id`; returns how many."""
    condition = [sessions.c[name] == value for name, value in of.items()]
    ended = update(sessions).where(*condition, sessions.c.ended_at.is_(None)).values(ended_at=at)
    return connection.execute(ended).rowcount


def list_sessions(
    connection: Connection, user_id: str, at: datetime
) -> Sequence[Row[str, str | None, datetime, datetime]]:
    """Open sessions of a person, the latest first."""
    return connection.execute(
        select(sessions.c.session_id, sessions.c.device_id, sessions.c.created_at, sessions.c.refresh_until)
        .where(sessions.c.user_id == user_id, sessions.c.ended_at.is_(None), sessions.c.refresh_until > at)
        .order_by(sessions.c.created_at.desc(), sessions.c.session_id)
        .limit(200)
    ).all()


def whose_token(connection: Connection, access: str, at: datetime) -> Who | None:
    """Who holds an access token now."""
    row = connection.execute(
        select(users, sessions.c.session_id, sessions.c.device_id, sessions.c.confirmed_at, devices.c.revoked_at)
        .join(sessions, sessions.c.user_id == users.c.user_id)
        .outerjoin(devices, devices.c.device_id == sessions.c.device_id)
        .where(
            sessions.c.access_hash == token_hash(access),
            sessions.c.access_until > at,
            sessions.c.ended_at.is_(None),
            # A revoked phone hands in what it has, whoever it belonged to; nothing else is open to it (`must_wipe`).
            or_(users.c.disabled.is_(False), devices.c.revoked_at.is_not(None)),
        )
    ).one_or_none()
    if row is None:
        return None
    user = _user(connection, row)
    return Who(
        user_id=user.user_id,
        name=user.name,
        role=user.role,
        scope=user.scope,
        session_id=row.session_id,
        courier_id=user.courier_id,
        device_id=row.device_id,
        must_change_password=user.must_change and row.device_id is None,
        confirmed_at=row.confirmed_at,
        must_wipe=row.revoked_at is not None,
    )


def note_look(connection: Connection, at: datetime, who: Who | None, action: str, subject: str, **details: Any) -> None:
    """
    Write down a look at personal data, or a change of who may do what.

    Parameters
    ----------
    details
        `request_id`; `province_id` where nobody is logged in yet; anything else is kept as it is.
    """
    request_id = details.pop("request_id", None)
    province_id = details.pop("province_id", who.scope.province_id if who else None)
    connection.execute(
        insert(looks).values(
            at=at,
            user_id=who.user_id if who else None,
            province_id=province_id,
            action=action,
            subject=subject,
            details=details or None,
            request_id=request_id,
        )
    )


def erase_looks(connection: Connection, before: datetime) -> int:
    """Forget looks that are older than a moment; returns how many."""
    return connection.execute(delete(looks).where(looks.c.at < before)).rowcount


def erase_sessions(connection: Connection, before: datetime) -> int:
    """Forget sessions, challenges and enrolment codes that were over before a moment; returns how many."""
    over = (
        delete(sessions).where(or_(sessions.c.ended_at < before, sessions.c.refresh_until < before)),
        delete(enrolments).where(enrolments.c.expires_at < before),
        delete(challenges).where(challenges.c.expires_at < before),
    )
    return sum(connection.execute(one).rowcount for one in over)


def erase_attempts(connection: Connection, before: datetime) -> int:
    """Forget failed attempts that no limit counts any more; returns how many."""
    return connection.execute(delete(attempts).where(attempts.c.last_at < before)).rowcount


def not_logged_in() -> UnknownCallerError:
    """The same words for every reason."""
    return UnknownCallerError(
        "Chưa đăng nhập, hoặc phiên làm việc đã hết hạn.", "Not logged in, or the session is over."
    )


def _user(connection: Connection, row: Row[Any]) -> User:
    offices = connection.scalars(select(user_offices.c.site_id).where(user_offices.c.user_id == row.user_id))
    scope = Scope(row.province_id, frozenset(offices))
    return User(
        row.user_id,
        row.login,
        row.name,
        Role(row.role),
        scope,
        row.courier_id,
        row.password_hash,
        row.must_change,
        row.disabled,
        row.password_until,
    )


def _session_of(connection: Connection, refresh: str, at: datetime) -> Row[Any] | None:
    """The open session whose refresh token this is, or was last; nobody else renews it meanwhile."""
    shown = token_hash(refresh)
    query = (
        select(
            sessions,
            users.c.province_id,
            users.c.disabled,
            users.c.must_change,
            devices.c.revoked_at,
            devices.c.enrolled_at,
        )
        .join(users, users.c.user_id == sessions.c.user_id)
        .outerjoin(devices, devices.c.device_id == sessions.c.device_id)
        .where(
            or_(sessions.c.refresh_hash == shown, sessions.c.used_refresh_hash == shown),
            sessions.c.ended_at.is_(None),
            sessions.c.refresh_until > at,
        )
    )
    # SQLite has one writer at a time anyway; on PostgreSQL another server may renew the same session.
    return connection.execute(query.with_for_update(of=sessions)).one_or_none()


def _successor(shown: str, salt: str, access_until: datetime, refresh_until: datetime, must_change: bool) -> Tokens:
    access, refresh = (derived_token(shown, salt, use) for use in ("access", "refresh"))
    return Tokens(access, refresh, access_until, refresh_until, must_change)


def _stored(tokens: Tokens) -> dict[str, Any]:
    return {
        "access_hash": token_hash(tokens.access),
        "access_until": tokens.access_until,
        "refresh_hash": token_hash(tokens.refresh),
        "refresh_until": tokens.refresh_until,
    }
