"""
One network that stays as it is on every day, asked many times over: what it answers is remembered.

A study replays the same weeks again and again with a post more here or there. Nothing is in force on one day and not
on another, so the rows are checked once, and the timetable is made once for each kind of day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from functools import cached_property

from api.journeys.finding import Journey, find_journeys
from api.journeys.timetable import Departure, ProvinceTimetable, departures, province_timetable
from api.network.model import Courier, Network, SiteKind
from api.plans.problems import PlanGroup, build_groups
from api.plans.tasks import Work
from api.shipments.model import Shipment
from geo.roads import Roads

_AHEAD, _STEP = 8, 4
"""Days of the timetable after the last due date: sampled weeks have no long closure. They are rounded up, so that
papers of one day share a timetable."""


@dataclass(frozen=True)
class StandingNetwork(Network):
    """The rows of one day, in force on every day."""

    @classmethod
    def of(cls, network: Network) -> StandingNetwork:
        """Keep a network that is in force on a day; its rows are known to be sound."""
        return cls(**{part.name: getattr(network, part.name) for part in fields(network)})

    def on(self, day: date) -> Network:
        """Name the day; the rows are the same."""
        if day not in self._days:
            that_day = copy(self)  # with all that has been looked up already
            object.__setattr__(that_day, "valid_on", day)
            self._days[day] = that_day
        return self._days[day]

    @cached_property
    def _days(self) -> dict[date, StandingNetwork]:
        return {}


MOST_GROUPS = 400
"""Problems kept: those of the first run, which most later ones share."""

_Way = tuple[date, object, object, datetime, date]
"""Day of asking, from, to, ready, due."""


@dataclass(slots=True)
class KnownWays:
    """
    Ways found so far, on networks that differ in sites at the end of rounds alone.

    A site that is no base and at which no line calls is on nobody else's way: what has been found without it holds
    with it. From and to such sites of one base that are open at the same hours the ways are the same, and so they are
    for all addresses of a base, but for the name at their end, which nobody who replays days asks for.
    """

    ways: dict[_Way, Journey] = field(default_factory=dict)


@dataclass(slots=True)
class StandingJourneys:
    """Finds ways on a standing network; one object serves one network."""

    known: KnownWays = field(default_factory=KnownWays)
    _by_kind: dict[tuple[int, bool, bool], tuple[Departure, ...]] = field(default_factory=dict)
    """By weekday, worked, public holiday."""
    _tables: dict[tuple[date, int], ProvinceTimetable] = field(default_factory=dict)
    _ends: dict[tuple[str | None, str], object] = field(default_factory=dict)

    def __call__(self, network: Network, shipments: Sequence[Shipment], day: date) -> list[Journey]:
        """As `api.plans.outlook.journeys_from`."""
        keys = [self._way(network, shipment, day) for shipment in shipments]
        new = {key: shipment for key, shipment in zip(keys, shipments, strict=True) if key not in self.known.ways}
        if new:
            last = max(shipment.due_on for shipment in new.values())
            table = self._table(network, day, max((last - day).days, 0) + _AHEAD)
            found = find_journeys(network.on(day), new.values(), table)
            self.known.ways.update(zip(new, found, strict=True))
        return [replace(self.known.ways[key], shipment=shipment) for key, shipment in zip(keys, shipments, strict=True)]

    def _way(self, network: Network, shipment: Shipment, day: date) -> _Way:
        """Everything that its journey depends on, the network apart."""
        lies = shipment.origin_site if shipment.at_site is None else shipment.at_site
        ends = (
            self._end(network, lies, shipment.origin_commune),
            self._end(network, shipment.dest_site, shipment.dest_commune),
        )
        return day, *ends, shipment.ready_at, shipment.due_on

    def _end(self, network: Network, site_id: str | None, commune_code: str) -> object:
        """What ways from and to a door have in common with those of others."""
        key = site_id, "" if site_id is not None else commune_code
        if key not in self._ends:
            self._ends[key] = _kind_of_end(network, site_id, commune_code)
        return self._ends[key]

    def _table(self, network: Network, day: date, ahead: int) -> ProvinceTimetable:
        days = -(-ahead // _STEP) * _STEP
        if (day, days) not in self._tables:
            self._tables = {(day, days): province_timetable(network, day, days, departing=self._departing)}
        return self._tables[day, days]

    def _departing(self, network: Network, day: date, late: Mapping[str, int]) -> Iterable[Departure]:
        kind = day.weekday(), network.calendar.is_working(day), network.calendar.is_holiday(day)
        if kind not in self._by_kind:
            self._by_kind[kind] = tuple(departures(network, day, late))
        return self._by_kind[kind]


def _kind_of_end(network: Network, site_id: str | None, commune_code: str) -> object:
    if site_id is None:
        return network.base_of_commune(commune_code) or (None, commune_code)
    site = network.site(site_id)
    calls = {stop.site_id for line in network.lines for stop in line.stops}
    base_id = network.base_of_site(site_id)
    if base_id is None or site_id in network.bases or site_id in calls or site.kind is SiteKind.HUB:
        return site_id, site.commune_code
    return base_id, site.opening_hours, "site"


@dataclass(slots=True)
class KnownGroups:
    """Problems of the first run on a standing network, for later runs in which a base has the same tasks on a day."""

    groups: dict[tuple[object, ...], PlanGroup] = field(default_factory=dict)

    def __call__(
        self, network: Network, works: Sequence[Work], roads: Roads, day: date, crew: Sequence[Courier]
    ) -> list[PlanGroup]:
        """As `api.plans.problems.build_groups`."""
        found = []
        for name, bases in network.groups:
            todo = tuple(work for work in works if work.base_id in bases)
            if todo:
                drivers = tuple(courier for courier in crew if courier.base_id in bases)
                key = name, tuple(map(network.site, bases)), day, drivers, todo
                found.append(self._known(key, network, todo, roads, day, drivers))
        return found

    def _known(
        self,
        key: tuple[object, ...],
        network: Network,
        works: Sequence[Work],
        roads: Roads,
        day: date,
        crew: Sequence[Courier],
    ) -> PlanGroup:
        known = self.groups.get(key)
        if known is not None:
            return known
        group = build_groups(network, works, roads, day, crew=crew)[0]
        if len(self.groups) < MOST_GROUPS:
            self.groups[key] = group
        return group
