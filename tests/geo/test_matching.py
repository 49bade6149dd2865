import itertools
from collections.abc import Sequence

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coordinates import from_plane
from geo.graph import RoadGraph, graph_from_arcs
from geo.halts import drives
from geo.local_routes import FAR, LocalRoutes
from geo.matching import Match, decode, match_drives
from geo.profiles import ROAD_CLASSES
from geo.synthetic import synthetic_roads
from geo.traces import Trace
from tests.geo.drivers import START, Town, courier
from tests.geo.samples import LOCAL, Arc, graph_of

arc = st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 900), st.just(1))


@settings(max_examples=60)
@given(st.lists(arc, min_size=1, max_size=14), st.integers(0, 2_000))
def test_local_routes_agree_with_networkx(arcs: list[Arc], limit: int) -> None:
    graph = graph_of(6, arcs)
    network: nx.DiGraph[int] = nx.DiGraph()
    network.add_nodes_from(range(6))
    for tail, head, length, _ in sorted(arcs, key=lambda row: -row[2]):
        network.add_edge(tail, head, mm=length)
    routes = LocalRoutes(graph)
    for _ in range(2):  # the second time on marks that the first one wiped
        found = routes.lengths(np.arange(6), np.arange(6), limit_mm=limit)
        for source, target in itertools.product(range(6), repeat=2):
            wanted = nx.single_source_dijkstra_path_length(network, source, weight="mm").get(target, FAR)
            assert found[source, target] == (wanted if wanted <= limit else FAR)
    tails = graph.tails()
    for source, target in itertools.product(range(6), repeat=2):
        if found[source, target] == FAR:
            with pytest.raises(ValueError, match="no route"):
                routes.arcs(source, target, limit_mm=limit)
            continue
        way = routes.arcs(source, target, limit_mm=limit)
        assert graph.length_mm[way].sum() == found[source, target]
        assert [source, *graph.head[way]] == [*tails[way], target]


logs = st.one_of(st.just(-np.inf), st.integers(-9, 0).map(float))


@given(st.data())
def test_the_likeliest_states_agree_with_trying_all(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(1, 3), min_size=1, max_size=5))
    emissions = [np.array(data.draw(st.lists(st.integers(-9, 0).map(float), min_size=n, max_size=n))) for n in sizes]
    transitions = [
        np.array(data.draw(st.lists(logs, min_size=a * b, max_size=a * b))).reshape(a, b)
        for a, b in itertools.pairwise(sizes)
    ]

    def weigh(first: int, states: Sequence[int]) -> float:
        weight = sum(emissions[first + place][state] for place, state in enumerate(states))
        steps = enumerate(itertools.pairwise(states), start=first)
        return float(weight + sum(transitions[place][a, b] for place, (a, b) in steps))

    def best(first: int, last: int) -> float:
        return max(weigh(first, states) for states in itertools.product(*map(range, sizes[first:last])))

    runs = decode(emissions, transitions)
    assert [first for first, _ in runs] == [0, *np.cumsum([len(states) for _, states in runs])[:-1]]
    assert sum(len(states) for _, states in runs) == len(sizes)
    for first, states in runs:
        assert weigh(first, states) == best(first, first + len(states))
    for (first, states), _ in itertools.pairwise(runs):
        assert np.isneginf(best(first, first + len(states) + 1))  # one place more cannot be had


