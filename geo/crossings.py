"""
Crossings of a road graph, and the chains of road between them: searches need not see the nodes in between.

A crossing is a node where one may choose, a dead end, or the node of a turn that is forbidden. A chain is the way from
one crossing to the next; each arc is part of one. A road that both directions may use has two chains.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.coordinates import FloatArray
from geo.graph import RoadGraph, distinct
from geo.jit import jit
from geo.segments import IntArray
from geo.weights import arc_weights

_NONE = -1


@dataclass(frozen=True, slots=True, eq=False)
class Chains:
    """The chains of a road graph with n nodes and m arcs, c of them, ordered by their first arc."""

    is_crossing: NDArray[np.bool_]
    """Shape (n,)."""
    turns_round: NDArray[np.bool_]
    """Shape (n,): crossings and dead ends of the roads; a crossing that a ban alone makes is no place to turn round."""
    first: IntArray
    """Shape (c + 1,): the arcs of chain i are arcs[first[i]] ... arcs[first[i + 1] - 1]."""
    arcs: IntArray
    """Shape (m less loops,): arcs of the graph, chain after chain, in driving order."""
    chain: IntArray
    """Shape (m,): the chain of each arc; -1 = an arc that leads back to where it begins."""
    place: IntArray
    """Shape (m,): where each arc stands in `arcs`."""
    before: FloatArray
    """Shape (m,): weight of the chain before each arc ..."""
    after: FloatArray
    """... and with it."""
    weight: FloatArray
    """Shape (c,): of the whole chain."""

    def first_arcs(self) -> IntArray:
        """Shape (c,)."""
        return self.arcs[self.first[:-1]]

    def last_arcs(self) -> IntArray:
        """Shape (c,)."""
        return self.arcs[self.first[1:] - 1]


def chains(graph: RoadGraph) -> Chains:
    """Cut a graph at its crossings."""
    tail, weight = graph.tails(), arc_weights(graph)
    turns_round = ~_passed_through(graph, tail)
    crossing = turns_round.copy()
    crossing[graph.turning_nodes()] = True
    found = _walk(graph.first_out, tail, graph.head, weight, crossing)
    if np.any((found[2] == _NONE) & (tail != graph.head)):  # rings that no crossing lies on: they begin somewhere
        crossing[_ring_starts(tail, graph.head, found[2] == _NONE)] = True
        found = _walk(graph.first_out, tail, graph.head, weight, crossing)
    first, arcs, chain, place, before = found
    after = before + weight
    return Chains(crossing, turns_round, first, arcs, chain, place, before, after, after[arcs[first[1:] - 1]])


def _passed_through(graph: RoadGraph, tail: IntArray) -> NDArray[np.bool_]:
    """Nodes with one neighbour on each side and no choice: a one-way road, or one that is open both ways."""
    n = graph.num_nodes
    other = tail != graph.head
    out, into = np.bincount(tail[other], minlength=n), np.bincount(graph.head[other], minlength=n)
    ways_out = np.bincount(distinct(tail[other].astype(np.int64) * n + graph.head[other]) // max(n, 1), minlength=n)
    ways_in = np.bincount(distinct(graph.head[other].astype(np.int64) * n + tail[other]) // max(n, 1), minlength=n)
    alone = (out == ways_out) & (into == ways_in) & (np.bincount(tail[~other], minlength=n) == 0)
    passed: NDArray[np.bool_] = alone & (graph.neighbours() == 2) & (out == into)
    return passed


def _ring_starts(tail: IntArray, head: IntArray, uncut: NDArray[np.bool_]) -> IntArray:
    """The first node of each ring, both directions of which have the same nodes."""
    lowest = np.arange(int(max(tail.max(), head.max())) + 1, dtype=np.int32)
    rows = np.flatnonzero(uncut & (tail != head))
    while True:
        again = lowest.copy()
        np.minimum.at(again, head[rows], again[tail[rows]])
        np.minimum.at(again, tail[rows], again[head[rows]])
        again = again[again]
        if np.array_equal(again, lowest):
            return np.unique(lowest[tail[rows]])
        lowest = again


@jit
def _walk(
    first_out: IntArray, tail: IntArray, head: IntArray, weight: FloatArray, crossing: NDArray[np.bool_]
) -> tuple[IntArray, IntArray, IntArray, IntArray, FloatArray]:
    """First, arcs, chain, place and before of `Chains`; arcs of rings without a crossing stay without a chain."""
    m = head.size
    chain = np.full(m, _NONE, np.int32)
    place, before = np.full(m, _NONE, np.int32), np.zeros(m)
    first, arcs = np.empty(m + 1, np.int32), np.empty(m, np.int32)
    count, placed = 0, 0
    for start in range(m):
        if not crossing[tail[start]] or head[start] == tail[start]:
            continue
        first[count] = placed
        arc, passed = start, 0.0
        while True:
            chain[arc], place[arc], before[arc] = count, placed, passed
            arcs[placed] = arc
            placed += 1
            passed += weight[arc]
            node = head[arc]
            if crossing[node]:
                break
            on = first_out[node]
            if head[on] == tail[arc] and on + 1 < first_out[node + 1]:
                on += 1
            arc = on
        count += 1
    first[count] = placed
    return first[: count + 1].copy(), arcs[:placed].copy(), chain, place, before
