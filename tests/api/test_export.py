"""GeoJSON and GPX of a plan."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import pytest
from shapely.geometry import shape

from api.plans.export import GPX_NAMESPACE, plan_geojson, round_gpx
from tests.api.greedy import small_plan
from tests.api.small_day import small_day

GPX = {"g": GPX_NAMESPACE}


@pytest.fixture(name="drawn")
def _drawn() -> dict[str, Any]:
    day = small_day()
    return plan_geojson(small_plan(), day.network, day.shipments)


def _features(drawn: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [feature for feature in drawn["features"] if feature["properties"]["feature"] == kind]


def test_every_geometry_is_valid_and_lies_in_the_province(drawn: dict[str, Any]) -> None:
    assert drawn["type"] == "FeatureCollection"
    for feature in drawn["features"]:
        west, south, east, north = shape(feature["geometry"]).bounds
        assert 104.5 < west <= east < 106
        assert 10 < south <= north < 11


def test_there_is_a_feature_for_each_trip_stop_and_unassigned_shipment(drawn: dict[str, Any]) -> None:
    totals = small_plan().totals
    assert len(_features(drawn, "trip")) == totals.trips
    assert len(_features(drawn, "stop")) == totals.stops
    left = _features(drawn, "unassigned")
    assert len(left) == totals.unassigned
    assert all(feature["properties"]["reasons"] for feature in left)


def test_synthetic_roads_are_called_so(drawn: dict[str, Any]) -> None:
    assert drawn["properties"]["synthetic_roads"] is True


def test_a_gpx_file_has_a_waypoint_a_stop_and_a_segment_a_trip() -> None:
    plan, network = small_plan(), small_day().network
    for route in plan.routes:
        root = ET.fromstring(round_gpx(plan, route, network))
        stops = [stop for trip in route.trips for stop in trip.stops]
        assert root.get("version") == "1.1"
        assert len(root.findall("g:wpt", GPX)) == len(stops)
        segments = root.findall("g:trk/g:trkseg", GPX)
        assert [len(s.findall("g:trkpt", GPX)) for s in segments] == [len(t.path.coordinates) for t in route.trips]
        assert "synthetic" in (root.findtext("g:metadata/g:desc", "", GPX))


def test_gpx_times_are_in_utc_and_children_in_the_order_of_the_schema() -> None:
    plan, network = small_plan(), small_day().network
    root = ET.fromstring(round_gpx(plan, plan.routes[0], network))
    waypoint = root.find("g:wpt", GPX)
    assert waypoint is not None
    assert [child.tag.rpartition("}")[2] for child in waypoint] == ["time", "name", "desc"]
    assert (waypoint.findtext("g:time", "", GPX)).startswith("2026-11-16T0")
    assert root[0].tag.endswith("}metadata")
    assert root[-1].tag.endswith("}trk")
