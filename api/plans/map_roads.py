"""The road network as GeoJSON to draw: one feature a road class."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict

from api.plans.schemas import Position
from geo.graph import RoadGraph
from geo.profiles import ROAD_CLASSES
from geo.roads import Roads

DECIMALS = 5
"""Of a degree: about a metre, finer than any screen."""

Line = tuple[Position, ...]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RoadClass(_Part):
    road_class: str
    """Of `geo.profiles.ROAD_CLASSES`, for example `ferry`."""


class RoadLines(_Part):
    type: Literal["MultiLineString"] = "MultiLineString"
    coordinates: tuple[Line, ...]


class RoadFeature(_Part):
    type: Literal["Feature"] = "Feature"
    properties: RoadClass
    geometry: RoadLines


class RoadMap(_Part):
    model_config = ConfigDict(extra="forbid", frozen=True, title="RoadMap")

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: tuple[RoadFeature, ...]


def road_map(roads: Roads) -> RoadMap:
    """Draw the fullest of the vehicle networks: every segment once, joined to lines between crossings."""
    graph = max(roads.graphs.values(), key=lambda g: len(g.head))
    lines: dict[int, list[Line]] = defaultdict(list)
    for road_class, nodes in _lines(graph):
        lines[road_class].append(_positions(graph, nodes))
    return RoadMap(
        features=tuple(
            RoadFeature(
                properties=RoadClass(road_class=str(ROAD_CLASSES[index])), geometry=RoadLines(coordinates=tuple(found))
            )
            for index, found in sorted(lines.items())
        )
    )


def _lines(graph: RoadGraph) -> Iterator[tuple[int, list[int]]]:
    """Yield (class, nodes) of maximal lines without a crossing or a change of class, each segment exactly once."""
    neighbours = _neighbours(graph)
    ends = {node for node, around in neighbours.items() if _is_end(around)}
    for start in (*sorted(ends), *neighbours):  # closed loops have no end: what is left over starts anywhere
        while neighbours[start]:
            yield _walk(start, neighbours, ends)


def _neighbours(graph: RoadGraph) -> dict[int, dict[int, int]]:
    """For each node the nodes beside it with the road's class, in either direction."""
    tails = np.repeat(np.arange(len(graph.lon)), np.diff(graph.first_out))
    around: dict[int, dict[int, int]] = defaultdict(dict)
    for tail, head, road_class in zip(tails.tolist(), graph.head.tolist(), graph.road_class.tolist(), strict=True):
        if tail != head:
            around[tail][head] = road_class
            around[head][tail] = road_class
    return around


def _is_end(around: dict[int, int]) -> bool:
    return len(around) != 2 or len(set(around.values())) != 1


def _walk(start: int, neighbours: dict[int, dict[int, int]], ends: set[int]) -> tuple[int, list[int]]:
    """Take one line out of the network."""
    road_class = next(iter(neighbours[start].values()))
    nodes = [start]
    while neighbours[nodes[-1]] and (len(nodes) == 1 or nodes[-1] not in ends):
        here = nodes[-1]
        there = next(iter(neighbours[here]))
        del neighbours[here][there], neighbours[there][here]
        nodes.append(there)
    return road_class, nodes


def _positions(graph: RoadGraph, nodes: list[int]) -> Line:
    lon, lat = graph.lon[nodes].round(DECIMALS).tolist(), graph.lat[nodes].round(DECIMALS).tolist()
    return tuple(zip(lon, lat, strict=True))
