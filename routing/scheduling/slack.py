"""How much later each service could begin with everything after it still in time: breaks may slide, in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations, product

from routing.model import FOREVER, Break, VehicleType
from routing.scheduling.layout import Layout
from routing.scheduling.timeline import Placed, latest, with_breaks
from routing.scheduling.timing import Timing


def slacks(layout: Layout, timing: Timing, vehicle: VehicleType) -> dict[int, int]:
    """The slack of each point at which a service begins, in seconds."""
    starts = [layout.start(trip, 0) + k for trip in range(len(layout.departures)) for k in _visit_points(layout, trip)]
    found = dict.fromkeys(starts, 0)
    for rests, last_return in _choices(timing, vehicle):
        for placed in _arrangements(layout, timing, rests):
            for start, time in _latest_starts(layout, timing, placed, starts, last_return):
                found[start] = max(found[start], time - timing.times[start])
    return found


def _visit_points(layout: Layout, trip: int) -> range:
    return range(0, layout.end(trip) - layout.start(trip, 0), 2)


def _choices(timing: Timing, vehicle: VehicleType) -> Iterator[tuple[list[Break], int]]:
    """Which breaks those taken are, and the return after which the route works too long, or needs another one."""
    departure, rests = timing.times[0], vehicle.breaks
    taken = [(place.rest.duration, starts) for place, starts in zip(timing.placed, timing.rests, strict=True)]
    works_until = departure + vehicle.max_duration + sum(duration for duration, _ in taken)
    for ours in permutations(range(len(rests)), len(taken)):
        if all(_is_one(rests[k], *rest) for k, rest in zip(ours, taken, strict=True)):
            others = (rest for k, rest in enumerate(rests) if k not in ours)
            needed_after = [rest.tw_late for rest in others if departure < rest.tw_early + rest.duration]
            yield [rests[k] for k in ours], min(works_until, *needed_after, FOREVER)


def _is_one(rest: Break, duration: int, starts: int) -> bool:
    return rest.duration == duration and rest.tw_early <= starts <= rest.tw_late


def _arrangements(layout: Layout, timing: Timing, rests: Sequence[Break]) -> Iterator[tuple[Placed, ...]]:
    """The ways to put reloading before, between or after the breaks taken at the base."""
    reloads = {layout.begin(trip) for trip in range(1, len(layout.departures))}
    around = {point: (reload, reload + 1) for reload in reloads for point in (reload, reload + 1)}
    for points in product(*(around.get(place.point, (place.point,)) for place in timing.placed)):
        if list(points) == sorted(points):
            yield tuple(map(Placed, points, rests))


def _latest_starts(
    layout: Layout, timing: Timing, placed: tuple[Placed, ...], starts: list[int], last_return: int
) -> Iterator[tuple[int, int]]:
    chain, index = with_breaks(layout.points, placed)
    rides = [ride._replace(begin=index[ride.begin], end=index[ride.end]) for ride in layout.rides]
    ceilings = [FOREVER] * (len(chain) - 1) + [last_return]
    if not rides:
        times = latest(chain, (), ceilings)
        yield from ((start, times[index[start]]) for start in starts if times is not None)
        return
    rests = sorted(set(range(len(chain))).difference(index))
    now = dict(zip([*index, *rests], [*timing.times, *timing.rests], strict=True))
    for start in starts:
        times = latest(chain, rides, ceilings, fixed=[now[k] for k in range(index[start])])
        if times is not None:
            yield start, times[index[start]]
