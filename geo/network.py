"""
What is searched: the crossings of a road graph, told apart by where one comes from as far as turns need it.

A vertex is a crossing with the way one got there; ways after which every turn costs the same share one. Without turn
delays and bans that leaves one vertex a crossing, with delays about one for each road into it. Bans that span several
roads are remembered from road to road as long as one may still break them.

References
----------
.. [1] Geisberger, Vetter (2011). Efficient Routing in Road Networks with Turn Costs. SEA.
.. [2] Aho, Corasick (1975). Efficient string matching. CACM 18(6): how runs of arcs are remembered.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.coordinates import FloatArray
from geo.crossings import Chains, chains
from geo.graph import RoadGraph
from geo.segments import IntArray
from geo.turns import turn_ms, turns_back
from geo.weights import MILLISECOND

Rows = tuple[IntArray, IntArray]
"""Row starts and what stands in the rows."""


@dataclass(frozen=True, slots=True, eq=False)
class Labels:
    """How k nodes are joined to the vertices of a network."""

    first: IntArray
    """Shape (k + 1,): the labels of node i are rows first[i] ... first[i + 1] - 1."""
    vertex: IntArray
    weight: FloatArray
    """Between the node and the vertex."""
    arc: IntArray
    """The arc of the graph by which one leaves or reaches the node; -1 = the node is the vertex's own crossing."""


@dataclass(frozen=True, slots=True, eq=False)
class Network:
    """The vertices of a road graph, and edges in compressed rows: one for each chain that may be driven next."""

    graph: RoadGraph
    chains: Chains
    first_vertex: IntArray
    """Shape (n + 1,): the vertices of node v are first_vertex[v] ... first_vertex[v + 1] - 1."""
    arrival: IntArray
    """Shape (c,): the vertex at the end of each chain, driven without anything to remember."""
    first_out: IntArray
    head: IntArray
    weight: FloatArray
    """The turn and the chain."""
    chain: IntArray
    """The chain of each edge."""
    first_into: IntArray
    """Shape (n + 1,): the arcs of the graph into node v are arc_into[first_into[v]] ... (loops are left out)."""
    arc_into: IntArray
    first_driver: IntArray
    """Shape (c + 1,): the edges that drive chain i are driver[first_driver[i]] ..."""
    driver: IntArray

    @property
    def num_vertices(self) -> int:
        return int(self.first_out.size - 1)

    def leaving(self, nodes: ArrayLike) -> Labels:
        """By which vertices one gets away from nodes, and how far they are."""
        first, arc = _rows(self.graph.first_out, np.asarray(nodes, dtype=np.int64))
        row = np.repeat(np.arange(first.size - 1), np.diff(first))
        driven = self.chains.chain[arc] >= 0
        row, arc = row[driven], arc[driven]
        chain = self.chains.chain[arc]
        return _labels(
            first.size - 1, row, self.arrival[chain], self.chains.weight[chain] - self.chains.before[arc], arc
        )

    def reaching(self, nodes: ArrayLike) -> Labels:
        """From which vertices one gets to nodes, and how far they are, the turn at the vertex included."""
        at = np.asarray(nodes, dtype=np.int64)
        crossing = self.chains.is_crossing[at]
        ends, between = np.flatnonzero(crossing), np.flatnonzero(~crossing)
        first, vertex = _rows(self.first_vertex, at[ends])
        first_arc, arc = self.arcs_into(at[between])
        first_edge, position = _rows(self.first_driver, self.chains.chain[arc].astype(np.int64))
        edge = self.driver[position]
        by = np.repeat(arc, np.diff(first_edge))
        row = np.repeat(np.repeat(between, np.diff(first_arc)), np.diff(first_edge))
        turn = self.weight[edge] - self.chains.weight[self.chain[edge]]
        return _labels(
            at.size,
            np.concatenate((np.repeat(ends, np.diff(first)), row)),
            np.concatenate((vertex, self.tails()[edge])),
            np.concatenate((np.zeros(vertex.size), turn + self.chains.after[by])),
            np.concatenate((np.full(vertex.size, -1, dtype=np.int32), by)),
        )

    def arcs_into(self, nodes: ArrayLike) -> Rows:
        """The arcs of the graph into some nodes, in rows; those that lead back to where they begin are left out."""
        first, position = _rows(self.first_into, np.asarray(nodes, dtype=np.int64))
        return first, self.arc_into[position]

    def tails(self) -> IntArray:
        """Where each edge begins."""
        return np.repeat(np.arange(self.num_vertices, dtype=np.int32), np.diff(self.first_out))


def _labels(count: int, row: NDArray[np.integer], vertex: IntArray, weight: FloatArray, arc: IntArray) -> Labels:
    first, order = _by_key(row.astype(np.int32), count)
    return Labels(first, vertex[order], weight[order], arc[order])


