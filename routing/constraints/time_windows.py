"""
Time windows: service begins while the stop is open; whoever comes early waits.

Feasibility of an insertion needs the earliest time before it and the latest time after it only (Savelsbergh 1985,
*Local search in routing problems with time windows*). With several windows both stay single numbers, because arriving
earlier is never worse: the earliest begin is the first open moment not before the arrival, the latest begin the last
open moment not after a deadline.
"""

from __future__ import annotations

from routing.kernel.columns import EARLY, FIRST_WINDOW, IMPOSSIBLE, LATE, NUM_WINDOWS, TOO_LATE, Ints
from routing.kernel.jit import leaf


@leaf
def first_open(node: Ints, window: Ints, n: int, time: int) -> int:
    """The first moment not before a time at which service may begin; TOO_LATE = never."""
    if time > node[n, LATE]:
        return TOO_LATE
    if node[n, NUM_WINDOWS] == 1:
        return max(time, node[n, EARLY])
    w = node[n, FIRST_WINDOW]
    while window[w, 1] < time:
        w += 1
    return max(time, window[w, 0])


@leaf
def last_open(node: Ints, window: Ints, n: int, time: int) -> int:
    """The last moment not after a time at which service may begin; IMPOSSIBLE = never."""
    if time < node[n, EARLY]:
        return IMPOSSIBLE
    if node[n, NUM_WINDOWS] == 1:
        return min(time, node[n, LATE])
    w = node[n, FIRST_WINDOW] + node[n, NUM_WINDOWS] - 1
    while window[w, 0] > time:
        w -= 1
    return min(time, window[w, 1])


@leaf
def window_at(node: Ints, window: Ints, n: int, time: int) -> int:
    """The window of a node that holds a moment; the last one when none does."""
    w = node[n, FIRST_WINDOW]
    last = w + node[n, NUM_WINDOWS] - 1
    while w < last and window[w, 1] < time:
        w += 1
    return w
