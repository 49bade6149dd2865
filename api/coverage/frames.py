"""
A coverage study as tables for notebooks: what lies somewhere as GeoDataFrames, everything else as DataFrames.

    study = read_study("coverage.json")
    frames = study_frames(study)
    frames.places.explore(column="motorbike_minutes")
    land = reach_frame(reached_land(study, roads, study.main_means), synthetic=roads.synthetic)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd
from shapely import Point

from api.coverage.document import Access, CoverageStudy, Means, Reached, YearFigures
from api.coverage.reach import Land, reached_land
from api.coverage.reading import read_study
from api.errors import Language

__all__ = ["StudyFrames", "reach_frame", "reached_land", "read_study", "study_frames"]

YEAR = (
    "dossiers", "results", "total_dong", "dong", "fixed_dong", "postage_dong", "km", "courier_days", "hours",
    "most_couriers", "early", "on_the_day", "late", "unserved",
)  # fmt: skip
"""Figures of a year, as the frames have them."""


@dataclass(frozen=True, slots=True, eq=False)
class StudyFrames:
    """Tables of one study. Minutes, kilometres, đồng a year; positions in EPSG:4326."""

    places: gpd.GeoDataFrame
    """Where people live; index: `place_id`."""
    points: gpd.GeoDataFrame
    """Posts in force; index: `point_id`."""
    remedies: gpd.GeoDataFrame
    """One row a place and remedy, at the place."""
    scenarios: pd.DataFrame
    """One row a scenario; `before_*`, `after_*` and `change_*` of each figure of a year."""
    frontier: pd.DataFrame
    """One row a means, limit and k."""
    efficient: pd.DataFrame
    """One row a step, the cheapest first."""
    floors: pd.DataFrame
    """One row a floor."""
    shortfalls: pd.DataFrame
    """One row a floor and what fails it."""
    assumptions: pd.DataFrame
    """Every number that is not measured; index: `key`."""


def study_frames(study: CoverageStudy, language: Language = "vi") -> StudyFrames:
    """
    Turn a study into tables.

    Parameters
    ----------
    language
        Of sentences, such as the meaning of an assumption.
    """
    return StudyFrames(
        places=_geo(_place_rows(study), "place_id"),
        points=_geo(_point_rows(study), "point_id"),
        remedies=_geo(_remedy_rows(study, language), None),
        scenarios=_frame(_scenario_rows(study, language), "scenario"),
        frontier=pd.DataFrame(_frontier_rows(study)),
        efficient=pd.DataFrame(_efficient_rows(study)),
        floors=_frame(_floor_rows(study, language), "floor"),
        shortfalls=pd.DataFrame(_shortfall_rows(study), columns=["floor", "id", "name", "measured"]),
        assumptions=_frame(_assumption_rows(study, language), "key"),
    )


def reach_frame(lands: Sequence[Land], *, synthetic: bool) -> gpd.GeoDataFrame:
    """One row a land, EPSG:4326, empty ones left out: `of`, `id`, `name`, `means`, `minutes`, `km2`."""
    drawn = [land for land in lands if not land.area.is_empty]
    rows = {
        "of": [str(land.of) for land in drawn],
        "id": [land.id for land in drawn],
        "name": [land.name for land in drawn],
        "means": [str(land.means) for land in drawn],
        "minutes": [land.minutes for land in drawn],
        "km2": [land.km2 for land in drawn],
        "synthetic_roads": [synthetic] * len(drawn),
    }
    return gpd.GeoDataFrame(rows, geometry=[land.area for land in drawn], crs="EPSG:4326")


def minutes_of(access: Access | None) -> float | None:
    """The way to the nearest post, minutes; None = there is none."""
    return None if access is None or access.seconds is None else access.seconds / 60


def year_row(year: YearFigures) -> dict[str, float]:
    """A year's figures by the names of `YEAR`."""
    return {name: getattr(year, name) for name in YEAR}


def reached_row(reached: Reached) -> dict[str, float]:
    """People within each limit and means: `motorbike_people_30`."""
    return {
        f"{means}_people_{minutes}": people
        for means, by_minutes in reached.people.items()
        for minutes, people in sorted(by_minutes.items())
    }


def _place_rows(study: CoverageStudy) -> Iterator[dict[str, Any]]:
    lacking = set(study.without_post)
    for place in study.places:
        yield {
            "place_id": place.place_id, "name": place.name, "commune_code": place.commune_code,
            "commune": place.commune, "people": place.people, "people_estimated": place.people_estimated,
            "has_post": place.has_post, "without_post": place.place_id in lacking, "base_id": place.base_id,
            **_access_row(place.access), "geometry": Point(place.position),
        }  # fmt: skip


