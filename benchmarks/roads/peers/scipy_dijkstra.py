"""scipy's Dijkstra in C++, from every source: on the graph of nodes, or of arcs where turns count."""

from __future__ import annotations

import time
from importlib.metadata import version as release

from benchmarks.roads.expanded import plain_graph
from benchmarks.roads.peers import Prepared
from geo.graph import RoadGraph


def version() -> str:
    return f"scipy {release('scipy')}"


def prepare(graph: RoadGraph, has_turns: bool) -> Prepared:
    began = time.perf_counter()
    plain = plain_graph(graph, has_turns=has_turns)
    return Prepared(plain.weights, {"network_seconds": time.perf_counter() - began})
