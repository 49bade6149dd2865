"""The plan of a made-up network: planar, connected, by the definitions of its graphs."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from shapely import STRtree, linestrings

from geo.coordinates import FloatArray
from geo.skeleton import LOCAL, TRUNK, BoolArray, Skeleton, _delaunay_edges, _emptiness, circuity, plan_roads

POINTS = np.random.default_rng(4).uniform(0, 60_000, (120, 2))


def plan(points: FloatArray, seed: int = 0) -> Skeleton:
    return plan_roads(points, np.random.default_rng(seed))


def parts(skeleton: Skeleton, used: BoolArray) -> int:
    ends = skeleton.ends[used]
    n = len(skeleton.xy)
    return int(connected_components(csr_array((np.ones(len(ends)), (ends[:, 0], ends[:, 1])), shape=(n, n)))[0])


def test_edges_of_beta_skeletons_are_those_of_their_definitions() -> None:
    xy = POINTS[:60]
    ends = _delaunay_edges(xy)
    emptiness = _emptiness(xy, ends)
    apart = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    gabriel, relative = set(), set()
    for p, q in combinations(range(60), 2):
        others = [r for r in range(60) if r not in (p, q)]
        if all(apart[p, r] ** 2 + apart[q, r] ** 2 >= apart[p, q] ** 2 for r in others):
            gabriel.add((p, q))
        if all(max(apart[p, r], apart[q, r]) >= apart[p, q] for r in others):
            relative.add((p, q))
    assert {(int(p), int(q)) for p, q in ends[emptiness >= 1]} == gabriel
    assert {(int(p), int(q)) for p, q in ends[emptiness >= 2]} == relative


def test_no_two_roads_cross_without_a_junction() -> None:
    skeleton = plan(POINTS)
    roads = np.asarray(linestrings(skeleton.xy[skeleton.ends]), dtype=np.object_)
    for one, other in zip(*STRtree(roads).query(roads, predicate="crosses"), strict=True):
        assert set(skeleton.ends[one]) & set(skeleton.ends[other]), "roads may only meet at a junction"


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    points=st.lists(st.tuples(st.integers(0, 40_000), st.integers(0, 40_000)), min_size=1, max_size=40),
    seed=st.integers(0, 1000),
)
def test_any_region_is_connected_by_its_tree_alone(points: list[tuple[int, int]], seed: int) -> None:
    skeleton = plan(np.array(points, dtype=np.float64), seed)
    assert parts(skeleton, skeleton.tree) == 1
    assert skeleton.tree.sum() == len(skeleton.xy) - 1
    assert skeleton.lengths().min() > 0
    assert skeleton.rank.min() >= TRUNK
    assert skeleton.rank.max() <= LOCAL


def test_without_its_crossings_a_wide_region_falls_into_the_lands_between_its_rivers() -> None:
    skeleton = plan(POINTS)
    assert skeleton.ferry.sum() >= 4
    assert parts(skeleton, ~skeleton.ferry) == 1  # bridges join what ferries need not


def test_circuity_of_a_square_is_known() -> None:
    xy = np.array([(0, 0), (3000, 0), (3000, 4000)], dtype=np.float64)
    ends = np.array([(0, 1), (1, 2)])
    lengths = np.array([3000.0, 4000.0])
    assert circuity(xy, ends, lengths, 3) == pytest.approx(1.0)  # 1, 1 and 7/5
    assert circuity(xy[[0, 2, 1]], np.array([(0, 2), (1, 2)]), lengths, 2) == pytest.approx(1.4)
    assert circuity(xy, ends, lengths, 1) == 1.0


def test_the_fastest_way_may_be_longer_than_the_shortest() -> None:
    xy = np.array([(0, 0), (1000, 0), (500, 800)], dtype=np.float64)
    ends = np.array([(0, 1), (0, 2), (1, 2)])
    lengths = np.array([1000.0, 950.0, 950.0])
    assert circuity(xy, ends, lengths, 2) == pytest.approx(1.0)
    assert circuity(xy, ends, lengths, 2, seconds=np.array([300.0, 60.0, 60.0])) == pytest.approx(1.9)
