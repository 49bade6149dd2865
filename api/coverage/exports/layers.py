"""A study for a GIS: a GeoPackage with a layer a table, and one GeoJSON file of places and posts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pyogrio
from shapely.geometry import mapping

from api.coverage.document import CoverageStudy, RemedyPrice
from api.coverage.frames import minutes_of, reach_frame, study_frames
from api.coverage.reach import Land
from api.errors import Language


def study_geopackage(study: CoverageStudy, language: Language, lands: Sequence[Land] | None = None) -> bytes:
    """
    Write layers `settlements`, `points`, `remedies`, `reach`, and tables `scenarios`, `frontier`, `efficient`, ...

    Parameters
    ----------
    lands
        Of `api.coverage.reach.reached_land`; None = no layer `reach`, and `about` says so.
    """
    frames = study_frames(study, language)
    layers: dict[str, pd.DataFrame] = {
        "settlements": frames.places.reset_index(),
        "points": frames.points.reset_index(),
        "remedies": frames.remedies,
        "reach": reach_frame(lands or (), synthetic=study.network.roads.synthetic),
        "scenarios": frames.scenarios.reset_index(),
        "frontier": _flat(frames.frontier),
        "efficient": _flat(frames.efficient),
        "floors": frames.floors.reset_index(),
        "shortfalls": frames.shortfalls,
        "assumptions": frames.assumptions.astype({"value": str} if len(frames.assumptions) else {}).reset_index(),
        "about": pd.DataFrame([_about(study, lands)]),
    }
    with TemporaryDirectory(prefix="duongthu-") as folder:
        file = Path(folder) / "study.gpkg"
        for name, frame in layers.items():
            if not frame.empty:
                pyogrio.write_dataframe(frame, file, layer=name, driver="GPKG", append=file.exists())
        return file.read_bytes()


def study_geojson(study: CoverageStudy, lands: Sequence[Land] | None = None) -> bytes:
    """Places with their remedies, posts in force and the land that reaches them, told apart by `layer`; RFC 7946."""
    content = {
        "type": "FeatureCollection",
        "about": _about(study, lands),
        "features": [*_places(study), *_points(study), *_lands(study, lands or ())],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _about(study: CoverageStudy, lands: Sequence[Land] | None) -> dict[str, Any]:
    roads = study.network.roads
    return {
        "network": study.network.name, "valid_on": study.network.valid_on.isoformat(), "software": study.software,
        "roads": roads.source, "synthetic_roads": roads.synthetic, "seed": study.seed,
        "main_means": str(study.main_means), "main_minutes": study.main_minutes,
        "reach": "roads at hand" if lands is not None else "left out: no roads of the study at hand",
    }  # fmt: skip


def _places(study: CoverageStudy) -> Iterator[dict[str, Any]]:
    prices: dict[str, list[RemedyPrice]] = {}
    for price in study.remedies:
        prices.setdefault(price.place_id, []).append(price)
    lacking = set(study.without_post)
    for place in study.places:
        minutes = {f"{means}_minutes": minutes_of(access) for means, access in place.access.items()}
        yield _spot(
            place.position,
            {
                "layer": "settlement", "id": place.place_id, "name": place.name, "commune": place.commune,
                "commune_code": place.commune_code, "people": place.people,
                "people_estimated": place.people_estimated, "without_post": place.place_id in lacking, **minutes,
                "remedies": [_remedy(price) for price in prices.get(place.place_id, ())],
            },
        )  # fmt: skip


def _remedy(price: RemedyPrice) -> dict[str, Any]:
    wanted = {
        "kind", "weekday", "hours_a_week", "added_dong", "added_km", "added_courier_days", "minutes_saved",
        "people_gained", "dossiers_won", "late_change", "problem",
    }  # fmt: skip
    return price.model_dump(mode="json", include=wanted)


def _points(study: CoverageStudy) -> Iterator[dict[str, Any]]:
    for point in study.points:
        told = point.model_dump(mode="json", exclude={"position", "point_id"})
        yield _spot(point.position, {"layer": "point", "id": point.point_id, **told})


def _lands(study: CoverageStudy, lands: Sequence[Land]) -> Iterator[dict[str, Any]]:
    for land in lands:
        told = {
            "layer": "reach", "of": str(land.of), "id": land.id, "name": land.name, "means": str(land.means),
            "minutes": land.minutes, "km2": land.km2, "synthetic_roads": study.network.roads.synthetic,
        }  # fmt: skip
        if not land.area.is_empty:
            yield {"type": "Feature", "geometry": mapping(land.area), "properties": told}


def _spot(position: tuple[float, float], properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(position)},
        "properties": properties,
    }


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """Lists and mappings as JSON text: a table of a GeoPackage has no other place for them."""
    return frame.map(lambda cell: json.dumps(cell, ensure_ascii=False) if isinstance(cell, list | dict) else cell)
