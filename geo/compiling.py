"""Compiles what searches the roads before it is needed."""

import numpy as np

from geo.contracted import contract_roads
from geo.graph import graph_from_arcs
from geo.matrix import travel_matrix
from geo.paths import paths
from geo.snapping import Snapped


def warm_up() -> None:
    """Compile contraction, matrices and paths, or load them compiled: a few seconds the first time."""
    tail, head = np.array([[0, 1], [1, 0], [1, 2], [2, 1]]).T
    some = np.ones(tail.size, dtype=np.int32)
    graph = graph_from_arcs(
        np.arange(3) / 1000, np.zeros(3), tail, head, some, some, some, profile="motorbike", access_kph=1
    )
    roads, ends = contract_roads(graph), Snapped(np.array([0, 2], dtype=np.int32), np.zeros(2, dtype=np.int32))
    travel_matrix(roads, ends)
    paths(roads, ends, [(0, 1)])
