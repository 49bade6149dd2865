"""
The gaps of a route: where one more visit could be put, with the time and the room that there seem to be.

Times are those of the route as it is, pushed as early and as late as they go; breaks stay between the visits between
which they are taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from routing.drafts import DraftRoute
from routing.explaining.effort import EFFORTS
from routing.model import Action, Load, Problem, VehicleType
from routing.scheduling.timeline import first_in
from routing.solution import BreakTaken, Change, Route, Trip

ANY_ROOM = 10**15


class Gap(NamedTuple):
    """Between two places that follow each other, or between two trips, where another one could be made."""

    tour: int
    """Position among the tours."""
    trip: int
    position: int
    """Before this visit of the trip."""
    is_new_trip: bool
    before: int
    """Location."""
    after: int
    """Location."""
    leaves: int
    """How early the vehicle can leave the place before."""
    latest: int
    """How late it may be at the place after."""
    departs: int
    """How early its trip can depart."""
    returns: int
    """How early its trip can be back."""
    hurdle: int
    """Effort that this gap asks for whatever is put in: one more trip, an unlocked route."""


class Room(NamedTuple):
    """What a gap has left for more load, by dimension."""

    before: Load
    """From the departure to the gap."""
    after: Load
    """From the gap to the return."""


@dataclass(frozen=True, slots=True)
class Tour:
    """A vehicle that is on its way: what it does, and when, if it does anything."""

    route: DraftRoute
    timed: Route | None


class _Ends(NamedTuple):
    """How early a trip can leave each of its places and be back, how late it may be at each and back."""

    leaves: list[int]
    returns: int
    latest: list[int]
    leave_by: int


def gaps_of(problem: Problem, number: int, tour: Tour, width: int) -> Iterator[tuple[Gap, Room]]:
    """Every gap behind the frozen part; of a route that is complete only the last. `width` = dimensions of the load."""
    vehicle = problem.vehicle_types[tour.route.vehicle_type]
    trips = tour.timed.trips if tour.timed else ()
    ends = _ends(problem, vehicle, trips)
    frozen = next((f for f in problem.frozen if f.vehicle_type == tour.route.vehicle_type), None)
    begun = [trip for trip in frozen.trips if trip] if frozen else []
    first = (len(begun) - 1, len(begun[-1])) if begun else (0, 0)
    is_complete = frozen is not None and frozen.complete
    hurdle = EFFORTS[Change.UNLOCK].start if is_complete else 0
    for trip in range(first[0], len(trips)):
        for gap, room in _within(problem, vehicle, trips, ends, trip, width):
            if (trip, gap.position) >= first and (not is_complete or gap.position == len(trips[-1].visits)):
                yield gap._replace(tour=number, hurdle=hurdle), room
    if is_complete:
        return
    available = frozen.available_at if frozen else 0
    hurdle = EFFORTS[Change.TRIP_MORE].start if len(trips) == vehicle.max_trips else 0
    for trip in range(first[0] + (first[1] > 0), len(trips) + 1):
        gap = _between(problem, vehicle, ends, trip, available)
        yield gap._replace(tour=number, hurdle=hurdle), _rooms(vehicle, width, [()])[0]


def _within(
    problem: Problem, vehicle: VehicleType, trips: Sequence[Trip], ends: Sequence[_Ends], number: int, width: int
) -> Iterator[tuple[Gap, Room]]:
    trip, end = trips[number], ends[number]
    base, home = _bases(problem, vehicle, is_last=number == len(trips) - 1)
    places = [base, *(problem.stops[visit.stop].location for visit in trip.visits), home]
    loads = [trip.load, *(visit.load for visit in trip.visits)]
    rooms = _rooms(vehicle, width, loads)
    for k, room in enumerate(rooms):
        yield (
            Gap(
                0,
                number,
                k,
                False,
                places[k],
                places[k + 1],
                end.leaves[k],
                end.latest[k],
                end.leaves[0],
                end.returns,
                0,
            ),
            room,
        )


def _between(problem: Problem, vehicle: VehicleType, ends: Sequence[_Ends], number: int, available: int) -> Gap:
    """A trip of its own before trip `number`."""
    is_last = number == len(ends)
    base, home = _bases(problem, vehicle, is_last=is_last)
    opens = max(vehicle.tw_early, problem.depots[vehicle.start_depot].tw_early, available)
    leaves = max(opens, ends[number - 1].returns + vehicle.reload_duration if number else 0)
    latest = _last_return(problem, vehicle) if is_last else ends[number].leave_by - vehicle.reload_duration
    return Gap(0, number, 0, True, base, home, leaves, latest, leaves, leaves, 0)


def _bases(problem: Problem, vehicle: VehicleType, *, is_last: bool) -> tuple[int, int]:
    start, end = vehicle.start_depot, vehicle.end_depot if is_last else vehicle.start_depot
    return problem.depots[start].location, problem.depots[end].location


def _last_return(problem: Problem, vehicle: VehicleType) -> int:
    return min(vehicle.tw_late + vehicle.max_overtime, problem.depots[vehicle.end_depot].tw_late)


def _rooms(vehicle: VehicleType, width: int, loads: Sequence[Load]) -> list[Room]:
    """Room at each gap of a trip, given what is aboard before it and after each visit."""
    free = [_free(vehicle.capacity, load, width) for load in loads]
    before = list(accumulate(free, _least))
    after = list(accumulate(reversed(free), _least))[::-1]
    return [Room(*pair) for pair in zip(before, after, strict=True)]


def _free(capacity: Load, load: Load, width: int) -> Load:
    most = (*capacity, *(ANY_ROOM,) * width)[:width]
    aboard = (*load, *(0,) * width)[:width]
    return tuple(room - amount for room, amount in zip(most, aboard, strict=True))


def _least(one: Load, other: Load) -> Load:
    return tuple(map(min, one, other))


# -- times -----------------------------------------------------------------------------------------------------------


def _ends(problem: Problem, vehicle: VehicleType, trips: Sequence[Trip]) -> list[_Ends]:
    early = _earliest(problem, vehicle, trips)
    ends: list[_Ends] = []
    limit = _last_return(problem, vehicle)
    for trip, (leaves, returns) in zip(reversed(trips), reversed(early), strict=True):
        brought = (problem.shipments[t.shipment] for v in trip.visits for t in v.tasks if t.action is Action.COLLECT)
        limit = min([limit, *(s.latest_return for s in brought if s.delivery is None)])
        latest = [*(visit.starts + visit.slack for visit in trip.visits), limit]
        leave_by = latest[0] - (trip.visits[0].arrives - trip.departs)
        ends.append(_Ends(leaves, returns, latest, leave_by))
        limit = min(leave_by - vehicle.reload_duration, problem.depots[vehicle.start_depot].tw_late)
    return ends[::-1]


def _earliest(problem: Problem, vehicle: VehicleType, trips: Sequence[Trip]) -> list[tuple[list[int], int]]:
    """For each trip how early it can leave the base and its stops, and be back."""
    clock = max(vehicle.tw_early, problem.depots[vehicle.start_depot].tw_early)
    early = []
    for number, trip in enumerate(trips):
        rests = list(trip.breaks)
        clock = _rested(vehicle, rests, clock, trip.departs)
        loaded = (problem.shipments[t.shipment] for v in trip.visits for t in v.tasks if t.action is Action.DELIVER)
        released = (s.release for s in loaded if s.pickup is None)
        clock = max(clock + (vehicle.reload_duration if number else 0), *released, 0)
        leaves, planned = [min(clock, trip.departs)], trip.departs
        for visit in trip.visits:
            arrives = _rested(vehicle, rests, leaves[-1] + visit.arrives - planned, visit.starts)
            begins = first_in(tuple((w.early, w.late) for w in problem.stops[visit.stop].windows), arrives)
            begins = visit.starts if begins is None else min(begins, visit.starts)
            leaves.append(begins + visit.ends - visit.starts)
            planned = visit.leaves
        clock = _rested(vehicle, rests, leaves[-1] + trip.returns - planned, trip.returns)
        early.append((leaves, clock))
    return early


def _rested(vehicle: VehicleType, rests: list[BreakTaken], clock: int, planned: int) -> int:
    """The clock after the breaks that are taken before a planned moment; they are taken off the list."""
    while rests and rests[0].ends <= planned:
        rest = rests.pop(0)
        duration = rest.ends - rest.starts
        opening = [
            b.tw_early for b in vehicle.breaks if b.duration == duration and b.tw_early <= rest.starts <= b.tw_late
        ]
        clock = max(clock, min(opening, default=0)) + duration
    return clock
