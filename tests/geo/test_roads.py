"""The roads of a region as a file, and at a time of day."""

import zipfile
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from geo.contracted import ContractedRoads, contract_roads
from geo.contraction import Hierarchy
from geo.crossings import Chains
from geo.errors import SpeedTableError, StaleRoadsError
from geo.graph import RoadGraph
from geo.matrix import UNREACHABLE, node_matrix
from geo.network import Network
from geo.osm import read_roads
from geo.profiles import default_speed_table, read_speed_table
from geo.roads import Roads
from geo.snapping import road_name
from geo.traffic import at_time
from tests.geo.samples import Extract, crossing, graph_of, square

EMPTY = graph_of(2, [])
BUILT_IN = (Path(__file__).parents[2] / "geo" / "data" / "speeds.toml").read_text(encoding="utf-8")


def named_square() -> Extract:
    return square(highway="primary", name="Đường Trần Hưng Đạo")


def arrays(roads: ContractedRoads) -> dict[str, NDArray[Any]]:
    parts = ((Chains, roads.network.chains), (Network, roads.network), (Hierarchy, roads.hierarchy))
    return {
        f"{kind.__name__}.{field.name}": getattr(part, field.name)
        for kind, part in parts
        for field in fields(kind)
        if field.name not in {"graph", "chains"}
    }


def test_contracted_roads_come_back_as_they_were_and_stay_in_the_file(tmp_path: Path) -> None:
    roads = named_square().build(tmp_path)
    roads.save(tmp_path / "a.roads")
    again = Roads.load(tmp_path / "a.roads")
    for profile in roads:
        before, after = arrays(roads.contracted(profile)), arrays(again.contracted(profile))
        assert all(np.array_equal(before[name], after[name]) for name in before)
        assert isinstance(_root(after["Hierarchy.up_weight"]), np.memmap)
        assert again[profile].names == ("Đường Trần Hưng Đạo",)
        assert again[profile].delays == roads[profile].delays


def _root(array: NDArray[Any]) -> object:
    while not isinstance(array, np.memmap) and isinstance(array.base, np.ndarray):
        array = array.base
    return array


