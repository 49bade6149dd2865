"""
Loyalty to communes: soft, a price for each visit by somebody who does not know the place.

Consistency of couriers as a price instead of a rule (Groër, Golden & Wasil 2009, *The consistent vehicle routing
problem*).
"""

from __future__ import annotations

from routing.constraints.setup import joins
from routing.kernel.columns import Ints
from routing.kernel.jit import leaf


@leaf
def stranger_price(node: Ints, wish: Ints, k: int, before: int, n: int) -> int:
    """What it costs that a vehicle type visits a node's zone; nothing when the visit has begun already."""
    return 0 if joins(node, before, n) else wish[n, k, 0]
