"""
Precedence and pairing: what is collected at a stop is delivered later by the same vehicle on the same trip.

For every place of the collection the delivery's places are tried in order, carrying the earliest times along (the
insertion of Dumas, Desrosiers & Soumis 1991 and of Ropke & Pisinger 2006 with their early ends): once a stop in between
is missed, or there is no room, every later place of the delivery is impossible too.
"""

from __future__ import annotations

from routing.kernel.columns import FIXED_POSITIONS, RESUMES, Ints
from routing.kernel.jit import leaf


@leaf
def first_gap(vehicle: Ints, v: int) -> int:
    """The first position after which a row may be changed: behind what is frozen."""
    return max(vehicle[v, FIXED_POSITIONS] - 1, vehicle[v, RESUMES])
