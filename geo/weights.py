"""
One number for two lengths of an arc, so that one search finds the fastest path and the shortest among equals.

weight = duration_ms * 2**24 + length_dm, a whole number below 2**53 and therefore exact as a float64: sums of weights
are the weight of the sums as long as a path is shorter than 2**24 dm (1,677 km) and 2**29 ms (149 h).
"""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from geo.coordinates import FloatArray
from geo.errors import TooFarError
from geo.graph import RoadGraph
from geo.jit import jit
from geo.segments import IntArray

MILLISECOND = 2.0**24
"""Weight of a millisecond that is spent on the spot."""
_EXACT = 2.0**53


def arc_weights(graph: RoadGraph) -> FloatArray:
    """Weight of each arc, shape (m,)."""
    return graph.duration_ms.astype(np.float64) * MILLISECOND + (graph.length_mm + 50) // 100


def weight_rows(
    tail: IntArray, head: IntArray, weight: FloatArray, num_nodes: int
) -> tuple[IntArray, NDArray[np.intp]]:
    """
    Sort arcs into compressed rows: of parallel arcs the lightest stays, of loops none.

    Returns
    -------
    first_out
        Shape (num_nodes + 1,).
    arcs
        Indexes of the arcs that stay, by tail and head.
    """
    order = np.lexsort((weight, head, tail))
    order = order[tail[order] != head[order]]
    again = (tail[order[1:]] == tail[order[:-1]]) & (head[order[1:]] == head[order[:-1]])
    arcs = order[np.concatenate(([True], ~again))] if order.size else order
    counts = np.bincount(tail[arcs], minlength=num_nodes)
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int32), arcs


@dataclass(frozen=True, slots=True)
class LengthBound:
    """How long any fastest path of a graph may be at most."""

    sum_mm: float
    """Of the longest arc out of each node: such a path visits no node twice."""
    fastest: float
    """Millimetres a millisecond, of the fastest arc."""
    rounding: float
    """Half a unit for each arc of a path through every node."""

    @classmethod
    def of(cls, graph: RoadGraph) -> Self:
        """Look at every arc of a graph once."""
        longest_out = np.zeros(graph.num_nodes, dtype=np.int64)
        np.maximum.at(longest_out, graph.tails(), graph.length_mm)
        fastest = float((graph.length_mm / (graph.duration_ms + 0.5)).max(initial=0.0))
        return cls(float(longest_out.sum()), fastest, 0.5 * graph.num_nodes)

    def decimetres(self, duration: float) -> float:
        """Of paths of at most so many milliseconds."""
        return min(self.sum_mm, self.fastest * (duration + self.rounding)) / 100 + self.rounding


def metres_and_seconds(bound: LengthBound, weight: FloatArray, *, far: int = -1) -> tuple[IntArray, IntArray]:
    """
    Take path weights of any shape apart: metres and seconds, rounded half up; `far` where a weight is infinite.

    Parameters
    ----------
    bound
        Of the graph that the paths are of.

    Raises
    ------
    TooFarError
        When a path might be longer than the numbers can tell.
    """
    metres, seconds = np.empty(weight.shape, dtype=np.int32), np.empty(weight.shape, dtype=np.int32)
    heaviest = _take_apart(weight.ravel(), far, metres.ravel(), seconds.ravel())
    duration = heaviest // MILLISECOND
    if heaviest >= _EXACT or bound.decimetres(duration) >= MILLISECOND:
        raise TooFarError(f"a path of {duration / 3.6e6:.0f} h is too long for exact arithmetic")
    return metres, seconds


@jit
def _take_apart(weight: FloatArray, far: int, metres: IntArray, seconds: IntArray) -> float:
    """Fill in metres and seconds; returns the heaviest weight that is not infinite."""
    heaviest = 0.0
    for at in range(weight.size):
        if weight[at] == np.inf:
            metres[at] = seconds[at] = far
            continue
        heaviest = max(heaviest, weight[at])
        whole = np.int64(weight[at])
        metres[at] = ((whole & 0xFFFFFF) + 5) // 10
        seconds[at] = ((whole >> 24) + 500) // 1000
    return heaviest
