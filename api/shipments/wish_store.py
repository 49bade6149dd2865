"""Wishes in the database: one a shipment, which goes when its people are erased."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, Row, insert, select, update

from api.shipments.tables import shipment_changes, shipment_wishes, shipments
from api.shipments.wishes import Wish

WISHED: Final = [column for column in shipment_wishes.c if column.name != "shipment_id"]
"""Columns that `wishes.wish_of` reads, None after an outer join without a wish."""


def wish_row(connection: Connection, shipment_id: int) -> Row[Any] | None:
    """The wish of a shipment."""
    return connection.execute(select(shipment_wishes).where(_of(shipment_id))).one_or_none()


def put_wish(connection: Connection, shipment_id: int, wish: Wish) -> None:
    """
    Keep a wish in place of the one before, and note that the shipment was changed, by nobody who works here.

    The shipment's people are there, and it is locked by this transaction's writer.
    """
    same = shipments.c.shipment_id == shipment_id
    # First of all, as whoever changes the shipment does: on two servers neither waits for what the other holds.
    raised = update(shipments).where(same).values(version=shipments.c.version + 1).returning(shipments.c.version)
    noted = {"shipment_id": shipment_id, "version": connection.execute(raised).scalar_one(), "at": wish.at}
    before = wish_row(connection, shipment_id)
    day = None if wish.day is None else wish.day.isoformat()
    values = {"wish_note": wish.note, "wish_day": day, "wish_window": wish.window_text, "wish_at": wish.at}
    if before is None:
        connection.execute(insert(shipment_wishes).values(shipment_id=shipment_id, wish_count=1, **values))
    else:
        changed = update(shipment_wishes).where(_of(shipment_id))
        connection.execute(changed.values(wish_count=before.wish_count + 1, **values))
    connection.execute(insert(shipment_changes).values(**noted, by_user=None, columns=["wish"]))


def end_wished_hours(connection: Connection, shipment_id: int) -> bool:
    """
    Let the citizen's day and window end, for somebody of the post has other hours now; their note stays.

    Returns
    -------
    ended
        False when there were none.
    """
    wished = update(shipment_wishes).where(_of(shipment_id), shipment_wishes.c.wish_day.is_not(None))
    return connection.execute(wished.values(wish_day=None, wish_window=None)).rowcount == 1


def _of(shipment_id: int) -> Any:
    return shipment_wishes.c.shipment_id == shipment_id