def street(*, one_way: bool = False, pieces: int = 10) -> RoadGraph:
    """A straight street to the east, nodes every 200 m, with a side street to the north in its middle."""
    xy = [(200.0 * i, 0.0) for i in range(pieces + 1)] + [(200.0 * (pieces // 2), 200.0)]
    lon, lat = from_plane(xy, origin=(105.0, 10.0)).T
    ends = [(i, i + 1) for i in range(pieces)]
    both = [*ends, *((head, tail) for tail, head in ends)] if not one_way else ends
    both += [(pieces // 2, pieces + 1), (pieces + 1, pieces // 2)]
    tail, head = np.array(both).T
    length = np.full(tail.size, 200_000)
    return graph_from_arcs(
        lon, lat, tail, head, length, length // 10, np.full(tail.size, LOCAL), profile="motorbike", access_kph=12
    )


def ride(east: Sequence[float], north: Sequence[float] | float = 0.0, *, every: float = 10.0) -> Trace:
    metres = np.column_stack(np.broadcast_arrays(np.array(east, dtype=np.float64), north))
    points = from_plane(metres, origin=(105.0, 10.0))
    times = START + every * np.arange(len(east), dtype=np.float64)
    return Trace("k", times, points[:, 0], points[:, 1], np.full(len(east), np.nan))


def nodes_of(graph: RoadGraph, match: Match) -> list[int]:
    arcs = match.arcs()
    return [int(graph.tails()[arcs[0]]), *graph.head[arcs].tolist()]


def test_a_straight_ride_is_matched_metre_by_metre() -> None:
    graph = street()
    found = match_drives(graph, [ride([50, 150, 250, 350, 450])])
    [match] = found.matches
    assert nodes_of(graph, match) == [0, 1, 2, 3]
    assert np.add.reduceat(match.step_mm, match.first_step[:-1]).tolist() == pytest.approx([100_000] * 4, abs=2)
    assert (found.fixes, found.near, found.off_road, found.breaks, found.alone) == (5, 0, 0, 0, 0)


def test_a_turn_into_a_side_street_and_back_is_followed() -> None:
    graph = street()
    [match] = match_drives(
        graph, [ride([700, 850, 1000, 1000, 1000, 1000, 1100, 1250], [0, 0, 50, 150, 100, 20, 0, 0])]
    ).matches
    assert nodes_of(graph, match) == [3, 4, 5, 11, 5, 6, 7]


def test_a_one_way_street_is_not_matched_backwards() -> None:
    graph = street(one_way=True)
    forward = match_drives(graph, [ride(range(0, 2000, 60))])
    assert sum(match.step_mm.sum() for match in forward.matches) == pytest.approx(1_980_000, abs=100)
    for every, step in ((4.0, 25), (10.0, 60)):
        against = match_drives(graph, [ride(range(2000, 0, -step), every=every)])
        assert not any(match.arcs() for match in against.matches)  # around a node one may seem to stand
        assert against.breaks > 10


def test_an_error_backwards_is_taken_back_and_lengths_stay_right() -> None:
    graph = street()
    [match] = match_drives(graph, [ride([20, 120, 100, 210, 195, 300], [0, 0, 19, 0, 18, 0])]).matches
    assert match.step_mm.sum() == pytest.approx(280_000, abs=5)
    assert nodes_of(graph, match) == [0, 1, 2]
    assert (match.step_mm < 0).any()


def test_fixes_off_the_road_and_impossible_ways_break_the_chain_and_are_counted() -> None:
    graph = street()
    found = match_drives(graph, [ride([0, 100, 200, 300, 400], [0, 0, 300, 0, 0])])
    assert (found.off_road, found.breaks, len(found.matches)) == (1, 0, 2)
    found = match_drives(graph, [ride([0, 100, 1900, 1800])])  # 1.8 km in 10 s
    assert (found.off_road, found.breaks, found.alone, len(found.matches)) == (0, 1, 0, 2)
    found = match_drives(graph, [ride([0, 5, 10, 30])])
    assert (found.near, found.matches[0].time.size) == (2, 2)
    assert match_drives(graph, []).matches == ()


def test_roads_elsewhere_match_nothing() -> None:
    far = ride([0, 100])
    found = match_drives(street(), [Trace("k", far.time, far.lon + 5, far.lat, far.accuracy)])
    assert (found.matches, found.off_road) == ((), 2)


def test_progress_is_told_drive_by_drive() -> None:
    told: list[tuple[int, int]] = []
    match_drives(street(), [ride([0, 100])] * 2, on_progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


@pytest.fixture(scope="module")
def town() -> Town:
    rng = np.random.default_rng(1)
    points = np.column_stack((105.4 + rng.uniform(0, 0.15, 30), 10.3 + rng.uniform(0, 0.15, 30)))
    graph = synthetic_roads(points, seed=1)["motorbike"]
    assert {"trunk", "secondary", "local", "ferry"} == {ROAD_CLASSES[index] for index in np.unique(graph.road_class)}
    return Town(graph, {"secondary": 1.25, "local": 1.5})


def agreement(town: Town, *, every: float, noise: float, jumps: float, seed: int) -> tuple[float, float]:
    """Share of the driven length that was matched in order, and share of the matched length that was driven."""
    rng = np.random.default_rng(seed)
    length = town.graph.length_mm.astype(np.int64)
    common = wanted = got = 0
    for name in "abcd":
        driven = courier(town, rng, stops=6)
        trace = town.trace(name, driven, every=every, noise=noise, jumps=jumps, rng=rng)
        for match in match_drives(town.graph, drives(trace).parts).matches:
            truth = driven.arcs_between(*(match.time[[0, -1]] - START))
            found = match.arcs()
            common += common_length(truth, found, length)
            wanted += int(length[truth].sum())
            got += int(length[found].sum())
    return common / wanted, common / got


def common_length(one: list[int], other: list[int], length: np.ndarray) -> int:
    """Length of the longest common run of arcs, others between (the textbook table)."""
    row = np.zeros(len(other) + 1, dtype=np.int64)
    for arc in one:
        above = row.copy()
        for place, there in enumerate(other, start=1):
            row[place] = above[place - 1] + length[arc] if arc == there else max(above[place], row[place - 1])
    return int(row[-1])


@pytest.mark.slow
@pytest.mark.parametrize(("every", "noise"), [(5.0, 5.0), (5.0, 15.0), (15.0, 10.0), (30.0, 15.0)])
def test_noisy_rides_are_matched_to_the_arcs_driven(town: Town, every: float, noise: float) -> None:
    driven, matched = agreement(town, every=every, noise=noise, jumps=0.01, seed=7)
    assert driven >= 0.95
    assert matched >= 0.95


@pytest.mark.slow
def test_rides_without_noise_are_matched_exactly(town: Town) -> None:
    assert agreement(town, every=10, noise=0, jumps=0, seed=8) == (1, 1)
