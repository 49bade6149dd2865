import itertools
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse.csgraph import dijkstra

from geo.contracted import ContractedRoads, contract_roads
from geo.errors import TooFarError
from geo.graph import RoadGraph
from geo.matrix import travel_matrix
from geo.osm import read_roads
from geo.profiles import ROAD_CLASSES, TurnDelays
from geo.reach import Reach, reach_within, road_pieces
from geo.reach_areas import area_km2, reach_areas
from geo.snapping import Snapped, snap
from tests.geo.samples import DEGREE, crossing, graph_of, square
from tests.geo.test_exactness import MS, arc_graph
from tests.geo.test_turns import DELAYS, NODES, Oracle, cross, towns

SECOND = 1000
KPH_25 = 3.6 / 25
"""Seconds that a metre of residential road takes a motorbike."""


def at(*nodes: int, offset: int = 0) -> Snapped:
    return Snapped(np.array(nodes, dtype=np.int32), np.full(len(nodes), offset, dtype=np.int32))


def one(graph: RoadGraph, snapped: Snapped, limit: int, *, towards: bool = False) -> Reach:
    (found,) = reach_within(contract_roads(graph), snapped, [limit], towards=towards)
    return found


def shares(graph: RoadGraph, found: Reach) -> dict[tuple[int, int], float]:
    """Share of each arc by its ends."""
    ends = zip(graph.tails()[found.arcs].tolist(), graph.head[found.arcs].tolist(), strict=True)
    return dict(zip(ends, found.share.tolist(), strict=True))


# A road of 10 s, 20 s and 40 s between 0, 1, 2 and 3; the way back takes twice as long.
ROAD = graph_of(
    4,
    [(0, 1, 100_000, 10_000), (1, 2, 100_000, 20_000), (2, 3, 100_000, 40_000),
     (1, 0, 100_000, 20_000), (2, 1, 100_000, 40_000), (3, 2, 100_000, 80_000)],
    access_kph=3.6,
)  # fmt: skip


def test_road_is_cut_where_the_time_is_up() -> None:
    found = one(ROAD, at(0), 15)
    assert found.nodes.tolist() == [0, 1]
    assert shares(ROAD, found) == {(0, 1): 1.0, (1, 2): 0.25}
    assert road_pieces(ROAD, found).km() == pytest.approx(0.125)


def test_from_the_middle_of_a_chain_both_ways_are_driven() -> None:
    found = one(ROAD, at(2), 30)
    assert found.nodes.tolist() == [2]
    assert shares(ROAD, found) == {(2, 3): 0.75, (2, 1): 0.75}


def test_way_to_the_road_takes_its_time() -> None:
    found = one(ROAD, at(0, offset=3), 14)  # 3 m x 1.32 = 4 m at a metre a second
    assert found.nodes.tolist() == [0, 1]
    assert shares(ROAD, found) == {(0, 1): 1.0, (1, 2): 0.0}
    assert one(ROAD, at(0, offset=3), 3).nodes.size == 0
    assert one(ROAD, at(0, offset=3), 4).nodes.tolist() == [0]


def test_towards_a_point_the_far_part_of_each_arc_is_out_of_reach() -> None:
    found = one(ROAD, at(2), 30, towards=True)
    assert found.nodes.tolist() == [0, 1, 2]
    assert shares(ROAD, found) == {(0, 1): 1.0, (1, 2): 1.0, (3, 2): 0.375, (1, 0): 0.0}
    assert road_pieces(ROAD, found).km() == pytest.approx(0.2375)


def test_of_several_points_the_nearest_counts() -> None:
    found = one(ROAD, at(0, 3), 30)
    assert found.nodes.tolist() == [0, 1, 2, 3]
    assert shares(ROAD, found) == {(0, 1): 1.0, (1, 2): 1.0, (2, 3): 0.0, (3, 2): 0.375}  # no turning in 1


def test_parts_from_both_ends_of_a_road_are_added_but_never_counted_twice() -> None:
    road = graph_of(2, [(0, 1, 100_000, 10_000), (1, 0, 100_000, 10_000)])
    assert [road_pieces(road, one(road, at(0, 1), limit)).km() for limit in (0, 3, 5, 8)] == [0, 0.06, 0.1, 0.1]


