"""Travel times and lengths between many points."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.contracted import ContractedRoads
from geo.coordinates import FloatArray
from geo.errors import TooFarError
from geo.network import Labels, Network, Rows
from geo.segments import IntArray
from geo.snapping import Snapped
from geo.sweep import above, restrict, sweep
from geo.weights import LengthBound, metres_and_seconds

UNREACHABLE = 2**31 - 1
"""Entry of a pair that no path joins."""

IntMatrix = NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class TravelMatrix:
    """Between k points, along the fastest path, the shortest among equals; `UNREACHABLE` where there is none."""

    distances: IntMatrix
    """Shape (k, k), metres; asymmetric, diagonal 0."""
    durations: IntMatrix
    """Shape (k, k), seconds; asymmetric, diagonal 0."""


def travel_matrix(roads: ContractedRoads, snapped: Snapped) -> TravelMatrix:
    """
    Travel between snapped points, the ways between each point and its road node included.

    Raises
    ------
    TooFarError
        When a path is too long for exact arithmetic.
    """
    nodes, row = np.unique(snapped.nodes, return_inverse=True)
    network = node_matrix(roads, nodes, nodes)
    metres, seconds = snapped.access(roads.graph)
    return TravelMatrix(
        distances=_with_access(network.distances, row, metres), durations=_with_access(network.durations, row, seconds)
    )


def node_matrix(roads: ContractedRoads, sources: ArrayLike, targets: ArrayLike) -> TravelMatrix:
    """
    Travel on the network alone, shape (sources, targets).

    Parameters
    ----------
    roads
        The contracted roads of one profile.
    sources, targets
        Nodes of the graph.

    Raises
    ------
    ValueError
        When a node does not exist.
    TooFarError
        When a path is too long for exact arithmetic.
    """
    starts, ends = np.asarray(sources, dtype=np.int64), np.asarray(targets, dtype=np.int64)
    weight = weight_matrix(roads, starts, ends)
    return TravelMatrix(*metres_and_seconds(LengthBound.of(roads.graph), weight, far=UNREACHABLE))


def weight_matrix(roads: ContractedRoads, sources: NDArray[np.int64], targets: NDArray[np.int64]) -> FloatArray:
    """
    Weights (see `weights.py`) of the fastest paths between nodes, shape (sources, targets); infinite where none is.

    Raises
    ------
    ValueError
        When a node does not exist.
    """
    for nodes in (sources, targets):
        if nodes.size and not 0 <= nodes.min() <= nodes.max() < roads.graph.num_nodes:
            raise ValueError(f"nodes lie in 0 ... {roads.graph.num_nodes - 1}, got {nodes.min()} ... {nodes.max()}")
    tree, network = roads.hierarchy, roads.network
    leaving, reaching = network.leaving(sources), network.reaching(targets)
    ends = tree.rank[reaching.vertex]
    place, rows, places, weights = restrict(
        tree.down_first, tree.down_tail, tree.down_weight, above(tree.down_first, tree.down_tail, ends)
    )
    weight = sweep(
        tree.up_first, tree.up_head, tree.up_weight, place, rows, places, weights,
        leaving.first, tree.rank[leaving.vertex], leaving.weight,
        reaching.first, place[ends], reaching.weight,
    )  # fmt: skip
    _along_one_chain(network, leaving, network.arcs_into(targets), weight)
    weight[sources[:, None] == targets[None, :]] = 0.0
    return weight


def _along_one_chain(network: Network, leaving: Labels, into: Rows, weight: FloatArray) -> None:
    """Targets further on along the chain by which one leaves are reached without a crossing in between."""
    cut = network.chains
    source = np.repeat(np.arange(leaving.first.size - 1), np.diff(leaving.first))
    target = np.repeat(np.arange(into[0].size - 1), np.diff(into[0]))
    order = np.argsort(cut.chain[into[1]], kind="stable")
    first_arc, last_arc, target = leaving.arc, into[1][order], target[order]
    low = np.searchsorted(cut.chain[last_arc], cut.chain[first_arc], "left")
    count = np.searchsorted(cut.chain[last_arc], cut.chain[first_arc], "right") - low
    begin = np.repeat(np.arange(first_arc.size), count)
    end = np.arange(begin.size) + np.repeat(low - np.cumsum(count) + count, count)
    ahead = cut.place[last_arc[end]] >= cut.place[first_arc[begin]]
    begin, end = begin[ahead], end[ahead]
    passed = cut.after[last_arc[end]] - cut.before[first_arc[begin]]
    np.minimum.at(weight, (source[begin], target[end]), passed)


def _with_access(network: IntMatrix, row: NDArray[np.intp], access: IntArray) -> IntMatrix:
    """Expand a matrix of road nodes to the points, and add the ways to and from the road."""
    reached = network[network != UNREACHABLE]
    if int(reached.max(initial=0)) + 2 * int(access.max(initial=0)) >= UNREACHABLE:
        raise TooFarError
    full = network[np.ix_(row, row)]
    far = full == UNREACHABLE
    full[far] = 0
    full += access[:, None] + access[None, :]
    full[far] = UNREACHABLE
    np.fill_diagonal(full, 0)
    return full
