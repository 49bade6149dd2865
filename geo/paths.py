"""The way along the roads between two points, as a line to draw."""

import itertools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra

from geo.chains import Chains, chains
from geo.coordinates import FloatArray
from geo.errors import UnreachableError
from geo.graph import RoadGraph
from geo.segments import IntArray
from geo.snapping import Snapped
from geo.weights import metres_and_seconds

_CHUNK_BYTES = 1 << 26


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """The fastest way between two points; metres and seconds are those of the travel matrix."""

    coordinates: FloatArray
    """Shape (p, 2), p >= 2, degrees, (lon, lat): the road nodes passed; one node is given twice when it is the only."""
    metres: int
    seconds: int


def paths(graph: RoadGraph, snapped: Snapped, pairs: Sequence[tuple[int, int]]) -> list[Path]:
    """
    Find the path of each pair of snapped points; pairs with the same first point share one search.

    Parameters
    ----------
    graph, snapped
        The roads of one profile and the points on them.
    pairs
        Indexes into `snapped`.

    Raises
    ------
    UnreachableError
        When no path joins a pair: it names the first.
    ValueError
        When a point does not exist.
    """
    count = snapped.nodes.size
    for pair in pairs:
        if not 0 <= min(pair) <= max(pair) < count:
            raise ValueError(f"pair {pair} names a point that does not exist: there are {count}")
    used = sorted({point for pair in pairs for point in pair})
    network = chains(graph, snapped.nodes[used])
    place = dict(zip(used, network.index(snapped.nodes[used]).tolist(), strict=True))
    found = _network_paths(graph, network, [(place[source], place[target]) for source, target in pairs])
    metres, seconds = snapped.access(graph)
    return [_with_access(found, index, pair, metres, seconds) for index, pair in enumerate(pairs)]


def _network_paths(graph: RoadGraph, network: Chains, pairs: Sequence[tuple[int, int]]) -> dict[int, Path]:
    """Paths between positions of a network by index of the pair; pairs that nothing joins are left out."""
    by_start: defaultdict[int, list[int]] = defaultdict(list)
    for index, (start, _) in enumerate(pairs):
        by_start[start].append(index)
    found: dict[int, Path] = {}
    for starts in _batches(sorted(by_start), network.nodes.size):
        weight, before = dijkstra(network.weights, indices=starts, return_predecessors=True)
        rows = [(row, index) for row, start in enumerate(starts) for index in by_start[start]]
        rows = [(row, index) for row, index in rows if np.isfinite(weight[row, pairs[index][1]])]
        metres, seconds = metres_and_seconds(graph, np.array([weight[row, pairs[index][1]] for row, index in rows]))
        for (row, index), length, duration in zip(rows, metres.tolist(), seconds.tolist(), strict=True):
            found[index] = Path(_line(graph, network, _walk_back(before[row], *pairs[index])), length, duration)
    return found


def _batches(nodes: list[int], num_nodes: int) -> Iterable[list[int]]:
    size = max(1, _CHUNK_BYTES // (12 * max(1, num_nodes)))  # a float64 and an int32 for each node
    return (nodes[first : first + size] for first in range(0, len(nodes), size))


def _walk_back(before: NDArray[np.int32], source: int, target: int) -> list[int]:
    route = [target]
    while route[-1] != source:
        route.append(int(before[route[-1]]))
    return route[::-1]


def _line(graph: RoadGraph, network: Chains, route: list[int]) -> FloatArray:
    """A line has two points at least, also where nothing is driven."""
    nodes = [int(network.nodes[route[0]])]
    for tail, head in itertools.pairwise(route):
        nodes.extend(network.between(tail, head))
    if len(nodes) == 1:
        nodes *= 2
    return np.column_stack((graph.lon[nodes], graph.lat[nodes]))


def _with_access(
    found: dict[int, Path], index: int, pair: tuple[int, int], metres: IntArray, seconds: IntArray
) -> Path:
    if index not in found:
        raise UnreachableError(*pair)
    path, ends = found[index], list(pair)
    if pair[0] == pair[1]:
        return path
    return Path(path.coordinates, path.metres + int(metres[ends].sum()), path.seconds + int(seconds[ends].sum()))