def _access_row(access: Mapping[Means, Access]) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for means in Means:
        found = access.get(means)
        row[f"{means}_minutes"] = minutes_of(found)
        row[f"{means}_point_id"] = None if found is None else found.point_id
    return row


def _point_rows(study: CoverageStudy) -> Iterator[dict[str, Any]]:
    for point in study.points:
        yield {
            "point_id": point.point_id, "name": point.name, "kind": point.kind, "commune_code": point.commune_code,
            "hours_a_day": point.hours_a_day, "days_a_week": point.days_a_week,
            **{f"{means}_people_nearest": point.people_nearest.get(means, 0) for means in Means},
            "geometry": Point(point.position),
        }  # fmt: skip


def _remedy_rows(study: CoverageStudy, language: Language) -> Iterator[dict[str, Any]]:
    places = {place.place_id: place for place in study.places}
    for price in study.remedies:
        place = places[price.place_id]
        yield {
            "place_id": price.place_id, "name": place.name, "commune": place.commune, "people": place.people,
            "kind": str(price.kind), "weekday": price.weekday, "hours_a_week": price.hours_a_week,
            "added_dong": price.added_dong, "added_km": price.added_km,
            "added_courier_days": price.added_courier_days, "dossiers_won": price.dossiers_won,
            **{f"{means}_minutes_saved": price.minutes_saved.get(means) for means in Means},
            **{f"{means}_people_gained": price.people_gained.get(means) for means in Means},
            "late_change": price.late_change, **_access_row(price.access),
            "problem": None if price.problem is None else getattr(price.problem, language),
            **{f"year_{name}": value for name, value in year_row(price.year).items()},
            "geometry": Point(place.position),
        }  # fmt: skip


def _scenario_rows(study: CoverageStudy, language: Language) -> Iterator[dict[str, Any]]:
    for one in study.scenarios:
        before, after = year_row(one.before), year_row(one.after)
        yield {
            "scenario": one.key, "title": getattr(one.title, language),
            **{f"before_{name}": value for name, value in before.items()},
            **{f"after_{name}": value for name, value in after.items()},
            **{f"change_{name}": after[name] - before[name] for name in YEAR},
            **reached_row(one.reached),
            **{f"{name}_{end}": getattr(band, end) for name, band in one.bands.items() for end in _BAND},
            **{f"change_{name}_{end}": getattr(band, end) for name, band in one.change_bands.items() for end in _BAND},
        }  # fmt: skip


_BAND = ("low", "median", "high")


def _frontier_rows(study: CoverageStudy) -> Iterator[dict[str, Any]]:
    for frontier in study.frontiers:
        for step in frontier.steps:
            yield {
                "means": str(frontier.means), "minutes": frontier.minutes, "k": step.k,
                "exact_people": step.exact_people, "greedy_people": step.greedy_people, "proved": step.proved,
                "exact": list(step.exact), "greedy": list(step.greedy),
            }  # fmt: skip


def _efficient_rows(study: CoverageStudy) -> Iterator[dict[str, Any]]:
    for step in study.efficient:
        choices = {choice.place_id: str(choice.kind) for choice in step.choices}
        yield {
            "added_dong": step.added_dong,
            "chance_dong": step.chance_dong,
            "people": step.people,
            "postage_dong": step.postage_dong,
            "choices": choices,
        }


def _floor_rows(study: CoverageStudy, language: Language) -> Iterator[dict[str, Any]]:
    for floor in study.floors:
        yield {
            "floor": floor.key, "meaning": getattr(floor.meaning, language), "unit": getattr(floor.unit, language),
            "limit": floor.limit, "measured": floor.measured, "met": floor.met, "checked": floor.checked,
            "failing": len(floor.fails),
        }  # fmt: skip


def _shortfall_rows(study: CoverageStudy) -> Iterator[dict[str, Any]]:
    for floor in study.floors:
        for one in floor.fails:
            yield {"floor": floor.key, "id": one.id, "name": one.name, "measured": one.measured}


def _assumption_rows(study: CoverageStudy, language: Language) -> Iterator[dict[str, Any]]:
    for one in study.assumptions:
        yield {
            "key": one.key, "value": one.value, "unit": getattr(one.unit, language),
            "meaning": getattr(one.meaning, language), "source": getattr(one.source, language),
            "estimated": one.estimated,
        }  # fmt: skip


def _geo(rows: Iterable[dict[str, Any]], index: str | None) -> gpd.GeoDataFrame:
    found: Sequence[dict[str, Any]] = list(rows)
    geometry = [row.pop("geometry") for row in found]
    frame = gpd.GeoDataFrame(found, geometry=geometry, crs="EPSG:4326")
    return frame if index is None or frame.empty else frame.set_index(index)


def _frame(rows: Iterable[dict[str, Any]], index: str) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows))
    return frame if frame.empty else frame.set_index(index)
