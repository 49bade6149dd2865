"""
Our own family: a day of couriers around the bases of one plan group, from a province, a size and a seed.

The same three always make the same problem, in two variants.

Common (a): what every peer says exactly. One trip; a stop's deliveries are one visit and its collections another,
    set-up included; one or several windows; pieces and grams; fixed cost and cost of a kilometre; goods may be
    carried from any base; everything must go.
Full (b): what a day is really like. Every item on its own, set-up once a visit; two trips with a reload; a lunch break
    by the clock; a quarter of the deliveries arrive with the line at 10:30, a quarter of the collections must be back
    for the line that leaves at 11:15; goods lie at a base; overtime; paid working time; a price for what stays behind.
"""

from __future__ import annotations

import hashlib
import pickle
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.solver.daily_works import AN_GIANG, CAN_THO, DaysWorks, can_be_made, days_works
from routing.model import FOREVER, Action, Break, Depot, Load, Problem, Shipment, Stop, TimeWindow, VehicleType
from routing.waves import Prices, Wait, price_of_waiting

if TYPE_CHECKING:
    from api.network.model import Network
    from api.plans.tasks import Work

__all__ = ["PROVINCES", "SIZES", "Day", "MadeDay", "Variant", "can_be_made", "load_day", "make_day"]

PROVINCES = (AN_GIANG, CAN_THO)
SIZES = (200, 500, 1000, 2000)

HOUR = 3600
SHIFT = TimeWindow(7 * HOUR, 17 * HOUR + 1800)
LUNCH = Break(HOUR, 11 * HOUR, 13 * HOUR + 1800)
LINE_ARRIVES = 10 * HOUR + 1800
CUT_OFF = 11 * HOUR + 900
LATE_SHARE = 0.25
"""Of the deliveries that come with the line, and of the collections that must catch it."""
RELOAD = 600
MAX_OVERTIME = HOUR

HOMES = (
    (0.50, (SHIFT,)),
    (0.30, (TimeWindow(SHIFT.early, 11 * HOUR), TimeWindow(13 * HOUR + 1800, SHIFT.late))),
    (0.12, (TimeWindow(13 * HOUR, SHIFT.late),)),
    (0.08, (TimeWindow(SHIFT.early, 10 * HOUR),)),
)
"""When somebody is at home, where the shipments do not say: shares of the homes."""

TASKS_OF_COURIER = 20
"""There are more couriers than any good plan needs: one for so many tasks."""
VAN_EVERY = 4

COST_UNITS_PER_DONG = 18_000
"""As `api.plans.problems`: đồng/km is 18 units a metre, đồng/hour is 5 units a second."""
_PER_METRE, _PER_SECOND = COST_UNITS_PER_DONG // 1000, COST_UNITS_PER_DONG // HOUR
DUE_TODAY_DONG = 300_000
"""Price of leaving behind what is due today, in the full model."""
MAY_GO_DONG, URGENCY_DONG = 20_000, 60_000
"""Of what is due later: the family keeps the prices that it was published with."""


class Variant(StrEnum):
    COMMON = "a"
    FULL = "b"


@dataclass(frozen=True, slots=True)
class Day:
    """Names a problem."""

    province: str
    size: int
    """Shipments."""
    seed: int
    variant: Variant

    @property
    def name(self) -> str:
        return f"{self.province}-{self.size}-{self.seed}{self.variant}"


@dataclass(frozen=True, slots=True, eq=False)
class MadeDay:
    """A day as a problem."""

    problem: Problem
    facts: str
    """Bases, stops, shipments, couriers."""
    cost_units: int = COST_UNITS_PER_DONG


@dataclass(frozen=True, slots=True)
class Kind:
    """A courier's vehicle, with the sample province's prices."""

    profile: str
    capacity: Load
    fixed_dong: int
    dong_per_km: int
    dong_per_hour: int = 35_000
    overtime_dong_per_hour: int = 17_500


KINDS = (
    Kind("motorbike", (150, 60_000), 40_000, 1_500),
    Kind("van", (1_000, 800_000), 150_000, 5_000),
)


@dataclass(frozen=True, slots=True)
class _Item:
    """One shipment's task, in plain figures."""

    location: int
    action: Action
    windows: tuple[TimeWindow, ...]
    setup: int
    duration: int
    load: Load
    depot: int
    release: int
    latest_return: int
    penalty: int
    zone: int