def test_one_way_road_is_reached_in_its_direction_only() -> None:
    road = graph_of(3, [(0, 1, 1000, 10_000), (1, 2, 1000, 10_000)])
    assert one(road, at(1), 60).nodes.tolist() == [1, 2]
    assert one(road, at(1), 60, towards=True).nodes.tolist() == [0, 1]


def test_turns_take_their_time() -> None:
    graph = cross(DELAYS)  # from the south: left 24 s, straight on 20 s, right 22 s
    found = one(graph, at(1), 21)
    assert found.nodes.tolist() == [1, 4, 7]
    assert shares(graph, found) == pytest.approx({(1, 4): 1, (4, 7): 1, (4, 5): 0.9, (4, 3): 0.7, (4, 1): 0.1})


def test_corner_of_a_square_by_hand(tmp_path: Path) -> None:
    graph = square().build(tmp_path, "motorbike")["motorbike"]
    north, east = DEGREE / 1000, DEGREE / 1000 * np.cos(np.radians(10))  # metres of the sides at the corner
    assert graph.duration_ms.max() == pytest.approx(north * KPH_25 * 1000, abs=1)
    found = one(graph, snap(graph, [(105.0, 10.0)]), 24)  # 16 s a side: one and a half, either way
    assert found.nodes.size == 3
    assert sorted(found.share.tolist()) == pytest.approx(
        sorted([1, 1, (24 / KPH_25 - north) / east, (24 / KPH_25 - east) / north]), abs=1e-3
    )
    assert road_pieces(graph, found).km() == pytest.approx(2 * 24 / KPH_25 / 1000, abs=1e-4)


def test_ferry_carries_on_but_nobody_gets_off_on_the_way(tmp_path: Path) -> None:
    graph = crossing(route="ferry", duration="00:02", interval="00:10", motorcycle="yes").build(tmp_path, "motorbike")[
        "motorbike"
    ]
    start = snap(graph, [(105.0, 10.0)])
    bank = 16 + 300  # 111.2 m at 25 km/h, half the interval; the crossing takes 120 s
    near, far = reach_within(contract_roads(graph), start, [bank + 61, bank + 130])
    ferry = ROAD_CLASSES.index("ferry")
    north = [np.rint((graph.lat[found.nodes].max() - 10) * 1000) for found in (near, far)]
    assert north == [3, 5]  # the middle of the river is in the set of nodes alone
    assert not np.isin(far.arcs, np.flatnonzero(graph.road_class == ferry)).any()
    assert road_pieces(graph, near).km() == pytest.approx(DEGREE / 1e6, rel=1e-4)
    assert road_pieces(graph, far).km() > 1.5 * DEGREE / 1e6


def test_half_a_second_is_rounded_as_in_the_matrix() -> None:
    road = graph_of(3, [(0, 1, 1000, 1499), (0, 2, 1000, 1500)])
    found = one(road, at(0), 1)
    assert found.nodes.tolist() == [0, 1]
    assert shares(road, found) == {(0, 1): 1.0, (0, 2): pytest.approx(2 / 3)}


def test_limits_keep_their_order_and_no_limits_are_no_reach() -> None:
    roads = contract_roads(ROAD)
    assert [found.seconds for found in reach_within(roads, at(0), [30, 10, 30])] == [30, 10, 30]
    assert [found.nodes.size for found in reach_within(roads, at(0), [30, 10, 30])] == [3, 2, 3]
    assert reach_within(roads, at(0), []) == []


def test_arcs_that_lead_nowhere_are_left_out() -> None:
    found = one(graph_of(2, [(0, 0, 1000, 1000), (0, 1, 1000, 1000)]), at(0), 10)
    assert found.arcs.tolist() == [1]
    assert one(graph_of(1, [(0, 0, 1000, 1000)]), at(0), 10).nodes.tolist() == [0]


def test_negative_limit_is_refused() -> None:
    with pytest.raises(ValueError, match="from 0"):
        reach_within(contract_roads(ROAD), at(0), [10, -1])


def test_limit_beyond_exact_numbers_is_refused() -> None:
    roads = contract_roads(graph_of(5, [(i, i + 1, 500_000_000, 20_000_000) for i in range(4)]))
    assert reach_within(roads, at(0), [60_000])[0].nodes.tolist() == [0, 1, 2, 3]
    with pytest.raises(TooFarError):
        reach_within(roads, at(0), [80_000])


