"""
The cheapest times of a chain of points: `routing.scheduling.timing` over flat arrays, for the inner loops.

The answer is the same, and so is the way to it: one sweep carries a frontier (departure, time) for every set of breaks
taken; ride limits are looked at last, and searched only when they forbid what the sweep likes best. The plain module
says why this is exact; here are only the differences.

- Frontiers are kept in *relative* time, less what the points so far take at least. A drive then costs nothing: the
  windows move instead of the frontier.
- Everything lies in one array, the question too, and is named by its address there. Functions of one array and a few
  numbers compile quickly, and a rest is a point like others, with its window elsewhere.
- The latest times come first, in one pass back: most of what is infeasible ends there.
- Nothing is allocated. A frontier holds `PIECES` pieces; what does not fit is dropped. Every piece left is a departure
  with a way to drive it, and an answer is priced from its own times: a chain may be timed dearer than needed or
  refused, never infeasibly or at a wrong price.
- With two breaks or more, the search under ride limits looks at `PLACINGS` + points ways to place them. Where there
  are more, a chain may be timed dearer than needed, or refused. With one break all are seen.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from routing.kernel.jit import inner

IntArray = npt.NDArray[np.int64]

AFTER, FIRST_WINDOW, NUM_WINDOWS, MAY_REST, EARLY, LATE = range(6)
"""Columns of a chain. AFTER counts from the point before. With NUM_WINDOWS 0 a point has one window, [EARLY, LATE];
else it has the rows of `windows` from FIRST_WINDOW on, disjoint and in order."""
CHAIN_WIDTH = 6
DURATION, TW_EARLY, TW_LATE = range(3)
"""Columns of breaks."""
SHIFT_END, MAX_DURATION, UNIT_DURATION_COST, UNIT_OVERTIME_COST = range(4)
"""Of a vehicle."""
RIDE_BEGIN, RIDE_END, RIDE_LIMIT = range(3)
"""Columns of rides: two points, and the most seconds from one to the other."""

TIMED, MISSED_TIME, MISSED_DURATION, MISSED_BREAKS, MISSED_RIDES = range(5)
"""What `best_timing` returns: the chain is timed, or what cannot be kept."""

MAX_BREAKS = 6
MONEY, OVERTIME, WORKING, FINISH, NUM_TAKEN, DEPARTURE, TAKEN = range(7)
"""A choice, in the order in which choices are compared; TAKEN has bit b for break b. The answer begins with it."""
RESTS = 7
"""Where the rests of the answer begin: NUM_TAKEN triples REST_START, REST_POINT, REST_BREAK, in the order in which
they are taken, each just before its point."""
REST_START, REST_POINT, REST_BREAK = range(3)
TIMES = RESTS + 3 * MAX_BREAKS
"""Where the times of the answer begin, one a point."""

PIECES = 64
"""Most pieces of a frontier."""
PLACINGS = 1024
"""Ways to place the breaks that are looked at under ride limits, besides one a point."""


_NEVER = 1 << 62
_OPEN = 2**31 - 1

# A placing is a choice, the number of its rests, and (point, break) of each. In a state of `_place` MONEY is a time.
_NUM_RESTS = 7
_PLACES = 8
_PLACING = _PLACES + 2 * MAX_BREAKS
_CHOICE = _NUM_RESTS
_KEY = NUM_TAKEN + 1

_FIRST, _LAST, _TIME = range(3)  # of a piece: departures, and the relative time of the first
_FRONTIER = 3 * PIECES

# Of a point: the copy of its question (what a woven chain needs first), then room for its times
_AFTER, _MAY_REST, _WINDOWS, _LAST_WINDOW, _EARLY, _LATE, _FLOOR, _MOMENT, _WINDOW, _SOONEST, _LATEST, _WOVEN_AS = (
    range(12)
)
_POINT = 12

# Where things are
_BEST = 0  # the best choice
_TRIED = _BEST + _PLACING  # the choice that is looked at
_LISTED = _TRIED + _PLACING  # the placing that was enumerated last
_VEHICLE = _LISTED + _PLACING
_BREAKS = _VEHICLE + 4
_NUM_BREAKS = _BREAKS + 3 * MAX_BREAKS
_CHAIN, _CHAIN_END, _PLAIN_END, _WOVEN, _RIDES, _RIDES_END = range(_NUM_BREAKS + 1, _NUM_BREAKS + 7)
_COUNTS = _NUM_BREAKS + 7  # pieces of the frontier of each set of breaks
_SPARE = _COUNTS + (1 << MAX_BREAKS)
_MERGED = _SPARE + _FRONTIER
_STATES = _MERGED + _FRONTIER
_FRONTIERS = _STATES + _PLACING * (1 << MAX_BREAKS)
_POINTS = _FRONTIERS + _FRONTIER * (1 << MAX_BREAKS)


def out_size(max_points: int) -> int:
    """Length of `out` for chains of up to so many points."""
    return TIMES + max_points


def scratch_size(max_points: int, max_windows: int, max_rides: int) -> int:
    """
    Length of `scratch`.

    Parameters
    ----------
    max_windows
        Of all the points of a chain together, those in columns EARLY and LATE not counted.
    """
    points = _POINT * (2 * max_points + MAX_BREAKS)
    return int(_POINTS + points + 2 * max_windows + 3 * max_rides + _PLACING * (PLACINGS + max_points + 2))


@inner
def best_timing(
    chain: IntArray,
    num_points: int,
    windows: IntArray,
    breaks: IntArray,
    num_breaks: int,
    vehicle: IntArray,
    rides: IntArray,
    num_rides: int,
    out: IntArray,
    scratch: IntArray,
) -> int:
    """
    Find the cheapest times of a chain, as `routing.scheduling.timing.best_timing`.

    Parameters
    ----------
    chain, windows
        Shapes (>= num_points, 6) and (any, 2).
    breaks
        Shape (>= num_breaks, 3); at most `MAX_BREAKS` of them.
    vehicle
        Shape (4,).
    rides
        Shape (>= num_rides, 3).
    out
        Shape (>= out_size(num_points),): a choice, its rests and its times; undefined when the chain is not timed.
    scratch
        Shape (>= scratch_size(...),); needs no preparation.

    Returns
    -------
    status
        TIMED, or what cannot be kept.
    """
    status = best_choice(chain, num_points, windows, breaks, num_breaks, vehicle, scratch)
    if status != TIMED:
        return status
    scratch[_BEST + _NUM_RESTS] = 0
    if scratch[_BEST + NUM_TAKEN] == 1:
        _place_one(scratch)
    elif scratch[_BEST + NUM_TAKEN] > 1:
        _place(scratch)
    _load_rides(rides, num_rides, scratch)
    if not _is_ridden(scratch):
        _search(scratch)
        if scratch[_BEST + MONEY] == _NEVER:
            return MISSED_RIDES
        _weave(scratch, _BEST)
        _earliest(scratch, scratch[_BEST + DEPARTURE])
    _write(out, scratch)
    return TIMED


@inner
def best_choice(
    chain: IntArray,
    num_points: int,
    windows: IntArray,
    breaks: IntArray,
    num_breaks: int,
    vehicle: IntArray,
    scratch: IntArray,
) -> int:
    """
    Choose departure, return and breaks as if there were no ride limits; `scratch[MONEY]` to `[TAKEN]` is the choice.

    Cheaper than `best_timing`, and enough where no ride limit holds and only the price is asked for. With ride limits
    it is a lower bound.
    """
    _load(chain, num_points, windows, breaks, num_breaks, vehicle, scratch)
    scratch[_BEST + MONEY] = _NEVER
    passed = _sweep(scratch, num_breaks)
    if passed < 0:
        return MISSED_TIME
    for taken in range(1 << num_breaks):
        _choose(scratch, taken, taken, passed, _BEST)
    return TIMED if scratch[_BEST + MONEY] < _NEVER else _why_no_choice(scratch, passed)


# The question


@inner
def _load(
    chain: IntArray,
    num_points: int,
    windows: IntArray,
    breaks: IntArray,
    num_breaks: int,
    vehicle: IntArray,
    scratch: IntArray,
) -> None:
    for k in range(4):
        scratch[_VEHICLE + k] = vehicle[k]
    for rest in range(num_breaks):
        for k in range(3):
            scratch[_BREAKS + 3 * rest + k] = breaks[rest, k]
    scratch[_NUM_BREAKS] = num_breaks
    at = _POINTS
    scratch[_CHAIN] = at
    scratch[_CHAIN_END] = scratch[_PLAIN_END] = scratch[_WOVEN] = at + _POINT * num_points
    room = scratch[_WOVEN] + _POINT * (num_points + MAX_BREAKS)
    for k in range(num_points):
        scratch[at + _AFTER] = chain[k, AFTER]
        scratch[at + _MAY_REST] = chain[k, MAY_REST]
        if chain[k, NUM_WINDOWS] == 0:
            scratch[at + _EARLY] = chain[k, EARLY]
            scratch[at + _LATE] = chain[k, LATE]
            scratch[at + _WINDOWS] = scratch[at + _LAST_WINDOW] = at + _EARLY
        else:
            scratch[at + _WINDOWS] = room
            for row in range(chain[k, FIRST_WINDOW], chain[k, FIRST_WINDOW] + chain[k, NUM_WINDOWS]):
                scratch[room] = windows[row, 0]
                scratch[room + 1] = windows[row, 1]
                room += 2
            scratch[at + _LAST_WINDOW] = room - 2
        at += _POINT
    scratch[_RIDES] = scratch[_RIDES_END] = room


@inner
def _load_rides(rides: IntArray, num_rides: int, scratch: IntArray) -> None:
    at = scratch[_RIDES]
    for ride in range(num_rides):
        scratch[at + RIDE_BEGIN] = _POINTS + _POINT * rides[ride, RIDE_BEGIN]
        scratch[at + RIDE_END] = _POINTS + _POINT * rides[ride, RIDE_END]
        scratch[at + RIDE_LIMIT] = rides[ride, RIDE_LIMIT]
        at += 3
    scratch[_RIDES_END] = at


@inner
def _weave(scratch: IntArray, placing: int) -> None:
    """Make the chain in use that with the rests of a placing, each a point of its own."""
    to = scratch[_WOVEN]
    scratch[_CHAIN] = to
    place = placing + _PLACES
    end = place + 2 * scratch[placing + _NUM_RESTS]
    for at in range(_POINTS, scratch[_PLAIN_END], _POINT):
        after = scratch[at + _AFTER]
        while place < end and scratch[place] == at:
            rest = _BREAKS + 3 * scratch[place + 1]
            scratch[to + _AFTER] = after
            scratch[to + _WINDOWS] = scratch[to + _LAST_WINDOW] = rest + TW_EARLY
            scratch[to + _MAY_REST] = 0
            after = scratch[rest + DURATION]
            to += _POINT
            place += 2
        scratch[to + _AFTER] = after
        scratch[to + _WINDOWS] = scratch[at + _WINDOWS]
        scratch[to + _LAST_WINDOW] = scratch[at + _LAST_WINDOW]
        scratch[at + _WOVEN_AS] = to
        to += _POINT
    scratch[_CHAIN_END] = to


@inner
def _write(out: IntArray, scratch: IntArray) -> None:
    """Write the answer, priced anew: where pieces were dropped, its times may be better than the choice."""
    departure = scratch[scratch[_CHAIN] + _MOMENT]
    finish = scratch[scratch[_CHAIN_END] - _POINT + _MOMENT]
    _price(scratch, departure, finish, scratch[_BEST + TAKEN], out, 0)
    at, time, rest = scratch[_CHAIN], TIMES, RESTS
    place = _BEST + _PLACES
    for point in range(_POINTS, scratch[_PLAIN_END], _POINT):
        while at != scratch[point + _WOVEN_AS]:
            out[rest + REST_START] = scratch[at + _MOMENT]
            out[rest + REST_POINT] = time - TIMES
            out[rest + REST_BREAK] = scratch[place + 1]
            rest, place, at = rest + 3, place + 2, at + _POINT
        out[time] = scratch[at + _MOMENT]
        time, at = time + 1, at + _POINT


# Frontiers


@inner
def _sweep(scratch: IntArray, num_breaks: int) -> int:
    """
    Frontiers of the return for every set of breaks; give what relative time lacks, -1 = too late.

    Going back first, for the latest departure, keeps departures out that would fail in the end.
    """
    begin, end = scratch[_CHAIN], scratch[_CHAIN_END]
    if not _latest(scratch, begin, scratch[scratch[begin + _WINDOWS] + 1]):
        return -1
    scratch[_FRONTIERS + _FIRST] = scratch[_FRONTIERS + _TIME] = scratch[scratch[begin + _WINDOWS]]
    scratch[_FRONTIERS + _LAST] = scratch[begin + _MOMENT]
    for taken in range(1 << num_breaks):
        scratch[_COUNTS + taken] = taken == 0
    passed = 0
    for at in range(begin + _POINT, end, _POINT):
        passed += scratch[at + _AFTER]
        if num_breaks and scratch[at + _MAY_REST]:
            _rest(scratch, passed, scratch[at + _MOMENT])
        for taken in range(1 << num_breaks):
            if scratch[_COUNTS + taken]:
                _narrow(scratch, scratch[at + _WINDOWS], scratch[at + _LAST_WINDOW], passed, taken)
        if not scratch[_COUNTS]:  # no break makes anything earlier
            return -1
    return passed


@inner
def _narrow(scratch: IntArray, window: int, last_window: int, passed: int, taken: int) -> None:
    """Keep of a frontier what may begin in the windows; most often that is all."""
    count = scratch[_COUNTS + taken]
    at = _FRONTIERS + _FRONTIER * taken
    tail = at + 3 * (count - 1)
    low = scratch[at + _TIME] + passed
    while scratch[window + 1] < low and window < last_window:
        window += 2
    high = scratch[tail + _TIME] + scratch[tail + _LAST] - scratch[tail + _FIRST] + passed
    if scratch[window] <= low and high <= scratch[window + 1]:
        return
    _copy(scratch, at, _SPARE, 3 * count)
    scratch[_COUNTS + taken] = _admit(scratch, window, last_window, passed, 0, _SPARE, count, at)


@inner
def _admit(
    scratch: IntArray, begin: int, end: int, passed: int, wait: int, source: int, count: int, target: int
) -> int:
    """Write the pieces of a frontier that may begin in the windows, `wait` later; give their number."""
    kept = 0
    for piece in range(source, source + 3 * count, 3):
        low = scratch[piece + _TIME]
        shift = scratch[piece + _FIRST] - low
        high = scratch[piece + _LAST] - shift
        for window in range(begin, end + 1, 2):
            early, late = scratch[window] - passed, scratch[window + 1] - passed
            if late < low:
                continue
            top = min(high, late)
            soonest = max(low, min(early, top))  # all who wait for the same opening: only the last to depart is kept
            kept = _append(scratch, target, kept, soonest + shift, top + shift, max(soonest, early) + wait)
            low = late + 1
            if low > high:
                break
    return kept


@inner
def _append(scratch: IntArray, at: int, count: int, first: int, last: int, time: int) -> int:
    """Add a piece of later departures, dropping the ends that it makes useless, or itself when there is no room."""
    tail = at + 3 * (count - 1)
    while tail >= at and scratch[tail + _TIME] >= time:
        tail -= 3
    if tail >= at:
        scratch[tail + _LAST] = min(scratch[tail + _LAST], scratch[tail + _FIRST] + time - scratch[tail + _TIME] - 1)
    tail += 3
    if tail == at + _FRONTIER:
        return PIECES
    scratch[tail + _FIRST] = first
    scratch[tail + _LAST] = last
    scratch[tail + _TIME] = time
    return (tail - at) // 3 + 1


@inner
def _rest(scratch: IntArray, passed: int, latest: int) -> None:
    """Allow every break that is still to be taken and ends no later, one or several, in any order."""
    num_breaks = scratch[_NUM_BREAKS]
    for taken in range(1, 1 << num_breaks):
        for rest in range(num_breaks):
            before = taken ^ (1 << rest)
            if before > taken or scratch[_COUNTS + before] == 0:
                continue
            at, window = _FRONTIERS + _FRONTIER * before, _BREAKS + 3 * rest + TW_EARLY
            wait = scratch[_BREAKS + 3 * rest + DURATION]
            soonest = scratch[at + _TIME] + passed
            if soonest > scratch[window + 1] or max(soonest, scratch[window]) + wait > latest:
                continue
            if not _replace(scratch, before, taken, scratch[window] - passed, wait):
                count = _admit(scratch, window, window, passed, wait, at, scratch[_COUNTS + before], _SPARE)
                _merge(scratch, count, taken)


@inner
def _replace(scratch: IntArray, before: int, taken: int, early: int, wait: int) -> bool:
    """
    Give a frontier the choice of a break for which all must wait, if that beats all that it holds; False = it may not.

    A shortcut of admitting and merging that most breaks take until they are due.
    """
    at, to = _FRONTIERS + _FRONTIER * before, _FRONTIERS + _FRONTIER * taken
    tail = at + 3 * (scratch[_COUNTS + before] - 1)
    last, count = scratch[tail + _LAST], scratch[_COUNTS + taken]
    if scratch[tail + _TIME] + last - scratch[tail + _FIRST] > early:
        return False
    if count and (scratch[to + 3 * (count - 1) + _LAST] > last or scratch[to + _TIME] < early + wait):
        return False
    scratch[_COUNTS + taken] = 1
    scratch[to + _FIRST] = scratch[to + _LAST] = last
    scratch[to + _TIME] = early + wait
    return True


@inner
def _merge(scratch: IntArray, count: int, taken: int) -> None:
    """Give a frontier the choice between itself and the spare one: the earlier of both for every departure."""
    target = _FRONTIERS + _FRONTIER * taken
    one, other = _SPARE + 3 * (count - 1), target + 3 * (scratch[_COUNTS + taken] - 1)
    at = _MERGED + _FRONTIER
    last, bound = _NEVER, _NEVER  # up to `last` nothing is decided; what departs later is there at `bound` or later
    while (one >= _SPARE or other >= target) and at > _MERGED:
        one_last = scratch[one + _LAST] if one >= _SPARE else -_NEVER
        other_last = scratch[other + _LAST] if other >= target else -_NEVER
        last = min(last, max(one_last, other_last))
        first, lag = one_last + 1, _NEVER
        if one_last >= last:
            first, lag = scratch[one + _FIRST], scratch[one + _TIME] - scratch[one + _FIRST]
        if other_last >= last:
            first = max(first, scratch[other + _FIRST])
            lag = min(lag, scratch[other + _TIME] - scratch[other + _FIRST])
        else:
            first = max(first, other_last + 1)
        if min(last, bound - lag - 1) >= first:
            at = _prepend(scratch, at, first, min(last, bound - lag - 1), lag)
            bound = first + lag
        last = first - 1
        one -= 3 * (one >= _SPARE and scratch[one + _FIRST] > last)
        other -= 3 * (other >= target and scratch[other + _FIRST] > last)
    scratch[_COUNTS + taken] = (_MERGED + _FRONTIER - at) // 3
    _copy(scratch, at, target, _MERGED + _FRONTIER - at)


@inner
def _prepend(scratch: IntArray, at: int, first: int, last: int, lag: int) -> int:
    """Add a piece of earlier departures, as one with the piece after it where it can be."""
    if at == _MERGED + _FRONTIER or last + 1 < scratch[at + _FIRST] or last + 1 + lag < scratch[at + _TIME]:
        at -= 3
        scratch[at + _LAST] = last
    scratch[at + _FIRST] = first
    scratch[at + _TIME] = first + lag
    return at


@inner
def _copy(scratch: IntArray, source: int, target: int, length: int) -> None:
    for k in range(length):
        scratch[target + k] = scratch[source + k]


# Choices


@inner
def _choose(scratch: IntArray, frontier: int, taken: int, passed: int, best: int) -> None:
    """Keep the best of a choice and of those of a frontier that may be best; see `_choices` of the plain module."""
    at = _FRONTIERS + _FRONTIER * frontier
    for piece in range(at, at + 3 * scratch[_COUNTS + frontier], 3):
        first, last = scratch[piece + _FIRST], scratch[piece + _LAST]
        lag = scratch[piece + _TIME] - first + passed
        for rest in range(-1, scratch[_NUM_BREAKS]):
            departure = first
            if rest >= 0:
                departure = scratch[_BREAKS + 3 * rest + TW_EARLY] + scratch[_BREAKS + 3 * rest + DURATION]
            if first <= departure <= last:
                _consider(scratch, departure, departure + lag, taken, best)


@inner
def _consider(scratch: IntArray, departure: int, finish: int, taken: int, best: int) -> bool:
    """Price a choice and keep it when it is better."""
    if not _price(scratch, departure, finish, taken, scratch, _TRIED):
        return False
    if not _is_less(scratch, _TRIED, best, _CHOICE):
        return False
    _copy(scratch, _TRIED, best, _CHOICE)
    return True


@inner
def _price(scratch: IntArray, departure: int, finish: int, taken: int, into: IntArray, at: int) -> bool:
    """Write a choice down; False = a break that it needs is missing, or it works too long."""
    working, num_taken = finish - departure, 0
    for number in range(scratch[_NUM_BREAKS]):
        rest = _BREAKS + 3 * number
        if taken >> number & 1:
            working -= scratch[rest + DURATION]
            num_taken += 1
        elif departure < scratch[rest + TW_EARLY] + scratch[rest + DURATION] and finish > scratch[rest + TW_LATE]:
            return False
    if working > scratch[_VEHICLE + MAX_DURATION]:
        return False
    overtime = max(0, finish - scratch[_VEHICLE + SHIFT_END])
    of_overtime = scratch[_VEHICLE + UNIT_OVERTIME_COST] * overtime
    into[at + MONEY] = scratch[_VEHICLE + UNIT_DURATION_COST] * working + of_overtime
    into[at + OVERTIME] = overtime
    into[at + WORKING] = working
    into[at + FINISH] = finish
    into[at + NUM_TAKEN] = num_taken
    into[at + DEPARTURE] = departure
    into[at + TAKEN] = taken
    return True


@inner
def _is_less(scratch: IntArray, one: int, other: int, columns: int) -> bool:
    for k in range(columns):
        if scratch[one + k] != scratch[other + k]:
            return bool(scratch[one + k] < scratch[other + k])
    return False


@inner
def _why_no_choice(scratch: IntArray, passed: int) -> int:
    """In time, but every way works too long, or else cannot take its breaks."""
    for taken in range(1 << scratch[_NUM_BREAKS]):
        allowed = scratch[_VEHICLE + MAX_DURATION] - passed
        for rest in range(scratch[_NUM_BREAKS]):
            allowed += (taken >> rest & 1) * scratch[_BREAKS + 3 * rest + DURATION]
        at = _FRONTIERS + _FRONTIER * taken
        for piece in range(at, at + 3 * scratch[_COUNTS + taken], 3):
            if scratch[piece + _TIME] - scratch[piece + _FIRST] <= allowed:
                return MISSED_BREAKS
    return MISSED_DURATION


# Places of the breaks


@inner
def _place_one(scratch: IntArray) -> None:
    """Give the best choice the first place of its break from which the route is back in time."""
    number = 0
    while scratch[_BEST + TAKEN] >> number != 1:
        number += 1
    rest, clock = _BREAKS + 3 * number, scratch[_BEST + DEPARTURE]
    _latest(scratch, scratch[_CHAIN_END] - _POINT, scratch[_BEST + FINISH])
    for at in range(_POINTS + _POINT, scratch[_PLAIN_END], _POINT):
        clock += scratch[at + _AFTER]
        end = max(clock, scratch[rest + TW_EARLY]) + scratch[rest + DURATION]
        if scratch[at + _MAY_REST] and clock <= scratch[rest + TW_LATE] and end <= scratch[at + _MOMENT]:
            _put(scratch, _BEST, 0, at, number)
            return
        clock = _first_in(scratch, at, clock)


@inner
def _place(scratch: IntArray) -> None:
    """Give the best choice the places of its breaks that bring the route back soonest."""
    all_taken = scratch[_BEST + TAKEN]
    for taken in range(all_taken + 1):
        scratch[_STATES + _PLACING * taken] = _NEVER
    scratch[_STATES] = scratch[_BEST + DEPARTURE]
    scratch[_STATES + _NUM_RESTS] = 0
    for at in range(_POINTS + _POINT, scratch[_PLAIN_END], _POINT):
        for taken in range(all_taken + 1):
            state = _STATES + _PLACING * taken
            if scratch[state] < _NEVER:
                scratch[state] += scratch[at + _AFTER]
            if taken and taken & all_taken == taken and scratch[at + _MAY_REST]:
                _rest_state(scratch, at, taken)
        for state in range(_STATES, _STATES + _PLACING * all_taken + 1, _PLACING):
            if scratch[state] < _NEVER:
                scratch[state] = _first_in(scratch, at, scratch[state])
    _copy(scratch, _STATES + _PLACING * all_taken + _NUM_RESTS, _BEST + _NUM_RESTS, _PLACING - _NUM_RESTS)


@inner
def _first_in(scratch: IntArray, point: int, time: int) -> int:
    """The first moment of a point's windows that is not before a time."""
    window, last_window = scratch[point + _WINDOWS], scratch[point + _LAST_WINDOW]
    while time > scratch[window + 1]:
        if window == last_window:
            return _NEVER
        window += 2
    return int(max(time, scratch[window]))


