"""
The land from which a post is reached: as it is, what a post at each place without one would add, and in scenarios.

A study names posts and places, not roads; whoever has the roads that it was made with draws the land. Whatever set of
places is chosen, the land afterwards is today's with theirs added: the nearest of several posts is within the limit
where one of them is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely

from api.coverage.document import CoveragePoint, CoverageStudy, Means
from api.coverage.situation import RADIUS_M
from api.errors import RefusedError
from geo.coverage.catchment import catchment_areas
from geo.reach_areas import area_km2
from geo.roads import Roads
from geo.snapping import near_road

WIDTH_M = 200.0
"""On either side of a road: fields and houses between the roads belong to the land."""
_DETAIL = 0.0003
"""Degrees, some 30 m: finer than half a millimetre on a map of a province."""
_LEAST = 4e-6
"""Square degrees, a twentieth of a square kilometre: less lies between two buffers, not on a road."""

Point = tuple[float, float]


class OtherRoadsError(RefusedError):
    """The roads are not those that a study was made with."""

    def __init__(self) -> None:
        super().__init__(
            "Mạng đường đã khác với khi tính nghiên cứu: vùng phục vụ vẽ trên đường mới sẽ không khớp với các con số.",
            "The roads are no longer those of the study: land drawn on them would not fit its figures.",
        )


class LandOf(StrEnum):
    """Whose land it is."""

    TODAY = "today"
    """The posts in force."""
    PLACE = "place"
    """A post at a place without one: only what it adds to today's."""
    SCENARIO = "scenario"
    """The posts of a scenario, where they stand elsewhere than today."""


@dataclass(frozen=True, slots=True)
class Land:
    of: LandOf
    id: str | None
    """Place or scenario; None = today."""
    name: str
    means: Means
    minutes: int
    area: shapely.MultiPolygon
    """Degrees."""

    @property
    def km2(self) -> float:
        return round(area_km2(self.area), 2)


def reached_land(study: CoverageStudy, roads: Roads, means: Means) -> tuple[Land, ...]:
    """
    Draw the land of each limit of the study; seconds for a province.

    Parameters
    ----------
    roads
        Those that the study was made with.

    Raises
    ------
    OtherRoadsError
        When they are other ones.
    """
    if roads.sha256 != study.network.roads.sha256:
        raise OtherRoadsError
    return tuple(_lands(study, roads, means))


def _lands(study: CoverageStudy, roads: Roads, means: Means) -> Iterator[Land]:
    posts = _counting(study, study.points)
    today = _around(study, roads, means, posts)
    yield from _each(study, means, LandOf.TODAY, None, study.network.name, today)
    places = {place.place_id: place for place in study.places}
    for place_id in study.without_post:
        own = _around(study, roads, means, [places[place_id].position])
        added = [shapely.difference(land, had) for land, had in zip(own, today, strict=True)]
        yield from _each(study, means, LandOf.PLACE, place_id, places[place_id].name, added)
    for scenario in study.scenarios:
        moved = _counting(study, scenario.points)
        if set(moved) != set(posts):
            there = _around(study, roads, means, moved)
            yield from _each(study, means, LandOf.SCENARIO, scenario.key, scenario.title.vi, there)


def _counting(study: CoverageStudy, points: Iterable[CoveragePoint]) -> list[Point]:
    """Where those stand that are open often enough to count as reached."""
    return [point.position for point in points if point.days_a_week >= study.least_days]


def _each(
    study: CoverageStudy, means: Means, of: LandOf, name_id: str | None, name: str, areas: Sequence[shapely.Geometry]
) -> Iterator[Land]:
    for minutes, area in zip(study.limits_minutes, areas, strict=True):
        yield Land(of, name_id, name, means, minutes, _drawable(area))


def _around(study: CoverageStudy, roads: Roads, means: Means, points: Sequence[Point]) -> list[shapely.MultiPolygon]:
    """One a limit; posts without a road near by have no land."""
    spots = np.array(points, dtype=np.float64).reshape(-1, 2)
    reachable = spots[near_road(roads.graphs[means.value], spots, radius_m=RADIUS_M)] if spots.size else spots
    if not reachable.size:
        return [shapely.MultiPolygon() for _ in study.limits_minutes]
    limits = [60 * minutes for minutes in study.limits_minutes]
    return catchment_areas(roads, means.value, reachable, limits, radius_m=RADIUS_M, buffer_m=WIDTH_M)


def _drawable(area: shapely.Geometry) -> shapely.MultiPolygon:
    """Without bends that nobody sees, and without slivers between two lands."""
    plain = shapely.make_valid(shapely.simplify(area, _DETAIL))
    parts = [part for part in shapely.get_parts(plain) if part.geom_type == "Polygon"]
    whole = [part for part in parts if part.area > _LEAST]
    return shapely.MultiPolygon(list(shapely.orient_polygons(whole))) if whole else shapely.MultiPolygon()
