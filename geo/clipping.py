"""The part of a country whose roads are wanted: a boundary with some room around it."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray
from shapely.geometry.base import BaseGeometry

from geo.coordinates import from_plane, to_plane
from geo.errors import ClipError

Box = tuple[float, float, float, float]
"""West, south, east, north, degrees."""

_WORLD = (-180.0, -90.0, 180.0, 90.0)
_FAR_NORTH = 85.0  # degrees: beyond, a local plane shrinks to nothing
_WIDEST_BUFFER_KM = 1000.0


@dataclass(frozen=True, slots=True, eq=False)
class Clip:
    """
    An area with a buffer; made by `read_clip` or `box_clip`.

    Raises
    ------
    ClipError
        When the area lies outside the world, is empty or crosses itself, or the buffer is not from 0 to 1000 km.
    """

    name: str
    """What it is called where the roads come from: a file name, or the four numbers of a box."""
    boundary: BaseGeometry
    """Polygon or MultiPolygon, degrees WGS84, without the buffer."""
    buffer_km: float = 0.0
    region: BaseGeometry = field(init=False)
    """The boundary with its buffer, prepared; degrees."""

    def __post_init__(self) -> None:
        if not 0 <= self.buffer_km <= _WIDEST_BUFFER_KM:
            raise ClipError(f"the buffer must be from 0 to {_WIDEST_BUFFER_KM:g} km, got {self.buffer_km:g}")
        _check(self.boundary, self.name)
        region = _widened(self.boundary, self.buffer_km)
        shapely.prepare(region)
        object.__setattr__(self, "region", region)

    @property
    def bounds(self) -> Box:
        """The box around the region."""
        west, south, east, north = self.region.bounds
        return west, south, east, north

    @property
    def title(self) -> str:
        """Name and buffer, in no language: `an_giang.geojson + 5 km`."""
        return f"{self.name} + {self.buffer_km:g} km" if self.buffer_km else self.name

    @property
    def sha256(self) -> str:
        """Of the boundary's coordinates and the buffer."""
        return hashlib.sha256(self.boundary.wkb + repr(float(self.buffer_km)).encode()).hexdigest()

    def contains(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.bool_]:
        """Which points lie inside or on the edge, shape (k,)."""
        inside: NDArray[np.bool_] = shapely.intersects_xy(self.region, np.asarray(lon), np.asarray(lat))
        return inside

    def box_around(self, margin_km: float) -> Box:
        """The bounds widened by a margin, no wider than the world."""
        west, south, east, north = self.bounds
        corners = np.array([[west, south], [east, north]])
        middle = ((west + east) / 2, float(np.clip(max(abs(south), abs(north)), 0, _FAR_NORTH)))
        margin = np.array([[-margin_km * 1000] * 2, [margin_km * 1000] * 2])
        low, high = from_plane(to_plane(corners, origin=middle) + margin, origin=middle).tolist()
        return (
            max(low[0], _WORLD[0]), max(low[1], _WORLD[1]), min(high[0], _WORLD[2]), min(high[1], _WORLD[3]),
        )  # fmt: skip


def read_clip(path: Path, *, buffer_km: float = 0.0) -> Clip:
    """
    Read the boundary of an area from GeoJSON; several polygons are joined into one area.

    Parameters
    ----------
    path
        A Polygon, a MultiPolygon, a Feature or a FeatureCollection of them, degrees WGS84.
    buffer_km
        How far beyond the boundary roads are kept.

    Raises
    ------
    OSError
        When the file cannot be opened.
    ClipError
        When it is no such GeoJSON, with the place and the reason; otherwise as `Clip`.
    """
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ClipError(f"{path.name} is no GeoJSON: {error}") from error
    areas = [_area(geometry, f"{path.name}, {where}") for where, geometry in _geometries(data, path.name)]
    if not areas:
        raise ClipError(f"{path.name} holds no polygon")
    joined = areas[0] if len(areas) == 1 else shapely.union_all(areas)
    return Clip(path.name, joined, buffer_km)


def box_clip(text: str, *, buffer_km: float = 0.0) -> Clip:
    """
    Read the corners of a box: `west,south,east,north`, degrees.

    Raises
    ------
    ClipError
        When these are not four numbers in this order.
    """
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise ClipError(f"a box is west,south,east,north in degrees, got {text!r}") from error
    if not (west < east and south < north):
        raise ClipError(f"the west of a box lies west of its east, the south south of its north, got {text!r}")
    name = ",".join(f"{value:.9g}" for value in (west, south, east, north))
    return Clip(name, shapely.box(west, south, east, north), buffer_km)


def box_text(box: Box) -> str:
    """A box for a message: `104.77,10.15 to 105.58,10.96`."""
    west, south, east, north = box
    return f"{west:.4f},{south:.4f} to {east:.4f},{north:.4f}"


def _geometries(data: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every geometry, and where in the file it stands."""
    kind = data.get("type") if isinstance(data, dict) else None
    if kind == "FeatureCollection":
        features = data.get("features")
        if not isinstance(features, list):
            raise ClipError(f"{name}: a FeatureCollection needs a list of features")
        for number, feature in enumerate(features, start=1):
            yield f"feature {number}", feature.get("geometry") if isinstance(feature, dict) else None
    elif kind == "Feature":
        yield "its feature", data.get("geometry")
    else:
        yield "its geometry", data


def _area(geometry: Any, where: str) -> BaseGeometry:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in {"Polygon", "MultiPolygon"}:
        raise ClipError(f"{where}: a boundary is a Polygon or a MultiPolygon, got {str(kind)[:40]}")
    try:
        area = shapely.force_2d(shapely.from_geojson(json.dumps(geometry)))
    except (shapely.errors.ShapelyError, RecursionError) as error:
        raise ClipError(f"{where}: {error}") from error
    _check(area, where)
    return area


def _check(area: BaseGeometry, where: str) -> None:
    if area.is_empty:
        raise ClipError(f"{where}: the boundary holds no area")
    corners = shapely.get_coordinates(area)
    (west, south), (east, north) = corners.min(axis=0), corners.max(axis=0)
    if not (_WORLD[0] <= west and _WORLD[1] <= south and east <= _WORLD[2] and north <= _WORLD[3]):
        raise ClipError(
            f"{where}: no degrees WGS84 (longitude, latitude): they reach from {west:g},{south:g} to {east:g},{north:g}"
        )
    if not area.is_valid:
        raise ClipError(f"{where}: the boundary is no clean polygon: {shapely.is_valid_reason(area)}")


def _widened(boundary: BaseGeometry, buffer_km: float) -> BaseGeometry:
    """The boundary and what lies within a distance of it, measured on a plane at its middle."""
    if buffer_km == 0:
        return boundary
    west, south, east, north = boundary.bounds
    if max(-south, north) > _FAR_NORTH:
        raise ClipError(f"a buffer needs a boundary within {_FAR_NORTH:g} degrees of the equator")
    origin = ((west + east) / 2, (south + north) / 2)
    plane = shapely.transform(boundary, lambda places: to_plane(places, origin=origin))
    return shapely.transform(plane.buffer(buffer_km * 1000), lambda places: from_plane(places, origin=origin))