@inner
def _rest_state(scratch: IntArray, point: int, taken: int) -> None:
    """Take one of the breaks just before a point, if that is sooner than what is known."""
    state = _STATES + _PLACING * taken
    for number in range(scratch[_NUM_BREAKS]):
        before, rest = _STATES + _PLACING * (taken ^ (1 << number)), _BREAKS + 3 * number
        if before > state or scratch[before] > scratch[rest + TW_LATE]:
            continue
        time = max(scratch[before], scratch[rest + TW_EARLY]) + scratch[rest + DURATION]
        if time < scratch[state]:
            scratch[state] = time
            _copy(scratch, before + _PLACES, state + _PLACES, 2 * scratch[before + _NUM_RESTS])
            _put(scratch, state, scratch[before + _NUM_RESTS], point, number)


@inner
def _put(scratch: IntArray, placing: int, number: int, point: int, rest: int) -> None:
    """Make a rest the last one of a placing, after so many others."""
    scratch[placing + _NUM_RESTS] = number + 1
    scratch[placing + _PLACES + 2 * number] = point
    scratch[placing + _PLACES + 2 * number + 1] = rest


# Times of the chain in use under ride limits: the least or greatest fixpoint of Dechter, Meiri & Pearl (1991), Temporal
# constraint networks, Artificial Intelligence 49, §3. See `routing.scheduling.timeline`.


