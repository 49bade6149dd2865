"""
Depot hours: trips begin once the base is open and end before it closes.

The base is a stop with one window (Solomon 1987, *Algorithms for the vehicle routing and scheduling problems with time
window constraints*), for every trip anew.
"""

from __future__ import annotations

from routing.kernel.columns import DEPOT_OPENS, LAST_RETURN, RELOAD, START_CLOSES, Ints
from routing.kernel.jit import leaf


@leaf
def opening(kind: Ints, k: int) -> int:
    """The earliest departure of a trip, as far as the base is concerned."""
    return kind[k, DEPOT_OPENS]


@leaf
def closing(kind: Ints, k: int, mark: int) -> int:
    """The latest return of a trip that ends with a mark; that of the last one is also within the overtime allowed."""
    return kind[k, START_CLOSES] if mark == RELOAD else kind[k, LAST_RETURN]
