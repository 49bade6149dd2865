"""Subscribers, the outbox and its deliveries in the database."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    case,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    true,
    union_all,
    update,
)

from api.auth.roles import Who
from api.errors import NotFoundError
from api.ids import new_id
from api.webhooks.kinds import Fact, Kind, require_known
from api.webhooks.tables import deliveries, outbox, subscribers

WAITS = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3_600, 14_400, 43_200, 86_400))
"""After each failed attempt; after the last one nothing is tried any more unless somebody asks: about 41 hours."""
PARKED_AFTER = 4
"""Failed attempts, about two and a half minutes: then later ones go on without it."""


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to tell one subscriber now."""

    subscriber_id: str
    number: int
    event_id: str
    kind: str
    subject: str
    facts: dict[str, Fact]
    at: datetime
    url: str
    secret: str
    attempts: int
    out_of_order: bool = False
    """An earlier one is parked, or this one is: the receiver must not take the sequence for complete."""


_SUBSCRIBERS = select(subscribers.c.subscriber_id, subscribers.c.kinds).where(
    subscribers.c.province_id == bindparam("province_id")
)
"""Built once: asked at every commit of events."""


def hearers(connection: Connection, kind: Kind, province_id: str) -> list[str]:
    """Subscribers of a province that want to hear of a kind."""
    rows = connection.execute(_SUBSCRIBERS, {"province_id": province_id})
    return [row.subscriber_id for row in rows if kind in row.kinds]


def announce(
    connection: Connection, kind: Kind, subject: str, facts: dict[str, Fact], *, province_id: str, at: datetime
) -> str | None:
    """
    Tell whoever wants to hear, in the transaction of what happened.

    Parameters
    ----------
    subject
        Code of the shipment, plan or import.
    facts
        Those that `FACTS` names, and nothing personal.

    Returns
    -------
    event_id
        `webhook-id` of every telling; None = nobody wants to hear, and nothing was kept.

    Raises
    ------
    ValueError
        When a fact is not among those of its kind.
    """
    require_known(kind, facts)
    hearing = hearers(connection, kind, province_id)
    return _write(connection, hearing, kind, subject, facts, province_id, at) if hearing else None


def announce_test(connection: Connection, subscriber: Row[Any], at: datetime) -> str:
    """Tell one subscriber that it can hear."""
    hearing = [subscriber.subscriber_id]
    return _write(connection, hearing, Kind.TEST, subscriber.subscriber_id, {}, subscriber.province_id, at)


def _write(
    connection: Connection,
    hearing: Collection[str],
    kind: Kind,
    subject: str,
    facts: dict[str, Fact],
    province_id: str,
    at: datetime,
) -> str:
    event_id = new_id()
    event = {"event_id": event_id, "province_id": province_id, "kind": kind, "subject": subject}
    written = connection.execute(insert(outbox).values(**event, facts=facts, at=at))
    assert written.inserted_primary_key is not None
    number = written.inserted_primary_key[0]
    waiting = {"number": number, "status": "waiting", "attempts": 0, "next_at": at}
    connection.execute(insert(deliveries), [waiting | {"subscriber_id": one} for one in hearing])
    return event_id


def due(connection: Connection, at: datetime, *, most: int) -> list[Due]:
    """
    What to tell now: of each subscriber the first that waits and the first parked one, when its time has come.

    A subscriber hears things in their order, so what comes after one that failed waits with it, until that is parked.
    """
    parked = deliveries.c.status == "parked"
    first = union_all(_first(deliveries.c.status == "waiting"), _first(parked, deliveries.c.next_at <= at)).subquery()
    earlier = deliveries.alias()
    is_behind = exists().where(
        earlier.c.subscriber_id == deliveries.c.subscriber_id,
        earlier.c.number < deliveries.c.number,
        earlier.c.status == "parked",
    )
    marked = case((or_(parked, deliveries.c.out_of_order, is_behind), 1), else_=0).label("marked")
    receiver = subscribers.c.subscriber_id, subscribers.c.url, subscribers.c.secret
    rows = connection.execute(
        select(deliveries.c.attempts, marked, outbox, *receiver)
        .join(first, (first.c.subscriber_id == deliveries.c.subscriber_id) & (first.c.number == deliveries.c.number))
        .join(outbox, outbox.c.number == deliveries.c.number)
        .join(subscribers, subscribers.c.subscriber_id == deliveries.c.subscriber_id)
        .where(deliveries.c.next_at <= at)
        .order_by(deliveries.c.next_at)
        .limit(most)
    )
    return [
        Due(
            row.subscriber_id,
            row.number,
            row.event_id,
            row.kind,
            row.subject,
            row.facts,
            row.at,
            row.url,
            row.secret,
            row.attempts,
            bool(row.marked),
        )
        for row in rows
    ]