@inner
def _is_ridden(scratch: IntArray) -> bool:
    """Time the best choice; False = ride limits forbid it."""
    _weave(scratch, _BEST)
    if not _earliest(scratch, scratch[_BEST + DEPARTURE]):
        return False
    return bool(scratch[scratch[_CHAIN_END] - _POINT + _MOMENT] <= scratch[_BEST + FINISH])


@inner
def _earliest(scratch: IntArray, departure: int) -> bool:
    """Find the earliest times of a route that departs no earlier; False = impossible."""
    for at in range(scratch[_CHAIN], scratch[_CHAIN_END], _POINT):
        scratch[at + _FLOOR] = 0
    scratch[scratch[_CHAIN] + _FLOOR] = departure
    rounds = -1
    while 3 * (rounds - 1) <= scratch[_RIDES_END] - scratch[_RIDES]:
        changed = _push_forward(scratch)
        if changed < 0:
            return False
        if not _lift(scratch):
            return True
        # As long as no point changes its window, each ride pulls at most once along a simple path (Bellman and Ford).
        rounds = 0 if changed else rounds + 1
    return False


@inner
def _latest(scratch: IntArray, point: int, ceiling: int) -> bool:
    """Find the latest times of a route with one point no later than a ceiling; False = impossible."""
    for at in range(scratch[_CHAIN], scratch[_CHAIN_END], _POINT):
        scratch[at + _FLOOR] = _OPEN
    scratch[point + _FLOOR] = ceiling
    rounds = -1
    while 3 * (rounds - 1) <= scratch[_RIDES_END] - scratch[_RIDES]:
        changed = _push_back(scratch)
        if changed < 0:
            return False
        if not _lower(scratch):
            return True
        rounds = 0 if changed else rounds + 1
    return False