def load_day(day: Day, cache: Path | None) -> MadeDay:
    """Make a day, or take it from a folder of one's own that holds it from before."""
    if cache is None:
        return make_day(day)
    path = cache / f"{day.name}-{_fingerprint()}.pickle"
    if path.exists():
        made = pickle.loads(path.read_bytes())
        assert isinstance(made, MadeDay), "the cache holds days"
        return made
    made = make_day(day)
    cache.mkdir(parents=True, exist_ok=True)
    path.write_bytes(pickle.dumps(made))
    return made


def _fingerprint() -> str:
    """Days of other rules are not taken from the cache."""
    sources = sorted(Path(__file__).parent.glob("daily_*.py"))
    return hashlib.sha256(b"".join(path.read_bytes() for path in sources)).hexdigest()[:8]


def make_day(day: Day) -> MadeDay:
    """
    Make a day.

    Raises
    ------
    ValueError
        When the data of the province are not here.
    """
    found = days_works(day.province, day.size, day.seed)
    rng = np.random.default_rng([PROVINCES.index(day.province), day.size, day.seed])
    items, points = _items(found, day.size, rng)
    fleet = _fleet(Counter(item.depot for item in items), len(found.bases))
    doors = _Doors()
    shipments = _common(items, doors) if day.variant is Variant.COMMON else _full(items, doors)
    vehicles = tuple(_vehicle(kind, base, number, day.variant) for base, kind, number in fleet)
    problem = _problem(found, points, doors.stops, shipments, vehicles)
    return MadeDay(problem, _facts(found, problem, day.size))


def _items(found: DaysWorks, size: int, rng: np.random.Generator) -> tuple[list[_Item], list[tuple[float, float]]]:
    """Choose `size` tasks, and number their places after the bases."""
    chosen = sorted(int(index) for index in rng.permutation(len(found.works))[:size])
    bases = {base: number for number, base in enumerate(found.bases)}
    sites = [found.network.site(base) for base in found.bases]
    places: dict[tuple[float, float], int] = {}
    for place in [(site.lon, site.lat) for site in sites]:
        places.setdefault(place, len(places))
    zones: dict[str, int] = {}
    hours: dict[int, tuple[TimeWindow, ...]] = {}
    items = []
    for work in (found.works[index] for index in chosen):
        location = places.setdefault((work.place.lon, work.place.lat), len(places))
        at_home = hours.setdefault(location, _hours_at_home(rng))
        windows = work.windows if work.place.site_id is not None else _meet(work.windows, at_home) or at_home
        is_late = rng.random() < LATE_SHARE
        collects = work.action is Action.COLLECT
        items.append(
            _Item(
                location, work.action, _within_shift(windows), work.setup, work.item,
                (work.shipment.pieces, work.shipment.grams), bases[work.base_id],
                release=LINE_ARRIVES if is_late and not collects else 0,
                latest_return=CUT_OFF if is_late and collects else FOREVER,
                penalty=_price_of_waiting(found.network, work) * COST_UNITS_PER_DONG,
                zone=zones.setdefault(work.place.commune_code, len(zones)),
            )
        )  # fmt: skip
    return [_in_time(item) for item in items], list(places)


def _price_of_waiting(network: Network, work: Work) -> int:
    """Đồng: by the due date alone, as if every commune had this one shipment."""
    day, due = network.valid_on, work.shipment.due_on
    assert day is not None
    if due <= day:
        return DUE_TODAY_DONG
    wait = Wait(network.calendar.working_days_between(day, due), priority=work.shipment.priority)
    return price_of_waiting(wait, Prices(MAY_GO_DONG, URGENCY_DONG))


def _hours_at_home(rng: np.random.Generator) -> tuple[TimeWindow, ...]:
    draw = float(rng.random())
    for share, windows in HOMES:
        if draw < share:
            return windows
        draw -= share
    return HOMES[0][1]


def _meet(some: Iterable[TimeWindow], others: Sequence[TimeWindow]) -> tuple[TimeWindow, ...]:
    both = [(max(a.early, b.early), min(a.late, b.late)) for a in some for b in others]
    return tuple(TimeWindow(early, late) for early, late in both if early <= late)


def _within_shift(windows: Iterable[TimeWindow]) -> tuple[TimeWindow, ...]:
    """Nobody is out at other hours; a place that is only open then is taken as open all day."""
    return _meet(windows, (SHIFT,)) or (SHIFT,)


def _in_time(item: _Item) -> _Item:
    """What opens too late for the line waits for the next, and what closes before the line arrives comes earlier."""
    if item.windows[0].early > CUT_OFF - 2 * HOUR:
        item = replace(item, latest_return=FOREVER)
    if item.windows[-1].late < LINE_ARRIVES + HOUR:
        item = replace(item, release=0)
    return item


