"""How much later each service could begin with everything after it still in time, breaks unmoved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import permutations, product

from routing.model import FOREVER, Break, VehicleType
from routing.scheduling.layout import Layout
from routing.scheduling.timeline import Placed, latest, with_breaks
from routing.scheduling.timing import Timing


def slacks(layout: Layout, timing: Timing, vehicle: VehicleType) -> dict[int, int]:
    """The slack of each point at which a service begins, in seconds."""
    starts = [layout.start(trip, 0) + k for trip in range(len(layout.departures)) for k in _visit_points(layout, trip)]
    found = dict.fromkeys(starts, 0)
    for placed in _arrangements(layout, timing):
        for start, time in _latest_starts(layout, timing, placed, starts, _last_return(timing, vehicle)):
            found[start] = max(found[start], time - timing.times[start])
    return found


def _visit_points(layout: Layout, trip: int) -> range:
    return range(0, layout.end(trip) - layout.start(trip, 0), 2)


def _last_return(timing: Timing, vehicle: VehicleType) -> int:
    """The return after which the route works too long, or needs a break that it does not take."""
    departure, rests = timing.times[0], vehicle.breaks
    taken = [(place.rest.duration, starts) for place, starts in zip(timing.placed, timing.rests, strict=True)]
    needed_after = max(
        min(
            (r.tw_late for k, r in enumerate(rests) if k not in ours and departure < r.tw_early + r.duration),
            default=FOREVER,
        )
        for ours in permutations(range(len(rests)), len(taken))
        if all(_is_one(rests[k], *rest) for k, rest in zip(ours, taken, strict=True))
    )
    return min(needed_after, departure + vehicle.max_duration + sum(duration for duration, _ in taken))


def _is_one(rest: Break, duration: int, starts: int) -> bool:
    return rest.duration == duration and rest.tw_early <= starts <= rest.tw_late


def _arrangements(layout: Layout, timing: Timing) -> Iterator[tuple[Placed, ...]]:
    """
    The ways to put reloading before, between or after the breaks taken at the base.

    The breaks do not move, but what is done before them may.
    """
    reloads = {layout.begin(trip) for trip in range(1, len(layout.departures))}
    options = [
        (place.point - 1, place.point) if place.point - 1 in reloads
        else (place.point, place.point + 1) if place.point in reloads
        else (place.point,)
        for place in timing.placed
    ]  # fmt: skip
    for points in product(*options):
        if list(points) == sorted(points):
            yield tuple(Placed(point, place.rest) for point, place in zip(points, timing.placed, strict=True))


def _latest_starts(
    layout: Layout, timing: Timing, placed: tuple[Placed, ...], starts: list[int], last_return: int
) -> Iterator[tuple[int, int]]:
    chain, index = with_breaks(layout.points, placed)
    rides = [ride._replace(begin=index[ride.begin], end=index[ride.end]) for ride in layout.rides]
    now = [0] * len(chain)
    for k, time in zip(index, timing.times, strict=True):
        now[k] = time
    ceilings = [FOREVER] * len(chain)
    ceilings[-1] = last_return
    for k, time in zip(sorted(set(range(len(chain))).difference(index)), timing.rests, strict=True):
        now[k] = time
        chain[k] = replace(chain[k], windows=((time, time),))
    if not rides:
        times = latest(chain, (), ceilings)
        yield from ((start, times[index[start]]) for start in starts if times is not None)
        return
    for start in starts:
        times = latest(chain, rides, ceilings, fixed=now[: index[start]])
        if times is not None:
            yield start, times[index[start]]
