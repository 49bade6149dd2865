"""
Trips: a vehicle may come back to its base, reload and go out again, up to `max_trips` times a day.

A trip departs no earlier than the base opens and everything it delivers from there is released; it returns before the
base closes and before the latest return of everything it brings. `RELOAD` in a row is the return of one trip and the
departure of the next (Cattaruzza, Absi & Feillet 2016, *Vehicle routing problems with multiple trips*).
"""

from __future__ import annotations

from routing.constraints.breaks import rest_backward, rest_forward
from routing.kernel.columns import IMPOSSIBLE, MAX_TRIPS, RELOAD_TIME, TOO_LATE, Ints
from routing.kernel.jit import leaf


@leaf
def may_reload(kind: Ints, k: int, trips: int) -> bool:
    """Whether one more trip is allowed."""
    return trips < kind[k, MAX_TRIPS]


@leaf
def reload_forward(
    times: Ints, kind: Ints, rest: Ints, k: int, first: int, count: int, deadline: int, floor: int
) -> None:
    """From arriving at the base to departing again, as early as can be; rest before and after reloading."""
    for taken in range(1 << count):
        if times[taken] > deadline:
            times[taken] = TOO_LATE
    rest_forward(times, rest, first, count)
    for taken in range(1 << count):
        times[taken] += kind[k, RELOAD_TIME]
    rest_forward(times, rest, first, count)
    for taken in range(1 << count):
        times[taken] = max(times[taken], floor)


@leaf
def reload_backward(
    times: Ints, kind: Ints, rest: Ints, k: int, first: int, count: int, deadline: int, floor: int
) -> None:
    """From the latest departures to the latest arrivals at the base before them."""
    for taken in range(1 << count):
        if times[taken] < floor:
            times[taken] = IMPOSSIBLE
    rest_backward(times, rest, first, count)
    for taken in range(1 << count):
        times[taken] -= kind[k, RELOAD_TIME]
    rest_backward(times, rest, first, count)
    for taken in range(1 << count):
        times[taken] = min(times[taken], deadline)
