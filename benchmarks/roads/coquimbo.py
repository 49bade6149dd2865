"""Reads the road network of La Serena and Coquimbo, as its two CSV files have it."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from geo.graph import RoadGraph, graph_from_arcs, parts, subgraph
from geo.profiles import Profile, SpeedTable
from geo.segments import travel_ms

NODES, EDGES = "coquimbo_road_nodes.csv.gz", "coquimbo_road_edges.csv.gz"
_BOTH, _THERE, _BACK = "0", "1", "-1"


def read_coquimbo(folder: Path, table: SpeedTable, profile: Profile) -> RoadGraph:
    """
    The largest strongly connected part of what a profile may drive, with its turn delays.

    Speeds are those of the kind of way, or of the posted limit where that is less. The files know no turn restrictions.

    Parameters
    ----------
    folder
        That holds `coquimbo_road_nodes.csv.gz` and `coquimbo_road_edges.csv.gz`.
    """
    nodes = list(_rows(folder / NODES))
    number = {row["node_id"]: place for place, row in enumerate(nodes)}
    arcs = [
        (number[tail], number[head], metres, kph, table.road_class[kind])
        for tail, head, metres, kph, kind in _arcs(folder / EDGES, profile)
    ]
    tails, heads, metre, speed, classes = (np.array(column) for column in zip(*arcs, strict=True))
    length_mm = np.rint(metre * 1000).astype(np.int32)
    graph = graph_from_arcs(
        np.array([float(row["lon"]) for row in nodes]), np.array([float(row["lat"]) for row in nodes]),
        tails, heads, length_mm, travel_ms(length_mm, speed), classes,
        profile=profile.name, access_kph=profile.access_kph,
        delays=profile.turns,
    )  # fmt: skip
    return subgraph(graph, parts(graph) == 0)


def _arcs(path: Path, profile: Profile) -> Iterator[tuple[str, str, float, float, str]]:
    """Tail, head, metres, km/h and kind of way, for each direction that the profile may drive."""
    for row in _rows(path):
        usual = profile.highway_kph[row["link_type"]]
        ways = (
            (_THERE, row["a_node"], row["b_node"], row["speed_ab"]),
            (_BACK, row["b_node"], row["a_node"], row["speed_ba"]),
        )
        for direction, tail, head, limit in ways:
            if usual and row["direction"] in (_BOTH, direction):
                kph = min(usual, float(limit) * profile.maxspeed_share) if limit else usual
                yield tail, head, float(row["length_m"]), kph, row["link_type"]


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
