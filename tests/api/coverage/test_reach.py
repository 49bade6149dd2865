"""The reached land, against the way from spots on the road and the study's own figures."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pytest
import shapely

from api.coverage.describing import tell_places, tell_points
from api.coverage.document import CoverageStudy, Means, ScenarioResult
from api.coverage.frames import reach_frame
from api.coverage.reach import WIDTH_M, Land, LandOf, OtherRoadsError, reached_land
from geo.coverage.access import access_seconds
from geo.roads import Roads
from tests.api.coverage.line_province import DAY, LAT, LON, STEP, line_lab, line_network
from tests.api.coverage.studies import made_study


def line_study(**changes: object) -> CoverageStudy:
    """The situation of the line province; nothing is priced."""
    lab = line_lab()
    served, roads = lab.serve(lab.as_it_is), lab.situation.roads
    about = {
        "name": "Tỉnh mẫu", "valid_on": DAY, "sha256": "a" * 64,
        "roads": {"source": roads.source, "sha256": roads.sha256, "synthetic": roads.synthetic},
    }  # fmt: skip
    return made_study(
        network=about, places=tell_places(lab.situation, served),
        points=tell_points(lab.situation, lab.as_it_is, served),
        without_post=lab.situation.without_post, remedies=(), frontiers=(), efficient=(), scenarios=(), floors=(),
        main_means="walk", **changes,
    )  # fmt: skip


@pytest.fixture(scope="module")
def roads() -> Roads:
    return line_network()[1]


@pytest.fixture(scope="module")
def drawn(roads: Roads) -> tuple[Land, ...]:
    return reached_land(line_study(), roads, Means.WALK)


def of(drawn: tuple[Land, ...], what: LandOf, name: str | None, minutes: int) -> Land:
    (found,) = (land for land in drawn if (land.of, land.id, land.minutes) == (what, name, minutes))
    return found


def spots(roads: Roads) -> np.ndarray:
    """Every twentieth node of the road."""
    graph = roads.graphs["walk"]
    return np.column_stack((graph.lon, graph.lat))[::20]


@pytest.mark.parametrize("minutes", [15, 30, 60])
def test_who_walks_no_longer_than_the_limit_is_on_the_land(drawn: tuple[Land, ...], roads: Roads, minutes: int) -> None:
    points = [point.position for point in line_study().points]
    there = spots(roads)
    seconds = access_seconds(roads, "walk", there, points).min(axis=1)
    inside = shapely.contains_xy(of(drawn, LandOf.TODAY, None, minutes).area, there[:, 0], there[:, 1])
    assert inside[seconds <= 60 * minutes].all()
    walked = WIDTH_M / 1.1 + 60  # metres a spot beyond the limit may still be on the border, at walking pace and more
    assert not inside[seconds > 60 * minutes + walked].any()


def test_today_and_what_places_add_is_the_land_of_all_of_them_together(drawn: tuple[Land, ...], roads: Roads) -> None:
    study = line_study()
    opened = [place.position for place in study.places if place.place_id in study.without_post]
    there = spots(roads)
    seconds = access_seconds(roads, "walk", there, [*(one.position for one in study.points), *opened]).min(axis=1)
    whole = shapely.union_all(
        [of(drawn, LandOf.TODAY, None, 30).area, *(of(drawn, LandOf.PLACE, one, 30).area for one in ("D-3", "D-4"))]
    )
    inside = shapely.contains_xy(whole, there[:, 0], there[:, 1])
    # slivers and bends of some 30 m are not drawn
    assert (inside == (seconds <= 1800))[np.abs(seconds - 1800) > 240].mean() > 0.99
    assert shapely.contains_xy(whole, LON + 3 * STEP, LAT)
    assert not shapely.contains_xy(of(drawn, LandOf.TODAY, None, 30).area, LON + 3 * STEP, LAT)


def test_a_scenario_has_its_own_land_only_where_its_posts_stand_elsewhere(roads: Roads) -> None:
    (before, after) = (line_study().points, line_study().points[:1])
    one = made_study().scenarios[0]
    study = line_study().model_copy(update={"scenarios": (_with(one, "same", before), _with(one, "fewer", after))})
    found = reached_land(study, roads, Means.WALK)
    assert {land.id for land in found if land.of is LandOf.SCENARIO} == {"fewer"}
    fewer = of(found, LandOf.SCENARIO, "fewer", 30)
    assert 0 < fewer.km2 < of(found, LandOf.TODAY, None, 30).km2


def test_a_frame_has_a_row_a_land_that_is_not_empty(drawn: tuple[Land, ...]) -> None:
    empty = replace(drawn[0], area=shapely.MultiPolygon())
    frame = reach_frame([*drawn, empty], synthetic=True)
    assert isinstance(frame, gpd.GeoDataFrame)
    assert frame.crs.to_epsg() == 4326
    assert len(frame) == len([land for land in drawn if not land.area.is_empty])
    metres = frame.to_crs(frame.estimate_utm_crs()).area / 1e6
    assert np.allclose(metres, frame["km2"], rtol=0.02, atol=0.02)
    assert set(frame["synthetic_roads"]) == {True}


def test_other_roads_are_refused(roads: Roads) -> None:
    with pytest.raises(OtherRoadsError):
        reached_land(made_study(), roads, Means.WALK)


def _with(one: ScenarioResult, key: str, points: object) -> ScenarioResult:
    return one.model_copy(update={"key": key, "points": points})
