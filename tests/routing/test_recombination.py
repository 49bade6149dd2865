"""Routes of several runs joined: against all subsets, by hand, under limits; the pool that holds them."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np
import pytest

from routing import recombination
from routing.recombination import Recombined, recombine
from routing.route_pool import PooledRoute, RoutePool

PROHIBITIVE = 10**16


def route(key: int, members: Iterable[int], cost: int, kind: int = 0) -> PooledRoute:
    return PooledRoute(key, kind, np.array(sorted(members), np.int64), cost, f"route {key}")


def keys(result: Recombined | None) -> set[int]:
    assert result is not None
    return {chosen.key for chosen in result.routes}


def cheapest(pool: Sequence[PooledRoute], left_cost: Sequence[int], available: Sequence[int]) -> int:
    """By looking at every subset of the pool."""
    best = sum(left_cost)
    for size in range(1, len(left_cost) + 1):
        for chosen in combinations(pool, size):
            carried = [request for r in chosen for request in r.members.tolist()]
            kinds = [r.kind for r in chosen]
            if len(set(carried)) == len(carried) and all(kinds.count(k) <= n for k, n in enumerate(available)):
                left = set(range(len(left_cost))) - set(carried)
                best = min(best, sum(r.cost for r in chosen) + sum(left_cost[request] for request in left))
    return best


def random_pool(rng: random.Random, num_requests: int, vehicle: int, kinds: int) -> list[PooledRoute]:
    places = [(rng.randrange(1000), rng.randrange(1000)) for _ in range(num_requests)]
    sets = {
        (rng.randrange(kinds), frozenset(rng.sample(range(num_requests), rng.randint(1, 3)))) for _ in range(16)
    }  # fmt: skip
    return [
        route(key, members, vehicle * (kind + 1) + sum(sum(places[m]) for m in members) // len(members) + kind, kind)
        for key, (kind, members) in enumerate(sorted(sets, key=lambda pair: (pair[0], sorted(pair[1]))))
    ]


def check(result: Recombined, left_cost: Sequence[int], available: Sequence[int]) -> None:
    carried = [request for r in result.routes for request in r.members.tolist()]
    assert sorted([*carried, *result.left]) == list(range(len(left_cost)))
    assert result.cost == sum(r.cost for r in result.routes) + sum(left_cost[request] for request in result.left)
    kinds = [r.kind for r in result.routes]
    assert all(kinds.count(kind) <= number for kind, number in enumerate(available))


def two_halves() -> list[PooledRoute]:
    """Each run is good in one half: 1 + 2 from the one, 5 + 6 from the other."""
    return [
        route(1, [0, 1], 10), route(2, [2, 3], 10), route(3, [4, 5], 30), route(4, [6, 7], 30),
        route(5, [4, 6], 10), route(6, [5, 7], 10), route(7, [0, 2], 30), route(8, [1, 3], 30),
    ]  # fmt: skip


def geometric_pool(num_requests: int, num_routes: int, seed: int) -> list[PooledRoute]:
    """Groups of neighbours around a depot; the first routes carry everything, badly."""
    rng = np.random.default_rng(seed)
    places = rng.integers(0, 10_000, (num_requests, 2))
    groups = [frozenset(range(first, min(first + 5, num_requests))) for first in range(0, num_requests, 5)]
    wanted = dict.fromkeys(groups)
    while len(wanted) < num_routes:
        near = np.argsort(np.abs(places - places[rng.integers(num_requests)]).sum(1))[:9]
        wanted[frozenset(rng.choice(near, rng.integers(3, 7), replace=False).tolist())] = None
    return [
        route(key, members, int(np.ptp(places[list(members)], axis=0).sum() * 2 + places[list(members)].sum(1).min()))
        for key, members in enumerate(wanted)
    ]


@pytest.mark.parametrize("seed", range(40))
def test_no_subset_of_the_pool_is_cheaper(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the time in the small steps that a large pool takes."""
    if seed % 2:
        monkeypatch.setattr(recombination, "PLAIN_COLUMNS", 6)
        monkeypatch.setattr(recombination, "FIRST_COLUMNS", 3)
    rng = random.Random(seed)
    num_requests, kinds = rng.randint(3, 6), rng.randint(1, 3)
    pool = random_pool(rng, num_requests, vehicle=rng.choice([0, 500, 10**7, 10**11]), kinds=kinds)
    left_cost = [rng.choice([rng.randrange(3000), PROHIBITIVE]) for _ in range(num_requests)]
    available = [rng.randint(0, 3) for _ in range(kinds)]
    best = cheapest(pool, left_cost, available)
    result = recombine(pool, num_requests, left_cost, available, incumbent=[], seed=seed)
    if result is None:
        assert best == sum(left_cost)
        return
    check(result, left_cost, available)
    assert (result.cost, result.proven) == (best, True)
    again = [chosen.key for chosen in result.routes]
    assert recombine(pool, num_requests, left_cost, available, incumbent=again) is None