@pytest.mark.slow
@settings(max_examples=80)
@given(towns(), st.lists(st.integers(0, NODES - 1), min_size=1, max_size=2), st.integers(0, 20), st.integers(0, 40))
def test_nodes_and_arcs_agree_with_a_search_over_histories(
    graph: RoadGraph, sources: list[int], offset: int, limit: int
) -> None:
    oracle, snapped = Oracle(graph), at(*sources, offset=offset)
    access = int(snapped.access(graph)[1][0]) * SECOND
    from_any = [{node: ms + access for node, (ms, _) in oracle.times(source).items()} for source in sources]
    expected = {node for times in from_any for node, ms in times.items() if ms < limit * SECOND + 500}
    found = one(graph, snapped, limit)
    assert set(found.nodes.tolist()) == expected
    starts = [arc for arc, tail in enumerate(oracle.tail) if tail in sources]
    begun = {arc: access + ms - oracle.cost[arc][0] for arc, (ms, _) in oracle.arrivals(starts).items()}
    assert_shares(graph, found, begun)


@pytest.mark.slow
@settings(max_examples=60)
@given(towns(), st.integers(0, NODES - 1), st.integers(0, 20), st.integers(0, 40))
def test_towards_a_point_nodes_and_arcs_agree_with_a_search_over_histories(
    graph: RoadGraph, target: int, offset: int, limit: int
) -> None:
    oracle, snapped = Oracle(graph), at(target, offset=offset)
    access = int(snapped.access(graph)[1][0]) * SECOND
    times = {node: oracle.times(node).get(target) for node in range(NODES)}
    found = one(graph, snapped, limit, towards=True)
    assert found.nodes.tolist() == [n for n, best in times.items() if best and best[0] + access < limit * SECOND + 500]
    left = {}
    for arc in range(graph.num_arcs):
        ends = [ms for last, (ms, _) in oracle.arrivals([arc]).items() if oracle.head[last] == target]
        if ends:
            left[arc] = access + min(ends) - oracle.cost[arc][0]
    assert_shares(graph, found, left)


def assert_shares(graph: RoadGraph, found: Reach, near: dict[int, int]) -> None:
    """Compare with the milliseconds that are spent at the near end of each arc."""
    limit, expected = found.seconds * SECOND, {}
    for arc, ms in sorted(near.items()):
        duration = int(graph.duration_ms[arc])
        if ms + duration < limit + 500:
            expected[arc] = 1.0
        elif ms <= limit:
            expected[arc] = min((limit - ms) / duration, 1.0)
    assert dict(zip(found.arcs.tolist(), found.share.tolist(), strict=True)) == pytest.approx(expected)


@pytest.mark.slow
@settings(max_examples=60)
@given(towns(), st.integers(0, NODES - 1), st.lists(st.integers(0, 40), min_size=2, max_size=4), st.booleans())
def test_longer_reach_holds_the_shorter_one(graph: RoadGraph, source: int, limits: list[int], towards: bool) -> None:
    reached = reach_within(contract_roads(graph), at(source), sorted(limits), towards=towards)
    areas = reach_areas(graph, reached, buffer_m=20)
    for (short, area), (long, larger) in itertools.pairwise(zip(reached, areas, strict=True)):
        assert set(short.nodes.tolist()) <= set(long.nodes.tolist())
        assert road_pieces(graph, short).km() <= road_pieces(graph, long).km() + 1e-9
        assert area.is_valid
        assert larger.is_valid
        assert area.difference(larger.buffer(2e-7)).is_empty


def test_area_around_a_road_by_hand() -> None:
    road = graph_of(2, [(0, 1, 111_195, 10_000), (1, 0, 111_195, 10_000)])
    (area,) = reach_areas(road, [one(road, at(0), 5)], buffer_m=100)
    round_ends = 16 / 2 * np.sin(2 * np.pi / 16) * 100**2  # a circle has sixteen corners
    assert area_km2(area) * 1e6 == pytest.approx(0.5 * DEGREE / 1000 * 200 + round_ends, rel=1e-4)
    west, south, east, north = area.bounds
    assert (south, north) == pytest.approx((10 - 100 / DEGREE, 10.0005 + 100 / DEGREE), abs=1e-6)
    assert east - 105 == pytest.approx(105 - west, abs=2e-7)
    assert shapely.get_parts(area)[0].exterior.is_ccw


