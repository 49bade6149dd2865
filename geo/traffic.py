"""Roads at a time of day: slower where a wave's traffic is heavy, without the ferries that do not run."""

from collections.abc import Set
from dataclasses import replace

import numpy as np

from geo.graph import RoadGraph, subgraph
from geo.profiles import ROAD_CLASSES


def at_time(graph: RoadGraph, wave: str | None = None, closed: Set[int] = frozenset()) -> RoadGraph:
    """
    The same nodes at a time of day; what cannot be reached then stays, and is unreachable.

    Parameters
    ----------
    graph
        The roads of one profile.
    wave
        A key of `graph.traffic`, whose shares of the usual speed count; None, or another wave = the usual speeds.
    closed
        Ways that are closed: ferries that do not run, roads under water.
    """
    shares = graph.traffic.get(wave, {}) if wave is not None else {}
    if shares:
        share = np.array([shares.get(road_class, 1.0) for road_class in ROAD_CLASSES])[graph.road_class]
        driving = np.rint((graph.duration_ms - graph.waiting_ms) / share).astype(np.int32)
        graph = replace(graph, duration_ms=driving + graph.waiting_ms)
    if closed:
        open_arcs = ~np.isin(graph.way, np.fromiter(closed, dtype=np.int64))
        graph = subgraph(graph, np.ones(graph.num_nodes, dtype=np.bool_), open_arcs)
    return graph
