"""
Where a shipment could go in the routes that are driven, most promising first.

What a gap would make late or overload, and which permission it lacks, is estimated for all gaps at once; the exact
schedule then tries the best of them. An estimate may be wrong: nothing is told because of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from routing.drafts import DraftTrips, DraftVisit, joined
from routing.explaining.effort import EFFORTS
from routing.explaining.gaps import Gap, Tour, gaps_of
from routing.explaining.permits import PERMITS, lacking
from routing.model import UNREACHABLE, Load, Problem, Shipment, Stop, Task, VehicleType
from routing.prices import Prices
from routing.solution import Change

Ints = npt.NDArray[np.int64]

NEVER = 10**9
"""Estimate of a gap that no single change would open."""

FEWEST_PER_TOUR = 3
"""Places of one route that may be among the most promising, however many routes there are."""

_LATE = EFFORTS[Change.OVERTIME].start
_OVERLOADED = EFFORTS[Change.CAPACITY_LARGER].start


class Place(NamedTuple):
    """A gap for each task of a shipment."""

    estimate: int
    """Effort that it seems to ask for; 0 = the shipment seems to fit."""
    gaps: tuple[Gap, ...]

    @property
    def tour(self) -> int:
        return self.gaps[0].tour


class _Leg(NamedTuple):
    """What comes of one task at some gaps."""

    estimate: Ints
    seconds: Ints
    """Detour, set-up included."""
    metres: Ints
    ends: Ints
    """When its service is over."""


class _Columns(NamedTuple):
    """Gaps as columns."""

    before: Ints
    after: Ints
    leaves: Ints
    latest: Ints
    departs: Ints
    returns: Ints


class Places:
    """All the gaps of some tours."""

    def __init__(self, problem: Problem, tours: Sequence[Tour], prices: Prices) -> None:
        self._problem = problem
        self._tours = tours
        width = max(1, problem.num_dimensions)
        found = [pair for number, tour in enumerate(tours) for pair in gaps_of(problem, number, tour, width)]
        self._gaps = [gap for gap, _ in found]
        table = np.array(self._gaps, dtype=np.int64).reshape(len(found), len(Gap._fields))
        column = dict(zip(Gap._fields, table.T, strict=True))
        self._columns = _Columns(*(column[name] for name in _Columns._fields))
        self._tour, self._hurdle = column["tour"], column["hurdle"]
        kinds = np.array([tour.route.vehicle_type for tour in tours], dtype=np.int64)[self._tour]
        self._kinds = kinds
        self._profiles = np.array([v.profile for v in problem.vehicle_types], dtype=np.int64)[kinds]
        self._metre_price = np.array(prices.metre, dtype=np.float64)[kinds]
        self._second_price = np.array(prices.second, dtype=np.float64)[kinds]
        self._room_before = _table([room.before for _, room in found], width)
        self._room_after = _table([room.after for _, room in found], width)
        self._pairs: tuple[Ints, Ints] | None = None

    def ranked(self, shipment: int, most: int) -> list[Place]:
        """The most promising places: those that seem to fit, cheapest first, then those that lack least."""
        tasks = self._problem.tasks_of(shipment)
        if not self._gaps:
            return []
        estimates, costs, rows = self._pair(shipment, tasks) if len(tasks) == 2 else self._single(shipment, tasks[0])
        order = np.lexsort((costs, estimates))
        per_tour, seen = max(FEWEST_PER_TOUR, 2 * most // len(self._tours)), Counter[int]()
        places: list[Place] = []
        for k in order:
            if len(places) == most or estimates[k] >= NEVER:
                break
            gaps = tuple(self._gaps[row[k]] for row in rows)
            if seen[gaps[0].tour] < per_tour:
                seen[gaps[0].tour] += 1
                places.append(Place(int(estimates[k]), gaps))
        return places

    # -- estimates ---------------------------------------------------------------------------------------------------

    def _single(self, number: int, task: Task) -> tuple[Ints, npt.NDArray[np.float64], tuple[Ints, ...]]:
        shipment = self._problem.shipments[number]
        every = np.arange(len(self._gaps), dtype=np.int64)
        leg = self._leg(every, task, self._columns)
        loads = (shipment.load, shipment.collected) if shipment.pickup is None else ((), shipment.load)
        estimates = leg.estimate + self._lacks(shipment) + self._overload(every, loads)
        if shipment.delivery is None:
            late = np.maximum(0, self._columns.returns + leg.seconds - shipment.latest_return)
            estimates = estimates + np.where(late > 0, _LATE + late, 0)
        return estimates, self._costs(every, leg.metres, leg.seconds), (every,)

    def _pair(self, number: int, tasks: tuple[Task, ...]) -> tuple[Ints, npt.NDArray[np.float64], tuple[Ints, ...]]:
        shipment = self._problem.shipments[number]
        first, second = self._pairs_of_gaps()
        columns = self._columns
        collected = self._leg(first, tasks[0], _Columns(*(column[first] for column in columns)))
        straight = first == second
        here = self._problem.stops[self._problem.stop_of(tasks[0])].location
        behind = _Columns(*(column[second] for column in columns))
        behind = behind._replace(
            before=np.where(straight, here, behind.before),
            leaves=np.where(straight, collected.ends, behind.leaves + collected.seconds),
        )
        delivered = self._leg(second, tasks[1], behind)
        # Straight on, the way back from the collection is not driven, and the delivery's way on is the only detour.
        estimates = np.where(straight, 0, collected.estimate) + delivered.estimate
        estimates = estimates + self._lacks(shipment)[first]
        estimates += self._overload(first, ((), shipment.load)) + self._overload(second, ((), shipment.collected))
        metres, seconds = collected.metres + delivered.metres, collected.seconds + delivered.seconds
        return estimates, self._costs(first, metres, seconds), (first, second)

    def _pairs_of_gaps(self) -> tuple[Ints, Ints]:
        """Rows of the gaps at which to collect and to deliver: in one trip, in order."""
        if self._pairs is None:
            key = [(gap.tour, gap.trip, gap.is_new_trip) for gap in self._gaps]
            ends = np.append(np.flatnonzero(np.diff(_first_of_runs(key))) + 1, len(key))
            last = ends[np.searchsorted(ends, np.arange(len(key)), side="right")]
            counts = last - np.arange(len(key))
            first = np.repeat(np.arange(len(key)), counts)
            offset = np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts)
            self._pairs = first.astype(np.int64), (first + offset).astype(np.int64)
        return self._pairs

    def _leg(self, rows: Ints, task: Task, columns: _Columns) -> _Leg:
        """Estimate one task at the gaps of some rows, whose columns may have been changed."""
        problem, shipment = self._problem, self._problem.shipments[task.shipment]
        stop = problem.stops[problem.stop_of(task)]
        metres, seconds, (drive_in, drive_on) = self._detour(rows, stop, columns)
        waits_for = shipment.release if shipment.pickup is None else 0
        leaves = columns.leaves + np.maximum(0, waits_for - columns.departs)
        service = np.where(columns.before == stop.location, 0, stop.setup_duration) + problem.duration_of(task)
        late, ends = _soonest(stop, leaves + drive_in, service, drive_on, columns.latest)
        estimate = np.where(late > 0, _LATE + late, 0)
        estimate = np.where(np.maximum(drive_in, drive_on) >= UNREACHABLE, NEVER, estimate)
        return _Leg(np.minimum(estimate, NEVER), seconds + service, metres, ends)

    def _detour(self, rows: Ints, stop: Stop, columns: _Columns) -> tuple[Ints, Ints, tuple[Ints, Ints]]:
        """More metres and seconds by a stop than straight on, and the seconds to it and on from it."""
        ways = np.zeros((6, len(rows)), dtype=np.int64)
        profiles = self._profiles[rows]
        for profile in np.unique(profiles):
            chosen = profiles == profile
            before, after = columns.before[chosen], columns.after[chosen]
            for offset, matrix in enumerate((self._problem.distances[profile], self._problem.durations[profile])):
                ways[3 * offset, chosen] = matrix[before, stop.location]
                ways[3 * offset + 1, chosen] = matrix[stop.location, after]
                ways[3 * offset + 2, chosen] = matrix[before, after]
        metres = ways[0] + ways[1] - ways[2]
        return metres, ways[3] + ways[4] - ways[5], (ways[3], ways[4])

    def _costs(self, rows: Ints, metres: Ints, seconds: Ints) -> npt.NDArray[np.float64]:
        return self._metre_price[rows] * metres + self._second_price[rows] * seconds

    def _overload(self, rows: Ints, loads: tuple[Load, Load]) -> Ints:
        """Effort of more room, where what is added before and after the gap has none."""
        before, after = (_table([load], self._room_before.shape[1])[0] for load in loads)
        lacks = (before > self._room_before[rows]).any(axis=1) | (after > self._room_after[rows]).any(axis=1)
        return np.where(lacks, _OVERLOADED, 0)

    def _lacks(self, shipment: Shipment) -> Ints:
        """Effort of the permission that each gap's vehicle lacks, and of what the gap itself asks for."""
        types = enumerate(self._problem.vehicle_types)
        by_kind = np.array([_permission(shipment, kind, vehicle) for kind, vehicle in types], dtype=np.int64)
        return by_kind[self._kinds] + self._hurdle


