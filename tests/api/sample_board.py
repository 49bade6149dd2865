"""
A small province's day, laid out by hand: everything that a page must be able to show occurs in it.

Four bases and ten couriers among the communes of former An Giang, whose points are read from the package of units;
synthetic roads; breaks, a reload, waiting, tight and ample stops, a lock, citizens' addresses, unassigned shipments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import count, pairwise

import numpy as np

from api.network.model import Area, Courier, Network, NetworkRows, Rest, Settings, Site, SiteKind, Span, Vehicle
from api.plans import schemas as s
from api.plans.board import PlanBoard
from api.shipments.model import Shipment, ShipmentKind, ShipmentList
from geo.coordinates import haversine
from geo.paths import Path, paths
from geo.roads import Roads
from geo.snapping import snap
from geo.synthetic import synthetic_roads
from geo.units import Commune, load_communes
from routing.model import Action

DAY = date(2026, 11, 23)
SEATS = ("30307", "30316", "30376", "30544")
"""Communes of the four bases."""
NAMES = (
    "Nguyễn Thị Đào", "Trần Văn Ngọc", "Lê Hữu Phước", "Phạm Thị Mỹ Ánh", "Võ Minh Khôi",
    "Đặng Quốc Thịnh", "Huỳnh Thị Bé Sáu", "Bùi Văn Giàu", "Đỗ Thị Hồng Nhung", "Ngô Thành Được",
)  # fmt: skip
HOURS = "Mo-Fr 07:00-11:30,13:30-17:00; PH off"


@dataclass(frozen=True)
class Halt:
    """Where a courier stops, before it is timed."""

    site: Site | None
    point: tuple[float, float]
    codes: tuple[str, ...]


def sample_board() -> PlanBoard:
    """A board with the sample plan, done."""
    return PlanBoard(sample_plan(), *sample_inputs(), seconds=4.2)


@cache
def sample_inputs() -> tuple[Network, ShipmentList, Roads]:
    """Network, shipments and roads of the sample day."""
    units = _units()
    bases = {unit.code: _nearest_seat(unit) for unit in units}
    sites = tuple(_sites(units))
    couriers = tuple(_couriers())
    areas = tuple(Area(commune_code=unit.code, base_id=f"BC-{bases[unit.code]}") for unit in units)
    network = Network(
        rows=NetworkRows(sites=sites, areas=areas, couriers=couriers),
        settings=Settings(name="Tỉnh mẫu"),
        sha256="1" * 64,
        name="Tỉnh mẫu",
    )
    roads = synthetic_roads(np.array([(site.lon, site.lat) for site in sites]), seed=7)
    shipments = ShipmentList(tuple(_shipments(units, sites)), "2" * 64)
    return network, shipments, roads


@cache
def sample_plan(version: int = 1) -> s.Plan:
    """The rounds of the sample day; later versions drive the same rounds."""
    network, shipments, roads = sample_inputs()
    routes = tuple(_routes(network, shipments.shipments, roads))
    carried = {task.shipment for r in routes for t in r.trips for stop in t.stops for task in stop.tasks}
    behind = [one for one in shipments.shipments if one.code not in carried]
    left = tuple(_unassigned(one, index) for index, one in enumerate(behind))
    distance = sum(trip.distance for route in routes for trip in route.trips)
    total = sum(route.cost.total for route in routes)
    cost = s.TotalCost(
        fixed=0, distance=total, duration=0, overtime=0, penalties=0, balance=0, unfamiliar=0, change=0, total=total
    )
    terms = dict.fromkeys(s.ObjectiveTerms.model_fields, 0)
    return s.Plan(
        plan_id="sample-2026-11-23",
        version=version,
        status=s.PlanStatus.DRAFT,
        created_at=_at(6.5 * 3600),
        network=s.NetworkUsed(
            name=network.name,
            valid_on=DAY,
            sha256=network.sha256,
            roads=s.RoadsUsed(source=roads.source, sha256="3" * 64, synthetic=True),
        ),
        shipments_sha256=shipments.sha256,
        software="duongthu test",
        seed=1,
        objective=s.ObjectiveValue(name="daily", terms=s.ObjectiveTerms(**terms), total=total),
        routes=routes,
        unassigned=left,
        totals=s.Totals(
            couriers=len(routes),
            couriers_available=len(network.couriers),
            trips=sum(len(route.trips) for route in routes),
            stops=sum(len(trip.stops) for route in routes for trip in route.trips),
            shipments=len(shipments.shipments),
            carried=len(carried),
            unassigned=len(left),
            must_go_unassigned=sum(one.must_go for one in left),
            distance=distance,
            duration=sum(int((r.trips[-1].returns - r.trips[0].departs).total_seconds()) for r in routes),
            cost=cost,
        ),
    )


def _at(seconds: float) -> datetime:
    midnight = datetime.combine(DAY, time(), Settings().zone)
    return midnight + timedelta(seconds=int(seconds))


@cache
def _units() -> tuple[Commune, ...]:
    """Those of former An Giang, whose codes lie below the rest of the new province's."""
    return tuple(unit for unit in load_communes(DAY, "91") if unit.code < "30742")