def test_file_of_the_zip_age_is_stale(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.roads", "w") as archive:
        archive.writestr("header.json", "{}")
    with pytest.raises(StaleRoadsError, match="build it again"):
        Roads.load(tmp_path / "a.roads")


def test_closed_ferry_cuts_what_it_joined_and_nothing_else(tmp_path: Path) -> None:
    roads = crossing(route="ferry", name="Phà Vàm Cống").build(tmp_path, "motorbike")
    graph = roads["motorbike"]
    south, north = int(graph.lat.argmin()), int(graph.lat.argmax())
    ends = [south, north]
    assert node_matrix(roads.contracted("motorbike"), ends, ends).durations[0, 1] < UNREACHABLE
    closed = node_matrix(roads.contracted("motorbike", closed=frozenset({3})), ends, ends)
    assert closed.durations.tolist() == [[0, UNREACHABLE], [UNREACHABLE, 0]]
    other = roads.contracted("motorbike", closed=frozenset({99}))
    assert other is roads.contracted("motorbike")


def test_closed_road_is_driven_around(tmp_path: Path) -> None:
    roads = square(highway="residential").build(tmp_path, "motorbike")  # way 5 runs across from node 1 to node 3
    graph = roads["motorbike"]
    corners = [int(np.hypot(graph.lon - 105 - x, graph.lat - 10 - x).argmin()) for x in (0, 0.001)]
    across = node_matrix(roads.contracted("motorbike"), corners, corners).distances[0, 1]
    around = node_matrix(roads.contracted("motorbike", closed=frozenset({5})), corners, corners).distances[0, 1]
    assert (int(across), int(around)) == (156, 221)


def test_traffic_slows_its_classes_in_its_wave_only(tmp_path: Path) -> None:
    path = tmp_path / "speeds.toml"
    slow = '[profile.motorbike.traffic]\n"sáng" = { primary = 0.5 }\n\n[profile.van]'
    path.write_text(BUILT_IN.replace("[profile.van]", slow, 1), encoding="utf-8")
    table = read_speed_table(path)
    assert table.profiles["motorbike"].traffic == {"sáng": {"primary": 0.5}}
    extract = named_square()
    graph = read_roads(extract.write(tmp_path), profiles=["motorbike"], table=table)["motorbike"]
    morning, noon = at_time(graph, "sáng"), at_time(graph, "trưa")
    primary = graph.road_class == 2
    assert primary.any()
    assert np.array_equal(morning.duration_ms[primary], 2 * graph.duration_ms[primary])
    assert np.array_equal(morning.duration_ms[~primary], graph.duration_ms[~primary])
    assert np.array_equal(noon.duration_ms, graph.duration_ms)


@pytest.mark.parametrize(
    "line", ['traffic = { "sáng" = { primary = 0 } }', 'traffic = { "sáng" = { avenue = 0.5 } }',
             "turn_second = { left = 1 }", "access_kph = nan", "ferry_kph = inf", "keys = 'foot'",
             'traffic = { "sáng" = { ferry = 0.5 } }', "turn_seconds = { left = -1 }",
             "turn_seconds = { up = 1 }", "turn_seconds = 4"],
)  # fmt: skip
def test_bad_traffic_and_turns_are_refused(tmp_path: Path, line: str) -> None:
    kept = [row for row in BUILT_IN.splitlines() if not row.startswith("turn_seconds")]
    path = tmp_path / "speeds.toml"
    key = line.partition(" ")[0]
    head, _, van = "\n".join(kept).partition("[profile.van]")
    van = "\n".join(row for row in van.splitlines() if not row.startswith(f"{key} "))
    path.write_text(f"{head}[profile.van]\n{line}{van}", encoding="utf-8")
    with pytest.raises(SpeedTableError):
        read_speed_table(path)


def test_table_holds_only_what_differs(tmp_path: Path) -> None:
    path = tmp_path / "speeds.toml"
    path.write_text(
        '[profile.van.traffic]\n"sáng" = { primary = 0.7 }\n[delay]\nstop = { van = 9 }\n[speeds.van]\ntrunk = 50\n',
        encoding="utf-8",
    )
    table, usual = read_speed_table(path), default_speed_table()
    van = table.profiles["van"]
    assert van.traffic == {"sáng": {"primary": 0.7}}
    assert van.delay_seconds == {**usual.profiles["van"].delay_seconds, "stop": 9}
    assert table.class_kph("van", "trunk") == 50
    assert (van.turns, table.profiles["walk"]) == (usual.profiles["van"].turns, usual.profiles["walk"])


@pytest.mark.parametrize("text", ["[profiles.van]\nwidth_m = 2\n", "[profile]\nvan = 3\n", "delay = 4\n"])
def test_table_of_another_form_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "speeds.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SpeedTableError):
        read_speed_table(path)


def test_road_is_named_by_the_most_important_one_at_a_node(tmp_path: Path) -> None:
    graph = named_square().build(tmp_path, "motorbike")["motorbike"]
    named = [node for node in range(graph.num_nodes) if road_name(graph, node)]
    assert 2 <= len(named) < graph.num_nodes
    assert road_name(graph, named[0]) == "Đường Trần Hưng Đạo"


def test_roads_without_any_arc_are_contracted_to_nothing() -> None:
    roads = contract_roads(EMPTY)
    assert roads.network.num_vertices == 0
    assert node_matrix(roads, [0, 1], [0, 1]).durations.tolist() == [[0, UNREACHABLE], [UNREACHABLE, 0]]


@pytest.mark.parametrize(
    ("old", "new"),
    [("traffic_signals = { motorbike", "trafic_signals = { motorbike"),
     ("{ motorbike = 15, van = 20", "{ motorbyke = 15, van = 20"),
     ("[profile.walk]", "[profile.stroll]"), ("motorbike = 45, van = 55", "motorbike = nan, van = 55"),
     ("motorbike = 45, van = 55", "motorbike = 0.0001, van = 55"), ("urban = 50", "urban = nan")],
)  # fmt: skip
def test_names_that_nobody_reads_and_speeds_that_nobody_drives_are_refused(tmp_path: Path, old: str, new: str) -> None:
    assert old in BUILT_IN
    path = tmp_path / "speeds.toml"
    path.write_text(BUILT_IN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SpeedTableError):
        read_speed_table(path)


def test_waiting_at_signals_is_not_slowed_by_traffic(tmp_path: Path) -> None:
    extract = Extract({1: (0, 0), 2: (0, 2), 3: (0, 4)}).way((1, 2, 3), highway="primary")
    graph = extract.barrier(2, highway="traffic_signals").build(tmp_path, "motorbike")["motorbike"]
    slow = at_time(replace(graph, traffic={"sáng": {"primary": 0.5}}), "sáng")
    waits = graph.waiting_ms
    assert sorted(set(waits.tolist())) == [0, 15_000]
    assert np.array_equal(slow.duration_ms - waits, 2 * (graph.duration_ms - waits))


@pytest.mark.parametrize("column", ["up_head", "rank", "down_weight", "up_first", "down_middle"])
def test_hierarchy_that_is_none_is_refused(column: str) -> None:
    tree = contract_roads(square_graph()).hierarchy
    array = getattr(tree, column)
    for wrong in (array[:-1], array + 99 if column != "down_weight" else array[:0]):
        with pytest.raises(ValueError, match=r"rank|row starts|edge"):
            replace(tree, **{column: wrong})


def square_graph() -> RoadGraph:
    """A ring of six with a road across: some shortcuts are needed."""
    arcs = [(a, (a + 1) % 6, 1000, 1000 + a) for a in range(6)] + [(0, 3, 500, 900), (3, 1, 700, 100)]
    return graph_of(6, arcs + [(b, a, length, ms) for a, b, length, ms in arcs])