def test_halves_of_two_runs_combine() -> None:
    result = recombine(two_halves(), 8, [PROHIBITIVE] * 8, [9], incumbent=[1, 2, 3, 4])
    assert keys(result) == {1, 2, 5, 6}
    assert result is not None
    assert (result.cost, result.left, result.proven) == (40, (), True)
    assert {chosen.payload for chosen in result.routes} == {"route 1", "route 2", "route 5", "route 6"}


def test_the_best_incumbent_is_not_beaten() -> None:
    assert recombine(two_halves(), 8, [PROHIBITIVE] * 8, [9], incumbent=[1, 2, 5, 6]) is None


def test_cheaper_routes_under_the_keys_of_the_incumbent_are_an_improvement() -> None:
    same = recombine(two_halves(), 8, [PROHIBITIVE] * 8, [9], incumbent=[1, 2, 5, 6], incumbent_cost=41)
    assert keys(same) == {1, 2, 5, 6}


def test_no_more_routes_of_a_kind_than_vehicles() -> None:
    pool = [route(1, [0], 10, 0), route(2, [1], 10, 0), route(3, [0], 50, 1), route(4, [1], 40, 1)]
    free = recombine(pool, 2, [100, 100], [2, 2], incumbent=[3, 4])
    limited = recombine(pool, 2, [100, 100], [1, 2], incumbent=[3, 4])
    assert (keys(free), keys(limited)) == ({1, 2}, {1, 4})


def test_a_request_is_left_when_that_is_cheaper() -> None:
    pool = [route(1, [0, 1], 100), route(2, [0], 20), route(3, [1], 60)]
    result = recombine(pool, 2, [90, 50], [2], incumbent=[1])
    assert result is not None
    assert (keys(result), result.left, result.cost) == ({2}, (1,), 70)


