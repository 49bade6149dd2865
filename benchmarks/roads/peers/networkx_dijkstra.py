"""networkx' Dijkstra in Python, from every source, on the graph of nodes."""

from __future__ import annotations

import time
from importlib.metadata import version as release

import networkx as nx
import numpy as np

from benchmarks.roads.expanded import FloatArray, IntArray, plain_graph
from benchmarks.roads.peers import Prepared
from geo.graph import RoadGraph


def version() -> str:
    return f"networkx {release('networkx')}"


def prepare(graph: RoadGraph, has_turns: bool) -> Prepared:
    assert not has_turns, "networkx is told of nodes only"
    began = time.perf_counter()
    edges = plain_graph(graph, has_turns=False).matrix.tocoo()
    roads: nx.DiGraph[int] = nx.DiGraph()
    roads.add_nodes_from(range(graph.num_nodes))
    columns = (column.tolist() for column in (*edges.coords, edges.data))
    roads.add_weighted_edges_from(zip(*columns, strict=True))

    def matrix(sources: IntArray, targets: IntArray) -> FloatArray:
        rows = []
        for source in sources.tolist():
            found = nx.single_source_dijkstra_path_length(roads, source)
            rows.append([found.get(target, np.inf) for target in targets.tolist()])
        return np.array(rows, dtype=np.float64)

    return Prepared(matrix, {"network_seconds": time.perf_counter() - began})
