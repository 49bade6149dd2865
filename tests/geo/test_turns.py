"""Turns that cost time or are forbidden, against a search that remembers every arc it came by."""

import heapq
import itertools
import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.contracted import contract_roads
from geo.graph import RoadGraph, graph_from_arcs
from geo.matrix import UNREACHABLE, node_matrix
from geo.network import build_network
from geo.paths import paths
from geo.profiles import TurnDelays
from geo.snapping import Snapped

NODES = 9
PLACES = [(0, 0), (1, 0.2), (2, 0), (0.1, 1), (1, 1.1), (2.2, 1), (0, 2), (1.2, 2), (2, 2.1)]
DELAYS = TurnDelays(left=4000, right=2000, back=10_000)


def plane(arcs: Sequence[tuple[int, int, int, int]], bans: Sequence[Sequence[int]], delays: TurnDelays) -> RoadGraph:
    """Roads between the nine places of a crooked 3 x 3 grid, a thousandth of a degree wide."""
    east, north = np.array(PLACES).T / 1000
    tail, head, length, duration = np.array(arcs, dtype=np.int32).reshape(-1, 4).T
    return graph_from_arcs(
        105 + east, 10 + north, tail, head, length, duration, np.full(tail.size, 5),
        profile="motorbike", access_kph=10, bans=bans, delays=delays,
    )  # fmt: skip


@st.composite
def towns(draw: st.DrawFn) -> RoadGraph:
    """Random roads on the grid, one-way or not, with random turns and longer runs forbidden."""
    arcs = []
    for a, b in itertools.combinations(range(NODES), 2):
        near = math.dist(PLACES[a], PLACES[b]) < 1.6
        ways = draw(st.sampled_from([(1, 1), (1, 1), (1, 0), (0, 1), (0, 0), (0, 0)])) if near else (0, 0)
        length, duration = draw(st.integers(1000, 9000)), draw(st.integers(0, 9000))
        arcs += [(a, b, length, duration)] * ways[0] + [(b, a, length, duration)] * ways[1]
    bans = []
    for _ in range(draw(st.integers(0, 6)) if arcs else 0):
        run = [draw(st.integers(0, len(arcs) - 1))]
        for _ in range(draw(st.integers(1, 3))):
            on = [arc for arc, (tail, *_) in enumerate(arcs) if tail == arcs[run[-1]][1]]
            if on:
                run.append(draw(st.sampled_from(on)))
        if len(run) > 1:
            bans.append(run)
    return plane(arcs, bans, draw(st.sampled_from([TurnDelays(), DELAYS])))


def turnable(node: int, tails: Sequence[int], heads: Sequence[int]) -> bool:
    """Whether a node is more than a bend of one road, open in one direction or in both."""
    out = sorted(head for tail, head in zip(tails, heads, strict=True) if tail == node)
    into = sorted(tail for tail, head in zip(tails, heads, strict=True) if head == node)
    one_way = len(out) == len(into) == 1 and out != into
    both_ways = out == into and len(out) == len(set(out)) == 2
    return node in out or not (one_way or both_ways)


