"""
What is reached within a time: nodes and pieces of road, from points or towards them.

The hierarchy is searched once from the points to everything (PHAST): a climb, then one sweep from the top down. The
arcs inside chains follow from where their chain begins or ends.

References
----------
.. [1] Delling, Goldberg, Nowatzyk, Werneck (2013). PHAST: Hardware-accelerated shortest path trees. JPDC 73(7).
       https://doi.org/10.1016/j.jpdc.2012.02.007
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.contracted import ContractedRoads
from geo.coordinates import FloatArray
from geo.graph import RoadGraph
from geo.jit import jit
from geo.segments import IntArray
from geo.snapping import Snapped, may_stop
from geo.weights import MILLISECOND, LengthBound, arc_weights, metres_and_seconds

_SECOND = 1000 * MILLISECOND


@dataclass(frozen=True, slots=True, eq=False)
class Reach:
    """What is reached within one limit."""

    seconds: int
    """The limit."""
    towards: bool
    """True = from where the points are reached; False = what is reached from them."""
    nodes: IntArray
    """Ascending: those to which (or from which) the travel matrix has at most so many seconds."""
    arcs: IntArray
    """Ascending: those of which a part is driven, ferries and motorways left out."""
    share: FloatArray
    """Of each arc, in 0 ... 1: how much of it is driven, counted from the end nearer to the points."""


@dataclass(frozen=True, slots=True, eq=False)
class RoadPieces:
    """Road on the ground: the two directions of a road are one piece, which is reached from either end."""

    low: IntArray
    """Shape (k,): node at one end."""
    high: IntArray
    """Node at the other end, not the same one."""
    length_mm: IntArray
    from_low: FloatArray
    """In 0 ... 1: how much is reached from `low` ..."""
    from_high: FloatArray
    """... and from `high`."""

    def km(self) -> float:
        """Length of what is reached, what both ends reach counted once."""
        covered = np.minimum(self.from_low + self.from_high, 1.0)
        return float((self.length_mm * covered).sum()) / 1e6


def reach_within(
    roads: ContractedRoads, snapped: Snapped, limits: Sequence[int], *, towards: bool = False
) -> list[Reach]:
    """
    Find what one reaches from the nearest of some points, or from where one reaches it.

    A node counts when the travel matrix says so: its whole seconds, the way between point and road included, are within
    the limit. Roads are cut at the limit itself, as if every arc were driven at one speed. Ferries carry on and
    motorways are driven, but nobody stops on them: the far bank and the exits are reached, the ways themselves are not
    in `arcs`. Arcs that lead back to where they begin are not either.

    Parameters
    ----------
    roads
        The contracted roads of one profile.
    snapped
        One point or several on them.
    limits
        Seconds from 0, in any order.
    towards
        False = from the points to everywhere; True = from everywhere to the points.

    Returns
    -------
    reached
        One for each limit.

    Raises
    ------
    ValueError
        When a limit is negative.
    TooFarError
        When a limit is too long for exact arithmetic.
    """
    if any(limit < 0 for limit in limits):
        raise ValueError(f"limits are seconds from 0, got {list(limits)}")
    graph = roads.graph
    access = np.asarray(snapped.access(graph)[1] * _SECOND, dtype=np.float64)
    near = (_after_arcs if towards else _before_arcs)(roads, snapped.nodes, access)
    far = near + arc_weights(graph)
    node = np.full(graph.num_nodes, np.inf)
    np.minimum.at(node, graph.tails() if towards else graph.head, far)
    np.minimum.at(node, snapped.nodes, access)
    # Refuses what would not be exact.
    metres_and_seconds(LengthBound.of(graph), node[node < (max(limits, default=0) + 1) * _SECOND])
    times = [np.floor(weight / MILLISECOND) for weight in (node, near, far)]
    return [_within(graph, limit, *times, towards=towards) for limit in limits]


def _within(
    graph: RoadGraph, limit: int, node_ms: FloatArray, near_ms: FloatArray, far_ms: FloatArray, *, towards: bool
) -> Reach:
    """Cut at a limit, given the milliseconds at each node and at either end of each arc."""
    time_is_up = 1000 * limit
    node, whole = (ms < time_is_up + 500 for ms in (node_ms, far_ms))  # rounded half up, as the matrix does
    arcs = np.flatnonzero(may_stop(graph) & (whole | (near_ms <= time_is_up)))
    part = (time_is_up - near_ms[arcs]) / np.maximum(graph.duration_ms[arcs], 1)
    return Reach(
        seconds=limit,
        towards=towards,
        nodes=np.flatnonzero(node).astype(np.int32),
        arcs=arcs.astype(np.int32),
        share=np.where(whole[arcs], 1.0, np.minimum(part, 1.0)),
    )


def road_pieces(graph: RoadGraph, reached: Reach) -> RoadPieces:
    """Put the two directions of each road together."""
    tail, head, length = graph.tails()[reached.arcs], graph.head[reached.arcs], graph.length_mm[reached.arcs]
    low, high = np.minimum(tail, head), np.maximum(tail, head)
    from_low = (head if reached.towards else tail) == low
    order = np.lexsort((length, high, low))
    columns = np.stack((low, high, length))[:, order]
    is_new = np.ones(order.size, dtype=np.bool_)
    is_new[1:] = np.any(columns[:, 1:] != columns[:, :-1], axis=0)
    piece = np.empty(order.size, dtype=np.int64)
    piece[order] = np.cumsum(is_new) - 1
    shares = np.zeros((2, int(is_new.sum())))
    np.maximum.at(shares, (np.where(from_low, 0, 1), piece), reached.share)
    return RoadPieces(*columns[:, is_new], *shares)


def _before_arcs(roads: ContractedRoads, nodes: IntArray, access: FloatArray) -> FloatArray:
    """Weight until each arc begins, the turn into it included; infinite = never."""
    network, tree, cut = roads.network, roads.hierarchy, roads.network.chains
    leaving = network.leaving(nodes)
    begun = np.repeat(access, np.diff(leaving.first))
    weight = _sweep_all(
        tree.up_first, tree.up_head, tree.up_weight, tree.down_first, tree.down_tail, tree.down_weight,
        tree.rank[leaving.vertex], leaving.weight + begun,
    )[tree.rank]  # fmt: skip
    at_chain = np.full(cut.weight.size + 1, np.inf)  # the last for arcs without a chain, -1
    np.minimum.at(at_chain, network.chain, weight[network.tails()] + (network.weight - cut.weight[network.chain]))
    near = at_chain[cut.chain] + cut.before
    for arc, passed in zip(leaving.arc.tolist(), begun.tolist(), strict=True):
        on = cut.arcs[cut.place[arc] : cut.first[cut.chain[arc] + 1]]
        near[on] = np.minimum(near[on], passed + cut.before[on] - cut.before[arc])
    return near


def _after_arcs(roads: ContractedRoads, nodes: IntArray, access: FloatArray) -> FloatArray:
    """Weight that is left when each arc has been driven, the turn out of it included; infinite = for ever."""
    network, tree, cut = roads.network, roads.hierarchy, roads.network.chains
    reaching = network.reaching(nodes)
    weight = _sweep_all(
        tree.down_first, tree.down_tail, tree.down_weight, tree.up_first, tree.up_head, tree.up_weight,
        tree.rank[reaching.vertex], reaching.weight + np.repeat(access, np.diff(reaching.first)),
    )[tree.rank]  # fmt: skip
    near = np.append(weight[network.arrival] + cut.weight, np.inf)[cut.chain] - cut.after
    first, last = network.arcs_into(nodes)
    for arc, left in zip(last.tolist(), np.repeat(access, np.diff(first)).tolist(), strict=True):
        on = cut.arcs[cut.first[cut.chain[arc]] : cut.place[arc] + 1]
        near[on] = np.minimum(near[on], left + cut.after[arc] - cut.after[on])
    return near


@jit
def _sweep_all(
    climb_first: IntArray, climb_other: IntArray, climb_weight: FloatArray,
    sweep_first: IntArray, sweep_other: IntArray, sweep_weight: FloatArray,
    vertices: IntArray, weights: FloatArray,
) -> FloatArray:  # fmt: skip
    """Weight between labels of a hierarchy and each of its vertices, all by rank; backwards when up and down change."""
    n = climb_first.size - 1
    best = np.full(n, np.inf)
    for at in range(vertices.size):
        best[vertices[at]] = min(best[vertices[at]], weights[at])
    for v in range(n):
        if best[v] < np.inf:
            for row in range(climb_first[v], climb_first[v + 1]):
                u = climb_other[row]
                best[u] = min(best[u], best[v] + climb_weight[row])
    for v in range(n - 1, -1, -1):
        for row in range(sweep_first[v], sweep_first[v + 1]):
            best[v] = min(best[v], best[sweep_other[row]] + sweep_weight[row])
    return best
