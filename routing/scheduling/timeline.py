"""
The moments of a route in their fixed order, and the earliest, latest and cheapest times that they can have.

A route is a chain of `Point`s: depart, begin service, leave, ..., return. Each comes at least `after` seconds after the
one before it and lies in one of its windows. A `Ride` keeps two points close together. For a fixed place of the breaks
these are difference constraints over arbitrary domains, which are closed under minimum and maximum: one earliest and
one latest solution exist and a fixpoint finds them [1]_.

References
----------
.. [1] Dechter, Meiri & Pearl (1991). Temporal constraint networks. Artificial Intelligence 49, §3.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from routing.model import FOREVER, Break
from routing.scheduling.frontier import Windows
from routing.solution import Constraint

ANY_TIME: Windows = ((0, FOREVER),)


@dataclass(frozen=True, slots=True)
class Point:
    """One moment of a route."""

    after: int
    """Seconds that it comes after the point before, at least: a drive, a service, a break."""
    windows: Windows = ANY_TIME
    """When it may be."""
    may_rest: bool = True
    """A break fits between the end of what `after` stands for and this point."""
    binds: Constraint = Constraint.TIMELINE
    """What is violated when the last window is missed."""
    visit: int | None = None
    """Position in the route of the visit that it belongs to; None = the base, or a break."""


class Ride(NamedTuple):
    """Point `end` comes at most `limit` seconds after point `begin`."""

    begin: int
    end: int
    limit: int


class Placed(NamedTuple):
    """A break taken just before a point of the chain without breaks."""

    point: int
    rest: Break


def with_breaks(points: Sequence[Point], placed: Sequence[Placed]) -> tuple[list[Point], list[int]]:
    """
    Put breaks into a chain.

    Returns
    -------
    chain
        The points, breaks among them.
    index
        Where each of `points` is in it.
    """
    chain: list[Point] = []
    index: list[int] = []
    for position, point in enumerate(points):
        after = point.after
        for rest in (p.rest for p in placed if p.point == position):
            chain.append(Point(after, ((rest.tw_early, rest.tw_late),)))
            after = rest.duration
        index.append(len(chain))
        chain.append(point if after == point.after else replace(point, after=after))
    return chain, index


def earliest(points: Sequence[Point], rides: Sequence[Ride], departure: int) -> list[int] | None:
    """The earliest time of every point for a route that departs no earlier than `departure`; None = impossible."""
    floors = [0] * len(points)
    floors[0] = departure
    rounds, choice = 0, None
    while (times := _pushed_forward(points, floors)) is not None:
        late = [ride for ride in rides if times[ride.end] - times[ride.begin] > ride.limit]
        if not late:
            return times
        for begin, end, limit in late:
            floors[begin] = max(floors[begin], times[end] - limit)
        rounds, choice = _rounds(points, times, rounds, choice)
        if rounds > len(rides) + 1:
            return None
    return None


def latest(
    points: Sequence[Point], rides: Sequence[Ride], ceilings: Sequence[int], fixed: Sequence[int] = ()
) -> list[int] | None:
    """
    The latest time of every point that is not fixed; None = impossible.

    Parameters
    ----------
    points, rides
        The chain.
    ceilings
        One a point: no later than this.
    fixed
        Times of the first points, which stay.
    """
    start = len(fixed)
    limits = list(ceilings)
    for begin, end, limit in rides:
        if begin < start <= end:
            limits[end] = min(limits[end], fixed[begin] + limit)
    inner = [ride for ride in rides if ride.begin >= start]
    rounds, choice = 0, None
    while (times := _pushed_back(points, limits, start)) is not None:
        late = [ride for ride in inner if times[ride.end] - times[ride.begin] > ride.limit]
        if not late:
            return [*fixed, *times[start:]]
        for begin, end, limit in late:
            limits[end] = min(limits[end], times[begin] + limit)
        rounds, choice = _rounds(points, times, rounds, choice)
        if rounds > len(rides) + 1:
            return None
    return None


def first_in(windows: Windows, time: int) -> int | None:
    """The first moment of the windows that is not before a time."""
    return next((max(early, time) for early, late in windows if late >= time), None)


def last_in(windows: Windows, time: int) -> int | None:
    """The last moment of the windows that is not after a time."""
    return next((min(late, time) for early, late in reversed(windows) if early <= time), None)


def _pushed_forward(points: Sequence[Point], floors: Sequence[int]) -> list[int] | None:
    times: list[int] = []
    clock = 0
    for point, floor in zip(points, floors, strict=True):
        time = first_in(point.windows, max(clock + point.after, floor))
        if time is None:
            return None
        times.append(time)
        clock = time
    return times


def _pushed_back(points: Sequence[Point], limits: Sequence[int], start: int) -> list[int] | None:
    times = [0] * len(points)
    clock = FOREVER
    for k in range(len(points) - 1, start - 1, -1):
        time = last_in(points[k].windows, min(clock, limits[k]))
        if time is None:
            return None
        times[k] = time
        clock = time - points[k].after
    return times


def _rounds(
    points: Sequence[Point], times: Sequence[int], rounds: int, choice: tuple[int, ...] | None
) -> tuple[int, tuple[int, ...]]:
    """
    Count rounds since a point last changed its window.

    As long as none does, each ride pulls at most once along a simple path (Bellman and Ford): more rounds than rides
    mean that the times would creep forever.
    """
    now = tuple(
        bisect_left([late for _, late in point.windows], time)
        for point, time in zip(points, times, strict=True)
        if len(point.windows) > 1
    )
    return (rounds + 1 if now == choice else 0), now
