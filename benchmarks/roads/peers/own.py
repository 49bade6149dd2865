"""Our engine: crossings, contraction, sweeps."""

from __future__ import annotations

import time
from importlib.metadata import version as release

import numpy as np

from benchmarks.roads.peers import Prepared
from geo.contracted import ContractedRoads, contract_roads
from geo.contraction import contract
from geo.graph import RoadGraph, graph_from_arcs
from geo.matrix import node_matrix, weight_matrix
from geo.network import build_network
from geo.profiles import TurnDelays


def version() -> str:
    return f"duongthu {release('duongthu')}"


def compile_all() -> None:
    """Have everything compiled, or read from numba's cache: a triangle of roads is contracted and asked."""
    tail, head = np.array([0, 1, 2, 1, 2, 0]), np.array([1, 2, 0, 0, 1, 2])
    graph = graph_from_arcs(
        np.array([0.0, 0.1, 0.2]), np.array([0.0, 0.1, 0.0]), tail, head, np.full(6, 10), np.full(6, 10), np.full(6, 5),
        profile="motorbike", access_kph=10, bans=[(0, 1)], delays=TurnDelays(1, 1, 1),
    )  # fmt: skip
    node_matrix(contract_roads(graph), [0, 1], [1, 2])


def prepare(graph: RoadGraph, has_turns: bool) -> Prepared:
    """What `contract_roads` does, step by step; turns are those of the graph."""
    del has_turns
    began = time.perf_counter()
    network = build_network(graph)
    built = time.perf_counter()
    tree = contract(network.first_out, network.head, network.weight)
    ended = time.perf_counter()
    roads = ContractedRoads(network, tree)
    return Prepared(
        matrix=lambda sources, targets: weight_matrix(roads, sources.astype(np.int64), targets.astype(np.int64)),
        seconds={"network_seconds": built - began, "contract_seconds": ended - built},
        facts={
            "crossings": int(network.chains.is_crossing.sum()), "vertices": network.num_vertices,
            "edges": int(network.head.size),
            "shortcuts": int((tree.up_middle >= 0).sum() + (tree.down_middle >= 0).sum()),
        },
        is_batched=True,
        with_units=lambda sources, targets: node_matrix(roads, sources, targets),
    )  # fmt: skip
