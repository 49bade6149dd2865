"""
What a map and a list need besides the plan: sites, couriers, communes, and each shipment's public facts.

Nothing here names or describes a citizen: no name, telephone, address, note.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import numpy as np
from pydantic import AwareDatetime, BaseModel, ConfigDict

from api.network.model import Courier, Network, Site
from api.plans.schemas import Load, Position
from api.shipments.model import End, Shipment, ShipmentList
from geo.coordinates import FloatArray
from geo.outlines import estimated_outlines
from geo.units import Commune, load_communes

DECIMALS = 5
"""Of a degree, in outlines: about a metre."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SitePlace(_Part):
    site_id: str
    name: str
    kind: str
    commune_code: str
    point: Position
    opening_hours: str
    """As written in the network folder (OSM syntax)."""
    is_base: bool
    """Couriers start here."""


class CourierFacts(_Part):
    courier_id: str
    name: str
    base_id: str
    vehicle: str
    capacity: Load
    shift_starts: AwareDatetime
    shift_ends: AwareDatetime
    reserve: bool


class CommunePlace(_Part):
    code: str
    name: str
    point: Position
    base_id: str | None
    """Whose couriers serve it; None = nobody's today."""
    outline: tuple[tuple[Position, ...], ...]
    """Closed rings, estimated from the points alone: never an official boundary. Empty = unknown."""


class ShipmentEnd(_Part):
    """A site, or a citizen's address of which only the commune is told."""

    site_id: str | None
    commune_code: str | None


class ShipmentFacts(_Part):
    code: str
    kind: str
    origin: ShipmentEnd
    destination: ShipmentEnd
    due_on: date | None


class Places(_Part):
    model_config = ConfigDict(extra="forbid", frozen=True, title="Places")

    sites: tuple[SitePlace, ...]
    couriers: tuple[CourierFacts, ...]
    communes: tuple[CommunePlace, ...]
    shipments: tuple[ShipmentFacts, ...]


def places(network: Network, shipments: ShipmentList, day: date) -> Places:
    """Gather what is in force on the plan's day."""
    today = network.on(day)
    midnight = datetime.combine(day, time(), today.settings.zone)
    return Places(
        sites=tuple(_site(site, is_base=site.site_id in today.bases) for site in today.sites),
        couriers=tuple(_courier(courier, midnight) for courier in today.couriers),
        communes=_communes(today, shipments, day),
        shipments=tuple(_shipment(shipment) for shipment in shipments.shipments),
    )


def _site(site: Site, *, is_base: bool) -> SitePlace:
    return SitePlace(
        site_id=site.site_id,
        name=site.name,
        kind=site.kind.value,
        commune_code=site.commune_code,
        point=(site.lon, site.lat),
        opening_hours=site.opening_hours,
        is_base=is_base,
    )


def _courier(courier: Courier, midnight: datetime) -> CourierFacts:
    return CourierFacts(
        courier_id=courier.courier_id,
        name=courier.name,
        base_id=courier.base_id,
        vehicle=courier.vehicle.value,
        capacity=Load(pieces=courier.pieces, grams=courier.grams, cash_dong=courier.cash_dong),
        shift_starts=midnight + timedelta(seconds=courier.shift.start),
        shift_ends=midnight + timedelta(seconds=courier.shift.end),
        reserve=courier.reserve,
    )


def _communes(network: Network, shipments: ShipmentList, day: date) -> tuple[CommunePlace, ...]:
    """Those of areas, sites and shipments, with outlines drawn between them."""
    codes = {area.commune_code for area in network.areas} | {site.commune_code for site in network.sites}
    codes |= {end.commune_code for shipment in shipments.shipments for end in (shipment.origin, shipment.dest)}
    known = load_communes(day).by_code
    found = [known[code] for code in sorted(codes & known.keys())]
    outlines = estimated_outlines(np.array([(unit.lon, unit.lat) for unit in found]))
    return tuple(
        _commune(unit, network.base_of_commune(unit.code), rings) for unit, rings in zip(found, outlines, strict=True)
    )


def _commune(unit: Commune, base_id: str | None, rings: Sequence[FloatArray]) -> CommunePlace:
    outline = tuple(tuple((lon, lat) for lon, lat in ring.round(DECIMALS).tolist()) for ring in rings)
    return CommunePlace(code=unit.code, name=unit.name, point=(unit.lon, unit.lat), base_id=base_id, outline=outline)


def _shipment(shipment: Shipment) -> ShipmentFacts:
    return ShipmentFacts(
        code=shipment.code,
        kind=shipment.kind.value,
        origin=_end(shipment.origin),
        destination=_end(shipment.dest),
        due_on=shipment.due_on,
    )


def _end(end: End) -> ShipmentEnd:
    return ShipmentEnd(site_id=end.site_id, commune_code=end.commune_code or None)
