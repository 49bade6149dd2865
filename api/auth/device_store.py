"""Devices in the database: taken in with a code, let in again by their key, revoked when they are lost."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, insert, select, update

from api.auth.people import inside
from api.auth.roles import Who
from api.auth.store import Tokens, User, begin_session, end_sessions, find_user
from api.auth.tables import challenges, devices, enrolments, sessions, users
from api.auth.tokens import ACCESS_FOR, DEVICE_MOST, DEVICE_REFRESH_FOR, new_token, token_hash
from api.errors import NotFoundError, RefusedError
from api.ids import new_id

ENROLMENT_FOR = timedelta(minutes=10)
"""How long a QR code for a phone works (OWASP ASVS 5.0 §6.5.5)."""
CHALLENGE_FOR = timedelta(minutes=2)
"""How long a device may take to sign and send: the way there and back on a bad road."""


@dataclass(frozen=True, slots=True)
class Device:
    """A courier's phone or a desk's computer that signs its events."""

    device_id: str
    user_id: str
    name: str
    public_key: str
    enrolled_at: datetime
    revoked_at: datetime | None
    seen_at: datetime | None
    barred_at: datetime | None
    """Since then its key opens no session."""
    first_counter: int
    """Of its first event; more than 1 when the same phone was enrolled before."""


def offer_enrolment(connection: Connection, user: User, by: Who, at: datetime) -> tuple[str, datetime]:
    """Make a code that enrols one device for a user: returned once, kept as a hash."""
    code, until = new_token(), at + ENROLMENT_FOR
    connection.execute(
        insert(enrolments).values(
            code_hash=token_hash(code), user_id=user.user_id, created_by=by.user_id, expires_at=until
        )
    )
    return code, until


def enrol(
    connection: Connection, code: str, name: str, public_key: str, at: datetime, *, first_counter: int = 1
) -> Device:
    """
    Take a device in; the code is used up by it.

    Parameters
    ----------
    first_counter
        Of its first event: a phone that is enrolled anew goes on counting.

    Raises
    ------
    RefusedError
        When the code is unknown, used or too old, or its person is disabled.
    """
    used = update(enrolments).where(
        enrolments.c.code_hash == token_hash(code), enrolments.c.used_at.is_(None), enrolments.c.expires_at > at
    )
    active = select(users.c.user_id).where(users.c.disabled.is_(False))
    used = used.where(enrolments.c.user_id.in_(active)).values(used_at=at).returning(enrolments.c.user_id)
    user_id = connection.execute(used).scalar_one_or_none()
    if user_id is None:
        raise RefusedError("Mã ghi danh không đúng hoặc đã hết hạn.", "The enrolment code is wrong, used or too old.")
    device = Device(new_id(), user_id, name, public_key, at, None, at, None, first_counter)
    connection.execute(
        insert(devices).values(
            device_id=device.device_id,
            user_id=user_id,
            name=name,
            public_key=public_key,
            enrolled_at=at,
            seen_at=at,
            first_counter=first_counter,
        )
    )
    return device


def list_devices(connection: Connection, who: Who, *, after: str, limit: int) -> list[Device]:
    """Devices of the users in the caller's scope, by id."""
    rows = connection.execute(
        select(devices)
        .join(users, users.c.user_id == devices.c.user_id)
        .where(inside(who.scope), devices.c.device_id > after)
        .order_by(devices.c.device_id)
        .limit(limit)
    )
    return [_device(row) for row in rows]


def find_device(connection: Connection, device_id: str) -> Device | None:
    row = connection.execute(select(devices).where(devices.c.device_id == device_id)).one_or_none()
    return None if row is None else _device(row)


def device_of(connection: Connection, who: Who, device_id: str) -> Device:
    """
    Find a device of a user that the caller may manage.

    Raises
    ------
    NotFoundError
        When there is none.
    """
    device = find_device(connection, device_id)
    user = None if device is None else find_user(connection, user_id=device.user_id)
    if device is None or user is None or not user.scope.within(who.scope):
        raise NotFoundError("Không có thiết bị này.", "There is no such device.")
    return device


def revoke_device(connection: Connection, device_id: str, at: datetime) -> None:
    """A lost phone: its sessions end, what it signs from now on is not believed, and it is told to wipe itself."""
    lost = update(devices).where(devices.c.device_id == device_id, devices.c.revoked_at.is_(None))
    connection.execute(lost.values(revoked_at=at))
    end_sessions(connection, at, device_id=device_id)


def offer_challenge(connection: Connection, at: datetime) -> tuple[str, datetime]:
    """Make something for a device to sign, returned once, kept as a hash; forget those that nobody came back with."""
    connection.execute(delete(challenges).where(challenges.c.expires_at <= at))
    challenge, until = new_token(), at + CHALLENGE_FOR
    connection.execute(insert(challenges).values(challenge_hash=token_hash(challenge), expires_at=until))
    return challenge, until


def take_challenge(connection: Connection, challenge: str, at: datetime) -> bool:
    """Use a challenge up; False when it is unknown, used or too old."""
    offered = delete(challenges).where(
        challenges.c.challenge_hash == token_hash(challenge), challenges.c.expires_at > at
    )
    return connection.execute(offered).rowcount == 1


def begin_device_session(connection: Connection, device_id: str, at: datetime) -> Tokens | None:
    """
    Open a session for a device that has shown that it holds its key.

    Its sessions that nobody has used lately end: their answers were lost, or it has no more use for them. A revoked
    one is told to wipe itself, however long ago it was enrolled and whether or not its person is disabled since, and
    may hand in what it has before (`Tokens.must_wipe`): papers moved all the same.

    Returns
    -------
    tokens
        None when it is barred, enrolled too long ago, or its person is disabled; to a revoked one none of it matters.
    """
    # Locked on PostgreSQL, so that whoever revokes it on another server comes before or after, not in between.
    query = select(devices, users.c.disabled).join(users, users.c.user_id == devices.c.user_id)
    row = connection.execute(query.where(devices.c.device_id == device_id).with_for_update()).one_or_none()
    if row is None:
        return None
    must_wipe = row.revoked_at is not None
    left = row.enrolled_at + DEVICE_MOST - at
    is_out = row.disabled or row.barred_at is not None or left <= timedelta()
    if is_out and not must_wipe:
        return None
    of_it = (sessions.c.device_id == device_id, sessions.c.ended_at.is_(None))
    connection.execute(update(sessions).where(*of_it, sessions.c.access_until <= at).values(ended_at=at))
    connection.execute(update(devices).where(devices.c.device_id == device_id).values(seen_at=at))
    lasts = ACCESS_FOR if must_wipe else min(DEVICE_REFRESH_FOR, left)
    return replace(begin_session(connection, row.user_id, at, lasts=lasts, device_id=device_id), must_wipe=must_wipe)


def _device(row: Row[Any]) -> Device:
    return Device(
        row.device_id,
        row.user_id,
        row.name,
        row.public_key,
        row.enrolled_at,
        row.revoked_at,
        row.seen_at,
        row.barred_at,
        row.first_counter,
    )
