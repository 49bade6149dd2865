"""How long people are on their way to each point that serves them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from geo.errors import TooFarError
from geo.matrix import UNREACHABLE, IntMatrix, node_matrix
from geo.roads import Roads
from geo.segments import IntArray
from geo.snapping import near_road, snap


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """Ways from places to points, and what no way leads from or to."""

    seconds: IntMatrix
    """Shape (places, points); `UNREACHABLE` where no path leads or no road is near."""
    metres: IntMatrix
    """Of the same, fastest ways."""
    places_off_road: IntArray
    """Ascending: places with no road within the radius."""
    points_off_road: IntArray
    """Ascending: points with no road within the radius."""

    def unreached(self) -> IntArray:
        """Places from which no point is reached: off the road, or cut off as an island without a ferry is."""
        return unreached_places(self.seconds)


def access_seconds(
    roads: Roads,
    profile: str,
    places: ArrayLike,
    points: ArrayLike,
    *,
    radius_m: int = 2000,
    closed: frozenset[int] = frozenset(),
) -> IntMatrix:
    """The seconds of `find_access` alone."""
    return find_access(roads, profile, places, points, radius_m=radius_m, closed=closed).seconds


def find_access(
    roads: Roads,
    profile: str,
    places: ArrayLike,
    points: ArrayLike,
    *,
    radius_m: int = 2000,
    closed: frozenset[int] = frozenset(),
) -> Access:
    """
    Find the time on the road from each place to each point.

    The ways between place, road and point are included, and so is the wait for a ferry: half its interval. Where a
    place and a point are the very same spot there is nothing to go, road or none.

    Parameters
    ----------
    roads, profile
        Whose roads: `walk`, `motorbike` or any other profile of them.
    places
        Shape (n, 2), degrees (lon, lat): where people live.
    points
        Shape (k, 2), degrees: where they are served.
    radius_m
        Furthest acceptable road, metres.
    closed
        Ferries (or other ways) that are not to be used, by way id; see `ferries.closed_ferries`.

    Raises
    ------
    KeyError
        When the roads have no such profile.
    ValueError
        When a place or a point is no place on Earth: it names the first.
    TooFarError
        When a path is too long for exact arithmetic.
    """
    contracted = roads.contracted(profile, closed=closed)
    graph = contracted.graph
    homes, desks = (np.asarray(x, dtype=np.float64).reshape(-1, 2) for x in (places, points))
    from_road, to_road = (near_road(graph, spots, radius_m=radius_m) for spots in (homes, desks))
    start, end = (snap(graph, spots, radius_m=radius_m) for spots in (homes[from_road], desks[to_road]))
    sources, row = np.unique(start.nodes, return_inverse=True)
    targets, column = np.unique(end.nodes, return_inverse=True)
    network = node_matrix(contracted, sources, targets)
    on_road = np.flatnonzero(from_road)[:, None], np.flatnonzero(to_road)
    same = (homes[:, None, :] == desks[None, :, :]).all(axis=2)
    metres, seconds = (np.full(same.shape, UNREACHABLE, dtype=np.int32) for _ in range(2))
    wholes, ways = (metres, seconds), (network.distances, network.durations)
    for full, between, before, after in zip(wholes, ways, start.access(graph), end.access(graph), strict=True):
        full[on_road] = _with_access(between[row[:, None], column], before, after)
        full[same] = 0
    return Access(
        seconds=seconds,
        metres=metres,
        places_off_road=np.flatnonzero(~from_road).astype(np.int32),
        points_off_road=np.flatnonzero(~to_road).astype(np.int32),
    )


def unreached_places(seconds: IntMatrix) -> IntArray:
    """Places, ascending, from which none of the points is reached."""
    return np.flatnonzero((seconds == UNREACHABLE).all(axis=1)).astype(np.int32)


def _with_access(network: IntMatrix, before: IntArray, after: IntArray) -> IntMatrix:
    """Add the ways between door and road, both ends."""
    on_road = network != UNREACHABLE
    longest = int(network[on_road].max(initial=0)) + int(before.max(initial=0)) + int(after.max(initial=0))
    if longest >= UNREACHABLE:
        raise TooFarError
    return np.where(on_road, network * on_road + before[:, None] + after[None, :], UNREACHABLE).astype(np.int32)
