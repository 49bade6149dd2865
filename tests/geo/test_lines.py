from pathlib import Path

import numpy as np
import pytest

from geo.coordinates import haversine
from geo.graph import graph_from_arcs
from geo.lines import road_lines
from geo.osm import read_roads
from geo.profiles import ROAD_CLASSES
from tests.geo.samples import Extract, graph_of, square


def test_chain_between_crossings_is_one_line(tmp_path: Path) -> None:
    roads = square(highway="residential").build(tmp_path, "van")
    lines = road_lines(roads["van"])
    assert len(lines) == 3  # 1-2-3, 1-4-3 and 1-3 between the crossings 1 and 3
    assert {road_class for road_class, _ in lines} == {"residential"}
    assert all(haversine(*line[0], *line[-1]) == pytest.approx(156.1, abs=0.2) for _, line in lines)


def test_ring_without_a_crossing_is_one_closed_line(tmp_path: Path) -> None:
    ((_, line),) = road_lines(square().build(tmp_path, "van")["van"])
    assert line[0].tolist() == line[-1].tolist()
    assert len(line) == 5


def test_line_ends_where_the_class_changes_and_important_ones_come_first(tmp_path: Path) -> None:
    extract = Extract({1: (0, 0), 2: (2, 0), 3: (4, 0)})
    extract.way((2, 3), highway="residential").way((1, 2), highway="trunk")
    lines = road_lines(extract.build(tmp_path, "van")["van"])
    assert [road_class for road_class, _ in lines] == ["trunk", "residential"]
    assert [road_class for road_class, _ in road_lines(extract.build(tmp_path, "van")["van"], max_lines=1)] == ["trunk"]


def test_one_way_and_parallel_roads_are_drawn_once() -> None:
    graph = graph_of(3, [(0, 1, 10, 10), (0, 1, 99, 99), (1, 0, 10, 10), (1, 2, 10, 10)])
    assert [len(line) for _, line in road_lines(graph)] == [3]


def test_nothing_is_drawn_as_no_lines() -> None:
    none = np.zeros(0)
    assert road_lines(graph_from_arcs(none, none, [], [], [], [], [], profile="van", access_kph=8)) == []


@pytest.mark.real_data
def test_can_tho_is_drawn_whole_with_few_lines(test_data: Path) -> None:
    graph = read_roads(test_data / "data" / "cantho_2011.osm.pbf", profiles=["walk"])["walk"]
    lines = road_lines(graph)
    drawn = sum(haversine(p[:-1, 0], p[:-1, 1], p[1:, 0], p[1:, 1]).sum() for _, p in lines)
    assert len(lines) < 3000
    assert drawn / 1000 == pytest.approx(graph.road_km(), rel=1e-3)
    assert {road_class for road_class, _ in lines} <= set(ROAD_CLASSES)
