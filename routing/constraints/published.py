"""
Distance from the published plan: soft, a price for each shipment that another vehicle type carries than was told.

A cost of disruption beside that of driving, as in rescheduling vehicles (Li, Mirchandani & Borenstein 2009, *Real-time
vehicle rerouting problems with time windows*).
"""

from __future__ import annotations

from routing.kernel.columns import Ints
from routing.kernel.jit import leaf


@leaf
def change_price(wish: Ints, k: int, n: int) -> int:
    """What it costs that a vehicle type does a node's tasks instead of whom the published plan names."""
    return wish[n, k, 1]
