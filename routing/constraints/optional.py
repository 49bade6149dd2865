"""
Optional shipments: what is left behind has a price, that of a must-go shipment beyond any cost.

An insertion that costs more is not made (prizes for visits, penalties for visits left out: Balas 1989, *The prize
collecting traveling salesman problem*).
"""

from __future__ import annotations

from routing.kernel.columns import LEFT_COST, Ints
from routing.kernel.jit import leaf


@leaf
def left_cost(request: Ints, r: int) -> int:
    """What it costs to leave a request behind."""
    return request[r, LEFT_COST]
