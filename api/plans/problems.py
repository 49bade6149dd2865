"""
A province's day as routing problems: one for each plan group, with the key that turns its answer back into names.

Routing sees numbers only. The order of everything is fixed by the network and the shipments' file, so that the same
inputs give the same problems, to the byte.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from api.network.model import Network
from api.network.rows import Courier
from api.plans.numbering import Numbering
from api.plans.tasks import Place, Work, cash_taken
from api.plans.travel import Travel, measure_travel, require_roads
from geo.ferries import closed_ferries
from geo.roads import Roads
from routing.model import Action, Break, Depot, Preferences, Problem, Shipment, Stop, VehicleType
from routing.waves import Prices, with_waits

COST_UNITS_PER_DONG = 18_000
"""đồng/km is 18 units a metre, đồng/hour is 5 units a second: all prices stay whole numbers."""

ID_CHECK = "id_check"
"""The skill of couriers who may check who somebody is."""

_PER_METRE = COST_UNITS_PER_DONG // 1000
_PER_SECOND = COST_UNITS_PER_DONG // 3600


@dataclass(frozen=True, slots=True, eq=False)
class PlanGroup:
    """Bases that are planned together, their problem, and what its indexes mean."""

    name: str
    problem: Problem
    works: tuple[Work, ...]
    """By shipment."""
    couriers: tuple[Courier, ...]
    """By vehicle type."""
    bases: tuple[str, ...]
    """Site of each depot."""
    places: tuple[Place, ...]
    """By stop."""
    travel: Travel
    """Where the locations lie on the roads, for drawing paths."""


def build_groups(
    network: Network, works: Sequence[Work], roads: Roads, day: date, *, crew: Sequence[Courier] | None = None
) -> list[PlanGroup]:
    """
    Turn a day's tasks into problems, one a plan group that has something to do.

    Parameters
    ----------
    network
        In force on `day`.
    roads
        With a graph for each vehicle that the couriers drive.
    crew
        Who drives; None = all but the reserve.

    Raises
    ------
    InputError
        When places lie too far from any road: every row is named.
    """
    couriers = network.crew() if crew is None else crew
    require_roads(network, works, couriers, roads)
    groups = []
    for name, bases in network.groups:
        todo = [work for work in works if work.base_id in bases]
        if todo:
            drivers = [courier for courier in couriers if courier.base_id in bases]
            groups.append(_group(name, bases, todo, drivers, network, roads, day))
    return groups


def _group(
    name: str,
    bases: tuple[str, ...],
    works: Sequence[Work],
    crew: Sequence[Courier],
    network: Network,
    roads: Roads,
    day: date,
) -> PlanGroup:
    sites = [network.site(base) for base in bases]
    points = Numbering[tuple[float, float]]()
    depots = tuple(Depot(points.number((site.lon, site.lat))) for site in sites)
    zones = Numbering[str]()
    stops = Numbering[tuple[Stop, Place]]()
    stop_of = [stops.number((_stop(work, points, zones), work.place)) for work in works]
    skills = _skills(crew)
    profiles = tuple(dict.fromkeys(courier.vehicle.value for courier in crew))
    travel = measure_travel(roads, profiles, points.items, _closed_ferries(roads, crew, network, day))
    depot_of = {base: index for index, base in enumerate(bases)}
    shipments = [_shipment(work, stop, depot_of, skills) for work, stop in zip(works, stop_of, strict=True)]
    problem = Problem(
        stops=tuple(stop for stop, _ in stops.items),
        shipments=with_waits(shipments, [work.wait for work in works], _prices(network)),
        vehicle_types=tuple(_vehicle(c, depot_of, profiles, zones, skills, network) for c in crew),
        depots=depots,
        distances=travel.distances,
        durations=travel.durations,
        preferences=_preferences(network),
    )
    places = tuple(place for _, place in stops.items)
    return PlanGroup(name, problem, tuple(works), tuple(crew), bases, places, travel)


def further(group: PlanGroup, work: Work, network: Network, *, location: int, stop: int) -> tuple[Stop, Shipment]:
    """
    Turn one more task into a stop and a shipment of a group whose problem stands.

    Parameters
    ----------
    group
        As `build_groups` made it: its zones and skills keep their numbers.
    location, stop
        Their numbers in the problem.
    """
    zones = Numbering[str]()
    for commune in (*(place.commune_code for place in group.places), *(c for k in group.couriers for c in k.communes)):
        zones.number(commune)  # in the order of `_group`
    depot_of = {base: index for index, base in enumerate(group.bases)}
    shipment = _shipment(work, stop, depot_of, _skills(group.couriers))
    priced = with_waits([shipment], [work.wait], _prices(network))[0]
    return Stop(location, work.windows, work.setup, zones.number(work.place.commune_code)), priced


def _closed_ferries(roads: Roads, crew: Sequence[Courier], network: Network, day: date) -> frozenset[int]:
    """Ferries that do not run as long as somebody is at work: one matrix holds for the whole day."""
    if not crew:
        return frozenset()
    begin = min(courier.shift.start for courier in crew)
    end = max(courier.shift.end + 60 * courier.max_overtime_minutes for courier in crew)
    return closed_ferries(roads.ferries, day, begin, end, is_holiday=network.calendar.is_holiday(day))


def _stop(work: Work, points: Numbering[tuple[float, float]], zones: Numbering[str]) -> Stop:
    place = work.place
    location = points.number((place.lon, place.lat))
    return Stop(location, work.windows, work.setup, zones.number(place.commune_code))


def _shipment(work: Work, stop: int, depot_of: Mapping[str, int], skills: Mapping[str, int]) -> Shipment:
    shipment, collects = work.shipment, work.action is Action.COLLECT
    cash = cash_taken(shipment, work.action)
    needed = frozenset(number for name, number in skills.items() if name == ID_CHECK and shipment.id_check)
    return Shipment(
        pickup=stop if collects else None,
        delivery=None if collects else stop,
        load=(shipment.pieces, shipment.grams, cash if collects else 0),
        collected=() if collects or not cash else (0, 0, cash),
        pickup_duration=work.item if collects else 0,
        delivery_duration=0 if collects else work.item,
        release=work.release,
        skills=needed,
        depot=depot_of[work.base_id] if work.is_bound else None,
    )


def _vehicle(
    courier: Courier,
    depot_of: Mapping[str, int],
    profiles: Sequence[str],
    zones: Numbering[str],
    skills: Mapping[str, int],
    network: Network,
) -> VehicleType:
    depot = depot_of[courier.base_id]
    return VehicleType(
        start_depot=depot,
        end_depot=depot,
        profile=profiles.index(courier.vehicle.value),
        capacity=(courier.pieces, courier.grams, courier.cash_dong),
        tw_early=courier.shift.start,
        tw_late=courier.shift.end,
        max_overtime=courier.max_overtime_minutes * 60,
        breaks=tuple(Break(rest.minutes * 60, rest.window.start, rest.window.end) for rest in courier.breaks),
        skills=frozenset(skills[name] for name in courier.skills),
        max_trips=courier.max_trips,
        reload_duration=network.settings.reload_minutes * 60,
        zones=frozenset(map(zones.number, courier.communes)),
        fixed_cost=courier.fixed_dong * COST_UNITS_PER_DONG,
        unit_distance_cost=courier.dong_per_km * _PER_METRE,
        unit_duration_cost=courier.dong_per_hour * _PER_SECOND,
        unit_overtime_cost=courier.overtime_dong_per_hour * _PER_SECOND,
    )


def _skills(crew: Iterable[Courier]) -> dict[str, int]:
    """
    Number the skills that the crew declares.

    Identity checks bind only where somebody is named for them: where nobody is, every courier may do them.
    """
    return {name: number for number, name in enumerate(sorted({skill for c in crew for skill in c.skills}))}


def _prices(network: Network) -> Prices:
    prices = network.settings.penalties
    return Prices(
        may_go=prices.may_go_dong * COST_UNITS_PER_DONG,
        urgency=prices.urgency_dong * COST_UNITS_PER_DONG,
        batching=network.settings.batching,
        spare_days=network.settings.spare_days,
    )


def _preferences(network: Network) -> Preferences:
    prices = network.settings.penalties
    return Preferences(
        unit_balance_cost=prices.balance_dong_per_hour * _PER_SECOND,
        unfamiliar_cost=prices.unfamiliar_dong * COST_UNITS_PER_DONG,
        change_cost=prices.change_dong * COST_UNITS_PER_DONG,
    )
