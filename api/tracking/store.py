"""Tracking in the database: a shipment by its code alone, names of sites, PINs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from api.auth.tables import provinces
from api.custody.pin import StoredPin
from api.network.store import latest_version
from api.network.tables import network_rows
from api.shipments.tables import shipment_persons, shipment_wishes, shipments
from api.shipments.wish_store import WISHED
from api.tracking.tables import pins


def tracked(connection: Connection, code: str, province_id: str | None) -> Sequence[Row[Any]]:
    """
    Find shipments by code, in every province or in one; at most two.

    It goes through the provinces, so that each is asked by the index of its codes.
    """
    asked = (
        select(shipments, shipment_persons.c.name, *WISHED)
        .select_from(provinces)
        .join(shipments, shipments.c.province_id == provinces.c.province_id)
        .outerjoin(shipment_persons, shipment_persons.c.shipment_id == shipments.c.shipment_id)
        .outerjoin(shipment_wishes, shipment_wishes.c.shipment_id == shipments.c.shipment_id)
        .where(shipments.c.code == code)
        .limit(2)
    )
    if province_id is not None:
        asked = asked.where(provinces.c.province_id == province_id)
    return connection.execute(asked).all()


def site_names(connection: Connection, province_id: str, site_ids: Collection[str]) -> dict[str, str]:
    """Names of sites in the network in use, the newest row of each."""
    if not site_ids:
        return {}
    version = latest_version(connection, province_id)
    asked = (
        select(network_rows.c.row_key, network_rows.c.content)
        .where(
            network_rows.c.province_id == province_id,
            network_rows.c.sheet == "sites",
            network_rows.c.row_key.in_(sorted(site_ids)),
            network_rows.c.since_version <= version,
            network_rows.c.until_version.is_(None),
        )
        .order_by(network_rows.c.valid_from)
    )
    return {row.row_key: row.content["name"] for row in connection.execute(asked)}


def has_pins(connection: Connection) -> bool:
    """Whether any shipment has a PIN."""
    return connection.execute(select(pins.c.code).limit(1)).first() is not None


def stored_pin(connection: Connection, province_id: str, code: str) -> StoredPin | None:
    """The PIN of a shipment; locked until this transaction ends, so that no attempt goes uncounted."""
    of = pins.c.province_id == province_id, pins.c.code == code
    row = connection.execute(select(pins).where(*of).with_for_update()).one_or_none()
    return None if row is None else _stored(row)


def stored_pins(connection: Connection, province_id: str, codes: Collection[str]) -> dict[str, StoredPin]:
    """The PINs of those of some shipments that have one, by code; locked as by `stored_pin`."""
    of = pins.c.province_id == province_id, pins.c.code.in_(sorted(codes))
    rows = connection.execute(select(pins).where(*of).order_by(pins.c.code).with_for_update())
    return {row.code: _stored(row) for row in rows}


def _stored(row: Row[Any]) -> StoredPin:
    return StoredPin(row.code, row.issue, row.tag, row.failures, row.waits_until, row.issued_by)


def put_pin(connection: Connection, province_id: str, pin: StoredPin, by: str, at: datetime) -> None:
    """Keep a PIN that was issued just now, in place of the one before."""
    values = {**_values(pin), "issued_by": by, "issued_at": at}
    if pin.issue == 1:
        connection.execute(insert(pins).values(province_id=province_id, code=pin.shipment, **values))
    else:
        connection.execute(update(pins).where(*_of(province_id, pin)).values(values))


def count_attempt(connection: Connection, province_id: str, pin: StoredPin) -> None:
    """Keep what an attempt changed."""
    connection.execute(update(pins).where(*_of(province_id, pin)).values(_values(pin)))


def _values(pin: StoredPin) -> dict[str, Any]:
    return {"issue": pin.issue, "tag": pin.tag, "failures": pin.failures, "waits_until": pin.waits_until}


def _of(province_id: str, pin: StoredPin) -> Sequence[Any]:
    return pins.c.province_id == province_id, pins.c.code == pin.shipment
