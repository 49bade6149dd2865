"""
Shared set-up: a visit pays the stop's set-up once, and none at all when it comes from a stop at the same location.

Consecutive nodes of one stop are one visit: its window binds its begin, not each of its items. (A constant of the arc
rather than of the stop, as sequence-dependent set-up times are in scheduling.)
"""

from __future__ import annotations

from routing.kernel.columns import GOES_ON, ITEM, LOCATION, REQUEST, SETUP, STOP, Ints
from routing.kernel.jit import leaf


@leaf
def joins(node: Ints, before: int, n: int) -> bool:
    """Whether a node continues the visit of the one before it; what is frozen is a visit of its own."""
    if before < 0 or node[before, STOP] != node[n, STOP]:
        return False
    return node[n, REQUEST] == GOES_ON or min(node[before, REQUEST], node[n, REQUEST]) >= 0


@leaf
def service(node: Ints, before: int, n: int) -> int:
    """Seconds that a node takes after another one (or a mark: at the base every set-up is paid)."""
    if before >= 0 and node[before, LOCATION] == node[n, LOCATION]:
        return node[n, ITEM]
    return node[n, SETUP] + node[n, ITEM]
