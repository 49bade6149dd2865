"""
Fleet: no more vehicles of a type than there are, and each that drives has a price.

Every vehicle has a row of its own, so none is driven twice; vehicles that are the same in every way are one class, of
which an insertion looks at one (limited fleet of several types: Taillard 1999, *A heuristic column generation method
for the heterogeneous fleet VRP*).
"""

from __future__ import annotations

from routing.kernel.columns import LENGTH, LIMIT, USED, Search, State
from routing.kernel.jit import leaf


@leaf
def is_idle(state: State, vehicle: int) -> bool:
    """Whether a vehicle stays at home: START and END are all that its row holds."""
    return state.row_fact[state.current[vehicle], LENGTH] == 2


@leaf
def may_grow(search: Search) -> bool:
    """Whether one more vehicle may drive; the phase that reduces the fleet allows fewer and fewer."""
    return search.counter[USED] < search.counter[LIMIT]