def test_a_vehicle_less_is_worth_any_distance() -> None:
    vehicle = 10**12
    pool = [
        route(1, [0, 1], vehicle + 10), route(2, [2, 3], vehicle + 10), route(3, [4, 5], vehicle + 10),
        route(4, [0, 1, 2], vehicle + 10**9), route(5, [3, 4, 5], vehicle + 10**9), route(6, [0], vehicle + 1),
    ]  # fmt: skip
    result = recombine(pool, 6, [10**17 // 7] * 6, [6], incumbent=[1, 2, 3])
    assert result is not None
    assert (keys(result), result.cost) == ({4, 5}, 2 * vehicle + 2 * 10**9)


@pytest.mark.parametrize("left_behind", [0, 1])
def test_one_metre_counts_beside_huge_weights(left_behind: int) -> None:
    """Two equal fleets, one metre apart; with 1, a request that nobody can carry."""
    vehicle, left = 10**11, [10**17 // 7] * (4 + left_behind)
    pool = [route(1, [0, 1], vehicle + 500), route(2, [2, 3], vehicle + 500), route(3, [2, 3], vehicle + 499, kind=1)]
    result = recombine(pool, len(left), left, [2, 1], incumbent=[1, 2])
    assert result is not None
    assert keys(result) == {1, 3}
    assert result.cost == 2 * vehicle + 999 + left_behind * left[0]


def test_many_must_go_requests_left_are_still_told_apart() -> None:
    """Prohibitive costs that differ are not squeezed, and are right all the same."""
    left = [10**16, 3 * 10**16, 10**16 + 1]
    pool = [route(1, [0], 5), route(2, [1], 5), route(3, [2], 5), route(4, [0, 2], 5)]
    result = recombine(pool, 3, left, [1], incumbent=[1])
    assert result is not None
    assert (keys(result), result.cost) == ({2}, 2 * 10**16 + 6)


@pytest.mark.slow
def test_the_same_seed_repeats() -> None:
    pool, left = geometric_pool(60, 1500, seed=3), [4000] * 60
    runs = [
        recombine(pool, 60, left, [60], incumbent=range(12), deterministic_limit=0.3, seed=5) for _ in range(2)
    ]  # fmt: skip
    assert runs[0] is not None
    assert runs[1] is not None
    check(runs[0], left, [60])
    assert [chosen.key for chosen in runs[0].routes] == [chosen.key for chosen in runs[1].routes]


def test_seconds_end_the_search() -> None:
    pool = geometric_pool(200, 4000, seed=1)
    began = time.monotonic()
    recombine(pool, 200, [10**9] * 200, [200], incumbent=range(40), seconds=0.3)
    assert time.monotonic() - began < 0.3 + 2  # a busy machine may add some


@pytest.mark.slow
def test_cancel_ends_the_search() -> None:
    pool = geometric_pool(200, 4000, seed=1)
    began = time.monotonic()
    recombine(pool, 200, [10**9] * 200, [200], incumbent=range(40), cancel=lambda: time.monotonic() > began + 0.3)
    assert time.monotonic() - began < 0.3 + 2  # a busy machine may add some


@pytest.mark.slow
def test_a_process_may_end_in_the_middle_of_a_linear_program() -> None:
    lines = (
        "import time",
        "from tests.routing.test_recombination import geometric_pool, recombine",
        "pool = geometric_pool(300, 12000, seed=1)",
        "left, ends = [10**9] * 300, time.monotonic() + 0.2",
        "print(recombine(pool, 300, left, [300], incumbent=range(60), cancel=lambda: time.monotonic() > ends))",
    )
    ended = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "None\n", "")


def test_what_is_cancelled_at_once_finds_nothing() -> None:
    assert recombine(two_halves(), 8, [PROHIBITIVE] * 8, [9], incumbent=[1, 2, 3, 4], cancel=lambda: True) is None


@pytest.mark.parametrize(
    ("incumbent", "left_cost", "rule"),
    [
        ([1, 99], 100, r"missing \[99\]"),
        ([1, 7], 100, "at most once"),
        ([1, 2, 3, 4, 1], 100, "at most once"),
        ([1, 2], -1, "at least 0"),
    ],
)
def test_wrong_arguments_are_refused(incumbent: list[int], left_cost: int, rule: str) -> None:
    with pytest.raises(ValueError, match=rule):
        recombine(two_halves(), 8, [*[100] * 7, left_cost], [9], incumbent=incumbent)


def test_costs_that_no_sum_could_hold_are_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        recombine(two_halves(), 8, [2**60 + request for request in range(8)], [9], incumbent=[])


def test_more_routes_than_vehicles_are_no_incumbent() -> None:
    with pytest.raises(ValueError, match="available vehicles"):
        recombine(two_halves(), 8, [100] * 8, [3], incumbent=[1, 2, 3, 4])


def test_pool_keeps_the_cheapest_of_a_set() -> None:
    pool, members = RoutePool(), np.array([3, 1])
    kept = [pool.add(7, 0, members, cost, np.array([cost])) for cost in (50, 60, 50, 40)]
    members[:] = 0
    (known,) = pool.snapshot()
    assert kept == [True, False, False, True]
    assert (known.cost, known.members.tolist()) == (40, [3, 1])
    assert isinstance(known.payload, np.ndarray)
    with pytest.raises(ValueError, match="read-only"):
        known.members[0] = 9


def test_full_pool_keeps_the_incumbent() -> None:
    pool = RoutePool(capacity=100)
    pool.protect([0, 1, 2, 3])
    rng = random.Random(0)
    for key in range(2000):
        cost = 10**6 if key < 4 else rng.randrange(100, 1000)  # the incumbent is the dearest and oldest
        pool.add(key, 0, np.array(rng.sample(range(50), 3)), cost)
        assert len(pool) <= 100
        assert key in pool
    assert all(key in pool for key in range(4))
    pool.protect([3])
    for key in range(2000, 2200):
        pool.add(key, 0, np.array([key % 50]), 100)
    assert not any(key in pool for key in range(3))
    assert 3 in pool


def test_full_pool_drops_the_dear_and_long_unseen() -> None:
    pool = RoutePool(capacity=8)
    for key in range(8):
        pool.add(key, 0, np.array([0]), 100 if key % 2 else 10)
    pool.add(8, 0, np.array([0]), 10)
    assert 1 not in pool
    assert {4, 6, 8} <= {known.key for known in pool.snapshot()}


def test_pool_feeds_recombine() -> None:
    pool = RoutePool()
    for r in two_halves():
        pool.add(r.key, r.kind, r.members, r.cost, r.payload)
    result = recombine(pool.snapshot(), 8, [PROHIBITIVE] * 8, [9], incumbent=[1, 2, 3, 4], seconds=10)
    assert keys(result) == {1, 2, 5, 6}
