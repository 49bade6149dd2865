"""
The same roads as plain graphs for scipy's Dijkstra: one of nodes, or one of arcs where turns count.

Shares no code with the searches of `geo/`, but for where one may turn round; so it is the oracle of every answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.crossings import chains
from geo.graph import RoadGraph

IntArray = NDArray[np.integer]
FloatArray = NDArray[np.float64]

MILLISECOND = 2.0**24
"""Weights are as in `geo/weights.py`: milliseconds, then tenths of a metre."""
STRAIGHT = 40
CELLS = 1 << 24
"""Of the distances that are kept at a time."""


@dataclass(frozen=True, slots=True)
class PlainGraph:
    """A graph without turns that has the roads' distances between nodes."""

    matrix: csr_array
    start: IntArray
    """Shape (n,): the vertex where trips from each node begin."""
    ends_first: IntArray
    """Shape (n + 1,)."""
    ends: IntArray
    """The vertices where trips to node v end are ends[ends_first[v]] ... ends[ends_first[v + 1] - 1]."""

    def weights(self, sources: IntArray, targets: IntArray) -> FloatArray:
        """By scipy's Dijkstra, shape (sources, targets); infinite where no way is."""
        return np.concatenate(list(self._blocks(sources, targets)))

    def _blocks(self, sources: IntArray, targets: IntArray) -> Iterator[FloatArray]:
        count = self.ends_first[targets + 1] - self.ends_first[targets]
        first = np.concatenate(([0], np.cumsum(count)))
        column = self.ends[np.repeat(self.ends_first[targets] - first[:-1], count) + np.arange(first[-1])]
        step = max(1, CELLS // self.matrix.shape[0])
        for begin in range(0, sources.size, step):
            block = sources[begin : begin + step]
            found = dijkstra(self.matrix, indices=self.start[block])[:, column]
            best = np.minimum.reduceat(found, first[:-1], axis=1)
            best[block[:, None] == targets] = 0
            yield best


def plain_graph(graph: RoadGraph, *, has_turns: bool) -> PlainGraph:
    """
    Of arcs with turns, of nodes without.

    Raises
    ------
    ValueError
        When bans run over more than two arcs.
    """
    return _of_arcs(graph) if has_turns else _of_nodes(graph)


def _of_nodes(graph: RoadGraph) -> PlainGraph:
    tail, weight = graph.tails(), _arc_weights(graph)
    order = np.lexsort((weight, graph.head, tail))
    pair = tail[order].astype(np.int64) * graph.num_nodes + graph.head[order]
    order = order[np.concatenate(([True], pair[1:] != pair[:-1]))]  # of parallel arcs the lightest
    matrix = csr_array((weight[order], (tail[order], graph.head[order])), shape=(graph.num_nodes,) * 2)
    nodes = np.arange(graph.num_nodes)
    return PlainGraph(matrix, nodes, np.arange(graph.num_nodes + 1), nodes)


def _of_arcs(graph: RoadGraph) -> PlainGraph:
    """Vertices are arcs, then nodes; an edge pays a turn and drives an arc; from nodes one sets off on any arc."""
    arcs, tail, weight = graph.num_arcs, graph.tails(), _arc_weights(graph)
    first, second = _turns(graph)
    delay, allowed = _delays(graph, tail, first, second)
    first, second, delay = first[allowed], second[allowed], delay[allowed]
    matrix = csr_array(
        (
            np.concatenate((delay * MILLISECOND + weight[second], weight)),
            (np.concatenate((first, arcs + tail)), np.concatenate((second, np.arange(arcs)))),
        ),
        shape=(arcs + graph.num_nodes,) * 2,
    )
    by_head = np.argsort(graph.head, kind="stable")
    ends_first = np.concatenate(([0], np.cumsum(np.bincount(graph.head, minlength=graph.num_nodes))))
    return PlainGraph(matrix, arcs + np.arange(graph.num_nodes), ends_first, by_head)


def _turns(graph: RoadGraph) -> tuple[IntArray, IntArray]:
    """Every pair of arcs that follow each other."""
    count = np.diff(graph.first_out)[graph.head]
    starts = np.cumsum(count) - count
    second = np.arange(count.sum()) + np.repeat(graph.first_out[graph.head] - starts, count)
    return np.repeat(np.arange(graph.num_arcs), count), second


def _delays(graph: RoadGraph, tail: IntArray, first: IntArray, second: IntArray) -> tuple[IntArray, NDArray[np.bool_]]:
    """Milliseconds of each turn, and whether it is allowed."""
    if np.any(np.diff(graph.banned_first) != 2):
        raise ValueError("a ban over more than two arcs is more than this oracle knows")
    node = graph.head[first]
    back = (graph.head[second] == tail[first]) & (graph.length_mm[second] == graph.length_mm[first])
    banned = graph.banned_arcs.reshape(-1, 2).astype(np.int64) @ (graph.num_arcs, 1)
    allowed = ~np.isin(first * graph.num_arcs + second, banned) & (~back | chains(graph).turns_round[node])
    ends = np.concatenate((tail, graph.head)).astype(np.int64)
    pairs = np.unique(ends * graph.num_nodes + np.concatenate((graph.head, tail)))
    is_choice = np.bincount(pairs // graph.num_nodes, minlength=graph.num_nodes)[node] > 2
    bearing = _bearings(graph, tail)
    turned = (bearing[second] - bearing[first] + 180) % 360 - 180
    to_side = np.where(turned > STRAIGHT, graph.delays.right, np.where(turned < -STRAIGHT, graph.delays.left, 0))
    return np.where(back, graph.delays.back, to_side * is_choice), allowed


def _bearings(graph: RoadGraph, tail: IntArray) -> FloatArray:
    """Degrees clockwise from north, on a plane."""
    lon, lat, head = graph.lon, graph.lat, graph.head
    east = (lon[head] - lon[tail]) * np.cos(np.radians((lat[head] + lat[tail]) / 2))
    bearing: FloatArray = np.degrees(np.arctan2(east, lat[head] - lat[tail]))
    return bearing


def _arc_weights(graph: RoadGraph) -> FloatArray:
    return graph.duration_ms.astype(np.float64) * MILLISECOND + (graph.length_mm + 50) // 100