class Oracle:
    """
    Searches over whole histories of arcs.

    One turns round at crossings and dead ends only, and not while one is on the way of a ban over several roads.
    """

    def __init__(self, graph: RoadGraph) -> None:
        self.graph = graph
        self.tail, self.head = graph.tails().tolist(), graph.head.tolist()
        self.cost = list(zip(graph.duration_ms.tolist(), ((graph.length_mm + 50) // 100).tolist(), strict=True))
        self.bans = set(graph.bans())
        self.memory = max((len(ban) for ban in self.bans), default=2) - 1
        self.turnable = [turnable(node, self.tail, self.head) for node in range(graph.num_nodes)]
        self.begun = {ban[:size] for ban in self.bans for size in range(2, len(ban))}
        self.beside: dict[int, set[int]] = {node: set() for node in range(graph.num_nodes)}
        for a, b in zip(self.tail, self.head, strict=True):
            self.beside[a].add(b)
            self.beside[b].add(a)

    def times(self, source: int) -> dict[int, tuple[int, int]]:
        """(ms, dm) of the best way from a node to each that can be reached."""
        best = {source: (0, 0)}
        for arc, cost in self.arrivals([arc for arc, tail in enumerate(self.tail) if tail == source]).items():
            best[self.head[arc]] = min(cost, best.get(self.head[arc], cost))
        return best

    def arrivals(self, starts: Sequence[int]) -> dict[int, tuple[int, int]]:
        """(ms, dm) until each arc that can be driven is, when one begins with any of some arcs."""
        best: dict[int, tuple[int, int]] = {}
        queue: list[tuple[tuple[int, int], tuple[int, ...]]] = [(self.cost[arc], (arc,)) for arc in starts]
        heapq.heapify(queue)
        done: set[tuple[int, ...]] = set()
        while queue:
            cost, history = heapq.heappop(queue)
            if history in done:
                continue
            done.add(history)
            best.setdefault(history[-1], cost)
            for arc, tail in enumerate(self.tail):
                turn = self.turn(history, arc) if tail == self.head[history[-1]] else None
                if turn is not None:
                    on = (cost[0] + turn + self.cost[arc][0], cost[1] + self.cost[arc][1])
                    heapq.heappush(queue, (on, (*history, arc)[-self.memory :]))
        return best

    def turn(self, history: tuple[int, ...], arc: int) -> int | None:
        """Milliseconds of going on by an arc; None = forbidden."""
        run = (*history, arc)
        if any(run[-size:] in self.bans for size in range(2, len(run) + 1)):
            return None
        last, node = history[-1], self.tail[arc]
        if self.head[arc] == self.tail[last]:
            escapes = any(history[-size:] in self.begun for size in range(2, len(history) + 1))
            return self.graph.delays.back if self.turnable[node] and not escapes else None
        if len(self.beside[node]) < 3:
            return 0
        before, after = self.bearing(last), self.bearing(arc)
        turned = math.remainder(after - before, 360)
        delays = self.graph.delays
        return 0 if abs(turned) <= 40 else delays.right if turned > 0 else delays.left

    def bearing(self, arc: int) -> float:
        a, b = self.tail[arc], self.head[arc]
        lon, lat = self.graph.lon, self.graph.lat
        return math.degrees(
            math.atan2((lon[b] - lon[a]) * math.cos(math.radians((lat[a] + lat[b]) / 2)), lat[b] - lat[a])
        )


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(towns())
def test_every_pair_agrees_with_a_search_over_histories(graph: RoadGraph) -> None:
    oracle, found = Oracle(graph), node_matrix(contract_roads(graph), range(NODES), range(NODES))
    for source in range(NODES):
        best = oracle.times(source)
        for target in range(NODES):
            pair = int(found.durations[source, target]), int(found.distances[source, target])
            ms, dm = best.get(target, (None, None))
            expected = (UNREACHABLE,) * 2 if ms is None or dm is None else ((ms + 500) // 1000, (dm + 5) // 10)
            assert pair == expected, (source, target)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(towns())
def test_paths_are_driven_as_the_matrix_says(graph: RoadGraph) -> None:
    roads, oracle = contract_roads(graph), Oracle(graph)
    matrix = node_matrix(roads, range(NODES), range(NODES))
    snapped = Snapped(np.arange(NODES, dtype=np.int32), np.zeros(NODES, dtype=np.int32))
    pairs = [(i, j) for i in range(NODES) for j in range(NODES) if matrix.durations[i, j] != UNREACHABLE]
    place = {(lon, lat): node for node, (lon, lat) in enumerate(zip(graph.lon, graph.lat, strict=True))}
    for (i, j), path in zip(pairs, paths(roads, snapped, pairs), strict=True):
        nodes = [place[lon, lat] for lon, lat in path.coordinates.tolist()]
        assert (nodes[0], nodes[-1]) == (i, j)
        assert (path.metres, path.seconds) == (matrix.distances[i, j], matrix.durations[i, j])
        if i != j:
            assert _drive(oracle, nodes) == path.seconds


def _drive(oracle: Oracle, nodes: Sequence[int]) -> int:
    """Seconds of driving from node to node, every turn paid and allowed."""
    history: tuple[int, ...] = ()
    ms = 0
    for a, b in itertools.pairwise(nodes):
        arc = next(at for at in range(len(oracle.tail)) if (oracle.tail[at], oracle.head[at]) == (a, b))
        turn = oracle.turn(history, arc) if history else 0
        assert turn is not None
        ms += turn + oracle.cost[arc][0]
        history = (*history, arc)[-oracle.memory :]
    return (ms + 500) // 1000


def cross(delays: TurnDelays, bans: Sequence[Sequence[int]] = ()) -> RoadGraph:
    """
    Four roads of 10 s that meet in 4: 1 south, 3 west, 5 east, 7 north. Arcs 0-3 lead in, 4-7 out, in that order.
    """
    ends = (1, 3, 5, 7)
    arcs = [(end, 4, 100_000, 10_000) for end in ends] + [(4, end, 100_000, 10_000) for end in ends]
    return plane(arcs, bans, delays)


def seconds(graph: RoadGraph, source: int, target: int) -> int:
    return int(node_matrix(contract_roads(graph), [source], [target]).durations.item())


def test_left_right_and_straight_on_cost_what_the_profile_says() -> None:
    graph = cross(DELAYS)
    assert [seconds(graph, 1, end) for end in (3, 7, 5)] == [24, 20, 22]


def test_turning_round_costs_and_is_free_where_one_starts() -> None:
    graph = cross(DELAYS, bans=[(0, 5)])  # from the south to the west: on, round, and right
    assert seconds(graph, 1, 3) == 10 + 10 + 10 + 10 + 2 + 10
    assert seconds(graph, 4, 3) == 10


def test_without_delays_and_bans_a_crossing_is_one_vertex() -> None:
    assert build_network(cross(TurnDelays())).num_vertices == 5
    assert build_network(cross(DELAYS)).num_vertices == 8
    assert build_network(cross(TurnDelays(), bans=[(0, 5)])).num_vertices == 6


def test_long_ban_holds_only_for_those_who_drive_all_of_it() -> None:
    arcs = [(0, 1, 1000, 1000), (1, 2, 1000, 1000), (2, 5, 1000, 1000), (4, 1, 1000, 1000), (1, 4, 1000, 1000),
            (5, 8, 1000, 1000), (2, 8, 9000, 9000)]  # fmt: skip
    free = plane(arcs, [], TurnDelays())
    banned = plane(arcs, [(0, 1, 2)], TurnDelays())
    assert seconds(free, 0, 8) == seconds(banned, 4, 8) + 0 == 4
    assert seconds(banned, 0, 8) == 6 or seconds(banned, 0, 8) == 11
    assert seconds(banned, 1, 8) == 3


@pytest.mark.parametrize("run", [(0,), (0, 0), (0, 99)])
def test_ban_that_is_no_run_of_arcs_is_refused(run: tuple[int, ...]) -> None:
    with pytest.raises((ValueError, IndexError)):
        cross(DELAYS, bans=[run])


def test_ring_on_a_stem_keeps_its_ban() -> None:
    """A stem 0-1 and a one-way ring 1-2-5-4-1: who has gone round must not go round again, but leave by the stem."""
    ring = [(1, 2, 1000, 1000), (2, 5, 1000, 1000), (5, 4, 1000, 1000), (4, 1, 1000, 1000)]
    arcs = [(0, 1, 1000, 1000), (1, 0, 1000, 1000), *ring]
    assert seconds(plane(arcs, [], TurnDelays()), 4, 2) == 2
    assert seconds(plane(arcs, [(5, 2)], TurnDelays()), 4, 2) == 4  # in to the stem's end, and out again


def test_ban_in_the_middle_of_a_road_is_no_place_to_turn_round() -> None:
    road = [(a, b, 1000, 1000) for a, b in ((0, 1), (1, 2), (1, 0), (2, 1))]
    free, banned = plane(road, [], TurnDelays()), plane(road, [(0, 2)], TurnDelays())
    assert build_network(banned).chains.is_crossing[1]
    assert seconds(free, 0, 2) == seconds(banned, 0, 2) == 2


def test_nobody_turns_round_to_escape_a_ban_over_a_link() -> None:
    """A dual carriageway 0-1-2 and 8-7-6 with a link 1-4-7; from 0 over the link back to 6 is forbidden."""
    one_way = [(0, 1), (1, 2), (8, 7), (7, 6)]
    arcs = [(a, b, 1000, 1000) for a, b in (*one_way, (1, 4), (4, 1), (4, 7), (7, 4))]
    run = [0, 4, 6, 3]  # 0-1, 1-4, 4-7, 7-6
    assert seconds(plane(arcs, [], TurnDelays()), 0, 6) == 4
    assert seconds(plane(arcs, [run], TurnDelays()), 0, 6) == UNREACHABLE


def test_negative_delay_is_refused() -> None:
    with pytest.raises(ValueError, match="no time or some"):
        replace(DELAYS, left=-1)
