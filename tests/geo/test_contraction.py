"""Hierarchies against scipy's Dijkstra, and what is compiled."""

import ast
import itertools
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

import geo
from geo import contraction
from geo.contraction import Hierarchy, contract
from geo.crossings import chains
from geo.sweep import LANES, above, lightest_way, new_scratch, restrict, sweep, unpack
from tests.geo.samples import graph_of

Edges = list[tuple[int, int, int]]


def rows(size: int, edges: Edges) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    ordered = sorted(edges)
    first = np.searchsorted([tail for tail, _, _ in ordered], np.arange(size + 1)).astype(np.int32)
    columns = np.array(ordered, dtype=np.int64).reshape(-1, 3)
    return first, columns[:, 1].astype(np.int32), columns[:, 2].astype(np.float64)


def all_pairs(tree: Hierarchy) -> NDArray[np.float64]:
    """By the compiled sweep, with every vertex as source and target."""
    labels = np.arange(tree.num_vertices + 1, dtype=np.int32), tree.rank, np.zeros(tree.num_vertices)
    down = tree.down_first, tree.down_tail, tree.down_weight
    place, places_first, places, weights = restrict(*down, above(tree.down_first, tree.down_tail, tree.rank))
    return sweep(
        tree.up_first, tree.up_head, tree.up_weight, place, places_first, places, weights,
        *labels, labels[0], place[tree.rank], labels[2],
    )  # fmt: skip


def oracle(size: int, edges: Edges) -> NDArray[np.float64]:
    best: dict[tuple[int, int], int] = {}
    for tail, head, weight in edges:
        if tail != head:
            best[tail, head] = min(weight, best.get((tail, head), weight))
    ends = np.array(list(best), dtype=np.int64).reshape(-1, 2).T
    return np.asarray(
        dijkstra(csr_array((np.array(list(best.values()), dtype=float), tuple(ends)), shape=(size, size)))
    )


@st.composite
def networks(draw: st.DrawFn) -> tuple[int, Edges]:
    size = draw(st.integers(1, 40))
    vertex = st.integers(0, size - 1)
    weight = st.integers(1, 30) | st.integers(1, 2**50)
    return size, draw(st.lists(st.tuples(vertex, vertex, weight), max_size=4 * size))


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(networks())
def test_every_distance_is_kept(network: tuple[int, Edges]) -> None:
    size, edges = network
    assert np.array_equal(all_pairs(contract(*rows(size, edges))), oracle(size, edges))


@settings(max_examples=60, deadline=None)
@given(networks(), st.data())
def test_lightest_way_is_made_of_edges_of_the_network(network: tuple[int, Edges], data: st.DataObject) -> None:
    size, edges = network
    tree, best = contract(*rows(size, edges)), oracle(size, edges)
    source, target = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size - 1))
    ends = (np.array([tree.rank[v]], dtype=np.int32) for v in (source, target))
    begin, end = ends
    weight, _, _, vertices = lightest_way(
        tree.up_first, tree.up_head, tree.up_weight, tree.down_first, tree.down_tail, tree.down_weight,
        new_scratch(size), begin, np.zeros(1), end, np.zeros(1),
    )  # fmt: skip
    assert weight == best[source, target]
    if np.isfinite(weight):
        name = np.argsort(tree.rank)
        middles = tree.up_first, tree.up_head, tree.up_middle, tree.down_first, tree.down_tail, tree.down_middle
        way = name[unpack(*middles, vertices)].tolist()
        lightest = {(t, h): min(w for a, b, w in edges if (a, b) == (t, h)) for t, h, _ in edges}
        assert (way[0], way[-1]) == (source, target)
        assert sum(lightest[step] for step in itertools.pairwise(way)) == weight


def grid(side: int, rng: np.random.Generator) -> tuple[int, Edges]:
    edges = []
    for row in range(side):
        for column in range(side):
            here = row * side + column
            for there in ((here + 1) if column + 1 < side else None, (here + side) if row + 1 < side else None):
                if there is not None:
                    edges += [(here, there, int(rng.integers(1, 100))), (there, here, int(rng.integers(1, 100)))]
    return side * side, edges


