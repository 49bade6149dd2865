"""Shortest routes from a few nodes to a few others close by: Dijkstra's search that ends at the last of them."""

import heapq

import numpy as np
from numpy.typing import NDArray

from geo.graph import RoadGraph
from geo.jit import jit
from geo.segments import IntArray

LongArray = NDArray[np.int64]

FAR = 1 << 62
"""Length of a route that was not found."""


class LocalRoutes:
    """
    Asks one graph for many short routes; not for several threads at once.

    Lengths count, not times: a courier need not take what a model, perhaps a wrong one, thinks the fastest.
    """

    def __init__(self, graph: RoadGraph) -> None:
        self._rows = graph.first_out, graph.head, graph.length_mm
        self._distance = np.full(graph.num_nodes, FAR, dtype=np.int64)
        self._via = np.full(graph.num_nodes, -1, dtype=np.int64)
        self._tail = graph.tails()

    def lengths(self, sources: LongArray, goals: LongArray, *, limit_mm: int) -> LongArray:
        """Millimetres from each source to each goal, shape (sources, goals); `FAR` when longer than the limit."""
        return _lengths(*self._rows, sources, goals, limit_mm, self._distance, self._via)

    def arcs(self, source: int, goal: int, *, limit_mm: int = FAR // 2) -> LongArray:
        """
        The arcs of a route in driving order; none when source and goal are one.

        Raises
        ------
        ValueError
            When there is no route within the limit.
        """
        found = _arcs(*self._rows, self._tail, source, goal, limit_mm, self._distance, self._via)
        if not found.size and source != goal:
            raise ValueError(f"no route of at most {limit_mm} mm leads from node {source} to node {goal}")
        return found


@jit
def _search(
    first_out: IntArray, head: IntArray, length: IntArray, source: int, goals: LongArray, limit: int,
    distance: LongArray, via: LongArray,
) -> list[np.int64]:  # fmt: skip
    """Settle nodes by distance until all goals are settled; gives the nodes touched, whose marks are to be wiped."""
    missing = len(goals)
    touched = [np.int64(source)]
    distance[source] = 0
    heap = [(np.int64(0), np.int64(source))]
    while heap and missing:
        gone, node = heapq.heappop(heap)
        if gone > distance[node]:
            continue
        for goal in goals:
            missing -= goal == node
        for arc in range(first_out[node], first_out[node + 1]):
            there, far = np.int64(head[arc]), gone + np.int64(length[arc])
            if far <= limit and far < distance[there]:
                if distance[there] == FAR:
                    touched.append(there)
                distance[there] = far
                via[there] = arc
                heapq.heappush(heap, (far, there))
    return touched


@jit
def _wipe(touched: list[np.int64], distance: LongArray, via: LongArray) -> None:
    for node in touched:
        distance[node] = FAR
        via[node] = -1


@jit
def _lengths(
    first_out: IntArray, head: IntArray, length: IntArray, sources: LongArray, goals: LongArray, limit: int,
    distance: LongArray, via: LongArray,
) -> LongArray:  # fmt: skip
    found = np.empty((len(sources), len(goals)), dtype=np.int64)
    for row in range(len(sources)):
        touched = _search(first_out, head, length, sources[row], goals, limit, distance, via)
        for column in range(len(goals)):
            found[row, column] = distance[goals[column]]
        _wipe(touched, distance, via)
    return found


@jit
def _arcs(
    first_out: IntArray, head: IntArray, length: IntArray, tail: IntArray, source: int, goal: int, limit: int,
    distance: LongArray, via: LongArray,
) -> LongArray:  # fmt: skip
    """Walk back twice: once to count, once to write."""
    touched = _search(first_out, head, length, source, np.array([goal]), limit, distance, via)
    count, arc = 0, via[goal]
    while arc >= 0:
        count, arc = count + 1, via[tail[arc]]
    route = np.empty(count, dtype=np.int64)
    arc = via[goal]
    while arc >= 0:
        count -= 1
        route[count] = arc
        arc = via[tail[arc]]
    _wipe(touched, distance, via)
    return route