def _nearest_seat(unit: Commune) -> str:
    seats = [one for one in _units() if one.code in SEATS]
    return min(seats, key=lambda seat: float(haversine(unit.lon, unit.lat, seat.lon, seat.lat))).code


def _sites(units: Sequence[Commune]) -> Iterator[Site]:
    def site(site_id: str, name: str, kind: SiteKind, unit: Commune, shift: float = 0.0) -> Site:
        return Site(
            site_id=site_id, name=name, kind=kind, commune_code=unit.code, lon=unit.lon + shift,
            lat=unit.lat + shift / 2, opening_hours=HOURS, setup_minutes=None, item_seconds=None,
        )  # fmt: skip

    for unit in units:
        if unit.code in SEATS:
            yield site(f"BC-{unit.code}", f"Bưu cục {unit.short_name}", SiteKind.POST_OFFICE, unit)
            yield site(f"MC-{unit.code}", f"Bộ phận một cửa {unit.short_name}", SiteKind.ONE_STOP, unit, 0.006)
        else:
            yield site(f"UB-{unit.code}", f"UBND {unit.name}", SiteKind.ONE_STOP, unit)
        if unit.code.endswith("1"):
            yield site(f"VH-{unit.code}", f"Bưu điện VHX {unit.short_name}", SiteKind.CULTURE_POST, unit, -0.012)
    seat = next(unit for unit in units if unit.code == SEATS[0])
    yield site("TT", "Trung tâm khai thác tỉnh", SiteKind.HUB, seat, -0.008)
    yield site("SO-TP", "Sở Tư pháp", SiteKind.AGENCY, seat, 0.012)


def _couriers() -> Iterator[Courier]:
    bases = [SEATS[0]] * 4 + [SEATS[1]] * 2 + [SEATS[2]] * 2 + [SEATS[3]] * 2
    for index, (name, seat) in enumerate(zip(NAMES, bases, strict=True)):
        van = index % 4 == 3
        yield Courier(
            courier_id=f"BT{index + 1:02}", name=name, base_id=f"BC-{seat}",
            vehicle=Vehicle.VAN if van else Vehicle.MOTORBIKE, pieces=200 if van else 40,
            grams=400_000 if van else 40_000, cash_dong=20_000_000,
            shift=Span(7 * 3600, 17 * 3600 + 1800), breaks=(Rest(60, Span(11 * 3600, 13 * 3600)),), skills=(),
            fixed_dong=0, dong_per_km=2000, dong_per_hour=0, overtime_dong_per_hour=0, max_overtime_minutes=0,
            max_trips=2, reserve=False, communes=(),
        )  # fmt: skip


