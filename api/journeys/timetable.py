"""A province's timetable over some days: collect and deliver rounds in waves, and the runs of its lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from api.network.model import Line, Network, Site, SiteKind
from api.network.rows import LineStop
from api.network.settings import Wave
from geo import opening_hours
from routing.journeys import DAY, Service, Timetable, timetable


class LegKind(StrEnum):
    """What carries a shipment over one leg."""

    COLLECT = "collect"
    LINE = "line"
    DELIVER = "deliver"
    NIGHT = "night"
    """It is sorted for the rounds of the next day; no part of what a journey tells."""


@dataclass(frozen=True, slots=True)
class Door:
    """A place where shipments wait: a site, or (None) the addresses of a commune."""

    site_id: str | None
    commune_code: str
    fetched_today: bool = False
    """A round brought it in: lines take it on at once, but rounds from tomorrow on, since one plan is made a day."""
    handed_over: bool = False
    """A round brought it here to hand it over: it goes nowhere from here."""

    @property
    def plain(self) -> Door:
        """The same door, however a shipment came."""
        return Door(self.site_id, self.commune_code)

    @property
    def of_today(self) -> Door:
        """The same door, for what a round brought in today."""
        return Door(self.site_id, self.commune_code, fetched_today=True)


@dataclass(frozen=True, slots=True)
class Carrier:
    """What runs: a wave's rounds of a base, a run of a line, or nothing overnight."""

    kind: LegKind
    name: str
    """Of the wave, or `line/run`."""
    base_id: str | None
    """None = no round."""


@dataclass(frozen=True, slots=True, eq=False)
class ProvinceTimetable:
    """Departures of a province over some days; times are seconds after midnight of `first`."""

    first: date
    days: int
    table: Timetable
    doors: tuple[Door, ...]
    """By place of the table."""
    carriers: tuple[Carrier, ...]
    """By service of the table."""

    def places(self) -> dict[Door, int]:
        """Where each door stands in the table; at the others nothing ever departs or arrives."""
        return {door: place for place, door in enumerate(self.doors)}


AS_PLANNED: Mapping[str, int] = MappingProxyType({})
"""No run is late."""

Departure = tuple[Carrier, Door, Door, int, int]
"""What carries, from where, to where, hand-in and arrival in seconds after midnight."""


def departures(network: Network, day: date, late: Mapping[str, int]) -> Iterator[Departure]:
    """List what departs on one day; `network` is in force on it, `late` as in `province_timetable`."""
    if network.calendar.is_working(day):
        for wave in network.settings.waves:
            yield from _rounds(network, day, wave)
    if not network.calendar.is_holiday(day):
        for line in network.lines:
            if day.weekday() in line.days:
                yield from _runs(network, line, late)
    yield from _nights(network)


def province_timetable(
    network: Network,
    first: date,
    days: int,
    *,
    late: Mapping[str, int] = AS_PLANNED,
    departing: Callable[[Network, date, Mapping[str, int]], Iterable[Departure]] = departures,
) -> ProvinceTimetable:
    """
    List everything that departs in a span of days.

    A round fetches what is there when its wave begins and brings it to the base by the wave's end, for the lines of the
    same day and the rounds of the next; what else lies at the base when a wave begins is handed over by its end, and
    goes no further: no round takes a shipment to a site from which another one, or a line, is to take it on. Rounds
    run on working days where the base has couriers, to sites that are open during the wave; lines run on their
    weekdays, but on no public holiday. Only lines fetch from hubs.

    Parameters
    ----------
    network
        All of it: the rows in force on each day count.
    first, days
        The span.
    late
        Seconds that a run (`LINE/RUN`) comes late to its stops on the first day; nobody hands in later for that.
    departing
        How the departures of a day are listed: whoever asks often for days that are alike may remember them.

    Raises
    ------
    InputError
        When the rows of a day contradict each other.
    """
    running: defaultdict[Departure, list[int]] = defaultdict(list)
    for number in range(days):
        day = first + timedelta(days=number)
        for key in departing(network.on(day), day, AS_PLANNED if number else late):
            running[key].append(number)
    ends = (end for _, origin, destination, _, _ in running for end in (origin, destination))
    doors = tuple(dict.fromkeys(door for end in ends for door in (end, end.plain)))
    place = {door: number for number, door in enumerate(doors)}
    services = [
        Service(place[origin], place[destination], cut_off, arrives, tuple(on))
        for (_, origin, destination, cut_off, arrives), on in running.items()
    ]
    carriers = tuple(carrier for carrier, *_ in running)
    same_site = {at: place[door.plain] for door, at in place.items()}
    return ProvinceTimetable(first, days, timetable(services, len(doors), same_site), doors, carriers)


