"""A million pairs of real roads, turns included, against scipy's Dijkstra on a graph of arcs that is built here."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.contracted import contract_roads
from geo.graph import RoadGraph
from geo.matrix import weight_matrix
from geo.osm import read_roads

MS = 2.0**24
SOURCES, TARGETS = 500, 2000


def turnable(out: list[int], into: list[int]) -> bool:
    """Whether a node is more than a bend of one road, open in one direction or in both."""
    one_way = len(out) == len(into) == 1 and out != into
    return not (one_way or (sorted(out) == sorted(into) and len(set(out)) == len(out) == 2))


def arc_graph(graph: RoadGraph, sources: NDArray[np.int64]) -> csr_array:
    """Vertices are arcs, then one for each source; an edge drives its head and pays the turn before it."""
    tail, head = graph.tails().astype(np.int64), graph.head.astype(np.int64)
    weight = graph.duration_ms * MS + (graph.length_mm + 50) // 100
    first = np.repeat(np.arange(head.size), np.diff(graph.first_out)[head])
    starts = graph.first_out[head]
    second = np.concatenate([np.arange(a, a + n) for a, n in zip(starts, np.diff(graph.first_out)[head], strict=True)])
    banned = {ban[0] * head.size + ban[1] for ban in graph.bans()}
    allowed = ~np.isin(first * head.size + second, list(banned))
    out: list[list[int]] = [[] for _ in range(graph.num_nodes)]
    inward: list[list[int]] = [[] for _ in range(graph.num_nodes)]
    for a, b in zip(tail.tolist(), head.tolist(), strict=True):
        out[a].append(b)
        inward[b].append(a)
    back = (head[second] == tail[first]) & (graph.length_mm[first] == graph.length_mm[second])
    allowed &= ~back | np.array([turnable(out[v], inward[v]) for v in range(graph.num_nodes)])[head[first]]
    neighbours = np.zeros(graph.num_nodes, dtype=np.int64)
    np.add.at(neighbours, np.unique(np.concatenate((tail * graph.num_nodes + head, head * graph.num_nodes + tail)))
              // graph.num_nodes, 1)  # fmt: skip
    east = (graph.lon[head] - graph.lon[tail]) * np.cos(np.radians((graph.lat[head] + graph.lat[tail]) / 2))
    bearing = np.degrees(np.arctan2(east, graph.lat[head] - graph.lat[tail]))
    turned = (bearing[second] - bearing[first] + 180) % 360 - 180
    delay = np.where(turned > 40, graph.delays.right, np.where(turned < -40, graph.delays.left, 0))
    delay = np.where(back, graph.delays.back, delay * (neighbours[head[first]] > 2))
    into = np.concatenate([np.flatnonzero(tail == source) for source in sources])
    rows = np.repeat(np.arange(sources.size), [int((tail == source).sum()) for source in sources])
    columns = (
        np.concatenate((first[allowed], head.size + rows)),
        np.concatenate((second[allowed], into)),
    )
    weights = np.concatenate((delay[allowed] * MS + weight[second[allowed]], weight[into]))
    return csr_array((weights, columns), shape=(head.size + sources.size,) * 2)


@pytest.mark.real_data
@pytest.mark.slow
@pytest.mark.parametrize("profile", ["motorbike", "van"])
def test_a_million_pairs_are_equal_to_the_last_bit(test_data: Path, profile: str) -> None:
    graph = read_roads(test_data / "data" / "north-bayreuth.osm.gz", profiles=[profile])[profile]
    assert max(map(len, graph.bans())) == 2
    rng = np.random.default_rng(4)
    sources = rng.choice(graph.num_nodes, SOURCES, replace=False)
    targets = rng.choice(graph.num_nodes, TARGETS, replace=False)
    by_arc = dijkstra(arc_graph(graph, sources), indices=graph.num_arcs + np.arange(SOURCES))[:, : graph.num_arcs]
    order = np.argsort(graph.head, kind="stable")
    first = np.searchsorted(graph.head[order], np.arange(graph.num_nodes))
    expected = np.minimum.reduceat(by_arc[:, order], first, axis=1)[:, targets]
    expected[sources[:, None] == targets] = 0
    assert np.array_equal(weight_matrix(contract_roads(graph), sources, targets), expected)
