"""
Release: a trip departs no earlier than the last of what it delivers from the depot is there.

The floor of a trip is the maximum over its nodes (Cattaruzza, Absi & Feillet 2016, *The multi-trip vehicle routing
problem with time windows and release dates*).
"""

from __future__ import annotations

from routing.kernel.columns import RELEASE, Ints
from routing.kernel.jit import leaf


@leaf
def departure_floor(node: Ints, n: int, floor: int) -> int:
    """The earliest departure of a trip that takes one node more."""
    return max(floor, node[n, RELEASE])
