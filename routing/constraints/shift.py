"""
Shift and overtime: a route departs within the shift; a return after it is paid by the second, up to a limit.

Overtime is max(0, return - end of the shift): a soft end of the day with a linear price (Taillard, Badeau, Gendreau,
Guertin & Potvin 1997, *A tabu search heuristic for the vehicle routing problem with soft time windows*).
"""

from __future__ import annotations

from routing.constraints.depot_hours import opening
from routing.kernel.columns import SHIFT_EARLY, Ints
from routing.kernel.jit import leaf


@leaf
def first_departure(kind: Ints, k: int) -> int:
    """The earliest departure of a route."""
    return max(kind[k, SHIFT_EARLY], opening(kind, k))


@leaf
def overtime(returns: int, shift_late: int) -> int:
    """Seconds that a return lies after the shift."""
    return max(0, returns - shift_late)
