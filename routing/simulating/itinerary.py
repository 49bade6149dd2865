"""
A planned route as the courier keeps it: the ways, where rest belongs, and where the plan waits on purpose.

A plan states times. Some follow from what comes before (a drive, an opening door, a break): a courier who is early or
late simply has others. The rest is deliberate, like a later start that keeps a ride short: it is kept when on time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise, permutations
from typing import NamedTuple

from routing.model import UNREACHABLE, Action, Break, IntMatrix, Problem
from routing.scheduling.admission import places_of
from routing.scheduling.frontier import Windows
from routing.scheduling.timeline import first_in
from routing.solution import BreakTaken, Route, Trip, Visit

Rests = tuple[Break, ...]
"""Breaks in the order in which they are taken."""


class Way(NamedTuple):
    """A drive as the matrices have it."""

    distance: int
    duration: int


@dataclass(frozen=True, slots=True)
class Halt:
    """One planned visit."""

    visit: Visit
    windows: Windows
    rests_before: Rests
    """Between arriving and service."""
    rests_after: Rests
    """Between service and driving on."""
    starts_from: int
    """Service begins no earlier; 0 = as soon as may be."""
    leaves_from: int
    """The courier drives on no earlier; 0 = at once."""


@dataclass(frozen=True, slots=True)
class PlannedTrip:
    """One trip of the plan."""

    halts: tuple[Halt, ...]
    departs: int
    rests_before_reload: Rests
    """At the base, after the trip before."""
    rests_after_reload: Rests
    loads: frozenset[int]
    """Shipments that it takes from the base."""
    places: tuple[int, ...]
    """Locations, from the base to the base: the halt at position k of `halts` is place k + 1."""
    arcs: tuple[Way, ...]
    """The planned drives, from each place to the next one."""
    distances: IntMatrix
    durations: IntMatrix

    @property
    def rests(self) -> Rests:
        """All of them, in order."""
        within = (rest for halt in self.halts for rest in (*halt.rests_before, *halt.rests_after))
        return (*self.rests_before_reload, *self.rests_after_reload, *within)

    @property
    def end(self) -> int:
        """The place where it ends."""
        return len(self.places) - 1

    @property
    def is_round(self) -> bool:
        """Whether it ends where it begins."""
        return self.places[0] == self.places[-1]

    def way(self, here: int, there: int) -> Way:
        """
        Find the drive from one place of the trip to a later one, both named by their positions.

        Direct; or past the places in between, without halting, where that is quicker or the only way.
        """
        arc = self.places[here], self.places[there]
        direct = Way(int(self.distances[arc]), int(self.durations[arc]))
        between = self.arcs[here:there]
        planned = Way(sum(way.distance for way in between), sum(way.duration for way in between))
        return planned if UNREACHABLE in direct or planned.duration < direct.duration else direct


def itinerary(problem: Problem, route: Route) -> tuple[PlannedTrip, ...]:
    """
    Read what a timed route asks of its courier, trip by trip.

    Raises
    ------
    ValueError
        When the route drives where there is no path, serves while a door is closed, or takes a break that its vehicle
        type does not have, or takes it in the midst of work. Everything else is the checker's business.
    """
    vehicle = problem.vehicle_types[route.vehicle_type]
    sequence = [[(visit.stop, visit.tasks) for visit in trip.visits] for trip in route.trips]
    distances, durations = problem.distances[vehicle.profile], problem.durations[vehicle.profile]
    rests = _known_breaks(route, vehicle.breaks)
    trips = []
    returns = route.trips[0].departs if route.trips else 0
    for trip, places in zip(route.trips, places_of(problem, route.vehicle_type, sequence), strict=True):
        before, after = _at_base(trip, returns, vehicle.reload_duration)
        halts = tuple(_halt(problem, visit, rests, trip) for visit in trip.visits)
        arcs = tuple(Way(int(distances[arc]), int(durations[arc])) for arc in pairwise(places))
        planned = PlannedTrip(
            halts,
            trip.departs,
            tuple(rests[taken] for taken in before),
            tuple(rests[taken] for taken in after),
            frozenset(_loads(problem, trip)),
            tuple(places),
            arcs,
            distances,
            durations,
        )
        _check(planned, trip)
        trips.append(planned)
        returns = trip.returns
    return tuple(trips)


def rested(clock: int, rests: Rests) -> tuple[int, tuple[BreakTaken, ...]]:
    """Take breaks one after the other, each in full and not before its window; when they are over, and which."""
    ends = list(accumulate(rests, lambda now, rest: max(now, rest.tw_early) + rest.duration, initial=clock))
    taken = tuple(BreakTaken(end - rest.duration, end) for end, rest in zip(ends[1:], rests, strict=True))
    return ends[-1], taken


def _known_breaks(route: Route, breaks: Sequence[Break]) -> dict[BreakTaken, Break]:
    """Which of the vehicle type's breaks each one taken is."""
    taken = [taken for trip in route.trips for taken in trip.breaks]
    for chosen in permutations(breaks, len(taken)):
        if all(_is_taken(rest, as_taken) for rest, as_taken in zip(chosen, taken, strict=True)):
            return dict(zip(taken, chosen, strict=True))
    raise ValueError(f"the route takes breaks that its vehicle type {route.vehicle_type} does not have: {taken}")


def _is_taken(rest: Break, taken: BreakTaken) -> bool:
    return taken.ends - taken.starts == rest.duration and rest.tw_early <= taken.starts <= rest.tw_late


def _within(trip: Trip, begin: int, end: int) -> list[BreakTaken]:
    return sorted((t for t in trip.breaks if begin <= t.starts and t.ends <= end), key=lambda taken: taken.starts)


def _at_base(trip: Trip, returns: int, reload_duration: int) -> tuple[list[BreakTaken], list[BreakTaken]]:
    """The breaks before a trip departs: before and after reloading, which is done as soon as there is time for it."""
    taken = _within(trip, returns, trip.departs)
    free = returns
    for position, rest in enumerate(taken):
        if rest.starts - free >= reload_duration:
            return taken[:position], taken[position:]
        free = rest.ends
    return taken, []


def _halt(problem: Problem, visit: Visit, rests: dict[BreakTaken, Break], trip: Trip) -> Halt:
    windows = tuple((window.early, window.late) for window in problem.stops[visit.stop].windows)
    before = tuple(rests[taken] for taken in _within(trip, visit.arrives, visit.starts))
    after = tuple(rests[taken] for taken in _within(trip, visit.ends, visit.leaves))
    soonest = first_in(windows, rested(visit.arrives, before)[0])
    if soonest is None or visit.starts < soonest:
        raise ValueError(f"the route serves stop {visit.stop} at {visit.starts}, where that cannot be")
    starts_from = visit.starts if visit.starts > soonest else 0
    leaves_from = visit.leaves if visit.leaves > rested(visit.ends, after)[0] else 0
    return Halt(visit, windows, before, after, starts_from, leaves_from)


def _loads(problem: Problem, trip: Trip) -> Iterator[int]:
    for task in (task for visit in trip.visits for task in visit.tasks):
        if task.action is Action.DELIVER and problem.shipments[task.shipment].pickup is None:
            yield task.shipment


def _check(planned: PlannedTrip, trip: Trip) -> None:
    for (here, there), arc in zip(pairwise(planned.places), planned.arcs, strict=True):
        if UNREACHABLE in arc:
            raise ValueError(f"the route drives from location {here} to {there}, where there is no path")
    if len(planned.rests) != len(trip.breaks):
        raise ValueError(f"a break of the route lies in the midst of work: {trip.breaks}")
