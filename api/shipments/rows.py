"""How a shipment lies in two rows: what stays, and the people in it, who can be erased."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from api.shipments.model import Shipment
from api.shipments.words import digits
from api.tables.moments import SPANS

PERSONAL: Final = (
    "contact_name", "contact_phone", "origin_lon", "origin_lat", "origin_address", "dest_lon", "dest_lat",
    "dest_address", "windows", "note",
)  # fmt: skip
"""Of `shipment_persons`; `contact_` is left out there."""
PLAIN: Final = (
    "code", "procedure_code", "origin_site", "origin_commune", "dest_site", "dest_commune", "at_site", "ready_at",
    "pieces", "grams", "fee_dong", "postage_dong", "id_check", "priority",
)  # fmt: skip
"""Of `shipments`, under their own names."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A checked shipment and the offices that see it."""

    shipment: Shipment
    origin_base: str | None
    dest_base: str | None
    at_base: str | None

    @property
    def offices(self) -> tuple[str | None, ...]:
        """As `office_store.OFFICES`."""
        there = self.shipment
        return (
            self.origin_base, self.dest_base, self.at_base, there.origin_site, there.dest_site, there.at_site,
        )  # fmt: skip


def plain_row(entry: Entry) -> dict[str, Any]:
    """What stays."""
    shipment = entry.shipment
    return {
        **{name: getattr(shipment, name) for name in PLAIN},
        "kind": shipment.kind.value,
        "ready_day": shipment.ready_at.date().toordinal(),
        "appointment_on": shipment.appointment_on.isoformat() if shipment.appointment_on else None,
        "due_on": shipment.due_on.isoformat(),
        "origin_base": entry.origin_base,
        "dest_base": entry.dest_base,
        "at_base": entry.at_base,
    }


def person_row(province_id: str, shipment_id: int, shipment: Shipment, sha256: str) -> dict[str, Any]:
    """Who and where; `sha256` of the whole row as it was taken in."""
    values = {name.removeprefix("contact_"): getattr(shipment, name) for name in PERSONAL}
    phone = digits(shipment.contact_phone)
    return {
        **values,
        "shipment_id": shipment_id,
        "province_id": province_id,
        "windows": SPANS.write(shipment.windows),
        "phone_backwards": phone[::-1],
        "sha256": sha256,
    }
