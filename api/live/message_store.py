"""Messages in the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update

from api.auth.roles import Role, Who
from api.auth.tables import user_offices, users
from api.errors import ExistsError, NotFoundError, RefusedError
from api.live.feed import LiveKind
from api.live.feed_store import seen_by, tell
from api.live.tables import live_messages


@dataclass(frozen=True, slots=True)
class NewMessage:
    """What somebody says."""

    message_id: str
    courier_ids: tuple[str, ...]
    """To whom; of a courier: who says it."""
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a message."""

    rows: Sequence[Row[Any]]
    """One a courier whom it reaches."""
    without_account: tuple[str, ...]
    """Couriers who drive today and have no account: nothing reaches them."""


def send_message(connection: Connection, who: Who, new: NewMessage, bases: Mapping[str, str], at: datetime) -> Sent:
    """
    Keep a message and tell it to everybody who has an account; the same one sent again is kept once.

    Parameters
    ----------
    bases
        Where couriers drive from today, of those with a round.

    Raises
    ------
    NotFoundError
        When a courier is none of theirs; then nothing is sent.
    RefusedError
        When nobody of them has an account.
    ExistsError
        When the id was used for something else.
    """
    has_account = {one: _is_reached(connection, who, one, bases.get(one)) for one in new.courier_ids}
    reached = replace(new, courier_ids=tuple(one for one, is_so in has_account.items() if is_so))
    without = tuple(one for one, is_so in has_account.items() if not is_so)
    if not reached.courier_ids:
        named = ", ".join(without)
        raise RefusedError(f"Bưu tá chưa có tài khoản: {named}.", f"These couriers have no account: {named}.")
    found = _sent(connection, who, new.message_id)
    if found:
        _require_same(found, who, reached)
        return Sent(found, without)
    for courier_id in reached.courier_ids:
        _add(connection, who, reached, courier_id, bases.get(courier_id), at)
    return Sent(_sent(connection, who, new.message_id), without)


def list_messages(
    connection: Connection, who: Who, *, courier_id: str | None, unread: bool, after: int | None, limit: int
) -> Sequence[Row[Any]]:
    """Messages that somebody may see, the newest first, those older than `after`."""
    query = select(live_messages).where(*_seen(who)).order_by(live_messages.c.number.desc()).limit(limit)
    if courier_id is not None:
        query = query.where(live_messages.c.courier_id == courier_id)
    if unread:
        query = query.where(live_messages.c.read_at.is_(None), live_messages.c.by_courier == _hears_couriers(who))
    if after is not None:
        query = query.where(live_messages.c.number < after)
    return connection.execute(query).all()


def read_message(connection: Connection, who: Who, message_id: str, at: datetime) -> Row[Any]:
    """
    Write down that a message was read by whom it was for, and tell it; the first reader counts.

    Raises
    ------
    NotFoundError
        When no such message was for them.
    """
    own = (*_seen(who), live_messages.c.message_id == message_id, live_messages.c.by_courier == _hears_couriers(who))
    row = connection.execute(select(live_messages).where(*own)).one_or_none()
    if row is None:
        raise NotFoundError("Không có tin nhắn này.", "There is no such message.")
    if row.read_at is not None:
        return row
    of_row = live_messages.c.province_id == row.province_id, live_messages.c.number == row.number
    connection.execute(update(live_messages).where(*of_row).values(read_at=at, read_by=who.user_id))
    tell(
        connection, row.province_id, LiveKind.READ, {"message_id": message_id, "number": row.number},
        at=at, courier_id=row.courier_id, base_id=row.base_id, for_courier=True,
    )  # fmt: skip
    return connection.execute(select(live_messages).where(*of_row)).one()


def erase_messages(connection: Connection, before: datetime) -> int:
    """Forget what was said before a moment; returns how many."""
    return connection.execute(delete(live_messages).where(live_messages.c.sent_at < before)).rowcount


def _add(connection: Connection, who: Who, new: NewMessage, courier_id: str, base_id: str | None, at: datetime) -> None:
    assert who.scope.province_id is not None
    said = {
        "message_id": new.message_id, "by_courier": who.role is Role.COURIER, "sent_by": who.user_id,
        "kind": new.kind, "text": new.text,
    }  # fmt: skip
    number = tell(
        connection, who.scope.province_id, LiveKind.MESSAGE, said,
        at=at, courier_id=courier_id, base_id=base_id, for_courier=True,
    )  # fmt: skip
    connection.execute(
        insert(live_messages).values(
            province_id=who.scope.province_id, number=number, courier_id=courier_id, base_id=base_id, sent_at=at, **said
        )
    )


def _is_reached(connection: Connection, who: Who, courier_id: str, base_id: str | None) -> bool:
    """
    Whether a courier has an account, at which the message comes in.

    Raises
    ------
    NotFoundError
        When a dispatcher has nothing to do with them: neither of their offices, nor driving from there today.
    """
    of_courier = users.c.province_id == who.scope.province_id, users.c.courier_id == courier_id
    offices = connection.execute(
        select(users.c.user_id, user_offices.c.site_id).outerjoin(user_offices).where(*of_courier)
    ).all()
    bases = {row.site_id for row in offices} | {base_id}
    is_own = who.courier_id == courier_id
    is_known = bool(offices) or base_id is not None
    if not is_known or not (is_own or any(who.scope.covers(str(who.scope.province_id), base) for base in bases)):
        raise NotFoundError(f"Không có bưu tá {courier_id}.", f"There is no courier {courier_id}.")
    return bool(offices)


def _sent(connection: Connection, who: Who, message_id: str) -> Sequence[Row[Any]]:
    own = live_messages.c.province_id == who.scope.province_id, live_messages.c.message_id == message_id
    return connection.execute(select(live_messages).where(*own).order_by(live_messages.c.number)).all()


def _require_same(found: Sequence[Row[Any]], who: Who, new: NewMessage) -> None:
    before = {(row.sent_by, row.courier_id, row.kind, row.text) for row in found}
    if before != {(who.user_id, courier_id, new.kind, new.text) for courier_id in new.courier_ids}:
        raise ExistsError("Mã tin nhắn này đã dùng cho tin khác.", "This message id was used for another message.")


def _seen(who: Who) -> tuple[ColumnElement[bool], ...]:
    return live_messages.c.province_id == who.scope.province_id, seen_by(who, live_messages)


def _hears_couriers(who: Who) -> bool:
    """A message is read by the other side."""
    return who.role is not Role.COURIER
