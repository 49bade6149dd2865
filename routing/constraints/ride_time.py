"""
Longest time aboard: from the end of a shipment's collection (or its trip's departure) to its delivery (or its return).

A ride ties two points of a route together, which no single earliest or latest time can express. Insertions ask a bound
only (driving and serving in between, never waiting); the exact schedule decides by the fixpoint of difference
constraints (Dechter, Meiri & Pearl 1991, *Temporal constraint networks*, §3).
"""

from __future__ import annotations

from routing.kernel.columns import MAX_RIDE, NEVER, Ints
from routing.kernel.jit import leaf


@leaf
def has_limit(node: Ints, n: int) -> bool:
    """Whether what a node handles may be aboard for a limited time only."""
    return node[n, MAX_RIDE] < NEVER


@leaf
def is_too_long(node: Ints, n: int, aboard: int) -> bool:
    """Whether what a node delivers would be aboard for too long, even if nobody waits."""
    return aboard > node[n, MAX_RIDE]