@inner
def _push_forward(scratch: IntArray) -> int:
    """Earliest times above the floors: 1 = some point is in another window than before, -1 = impossible."""
    clock, changed = 0, 0
    for at in range(scratch[_CHAIN], scratch[_CHAIN_END], _POINT):
        clock = max(clock + scratch[at + _AFTER], scratch[at + _FLOOR])
        window = scratch[at + _WINDOWS]
        while clock > scratch[window + 1]:
            if window == scratch[at + _LAST_WINDOW]:
                return -1
            window += 2
        clock = max(clock, scratch[window])
        changed |= scratch[at + _WINDOW] != window
        scratch[at + _MOMENT] = clock
        scratch[at + _WINDOW] = window
    return changed


@inner
def _push_back(scratch: IntArray) -> int:
    """Latest times below the ceilings, as `_push_forward`."""
    clock, changed = _OPEN, 0
    for at in range(scratch[_CHAIN_END] - _POINT, scratch[_CHAIN] - 1, -_POINT):
        clock = min(clock, scratch[at + _FLOOR])
        window = scratch[at + _LAST_WINDOW]
        while clock < scratch[window]:
            if window == scratch[at + _WINDOWS]:
                return -1
            window -= 2
        clock = min(clock, scratch[window + 1])
        changed |= scratch[at + _WINDOW] != window
        scratch[at + _MOMENT] = clock
        scratch[at + _WINDOW] = window
        clock -= scratch[at + _AFTER]
    return changed


