"""Large networks made of copies of a real one: side by side, joined by a few roads; and forbidden turns made up."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from geo.coordinates import FloatArray, haversine
from geo.crossings import chains
from geo.graph import RoadGraph, graph_from_arcs, parts, subgraph
from geo.profiles import ROAD_CLASSES
from geo.segments import travel_ms

JOINS = 4
"""Roads between two neighbours."""
GAP = 0.1
"""Of a copy's width and height, between two of them."""
DETOUR, JOIN_KPH = 1.3, 42.0
"""Length of a joining road over the distance of its ends, and its speed."""
BAN_SHARE = 0.015
"""Forbidden turns a crossing: north-bayreuth has 0.016, Andorra 0.014."""
_ENOUGH = 4
"""Ways out of a crossing where a turn may be forbidden without closing a road."""


def tiled(base: RoadGraph, crossings: int) -> RoadGraph:
    """
    Copies of a graph in a square grid with about so many crossings, one strongly connected part, without bans.

    The last copy is cut off at a meridian, so that the number is met.
    """
    wanted = crossings / count_crossings(base)
    copies = math.ceil(wanted)
    across = math.ceil(math.sqrt(copies))
    size = base.num_nodes
    tail, head = _copied(base.tails(), copies, size), _copied(base.head, copies, size)
    column, row = np.arange(copies) % across, np.arange(copies) // across
    lon = (base.lon + (column * np.ptp(base.lon) * (1 + GAP))[:, None]).ravel()
    lat = (base.lat + (row * np.ptp(base.lat) * (1 + GAP))[:, None]).ravel()
    begin, end = _joins(lon.reshape(copies, size), lat.reshape(copies, size), across)
    metres = haversine(lon[begin], lat[begin], lon[end], lat[end]) * DETOUR
    join_mm = np.rint(metres * 1000).astype(np.int32)
    join_ms = travel_ms(join_mm, np.full(join_mm.size, JOIN_KPH))
    graph = graph_from_arcs(
        lon, lat, np.concatenate((tail, begin, end)), np.concatenate((head, end, begin)),
        np.concatenate((np.tile(base.length_mm, copies), join_mm, join_mm)),
        np.concatenate((np.tile(base.duration_ms, copies), join_ms, join_ms)),
        np.concatenate((np.tile(base.road_class, copies), np.full(2 * metres.size, ROAD_CLASSES.index("primary")))),
        profile=base.profile, access_kph=base.access_kph, delays=base.delays,
    )  # fmt: skip
    kept = np.ones(graph.num_nodes, dtype=np.bool_)
    kept[-size:] = base.lon <= np.quantile(base.lon, wanted - (copies - 1))
    whole = subgraph(graph, kept)
    return subgraph(whole, parts(whole) == 0)


def count_crossings(graph: RoadGraph) -> int:
    """Nodes where one may choose, or must turn round."""
    return int(chains(graph).is_crossing.sum())


def _copied(nodes: NDArray[np.int32], copies: int, size: int) -> NDArray[np.int32]:
    return (nodes + (np.arange(copies, dtype=np.int32) * size)[:, None]).ravel()


def _joins(lon: FloatArray, lat: FloatArray, across: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Ends of the roads between each copy and the next one to the east, and to the north."""
    copies, size = lon.shape
    east, north = _facing(lon[0], lat[0]), _facing(lat[0], lon[0])
    begin: list[NDArray[np.intp]] = []
    end: list[NDArray[np.intp]] = []
    for copy in range(copies):
        for step, (leaves, reaches), exists in (
            (1, east, (copy + 1) % across), (across, north, True),
        ):  # fmt: skip
            if exists and copy + step < copies:
                begin.append(leaves + copy * size)
                end.append(reaches + (copy + step) * size)
    nothing = np.zeros(0, dtype=np.intp)
    return np.concatenate((nothing, *begin)), np.concatenate((nothing, *end))


def _facing(along: FloatArray, across: FloatArray) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """For each of some strips, the nodes furthest on and furthest back along an axis."""
    strips = np.array_split(np.argsort(across, kind="stable"), JOINS)
    return (
        np.array([strip[np.argmax(along[strip])] for strip in strips]),
        np.array([strip[np.argmin(along[strip])] for strip in strips]),
    )


def with_bans(graph: RoadGraph, *, seed: int, share: float = BAN_SHARE) -> RoadGraph:
    """Forbid one turn, never the one back, at a share of the crossings: at random, where four ways or more lead on."""
    rng = np.random.default_rng(seed)
    tail, ways = graph.tails(), np.diff(graph.first_out)
    into = np.flatnonzero((ways[graph.head] >= _ENOUGH) & (tail != graph.head))
    into = rng.permutation(into)
    _, first = np.unique(graph.head[into], return_index=True)  # one arc into each such crossing
    came = rng.permutation(into[first])
    then = graph.first_out[graph.head[came]] + rng.integers(0, ways[graph.head[came]])
    pairs = np.stack((came, then), axis=1)[graph.head[then] != tail[came]][: round(share * count_crossings(graph))]
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))].astype(np.int32)
    first_arc = np.arange(0, 2 * len(pairs) + 1, 2, dtype=np.int32)
    return replace(graph, banned_first=first_arc, banned_arcs=pairs.ravel())
