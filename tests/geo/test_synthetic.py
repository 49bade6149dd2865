"""Made-up roads: true to the figures of real ones, connected, fine enough, and never passed off as real."""

import time
from datetime import date

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from shapely import STRtree, linestrings

from geo.contracted import contract_roads
from geo.coordinates import FloatArray, haversine
from geo.graph import RoadGraph
from geo.matrix import travel_matrix
from geo.profiles import FERRY, PROFILE_NAMES, ROAD_CLASSES, default_speed_table
from geo.roads import Roads
from geo.snapping import snap
from geo.synthetic import CIRCUITY, synthetic_roads
from geo.units import load_communes, successors

OLD = load_communes(date(2025, 6, 30), "89")
NEW = load_communes(date(2025, 7, 1)).by_code
AN_GIANG: FloatArray = np.array(
    [(unit.lon, unit.lat) for unit in OLD]
    + [(NEW[code].lon, NEW[code].lat) for code in sorted({successors(unit.code)[0] for unit in OLD})]
)


@pytest.fixture(scope="module")
def roads() -> Roads:
    return synthetic_roads(AN_GIANG, seed=0)


def ways(graph: RoadGraph) -> tuple[FloatArray, FloatArray]:
    """Metres of the shortest way and of the straight line for all pairs of An Giang's points."""
    nodes = np.unique(snap(graph, AN_GIANG).nodes)
    arcs = csr_array((graph.length_mm / 1000, graph.head, graph.first_out), shape=(graph.num_nodes,) * 2)
    along = dijkstra(arcs, indices=nodes)[:, nodes]
    lon, lat = graph.lon[nodes], graph.lat[nodes]
    apart = ~np.eye(len(nodes), dtype=np.bool_)
    return along[apart], haversine(lon[:, None], lat[:, None], lon, lat)[apart]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_median_circuity_is_that_of_real_roads(seed: int) -> None:
    graph = synthetic_roads(AN_GIANG, seed=seed)["motorbike"]
    shortest, straight = ways(graph)
    places = snap(graph, AN_GIANG)
    driven = travel_matrix(contract_roads(graph), places).distances
    lon, lat = AN_GIANG.T
    lines = haversine(lon[:, None], lat[:, None], lon, lat)
    apart = lines > 1000
    fastest = float(np.median(driven[apart] / lines[apart]))
    between = (float(np.median(shortest / straight)) + fastest) / 2
    assert between == pytest.approx(CIRCUITY, abs=0.03)
    assert float(np.median(shortest / straight)) == pytest.approx(CIRCUITY, abs=0.05)
    assert fastest == pytest.approx(CIRCUITY, abs=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_road_classes_have_the_shares_of_real_roads(seed: int) -> None:
    graph = synthetic_roads(AN_GIANG, seed=seed)["walk"]
    length = {name: graph.length_mm[graph.road_class == n].sum() for n, name in enumerate(ROAD_CLASSES)}
    dry = sum(length.values()) - length["ferry"]
    assert 100 * length["trunk"] / dry == pytest.approx(19, abs=3)
    assert 100 * length["secondary"] / dry == pytest.approx(31, abs=3)
    assert 100 * length["local"] / dry == pytest.approx(50, abs=3)


@pytest.mark.slow
def test_every_profile_is_strongly_connected_and_reaches_every_point(roads: Roads) -> None:
    assert set(roads.graphs) == set(PROFILE_NAMES)
    for graph in roads.graphs.values():
        arcs = csr_array((np.ones(graph.num_arcs), graph.head, graph.first_out), shape=(graph.num_nodes,) * 2)
        assert connected_components(arcs, directed=True, connection="strong")[0] == 1
        assert snap(graph, AN_GIANG).offset.max() <= 50


def test_nodes_lie_close_enough_to_snap_to(roads: Roads) -> None:
    for graph in roads.graphs.values():
        assert graph.length_mm.max() <= 250_000
        tail = graph.tails()
        straight = haversine(graph.lon[tail], graph.lat[tail], graph.lon[graph.head], graph.lat[graph.head])
        assert np.abs(graph.length_mm / 1000 - straight).max() < 0.01


def test_ferries_cost_waiting_when_they_are_boarded(roads: Roads) -> None:
    graph = roads["motorbike"]
    water = graph.road_class == FERRY
    moving = graph.length_mm[water] * 3.6 / default_speed_table().class_kph("motorbike", "ferry")
    wait = graph.duration_ms[water] - moving
    boards = wait > 60_000
    assert 10 <= boards.sum() <= 60  # each ferry once in each direction
    assert boards.sum() % 2 == 0
    assert wait[boards].min() >= 7 * 60_000 - 1
    assert wait[boards].max() <= 13 * 60_000 + 1
    assert np.abs(wait[~boards]).max() <= 1


def test_speeds_are_those_of_the_table(roads: Roads) -> None:
    for name, graph in roads.graphs.items():
        for road_class in ("trunk", "secondary", "local"):
            arcs = graph.road_class == ROAD_CLASSES.index(road_class)
            expected = graph.length_mm[arcs] * 3.6 / default_speed_table().class_kph(name, road_class)
            assert np.abs(graph.duration_ms[arcs] - expected).max() <= 1


def test_some_streets_are_one_way_and_some_lanes_too_narrow_for_vans(roads: Roads) -> None:
    def one_way_arcs(graph: RoadGraph) -> int:
        pairs = set(zip(graph.tails().tolist(), graph.head.tolist(), strict=True))
        return sum((head, tail) not in pairs for tail, head in pairs)

    assert one_way_arcs(roads["motorbike"]) > 50
    assert one_way_arcs(roads["van"]) > 50
    assert one_way_arcs(roads["walk"]) == 0
    assert roads["van"].road_km() < 0.97 * roads["motorbike"].road_km()


def test_it_is_labelled_synthetic(roads: Roads) -> None:
    assert roads.synthetic
    assert "synthetic" in roads.source
    assert [kept.profile for kept in roads.report.kept] == list(PROFILE_NAMES)


@pytest.mark.slow
def test_the_seed_decides(roads: Roads) -> None:
    same, other = synthetic_roads(AN_GIANG, seed=0), synthetic_roads(AN_GIANG, seed=1)
    assert same.sha256 == roads.sha256 != other.sha256
    for name, graph in roads.graphs.items():
        for array in ("lon", "lat", "first_out", "head", "length_mm", "duration_ms", "road_class"):
            assert np.array_equal(getattr(graph, array), getattr(same[name], array))
    assert other["walk"].num_nodes != roads["walk"].num_nodes


@pytest.mark.slow
def test_two_hundred_points_take_under_three_seconds() -> None:
    began = time.process_time()
    synthetic_roads(AN_GIANG[:200], seed=5)
    assert time.process_time() - began < 3


@pytest.mark.parametrize(
    "points",
    [
        [(105.4, 10.4)],
        [(105.4, 10.4)] * 3,
        [(105.4, 10.4), (105.5, 10.4)],
        [(105.4 + n / 50, 10.4) for n in range(12)],
    ],
    ids=["one", "one thrice", "two", "on a line"],
)
def test_odd_regions_get_roads_too(points: list[tuple[float, float]]) -> None:
    for graph in synthetic_roads(points).graphs.values():
        assert snap(graph, points).offset.max() <= 50


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one point"):
        synthetic_roads(np.empty((0, 2)))
    with pytest.raises(ValueError, match="finite"):
        synthetic_roads([(105.4, float("nan"))])


def test_bent_roads_hardly_ever_cross_without_a_junction(roads: Roads) -> None:
    graph = roads["walk"]
    tail, head = graph.tails(), graph.head
    once = tail < head
    ends = np.column_stack((tail[once], head[once]))
    points = np.column_stack((graph.lon, graph.lat))
    lines = np.asarray(linestrings(points[ends]), dtype=np.object_)
    pairs = STRtree(lines).query(lines, predicate="crosses").T
    crossings = sum(one < other and not set(ends[one]) & set(ends[other]) for one, other in pairs.tolist())
    assert crossings <= 5
