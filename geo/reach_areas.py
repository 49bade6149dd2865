"""The area around what is reached, to draw: all places within a few steps of a reached road."""

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geo.coordinates import FloatArray, from_plane, to_plane
from geo.graph import RoadGraph
from geo.reach import Reach, RoadPieces, road_pieces

_DETAIL = 1 / 15
"""How far bends may be straightened, in widths of the area around a road."""
_GRID = 1e-7  # degrees: a centimetre
_ARC = 4  # corners of a quarter of a circle


def reach_areas(graph: RoadGraph, reached: Sequence[Reach], *, buffer_m: float = 150.0) -> list[shapely.MultiPolygon]:
    """
    Draw the land within `buffer_m` metres of the reached pieces of road.

    The ways between the points and the road are not drawn. Where roads leave a gap, there is a hole.

    Parameters
    ----------
    graph
        The roads that were searched.
    reached
        In any order: what one call of `reach_within` found.
    buffer_m
        Above 0, metres.

    Returns
    -------
    areas
        One for each reach, valid, degrees (lon, lat) to a centimetre, outer rings counter-clockwise; empty where no
        piece of road is reached. The area of a longer reach holds that of a shorter one, give or take 2 cm.

    Raises
    ------
    ValueError
        When `buffer_m` is not above 0.
    """
    if not buffer_m > 0:
        raise ValueError(f"buffer_m must be above 0, got {buffer_m}")
    origin = (float(graph.lon.mean()), float(graph.lat.mean())) if graph.num_nodes else (0.0, 0.0)
    plane = to_plane(np.column_stack((graph.lon, graph.lat)), origin=origin)
    areas: dict[int, shapely.MultiPolygon] = {}
    smaller: BaseGeometry = shapely.MultiPolygon()
    for index in sorted(range(len(reached)), key=lambda index: reached[index].seconds):
        lines = shapely.multilinestrings(_ends(plane, road_pieces(graph, reached[index])))
        merged = shapely.simplify(shapely.line_merge(lines), buffer_m * _DETAIL)
        around = shapely.buffer(shapely.get_parts(merged), buffer_m, quad_segs=_ARC)
        smaller = shapely.union_all([smaller, *around])
        areas[index] = _on_earth(smaller, origin)
    return [areas[index] for index in range(len(reached))]


def area_km2(area: BaseGeometry) -> float:
    """Square kilometres of an area in degrees; right to about 1 % for a province of Vietnam."""
    if area.is_empty:
        return 0.0
    origin = (area.centroid.x, area.centroid.y)
    return float(shapely.transform(area, lambda points: to_plane(points, origin=origin)).area) / 1e6


def _ends(plane: FloatArray, pieces: RoadPieces) -> FloatArray:
    """Shape (lines, 2, 2): one for a piece that is reached whole, else one from either end; dots do no harm."""
    low, high = plane[pieces.low], plane[pieces.high]
    whole = pieces.from_low + pieces.from_high >= 1
    from_low = low + (high - low) * np.where(whole, 1, pieces.from_low)[:, None]
    from_high = high + (low - high) * np.where(whole, 0, pieces.from_high)[:, None]
    return np.concatenate((np.stack((low, from_low), axis=1), np.stack((from_high, high), axis=1)))


def _on_earth(area: BaseGeometry, origin: tuple[float, float]) -> shapely.MultiPolygon:
    degrees = shapely.transform(area, lambda points: from_plane(points, origin=origin))
    rounded = shapely.set_precision(degrees, _GRID)
    polygons = [part for part in shapely.get_parts(rounded) if part.geom_type == "Polygon"]
    return shapely.MultiPolygon(list(shapely.orient_polygons(polygons)))
