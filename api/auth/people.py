"""Users and devices in the database: who is let in, with what, and who is not any longer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, true, update

from api.auth.roles import Role, Scope, Who
from api.auth.store import User, end_sessions, find_user
from api.auth.tables import devices, enrolments, looks, provinces, user_offices, users
from api.auth.tokens import new_token, token_hash
from api.errors import ForbiddenError, NotFoundError, RefusedError
from api.ids import new_id

ENROLMENT_FOR = timedelta(minutes=15)
"""How long a QR code for a phone works."""


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
    last_counter: int


def list_users(connection: Connection, who: Who, *, after: str, limit: int) -> list[User]:
    """Users that lie inside the caller's province, by login."""
    found = connection.scalars(
        select(users.c.user_id).where(_same_province(who), users.c.login > after).order_by(users.c.login).limit(limit)
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
    """Change `name`, `disabled`, `offices` or `password_hash`; other offices, a lock or a new password end sessions."""
    offices = changes.pop("offices", None)
    if changes:
        connection.execute(update(users).where(users.c.user_id == user.user_id).values(**changes))
    if offices is not None:
        connection.execute(delete(user_offices).where(user_offices.c.user_id == user.user_id))
        rows = [{"user_id": user.user_id, "site_id": site_id} for site_id in sorted(offices)]
        if rows:
            connection.execute(insert(user_offices), rows)
    if (offices is not None and frozenset(offices) != user.scope.offices) or any(
        changes.get(name) for name in ("disabled", "password_hash")
    ):
        end_sessions(connection, at, user_id=user.user_id)


def list_provinces(connection: Connection, who: Who) -> Sequence[Row[Any]]:
    """Provinces that the caller sees."""
    inside = provinces.c.province_id == who.scope.province_id if who.scope.province_id is not None else true()
    return connection.execute(select(provinces).where(inside).order_by(provinces.c.province_id)).all()


def offer_enrolment(connection: Connection, user: User, by: Who, at: datetime) -> tuple[str, datetime]:
    """Make a code that enrols one device for a user: returned once, kept as a hash."""
    code, until = new_token(), at + ENROLMENT_FOR
    connection.execute(
        insert(enrolments).values(
            code_hash=token_hash(code), user_id=user.user_id, created_by=by.user_id, expires_at=until
        )
    )
    return code, until


def enrol(connection: Connection, code: str, name: str, public_key: str, at: datetime) -> Device:
    """
    Take a device in; the code is used up by it.

    Raises
    ------
    RefusedError
        When the code is unknown, used or too old.
    """
    used = update(enrolments).where(
        enrolments.c.code_hash == token_hash(code), enrolments.c.used_at.is_(None), enrolments.c.expires_at > at
    )
    if not connection.execute(used.values(used_at=at)).rowcount:
        raise RefusedError("Mã ghi danh không đúng hoặc đã hết hạn.", "The enrolment code is wrong, used or too old.")
    offered = select(enrolments.c.user_id).where(enrolments.c.code_hash == token_hash(code))
    user_id = connection.execute(offered).scalar_one()
    device = Device(new_id(), user_id, name, public_key, at, None, at, 0)
    connection.execute(
        insert(devices).values(
            device_id=device.device_id,
            user_id=user_id,
            name=name,
            public_key=public_key,
            enrolled_at=at,
            seen_at=at,
            last_counter=0,
        )
    )
    return device


def list_devices(connection: Connection, who: Who, *, after: str, limit: int) -> list[Device]:
    """Devices of the users in the caller's province, by id."""
    rows = connection.execute(
        select(devices)
        .join(users, users.c.user_id == devices.c.user_id)
        .where(_same_province(who), devices.c.device_id > after)
        .order_by(devices.c.device_id)
        .limit(limit)
    )
    return [_device(row) for row in rows]


def device_of(connection: Connection, who: Who, device_id: str) -> Device:
    """
    Find a device of a user that the caller may manage.

    Raises
    ------
    NotFoundError
        When there is none.
    """
    row = connection.execute(select(devices).where(devices.c.device_id == device_id)).one_or_none()
    user = None if row is None else find_user(connection, user_id=row.user_id)
    if row is None or user is None or not user.scope.within(who.scope):
        raise NotFoundError("Không có thiết bị này.", "There is no such device.")
    return _device(row)


def revoke_device(connection: Connection, device_id: str, at: datetime) -> None:
    """A lost phone: its sessions end, and what it signs from now on is not believed."""
    lost = update(devices).where(devices.c.device_id == device_id, devices.c.revoked_at.is_(None))
    connection.execute(lost.values(revoked_at=at))
    end_sessions(connection, at, device_id=device_id)


def list_looks(connection: Connection, who: Who, *, before: int, limit: int, subject: str | None) -> Sequence[Row[Any]]:
    """Looks at personal data in the caller's province, the latest first."""
    query = select(looks).where(looks.c.look_id < before).order_by(looks.c.look_id.desc()).limit(limit)
    if who.scope.province_id is not None:
        query = query.where(looks.c.province_id == who.scope.province_id)
    if subject is not None:
        query = query.where(looks.c.subject == subject)
    return connection.execute(query).all()


def _same_province(who: Who) -> ColumnElement[bool]:
    return users.c.province_id == who.scope.province_id if who.scope.province_id is not None else true()


def _device(row: Row[Any]) -> Device:
    return Device(
        row.device_id,
        row.user_id,
        row.name,
        row.public_key,
        row.enrolled_at,
        row.revoked_at,
        row.seen_at,
        row.last_counter,
    )
