"""
When a route departs and where its breaks fall: the cheapest choice, exactly.

Money comes first, then overtime, then working time, then an early return, then fewer breaks.

Without ride limits one sweep over the points carries, for every set of breaks already taken, the frontier of
departures worth making: a shortest path with resources, linear in the points. Ride limits tie distant points
together. They usually hold for the answer of the sweep, or hold once some events are put off; then it is the best
there is. Else every place of the breaks is tried, cheapest first by the sweep's bound, and for each the departures
at which the earliest return as a function of the departure can have its kinks.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, permutations, product
from typing import NamedTuple

from routing.model import FOREVER, Break, VehicleType
from routing.scheduling.frontier import Frontier, Piece, admitted, merged, postponed
from routing.scheduling.timeline import Placed, Point, Ride, earliest, first_in, last_in, latest, with_breaks
from routing.solution import Constraint

Key = tuple[int, int, int, int, int]
"""What is made small: money, overtime, working time, return, number of breaks."""


@dataclass(frozen=True, slots=True)
class Timing:
    """The earliest times of a choice."""

    times: list[int]
    """Of every point."""
    placed: tuple[Placed, ...]
    """The breaks taken, in order."""
    rests: list[int]
    """When each of them begins."""


@dataclass(frozen=True, slots=True)
class Miss:
    """What cannot be kept, by how many seconds, and at which visit of the route."""

    constraint: Constraint
    amount: int
    visit: int | None = None


class _Choice(NamedTuple):
    """A departure, the return that it allows, and the breaks taken between them, bit by bit."""

    key: Key
    departure: int
    finish: int
    taken: int


def best_timing(points: Sequence[Point], rides: Sequence[Ride], vehicle: VehicleType) -> Timing | Miss:
    """
    Find the cheapest times of a chain.

    Parameters
    ----------
    points
        The first is the departure, the last the return.
    rides
        Limits between two of them.
    vehicle
        Its breaks, longest working time and costs; the other limits are in the points.
    """
    reached = _sweep(points, vehicle.breaks)
    if isinstance(reached, Miss):
        return reached
    choices = [choice for taken, frontier in reached.items() for choice in _choices(frontier, taken, vehicle)]
    if not choices:
        return _why_no_choice(reached, vehicle)
    choice = min(choices)
    placed = _places(points, vehicle.breaks, choice)
    timing = _timed(points, rides, placed, choice)
    return timing or _search(points, rides, vehicle)


def _sweep(points: Sequence[Point], breaks: Sequence[Break]) -> dict[int, Frontier] | Miss:
    """Frontier of the return for every set of breaks taken (bit b of the key = `breaks[b]`)."""
    (early, late), *_ = points[0].windows
    states: dict[int, Frontier] = {0: [Piece(early, late, early)]}
    for point in points[1:]:
        states = {taken: postponed(frontier, point.after) for taken, frontier in states.items()}
        if breaks and point.may_rest:
            states = _rested(states, breaks)
        kept = {taken: admitted(frontier, point.windows) for taken, frontier in states.items()}
        if not kept[0]:  # no break makes anything earlier
            return Miss(point.binds, states[0][0].time - point.windows[-1][1], point.visit)
        states = {taken: frontier for taken, frontier in kept.items() if frontier}
    return states


def _rested(states: dict[int, Frontier], breaks: Sequence[Break]) -> dict[int, Frontier]:
    """Allow every break that is still to be taken, one or several, in any order."""
    after = dict(states)
    for taken in range(1, 1 << len(breaks)):
        ways = [after.get(taken, [])]
        for bit, rest in enumerate(breaks):
            before = after.get(taken & ~(1 << bit), []) if taken >> bit & 1 else []
            ways.append(postponed(admitted(before, ((rest.tw_early, rest.tw_late),)), rest.duration))
        if frontier := merged(ways):
            after[taken] = frontier
    return after


def _choices(frontier: Frontier, taken: int, vehicle: VehicleType) -> Iterator[_Choice]:
    """
    The departures that may be best.

    Along a piece the working time stays and overtime grows, so its first departure wins, unless a later one begins
    after a break that need not be taken then.
    """
    for piece in frontier:
        departures = {piece.first}
        departures |= {rest.tw_early + rest.duration for rest in vehicle.breaks}
        for departure in departures:
            if piece.first <= departure <= piece.last:
                finish = piece.time + departure - piece.first
                key = _key(departure, finish, taken, vehicle)
                if key is not None:
                    yield _Choice(key, departure, finish, taken)


def _key(departure: int, finish: int, taken: int, vehicle: VehicleType) -> Key | None:
    """Price a route; None = a break that it needs is missing, or it works too long."""
    working = finish - departure
    for bit, rest in enumerate(vehicle.breaks):
        if taken >> bit & 1:
            working -= rest.duration
        elif departure < rest.tw_early + rest.duration and finish > rest.tw_late:
            return None
    if working > vehicle.max_duration:
        return None
    overtime = max(0, finish - vehicle.tw_late)
    money = vehicle.unit_duration_cost * working + vehicle.unit_overtime_cost * overtime
    return money, overtime, working, finish, taken.bit_count()


def _why_no_choice(reached: dict[int, Frontier], vehicle: VehicleType) -> Miss:
    """The route is in time, but works too long, or cannot take its breaks."""
    excess = [
        finish_less_start - sum(b.duration for bit, b in enumerate(vehicle.breaks) if taken >> bit & 1)
        for taken, frontier in reached.items()
        for finish_less_start in (piece.time - piece.first for piece in frontier)
    ]
    if min(excess) > vehicle.max_duration:
        return Miss(Constraint.MAX_DURATION, min(excess) - vehicle.max_duration)
    first = reached[0][0]
    missing = [b for b in vehicle.breaks if first.first < b.tw_early + b.duration and first.time > b.tw_late]
    return Miss(Constraint.BREAKS, min((first.time - b.tw_late for b in missing), default=1))


def _places(points: Sequence[Point], breaks: Sequence[Break], choice: _Choice) -> tuple[Placed, ...]:
    """Where the breaks fall when departing then: the places that bring the route back soonest."""
    states: dict[int, tuple[int, tuple[Placed, ...]]] = {0: (choice.departure, ())}
    wanted = [(1 << bit, rest) for bit, rest in enumerate(breaks) if choice.taken >> bit & 1]
    for position, point in enumerate(points[1:], start=1):
        states = {taken: (time + point.after, placed) for taken, (time, placed) in states.items()}
        for taken in range(choice.taken + 1) if wanted and point.may_rest else ():
            for bit, rest in wanted:
                if taken & bit and taken ^ bit in states and states[taken ^ bit][0] <= rest.tw_late:
                    time, placed = states[taken ^ bit]
                    way = max(time, rest.tw_early) + rest.duration, (*placed, Placed(position, rest))
                    states[taken] = min(states.get(taken, way), way, key=lambda state: state[0])
        begun = ((taken, first_in(point.windows, time), placed) for taken, (time, placed) in states.items())
        states = {taken: (time, placed) for taken, time, placed in begun if time is not None}
    return states[choice.taken][1]


def _timed(
    points: Sequence[Point], rides: Sequence[Ride], placed: tuple[Placed, ...], choice: _Choice
) -> Timing | None:
    """The earliest times of a choice; None = ride limits forbid it."""
    chain, index = with_breaks(points, placed)
    moved = [Ride(index[begin], index[end], limit) for begin, end, limit in rides]
    times = earliest(chain, moved, choice.departure)
    if times is None or times[-1] > choice.finish:
        return None
    rests = sorted(set(range(len(chain))).difference(index))
    return Timing([times[k] for k in index], placed, [times[k] for k in rests])


def _search(points: Sequence[Point], rides: Sequence[Ride], vehicle: VehicleType) -> Timing | Miss:
    """Try every place of the breaks, in the order of what they would cost without ride limits."""
    if earliest(points, rides, 0) is None:  # breaks only make it harder
        return _why_no_ride(points, rides)
    ways: list[tuple[Key, int, tuple[Placed, ...]]] = []
    for taken, placed in _all_places(points, rides, vehicle.breaks):
        reached = _sweep(with_breaks(points, placed)[0], ())
        if not isinstance(reached, Miss) and (choices := list(_choices(reached[0], taken, vehicle))):
            ways.append((min(choices).key, taken, placed))
    best: _Choice | None = None
    best_timing: Timing | None = None
    for bound, taken, placed in sorted(ways, key=lambda way: way[:2]):
        if best is not None and bound >= best.key:
            break
        for choice in _ridden(points, rides, placed, taken, vehicle):
            if best is None or choice < best:
                best, best_timing = choice, _timed(points, rides, placed, choice)
    return best_timing or _why_no_ride(points, rides)


def _all_places(
    points: Sequence[Point], rides: Sequence[Ride], breaks: Sequence[Break]
) -> Iterator[tuple[int, tuple[Placed, ...]]]:
    """Every set of breaks with every place for each that its window does not rule out at once."""
    soonest, last = earliest(points, rides, 0), latest(points, rides, [FOREVER] * len(points))
    if soonest is None or last is None:
        return
    options: list[list[Placed | None]] = []
    for rest in breaks:
        fitting = [
            Placed(k, rest)
            for k in range(1, len(points))
            if points[k].may_rest
            and soonest[k - 1] + points[k].after <= rest.tw_late
            and last[k] >= rest.tw_early + rest.duration
        ]
        options.append([None, *fitting])
    for chosen in product(*options):
        taken = sum(1 << bit for bit, place in enumerate(chosen) if place is not None)
        for placed in permutations([place for place in chosen if place is not None]):
            if all(one.point <= next_one.point for one, next_one in pairwise(placed)):
                yield taken, placed


def _ridden(
    points: Sequence[Point], rides: Sequence[Ride], placed: tuple[Placed, ...], taken: int, vehicle: VehicleType
) -> Iterator[_Choice]:
    """
    The choices that may be best when the breaks have their places and ride limits hold.

    Between two departures at which some point jumps to its next window, the earliest return is max(a, b + departure):
    its working time is least at the kink, the latest departure that returns as early as the first of them.
    """
    chain, index = with_breaks(points, placed)
    moved = [Ride(index[begin], index[end], limit) for begin, end, limit in rides]
    if earliest(chain, moved, 0) is None:
        return
    departures = {chain[0].windows[0][0]} | {rest.tw_early + rest.duration for rest in vehicle.breaks}
    for k, point in enumerate(chain):
        for _, late in point.windows[:-1]:
            before = latest(chain, moved, _ceiling(chain, k, late))
            if before is not None:
                departures.add(before[0] + 1)
    for departure in departures:
        soonest = earliest(chain, moved, departure)
        if soonest is None:
            continue
        finish = soonest[-1]
        last = latest(chain, moved, _ceiling(chain, -1, finish))
        if last is not None:
            key = _key(last[0], finish, taken, vehicle)
            if key is not None:
                yield _Choice(key, last[0], finish, taken)


def _ceiling(points: Sequence[Point], k: int, late: int) -> list[int]:
    ceilings = [FOREVER] * len(points)
    ceilings[k] = late
    return ceilings


def _why_no_ride(points: Sequence[Point], rides: Sequence[Ride]) -> Miss:
    """By how much the tightest ride is too long when everything happens as early as possible and leaves late."""
    times = earliest(points, (), points[0].windows[0][0]) or []
    last = latest(points, (), [last_in(p.windows, t) or t for p, t in zip(points, times, strict=True)]) or times
    worst = max(rides, key=lambda ride: last[ride.end] - last[ride.begin] - ride.limit)
    excess = last[worst.end] - last[worst.begin] - worst.limit
    return Miss(Constraint.RIDE_TIME, max(1, excess), points[worst.end].visit)
