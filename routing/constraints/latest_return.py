"""
Latest return: a trip is back before the cut-off of everything that it brings to the depot.

The mirror of the release: the deadline of a trip is the minimum over its nodes.
"""

from __future__ import annotations

from routing.kernel.columns import LATEST_RETURN, Ints
from routing.kernel.jit import leaf


@leaf
def return_deadline(node: Ints, n: int, deadline: int) -> int:
    """The latest return of a trip that takes one node more."""
    return min(deadline, node[n, LATEST_RETURN])