def _shipments(units: Sequence[Commune], sites: Sequence[Site]) -> Iterator[Shipment]:
    numbers = count(1)
    desks = {site.commune_code: site for site in sites if site.kind is SiteKind.ONE_STOP}
    for unit in units:
        for turn in range(1 + int(unit.code) % 5):
            yield _shipment(next(numbers), unit, desks[unit.code], at_home=turn == 0)


def _shipment(number: int, unit: Commune, desk: Site, *, at_home: bool) -> Shipment:
    kind = ShipmentKind.RESULT if number % 3 else ShipmentKind.INTAKE
    lon, lat = (unit.lon + 0.015, unit.lat - 0.01) if at_home else (desk.lon, desk.lat)
    here = (None if at_home else desk.site_id, lon, lat, "ấp 3" if at_home else "", unit.code)
    hub = ("TT", unit.lon, unit.lat, "", SEATS[0])
    origin, dest = (hub, here) if kind is ShipmentKind.RESULT else (here, hub)
    return Shipment(
        f"RR{number:08}9VN", kind, None, *origin, *dest, at_site=None, ready_at=_at(0), appointment_on=None,
        due_on=DAY + timedelta(days=number % 3), pieces=1, grams=150, fee_dong=0, postage_dong=0, windows=(),
        id_check=False, contact_name="Người Nhận Bí Mật", contact_phone="0900000000", priority=0, note="",
    )  # fmt: skip


def _routes(network: Network, shipments: Sequence[Shipment], roads: Roads) -> Iterator[s.PlannedRoute]:
    base_of = {area.commune_code: area.base_id for area in network.areas}
    halts = _halts(network, shipments)
    for base, couriers in network.bases.items():
        own = [halt for commune, here in halts.items() if base_of[commune] == base for halt in here]
        for rank, courier in enumerate(couriers):
            mine = sorted(own[rank :: len(couriers)], key=lambda halt: halt.point)
            if mine:
                yield _route(courier, network.site(base), mine, roads)


def _halts(network: Network, shipments: Sequence[Shipment]) -> dict[str, list[Halt]]:
    """The doors of each commune; every seventeenth shipment stays behind."""
    found: dict[str, dict[tuple[float, float], list[Shipment]]] = {}
    for index, one in enumerate(shipments):
        end = one.citizen
        if index % 17 != 16 and end is not None:
            found.setdefault(end.commune_code, {}).setdefault((end.lon, end.lat), []).append(one)
    return {
        commune: [
            Halt(site=_site_of(network, here[0]), point=point, codes=tuple(one.code for one in here))
            for point, here in doors.items()
        ]
        for commune, doors in found.items()
    }


def _site_of(network: Network, shipment: Shipment) -> Site | None:
    end = shipment.citizen
    return network.site(end.site_id) if end is not None and end.site_id is not None else None


def _route(courier: Courier, base: Site, halts: Sequence[Halt], roads: Roads) -> s.PlannedRoute:
    cut = len(halts) if len(halts) < 8 else len(halts) * 2 // 3
    parts = [part for part in (halts[:cut], halts[cut:]) if part]
    clock, trips = 7.25 * 3600, []
    for part in parts:
        trip = _trip(courier, base, part, roads, clock)
        trips.append(trip)
        clock = (trip.returns - _at(0)).total_seconds() + 900
    metres = sum(trip.distance for trip in trips)
    cost = s.RouteCost(fixed=0, distance=metres * 2, duration=0, overtime=0, total=metres * 2)
    vehicle = courier.vehicle.value
    return s.PlannedRoute(
        courier_id=courier.courier_id, vehicle=vehicle, base_id=base.site_id, cost=cost, trips=tuple(trips)
    )


