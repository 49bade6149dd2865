"""Set covering, p-median, p-center and the frontier against every choice of candidates."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.siting.answer import Siting
from geo.coverage.siting.frontier import frontier
from geo.coverage.siting.greedy import Points, greedy_order
from geo.coverage.siting.lscp import greedy_lscp, lscp
from geo.coverage.siting.mclp import greedy_mclp, mclp
from geo.coverage.siting.p_center import greedy_p_center, p_center
from geo.coverage.siting.p_median import greedy_p_median, p_median, total_seconds
from geo.coverage.siting.problem import SitingProblem, siting_problem
from geo.coverage.siting.program import Effort
from geo.coverage.siting.serving import people_served
from geo.errors import CapacityError, OutOfReachError, TooFewPointsError
from geo.matrix import UNREACHABLE
from tests.geo.coverage.siting_cases import LIMIT, choices, flow, problems, served

FAR = UNREACHABLE - 1
Solve = Callable[[SitingProblem], Siting]
SERVING_ALL: list[Solve] = [lambda p: lscp(p, 60), lambda p: p_median(p, 1), lambda p: p_center(p, 1)]


def everybody(problem: SitingProblem, opened: tuple[int, ...], limit: int) -> bool:
    return served(problem, opened, limit) == int(problem.people.sum())


def assert_served(problem: SitingProblem, found: Siting) -> None:
    """Everybody is, at open points, within their room."""
    where = found.served
    assert np.bincount(where.place, where.people, minlength=problem.people.size).tolist() == problem.people.tolist()
    assert np.isin(where.point, np.union1d(problem.fixed, found.opened)).all()
    if problem.capacity is not None:
        load = np.bincount(where.point, where.people, minlength=problem.seconds.shape[1])
        assert (load <= problem.capacity).all()


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(problems())
def test_no_fewer_points_serve_everybody(problem: SitingProblem) -> None:
    every = list(choices(problem, problem.candidates.size))
    enough = [len(opened) for opened in every if everybody(problem, opened, LIMIT)]
    if not enough:
        with pytest.raises((OutOfReachError, CapacityError)):
            lscp(problem, LIMIT)
        return
    found, greedy = lscp(problem, LIMIT), greedy_lscp(problem, LIMIT)
    assert found.value == found.bound == found.opened.size == min(enough) <= greedy.value
    for answer in (found, greedy):
        assert_served(problem, answer)
        assert problem.within(LIMIT)[answer.served.place, answer.served.point].all()


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(problems(), st.data())
def test_no_choice_has_shorter_ways(problem: SitingProblem, data: st.DataObject) -> None:
    k = data.draw(st.integers(1, problem.candidates.size))
    ways = [flow(problem, opened, FAR) for opened in choices(problem, k)]
    enough = [seconds for people, seconds in ways if people == problem.people.sum()]
    if not enough:
        with pytest.raises((OutOfReachError, CapacityError, TooFewPointsError)):
            p_median(problem, k)
        return
    found, greedy = p_median(problem, k), greedy_p_median(problem, k)
    assert found.value == found.bound == min(enough) <= greedy.value
    assert flow(problem, tuple(found.opened.tolist()), FAR)[1] == found.value
    for answer in (found, greedy):
        assert answer.opened.size <= k
        assert_served(problem, answer)


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(problems(), st.data())
def test_no_choice_has_a_shorter_longest_way(problem: SitingProblem, data: st.DataObject) -> None:
    k = data.draw(st.integers(1, problem.candidates.size))
    limits = [*range(21), FAR]
    enough = [limit for limit in limits for opened in choices(problem, k) if everybody(problem, opened, limit)]
    if not enough:
        with pytest.raises((OutOfReachError, CapacityError, TooFewPointsError)):
            p_center(problem, k)
        return
    found, greedy = p_center(problem, k), greedy_p_center(problem, k)
    least = min(enough)
    assert found.value == found.bound == least <= greedy.value
    for answer in (found, greedy):
        assert answer.opened.size <= k
        assert_served(problem, answer)
        assert (problem.seconds[answer.served.place, answer.served.point] <= answer.value).all()


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(problems())
def test_frontier_is_best_at_each_number_and_never_falls(problem: SitingProblem) -> None:
    k = problem.candidates.size
    try:
        found = frontier(problem, LIMIT, k)
    except OutOfReachError:
        return
    people = found.people().tolist()
    assert people == sorted(people)
    assert found.already == served(problem, (), LIMIT)
    assert people == [max(served(problem, o, LIMIT) for o in choices(problem, size)) for size in range(1, k + 1)]
    assert found.greedy[-1] == people[-1]
    for size, greedy in enumerate(found.greedy.tolist(), start=1):
        assert greedy == served(problem, tuple(found.order[:size].tolist()), LIMIT) <= people[size - 1]
    assert min(found.behind()) >= 0


@pytest.mark.slow
@settings(max_examples=80, deadline=None)
@given(problems())
def test_greedy_takes_what_adds_most_and_the_first_among_equals(problem: SitingProblem) -> None:
    may, everywhere = problem.within(LIMIT), problem.reached()
    worths: list[Callable[[Points], int]] = [
        lambda points: people_served(problem, points, may),
        lambda points: people_served(problem, points, everywhere),
        lambda points: -total_seconds(problem, points),
    ]
    for worth in worths:
        chosen: list[int] = []
        while len(chosen) < problem.candidates.size:
            value = worth(np.array(chosen, dtype=np.intp))
            rest = [c for c in problem.candidates.tolist() if c not in chosen]
            gains = [worth(np.array([*chosen, c], dtype=np.intp)) - value for c in rest]
            if max(gains) <= 0:
                break
            chosen.append(rest[gains.index(max(gains))])
        assert greedy_order(problem.candidates, worth, k=problem.candidates.size).tolist() == chosen


def test_same_problem_has_the_same_answer_every_time() -> None:
    rng = np.random.default_rng(4)
    seconds = rng.integers(1, 4, (12, 8)) * 10  # many ties
    problem = siting_problem(np.full(12, 5), seconds, range(8))
    solves: list[Solve] = [lambda p: mclp(p, 10, k=3), lambda p: p_median(p, 3), lambda p: p_center(p, 3)]
    for solve in solves:
        first, again = solve(problem), solve(problem)
        assert first.opened.tolist() == again.opened.tolist()


@pytest.mark.slow
@pytest.mark.parametrize("capacity", [None, 12_000])
def test_time_that_is_up_is_told_with_what_is_proved(capacity: int | None) -> None:
    rng = np.random.default_rng(7)
    homes, desks = rng.random((150, 2)), rng.random((50, 2))
    seconds = np.rint(3600 * np.linalg.norm(homes[:, None] - desks[None, :], axis=2)).astype(int)
    problem = siting_problem(rng.integers(100, 900, 150), seconds, range(50), capacity=capacity)
    no_time = Effort(seconds=0.001)
    most, best = mclp(problem, 500, k=9, effort=no_time), mclp(problem, 500, k=9)
    assert best.proved
    assert greedy_mclp(problem, 500, k=9).value <= most.value <= best.value
    assert most.bound is not None
    assert most.bound >= best.value
    wide = int(seconds.min(axis=1).max()) + 100
    solves: list[tuple[Callable[[Effort], Siting], int]] = [
        (lambda effort: lscp(problem, wide, effort=effort), greedy_lscp(problem, wide).value),
        (lambda effort: p_median(problem, 9, effort=effort), greedy_p_median(problem, 9).value),
        (lambda effort: p_center(problem, 9, effort=effort), greedy_p_center(problem, 9).value),
    ]
    unproved = 0
    for solve, greedy in solves:
        cut = solve(no_time)
        assert cut.bound is not None
        assert cut.bound <= cut.value <= greedy
        assert cut.proved == (cut.bound == cut.value)
        assert cut.proved == (cut.gap == 0)
        assert_served(problem, cut)
        unproved += not cut.proved
    assert unproved > 0, "nothing was cut off"  # what is easy may be done before the solver looks at the clock


def test_existing_points_serve_and_are_not_opened_again() -> None:
    seconds = [[1, 9, 9], [9, 1, 9], [9, 9, 1]]
    problem = siting_problem([5, 5, 6], seconds, [1, 2], fixed=[0])
    assert (p_median(problem, 1).opened.tolist(), p_median(problem, 1).value) == ([2], 5 + 45 + 6)
    assert (lscp(problem, 5).opened.tolist(), lscp(problem, 9).opened.tolist()) == ([1, 2], [])
    assert (p_center(problem, 2).value, p_center(problem, 1).value) == (1, 9)


def test_island_out_of_reach_is_named_in_every_model() -> None:
    problem = siting_problem([5, 5, 0], [[1, 2], [UNREACHABLE, UNREACHABLE], [UNREACHABLE] * 2], [0, 1])
    for solve in SERVING_ALL:
        with pytest.raises(OutOfReachError, match=r"from place 1$") as caught:
            solve(problem)
        assert caught.value.places == (1,)
    assert mclp(problem, 60, k=1).value == 5


def test_too_little_room_says_for_how_many() -> None:
    problem = siting_problem([5, 5], [[1, 2], [2, 1]], [0, 1], capacity=[4, 3])
    for solve in SERVING_ALL:
        with pytest.raises(CapacityError, match="3 people"):
            solve(problem)


def test_too_few_points_say_whom_they_leave() -> None:
    problem = siting_problem([5, 7], [[1, UNREACHABLE], [UNREACHABLE, 1]], [0, 1])
    for solve in (p_median, p_center):
        with pytest.raises(TooFewPointsError, match="1 new points leave 5 people unserved at best"):
            solve(problem, 1)
