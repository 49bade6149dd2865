"""What is known of shipments and their events, for people who look: in their part of the post, and masked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, not_, or_, select, true, update

from api.auth.roles import Who
from api.custody.ordering import OrderedBy, ordered_by
from api.custody.replay import replay
from api.custody.store import fact_of
from api.custody.tables import custody, event_personal, event_shipments, events
from api.errors import NotFoundError
from api.shipments.office_store import of_offices
from api.shipments.tables import shipments

MASK = "***"


@dataclass(frozen=True, slots=True)
class Told:
    """An event with what became of it."""

    row: Any
    record: Mapping[str, Any]
    holding: str | None
    """None = another event makes it void."""
    holder: str | None
    place: int | None
    """In the order in which events happened; None = void."""
    ordered_by: OrderedBy | None
    """None = the first, or void."""


def require_seen(connection: Connection, who: Who, province_id: str, code: str) -> None:
    """
    Make sure that something was told of a shipment, and that it is somebody's affair.

    It is when it comes from, goes to, lies at or is held by one of their offices, and when these told something of it,
    or they did themselves. What was told from no office, or from one of several, is everybody's only as long as the
    shipment is not registered: then nobody knows yet whose it is.

    Raises
    ------
    NotFoundError
        When it does not, or is not there: nobody learns which.
    """
    here = event_shipments.c.province_id == province_id, event_shipments.c.code == code
    touched = select(events.c.seq).join(event_shipments, event_shipments.c.seq == events.c.seq)
    held = select(custody.c.code).where(
        custody.c.province_id == province_id, custody.c.code == code, custody.c.holder.in_(list(who.scope.offices))
    )
    seen = connection.scalar(touched.where(*here, _is_affair_of(who, province_id, code)).limit(1))
    if seen is None and connection.scalar(held) is None:
        raise NotFoundError(f"Không có sự kiện nào của bưu gửi {code}.", f"There is no event of shipment {code}.")


def _is_affair_of(who: Who, province_id: str, code: str) -> ColumnElement[bool]:
    if not who.scope.offices:
        return true()
    offices = sorted(who.scope.offices)
    this = exists().where(shipments.c.province_id == province_id, shipments.c.code == code)
    return or_(
        events.c.office.in_(offices),
        and_(events.c.office.is_(None), or_(events.c.sent_by == who.user_id, not_(this))),
        this.where(of_offices(offices)),
    )


def history(connection: Connection, province_id: str, code: str) -> list[Told]:
    """A shipment's events, in the order of custody; void ones at the end."""
    rows = connection.execute(
        select(events, event_personal.c.personal)
        .join(event_shipments, event_shipments.c.seq == events.c.seq)
        .outerjoin(event_personal, event_personal.c.seq == events.c.seq)
        .where(event_shipments.c.province_id == province_id, event_shipments.c.code == code)
        .order_by(events.c.seq)
    ).all()
    records = {row.event_id: json.loads(row.record) for row in rows}
    by_id = {row.event_id: row for row in rows}
    steps = replay(fact_of(record) for record in records.values()).steps
    told = [
        Told(
            by_id[name], records[name], step.holder.holding, step.holder.name, place,
            ordered_by(step.fact, steps[place - 1].fact, by_id) if place else None,
        )
        for place, step in enumerate(steps)
        for name in [step.fact.event.event_id]
    ]  # fmt: skip
    standing = {one.row.event_id for one in told}
    return told + [Told(by_id[name], records[name], *_VOID) for name in by_id if name not in standing]


_VOID: Final = (None, None, None, None)


def erase_personal(connection: Connection, before: datetime) -> int:
    """
    Delete what is personal in the events recorded before a moment; the chain verifies as before.

    The digest of the whole event goes too, for with it one could try names until one fits.

    Returns
    -------
    erased
        Number of events.
    """
    old = select(events.c.seq).where(events.c.recorded_at < before)
    connection.execute(update(events).where(events.c.recorded_at < before).values(digest=None, settled_note=None))
    return connection.execute(delete(event_personal).where(event_personal.c.seq.in_(old))).rowcount


def masked(personal: Mapping[str, Any]) -> dict[str, Any]:
    """Which fields there are, without what they say."""
    return dict.fromkeys(personal, MASK)


def revealed(personal: Mapping[str, Any]) -> dict[str, Any]:
    """What they say."""
    return {path: field["value"] for path, field in personal.items()}