def put_in(problem: Problem, trips: DraftTrips, place: Place, shipment: int) -> DraftTrips:
    """The trips of a place's route with the shipment in it; the problem may be an excerpt, with its own numbers."""
    longer = list(trips)
    first = place.gaps[0]
    if first.is_new_trip:
        longer.insert(first.trip, ())
    visits = list(longer[first.trip])
    tasks = problem.tasks_of(shipment)
    is_straight, stops = len({gap.position for gap in place.gaps}) == 1, {problem.stop_of(task) for task in tasks}
    if len(tasks) == 2 and is_straight and len(stops) == 1:
        visits.insert(first.position, (problem.stop_of(tasks[0]), tasks))
    else:
        may_join = len(tasks) == 1 or not (is_straight or len(stops) == 1)
        # From the back, so that positions stay what they were.
        for gap, task in reversed(list(zip(place.gaps, tasks, strict=True))):
            _put(problem, visits, gap.position, task, may_join=may_join)
    longer[first.trip] = tuple(visits)
    return tuple(longer)


def _put(problem: Problem, visits: list[DraftVisit], position: int, task: Task, *, may_join: bool) -> None:
    """Into a visit at the same stop next to the gap, else as a visit of its own."""
    stop = problem.stop_of(task)
    for neighbour in (position - 1, position) if may_join else ():
        if 0 <= neighbour < len(visits) and visits[neighbour][0] == stop:
            visits[neighbour] = (stop, joined(problem, visits[neighbour][1], (task,)))
            return
    visits.insert(position, (stop, (task,)))