class _Doors:
    """Numbers stops."""

    def __init__(self) -> None:
        self._numbers: dict[Stop, int] = {}

    def number(self, stop: Stop) -> int:
        return self._numbers.setdefault(stop, len(self._numbers))

    @property
    def stops(self) -> tuple[Stop, ...]:
        return tuple(self._numbers)


def _common(items: Sequence[_Item], doors: _Doors) -> list[Shipment]:
    """One shipment a visit, with the set-up in it."""
    visits: dict[tuple[int, Action, tuple[TimeWindow, ...]], list[_Item]] = defaultdict(list)
    for item in items:
        visits[item.location, item.action, item.windows].append(item)
    return [_visit(joined, doors) for joined in visits.values()]


def _visit(items: Sequence[_Item], doors: _Doors) -> Shipment:
    first = items[0]
    stop = doors.number(Stop(first.location, first.windows, zone=first.zone))
    duration = first.setup + sum(item.duration for item in items)
    load = tuple(sum(amounts) for amounts in zip(*(item.load for item in items), strict=True))
    if first.action is Action.COLLECT:
        return Shipment(pickup=stop, load=load, pickup_duration=duration, must_go=True)
    return Shipment(delivery=stop, load=load, delivery_duration=duration, must_go=True)


def _full(items: Sequence[_Item], doors: _Doors) -> list[Shipment]:
    return [_shipment(item, doors) for item in items]


def _shipment(item: _Item, doors: _Doors) -> Shipment:
    stop = doors.number(Stop(item.location, item.windows, item.setup, item.zone))
    collects = item.action is Action.COLLECT
    return Shipment(
        pickup=stop if collects else None,
        delivery=None if collects else stop,
        load=item.load,
        pickup_duration=item.duration if collects else 0,
        delivery_duration=0 if collects else item.duration,
        release=item.release,
        latest_return=item.latest_return,
        penalty=item.penalty,
        depot=None if collects else item.depot,
    )


def _fleet(tasks: Counter[int], bases: int) -> list[tuple[int, Kind, int]]:
    """Base, kind and number of couriers."""
    bike, van = KINDS
    crews = []
    for base in range(bases):
        size = 2 + tasks[base] // TASKS_OF_COURIER
        vans = max(1, size // VAN_EVERY)
        crews += [(base, bike, size - vans), (base, van, vans)]
    return crews


def _vehicle(kind: Kind, base: int, number: int, variant: Variant) -> VehicleType:
    plain = VehicleType(
        num_available=number,
        start_depot=base,
        end_depot=base,
        profile=KINDS.index(kind),
        capacity=kind.capacity,
        tw_early=SHIFT.early,
        tw_late=SHIFT.late,
        fixed_cost=kind.fixed_dong * COST_UNITS_PER_DONG,
        unit_distance_cost=kind.dong_per_km * _PER_METRE,
    )
    if variant is Variant.COMMON:
        return plain
    return replace(
        plain,
        max_overtime=MAX_OVERTIME,
        breaks=(LUNCH,),
        max_trips=2,
        reload_duration=RELOAD,
        unit_duration_cost=kind.dong_per_hour * _PER_SECOND,
        unit_overtime_cost=kind.overtime_dong_per_hour * _PER_SECOND,
    )


def _problem(
    found: DaysWorks,
    points: Sequence[tuple[float, float]],
    stops: tuple[Stop, ...],
    shipments: Sequence[Shipment],
    vehicles: tuple[VehicleType, ...],
) -> Problem:
    from api.plans.travel import measure_travel

    travel = measure_travel(found.roads, [kind.profile for kind in KINDS], points)
    depots = tuple(Depot(number) for number in range(len(found.bases)))
    return Problem(stops, tuple(shipments), vehicles, depots, travel.distances, travel.durations)


def _facts(found: DaysWorks, problem: Problem, size: int) -> str:
    places = len({stop.location for stop in problem.stops})
    collected = [shipment.pickup is not None for shipment in problem.shipments]
    by_kind = [sum(v.num_available for v in problem.vehicle_types if v.profile == k) for k in range(len(KINDS))]
    return (
        f"{len(found.bases)} bases ({', '.join(found.bases)}), {len(problem.stops)} stops at {places} "
        f"places, {size} shipments in {len(problem.shipments)} tasks ({len(collected) - sum(collected)} deliveries, "
        f"{sum(collected)} collections), "
        f"{by_kind[0]} motorbikes and {by_kind[1]} vans at hand"
    )
