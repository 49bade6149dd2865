"""Estimated outlines of communes of which only a point is known."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike
from scipy.spatial import cKDTree
from shapely.geometry.base import BaseGeometry

from geo.coordinates import FloatArray, from_plane, to_plane

REACH = 1.4
"""How far the outermost communes reach beyond their points, in typical distances to the nearest neighbour."""


def estimated_outlines(points: ArrayLike) -> list[list[FloatArray]]:
    """
    Give every point the area that lies nearer to it than to any other (Voronoi), cut off a little way outside.

    An estimate for the eye, never an official boundary.

    Parameters
    ----------
    points
        Shape (k, 2), degrees (lon, lat).

    Returns
    -------
    outlines
        For each point its closed outer rings, shape (p, 2) each, degrees; none for a point that another one has
        too, and none at all for fewer than three places.
    """
    places = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    kinds, first = np.unique(places, axis=0, return_index=True)
    outlines: list[list[FloatArray]] = [[] for _ in places]
    if len(kinds) < 3:
        return outlines
    origin = (float(kinds[:, 0].mean()), float(kinds[:, 1].mean()))
    plane = to_plane(kinds, origin=origin)
    for index, area in zip(first.tolist(), _areas(plane), strict=True):
        if np.count_nonzero((places == places[index]).all(axis=1)) == 1:
            outlines[index] = [from_plane(ring, origin=origin) for ring in _rings(area)]
    return outlines


def _areas(plane: FloatArray) -> list[BaseGeometry]:
    """The cell of each point, within reach of any of them."""
    nearest = np.asarray(cKDTree(plane).query(plane, k=2)[0])[:, 1]
    reach = REACH * float(np.median(nearest))
    region = shapely.MultiPoint(plane).buffer(2 * reach).buffer(-reach)
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.MultiPoint(plane), extend_to=region))
    owner = shapely.STRtree(cells).query(shapely.points(plane), predicate="within")[1]
    return [cells[cell].intersection(region) for cell in owner]


def _rings(area: BaseGeometry) -> list[FloatArray]:
    return [np.asarray(part.exterior.coords) for part in shapely.get_parts(area) if part.geom_type == "Polygon"]
