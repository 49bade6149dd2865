"""Distances on the sphere. Coordinates are (lon, lat) degrees WGS84."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

EARTH_RADIUS = 6_371_008.8
"""Mean radius of the Earth, metres (IUGG)."""

FloatArray = NDArray[np.float64]

_VIETNAM = (102.0, 8.0, 118.0, 23.6)  # lon, lat from and to, the islands of the East Sea included


def haversine(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike) -> FloatArray:
    """
    Great-circle distance, metres; the arguments are degrees and broadcast.

    References
    ----------
    .. [1] Sinnott (1984). Virtues of the haversine. Sky and Telescope 68, 159.
    """
    lam1, phi1, lam2, phi2 = (np.radians(np.asarray(x, dtype=np.float64)) for x in (lon1, lat1, lon2, lat2))
    half = np.sin((phi2 - phi1) / 2) ** 2 + np.cos(phi1) * np.cos(phi2) * np.sin((lam2 - lam1) / 2) ** 2
    metres: FloatArray = 2 * EARTH_RADIUS * np.arcsin(np.sqrt(np.minimum(half, 1.0)))
    return metres


def bearing(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike) -> FloatArray:
    """Direction from first to second points close by, degrees clockwise from north, in -180 ... 180; 0 at one place."""
    west, south, east, north = (np.asarray(value, dtype=np.float64) for value in (lon1, lat1, lon2, lat2))
    across = ((east - west + 180) % 360 - 180) * np.cos(np.radians((south + north) / 2))
    degrees: FloatArray = np.degrees(np.arctan2(across, north - south))
    return degrees


def to_sphere(lon: ArrayLike, lat: ArrayLike) -> FloatArray:
    """Points in space, shape (k, 3), metres: the straight chord orders pairs as the great circle does."""
    lam, phi = np.radians(np.asarray(lon, dtype=np.float64)), np.radians(np.asarray(lat, dtype=np.float64))
    return EARTH_RADIUS * np.column_stack((np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)))


def to_plane(points: ArrayLike, *, origin: tuple[float, float]) -> FloatArray:
    """
    Local equirectangular projection: metres east and north of `origin`, shape (k, 2).

    Within 100 km of the origin, lengths are right to about 1 % at the latitudes of Vietnam.
    """
    degrees = np.asarray(points, dtype=np.float64).reshape(-1, 2) - np.asarray(origin)
    shrink = np.array([np.cos(np.radians(origin[1])), 1.0])
    plane: FloatArray = np.radians(degrees) * shrink * EARTH_RADIUS
    return plane


def from_plane(metres: ArrayLike, *, origin: tuple[float, float]) -> FloatArray:
    """Undo `to_plane`: degrees, shape (k, 2)."""
    shrink = np.array([np.cos(np.radians(origin[1])), 1.0])
    degrees = np.degrees(np.asarray(metres, dtype=np.float64).reshape(-1, 2) / EARTH_RADIUS / shrink)
    points: FloatArray = degrees + np.asarray(origin)
    return points


def plausible_vietnam(lon: float, lat: float) -> bool:
    """Whether a point may lie in Vietnam; a swapped pair (lat, lon) never does."""
    west, south, east, north = _VIETNAM
    return west <= lon <= east and south <= lat <= north
