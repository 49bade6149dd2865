import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.chains import chains
from geo.graph import RoadGraph
from geo.matrix import UNREACHABLE, node_matrix
from geo.paths import paths
from geo.snapping import Snapped
from tests.geo.samples import graph_of

NODES = 12


@st.composite
def stringy_graphs(draw: st.DrawFn) -> RoadGraph:
    """Strings of nodes, one-way or not, with a few shortcuts between: most nodes are only passed through."""
    arcs = []
    for node in range(NODES - 1):
        ways = draw(st.sampled_from([(True, True), (True, True), (True, False), (False, True), (False, False)]))
        length, duration = draw(st.integers(0, 9000)), draw(st.integers(0, 5000))
        arcs += [(node, node + 1, length, duration)] * ways[0] + [(node + 1, node, length, duration)] * ways[1]
    ends = st.integers(0, NODES - 1)
    for tail, head in draw(st.lists(st.tuples(ends, ends), max_size=5)):
        arcs.append((tail, head, draw(st.integers(0, 9000)), draw(st.integers(0, 5000))))
    return graph_of(NODES, arcs)


@settings(max_examples=60)
@given(stringy_graphs(), st.sets(st.integers(0, NODES - 1), min_size=1, max_size=4))
def test_leaving_nodes_out_changes_no_answer(graph: RoadGraph, chosen: set[int]) -> None:
    nodes = sorted(chosen)
    few, everything = node_matrix(graph, nodes, nodes), node_matrix(graph, range(NODES), range(NODES))
    assert np.array_equal(few.durations, everything.durations[np.ix_(nodes, nodes)])
    assert np.array_equal(few.distances, everything.distances[np.ix_(nodes, nodes)])


@settings(max_examples=60)
@given(stringy_graphs(), st.sets(st.integers(0, NODES - 1), min_size=2, max_size=4))
def test_path_through_left_out_nodes_is_complete(graph: RoadGraph, chosen: set[int]) -> None:
    nodes = sorted(chosen)
    matrix = node_matrix(graph, nodes, nodes)
    snapped = Snapped(np.array(nodes, dtype=np.int32), np.zeros(len(nodes), dtype=np.int32))
    pairs = [(i, j) for i in range(len(nodes)) for j in range(len(nodes)) if matrix.durations[i, j] != UNREACHABLE]
    joined = set(zip(graph.tails().tolist(), graph.head.tolist(), strict=True))
    for (i, j), path in zip(pairs, paths(graph, snapped, pairs), strict=True):
        passed = np.rint((path.coordinates[:, 1] - 10) * 1000).astype(int).tolist()
        assert (passed[0], passed[-1]) == (nodes[i], nodes[j])
        assert i == j or all(step in joined for step in itertools.pairwise(passed))


def test_only_crossings_and_chosen_nodes_are_kept() -> None:
    arcs = [(a, b, 1000, 1000) for a, b in [(0, 1), (1, 2), (2, 3), (3, 4), (2, 5), (5, 6)]]
    back = [(head, tail, length, duration) for tail, head, length, duration in arcs]
    graph = graph_of(7, arcs + back)  # a star: 0-1-2, 2-3-4, 2-5-6
    found = chains(graph, [4])
    assert found.nodes.tolist() == [2, 4]
    assert list(found.between(0, 1)) == [3, 4]
    assert list(found.between(1, 0)) == [3, 2]


def test_of_two_chains_between_the_same_crossings_the_fastest_is_taken() -> None:
    arcs = [(0, 1, 10, 500), (1, 3, 10, 500), (0, 2, 10, 300), (2, 3, 10, 300), (0, 3, 10, 900)]
    found = chains(graph_of(4, arcs), [0, 3])
    assert list(found.between(0, 1)) == [2, 3]


def test_ring_that_nobody_enters_is_left_out() -> None:
    ring = [(1, 2, 10, 10), (2, 3, 10, 10), (3, 1, 10, 10), (2, 1, 10, 10), (3, 2, 10, 10), (1, 3, 10, 10)]
    assert chains(graph_of(4, ring), [0]).nodes.tolist() == [0]
