"""The directed road graph of one vehicle profile."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.coordinates import FloatArray
from geo.profiles import NO_DELAYS, ROAD_CLASSES, TurnDelays
from geo.report import Kept
from geo.segments import IntArray

ARRAYS = {
    "lon": np.float64, "lat": np.float64, "first_out": np.int32, "head": np.int32,
    "length_mm": np.int32, "duration_ms": np.int32, "waiting_ms": np.int32,
    "road_class": np.uint8, "way": np.int64, "name": np.int32,
    "banned_first": np.int32, "banned_arcs": np.int32,
}  # fmt: skip
"""Type of each array of a `RoadGraph`."""
_NO_BANS = (np.zeros(1, dtype=np.int32), np.zeros(0, dtype=np.int32))


@dataclass(frozen=True, slots=True, eq=False)
class RoadGraph:
    """
    Where one vehicle profile may drive, as arcs in compressed rows.

    The nodes are those of the ways, so that the geometry of a path is its nodes. Parallel arcs are allowed.

    Raises
    ------
    ValueError
        When an array has another type or shape, or an index points nowhere.
    """

    profile: str
    """Name of the vehicle profile."""
    access_kph: float
    """Speed between the road and a door."""
    lon: FloatArray
    """Shape (n,), degrees."""
    lat: FloatArray
    """Shape (n,), degrees."""
    first_out: IntArray
    """Shape (n + 1,): the arcs out of node v are first_out[v] ... first_out[v + 1] - 1."""
    head: IntArray
    """Shape (m,): where each arc leads."""
    length_mm: IntArray
    """Shape (m,), millimetres."""
    duration_ms: IntArray
    """Shape (m,), milliseconds, waiting included."""
    waiting_ms: IntArray
    """Shape (m,), milliseconds: the part of `duration_ms` that is no driving: signals, boarding."""
    road_class: NDArray[np.uint8]
    """Shape (m,): index into `profiles.ROAD_CLASSES`."""
    way: NDArray[np.int64]
    """Shape (m,): the way of the map that each arc is a part of; 0 = none."""
    name: IntArray
    """Shape (m,): index into `names`; -1 = the road has none."""
    banned_first: IntArray
    """Shape (b + 1,): the arcs of ban i are banned_arcs[banned_first[i]] ... banned_arcs[banned_first[i + 1] - 1]."""
    banned_arcs: IntArray
    """Arcs that must not be driven one after another: two for a turn, more for a turn by way of another road."""
    names: tuple[str, ...] = ()
    """Names of roads."""
    delays: TurnDelays = NO_DELAYS
    traffic: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """Share of the usual speed by wave and road class, where it is not 1; `traffic.at_time` applies it."""

    def __post_init__(self) -> None:
        for name, dtype in ARRAYS.items():
            array = getattr(self, name)
            if array.dtype != dtype or array.ndim != 1:
                raise ValueError(f"{name} is a flat {np.dtype(dtype)} array, got {array.dtype} {array.shape}")
        nodes, arcs = self.lon.size, self.head.size
        if self.lat.size != nodes or self.first_out.size != nodes + 1:
            raise ValueError(f"{nodes} nodes need as many latitudes and {nodes + 1} row starts")
        columns = (self.length_mm, self.duration_ms, self.waiting_ms, self.road_class, self.way, self.name)
        if {column.size for column in columns} != {arcs}:
            raise ValueError(f"{arcs} arcs need as many lengths, durations, waits, classes, ways and names")
        if self.first_out[0] != 0 or self.first_out[-1] != arcs or np.any(np.diff(self.first_out) < 0):
            raise ValueError("first_out grows from 0 to the number of arcs")
        if arcs and (self.head.min() < 0 or self.head.max() >= nodes):
            raise ValueError("an arc leads to a node that does not exist")
        if arcs and (
            min(self.length_mm.min(), self.duration_ms.min()) < 0 or self.road_class.max() >= len(ROAD_CLASSES)
        ):
            raise ValueError("an arc has a negative length or duration, or an unknown road class")
        self._check_facts()
        self._check_bans()
        if not self.access_kph > 0:
            raise ValueError(f"access_kph must be above 0, got {self.access_kph}")

    def _check_facts(self) -> None:
        if np.any((self.waiting_ms < 0) | (self.waiting_ms > self.duration_ms)):
            raise ValueError("waiting is a part of the duration of an arc")
        if np.any((self.name < -1) | (self.name >= len(self.names))):
            raise ValueError("an arc has a name that does not exist")

    def _check_bans(self) -> None:
        first, arcs = self.banned_first, self.banned_arcs
        if not first.size or first[0] != 0 or first[-1] != arcs.size or np.any(np.diff(first) < 2):
            raise ValueError("a ban is a run of two arcs or more")
        if arcs.size and not 0 <= arcs.min() <= arcs.max() < self.num_arcs:
            raise ValueError("a ban names an arc that does not exist")
        inner = np.delete(np.arange(arcs.size), first[1:] - 1)
        if np.any(self.head[arcs[inner]] != self.tails()[arcs[inner + 1]]):
            raise ValueError("the arcs of a ban do not follow each other")

    def turning_nodes(self) -> IntArray:
        """Nodes where bans forbid to drive on."""
        return self.head[np.delete(self.banned_arcs, self.banned_first[1:] - 1)]

    def bans(self) -> list[tuple[int, ...]]:
        """The arcs of each ban."""
        return [tuple(run.tolist()) for run in np.split(self.banned_arcs, self.banned_first[1:-1]) if run.size]

    @property
    def num_nodes(self) -> int:
        return int(self.lon.size)

    @property
    def num_arcs(self) -> int:
        return int(self.head.size)

    def tails(self) -> IntArray:
        """Where each arc begins, shape (m,)."""
        return np.repeat(np.arange(self.num_nodes, dtype=np.int32), np.diff(self.first_out))

    def neighbours(self) -> NDArray[np.intp]:
        """How many other nodes each node is joined to, in either direction, shape (n,)."""
        tail, n = self.tails().astype(np.int64), self.num_nodes
        other = tail != self.head
        tail, head = tail[other], self.head[other].astype(np.int64)
        pairs = distinct(np.concatenate((tail * n + head, head * n + tail)))
        return np.bincount(pairs // max(n, 1), minlength=n)

    def road_km(self) -> float:
        """Length of the road on the ground: the two directions of a road count once."""
        tail, head = self.tails().astype(np.int64), self.head
        ends = np.minimum(tail, head) * self.num_nodes + np.maximum(tail, head)
        order = np.lexsort((self.length_mm, ends))
        ends, lengths = ends[order], self.length_mm[order]
        again = (ends[1:] == ends[:-1]) & (lengths[1:] == lengths[:-1])
        return float(lengths[~np.concatenate(([False], again))].sum(dtype=np.int64)) / 1e6 if ends.size else 0.0

    def size(self) -> Kept:
        """Nodes, arcs, km and forbidden turns, for a report."""
        return Kept(self.profile, self.num_nodes, self.num_arcs, round(self.road_km(), 3), self.banned_first.size - 1)


def distinct(numbers: NDArray[np.int64]) -> NDArray[np.int64]:
    """Each number once, in order; `np.unique` hashes first, which takes ten times as long for millions."""
    ordered = np.sort(numbers)
    return ordered[np.concatenate(([True], ordered[1:] != ordered[:-1]))] if ordered.size else ordered


def graph_from_arcs(
    lon: FloatArray,
    lat: FloatArray,
    tail: ArrayLike,
    head: ArrayLike,
    length_mm: ArrayLike,
    duration_ms: ArrayLike,
    road_class: ArrayLike,
    *,
    profile: str,
    access_kph: float,
    waiting_ms: ArrayLike | None = None,
    way: ArrayLike | None = None,
    name: ArrayLike | None = None,
    names: tuple[str, ...] = (),
    bans: Iterable[Sequence[int]] = (),
    delays: TurnDelays | None = None,
    traffic: Mapping[str, Mapping[str, float]] | None = None,
) -> RoadGraph:
    """
    Sort directed arcs into a graph: by tail, then head, then duration, then length.

    Parameters
    ----------
    lon, lat
        Shape (n,), degrees.
    tail, head, length_mm, duration_ms, road_class
        Shape (m,), one entry an arc; give both directions of a two-way road.
    waiting_ms, way, name, names
        As in `RoadGraph`; None = no waiting, no way, no name.
    bans
        Runs of arcs, by their position here, that must not be driven one after another.
    profile, access_kph, delays, traffic
        As in `RoadGraph`; no delays and no traffic by default.

    Raises
    ------
    ValueError
        As `RoadGraph`.
    """
    tails, heads = np.asarray(tail, dtype=np.int32), np.asarray(head, dtype=np.int32)
    lengths, durations = np.asarray(length_mm, dtype=np.int32), np.asarray(duration_ms, dtype=np.int32)
    if tails.size and (tails.min() < 0 or tails.max() >= lon.size):
        raise ValueError("an arc begins at a node that does not exist")
    order = np.lexsort((lengths, durations, heads, tails))
    counts = np.bincount(tails, minlength=lon.size)
    banned_first, banned_arcs = _ban_rows(bans, order)
    return RoadGraph(
        profile=profile,
        access_kph=access_kph,
        lon=np.asarray(lon, dtype=np.float64),
        lat=np.asarray(lat, dtype=np.float64),
        first_out=np.concatenate(([0], np.cumsum(counts))).astype(np.int32),
        head=heads[order],
        length_mm=lengths[order],
        duration_ms=durations[order],
        road_class=np.asarray(road_class, dtype=np.uint8)[order],
        waiting_ms=_column(waiting_ms, 0, order),
        way=np.zeros(tails.size, dtype=np.int64) if way is None else np.asarray(way, dtype=np.int64)[order],
        name=_column(name, -1, order),
        banned_first=banned_first,
        banned_arcs=banned_arcs,
        names=names,
        delays=delays or NO_DELAYS,
        traffic=traffic or {},
    )


def _column(values: ArrayLike | None, usual: int, order: NDArray[np.intp]) -> IntArray:
    """A column in another order, or the same value for all."""
    if values is None:
        return np.full(order.size, usual, dtype=np.int32)
    return np.asarray(values, dtype=np.int32)[order]


def _ban_rows(bans: Iterable[Sequence[int]], order: NDArray[np.intp]) -> tuple[IntArray, IntArray]:
    """Bans in compressed rows, each once, in order, by the new position of their arcs."""
    place = np.empty(order.size, dtype=np.int32)
    place[order] = np.arange(order.size, dtype=np.int32)
    runs = sorted({tuple(place[list(run)].tolist()) for run in bans})
    if not runs:
        return _NO_BANS
    first = np.concatenate(([0], np.cumsum([len(run) for run in runs]))).astype(np.int32)
    return first, np.fromiter(itertools.chain.from_iterable(runs), dtype=np.int32)


def parts(graph: RoadGraph) -> IntArray:
    """Strongly connected part of each node, shape (n,), turns left aside; part 0 has the most nodes."""
    return ranked_parts(graph.first_out, graph.head)


def ranked_parts(first_out: IntArray, head: IntArray) -> IntArray:
    """Strongly connected part of each vertex of a network in compressed rows; part 0 is the largest."""
    size = first_out.size - 1
    matrix = csr_array((np.ones(head.size, dtype=np.int8), head, first_out), shape=(size, size))
    _, labels = connected_components(matrix, directed=True, connection="strong")
    counts = np.bincount(labels)
    first = np.full(counts.size, size)
    np.minimum.at(first, labels, np.arange(labels.size))
    rank = np.empty(counts.size, dtype=np.int32)
    rank[np.lexsort((first, -counts))] = np.arange(counts.size)
    return rank[labels]


def subgraph(graph: RoadGraph, nodes: NDArray[np.bool_], arcs: NDArray[np.bool_] | None = None) -> RoadGraph:
    """
    The graph on the nodes marked in `nodes`, shape (n,), with those of the arcs marked in `arcs`, shape (m,), that
    lie between them; None = all. Their order stays, and so do bans of which every arc stays.
    """
    number = np.cumsum(nodes) - 1
    tail = graph.tails()
    kept = nodes[tail] & nodes[graph.head]
    if arcs is not None:
        kept &= arcs
    place = np.cumsum(kept) - 1
    return graph_from_arcs(
        graph.lon[nodes], graph.lat[nodes], number[tail[kept]], number[graph.head[kept]],
        graph.length_mm[kept], graph.duration_ms[kept], graph.road_class[kept],
        profile=graph.profile, access_kph=graph.access_kph,
        waiting_ms=graph.waiting_ms[kept], way=graph.way[kept], name=graph.name[kept], names=graph.names,
        bans=[place[list(run)].tolist() for run in graph.bans() if kept[list(run)].all()],
        delays=graph.delays, traffic=graph.traffic,
    )  # fmt: skip
