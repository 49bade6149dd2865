"""The feeds in the database."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, insert, or_, select, true

from api.auth.roles import Role, Scope, Who
from api.auth.tables import user_offices, users
from api.custody.tables import events, ledger
from api.db.upserting import upsert
from api.live.tables import live_heads, live_items


def tell(
    connection: Connection,
    province_id: str,
    kind: str,
    body: Mapping[str, Any],
    *,
    at: datetime,
    courier_id: str | None = None,
    base_id: str | None = None,
    for_courier: bool = False,
) -> int:
    """
    Tell something to those who watch the day, in the transaction in which it happens; returns its number.

    Dispatchers of the whole province hear everything; those of an office what is of `base_id`, or of a courier of
    their office; the courier what is `for_courier`.

    Parameters
    ----------
    kind
        A word of `feed.LiveKind`.
    body
        JSON; deleted after `live_days`.
    """
    number = _next(connection, province_id)
    connection.execute(
        insert(live_items).values(
            province_id=province_id,
            number=number,
            kind=kind,
            at=at,
            courier_id=courier_id,
            base_id=base_id,
            for_courier=for_courier,
            body=body,
        )
    )
    return number


def told_head(connection: Connection, province_id: str) -> int:
    """The last number that was told."""
    return connection.scalar(select(live_heads.c.number).where(live_heads.c.province_id == province_id)) or 0


def told_items(connection: Connection, who: Who, number: int, most: int) -> Sequence[Row[Any]]:
    """What was told after a number, and somebody may hear."""
    asked = select(live_items).where(live_items.c.province_id == who.scope.province_id, live_items.c.number > number)
    seen = seen_by(who, live_items) & (live_items.c.for_courier if who.role is Role.COURIER else true())
    return connection.execute(asked.where(seen).order_by(live_items.c.number).limit(most)).all()


def seen_by(who: Who, table: Any) -> ColumnElement[bool]:
    """What somebody may see of a table with `courier_id` and `base_id`, within their province."""
    if who.role is Role.COURIER:
        own: ColumnElement[bool] = table.c.courier_id == who.courier_id
        return own
    if not who.scope.offices:
        return true()
    return or_(table.c.base_id.in_(sorted(who.scope.offices)), table.c.courier_id.in_(_couriers_of(who.scope)))


def _couriers_of(scope: Scope) -> Any:
    own = user_offices.c.site_id.in_(sorted(scope.offices))
    of_offices = select(users.c.courier_id).join(user_offices, user_offices.c.user_id == users.c.user_id)
    return of_offices.where(users.c.province_id == scope.province_id, users.c.courier_id.is_not(None), own)


@dataclass(frozen=True, slots=True)
class CustodyItem:
    """A custody event as the stream tells it: codes only."""

    number: int
    kind: str
    at: datetime
    """When it was recorded."""
    courier_id: str | None
    base_id: str | None
    body: dict[str, Any]


def custody_head(connection: Connection, province_id: str) -> int:  # noqa: ARG001 - there is one ledger
    """Records in the ledger: the number of a record is its place from 1."""
    return connection.scalar(select(ledger.c.size)) or 0


def custody_items(connection: Connection, who: Who, number: int, most: int) -> Sequence[CustodyItem]:
    """Custody events for dispatchers; a courier's own phone knows them, for it sent them."""
    if who.role is Role.COURIER:
        return ()
    offices = sorted(who.scope.offices)
    own = or_(events.c.office.in_(offices), events.c.office.is_(None)) if offices else true()
    rows = connection.execute(
        select(events.c.seq, events.c.event_id, events.c.office, events.c.recorded_at, events.c.record)
        .where(events.c.seq >= number, events.c.province_id == who.scope.province_id, own)
        .order_by(events.c.seq)
        .limit(most)
    )
    return [_custody_item(row) for row in rows.all()]


def _custody_item(row: Any) -> CustodyItem:
    record = json.loads(row.record)
    body = {name: record[name] for name in ("type", "shipments", "at")} | {"event_id": row.event_id}
    return CustodyItem(row.seq + 1, "custody", row.recorded_at, record["data"].get("courier_id"), row.office, body)


def _next(connection: Connection, province_id: str) -> int:
    """Counts up under a lock that lasts until the commit: whoever tells next waits, so that no number comes late."""
    first = upsert(connection, live_heads).values(province_id=province_id, number=1)
    raised = first.on_conflict_do_update(
        index_elements=[live_heads.c.province_id], set_={"number": live_heads.c.number + 1}
    )
    number: int = connection.execute(raised.returning(live_heads.c.number)).scalar_one()
    return number


def forget_positions(connection: Connection, province_id: str, courier_id: str) -> None:
    """Take a courier's fixes out of what was told: nobody who comes later shall see them."""
    own = live_items.c.province_id == province_id, live_items.c.courier_id == courier_id
    connection.execute(delete(live_items).where(*own, live_items.c.kind == "position"))


def erase_items(connection: Connection, before: datetime) -> int:
    """Forget what was told before a moment; the numbers go on."""
    return connection.execute(delete(live_items).where(live_items.c.at < before)).rowcount
