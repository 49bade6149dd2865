"""Small road networks that a reader can compute by hand, and extracts written as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

import numpy as np

from geo.contracted import contract_roads
from geo.graph import RoadGraph, graph_from_arcs
from geo.matrix import node_matrix
from geo.osm import read_roads
from geo.profiles import ROAD_CLASSES
from geo.roads import Roads

LOCAL = ROAD_CLASSES.index("local")
DEGREE = 111_195.08
"""Metres of one degree of latitude on the sphere."""

Arc = tuple[int, int, int, int]
"""Tail, head, millimetres, milliseconds."""


def graph_of(nodes: int, arcs: Sequence[Arc], *, access_kph: float = 9.0, road_class: int = LOCAL) -> RoadGraph:
    """A graph whose node i lies i/1000 degrees north of (105, 10)."""
    tail, head, length, duration = np.array(arcs, dtype=np.int32).reshape(-1, 4).T
    classes = np.full(tail.size, road_class)
    return graph_from_arcs(
        np.full(nodes, 105.0), 10 + np.arange(nodes) / 1000, tail, head, length, duration, classes,
        profile="motorbike", access_kph=access_kph,
    )  # fmt: skip


@dataclass
class Extract:
    """An OpenStreetMap file in the making; ways are given by node ids, positions in thousandths of a degree."""

    nodes: dict[int, tuple[float, float]]
    """Node id -> (east, north) of (105, 10), thousandths of a degree."""
    node_tags: dict[int, dict[str, str]] = field(default_factory=dict)
    ways: list[tuple[list[int], dict[str, str]]] = field(default_factory=list)
    relations: list[tuple[list[tuple[str, int, str]], dict[str, str]]] = field(default_factory=list)

    def way(self, nodes: Sequence[int], **tags: str) -> "Extract":
        """Add a way; `__` in a tag's name stands for a colon."""
        self.ways.append((list(nodes), {key.replace("__", ":"): value for key, value in tags.items()}))
        return self

    def barrier(self, node: int, **tags: str) -> "Extract":
        self.node_tags[node] = tags
        return self

    def relation(self, members: Sequence[tuple[str, int, str]], **tags: str) -> "Extract":
        self.relations.append((list(members), tags))
        return self

    def xml(self) -> str:
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6" generator="test">']
        for node, (east, north) in self.nodes.items():
            place = f'<node id="{node}" lon="{105 + east / 1000:.7f}" lat="{10 + north / 1000:.7f}" version="1">'
            lines.append(place + _tags(self.node_tags.get(node, {})) + "</node>")
        for number, (refs, tags) in enumerate(self.ways, start=1):
            body = "".join(f'<nd ref="{ref}"/>' for ref in refs) + _tags(tags)
            lines.append(f'<way id="{number}" version="1">{body}</way>')
        for number, (members, tags) in enumerate(self.relations, start=1):
            body = "".join(f'<member type="{kind}" ref="{ref}" role="{role}"/>' for kind, ref, role in members)
            lines.append(f'<relation id="{number}" version="1">{body}{_tags(tags)}</relation>')
        return "\n".join([*lines, "</osm>"])

    def write(self, folder: Path, name: str = "sample.osm") -> Path:
        path = folder / name
        path.write_text(self.xml(), encoding="utf-8")
        return path

    def build(self, folder: Path, *profiles: str) -> Roads:
        return read_roads(self.write(folder), profiles=profiles or ("motorbike", "van", "walk"))


def square(**tags: str) -> Extract:
    """
    Four corners joined by a ring of residential ways, and a way 1-3 across with the tags given.

        4 --- 3        sides of 1/1000 degree
        |   / |        ways: 1-2, 2-3, 3-4, 4-1 residential, then 1-3
        | /   |
        1 --- 2
    """
    extract = Extract({1: (0, 0), 2: (1, 0), 3: (1, 1), 4: (0, 1)})
    for ends in ((1, 2), (2, 3), (3, 4), (4, 1)):
        extract.way(ends, highway="residential")
    return extract.way((1, 3), **tags) if tags else extract


def crossing(**tags: str) -> Extract:
    """
    A river, with a residential road on either bank and a ferry, way 3, between; without tags the ferry is missing.

        5   north 6/1000 degree     way 2: 4-5
        4         5
        3         3                 way 3: 2-3-4, 4/1000 degree = 444.78 m
        2         1
        1         0                 way 1: 1-2
    """
    extract = Extract({1: (0, 0), 2: (0, 1), 3: (0, 3), 4: (0, 5), 5: (0, 6)})
    extract.way((1, 2), highway="residential").way((4, 5), highway="residential")
    return extract.way((2, 3, 4), **tags) if tags else extract


def travel(graph: RoadGraph, start: float, end: float) -> tuple[int, int]:
    """Seconds and metres between two places of a graph, given in thousandths of a degree north of 10."""
    nodes = [int(np.abs(graph.lat - (10 + north / 1000)).argmin()) for north in (start, end)]
    found = node_matrix(contract_roads(graph), nodes, nodes)
    return int(found.durations[0, 1]), int(found.distances[0, 1])


def arcs_by_place(graph: RoadGraph) -> Mapping[tuple[tuple[int, int], tuple[int, int]], tuple[int, int]]:
    """(tail, head) as thousandths of a degree east and north of (105, 10) -> (mm, ms); the slower of parallel arcs."""
    east, north = np.rint((graph.lon - 105) * 1000).astype(int), np.rint((graph.lat - 10) * 1000).astype(int)
    places = list(zip(east.tolist(), north.tolist(), strict=True))
    columns = (graph.tails(), graph.head, graph.length_mm, graph.duration_ms)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return {(places[tail], places[head]): (length, duration) for tail, head, length, duration in rows}


def _tags(tags: Mapping[str, str]) -> str:
    return "".join(f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items())
