import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo import road_file
from geo.errors import NotRoadsError, StaleRoadsError
from geo.graph import graph_from_arcs, parts, subgraph
from geo.roads import Roads
from geo.segments import split_segments
from tests.geo.samples import graph_of, square

ARCS = [(0, 1, 1000, 100), (1, 0, 1000, 100), (1, 2, 2000, 50), (2, 0, 9000, 10), (3, 2, 1, 1)]


def test_arcs_are_sorted_into_rows() -> None:
    graph = graph_of(4, ARCS[::-1])
    assert graph.first_out.tolist() == [0, 1, 3, 4, 5]
    assert list(zip(graph.tails().tolist(), graph.head.tolist(), strict=True)) == [arc[:2] for arc in ARCS]
    assert graph.duration_ms.tolist() == [arc[3] for arc in ARCS]


def test_road_km_counts_both_directions_once_and_parallel_roads_twice() -> None:
    graph = graph_of(2, [(0, 1, 1000, 1), (1, 0, 1000, 1), (0, 1, 3000, 1)])
    assert graph.road_km() == pytest.approx(0.004)


def test_largest_part_comes_first_and_is_kept() -> None:
    graph = graph_of(4, ARCS)
    assert parts(graph).tolist() == [0, 0, 0, 1]
    kept = subgraph(graph, parts(graph) == 0)
    assert (kept.num_nodes, kept.num_arcs) == (3, 4)


@pytest.mark.parametrize("bad", [(0, 9, 1, 1), (9, 0, 1, 1), (0, 1, -1, 1), (0, 1, 1, -1), (-1, 0, 1, 1)])
def test_arcs_that_cannot_be_are_refused(bad: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="arc"):
        graph_of(2, [bad])


def test_unknown_road_class_is_refused() -> None:
    with pytest.raises(ValueError, match="class"):
        graph_of(2, [(0, 1, 1, 1)], road_class=99)


def test_wrong_type_is_refused() -> None:
    graph = graph_of(2, ARCS[:1])
    with pytest.raises(ValueError, match="lat is a flat float64"):
        replace(graph, lat=graph.lat.astype(np.float32))


def test_empty_graph_is_a_graph() -> None:
    none = np.zeros(0)
    graph = graph_from_arcs(none, none, [], [], [], [], [], profile="van", access_kph=8)
    assert (graph.num_nodes, graph.num_arcs, graph.road_km()) == (0, 0, 0.0)


@given(st.floats(0, 0.02), st.floats(0, 0.02))
def test_long_segments_are_cut_into_equal_pieces_that_join(east: float, north: float) -> None:
    lon, lat = np.array([105.0, 105 + east, 105.1]), np.array([10.0, 10 + north, 10.0])
    tail, head = np.array([0, 1], dtype=np.int32), np.array([1, 0], dtype=np.int32)
    cut = split_segments(lon, lat, tail, head)
    lengths = cut.length_mm()
    assert lengths.max(initial=0) <= 250_001
    for parent in (0, 1):
        own = np.flatnonzero(cut.parent == parent)
        assert cut.tail[own[0]] == tail[parent]
        assert cut.head[own[-1]] == head[parent]
        assert cut.head[own[:-1]].tolist() == cut.tail[own[1:]].tolist()
        assert np.ptp(lengths[own]) <= 10


def test_roads_come_back_from_their_file(tmp_path: Path) -> None:
    roads = square(highway="path", maxspeed="odd").build(tmp_path)
    roads.save(tmp_path / "a.roads")
    again = Roads.load(tmp_path / "a.roads")
    assert (again.source, again.sha256, again.synthetic) == (roads.source, roads.sha256, roads.synthetic)
    assert again.report == roads.report
    assert list(again) == list(roads) == ["motorbike", "van", "walk"]
    for name, graph in roads.items():
        assert again[name].access_kph == graph.access_kph
        for column in ("lon", "lat", "first_out", "head", "length_mm", "duration_ms", "road_class"):
            assert np.array_equal(getattr(again[name], column), getattr(graph, column))


def test_same_extract_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        square(highway="path").build(tmp_path).save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert not list(tmp_path.glob("*.partial"))


@pytest.mark.parametrize("content", [b"", b"not a road file", b"PK\x03\x04 and then nothing"])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.roads"
    path.write_bytes(content)
    with pytest.raises(NotRoadsError, match=r"x\.roads"):
        Roads.load(path)


def test_other_zip_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.roads"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme", "hello")
    with pytest.raises(NotRoadsError, match="no road file"):
        Roads.load(path)


@pytest.mark.slow
def test_damaged_file_is_refused_wherever_it_is_cut_or_changed(tmp_path: Path) -> None:
    path = tmp_path / "x.roads"
    square().build(tmp_path).save(path)
    whole = path.read_bytes()
    for place in range(0, len(whole), 23):
        for broken in (whole[:place], whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]):
            path.write_bytes(broken)
            with pytest.raises((NotRoadsError, StaleRoadsError)):
                Roads.load(path)


def test_file_without_its_arrays_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.roads"
    header = {"source": "", "sha256": "", "synthetic": False, "profiles": {"van": {"access_kph": 8}}, "report": {}}
    road_file.write_road_file(path, header, {})
    with pytest.raises(NotRoadsError, match="damaged"):
        Roads.load(path)


def test_file_of_another_version_is_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x.roads"
    monkeypatch.setattr(road_file, "VERSION", 0)
    square().build(tmp_path).save(path)
    monkeypatch.undo()
    with pytest.raises(StaleRoadsError, match="build it again"):
        Roads.load(path)
