"""
Precedence and pairing: what is collected at a stop is delivered later by the same vehicle.

A pair is moved as a whole. For every place of the collection the places of the delivery are tried from there on,
carrying the earliest times along (Jaw, Odoni, Psaraftis & Wilson 1986, *A heuristic algorithm for the multi-vehicle
advance request dial-a-ride problem with time windows*): once a stop in between is missed, or there is no room, every
later place of the delivery is impossible too.
"""

from __future__ import annotations

from routing.kernel.columns import DELIVERS_PAIR, ROLE, Ints
from routing.kernel.jit import leaf


@leaf
def stands_for_request(node: Ints, n: int) -> bool:
    """Whether a request is counted at a node: a pair at its collection only."""
    return node[n, ROLE] != DELIVERS_PAIR