def test_pool_grows_where_shortcuts_need_it(monkeypatch: pytest.MonkeyPatch) -> None:
    size, edges = grid(25, np.random.default_rng(5))
    grown: list[int] = []
    with_room = contraction._with_room

    def watched(state: contraction._State, wanted: int) -> contraction._State:
        grown.append(wanted)
        return with_room(state, wanted)

    monkeypatch.setattr(contraction, "_with_room", watched)
    clique = [(a, b, 1000 + abs(a - b)) for a in range(0, size, 9) for b in range(0, size, 9) if a != b]
    assert np.array_equal(all_pairs(contract(*rows(size, edges + clique))), oracle(size, edges + clique))
    assert grown


def test_progress_is_told_to_the_end() -> None:
    size, edges = grid(12, np.random.default_rng(2))
    told: list[tuple[int, int]] = []
    contract(*rows(size, edges), on_progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (size, size)


def test_more_sources_than_lanes_are_all_answered() -> None:
    size, edges = grid(7, np.random.default_rng(1))
    assert size % LANES
    assert np.array_equal(all_pairs(contract(*rows(size, edges))), oracle(size, edges))


def test_contraction_is_the_same_each_time() -> None:
    size, edges = grid(12, np.random.default_rng(2))
    one, two = contract(*rows(size, edges)), contract(*rows(size, edges))
    assert np.array_equal(one.rank, two.rank)
    assert np.array_equal(one.up_weight, two.up_weight)


def test_edges_lead_up_and_the_graph_has_few_shortcuts() -> None:
    size, edges = grid(30, np.random.default_rng(3))
    tree = contract(*rows(size, edges))
    assert np.all(tree.up_head > np.repeat(np.arange(size), np.diff(tree.up_first)))
    assert np.all(tree.down_tail > np.repeat(np.arange(size), np.diff(tree.down_first)))
    assert tree.up_head.size + tree.down_tail.size < 5 * len(edges)


def test_chains_run_from_crossing_to_crossing() -> None:
    arcs = [(a, b, 1000, 1000) for a, b in [(0, 1), (1, 2), (2, 3), (3, 4), (2, 5), (5, 6)]]
    star = graph_of(7, arcs + [(b, a, length, duration) for a, b, length, duration in arcs])
    found = chains(star)
    assert found.is_crossing.nonzero()[0].tolist() == [0, 2, 4, 6]
    tail = star.tails()
    driven = [
        [int(tail[arc]) for arc in found.arcs[a:b]] + [int(star.head[found.arcs[b - 1]])]
        for a, b in zip(found.first[:-1], found.first[1:], strict=True)
    ]
    assert driven == [[0, 1, 2], [2, 1, 0], [2, 3, 4], [2, 5, 6], [4, 3, 2], [6, 5, 2]]


def test_ring_without_a_crossing_is_cut_somewhere() -> None:
    ring = [(0, 1, 10, 10), (1, 2, 10, 10), (2, 0, 10, 10), (1, 0, 10, 10), (2, 1, 10, 10), (0, 2, 10, 10)]
    found = chains(graph_of(4, ring))
    assert found.is_crossing[:3].tolist() == [True, False, False]
    assert (found.chain >= 0).all()


@pytest.mark.parametrize("path", sorted(Path(geo.__path__[0]).glob("*.py")), ids=lambda path: path.stem)
def test_compiled_functions_call_no_compiled_function_of_another_file(path: Path) -> None:
    """numba would not notice an edit there and run stale code."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    compiled = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and _is_jit(node)}
    imported = {
        alias.asname or alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("geo")
        for alias in node.names
    }
    for name, function in compiled.items():
        body = [child for statement in function.body for child in ast.walk(statement)]
        used = {node.id for node in body if isinstance(node, ast.Name)}
        assert not used & imported.keys(), f"{name} uses {used & imported.keys()}"


def _is_jit(function: ast.FunctionDef) -> bool:
    return any(isinstance(mark, ast.Name) and mark.id == "jit" for mark in function.decorator_list)
