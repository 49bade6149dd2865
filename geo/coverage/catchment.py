"""What points reach: the land around them, the people within limits, how far people have it in the mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geo.matrix import UNREACHABLE, IntMatrix
from geo.reach import reach_within
from geo.reach_areas import reach_areas
from geo.roads import Roads
from geo.segments import IntArray
from geo.snapping import snap


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """The point to which each place has it least far."""

    point: NDArray[np.intp]
    """Shape (places,): column, the first among equals; -1 = none is reached."""
    seconds: IntArray
    """Shape (places,); `UNREACHABLE` where none is reached."""


@dataclass(frozen=True, slots=True)
class AccessSummary:
    """How far people have it."""

    people: int
    limits: tuple[int, ...]
    """Seconds, as asked for."""
    within: tuple[int, ...]
    """People within each limit."""
    unreached: int
    """People who reach no point; they are in no mean and no median."""
    mean_seconds: float | None
    """Over the people who reach a point; None = nobody does."""
    median_seconds: int | None
    """Half of these people or more have it no further."""


def nearest_points(seconds: IntMatrix) -> Nearest:
    """Find the nearest point for each place of `access_seconds`, shape (places, points)."""
    if not seconds.shape[1]:
        return Nearest(
            point=np.full(seconds.shape[0], -1, dtype=np.intp),
            seconds=np.full(seconds.shape[0], UNREACHABLE, dtype=np.int32),
        )
    point = seconds.argmin(axis=1)
    least = seconds[np.arange(point.size), point]
    return Nearest(point=np.where(least == UNREACHABLE, -1, point), seconds=least)


def summarise_access(people: ArrayLike, seconds: IntArray, limits: Sequence[int]) -> AccessSummary:
    """
    Count people by how far they have it.

    Parameters
    ----------
    people
        Shape (places,), from 0.
    seconds
        Shape (places,): to the nearest point, as `nearest_points` finds it.
    limits
        Seconds, any number of them.

    Raises
    ------
    ValueError
        When shapes differ, people are negative or nobody lives anywhere.
    """
    heads = np.asarray(people, dtype=np.int64)
    if heads.shape != seconds.shape or heads.ndim != 1:
        raise ValueError(f"people and seconds are (places,), got {heads.shape} and {seconds.shape}")
    if heads.size and heads.min() < 0:
        raise ValueError(f"people must not be negative, got {heads.min()}")
    if not heads.any():
        raise ValueError("nobody lives at these places")
    reached = np.flatnonzero((seconds != UNREACHABLE) & (heads > 0))
    known, ways = heads[reached], seconds[reached].astype(np.int64)
    mean = float((known * ways).sum() / known.sum()) if known.size else None
    return AccessSummary(
        people=int(heads.sum()),
        limits=tuple(limits),
        within=tuple(int(known[ways <= limit].sum()) for limit in limits),
        unreached=int(heads.sum() - known.sum()),
        mean_seconds=mean,
        median_seconds=_median(known, ways) if known.size else None,
    )


def mean_road_km(people: ArrayLike, seconds: IntMatrix, metres: IntMatrix) -> float | None:
    """
    Give the mean length of people's ways to the nearest point on the road, beside the radius of a circle.

    Parameters
    ----------
    people
        Shape (places,).
    seconds, metres
        Shape (places, points), of one `find_access`. The nearest point is the quickest to reach.

    Returns
    -------
    km
        None = nobody reaches a point.
    """
    nearest = nearest_points(seconds)
    reached = np.flatnonzero(nearest.point >= 0)
    heads = np.asarray(people, dtype=np.int64)[reached]
    if not heads.any():
        return None
    ways = metres[reached, nearest.point[reached]].astype(np.int64)
    return float((heads * ways).sum() / heads.sum()) / 1000


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


def _median(people: NDArray[np.int64], ways: NDArray[np.int64]) -> int:
    order = np.argsort(ways, kind="stable")
    so_far = np.cumsum(people[order])
    return int(ways[order][np.searchsorted(2 * so_far, so_far[-1])])
