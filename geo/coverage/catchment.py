"""The land from which points are reached."""

from __future__ import annotations

from collections.abc import Sequence

import shapely
from numpy.typing import ArrayLike

from geo.reach import reach_within
from geo.reach_areas import reach_areas
from geo.roads import Roads
from geo.snapping import snap


def catchment_areas(
    roads: Roads,
    profile: str,
    points: ArrayLike,
    limits: Sequence[int],
    *,
    radius_m: int = 2000,
    closed: frozenset[int] = frozenset(),
    buffer_m: float = 150.0,
) -> list[shapely.MultiPolygon]:
    """
    Draw the land from which the nearest of some points is reached within each limit.

    Parameters
    ----------
    roads, profile, radius_m, closed
        As in `access.find_access`.
    points
        Shape (k, 2), degrees (lon, lat); one, to draw its own land.
    limits
        Seconds from 0, in any order.
    buffer_m
        Width of the land on either side of a reached road, metres.

    Returns
    -------
    areas
        One for each limit, degrees; that of a longer limit holds that of a shorter one.

    Raises
    ------
    NoRoadError
        When points have no road within the radius: it names each of them.
    ValueError
        When a limit is negative, `buffer_m` is not above 0 or a point is no place on Earth.
    TooFarError
        When a limit is too long for exact arithmetic.
    """
    contracted = roads.contracted(profile, closed=closed)
    snapped = snap(contracted.graph, points, radius_m=radius_m)
    return reach_areas(contracted.graph, reach_within(contracted, snapped, limits, towards=True), buffer_m=buffer_m)