def door_of(network: Network, site_id: str | None, commune_code: str) -> Door:
    """The door of a site, or of an address in a commune."""
    return Door(None, commune_code) if site_id is None else Door(site_id, network.site(site_id).commune_code)


def _rounds(network: Network, day: date, wave: Wave) -> Iterator[Departure]:
    """Fetched to the base that serves a place; brought from any base that is planned together with it."""
    of_base = {base_id: _BaseRounds.of(network, base_id, wave) for base_id in network.bases}
    for area in network.areas:
        if rounds := of_base.get(area.base_id):
            yield from rounds.both_ways(None, area.commune_code)
    is_holiday = network.calendar.is_holiday(day)
    for site in network.sites:
        rounds = of_base.get(network.base_of_site(site.site_id) or "")
        if rounds is not None and rounds.base_id != site.site_id and _is_open(site, day, wave, is_holiday=is_holiday):
            ways = rounds.brings if site.kind is SiteKind.HUB else rounds.both_ways
            yield from ways(site.site_id, site.commune_code)


@dataclass(frozen=True, slots=True)
class _BaseRounds:
    """The rounds of a base in a wave: who fetches, and who brings from where."""

    base_id: str
    wave: Wave
    fetcher: Carrier
    fetched_to: Door
    bringers: tuple[tuple[Carrier, Door], ...]

    @classmethod
    def of(cls, network: Network, base_id: str, wave: Wave) -> _BaseRounds:
        bringers = tuple(
            (Carrier(LegKind.DELIVER, wave.name, other), door_of(network, other, ""))
            for other in network.planned_with(base_id)
        )
        fetched_to = door_of(network, base_id, "").of_today
        return cls(base_id, wave, Carrier(LegKind.COLLECT, wave.name, base_id), fetched_to, bringers)

    def both_ways(self, site_id: str | None, commune_code: str) -> Iterator[Departure]:
        yield self.fetcher, Door(site_id, commune_code), self.fetched_to, self.wave.start, self.wave.end
        yield from self.brings(site_id, commune_code)

    def brings(self, site_id: str | None, commune_code: str) -> Iterator[Departure]:
        end = Door(site_id, commune_code, handed_over=True)
        for carrier, start in self.bringers:
            yield carrier, start, end, self.wave.start, self.wave.end


def _is_open(site: Site, day: date, wave: Wave, *, is_holiday: bool) -> bool:
    hours = opening_hours.windows(site.opening_hours, day, is_holiday=is_holiday)
    return any(opens < wave.end and closes > wave.start for opens, closes in hours)


def _runs(network: Network, line: Line, late: Mapping[str, int]) -> Iterator[Departure]:
    """From each stop of a run to every later one."""
    carrier = Carrier(LegKind.LINE, f"{line.line_id}/{line.run_id}", None)
    for at, start in enumerate(line.stops):
        leaves = _cut_off(start)
        for end in line.stops[at + 1 :]:
            if leaves is not None and end.arrive is not None and end.site_id != start.site_id:
                ends = door_of(network, start.site_id, ""), door_of(network, end.site_id, "")
                arrives = end.arrive + late.get(carrier.name, 0)
                yield carrier, *ends, leaves, arrives
                yield carrier, ends[0].of_today, ends[1].of_today, leaves, arrives


def _nights(network: Network) -> Iterator[Departure]:
    """Whatever a round has brought to a base, and lines further, belongs to the next day's plan."""
    sites = dict.fromkeys((*network.bases, *(stop.site_id for line in network.lines for stop in line.stops)))
    for door in (door_of(network, site_id, "") for site_id in sites):
        yield Carrier(LegKind.NIGHT, "", None), door.of_today, door, DAY - 1, DAY


def _cut_off(stop: LineStop) -> int | None:
    return stop.depart if stop.cut_off is None else stop.cut_off


def end_of_day(first: date, day: date) -> int:
    """The last second of a day, seconds after midnight of `first`."""
    return ((day - first).days + 1) * DAY - 1
