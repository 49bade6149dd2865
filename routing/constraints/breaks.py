"""
Breaks: rest between services and drives, in a window, at most once each.

A route in progress is described by one time for each set of breaks already taken (a shortest path with resources,
Irnich & Desaulniers 2005): `2 ** b` numbers for b breaks. A break is needed only when the route departs before it could
be over and returns after its latest begin. So a set may also count as taken at the departure when that is late enough,
and as not needed at the return when that is early enough: both ends of the rule become initial values.
"""

from __future__ import annotations

from routing.kernel.columns import IMPOSSIBLE, TOO_LATE, Ints
from routing.kernel.jit import leaf


@leaf
def depart(times: Ints, rest: Ints, first: int, count: int, floor: int) -> None:
    """Earliest departures: for each set of breaks, the moment from which none of them is needed any more."""
    for taken in range(1 << count):
        time = floor
        for b in range(count):
            if taken >> b & 1:
                time = max(time, rest[first + b, 1] + rest[first + b, 0])
        times[taken] = time


@leaf
def rest_forward(times: Ints, rest: Ints, first: int, count: int) -> None:
    """Allow every break here: earliest times once it is over."""
    for taken in range(1, 1 << count):
        for b in range(count):
            if taken >> b & 1:
                before = times[taken ^ (1 << b)]
                if before <= rest[first + b, 2]:
                    times[taken] = min(times[taken], max(before, rest[first + b, 1]) + rest[first + b, 0])


@leaf
def rest_backward(times: Ints, rest: Ints, first: int, count: int) -> None:
    """Allow every break here: latest times at which it may still begin."""
    for taken in range((1 << count) - 2, -1, -1):
        for b in range(count):
            if not taken >> b & 1:
                begin = times[taken | (1 << b)] - rest[first + b, 0]
                if begin >= rest[first + b, 1]:
                    times[taken] = max(times[taken], min(begin, rest[first + b, 2]))


@leaf
def finish(times: Ints, rest: Ints, first: int, count: int, deadline: int) -> None:
    """Latest returns: a break that was not taken must not be needed."""
    for taken in range(1 << count):
        time = deadline
        for b in range(count):
            if not taken >> b & 1:
                time = min(time, rest[first + b, 2])
        times[taken] = time


@leaf
def is_in_time(earliest: Ints, latest: Ints, count: int) -> bool:
    """Whether some set of breaks taken so far lets the rest of the route be in time."""
    for taken in range(1 << count):
        if earliest[taken] <= latest[taken] and earliest[taken] < TOO_LATE and latest[taken] > IMPOSSIBLE:
            return True
    return False
