from concurrent.futures import ThreadPoolExecutor
from pathlib import Path as FilePath

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.contracted import contract_roads
from geo.coordinates import haversine
from geo.errors import UnreachableError
from geo.matrix import UNREACHABLE, travel_matrix
from geo.osm import read_roads
from geo.paths import PathFinder, paths
from geo.snapping import Snapped, snap
from tests.geo.samples import Arc, graph_of

arc = st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 3_000_000), st.integers(0, 900_000))


def at(nodes: list[int], offset: list[int] | None = None) -> Snapped:
    return Snapped(np.array(nodes, dtype=np.int32), np.array(offset or [0] * len(nodes), dtype=np.int32))


def test_path_is_the_nodes_passed() -> None:
    graph = graph_of(4, [(0, 1, 1000, 1000), (1, 3, 1000, 1000), (0, 2, 100, 9000), (2, 3, 100, 9000)])
    (path,) = paths(contract_roads(graph), at([0, 3]), [(0, 1)])
    assert path.coordinates.tolist() == [[105.0, 10.0], [105.0, 10.001], [105.0, 10.003]]
    assert (path.metres, path.seconds) == (2, 2)


def test_path_between_points_at_one_node_is_a_line_of_two_points() -> None:
    graph = graph_of(2, [(0, 1, 1000, 1000)], access_kph=3.6)
    same, nowhere = paths(contract_roads(graph), at([0, 0], [100, 50]), [(0, 1), (1, 1)])
    assert same.coordinates.tolist() == [[105.0, 10.0]] * 2
    assert (same.metres, same.seconds) == (198, 198)
    assert (nowhere.metres, nowhere.seconds) == (0, 0)


@given(st.lists(arc, max_size=14), st.lists(st.integers(0, 300), min_size=6, max_size=6))
def test_every_path_agrees_with_the_matrix(arcs: list[Arc], offset: list[int]) -> None:
    graph, snapped = graph_of(6, arcs), at([*range(6)], offset)
    matrix = travel_matrix(contract_roads(graph), snapped)
    pairs = [(i, j) for i in range(6) for j in range(6) if matrix.durations[i, j] != UNREACHABLE]
    for (i, j), path in zip(pairs, paths(contract_roads(graph), snapped, pairs), strict=True):
        assert (path.metres, path.seconds) == (matrix.distances[i, j], matrix.durations[i, j])
        assert path.coordinates[0, 1] == pytest.approx(10 + i / 1000)
        assert path.coordinates[-1, 1] == pytest.approx(10 + j / 1000)


@pytest.mark.slow
def test_a_finder_that_threads_share_finds_what_the_matrix_says() -> None:
    random = np.random.default_rng(3)
    ends, sizes = random.integers(0, 300, (1200, 2)).tolist(), random.integers(1, 9000, (1200, 2)).tolist()
    roads = contract_roads(graph_of(300, [(*end, *size) for end, size in zip(ends, sizes, strict=True)]))
    snapped = at([*range(0, 300, 12)])
    durations = travel_matrix(roads, snapped).durations
    pairs = [(int(i), int(j)) for i, j in np.argwhere(durations != UNREACHABLE)]
    assert len(pairs) > 300
    finder = PathFinder(roads, snapped)
    with ThreadPoolExecutor(4) as pool:
        for found in pool.map(lambda _: finder.find(pairs), range(8)):
            assert [path.seconds for path in found] == [durations[pair] for pair in pairs]


def test_pair_without_a_path_is_named() -> None:
    with pytest.raises(UnreachableError, match="from point 1 to point 0"):
        paths(contract_roads(graph_of(2, [(0, 1, 1, 1)])), at([0, 1]), [(0, 1), (1, 0)])


@pytest.mark.parametrize("pair", [(0, 2), (-1, 0)])
def test_unknown_point_is_refused(pair: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="does not exist"):
        paths(contract_roads(graph_of(2, [])), at([0, 1]), [pair])


def test_no_pairs_are_no_paths() -> None:
    assert paths(contract_roads(graph_of(2, [])), at([0, 1]), []) == []


@pytest.mark.real_data
def test_lines_of_can_tho_are_as_long_as_they_say(test_data: FilePath) -> None:
    graph = read_roads(test_data / "data" / "cantho_2011.osm.pbf", profiles=["van"])["van"]
    random = np.random.default_rng(7)
    nodes = random.choice(graph.num_nodes, 40, replace=False)
    snapped = snap(graph, np.column_stack((graph.lon[nodes], graph.lat[nodes])))
    matrix = travel_matrix(contract_roads(graph), snapped)
    pairs = [(int(i), int(j)) for i, j in random.integers(0, 40, (200, 2))]
    for (i, j), path in zip(pairs, paths(contract_roads(graph), snapped, pairs), strict=True):
        line = path.coordinates
        drawn = haversine(line[:-1, 0], line[:-1, 1], line[1:, 0], line[1:, 1]).sum()
        assert path.metres == pytest.approx(drawn, rel=0.002, abs=3)
        assert (path.metres, path.seconds) == (matrix.distances[i, j], matrix.durations[i, j])