def test_block_that_no_road_enters_is_a_hole(tmp_path: Path) -> None:
    graph = square().build(tmp_path, "motorbike")["motorbike"]
    narrow, wide = (reach_areas(graph, [one(graph, at(0), 600)], buffer_m=metres)[0] for metres in (20, 80))
    assert [len(part.interiors) for part in shapely.get_parts(narrow)] == [1]
    assert [len(part.interiors) for part in shapely.get_parts(wide)] == [0]


def test_nothing_reached_is_an_empty_area() -> None:
    (area,) = reach_areas(ROAD, [one(ROAD, at(0, offset=100), 5)])
    assert (area.geom_type, area.is_empty, area_km2(area)) == ("MultiPolygon", True, 0.0)


def test_area_without_width_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        reach_areas(ROAD, [], buffer_m=0)


@pytest.mark.slow
@pytest.mark.real_data
def test_reach_of_can_tho_is_what_the_matrix_says(test_data: Path) -> None:
    roads = real(test_data, "cantho_2011.osm.pbf")
    graph = roads.graph
    points = np.column_stack((graph.lon, graph.lat))[::400] + 0.001
    snapped = snap(graph, points)
    everywhere = Snapped(
        np.concatenate((snapped.nodes, np.arange(graph.num_nodes, dtype=np.int32))),
        np.concatenate((snapped.offset, np.zeros(graph.num_nodes, dtype=np.int32))),
    )
    matrix = travel_matrix(roads, everywhere).durations
    count = snapped.nodes.size
    limits = [300, 900, 3000]
    for row in range(count):
        point = Snapped(snapped.nodes[row : row + 1], snapped.offset[row : row + 1])
        for towards, seconds in ((False, matrix[row, count:]), (True, matrix[count:, row])):
            for found in reach_within(roads, point, limits, towards=towards):
                assert np.array_equal(found.nodes, np.flatnonzero(seconds <= found.seconds))
    nearest = matrix[:count, count:].min(axis=0)
    for found in reach_within(roads, snapped, limits):
        assert np.array_equal(found.nodes, np.flatnonzero(nearest <= found.seconds))


@pytest.mark.real_data
def test_areas_of_can_tho_are_nested_and_hold_their_roads(test_data: Path) -> None:
    roads = real(test_data, "cantho_2011.osm.pbf")
    graph = roads.graph
    reached = reach_within(roads, at(1500), [300, 600, 1200])
    areas = reach_areas(graph, reached)
    for smaller, larger in itertools.pairwise(areas):
        assert larger.buffer(2e-7).covers(smaller)
    for found, area in zip(reached, areas, strict=True):
        km = road_pieces(graph, found).km()
        assert area.is_valid
        assert 0.05 * km < area_km2(area) < 0.3 * km + 0.1
        nodes = shapely.points(graph.lon[found.nodes], graph.lat[found.nodes])
        assert shapely.contains(area, nodes).all()


@pytest.mark.real_data
@pytest.mark.slow
def test_reach_with_bans_and_delays_is_that_of_a_graph_of_arcs(test_data: Path) -> None:
    roads = real(test_data, "north-bayreuth.osm.gz")
    graph = roads.graph
    assert graph.bans()
    assert graph.delays != TurnDelays()
    sources = np.random.default_rng(5).choice(graph.num_nodes, 40, replace=False)
    by_arc = dijkstra(arc_graph(graph, sources), indices=graph.num_arcs + np.arange(sources.size))[:, : graph.num_arcs]
    for source, ends in zip(sources.tolist(), by_arc, strict=True):
        ms = np.floor(ends / MS)
        for found in reach_within(roads, at(source), [240, 900]):
            within = np.unique(np.append(graph.head[ms < found.seconds * 1000 + 500], source))
            assert np.array_equal(found.nodes, within)
            whole = np.flatnonzero(ms < found.seconds * 1000 + 500)
            assert np.array_equal(found.arcs[found.share == 1], whole)
            begun = ms - graph.duration_ms
            assert np.array_equal(found.arcs, np.union1d(whole, np.flatnonzero(begun <= found.seconds * 1000)))


def real(test_data: Path, name: str) -> ContractedRoads:
    return contract_roads(read_roads(test_data / "data" / name, profiles=["motorbike"])["motorbike"])
