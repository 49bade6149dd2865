"""
The network without the nodes that are only passed through: searches on it are several times faster and as exact.

A chain is the way from one kept node to the next; its weight is the sum of its arcs' weights.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array

from geo.coordinates import FloatArray
from geo.graph import RoadGraph
from geo.segments import IntArray
from geo.weights import arc_weights, weight_rows

_NONE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Chains:
    """Crossings and chosen nodes of a graph, and the chains between them."""

    nodes: IntArray
    """Shape (c,): nodes of the graph that are kept, ascending."""
    weights: "csr_array[np.float64, tuple[int, int]]"
    """Shape (c, c): weight of the lightest chain between two of them."""
    _first: IntArray
    """First arc of each entry of `weights`."""
    _head: IntArray
    """Where each arc leads: a node of the graph."""
    _next: IntArray
    """The arc that goes on after each arc, `_NONE` at the end of a chain."""

    def index(self, nodes: ArrayLike) -> IntArray:
        """Positions of kept nodes in `nodes`."""
        return np.searchsorted(self.nodes, np.asarray(nodes, dtype=np.int32)).astype(np.int32)

    def between(self, tail: int, head: int) -> Iterator[int]:
        """Yield the nodes of the graph along the chain from one position to another, the first one left out."""
        starts, heads = self.weights.indptr, self.weights.indices
        row = int(starts[tail])
        arc = int(self._first[row + int(np.searchsorted(heads[row : starts[tail + 1]], head))])
        while arc != _NONE:
            yield int(self._head[arc])
            arc = int(self._next[arc])


def chains(graph: RoadGraph, keep: ArrayLike) -> Chains:
    """
    Leave out the nodes between crossings, and dead ends, but for the chosen ones.

    Parameters
    ----------
    graph
        The roads of one profile.
    keep
        Nodes that must stay.

    Raises
    ------
    ValueError
        When one of them does not exist.
    """
    chosen = np.asarray(keep, dtype=np.int64)
    if chosen.size and not 0 <= chosen.min() <= chosen.max() < graph.num_nodes:
        raise ValueError(f"nodes lie in 0 ... {graph.num_nodes - 1}, got {chosen.min()} ... {chosen.max()}")
    first_out, arcs = weight_rows(graph.tails(), graph.head, arc_weights(graph), graph.num_nodes)
    tail, head, weight = graph.tails()[arcs], graph.head[arcs], arc_weights(graph)[arcs]
    kept = _neighbours(tail, head, graph.num_nodes) > 2
    kept[chosen] = True
    after = _next_arcs(first_out, tail, head, kept)
    last, rest = _ends(after, weight)
    starts = np.flatnonzero(kept[tail] & kept[head[last]])
    number, total = np.cumsum(kept, dtype=np.int32) - 1, weight[starts] + rest[starts]
    begins, ends = number[tail[starts]], number[head[last[starts]]]
    rows, chosen = weight_rows(begins, ends, total, int(kept.sum()))
    return Chains(
        nodes=np.flatnonzero(kept).astype(np.int32),
        weights=csr_array((total[chosen], ends[chosen], rows), shape=(rows.size - 1, rows.size - 1)),
        _first=starts[chosen].astype(np.int32),
        _head=head,
        _next=after,
    )


def _neighbours(tail: IntArray, head: IntArray, num_nodes: int) -> NDArray[np.intp]:
    """How many other nodes each node is joined to, in either direction."""
    pairs = np.unique(
        np.concatenate((tail.astype(np.int64) * num_nodes + head, head.astype(np.int64) * num_nodes + tail))
    )
    return np.bincount(pairs // max(num_nodes, 1), minlength=num_nodes)


def _next_arcs(first_out: IntArray, tail: IntArray, head: IntArray, kept: NDArray[np.bool_]) -> IntArray:
    """For each arc the one that goes on from its head, not back; none where the head is kept or a dead end."""
    after = np.full(head.size, _NONE, dtype=np.int32)
    for place in (0, 1):  # a node passed through has two arcs out at most
        arc = first_out[head] + place
        there = ~kept[head] & (arc < first_out[head + 1])
        there[there] = head[arc[there]] != tail[there]
        after[there] = arc[there]
    return after


def _ends(after: IntArray, weight: FloatArray) -> tuple[NDArray[np.intp], FloatArray]:
    """
    The last arc of the chain that each arc begins, and the weight of the arcs after the first.

    Pointer jumping: each round doubles the arcs covered. Rings without a kept node never end; nobody enters them.
    """
    goes_on = after != _NONE
    last = np.where(goes_on, after, np.arange(after.size))
    rest = np.where(goes_on, weight[after], 0.0) if after.size else np.zeros(0)
    for _ in range(int(after.size).bit_length()):
        further = last[last]
        if np.array_equal(further, last):
            break
        rest = rest + rest[last]
        last = further
    return last, rest