def build_network(graph: RoadGraph) -> Network:
    """Find the crossings of a graph, and tell apart the ways to get to each one as far as turns need it."""
    cut = chains(graph)
    tail = graph.tails()[cut.first_arcs()]
    first_chain = np.concatenate(([0], np.cumsum(np.bincount(tail, minlength=graph.num_nodes)))).astype(np.int32)
    ways = _arrivals(graph, cut, first_chain)
    vertex, first_vertex = _share(ways, graph.num_nodes)
    _, kept = np.unique(vertex, return_index=True)  # one way stands for all that share a vertex
    first, row = _rows(ways.first, kept)
    chain = ways.chain[row]
    first_into, arc_into = _arcs_by_head(graph)
    first_driver, driver = _by_key(chain, cut.weight.size)
    return Network(
        graph=graph, chains=cut, first_vertex=first_vertex, arrival=vertex[: cut.weight.size],
        first_out=first, head=vertex[ways.then[row]], weight=ways.delay[row] * MILLISECOND + cut.weight[chain],
        chain=chain, first_into=first_into, arc_into=arc_into, first_driver=first_driver, driver=driver,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class _Arrivals:
    """Ways to get to a crossing, by each chain, then by runs that begin longer bans; and what may follow."""

    node: IntArray
    """Shape (w,)."""
    first: IntArray
    """Shape (w + 1,): what may follow way i are rows first[i] ... first[i + 1] - 1."""
    chain: IntArray
    """Driven next."""
    delay: IntArray
    """Of the turn, milliseconds."""
    then: IntArray
    """The way by which one has come after that."""


def _arrivals(graph: RoadGraph, cut: Chains, first_chain: IntArray) -> _Arrivals:
    bans = _chain_bans(graph, cut)
    longer = sorted({run[:size] for run in bans for size in range(2, len(run))})
    number = {run: cut.weight.size + at for at, run in enumerate(longer)}
    came = np.concatenate((np.arange(cut.weight.size), [run[-1] for run in longer])).astype(np.int64)
    node = graph.head[cut.last_arcs()[came]]
    first, chain = _rows(first_chain, node.astype(np.int64))
    way = np.repeat(np.arange(came.size), np.diff(first))
    last, on = cut.last_arcs()[came[way]], cut.first_arcs()[chain]
    delay = turn_ms(graph, last, on)
    # Nobody turns round between crossings, nor on the way of a longer ban, to escape it.
    then = chain.copy()
    allowed = ~turns_back(graph, last, on) | (cut.turns_round[node[way]] & (way < cut.weight.size))
    for row in np.flatnonzero(np.isin(way, list(_concerned(bans, number)))).tolist():
        at = int(way[row])
        run = (*(longer[at - cut.weight.size] if at >= cut.weight.size else (at,)), int(chain[row]))
        tails = [run[begin:] for begin in range(len(run) - 1)]
        allowed[row] &= not any(end in bans for end in tails)
        then[row] = next((number[end] for end in tails if end in number), run[-1])
    kept = np.concatenate(([0], np.cumsum(allowed)))[first]
    return _Arrivals(node, kept.astype(np.int32), chain[allowed], delay[allowed], then[allowed])


def _concerned(bans: set[tuple[int, ...]], number: dict[tuple[int, ...], int]) -> set[int]:
    """Ways after which bans must be looked at."""
    return {run[0] for run in bans} | {chain for run in bans for chain in run[:-1]} | set(number.values())


def _chain_bans(graph: RoadGraph, cut: Chains) -> set[tuple[int, ...]]:
    """Bans as runs of chains: every node on the way of a ban is a crossing."""
    runs = (tuple(cut.chain[list(arcs)].tolist()) for arcs in graph.bans())
    return {run for run in runs if -1 not in run}


def _share(ways: _Arrivals, num_nodes: int) -> tuple[IntArray, IntArray]:
    """
    Vertex of each way to get to a crossing, and the first vertex of each node.

    Ways to one node share a vertex when the same may follow at the same price. Compared are 64-bit digests: that two
    ways to one crossing agree by chance is 2**-64.
    """
    what = np.stack((ways.chain, ways.delay, ways.then)).astype(np.uint64)
    with np.errstate(over="ignore"):
        mixed = _mix(_mix(_mix(what[0]) ^ what[1]) ^ what[2])
        digest = np.concatenate((np.zeros(1, dtype=np.uint64), np.cumsum(mixed)))[ways.first]
    digest = np.diff(digest)
    order = np.lexsort((digest, ways.node))
    node, digest = ways.node[order], digest[order]
    is_new = np.ones(order.size, dtype=np.bool_)
    is_new[1:] = (node[1:] != node[:-1]) | (digest[1:] != digest[:-1])
    vertex = np.empty(order.size, dtype=np.int32)
    vertex[order] = np.cumsum(is_new) - 1
    counts = np.bincount(node[is_new], minlength=num_nodes)
    return vertex, np.concatenate(([0], np.cumsum(counts))).astype(np.int32)


def _mix(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread 64 bits over 64 bits (Stafford 2011, variant 13 of the finalizer of MurmurHash3)."""
    mixed = numbers + np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _by_key(key: IntArray, size: int) -> Rows:
    """Positions by key, ascending within each."""
    first = np.concatenate(([0], np.cumsum(np.bincount(key, minlength=size)))).astype(np.int32)
    return first, np.argsort(key, kind="stable").astype(np.int32)


def _arcs_by_head(graph: RoadGraph) -> Rows:
    driven = np.flatnonzero(graph.tails() != graph.head).astype(np.int32)
    first, order = _by_key(graph.head[driven], graph.num_nodes)
    return first, driven[order]


def _rows(first: IntArray, rows: NDArray[np.integer]) -> Rows:
    """Starts of some rows set behind each other, and the positions of their entries."""
    counts = first[rows + 1] - first[rows]
    starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int32)
    return starts, (np.arange(starts[-1]) + np.repeat(first[rows] - starts[:-1], counts)).astype(np.int32)