def _permission(shipment: Shipment, kind: int, vehicle: VehicleType) -> int:
    lacks = [PERMITS[constraint] for constraint, _ in lacking(shipment, kind, vehicle)]
    return NEVER if len(lacks) > 1 else sum(EFFORTS[change].start for change in lacks)


def _soonest(stop: Stop, arrives: Ints, service: Ints, onward: Ints, latest: Ints) -> tuple[Ints, Ints]:
    """Least seconds too late, here or afterwards, and the end of the service: windows may be missed by their edges."""
    best_late = np.full(arrives.shape, NEVER, dtype=np.int64)
    best_ends = arrives + service
    for window in stop.windows:
        # A wait is no delay, yet less of it would be one way to be in time.
        begins = np.maximum(arrives, window.early)
        late = np.maximum(0, arrives - window.late) + np.maximum(0, begins + service + onward - latest)
        best_ends = np.where(late < best_late, begins + service, best_ends)
        best_late = np.minimum(best_late, late)
    return best_late, best_ends


def _first_of_runs(keys: Sequence[tuple[int, int, bool]]) -> npt.NDArray[np.int64]:
    """For each key the position at which its run of equal keys begins."""

    def runs() -> Iterator[int]:
        begin = 0
        for position, key in enumerate(keys):
            begin = begin if position and key == keys[position - 1] else position
            yield begin

    return np.fromiter(runs(), dtype=np.int64, count=len(keys))


def _table(rows: Sequence[Load], width: int) -> Ints:
    return np.array([(*row, *(0,) * width)[:width] for row in rows], dtype=np.int64).reshape(len(rows), width)
