"""Invented doors: points beside a road, denser towards the middle of a settlement, as villages are."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial import cKDTree

from geo.coordinates import FloatArray, from_plane, to_sphere
from geo.graph import RoadGraph
from geo.profiles import FERRY

FROM_ROAD_M = 60.0
"""Most."""


class Doors:
    """
    Doors beside the roads of a graph.

    Parameters
    ----------
    graph
        Nobody lives on a ferry of it.
    """

    def __init__(self, graph: RoadGraph) -> None:
        land = np.unique(graph.head[graph.road_class != FERRY])
        self._points = np.column_stack((graph.lon[land], graph.lat[land]))
        self._tree = cKDTree(to_sphere(*self._points.T))

    def around(self, middles: ArrayLike, radius_m: ArrayLike, rng: np.random.Generator) -> FloatArray:
        """
        Invent a door around each of some points.

        Parameters
        ----------
        middles
            Shape (n, 2), degrees (lon, lat).
        radius_m
            Shape (n,) or one for all: the furthest that the road beside may lie from the middle, before it is brought
            to the nearest road.
        rng
            Whose state decides.

        Returns
        -------
        doors
            Shape (n, 2), degrees, within 60 m of a road.
        """
        points = np.asarray(middles, dtype=np.float64).reshape(-1, 2)
        near = _moved(points, np.asarray(radius_m) * rng.random(len(points)), rng)
        return _moved(self._on_roads(near), FROM_ROAD_M * rng.random(len(points)), rng)

    def _on_roads(self, points: FloatArray) -> FloatArray:
        """The nearest node on land for each point."""
        _, nearest = self._tree.query(to_sphere(points[:, 0], points[:, 1]))
        found: FloatArray = self._points[nearest]
        return found


def _moved(points: FloatArray, distance: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Points some metres away, each in a direction of its own."""
    angle = rng.uniform(0, 2 * np.pi, len(points))
    step = distance[:, None] * np.column_stack((np.cos(angle), np.sin(angle)))
    origins = [(float(lon), float(lat)) for lon, lat in points]
    moved = [from_plane(metres, origin=origin)[0] for metres, origin in zip(step, origins, strict=True)]
    return np.array(moved, dtype=np.float64).reshape(-1, 2)
