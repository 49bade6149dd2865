"""What stands on a courier's round sheet, before anybody thinks of paper."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from api.network.model import Courier, Network
from api.plans.schemas import Plan, PlannedRoute, PlannedStop, PlannedTrip, Position, StopTask
from api.plans.tasks import cash_taken
from api.shipments.model import Shipment, ShipmentList
from routing.model import Action


@dataclass(frozen=True, slots=True)
class SheetTask:
    """One envelope to hand over or to take."""

    code: str
    action: Action
    kind: str
    pieces: int
    fee_dong: int
    postage_dong: int
    contact: str
    """Name and masked phone of the citizen; empty for a site."""
    note: str


@dataclass(frozen=True, slots=True)
class SheetStop:
    number: int
    """Counted over the whole round, from 1."""
    title: str
    address: str
    position: Position
    arrives: datetime
    starts: datetime
    leaves: datetime
    slack: int
    """Seconds."""
    tasks: tuple[SheetTask, ...]


@dataclass(frozen=True, slots=True)
class SheetTrip:
    departs: datetime
    returns: datetime
    pieces: int
    """Aboard on departure."""
    distance: int
    """Metres."""
    breaks: tuple[tuple[datetime, datetime], ...]
    stops: tuple[SheetStop, ...]
    path: tuple[Position, ...]


@dataclass(frozen=True, slots=True)
class RoundSheet:
    courier_id: str
    courier_name: str
    base_name: str
    base_position: Position
    vehicle: str
    day: date
    plan_id: str
    version: int
    software: str
    synthetic: bool
    trips: tuple[SheetTrip, ...]
    mark: str = ""
    """On top of every page, as of a draft; empty = nothing."""

    @property
    def stops(self) -> tuple[SheetStop, ...]:
        return tuple(stop for trip in self.trips for stop in trip.stops)

    @property
    def tasks(self) -> tuple[SheetTask, ...]:
        return tuple(task for stop in self.stops for task in stop.tasks)

    @property
    def distance(self) -> int:
        """Metres."""
        return sum(trip.distance for trip in self.trips)

    @property
    def round_id(self) -> str:
        """Names the round for scanners: `PLAN/vVERSION/COURIER`."""
        return f"{self.plan_id}/v{self.version}/{self.courier_id}"


def round_sheets(plan: Plan, network: Network, shipments: ShipmentList, mark: str = "") -> list[RoundSheet]:
    """
    Gather the contents of one sheet a route, in the plan's order.

    Parameters
    ----------
    network
        The network in force on the plan's day.
    shipments
        Those that the plan was made from.
    mark
        On top of every page.
    """
    couriers = {courier.courier_id: courier for courier in network.couriers}
    by_code = {shipment.code: shipment for shipment in shipments.shipments}
    sheets = (_sheet(plan, route, couriers[route.courier_id], network, by_code) for route in plan.routes)
    return [replace(sheet, mark=mark) for sheet in sheets]


def _sheet(
    plan: Plan, route: PlannedRoute, courier: Courier, network: Network, by_code: Mapping[str, Shipment]
) -> RoundSheet:
    base = network.site(route.base_id)
    number, trips = 1, []
    for trip in route.trips:
        trips.append(_trip(trip, number, network, by_code))
        number += len(trip.stops)
    return RoundSheet(
        courier_id=route.courier_id,
        courier_name=courier.name,
        base_name=base.name,
        base_position=(base.lon, base.lat),
        vehicle=route.vehicle,
        day=plan.network.valid_on,
        plan_id=plan.plan_id,
        version=plan.version,
        software=plan.software,
        synthetic=plan.network.roads.synthetic,
        trips=tuple(trips),
    )


def _trip(trip: PlannedTrip, first: int, network: Network, by_code: Mapping[str, Shipment]) -> SheetTrip:
    numbered = enumerate(trip.stops, first)  # a driven stop where nothing could be handed over keeps its number only
    stops = tuple(_stop(stop, number, network, by_code) for number, stop in numbered if stop.tasks)
    return SheetTrip(
        departs=trip.departs,
        returns=trip.returns,
        pieces=trip.load.pieces,
        distance=trip.distance,
        breaks=tuple((rest.starts, rest.ends) for rest in trip.breaks),
        stops=stops,
        path=trip.path.coordinates,
    )


def _stop(stop: PlannedStop, number: int, network: Network, by_code: Mapping[str, Shipment]) -> SheetStop:
    title, address, position = _place(stop, network, by_code[stop.tasks[0].shipment])
    return SheetStop(
        number=number,
        title=title,
        address=address,
        position=position,
        arrives=stop.arrives,
        starts=stop.starts,
        leaves=stop.leaves,
        slack=stop.slack,
        tasks=tuple(_task(task, by_code[task.shipment]) for task in stop.tasks),
    )


def _place(stop: PlannedStop, network: Network, shipment: Shipment) -> tuple[str, str, Position]:
    """Title, address and position of a stop."""
    if stop.site_id is not None:
        site = network.site(stop.site_id)
        return site.name, "", (site.lon, site.lat)
    if stop.point is None:
        raise ValueError("a stop has exactly one of site_id and point")
    end = shipment.origin if stop.tasks[0].action is Action.COLLECT else shipment.dest
    return end.address or "Địa chỉ theo tọa độ", "", stop.point


def _task(task: StopTask, shipment: Shipment) -> SheetTask:
    at_citizen = (shipment.origin if task.action is Action.COLLECT else shipment.dest).site_id is None
    contact = f"{shipment.contact_name} {masked(shipment.contact_phone)}".strip() if at_citizen else ""
    pays = cash_taken(shipment, task.action) > 0
    return SheetTask(
        code=shipment.code,
        action=task.action,
        kind=shipment.kind,
        pieces=shipment.pieces,
        fee_dong=shipment.fee_dong if pays else 0,
        postage_dong=shipment.postage_dong if pays else 0,
        contact=contact,
        note=shipment.note,
    )


def masked(phone: str) -> str:
    """Hide the middle of a phone number: a sheet may be lost on the way."""
    return f"{phone[:2]}•••••{phone[-3:]}" if len(phone) > 6 else phone