def _trip(courier: Courier, base: Site, halts: Sequence[Halt], roads: Roads, start: float) -> s.PlannedTrip:
    ways = _ways(courier, base, halts, roads)
    clock, stops = start, []
    breaks: list[s.BreakTaken] = []
    aboard = sum(len(halt.codes) for halt in halts)
    for index, (halt, way) in enumerate(zip(halts, ways, strict=False)):
        arrives = clock + way.seconds
        starts = arrives + (420 if index == 2 else 0)
        if not breaks and starts > 11 * 3600 and start < 11 * 3600:
            breaks.append(s.BreakTaken(starts=_at(starts), ends=_at(starts + 3600)))
            starts += 3600
        clock = starts + 240 + 45 * len(halt.codes)
        aboard -= len(halt.codes)
        stops.append(_stop(halt, way, (arrives, starts, clock), index, aboard))
    return s.PlannedTrip(
        departs=_at(start),
        returns=_at(clock + ways[-1].seconds),
        distance=sum(way.metres for way in ways),
        load=_load(sum(len(halt.codes) for halt in halts)),
        breaks=tuple(breaks),
        stops=tuple(stops),
        path=_line(ways),
    )


def _ways(courier: Courier, base: Site, halts: Sequence[Halt], roads: Roads) -> list[Path]:
    network = roads.contracted(courier.vehicle.value)
    door = (base.lon, base.lat)
    snapped = snap(network.graph, np.array([door, *(halt.point for halt in halts), door]), radius_m=5000)
    return paths(network, snapped, list(pairwise(range(len(halts) + 2))))


def _stop(halt: Halt, way: Path, times: tuple[float, float, float], index: int, aboard: int) -> s.PlannedStop:
    arrives, starts, leaves = times
    return s.PlannedStop(
        site_id=halt.site.site_id if halt.site else None,
        point=None if halt.site else halt.point,
        tasks=tuple(s.StopTask(shipment=code, leg=s.Leg.DELIVER_ROUND, action=Action.DELIVER) for code in halt.codes),
        arrives=_at(arrives),
        waits=int(starts) - int(arrives),
        starts=_at(starts),
        leaves=_at(leaves),
        slack=(240, 1500, 5400, 20000)[index % 4],
        load=_load(aboard),
        distance=way.metres,
        duration=way.seconds,
        locked=index == 1,
    )


def _load(pieces: int) -> s.Load:
    return s.Load(pieces=pieces, grams=150 * pieces, cash_dong=0)


def _line(ways: Sequence[Path]) -> s.TripPath:
    coordinates: list[tuple[float, float]] = []
    stop_index: list[int] = []
    for way in ways:
        coordinates += [(float(lon), float(lat)) for lon, lat in way.coordinates.tolist()]
        stop_index.append(len(coordinates) - 1)
    return s.TripPath(type="LineString", coordinates=tuple(coordinates), stop_index=tuple(stop_index[:-1]))


CLOSED = s.UnassignedReason(
    constraint="time_windows",
    detail=s.Words(
        vi="Nơi nhận đóng cửa lúc 11:30, sớm nhất đến được lúc 12:10.",
        en="The door closes at 11:30; the earliest arrival is 12:10.",
    ),
    would_help=s.Words(
        vi="Mở cửa thêm 40 phút, hoặc xuất phát trước 06:35.", en="Open 40 minutes longer, or leave before 06:35."
    ),
)
FULL = s.UnassignedReason(
    constraint="shift",
    detail=s.Words(
        vi="Mọi chuyến đều hết ca; chuyến gần nhất vượt 25 phút.",
        en="Every round is full; the nearest would end 25 minutes late.",
    ),
    would_help=s.Words(
        vi="Thêm 25 phút làm thêm giờ, hoặc một bưu tá dự phòng.", en="25 minutes of overtime, or a reserve courier."
    ),
)


def _unassigned(shipment: Shipment, index: int) -> s.UnassignedShipment:
    reasons = ((CLOSED,), (FULL,), (FULL, CLOSED))[index % 3]
    return s.UnassignedShipment(shipment=shipment.code, must_go=index % 4 == 0, reasons=reasons)
