"""
Loyalty to communes, and to the published plan: soft, a price for each visit by a stranger and each changed shipment.

Consistency of couriers as a price instead of a rule (Groër, Golden & Wasil 2009, *The consistent vehicle routing
problem*); distance from the published plan as in dispatching under disruption.
"""

from __future__ import annotations

from routing.constraints.setup import joins
from routing.kernel.columns import Ints
from routing.kernel.jit import leaf


@leaf
def price(node: Ints, wish: Ints, k: int, before: int, n: int) -> int:
    """What a node costs by being done by a vehicle type: a visit to an unknown zone, a change of the plan."""
    if joins(node, before, n):
        return wish[n, k, 1]
    return wish[n, k, 0] + wish[n, k, 1]
