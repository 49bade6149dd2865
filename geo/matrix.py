"""Travel times and lengths between many points: one search from each, scipy's Dijkstra."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse.csgraph import dijkstra

from geo.chains import chains
from geo.errors import TooFarError
from geo.graph import RoadGraph
from geo.segments import IntArray
from geo.snapping import Snapped
from geo.weights import metres_and_seconds

UNREACHABLE = 2**31 - 1
"""Entry of a pair that no path joins."""

_CHUNK_BYTES = 1 << 26

IntMatrix = NDArray[np.int32]
MatrixProgress = Callable[[int, int], None]
"""Called with the number of sources that are done, and of all."""


@dataclass(frozen=True, slots=True, eq=False)
class TravelMatrix:
    """Between k points, along the fastest path, the shortest among equals; `UNREACHABLE` where there is none."""

    distances: IntMatrix
    """Shape (k, k), metres; asymmetric, diagonal 0."""
    durations: IntMatrix
    """Shape (k, k), seconds; asymmetric, diagonal 0."""


def travel_matrix(graph: RoadGraph, snapped: Snapped, *, on_progress: MatrixProgress | None = None) -> TravelMatrix:
    """
    Travel between snapped points, the ways between each point and its road node included.

    Raises
    ------
    TooFarError
        When a path is too long for exact arithmetic.
    """
    nodes, row = np.unique(snapped.nodes, return_inverse=True)
    network = node_matrix(graph, nodes, nodes, on_progress=on_progress)
    metres, seconds = snapped.access(graph)
    return TravelMatrix(
        distances=_with_access(network.distances, row, metres), durations=_with_access(network.durations, row, seconds)
    )


def node_matrix(
    graph: RoadGraph, sources: ArrayLike, targets: ArrayLike, *, on_progress: MatrixProgress | None = None
) -> TravelMatrix:
    """
    Travel on the network alone, shape (sources, targets).

    Parameters
    ----------
    graph
        The roads of one profile.
    sources, targets
        Nodes of the graph.
    on_progress
        Told after each batch of sources.

    Raises
    ------
    ValueError
        When a node does not exist.
    TooFarError
        When a path is too long for exact arithmetic.
    """
    starts, ends = np.asarray(sources, dtype=np.int64), np.asarray(targets, dtype=np.int64)
    network = chains(graph, np.concatenate((starts, ends)))
    places, columns = network.index(starts), network.index(ends)
    distances = np.full((starts.size, ends.size), UNREACHABLE, dtype=np.int32)
    durations = distances.copy()
    batch = max(1, _CHUNK_BYTES // (8 * max(1, network.nodes.size)))
    for first in range(0, starts.size, batch):
        rows = slice(first, first + batch)
        weight = dijkstra(network.weights, indices=places[rows])[:, columns]
        found = np.isfinite(weight)
        distances[rows][found], durations[rows][found] = metres_and_seconds(graph, weight[found])
        if on_progress is not None:
            on_progress(min(first + batch, starts.size), starts.size)
    return TravelMatrix(distances, durations)


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