@inner
def _lift(scratch: IntArray) -> bool:
    """Put off what begins a ride that is too long; False = none is."""
    lifted = False
    for ride in range(scratch[_RIDES], scratch[_RIDES_END], 3):
        begin, end = scratch[scratch[ride + RIDE_BEGIN] + _WOVEN_AS], scratch[scratch[ride + RIDE_END] + _WOVEN_AS]
        soonest = scratch[end + _MOMENT] - scratch[ride + RIDE_LIMIT]
        if scratch[begin + _MOMENT] < soonest:
            scratch[begin + _FLOOR] = max(scratch[begin + _FLOOR], soonest)
            lifted = True
    return lifted


@inner
def _lower(scratch: IntArray) -> bool:
    """Bring forward what ends a ride that is too long; False = none is."""
    lowered = False
    for ride in range(scratch[_RIDES], scratch[_RIDES_END], 3):
        begin, end = scratch[scratch[ride + RIDE_BEGIN] + _WOVEN_AS], scratch[scratch[ride + RIDE_END] + _WOVEN_AS]
        latest = scratch[begin + _MOMENT] + scratch[ride + RIDE_LIMIT]
        if scratch[end + _MOMENT] > latest:
            scratch[end + _FLOOR] = min(scratch[end + _FLOOR], latest)
            lowered = True
    return lowered


