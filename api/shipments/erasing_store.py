"""The people of shipments, erased at the end of their retention."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from api.db.in_lists import in_lists
from api.shipments.tables import shipment_persons, shipments
from api.shipments.word_store import remove_words
from api.shipments.words import words_of


def erase_persons(connection: Connection, moved_before: datetime) -> int:
    """
    Erase the people of shipments that were done before a moment, and the words of their names.

    Returns
    -------
    count
        Shipments whose people are gone.
    """
    asked = (
        select(shipments, shipment_persons.c.name)
        .join(shipment_persons)
        .where(
            shipments.c.holding == "done",
            shipments.c.moved_at < moved_before,
        )
    )
    rows = connection.execute(asked).all()
    for row in rows:
        remove_words(connection, row.province_id, row, words_of(row.name))
    for some in in_lists(row.shipment_id for row in rows):
        connection.execute(delete(shipment_persons).where(shipment_persons.c.shipment_id.in_(some)))
    return len(rows)
