"""Ways from places to points, against scipy's Dijkstra on the same arcs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.coordinates import haversine
from geo.coverage.access import access_seconds, find_access, unreached_places
from geo.graph import RoadGraph
from geo.matrix import UNREACHABLE, travel_matrix
from geo.osm import read_roads
from geo.roads import Roads
from geo.snapping import snap
from tests.geo.samples import Arc, crossing, graph_of

NODES = 8
arcs = st.lists(
    st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1), st.just(100_000), st.integers(1, 900_000)),
    min_size=4, max_size=20,
)  # fmt: skip
spots = st.lists(st.tuples(st.integers(-2, 2), st.integers(0, 10)), min_size=1, max_size=5)


def roads_of(graph: RoadGraph) -> Roads:
    return Roads({graph.profile: graph}, source="test", sha256="")


def by_dijkstra(graph: RoadGraph, places: np.ndarray, points: np.ndarray, radius_m: int) -> np.ndarray:
    """Place by place and point by point, over arcs that scipy searches."""
    best = np.full((graph.num_nodes, graph.num_nodes), np.inf)
    np.minimum.at(best, (graph.tails(), graph.head), graph.duration_ms)
    np.fill_diagonal(best, np.inf)
    ms = dijkstra(csr_array(np.where(np.isinf(best), 0, best)))
    used = np.union1d(graph.tails(), graph.head)

    def door(spot: np.ndarray) -> tuple[int, int | None]:
        metres = haversine(spot[0], spot[1], graph.lon[used], graph.lat[used])
        offset = int(np.rint(metres.min()))
        way = (offset * 132 + 50) // 100
        near = metres.min() <= radius_m
        return int(used[metres.argmin()]), int(np.floor(way * 3.6 / graph.access_kph + 0.5)) if near else None

    def seconds(place: np.ndarray, point: np.ndarray) -> int:
        if (place == point).all():
            return 0
        (start, before), (end, after) = door(place), door(point)
        if before is None or after is None or np.isinf(ms[start, end]):
            return UNREACHABLE
        return int(np.floor(ms[start, end] / 1000 + 0.5)) + before + after

    return np.array([[seconds(place, point) for point in points] for place in places])


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(arcs, spots, spots)
def test_every_place_and_point_agree_with_dijkstra(
    drawn: list[Arc], places: list[tuple[int, int]], points: list[tuple[int, int]]
) -> None:
    graph = graph_of(NODES, drawn)
    homes, desks = (np.array([(105 + e / 1010, 10 + n / 1010) for e, n in spot]) for spot in (places, points))
    found = access_seconds(roads_of(graph), "motorbike", homes, desks, radius_m=150)
    assert found.dtype == np.int32
    assert np.array_equal(found, by_dijkstra(graph, homes, desks, 150))


def bank(north: float) -> tuple[float, float]:
    return 105.0, 10 + north / 1000


def test_ferry_costs_its_crossing_and_half_its_interval(tmp_path: Path) -> None:
    ferry = {"route": "ferry", "foot": "yes", "motorcycle": "yes", "duration": "00:05", "interval": "00:20"}
    roads = crossing(**ferry).build(tmp_path, "motorbike", "walk")
    for profile in ("motorbike", "walk"):
        assert access_seconds(roads, profile, [bank(1)], [bank(5)]).tolist() == [[300 + 600]]


def test_island_is_named_when_its_ferry_does_not_go(tmp_path: Path) -> None:
    roads = crossing(route="ferry", duration="00:05", interval="00:20").build(tmp_path, "motorbike")
    places, points = [bank(5), bank(1), (105.5, 10.5)], [bank(0), (105.5, 10.4)]
    by_day = find_access(roads, "motorbike", places, points)
    assert by_day.unreached().tolist() == by_day.places_off_road.tolist() == [2]
    assert by_day.points_off_road.tolist() == [1]
    by_night = find_access(roads, "motorbike", places, points, closed=frozenset({3}))
    assert by_night.unreached().tolist() == [0, 2]
    assert by_night.places_off_road.tolist() == [2]
    assert by_night.seconds[1, 0] == by_day.seconds[1, 0] < UNREACHABLE


def test_same_spot_is_no_way_even_without_a_road() -> None:
    graph = graph_of(2, [(0, 1, 111_195, 10_000), (1, 0, 111_195, 10_000)])
    island = (105.5, 10.5)
    found = access_seconds(roads_of(graph), "motorbike", [island, bank(0)], [island, bank(1)])
    assert found.tolist() == [[0, UNREACHABLE], [UNREACHABLE, 10]]
    assert unreached_places(found[:, 1:]).tolist() == [0]


@pytest.mark.slow
@pytest.mark.real_data
def test_can_tho_has_the_times_and_lengths_of_the_square_matrix(test_data: Path) -> None:
    roads = read_roads(test_data / "data" / "cantho_2011.osm.pbf", profiles=["walk", "motorbike"])
    graph = roads["walk"]
    spots = np.column_stack((graph.lon, graph.lat))[::120] + 0.0004
    places, points = spots[::2], spots[1::2]
    for profile in ("walk", "motorbike"):
        found = find_access(roads, profile, places, points)
        contracted = roads.contracted(profile)
        square = travel_matrix(contracted, snap(contracted.graph, np.concatenate((places, points))))
        block = np.s_[: len(places), len(places) :]
        assert np.array_equal(found.seconds, square.durations[block])
        assert np.array_equal(found.metres, square.distances[block])


def test_no_places_and_no_points_are_empty() -> None:
    graph = graph_of(2, [(0, 1, 111_195, 10_000), (1, 0, 111_195, 10_000)])
    assert access_seconds(roads_of(graph), "motorbike", [], [bank(0)]).shape == (0, 1)
    assert access_seconds(roads_of(graph), "motorbike", [bank(0)], []).shape == (1, 0)


def test_what_is_no_place_and_no_profile_is_refused() -> None:
    roads = roads_of(graph_of(2, [(0, 1, 1, 1), (1, 0, 1, 1)]))
    with pytest.raises(ValueError, match="point 0 is no"):
        access_seconds(roads, "motorbike", [(10.0, 105.0)], [bank(0)])
    with pytest.raises(KeyError):
        access_seconds(roads, "horse", [bank(0)], [bank(0)])