# The search that ride limits may make necessary


@inner
def _search(scratch: IntArray) -> None:
    """Make the best choice that of the best placing, tried in the order of what they cost without ride limits."""
    begin = scratch[_RIDES_END]
    _copy(scratch, _BEST, begin, _PLACING)  # seen in any case
    scratch[_BEST + MONEY] = _NEVER
    scratch[_LISTED + TAKEN] = scratch[_LISTED + _NUM_RESTS] = 0
    _weave(scratch, _LISTED)
    if not _earliest(scratch, 0):
        return  # breaks only make it harder
    for at in range(_POINTS, scratch[_PLAIN_END], _POINT):
        scratch[at + _SOONEST] = scratch[scratch[at + _WOVEN_AS] + _MOMENT]
    if not _latest(scratch, scratch[_CHAIN], _OPEN):
        return
    for at in range(_POINTS, scratch[_PLAIN_END], _POINT):
        scratch[at + _LATEST] = scratch[scratch[at + _WOVEN_AS] + _MOMENT]
    end = _list_placings(scratch, begin + _PLACING)
    placing = _cheapest(scratch, begin, end)
    while placing != _BEST:
        _ride(scratch, placing)
        scratch[placing + MONEY] = _NEVER
        placing = _cheapest(scratch, begin, end)


