"""Brings points to the road."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from geo.coordinates import EARTH_RADIUS, FloatArray, to_sphere
from geo.errors import NoRoadError
from geo.graph import RoadGraph
from geo.profiles import ROAD_CLASSES
from geo.segments import IntArray

CIRCUITY = 1.32
"""Length of a real way over the straight line: measured between communes of a province in the Mekong delta."""

_NO_STOPPING = [ROAD_CLASSES.index("ferry"), ROAD_CLASSES.index("motorway")]
_FAR = 2**31 - 1  # said of points when there is no road at all


@dataclass(frozen=True, slots=True, eq=False)
class Snapped:
    """Points on the road."""

    nodes: IntArray
    """Shape (k,): node of the graph."""
    offset: IntArray
    """Shape (k,): straight metres between the point and its node."""

    def access(self, graph: RoadGraph) -> tuple[IntArray, IntArray]:
        """Metres and seconds of the way between each point and its node, both of shape (k,)."""
        metres = (self.offset.astype(np.int64) * round(CIRCUITY * 100) + 50) // 100
        seconds = np.floor(metres * 3.6 / graph.access_kph + 0.5)
        return metres.astype(np.int32), seconds.astype(np.int32)


def snap(graph: RoadGraph, points: ArrayLike, *, radius_m: int = 2000) -> Snapped:
    """
    Find the road node nearest to each point; nobody stops on a motorway or aboard a ferry.

    Parameters
    ----------
    graph
        The roads of one profile.
    points
        Shape (k, 2), degrees, (lon, lat).
    radius_m
        Furthest acceptable node, metres.

    Raises
    ------
    NoRoadError
        When some points have no such node within `radius_m`: it names each of them.
    ValueError
        When a point is no place on Earth: it names the first.
    """
    places = _checked(points)
    nodes, metres = _nearest(graph, places)
    far = np.flatnonzero(metres > radius_m)
    if far.size:
        rows = zip(far.tolist(), np.rint(metres[far]).astype(int).tolist(), nodes[far].tolist(), strict=True)
        raise NoRoadError(
            [(at, away, road_name(graph, node) if node >= 0 else "") for at, away, node in rows], radius_m=radius_m
        )
    return Snapped(nodes=nodes, offset=np.rint(metres).astype(np.int32))


def near_road(graph: RoadGraph, points: ArrayLike, *, radius_m: int = 2000) -> NDArray[np.bool_]:
    """
    Which points `snap` would bring to the road, shape (k,).

    Raises
    ------
    ValueError
        When a point is no place on Earth: it names the first.
    """
    return _nearest(graph, _checked(points))[1] <= radius_m


def _nearest(graph: RoadGraph, places: FloatArray) -> tuple[IntArray, FloatArray]:
    """The nearest node to stop at and the straight metres to it; -1 and very far where there is no road at all."""
    usable = np.flatnonzero(_stopping_nodes(graph))
    if not usable.size:
        return np.full(len(places), -1, dtype=np.int32), np.full(len(places), float(_FAR))
    tree = cKDTree(to_sphere(graph.lon[usable], graph.lat[usable]))
    chord, nearest = tree.query(to_sphere(places[:, 0], places[:, 1]))
    metres = 2 * EARTH_RADIUS * np.arcsin(np.minimum(chord / (2 * EARTH_RADIUS), 1))
    return usable[nearest].astype(np.int32), metres


def road_name(graph: RoadGraph, node: int) -> str:
    """Name of a road at a node, of the most important one that has any; "" = none has."""
    arcs = np.flatnonzero((graph.tails() == node) | (graph.head == node))
    named = arcs[graph.name[arcs] >= 0]
    return graph.names[graph.name[named[np.argmin(graph.road_class[named])]]] if named.size else ""


def _checked(points: ArrayLike) -> FloatArray:
    places = np.asarray(points, dtype=np.float64)
    if places.size == 0:
        return places.reshape(0, 2)
    if places.ndim != 2 or places.shape[1] != 2:
        raise ValueError(f"points have the shape (k, 2), got {places.shape}")
    good = np.isfinite(places).all(axis=1) & (np.abs(places[:, 0]) <= 180) & (np.abs(places[:, 1]) <= 90)
    if not good.all():
        worst = int(np.flatnonzero(~good)[0])
        raise ValueError(f"point {worst} is no (lon, lat) in degrees: {tuple(places[worst].tolist())}")
    return places


def may_stop(graph: RoadGraph) -> NDArray[np.bool_]:
    """Whether one may stop on each arc, shape (m,): not on a motorway, nor aboard a ferry."""
    return ~np.isin(graph.road_class, _NO_STOPPING)


def _stopping_nodes(graph: RoadGraph) -> NDArray[np.bool_]:
    road = may_stop(graph)
    marks = np.zeros(graph.num_nodes, dtype=np.bool_)
    marks[graph.head[road]] = True
    marks[graph.tails()[road]] = True
    return marks
