"""
What must hold of travel on any roads, and hand-made roads where it is easy to expect too much.

Whoever stops in a node may leave it in any direction: two trips, there and on, can be quicker than one that turns.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from geo.contracted import contract_roads
from geo.coordinates import FloatArray
from geo.graph import RoadGraph, graph_from_arcs, subgraph
from geo.matrix import weight_matrix
from geo.profiles import ROAD_CLASSES, TurnDelays
from geo.snapping import snap
from geo.weights import MILLISECOND
from tests.geo.test_turns import DELAYS, NODES, cross, plane, towns

ALL = np.arange(NODES)
NO_DELAYS = TurnDelays()
delays = st.builds(TurnDelays, *[st.integers(0, 12_000)] * 3)


def weights(graph: RoadGraph) -> FloatArray:
    """Exact weights between all nodes."""
    return weight_matrix(contract_roads(graph), ALL, ALL)


def milliseconds(graph: RoadGraph) -> FloatArray:
    return np.floor(weights(graph) / MILLISECOND)


def rebuilt(graph: RoadGraph, *, bans: Sequence[Sequence[int]] = (), delays: TurnDelays = NO_DELAYS) -> RoadGraph:
    """The same arcs with other turns."""
    again = graph_from_arcs(
        graph.lon, graph.lat, graph.tails(), graph.head, graph.length_mm, graph.duration_ms, graph.road_class,
        profile=graph.profile, access_kph=graph.access_kph, bans=bans, delays=delays,
    )  # fmt: skip
    assert np.array_equal(again.head, graph.head)
    assert np.array_equal(again.duration_ms, graph.duration_ms)
    return again


def detour(weight: FloatArray) -> FloatArray:
    """Weights of the best two trips with a stop in between."""
    found: FloatArray = (weight[:, :, None] + weight[None, :, :]).min(axis=1)
    return found


@given(towns())
def test_without_turns_no_stop_on_the_way_is_a_short_cut(graph: RoadGraph) -> None:
    weight = weights(rebuilt(graph))
    assert np.all(weight <= detour(weight))


@given(towns(), delays)
def test_with_delays_a_stop_saves_one_turn_at_most(graph: RoadGraph, turns: TurnDelays) -> None:
    weight = weights(rebuilt(graph, delays=turns))
    assert np.all(weight <= detour(weight) + max(turns.left, turns.right, turns.back) * MILLISECOND)


def test_a_stop_saves_the_turn_and_makes_a_forbidden_one_possible() -> None:
    left, banned = weights(cross(DELAYS)), weights(cross(NO_DELAYS, bans=[(0, 5)]))
    assert left[1, 3] - (left[1, 4] + left[4, 3]) == DELAYS.left * MILLISECOND
    assert banned[1, 3] == 2 * (banned[1, 4] + banned[4, 3])  # on, round at the dead end, and back


@given(towns())
def test_driving_all_roads_backwards_transposes_the_matrix(graph: RoadGraph) -> None:
    """One-way roads make there and back differ by just that: left becomes right, bans are read from their end."""
    # Bans over several roads look one way only: nobody turns round once one is on their way.
    graph = rebuilt(graph, bans=[ban for ban in graph.bans() if len(ban) == 2], delays=graph.delays)
    tail, turns = graph.tails(), graph.delays
    backwards = graph_from_arcs(
        graph.lon, graph.lat, graph.head, tail, graph.length_mm, graph.duration_ms, graph.road_class,
        profile=graph.profile, access_kph=graph.access_kph, bans=[ban[::-1] for ban in graph.bans()],
        delays=replace(turns, left=turns.right, right=turns.left),
    )  # fmt: skip
    assert np.array_equal(weights(backwards), weights(graph).T)


@given(towns())
def test_where_all_roads_go_both_ways_there_is_as_far_as_back(graph: RoadGraph) -> None:
    arcs = list(zip(graph.tails().tolist(), graph.head.tolist(), strict=True))
    two_way = np.array([(head, tail) in arcs for tail, head in arcs], dtype=np.bool_)
    weight = weights(subgraph(rebuilt(graph), np.ones(NODES, dtype=np.bool_), two_way))
    assert np.array_equal(weight, weight.T)


def test_one_way_road_is_driven_back_the_long_way_round() -> None:
    ring = plane([(0, 1, 1000, 1000), (1, 4, 1000, 1000), (4, 3, 1000, 1000), (3, 0, 1000, 1000)], [], NO_DELAYS)
    weight = milliseconds(ring)
    assert (weight[0, 1], weight[1, 0]) == (1000, 3000)


@given(towns(), st.data())
def test_without_turns_taking_away_an_arc_shortens_nothing(graph: RoadGraph, data: st.DataObject) -> None:
    assume(graph.num_arcs)
    kept = np.ones(graph.num_arcs, dtype=np.bool_)
    kept[data.draw(st.integers(0, graph.num_arcs - 1))] = False
    whole = rebuilt(graph)
    assert np.all(weights(subgraph(whole, np.ones(NODES, dtype=np.bool_), kept)) >= weights(whole))


def test_taking_away_a_side_road_makes_a_crossing_a_bend_without_a_delay() -> None:
    arcs = [(1, 4, 1000, 1000), (4, 3, 1000, 1000), (4, 5, 1000, 1000)]
    with_side, without = weights(plane(arcs, [], DELAYS)), weights(plane(arcs[:2], [], DELAYS))
    assert with_side[1, 3] - without[1, 3] == DELAYS.left * MILLISECOND


@given(towns(), delays, delays)
def test_raising_delays_shortens_nothing(graph: RoadGraph, turns: TurnDelays, more: TurnDelays) -> None:
    longer = TurnDelays(turns.left + more.left, turns.right + more.right, turns.back + more.back)
    before, after = (weights(rebuilt(graph, bans=graph.bans(), delays=each)) for each in (turns, longer))
    assert np.all(after >= before)


@given(towns(), st.data())
def test_another_ban_shortens_nothing(graph: RoadGraph, data: st.DataObject) -> None:
    assume(graph.num_arcs)
    tail = graph.tails()
    ban = [data.draw(st.integers(0, graph.num_arcs - 1))]
    for _ in range(data.draw(st.integers(1, 3))):
        on = np.flatnonzero(tail == graph.head[ban[-1]]).tolist()
        if on:
            ban.append(data.draw(st.sampled_from(on)))
    assume(len(ban) > 1)
    banned = rebuilt(graph, bans=[*graph.bans(), ban], delays=graph.delays)
    assert np.all(weights(banned) >= weights(graph))


def test_a_ban_between_crossings_is_no_place_to_turn_round() -> None:
    road = [(0, 1, 1000, 1000), (1, 2, 1000, 1000), (2, 5, 1000, 1000)]
    road += [(head, tail, length, duration) for tail, head, length, duration in road]
    side = [(1, 4, 1000, 1000)]
    turn = [(0, 6)]  # from 0 over 1 into the side road
    free, banned = (milliseconds(plane(road + side, bans, NO_DELAYS)) for bans in (turn, [*turn, (1, 2)]))
    assert free[0, 4] == 6000  # round at the dead end in 5
    assert np.isinf(banned[0, 4])  # 2 is a bend: nobody may go on there, and nobody turns round
    assert np.isinf(banned[0, 5])


@st.composite
def mixed_roads(draw: st.DrawFn) -> RoadGraph:
    """A town with ferries and motorways."""
    graph = draw(towns())
    kinds = [ROAD_CLASSES.index(name) for name in ("local", "ferry", "motorway")]
    classes = draw(st.lists(st.sampled_from(kinds), min_size=graph.num_arcs, max_size=graph.num_arcs))
    return replace(graph, road_class=np.array(classes, dtype=np.uint8))


@given(mixed_roads(), st.lists(st.tuples(st.floats(104.99, 105.01), st.floats(9.99, 10.01)), min_size=1, max_size=5))
def test_what_is_snapped_stays_where_it_is(graph: RoadGraph, points: list[tuple[float, float]]) -> None:
    local = graph.road_class == ROAD_CLASSES.index("local")
    assume(local.any())
    first = snap(graph, points)
    again = snap(graph, np.column_stack((graph.lon[first.nodes], graph.lat[first.nodes])))
    assert np.array_equal(again.nodes, first.nodes)
    assert not again.offset.any()
    assert np.isin(first.nodes, (graph.tails()[local], graph.head[local])).all()


def test_of_nodes_at_one_place_one_is_taken_whoever_asks() -> None:
    graph = plane([(0, 1, 1000, 1000), (1, 2, 1000, 1000)], [], NO_DELAYS)
    graph = replace(graph, lon=graph.lon[[0, 0, *range(2, NODES)]], lat=graph.lat[[0, 0, *range(2, NODES)]])
    assert snap(graph, [(105.0, 10.0)] * 3).offset.tolist() == [0, 0, 0]
    assert len(set(snap(graph, [(105.0, 10.0)] * 3).nodes.tolist())) == 1