@inner
def _list_placings(scratch: IntArray, end: int) -> int:
    """
    List the placings that keep the windows, with their best choices; give the end of the list.

    Depth first: once the rests so far cannot be kept, none is added to them.
    """
    for _ in range(PLACINGS + (scratch[_PLAIN_END] - _POINTS) // _POINT):
        _copy(scratch, _LISTED, end, _PLACING)
        scratch[end + MONEY] = _NEVER
        _weave(scratch, end)
        passed = _sweep(scratch, 0)
        if passed >= 0:
            _choose(scratch, 0, scratch[_LISTED + TAKEN], passed, end)
            end += _PLACING * (scratch[end + MONEY] < _NEVER)
        if not _enumerate(scratch, passed >= 0):
            break
    return end


@inner
def _enumerate(scratch: IntArray, deeper: bool) -> bool:
    """Go to the next placing: one rest more if `deeper`, else the last rest moves on; False = that was the last."""
    num_breaks, number = scratch[_NUM_BREAKS], scratch[_LISTED + _NUM_RESTS]
    place = num_breaks * ((scratch[_LISTED + _PLACES + 2 * number - 2] - _POINTS) // _POINT if number else 1)
    while True:
        if not deeper:
            if number == 0:
                return False
            number -= 1
            at, rest = scratch[_LISTED + _PLACES + 2 * number], scratch[_LISTED + _PLACES + 2 * number + 1]
            scratch[_LISTED + TAKEN] ^= 1 << rest
            place = num_breaks * ((at - _POINTS) // _POINT) + rest + 1
        place = _next_place(scratch, place)
        if place >= 0:
            rest = place % num_breaks
            scratch[_LISTED + TAKEN] ^= 1 << rest
            _put(scratch, _LISTED, number, _POINTS + _POINT * (place // num_breaks), rest)
            return True
        deeper = False


@inner
def _next_place(scratch: IntArray, place: int) -> int:
    """The first place (position times breaks plus break) from one on that no window rules out; -1 = none."""
    num_breaks = scratch[_NUM_BREAKS]
    while place < num_breaks * ((scratch[_PLAIN_END] - _POINTS) // _POINT):
        at, number = _POINTS + _POINT * (place // num_breaks), place % num_breaks
        rest = _BREAKS + 3 * number
        if (
            scratch[at + _MAY_REST]
            and not scratch[_LISTED + TAKEN] >> number & 1
            and scratch[at - _POINT + _SOONEST] + scratch[at + _AFTER] <= scratch[rest + TW_LATE]
            and scratch[at + _LATEST] >= scratch[rest + TW_EARLY] + scratch[rest + DURATION]
        ):
            return place
        place += 1
    return -1


@inner
def _cheapest(scratch: IntArray, begin: int, end: int) -> int:
    """The placing with the least choice, or the best one when that is no dearer."""
    found = _BEST
    for placing in range(begin, end, _PLACING):
        if _is_less(scratch, placing, found, _KEY):
            found = placing
    return found


@inner
def _ride(scratch: IntArray, placing: int) -> None:
    """Try the departures of a placing at which the earliest return has its kinks; see `_ridden` of the plain module."""
    _weave(scratch, placing)
    if not _try(scratch, placing, 0):
        return
    for number in range(scratch[_NUM_BREAKS]):
        rest = _BREAKS + 3 * number
        _try(scratch, placing, scratch[rest + TW_EARLY] + scratch[rest + DURATION])
    for at in range(scratch[_CHAIN], scratch[_CHAIN_END], _POINT):
        for window in range(scratch[at + _WINDOWS], scratch[at + _LAST_WINDOW], 2):
            if _latest(scratch, at, scratch[window + 1]):
                _try(scratch, placing, scratch[scratch[_CHAIN] + _MOMENT] + 1)


@inner
def _try(scratch: IntArray, placing: int, departure: int) -> bool:
    """Return as early as a departure allows, then depart as late as that return allows; False = impossible."""
    if not _earliest(scratch, departure):
        return False
    end = scratch[_CHAIN_END] - _POINT
    finish = scratch[end + _MOMENT]
    if not _latest(scratch, end, finish):
        return False
    if _consider(scratch, scratch[scratch[_CHAIN] + _MOMENT], finish, scratch[placing + TAKEN], _BEST):
        _copy(scratch, placing + _NUM_RESTS, _BEST + _NUM_RESTS, _PLACING - _NUM_RESTS)
    return True
