"""
Fleet: no more vehicles of a type than there are, and each that drives has a price.

Every vehicle has a row of its own, so none is driven twice; vehicles that are the same in every way are one class, of
which an insertion looks at one (limited fleet of several types: Taillard 1999, *A heuristic column generation method
for the heterogeneous fleet VRP*).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Set
from itertools import accumulate

from routing.kernel.columns import LENGTH, LIMIT, USED, Search, State
from routing.kernel.jit import leaf
from routing.model import Load, Problem


def fewest_vehicles(problem: Problem, left_out: Set[int] = frozenset()) -> int:
    """
    How many vehicles the loads alone need: no answer that carries all shipments but those left out has fewer.

    All that comes from depots has been aboard at some departure, all that goes to depots at some return, so it fits
    into the trips of the vehicles with the most room (the bound of Martello & Toth 1990, *Knapsack problems*, §8.3.1).
    """
    carried = [shipment for number, shipment in enumerate(problem.shipments) if number not in left_out]
    brought = _total(shipment.load for shipment in carried if shipment.pickup is None)
    fetched = _total(load for s in carried for load in (s.collected, s.load if s.delivery is None else ()))
    room = [
        (kind.capacity, kind.max_trips)
        for kind in problem.vehicle_types
        for _ in range(min(kind.num_available, len(carried)))  # who drives carries something
    ]
    fewest = min(1, len(carried))
    for total in (brought, fetched):
        for dimension, amount in enumerate(total):
            rooms = [capacity[dimension] * trips for capacity, trips in room if dimension < len(capacity)]
            if len(rooms) == len(room):  # a vehicle that has no such limit takes everything
                largest_first = list(accumulate(sorted(rooms, reverse=True)))
                fewest = max(fewest, bisect_left(largest_first, amount) + (amount > 0))
    return fewest


def _total(loads: Iterable[Load]) -> list[int]:
    total: list[int] = []
    for load in loads:
        total += [0] * (len(load) - len(total))
        for dimension, amount in enumerate(load):
            total[dimension] += amount
    return total


@leaf
def is_idle(state: State, vehicle: int) -> bool:
    """Whether a vehicle stays at home: START and END are all that its row holds."""
    return state.row_fact[state.current[vehicle], LENGTH] == 2


@leaf
def may_grow(search: Search) -> bool:
    """Whether one more vehicle may drive; the phase that reduces the fleet allows fewer and fewer."""
    return search.counter[USED] < search.counter[LIMIT]
