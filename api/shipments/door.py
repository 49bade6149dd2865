"""
What a courier takes in at a door: a dossier that begins in the area of their own base, and nothing else.

Which communes a base serves, and which base a courier starts from, is dated: the network in force on the day says it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import Row

from api.auth.roles import Role, Who
from api.errors import NotFoundError, RowError
from api.network.model import Network
from api.shipments.model import Shipment, ShipmentKind
from api.shipments.rows import Entry


def is_at_their_door(who: Who, network: Network, day: date, entry: Entry) -> bool:
    """Whether somebody's role lets them take a shipment in on a day; only couriers are bound to their base's area."""
    if who.role is not Role.COURIER:
        return True
    bases = {courier.base_id for courier in network.on(day).couriers if courier.courier_id == who.courier_id}
    return entry.shipment.kind is ShipmentKind.INTAKE and entry.origin_base in bases


def not_at_their_door(shipment: Shipment) -> RowError:
    """The complaint about a shipment that a courier may not take in."""
    return RowError(
        shipment.source.file,
        shipment.source.row,
        "code",
        "other_office",
        f"Bưu gửi {shipment.code} không phải hồ sơ nhận trong địa bàn của bưu cục bạn.",
        f"Shipment {shipment.code} is no dossier taken in within the area of your own base.",
    )


def require_at_the_door(who: Who, row: Row[Any]) -> None:
    """
    Let a courier touch only a dossier that nobody has yet, or that they hold: never a result that they deliver.

    Raises
    ------
    NotFoundError
        When it is another: nobody learns which.
    """
    if who.role is not Role.COURIER:
        return
    is_with_them = row.holding == "nobody" or (row.holding, row.holder) == ("courier", who.courier_id)
    if row.kind != ShipmentKind.INTAKE.value or not is_with_them:
        raise NotFoundError("Không có bưu gửi này.", "There is no such shipment.")
