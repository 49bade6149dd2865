"""What a timetable of lines costs a day, and what it gives each base."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from api.lines.design import LEVEL
from api.lines.prices import Prices
from api.network.model import Line, Network
from api.network.rows import Site, Vehicle
from api.plans.travel import measure_travel, require_sites
from geo.roads import Roads
from routing.model import UNREACHABLE

Metres = Mapping[tuple[Vehicle, str, str], int]
"""On the roads of a vehicle, from site to site."""


@dataclass(frozen=True, slots=True)
class DayFigures:
    """Of all lines of a day."""

    lines: int
    runs: int
    vans: int
    """For each line as many as its runs overlap."""
    distance: int | None
    """Metres; None = a part of it has no road."""
    duration: int
    """Seconds from first departure to last arrival, over all runs."""
    cost: int | None
    """đồng."""


@dataclass(frozen=True, slots=True)
class BaseService:
    """What lines give a base; seconds after midnight, None = nothing."""

    base: Site
    arrives: int | None
    """The first mail from the hub."""
    hand_in: int | None
    """The latest hand-in of mail to the hub."""


def existing_lines(network: Network, day: date) -> tuple[Line, ...]:
    """The lines of level 2 that a network in force on a day has on its weekday."""
    return tuple(line for line in network.lines if line.level == LEVEL and line.runs_on(day))


def figures(lines: Sequence[Line], distances: Iterable[int | None], prices: Prices) -> DayFigures:
    """
    Add up a day.

    Parameters
    ----------
    lines
        By line, as `gather_lines` leaves them.
    distances
        Of each run, metres.
    """
    known = [metres for metres in distances if metres is not None]
    distance = sum(known) if len(known) == len(lines) else None
    by_line = [list(runs) for _, runs in groupby(lines, key=lambda line: line.line_id)]
    vans = sum(_at_once(runs) for runs in by_line)
    duration = sum(end - start for start, end in map(_span, lines))
    cost = None if distance is None else prices.cost(vans, distance, duration)
    return DayFigures(len(by_line), len(lines), vans, distance, duration, cost)


def measured_distances(lines: Sequence[Line], network: Network, roads: Roads) -> list[int | None]:
    """
    Measure the runs of a timetable, each on the roads of its vehicle; None where a part has no road.

    Raises
    ------
    InputError
        When a stop lies too far from any road.
    """
    metres: dict[tuple[Vehicle, str, str], int] = {}
    for vehicle in dict.fromkeys(line.vehicle for line in lines):
        sites = list(dict.fromkeys(stop.site_id for line in lines if line.vehicle is vehicle for stop in line.stops))
        require_sites(network, sites, (vehicle.value,), roads)
        points = [(site.lon, site.lat) for site in map(network.site, sites)]
        matrix = measure_travel(roads, (vehicle.value,), points).distances[0].tolist()
        metres |= {
            (vehicle, start, end): matrix[row][column]
            for row, start in enumerate(sites)
            for column, end in enumerate(sites)
        }
    return [_length(line, metres) for line in lines]


def _length(line: Line, metres: Metres) -> int | None:
    parts = [metres[line.vehicle, start.site_id, end.site_id] for start, end in pairwise(line.stops)]
    return None if UNREACHABLE in parts else sum(parts)


def _span(line: Line) -> tuple[int, int]:
    """First and last moment of a run."""
    times = [seconds for stop in line.stops for seconds in (stop.arrive, stop.depart) if seconds is not None]
    return (times[0], times[-1]) if times else (0, 0)


def _at_once(runs: Iterable[Line]) -> int:
    """Most runs that are under way at one moment; one may begin when another ends."""
    moments = sorted(moment for start, end in map(_span, runs) for moment in ((start, 1), (end, -1)))
    most = now = 0
    for _, change in moments:
        now += change
        most = max(most, now)
    return max(1, most)


def services(lines: Sequence[Line], hub: Site, bases: Iterable[Site]) -> tuple[BaseService, ...]:
    """Say when mail from the hub first reaches each base, and until when mail to the hub is taken there."""
    return tuple(
        BaseService(
            base,
            min((arrive for line in lines for _, arrive in _rides(line, hub, base)), default=None),
            max((hand_in for line in lines for hand_in, _ in _rides(line, base, hub)), default=None),
        )
        for base in bases
    )


def _rides(line: Line, start: Site, end: Site) -> list[tuple[int, int]]:
    """Hand-in at one site and arrival at another, for each ride of a run between them."""
    return [
        (leaves, later.arrive)
        for at, stop in enumerate(line.stops)
        for later in line.stops[at + 1 :]
        if (stop.site_id, later.site_id) == (start.site_id, end.site_id)
        and (leaves := stop.depart if stop.cut_off is None else stop.cut_off) is not None
        and later.arrive is not None
    ]
