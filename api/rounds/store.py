"""What a round needs from the tables of others."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from api.shipments.tables import shipment_persons, shipment_wishes, shipments
from api.shipments.wish_store import WISHED
from api.tracking.tables import pins

_PERSON = [column for column in shipment_persons.c if column.name not in shipments.c]


def parcels(connection: Connection, province_id: str, codes: Collection[str]) -> Sequence[Row[Any]]:
    """Shipments with their people, wishes and whether a PIN was given out, by code."""
    asked = (
        select(shipments, *_PERSON, *WISHED, pins.c.code.label("pin_of"))
        .outerjoin(shipment_persons, shipment_persons.c.shipment_id == shipments.c.shipment_id)
        .outerjoin(shipment_wishes, shipment_wishes.c.shipment_id == shipments.c.shipment_id)
        .outerjoin(pins, (pins.c.province_id == shipments.c.province_id) & (pins.c.code == shipments.c.code))
        .where(shipments.c.province_id == province_id, shipments.c.code.in_(codes))
        .order_by(shipments.c.code)
    )
    return connection.execute(asked).all()
