import itertools
from dataclasses import replace
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.contracted import contract_roads
from geo.errors import TooFarError
from geo.graph import RoadGraph
from geo.matrix import UNREACHABLE, node_matrix, travel_matrix
from geo.osm import read_roads
from geo.profiles import TurnDelays
from geo.snapping import Snapped, snap
from tests.geo.samples import Arc, graph_of

arc = st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 3_000_000), st.integers(0, 900_000))


def brute_force(arcs: list[Arc], source: int, target: int) -> tuple[int, int]:
    """(metres, seconds) of the fastest simple path, the shortest among equals; every order of nodes is tried."""
    best = (float("inf"), float("inf"))
    cheapest: dict[tuple[int, int], tuple[int, int]] = {}
    for tail, head, length, duration in arcs:
        now = (duration, (length + 50) // 100)
        cheapest[tail, head] = min(now, cheapest.get((tail, head), now))
    inner = [v for v in range(6) if v not in (source, target)]
    for size in range(len(inner) + 1):
        for middle in itertools.permutations(inner, size):
            steps = list(itertools.pairwise((source, *middle, target))) if source != target else []
            if all(step in cheapest for step in steps):
                cost = (sum(cheapest[s][0] for s in steps), sum(cheapest[s][1] for s in steps))
                best = min(best, cost)
    if best[0] == float("inf"):
        return UNREACHABLE, UNREACHABLE
    return (int(best[1]) + 5) // 10, (int(best[0]) + 500) // 1000


@pytest.mark.slow
@settings(max_examples=60)
@given(st.lists(arc, max_size=14))
def test_every_pair_agrees_with_brute_force(arcs: list[Arc]) -> None:
    found = node_matrix(contract_roads(graph_of(6, arcs)), range(6), range(6))
    for source, target in itertools.product(range(6), repeat=2):
        expected = brute_force(arcs, source, target)
        assert (found.distances[source, target], found.durations[source, target]) == expected


def test_parallel_arcs_are_not_added_up_and_the_fastest_counts() -> None:
    found = node_matrix(
        contract_roads(graph_of(2, [(0, 1, 5000, 9000), (0, 1, 8000, 4000), (0, 1, 9000, 4000)])), [0], [1]
    )
    assert (found.distances.item(), found.durations.item()) == (8, 4)


def test_arcs_without_length_and_time_lead_on() -> None:
    found = node_matrix(contract_roads(graph_of(3, [(0, 1, 0, 0), (1, 2, 1000, 1000)])), [0], [1, 2])
    assert found.distances.tolist() == [[0, 1]]
    assert found.durations.tolist() == [[0, 1]]


def test_among_equally_fast_paths_the_shortest_counts() -> None:
    found = node_matrix(
        contract_roads(graph_of(3, [(0, 2, 90_000, 10_000), (0, 1, 30_000, 5000), (1, 2, 30_000, 5000)])), [0], [2]
    )
    assert (found.distances.item(), found.durations.item()) == (60, 10)


def test_half_a_second_is_rounded_up() -> None:
    found = node_matrix(contract_roads(graph_of(3, [(0, 1, 400, 1499), (0, 2, 500, 1500)])), [0], [1, 2])
    assert found.durations.tolist() == [[1, 2]]
    assert found.distances.tolist() == [[0, 1]]


def test_ways_to_the_road_are_added_at_both_ends_and_the_diagonal_stays_zero() -> None:
    graph = graph_of(2, [(0, 1, 1_000_000, 60_000), (1, 0, 1_000_000, 90_000)], access_kph=3.6)
    snapped = Snapped(np.array([0, 1, 1], dtype=np.int32), np.array([100, 0, 50], dtype=np.int32))
    found = travel_matrix(contract_roads(graph), snapped)
    assert found.distances.tolist() == [[0, 1132, 1198], [1132, 0, 66], [1198, 66, 0]]
    assert found.durations.tolist() == [[0, 192, 258], [222, 0, 66], [288, 66, 0]]
    assert found.distances.dtype == found.durations.dtype == np.int32


def test_unreachable_pairs_stay_unreachable() -> None:
    snapped = Snapped(np.array([0, 1], dtype=np.int32), np.array([10, 10], dtype=np.int32))
    found = travel_matrix(contract_roads(graph_of(2, [(0, 1, 1, 1)])), snapped)
    assert found.durations[1, 0] == found.distances[1, 0] == UNREACHABLE
    assert found.durations[0, 1] < UNREACHABLE


def test_path_too_long_for_exact_numbers_is_refused() -> None:
    long = [(i, i + 1, 500_000_000, 20_000_000) for i in range(4)]
    assert node_matrix(contract_roads(graph_of(5, long)), [0], [3]).distances.item() == 1_500_000
    with pytest.raises(TooFarError):
        node_matrix(contract_roads(graph_of(5, long)), [0], [4])


def test_unknown_node_is_refused() -> None:
    with pytest.raises(ValueError, match=r"0 \.\.\. 1"):
        node_matrix(contract_roads(graph_of(2, [])), [0], [2])


def network_of(graph: RoadGraph) -> "nx.DiGraph[int]":
    """The same arcs for networkx, weighed in Python's unbounded whole numbers; of parallel ones the best."""
    best: dict[tuple[int, int], int] = {}
    columns = (graph.tails(), graph.head, graph.duration_ms, graph.length_mm)
    for tail, head, duration, length in zip(*(column.tolist() for column in columns), strict=True):
        weight = duration * 10**20 + (length + 50) // 100
        best[tail, head] = min(weight, best.get((tail, head), weight))
    network: nx.DiGraph[int] = nx.DiGraph()
    network.add_weighted_edges_from((tail, head, weight) for (tail, head), weight in best.items())
    return network


@pytest.mark.slow
@pytest.mark.real_data
def test_thousand_pairs_of_can_tho_agree_with_networkx(test_data: Path) -> None:
    graph = read_roads(test_data / "data" / "cantho_2011.osm.pbf", profiles=["motorbike"])["motorbike"]
    graph = replace(graph, delays=TurnDelays())  # networkx knows no turns
    sources, targets = np.random.default_rng(2011).integers(graph.num_nodes, size=(2, 1_000))
    nodes = np.unique((sources, targets))
    found = node_matrix(contract_roads(graph), nodes, nodes)
    network = network_of(graph)
    for source, target in zip(sources.tolist(), targets.tolist(), strict=True):
        weight, _ = nx.bidirectional_dijkstra(network, source, target)
        duration, length = divmod(weight, 10**20)
        pair = tuple(np.searchsorted(nodes, (source, target)))
        assert found.durations[pair] == (duration + 500) // 1000
        assert found.distances[pair] == (length + 5) // 10


@pytest.mark.real_data
def test_can_tho_is_asymmetric_only_where_ways_are_one_way(test_data: Path) -> None:
    roads = read_roads(test_data / "data" / "cantho_2011.osm.pbf", profiles=["motorbike", "walk"])
    graph = roads["walk"]
    nodes = np.arange(0, graph.num_nodes, 40)
    on_foot = node_matrix(contract_roads(graph), nodes, nodes)
    assert np.array_equal(on_foot.durations, on_foot.durations.T)
    points = np.column_stack((graph.lon[nodes], graph.lat[nodes]))
    by_bike = travel_matrix(contract_roads(roads["motorbike"]), snap(roads["motorbike"], points))
    assert not np.array_equal(by_bike.distances, by_bike.distances.T)
    assert by_bike.durations.max() < UNREACHABLE
