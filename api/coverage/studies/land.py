"""The reached land of a stored study: drawn when it is first asked for, then kept beside what its job has solved."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from threading import Lock
from typing import Literal

from pydantic import BaseModel, ConfigDict, TypeAdapter
from shapely import MultiPolygon

from api.coverage.document import CoverageStudy, Means
from api.coverage.reach import Land, LandOf, reached_land
from api.plans.roads import load_roads
from api.plans.schemas import Position
from api.plans.snapshots import Snapshot, as_read
from api.targets import whole_file

DECIMALS = 5
"""Of a degree: about a metre."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LandProperties(_Part):
    of: LandOf
    id: str | None
    """Place or scenario; None = today."""
    name: str
    means: Means
    minutes: int
    km2: float


class LandGeometry(_Part):
    type: Literal["MultiPolygon"] = "MultiPolygon"
    coordinates: tuple[tuple[tuple[Position, ...], ...], ...]


class LandFeature(_Part):
    type: Literal["Feature"] = "Feature"
    properties: LandProperties
    geometry: LandGeometry


class LandMap(_Part):
    """GeoJSON: the land from which a post is reached within one limit. A place has only what it adds to today's."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="LandMap")

    type: Literal["FeatureCollection"] = "FeatureCollection"
    synthetic_roads: bool
    features: tuple[LandFeature, ...]


_KEPT = TypeAdapter(tuple[LandFeature, ...])
_drawing = Lock()
"""One at a time: it takes a processor for some seconds."""


def kept_land(study: CoverageStudy, means: Means, folder: Path, data: Path, snapshot: Snapshot) -> tuple[Land, ...]:
    """
    Read the land of a study, or draw and keep it.

    Parameters
    ----------
    folder
        The study's own.
    data, snapshot
        Whose roads it was made with.

    Raises
    ------
    OtherRoadsError
        When the province has other roads by now.
    """
    file = folder / f"reach-{means}.json"
    with _drawing:
        if not file.is_file():
            with as_read(snapshot, data) as read:
                drawn = reached_land(study, load_roads(read.network, snapshot.day, settlements=True), means)
            folder.mkdir(parents=True, exist_ok=True)
            with whole_file(file) as target:
                target.write(_KEPT.dump_json(tuple(map(_feature, drawn))))
        return tuple(map(_land, _KEPT.validate_json(file.read_bytes())))


def land_map(lands: Iterable[Land], *, synthetic: bool) -> LandMap:
    """As GeoJSON."""
    return LandMap(synthetic_roads=synthetic, features=tuple(map(_feature, lands)))


def _feature(land: Land) -> LandFeature:
    told = LandProperties(
        of=land.of, id=land.id, name=land.name, means=land.means, minutes=land.minutes, km2=land.km2
    )  # fmt: skip
    rings = tuple(
        tuple(
            tuple((round(x, DECIMALS), round(y, DECIMALS)) for x, y in ring.coords)
            for ring in (part.exterior, *part.interiors)
        )
        for part in land.area.geoms
    )
    return LandFeature(properties=told, geometry=LandGeometry(coordinates=rings))


def _land(feature: LandFeature) -> Land:
    told = feature.properties
    area = MultiPolygon([(rings[0], list(rings[1:])) for rings in feature.geometry.coordinates])
    return Land(told.of, told.id, told.name, told.means, told.minutes, area)
