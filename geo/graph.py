"""The directed road graph of one vehicle profile, and the set of them for a region."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geo.coordinates import FloatArray
from geo.errors import NotRoadsError
from geo.profiles import ROAD_CLASSES
from geo.report import BuildReport, Kept
from geo.road_file import read_road_file, write_road_file
from geo.segments import IntArray

_ARRAYS = {
    "lon": np.float64, "lat": np.float64, "first_out": np.int32, "head": np.int32,
    "length_mm": np.int32, "duration_ms": np.int32, "road_class": np.uint8,
}  # fmt: skip


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
    """Shape (m,), milliseconds."""
    road_class: NDArray[np.uint8]
    """Shape (m,): index into `profiles.ROAD_CLASSES`."""

    def __post_init__(self) -> None:
        for name, dtype in _ARRAYS.items():
            array = getattr(self, name)
            if array.dtype != dtype or array.ndim != 1:
                raise ValueError(f"{name} is a flat {np.dtype(dtype)} array, got {array.dtype} {array.shape}")
        nodes, arcs = self.lon.size, self.head.size
        if self.lat.size != nodes or self.first_out.size != nodes + 1:
            raise ValueError(f"{nodes} nodes need as many latitudes and {nodes + 1} row starts")
        if {self.length_mm.size, self.duration_ms.size, self.road_class.size} != {arcs}:
            raise ValueError(f"{arcs} arcs need as many lengths, durations and classes")
        if self.first_out[0] != 0 or self.first_out[-1] != arcs or np.any(np.diff(self.first_out) < 0):
            raise ValueError("first_out grows from 0 to the number of arcs")
        if arcs and (self.head.min() < 0 or self.head.max() >= nodes):
            raise ValueError("an arc leads to a node that does not exist")
        if arcs and (
            min(self.length_mm.min(), self.duration_ms.min()) < 0 or self.road_class.max() >= len(ROAD_CLASSES)
        ):
            raise ValueError("an arc has a negative length or duration, or an unknown road class")
        if not self.access_kph > 0:
            raise ValueError(f"access_kph must be above 0, got {self.access_kph}")

    @property
    def num_nodes(self) -> int:
        return int(self.lon.size)

    @property
    def num_arcs(self) -> int:
        return int(self.head.size)

    def tails(self) -> IntArray:
        """Where each arc begins, shape (m,)."""
        return np.repeat(np.arange(self.num_nodes, dtype=np.int32), np.diff(self.first_out))

    def road_km(self) -> float:
        """Length of the road on the ground: the two directions of a road count once."""
        tail, head = self.tails().astype(np.int64), self.head
        ends = np.minimum(tail, head) * self.num_nodes + np.maximum(tail, head)
        order = np.lexsort((self.length_mm, ends))
        ends, lengths = ends[order], self.length_mm[order]
        again = (ends[1:] == ends[:-1]) & (lengths[1:] == lengths[:-1])
        return float(lengths[~np.concatenate(([False], again))].sum(dtype=np.int64)) / 1e6 if ends.size else 0.0

    def size(self) -> Kept:
        """Nodes, arcs and km, for a report."""
        return Kept(self.profile, self.num_nodes, self.num_arcs, round(self.road_km(), 3))


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
) -> RoadGraph:
    """
    Sort directed arcs into a graph: by tail, then head, then duration, then length.

    Parameters
    ----------
    lon, lat
        Shape (n,), degrees.
    tail, head, length_mm, duration_ms, road_class
        Shape (m,), one entry an arc; give both directions of a two-way road.
    profile, access_kph
        As in `RoadGraph`.

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
    )


def parts(graph: RoadGraph) -> IntArray:
    """Strongly connected part of each node, shape (n,); part 0 has the most nodes."""
    matrix = csr_array(
        (np.ones(graph.num_arcs, dtype=np.int8), graph.head, graph.first_out), shape=(graph.num_nodes, graph.num_nodes)
    )
    _, labels = connected_components(matrix, directed=True, connection="strong")
    counts = np.bincount(labels)
    first = np.full(counts.size, graph.num_nodes)
    np.minimum.at(first, labels, np.arange(labels.size))
    rank = np.empty(counts.size, dtype=np.int32)
    rank[np.lexsort((first, -counts))] = np.arange(counts.size)
    return rank[labels]


def subgraph(graph: RoadGraph, keep: NDArray[np.bool_]) -> RoadGraph:
    """The graph on the nodes marked in `keep`, shape (n,), with the arcs between them; their order stays."""
    number = np.cumsum(keep) - 1
    tail = graph.tails()
    arcs = keep[tail] & keep[graph.head]
    return graph_from_arcs(
        graph.lon[keep], graph.lat[keep], number[tail[arcs]], number[graph.head[arcs]],
        graph.length_mm[arcs], graph.duration_ms[arcs], graph.road_class[arcs],
        profile=graph.profile, access_kph=graph.access_kph,
    )  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Roads(Mapping[str, RoadGraph]):
    """The road graphs of a region by profile name, and where they come from."""

    graphs: Mapping[str, RoadGraph]
    """By profile name."""
    source: str
    """File name of the extract, or how the network was made up."""
    sha256: str
    """Of the extract, or of the recipe."""
    synthetic: bool = False
    """True = no real roads: every output says so."""
    report: BuildReport = field(default_factory=BuildReport)

    def __getitem__(self, profile: str) -> RoadGraph:
        return self.graphs[profile]

    def __iter__(self) -> Iterator[str]:
        return iter(self.graphs)

    def __len__(self) -> int:
        return len(self.graphs)

    def save(self, path: Path) -> None:
        """Write one file; the same roads give the same bytes."""
        header = {
            "source": self.source,
            "sha256": self.sha256,
            "synthetic": self.synthetic,
            "profiles": {name: {"access_kph": graph.access_kph} for name, graph in self.graphs.items()},
            "report": self.report.to_json(),
        }
        arrays = {f"{name}/{array}": getattr(g, array) for name, g in self.graphs.items() for array in _ARRAYS}
        write_road_file(path, header, arrays)

    @classmethod
    def load(cls, path: Path) -> "Roads":
        """
        Read a file written by `save`.

        Raises
        ------
        NotRoadsError
            When the file is something else, or damaged.
        StaleRoadsError
            When another version wrote it.
        """
        header, arrays = read_road_file(path)
        try:
            return cls(
                graphs={name: _graph(name, row, arrays) for name, row in header["profiles"].items()},
                source=str(header["source"]),
                sha256=str(header["sha256"]),
                synthetic=bool(header["synthetic"]),
                report=BuildReport.from_json(header["report"]),
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise NotRoadsError(f"{path.name} is damaged: {error}") from error


def _graph(name: str, row: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> RoadGraph:
    columns = {column: arrays[f"{name}/{column}"] for column in _ARRAYS}
    return RoadGraph(profile=name, access_kph=float(row["access_kph"]), **columns)