def _first(*which: ColumnElement[bool]) -> Select[str, int]:
    number = func.min(deliveries.c.number).label("number")
    return select(deliveries.c.subscriber_id, number).where(*which).group_by(deliveries.c.subscriber_id)


def note_attempt(connection: Connection, told: Due, at: datetime, answer: str, *, taken: bool, last: bool) -> None:
    """
    Write down how an attempt went.

    Parameters
    ----------
    last
        The receiver says that it will never take it.
    """
    over = taken or last or told.attempts >= len(WAITS)
    parked = told.attempts + 1 >= PARKED_AFTER
    status = "delivered" if taken else "failed" if over else "parked" if parked else "waiting"
    one = (deliveries.c.subscriber_id == told.subscriber_id) & (deliveries.c.number == told.number)
    connection.execute(
        update(deliveries)
        .where(one)
        .values(
            status=status,
            attempts=told.attempts + 1,
            next_at=None if over else at + WAITS[told.attempts],
            last_at=at,
            answer=answer[:200],
            out_of_order=told.out_of_order or status == "parked",
        )
    )


def add_subscriber(
    connection: Connection, who: Who, province_id: str, url: str, secret: str, kinds: Sequence[Kind], at: datetime
) -> str:
    subscriber_id = new_id()
    facts = {"subscriber_id": subscriber_id, "province_id": province_id, "url": url, "secret": secret}
    connection.execute(
        insert(subscribers).values(**facts, kinds=sorted(set(kinds)), created_at=at, created_by=who.user_id)
    )
    return subscriber_id


def list_subscribers(connection: Connection, who: Who, *, after: str, limit: int) -> Sequence[Row[Any]]:
    """Subscribers of the caller's province, by id."""
    inside = subscribers.c.province_id == who.scope.province_id if who.scope.province_id is not None else true()
    found = select(subscribers).where(inside, subscribers.c.subscriber_id > after)
    return connection.execute(found.order_by(subscribers.c.subscriber_id).limit(limit)).all()


def subscriber_of(connection: Connection, who: Who, subscriber_id: str) -> Row[Any]:
    """
    Find a subscriber that the caller may manage.

    Raises
    ------
    NotFoundError
        When there is none in the caller's province.
    """
    row = connection.execute(select(subscribers).where(subscribers.c.subscriber_id == subscriber_id)).one_or_none()
    if row is None or not who.scope.covers(row.province_id, None):
        raise NotFoundError("Không có nơi nhận thông báo này.", "There is no such webhook subscriber.")
    return row


def remove_subscriber(connection: Connection, subscriber_id: str) -> None:
    """What waits for it goes with it."""
    connection.execute(delete(subscribers).where(subscribers.c.subscriber_id == subscriber_id))


def list_deliveries(connection: Connection, subscriber_id: str, *, before: int, limit: int) -> Sequence[Row[Any]]:
    """What a subscriber was told or waits for, the latest first."""
    return connection.execute(
        select(deliveries, outbox.c.event_id, outbox.c.kind, outbox.c.subject, outbox.c.at)
        .join(outbox, outbox.c.number == deliveries.c.number)
        .where(deliveries.c.subscriber_id == subscriber_id, deliveries.c.number < before)
        .order_by(deliveries.c.number.desc())
        .limit(limit)
    ).all()


def redeliver(connection: Connection, subscriber_id: str, event_id: str, at: datetime) -> None:
    """
    Tell it once more, with the same id: first of all; a parked one beside what waits, for it must block nothing again.

    Raises
    ------
    NotFoundError
        When the subscriber never waited for it.
    """
    number = select(outbox.c.number).where(outbox.c.event_id == event_id).scalar_subquery()
    again = update(deliveries).where(deliveries.c.subscriber_id == subscriber_id, deliveries.c.number == number)
    status = case((deliveries.c.status.in_(("parked", "failed")), "parked"), else_="waiting")
    if not connection.execute(again.values(status=status, attempts=0, next_at=at)).rowcount:
        raise NotFoundError("Không có thông báo này.", "There is no such delivery.")


def erase_outbox(connection: Connection, before: datetime) -> int:
    """Forget what happened before a moment, told or not; returns how many."""
    old = select(outbox.c.number).where(outbox.c.at < before)
    connection.execute(delete(deliveries).where(deliveries.c.number.in_(old)))
    return connection.execute(delete(outbox).where(outbox.c.at < before)).rowcount
