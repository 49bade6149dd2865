"""The network as few long lines to draw."""

from collections import defaultdict

import numpy as np

from geo.coordinates import FloatArray, haversine
from geo.graph import RoadGraph
from geo.profiles import ROAD_CLASSES

Neighbours = dict[int, dict[int, int]]


def road_lines(graph: RoadGraph, *, max_lines: int = 3000) -> list[tuple[str, FloatArray]]:
    """
    Join the roads between crossings to lines, each piece of road once for both directions.

    Parameters
    ----------
    graph
        The roads of one profile.
    max_lines
        At most so many lines: the most important classes come first, in a class the longest.

    Returns
    -------
    lines
        (road class, coordinates of shape (p, 2), p >= 2), ordered by class and falling length.
    """
    lines = [(road_class, np.column_stack((graph.lon[nodes], graph.lat[nodes]))) for road_class, nodes in _walks(graph)]
    lines.sort(key=lambda line: (line[0], -_metres(line[1])))
    return [(ROAD_CLASSES[road_class], line) for road_class, line in lines[:max_lines]]


def _walks(graph: RoadGraph) -> list[tuple[int, list[int]]]:
    """(class, nodes) of longest chains without a crossing or a change of class; each piece of road in one of them."""
    around = _neighbours(graph)
    ends = {node for node, beside in around.items() if len(beside) != 2 or len(set(beside.values())) != 1}
    walks = []
    for start in (*sorted(ends), *sorted(around)):  # rings have no end: what is left over starts anywhere
        while around[start]:
            walks.append(_walk(start, around, ends))
    return walks


def _neighbours(graph: RoadGraph) -> Neighbours:
    """The nodes beside each node with the class of the road between: the most important one of parallel roads."""
    around: defaultdict[int, dict[int, int]] = defaultdict(dict)
    columns = (graph.tails(), graph.head, graph.road_class)
    for tail, head, road_class in zip(*(column.tolist() for column in columns), strict=True):
        if tail != head:
            best = min(road_class, around[tail].get(head, road_class))
            around[tail][head] = around[head][tail] = best
    return around


def _walk(start: int, around: Neighbours, ends: set[int]) -> tuple[int, list[int]]:
    """Take one chain out of the network."""
    here, nodes = start, [start]
    road_class = next(iter(around[start].values()))
    while around[here] and (len(nodes) == 1 or here not in ends):
        there = next(iter(around[here]))
        del around[here][there], around[there][here]
        nodes.append(there)
        here = there
    return road_class, nodes


def _metres(line: FloatArray) -> float:
    return float(haversine(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1]).sum())
