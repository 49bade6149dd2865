"""
Opening one point after the other, each time the one that adds most; equal ones in the order of their numbers.

What a point adds never grows as others open (coverage is submodular, with capacities too), so a gain that was
computed earlier is a bound and most need not be computed again.

References
----------
.. [1] Minoux (1978). Accelerated greedy algorithms for maximizing submodular set functions. LNCIS 7.
       https://doi.org/10.1007/BFb0006528
.. [2] Khuller, Moss, Naor (1999). The budgeted maximum coverage problem. IPL 70(1).
       https://doi.org/10.1016/S0020-0190(99)00031-9
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from geo.coverage.siting.problem import Whole

Points = NDArray[np.intp]


def greedy_order(
    candidates: Points,
    worth: Callable[[Points], int],
    *,
    k: int,
    cost: Whole | None = None,
    budget: int | None = None,
) -> Points:
    """
    Order candidates by what they add to those before them; those that add nothing are left out.

    Parameters
    ----------
    worth
        What a set of open candidates is worth; submodular and never falling.
    k
        At most so many.
    cost, budget
        Shape (points,): with them, gain for cost decides, and what the rest of the budget cannot pay is passed over.
    """
    price = np.zeros(int(candidates.max()) + 1, dtype=np.int64) if cost is None else cost
    chosen: list[int] = []
    value, left = worth(candidates[:0]), budget or 0
    heap = [(_rank(np.iinfo(np.int64).max, int(price[c])), int(c), -1) for c in candidates]
    heapq.heapify(heap)
    while heap and len(chosen) < k:
        _, candidate, counted = heapq.heappop(heap)
        if price[candidate] > left:
            continue
        if counted == len(chosen):
            chosen.append(candidate)
            value = worth(np.array(chosen, dtype=np.intp))
            left -= int(price[candidate])
            continue
        gain = worth(np.array([*chosen, candidate], dtype=np.intp)) - value
        if gain > 0:
            heapq.heappush(heap, (_rank(gain, int(price[candidate])), candidate, len(chosen)))
    return np.array(chosen, dtype=np.intp)


def without_needless(opened: Points, worth: Callable[[Points], int]) -> Points:
    """Close, from the last on, those without which the rest is worth as much."""
    value = worth(opened)
    for candidate in opened[::-1].tolist():
        rest = opened[opened != candidate]
        if worth(rest) == value:
            opened = rest
    return opened


def affordable(candidates: Points, cost: Whole, budget: int) -> Points:
    """Candidates that a budget can pay one of."""
    return candidates[cost[candidates] <= budget]


def _rank(gain: int, price: int) -> tuple[bool, Fraction]:
    """Smaller = sooner: what is free first, then most gain for its price; without any prices most gain."""
    return (price > 0, Fraction(-gain, max(price, 1)))
