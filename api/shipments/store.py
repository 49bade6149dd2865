"""Shipments in the database: read back, and changed by people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, insert, select, update

from api.shipments.model import Shipment, ShipmentKind
from api.shipments.rows import PERSONAL, PLAIN
from api.shipments.tables import shipment_changes, shipment_persons, shipment_wishes, shipments
from api.shipments.wish_store import WISHED, end_wished_hours
from api.shipments.wishes import as_wished, wish_of
from api.tables.moments import SPANS

_PERSON = [column for column in shipment_persons.c if column.name not in shipments.c]
_WISHED_FOR = shipment_wishes.c.shipment_id == shipment_persons.c.shipment_id
_WITH_PEOPLE = shipments.join(shipment_persons).outerjoin(shipment_wishes, _WISHED_FOR)
"""Shipments whose people are not erased."""


def find_shipment(connection: Connection, province_id: str, code: str) -> Row[Any] | None:
    """One shipment with its person and wish; the personal columns are None after their erasure."""
    people = shipments.outerjoin(shipment_persons).outerjoin(shipment_wishes, _WISHED_FOR)
    asked = select(shipments, *_PERSON, *WISHED).select_from(people)
    return connection.execute(
        asked.where(shipments.c.province_id == province_id, shipments.c.code == code)
    ).one_or_none()


def changes_of(connection: Connection, shipment_id: int) -> Sequence[Row[Any]]:
    """What was changed, the oldest first."""
    asked = select(shipment_changes).where(shipment_changes.c.shipment_id == shipment_id)
    return connection.execute(asked.order_by(shipment_changes.c.version)).all()


def note_change(
    connection: Connection, shipment_id: int, version: int, at: datetime, by: str | None, columns: Sequence[str]
) -> None:
    """Write down which columns a new version changed; never their values."""
    noted = {"shipment_id": shipment_id, "version": version, "at": at, "by_user": by, "columns": sorted(columns)}
    connection.execute(insert(shipment_changes).values(noted))


def change_shipment(
    connection: Connection, row: Row[Any], values: Mapping[str, Any], *, at: datetime, by: str | None
) -> bool:
    """
    Change note, windows or priority of one.

    Windows are what the post agreed with the citizen last, so they end the day and hours that were wished before, also
    when they are as they were: else plans would follow the wish and nobody but the citizen could end it.

    Parameters
    ----------
    row
        As found in this transaction.

    Returns
    -------
    changed
        False when it is as wanted already.
    """
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    ends_wish = "windows" in values and row.wish_day is not None
    if not different and not ends_wish:
        return False
    plain = {name: value for name, value in different.items() if name in shipments.c}
    personal = {name: value for name, value in different.items() if name not in plain}
    same = shipments.c.shipment_id == row.shipment_id
    connection.execute(update(shipments).where(same).values(**plain, version=row.version + 1))
    if personal:
        theirs = shipment_persons.c.shipment_id == row.shipment_id
        connection.execute(update(shipment_persons).where(theirs).values(**personal))
    if ends_wish:
        end_wished_hours(connection, row.shipment_id)
    note_change(connection, row.shipment_id, row.version + 1, at, by, [*different, *(["wish"] if ends_wish else [])])
    return True


def waits(province_id: str, day: date) -> ColumnElement[bool]:
    """What a plan of a day can move: ready, and with nobody or at a site."""
    return and_(
        shipments.c.province_id == province_id,
        shipments.c.holding.in_(("nobody", "site")),
        shipments.c.ready_day <= day.toordinal(),
    )


def count_waiting(connection: Connection, province_id: str, day: date) -> tuple[int, int, int]:
    """How many shipments a plan of a day can move, how many of them waited before it, and how many are due by it."""
    asked = select(
        func.count(),
        func.coalesce(func.sum(case((shipments.c.ready_day < day.toordinal(), 1), else_=0)), 0),
        func.coalesce(func.sum(case((shipments.c.due_on <= day.isoformat(), 1), else_=0)), 0),
    )
    found = connection.execute(asked.select_from(_WITH_PEOPLE).where(waits(province_id, day))).one()
    return int(found[0]), int(found[1]), int(found[2])


def waiting_shipments(connection: Connection, province_id: str, day: date, zone: ZoneInfo) -> list[Shipment]:
    """The shipments that a plan of a day can move, by code; as wished."""
    asked = (
        select(shipments, *_PERSON, *WISHED)
        .select_from(_WITH_PEOPLE)
        .where(waits(province_id, day))
        .order_by(shipments.c.code)
    )
    return [as_wished(_shipment(row, zone), wish_of(row), day) for row in connection.execute(asked)]


def read_shipment(connection: Connection, province_id: str, code: str, zone: ZoneInfo, day: date) -> Shipment | None:
    """One shipment whose people are not erased, as wished on a day."""
    asked = select(shipments, *_PERSON, *WISHED).select_from(_WITH_PEOPLE)
    row = connection.execute(
        asked.where(shipments.c.province_id == province_id, shipments.c.code == code)
    ).one_or_none()
    return None if row is None else as_wished(_shipment(row, zone), wish_of(row), day)


def _shipment(row: Row[Any], zone: ZoneInfo) -> Shipment:
    personal = {name: getattr(row, name.removeprefix("contact_")) for name in PERSONAL if name != "windows"}
    return Shipment(
        **{name: getattr(row, name) for name in PLAIN if name != "ready_at"},
        **personal,
        kind=ShipmentKind(row.kind),
        ready_at=row.ready_at.astimezone(zone),
        appointment_on=date.fromisoformat(row.appointment_on) if row.appointment_on else None,
        due_on=date.fromisoformat(row.due_on),
        windows=SPANS.parse(row.windows, _no_warning) if row.windows else (),
    )


def _no_warning(code: str, **_: object) -> None:
    raise ValueError(f"what was written by the program is odd: {code}")
