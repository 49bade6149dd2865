"""
Capacity in several dimensions, with deliveries and collections together.

What is brought from the depot is aboard from the departure to its node, what goes to the depot from its node to the
return. So a node adds to the load of everything before it and of everything after it: an insertion asks the most aboard
before, and the most aboard after (prefix and suffix maxima; Vidal, Crainic, Gendreau & Prins 2014, *A unified solution
framework for multi-attribute vehicle routing problems*). A pair adds between its two nodes only.
"""

from __future__ import annotations

from routing.kernel.columns import KIND_CAPACITY, LOADS, NODE_LOADS, Ints
from routing.kernel.jit import leaf
from routing.model import Load, Problem, Shipment


def has_room(problem: Problem, shipment: Shipment, kind: int) -> bool:
    """Whether an empty vehicle holds a shipment."""
    capacity = problem.vehicle_types[kind].capacity
    return _is_within(shipment.load, capacity) and _is_within(shipment.collected, capacity)


def _is_within(load: Load, capacity: Load) -> bool:
    return all(amount <= most for amount, most in zip(load, capacity, strict=False))


@leaf
def fits(node: Ints, kind: Ints, track: Ints, n: int, k: int, row: int, position: int, dimensions: int) -> bool:
    """Whether a single node may be inserted after a position."""
    for d in range(dimensions):
        most = kind[k, KIND_CAPACITY + d]
        if track[LOADS + 3 * d + 1, row, position] + node[n, NODE_LOADS + 3 * d] > most:
            return False
        left = node[n, NODE_LOADS + 3 * d] + node[n, NODE_LOADS + 3 * d + 2]
        if track[LOADS + 3 * d + 2, row, position] + left > most:
            return False
    return True


@leaf
def carries(node: Ints, kind: Ints, track: Ints, n: int, k: int, row: int, position: int, dimensions: int) -> bool:
    """Whether what a pair's collection takes aboard may be aboard just after a position."""
    for d in range(dimensions):
        aboard = track[LOADS + 3 * d, row, position]
        if aboard + node[n, NODE_LOADS + 3 * d + 2] > kind[k, KIND_CAPACITY + d]:
            return False
    return True


@leaf
def brings_home(node: Ints, kind: Ints, track: Ints, n: int, k: int, row: int, position: int, dimensions: int) -> bool:
    """Whether what a pair's delivery takes to the depot may be aboard from a position on."""
    for d in range(dimensions):
        most_after = track[LOADS + 3 * d + 2, row, position]
        if most_after + node[n, NODE_LOADS + 3 * d + 1] > kind[k, KIND_CAPACITY + d]:
            return False
    return True
