"""
Whether a route can be driven, and what comes too late first if it cannot: the earliest moments, pushed forward.

Every moment is as early as it can be when the route departs as early as it may. What is too late even then can never
be in time. With at most one break, no ride limits and no limit of working time that could bind, what is in time can be
driven: a break is best begun when its window opens, or between two of the moments that lie in its window, or it is
avoided by a later departure. Otherwise the exact schedule has to decide.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from routing.model import Break, VehicleType
from routing.scheduling.layout import Layout
from routing.scheduling.timeline import Placed, Point, first_in, with_breaks


class Kind(Enum):
    DEPARTURE = "departure"
    START = "start"
    """A service begins."""
    RETURN = "return"
    REST = "rest"
    OTHER = "other"
    """Leaving a stop, beginning to reload."""


@dataclass(frozen=True, slots=True)
class Moment:
    """One point of a route and how early it can be."""

    kind: Kind
    point: Point
    trip: int
    visit: int
    """Position in its trip."""
    arrives: int
    """How early it could be if its windows were always open."""
    begins: int
    """How early it can be; as it arrives, when that is too late."""

    @property
    def waits(self) -> bool:
        return self.begins > self.arrives

    @property
    def late(self) -> int:
        """Seconds after its last window."""
        return max(0, self.arrives - self.point.windows[-1][1])


class Verdict(Enum):
    FITS = "fits"
    TOO_LATE = "too_late"
    UNDECIDED = "undecided"
    """The exact schedule has to decide."""


def verdict(layout: Layout, vehicle: VehicleType) -> tuple[Verdict, tuple[Placed, ...]]:
    """Judge a route; with the place of the break that makes what comes too late least late."""
    points = layout.points
    arrives, begins = _pushed(points)
    if len(begins) < len(points):
        return Verdict.TOO_LATE, ()
    needed = [
        rest for rest in vehicle.breaks if begins[0] < rest.tw_early + rest.duration and begins[-1] > rest.tw_late
    ]
    last = points[-1].windows[-1][1] if needed else begins[-1]
    if len(vehicle.breaks) > 1 or layout.rides or last - begins[0] > vehicle.max_duration:
        return Verdict.UNDECIDED, ()
    if not needed:
        return Verdict.FITS, ()
    late, position = min(_lateness(points, arrives, begins, needed[0]), default=(1, None))
    if late == 0 or _fits_after(points, needed[0]):
        return Verdict.FITS, ()
    return Verdict.TOO_LATE, () if position is None else (Placed(position, needed[0]),)


def moments(layout: Layout, placed: Sequence[Placed] = ()) -> list[Moment]:
    """The earliest moments; what comes after one that is too late is told as if that did not matter."""
    chain, index = with_breaks(layout.points, placed)
    labels = [(Kind.REST, 0, 0)] * len(chain)
    for position, label in zip(index, _labels(layout), strict=True):
        labels[position] = label
    driven: list[Moment] = []
    clock = chain[0].windows[0][0]
    for point, (kind, trip, visit) in zip(chain, labels, strict=True):
        arrives = clock + point.after if driven else clock
        clock = max(arrives, first_in(point.windows, arrives) or 0)
        driven.append(Moment(kind, point, trip, visit, arrives, clock))
    return driven


def _labels(layout: Layout) -> list[tuple[Kind, int, int]]:
    """What each point of a layout is."""
    labels = [(Kind.OTHER, 0, 0)] * len(layout.points)
    for trip, departure in enumerate(layout.departures):
        labels[departure] = (Kind.DEPARTURE, trip, 0)
        end = layout.end(trip)
        labels[end] = (Kind.RETURN, trip, 0)
        for visit, start in enumerate(range(departure + 1, end, 2)):
            labels[start] = (Kind.START, trip, visit)
    return labels


def _pushed(points: Sequence[Point], departure: int = 0) -> tuple[list[int], list[int]]:
    """When each point is reached and when it begins; the last reached one may not begin."""
    clock = max(departure, points[0].windows[0][0])
    arrives, begins = [clock], [clock]
    for point in points[1:]:
        clock += point.after
        arrives.append(clock)
        begin = first_in(point.windows, clock)
        if begin is None:
            break
        begins.append(begin)
        clock = begin
    return arrives, begins


def _lateness(
    points: Sequence[Point], arrives: Sequence[int], begins: Sequence[int], rest: Break
) -> Iterator[tuple[int, int]]:
    """For each sensible place of a break: how late something is after it, and the point before which it comes."""
    opening = [k for k in range(1, len(points)) if points[k].may_rest and arrives[k] <= rest.tw_early]
    within = [k for k in range(1, len(points)) if points[k].may_rest and rest.tw_early < arrives[k] <= rest.tw_late]
    for k in opening[-1:] + within:
        clock = max(arrives[k], rest.tw_early) + rest.duration
        yield _late_from(points, begins, k, clock), k


def _late_from(points: Sequence[Point], begins: Sequence[int], k: int, clock: int) -> int:
    """Seconds that something is too late when point `k` is reached at a time; 0 = all is in time."""
    for j in range(k, len(points)):
        clock += points[j].after if j > k else 0
        begin = first_in(points[j].windows, clock)
        if begin is None:
            return clock - points[j].windows[-1][1]
        if begin == begins[j]:  # the rest is as it was
            return 0
        clock = begin
    return 0


def _fits_after(points: Sequence[Point], rest: Break) -> bool:
    """Whether the route can depart so late that the break lies before it."""
    departure = rest.tw_early + rest.duration
    return departure <= points[0].windows[0][1] and len(_pushed(points, departure)[1]) == len(points)
