"""The way along the roads between two points, as a line to draw."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.contracted import ContractedRoads
from geo.coordinates import FloatArray
from geo.errors import UnreachableError
from geo.graph import RoadGraph
from geo.network import Labels
from geo.segments import IntArray
from geo.snapping import Snapped
from geo.sweep import Scratch, chains_along, lightest_way, new_scratch, unpack
from geo.weights import LengthBound, metres_and_seconds


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """The fastest way between two points; metres and seconds are those of the travel matrix."""

    coordinates: FloatArray
    """Shape (p, 2), p >= 2, degrees, (lon, lat): the road nodes passed; one node is given twice when it is the only."""
    metres: int
    seconds: int


def paths(roads: ContractedRoads, snapped: Snapped, pairs: Sequence[tuple[int, int]]) -> list[Path]:
    """Find the path of each pair of snapped points, once; arguments and errors as of `PathFinder`."""
    return PathFinder(roads, snapped).find(pairs)


class PathFinder:
    """
    Finds paths between snapped points, again and again; threads may share it.

    Parameters
    ----------
    roads, snapped
        The contracted roads of one profile and the points on them.
    """

    def __init__(self, roads: ContractedRoads, snapped: Snapped) -> None:
        self._graph, self._nodes = roads.graph, snapped.nodes
        self._search = _Search(roads, snapped.nodes)
        self._bound = LengthBound.of(roads.graph)
        self._access = snapped.access(roads.graph)

    def find(self, pairs: Sequence[tuple[int, int]]) -> list[Path]:
        """
        Find the path of each pair of points.

        Parameters
        ----------
        pairs
            Indexes of snapped points.

        Raises
        ------
        UnreachableError
            When no path joins a pair: it names the first.
        ValueError
            When a point does not exist.
        """
        count = self._nodes.size
        for pair in pairs:
            if not 0 <= min(pair) <= max(pair) < count:
                raise ValueError(f"pair {pair} names a point that does not exist: there are {count}")
        scratch = self._search.scratch()
        found = [self._search.arcs(*pair, scratch) for pair in pairs]
        weights = np.array([weight for weight, _ in found])
        lost = np.flatnonzero(np.isinf(weights))
        if lost.size:
            raise UnreachableError(*pairs[lost[0]])
        lengths, durations = metres_and_seconds(self._bound, weights)
        metres, seconds = self._access
        ways = []
        for pair, (_, arcs), length, duration in zip(pairs, found, lengths.tolist(), durations.tolist(), strict=True):
            ends = list(pair) if pair[0] != pair[1] else []
            line = _line(self._graph, int(self._nodes[pair[0]]), arcs)
            ways.append(Path(line, length + int(metres[ends].sum()), duration + int(seconds[ends].sum())))
        return ways


def _line(graph: RoadGraph, first: int, arcs: IntArray) -> FloatArray:
    """A line has two points at least, also where nothing is driven."""
    nodes = np.concatenate(([first], graph.head[arcs] if arcs.size else [first]))
    return np.column_stack((graph.lon[nodes], graph.lat[nodes]))


class _Search:
    """Searches between some nodes of the roads of one profile."""

    def __init__(self, roads: ContractedRoads, nodes: IntArray) -> None:
        tree = roads.hierarchy
        self.roads = roads
        self._nodes = nodes
        self._leaving, self._reaching = roads.network.leaving(nodes), roads.network.reaching(nodes)
        self._into = roads.network.arcs_into(nodes)
        self._vertex = np.empty_like(tree.rank)  # by rank
        self._vertex[tree.rank] = np.arange(tree.num_vertices, dtype=np.int32)
        self._edges = tree.up_first, tree.up_head, tree.up_weight, tree.down_first, tree.down_tail, tree.down_weight
        self._middles = tree.up_first, tree.up_head, tree.up_middle, tree.down_first, tree.down_tail, tree.down_middle

    def scratch(self) -> Scratch:
        """For one thread's calls of `arcs`."""
        return new_scratch(self.roads.hierarchy.num_vertices)

    def arcs(self, source: int, target: int, scratch: Scratch) -> tuple[float, NDArray[np.int32]]:
        """Weight and arcs of the lightest way between two of the nodes; the weight is infinite where there is none."""
        if self._nodes[source] == self._nodes[target]:
            return 0.0, np.zeros(0, dtype=np.int32)
        out, into = _labels_of(self._leaving, source), _labels_of(self._reaching, target)
        direct, arcs = self._along_one_chain(out.arc, self._into[1][self._into[0][target] : self._into[0][target + 1]])
        rank = self.roads.hierarchy.rank
        weight, begin, end, vertices = lightest_way(
            *self._edges, scratch, rank[out.vertex], out.weight, rank[into.vertex], into.weight
        )
        if direct <= weight:
            return direct, arcs
        return float(weight), self._through(
            int(out.arc[begin]), self._vertex[unpack(*self._middles, vertices)], int(into.arc[end])
        )

    def _along_one_chain(self, out: IntArray, into: IntArray) -> tuple[float, IntArray]:
        """Weight and arcs of the way that passes no crossing, if there is one."""
        cut = self.roads.network.chains
        best, arcs = np.inf, np.zeros(0, dtype=np.int32)
        for first in out.tolist():
            for last in into.tolist():
                if cut.chain[first] == cut.chain[last] and cut.place[first] <= cut.place[last]:
                    weight = float(cut.after[last] - cut.before[first])
                    if weight < best:
                        best, arcs = weight, cut.arcs[cut.place[first] : cut.place[last] + 1]
        return best, arcs

    def _through(self, first: int, vertices: IntArray, last: int) -> IntArray:
        """The arcs of a way from an arc over vertices to an arc, -1 = to the crossing of the last vertex."""
        network, cut = self.roads.network, self.roads.network.chains
        chains = chains_along(network.first_out, network.head, network.weight, network.chain, vertices)
        pieces = [cut.arcs[cut.place[first] : cut.first[cut.chain[first] + 1]]]
        pieces += [cut.arcs[cut.first[chain] : cut.first[chain + 1]] for chain in chains.tolist()]
        if last >= 0:
            pieces.append(cut.arcs[cut.first[cut.chain[last]] : cut.place[last] + 1])
        return np.concatenate(pieces)


def _labels_of(labels: Labels, node: int) -> Labels:
    rows = slice(labels.first[node], labels.first[node + 1])
    return Labels(labels.first[node : node + 2], labels.vertex[rows], labels.weight[rows], labels.arc[rows])
