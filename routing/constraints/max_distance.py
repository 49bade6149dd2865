"""
Longest route: the metres of a vehicle's day (Laporte, Desrochers & Nobert 1984, *Two exact algorithms for the
distance-constrained vehicle routing problem*). They add up along a row, so an insertion asks the sum and its detour.
"""

from __future__ import annotations

from routing.kernel.columns import MAX_DISTANCE, Ints
from routing.kernel.jit import leaf


@leaf
def is_too_far(kind: Ints, k: int, metres: int) -> bool:
    """Whether a vehicle drives further than it may."""
    return metres > kind[k, MAX_DISTANCE]
