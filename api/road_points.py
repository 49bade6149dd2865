"""Points that commands bring to the road: a table `id, lon, lat`, or given one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from api.errors import InputError, RowError, RowRef
from api.messages import row_error
from api.tables.columns import Column, Table
from api.tables.files import FileError, read_csv
from api.tables.kinds import LATITUDE, LONGITUDE, TEXT
from api.tables.reading import read_rows
from geo.coordinates import plausible_vietnam
from geo.errors import NoRoadError
from geo.graph import RoadGraph
from geo.snapping import Snapped, snap


@dataclass(frozen=True, slots=True)
class Point:
    """A place to go to or from."""

    code: str
    lon: float
    lat: float
    source: RowRef


TABLE: Table[Point] = Table(
    name="points",
    row=Point,
    columns=(
        Column("id", TEXT, "mã điểm, không trùng nhau", "code of the point, each once", "bd-01", True, field="code"),
        Column("lon", LONGITUDE, "kinh độ", "longitude", "105.43", True),
        Column("lat", LATITUDE, "vĩ độ", "latitude", "10.38", True),
    ),
    vi="Các điểm cần đo",
    en="Points to measure between",
    required=True,
)


def read_points(path: Path) -> tuple[Point, ...]:
    """
    Read a table of points.

    Raises
    ------
    InputError
        With every row that cannot be used.
    """
    try:
        sheet = read_csv(path)
    except FileError as problem:
        raise InputError([problem.error]) from problem
    reading = read_rows(TABLE, sheet)
    errors = [*reading.errors, *_repeated(reading.rows), *_no_places(reading.rows)]
    if not sheet.rows and not errors:
        errors.append(row_error(RowRef(sheet.file), None, "no_rows"))
    if errors:
        raise InputError(sorted(errors, key=lambda error: error.row or 0))
    return reading.rows


def points_at(places: Iterable[tuple[float, float]], source: str) -> tuple[Point, ...]:
    """
    Name points that are given as (lon, lat) by their number.

    Raises
    ------
    InputError
        With each that is no place on Earth.
    """
    points = tuple(Point(str(row), lon, lat, RowRef(source, row)) for row, (lon, lat) in enumerate(places, 1))
    if errors := list(_no_places(points)):
        raise InputError(errors)
    return points


def bring_to_road(graph: RoadGraph, points: Sequence[Point], *, radius_m: int) -> Snapped:
    """
    Find the road node nearest to each point.

    Raises
    ------
    InputError
        With each point that lies further than `radius_m` metres from every road.
    """
    where = np.array([(point.lon, point.lat) for point in points], dtype=np.float64)
    try:
        return snap(graph, where, radius_m=radius_m)
    except NoRoadError as error:
        raise InputError(
            _too_far(points[index], metres, road, graph.profile, radius_m) for index, metres, road in error.points
        ) from error


def _repeated(points: Iterable[Point]) -> list[RowError]:
    first: dict[str, Point] = {}
    errors = []
    for point in points:
        earlier = first.setdefault(point.code, point)
        if earlier is not point:
            errors.append(row_error(point.source, "id", "duplicate", value=point.code, first=earlier.source.row))
    return errors


def _no_places(points: Iterable[Point]) -> Iterable[RowError]:
    """Latitudes beyond the poles, most of which are longitudes; nothing else is odd: roads may be of any country."""
    for point in points:
        if abs(point.lat) <= 90 and abs(point.lon) <= 180:
            continue
        if plausible_vietnam(point.lat, point.lon):
            yield row_error(point.source, "lon", "swapped_lon_lat", lon=f"{point.lon:g}", lat=f"{point.lat:g}")
        elif not abs(point.lat) <= 90:
            yield row_error(point.source, "lat", "out_of_range", value=f"{point.lat:g}", least=-90, most=90)
        else:
            yield row_error(point.source, "lon", "out_of_range", value=f"{point.lon:g}", least=-180, most=180)


def _too_far(point: Point, metres: int, road: str, profile: str, radius_m: int) -> RowError:
    named_vi, named_en = (f" ({road})", f" ({road})") if road else ("", "")
    return RowError(
        file=point.source.file,
        row=point.source.row,
        column="lon",
        code="no_road",
        message_vi=(
            f"điểm {point.code} ({point.lon:g}, {point.lat:g}) cách đường gần nhất cho {profile}{named_vi} {metres} m, "
            f"quá {radius_m} m: kiểm tra tọa độ, hoặc bổ sung mạng đường"
        ),
        message_en=(
            f"the point {point.code} ({point.lon:g}, {point.lat:g}) lies {metres} m from the nearest road for "
            f"{profile}{named_en}, more than {radius_m} m: check the coordinates, or extend the roads"
        ),
    )
