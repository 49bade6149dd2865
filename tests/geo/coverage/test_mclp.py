"""Maximal covering against every choice of candidates."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.coverage.siting.mclp import greedy_mclp, mclp
from geo.coverage.siting.problem import SitingProblem, siting_problem
from geo.errors import OutOfReachError, SitingFault, SitingInputError
from tests.geo.coverage.siting_cases import LIMIT, choices, problems, served


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(problems(), st.data())
def test_no_choice_serves_more(problem: SitingProblem, data: st.DataObject) -> None:
    k = data.draw(st.integers(1, problem.candidates.size))
    best = max(served(problem, opened, LIMIT) for opened in choices(problem, k))
    try:
        found = mclp(problem, LIMIT, k=k)
        greedy = greedy_mclp(problem, LIMIT, k=k)
    except OutOfReachError:
        assert not (problem.within(LIMIT) & (problem.people > 0)[:, None]).any()
        return
    assert found.value == found.bound == best
    assert found.opened.size <= k
    assert served(problem, tuple(found.opened.tolist()), LIMIT) == best
    assert best * (1 - np.exp(-1)) - served(problem, (), LIMIT) <= greedy.value <= best
    assert found.served.people.sum() == best
    assert problem.within(LIMIT)[found.served.place, found.served.point].all()


@pytest.mark.slow
@settings(max_examples=100, deadline=None)
@given(problems(priced=True), st.integers(1, 12))
def test_no_choice_within_the_budget_serves_more(problem: SitingProblem, budget: int) -> None:
    assert problem.cost is not None
    cost = problem.cost
    paid = [o for o in choices(problem, problem.candidates.size) if cost[list(o)].sum() <= budget]
    best = max(served(problem, opened, LIMIT) for opened in paid)
    if cost[problem.candidates].min() > budget:
        with pytest.raises(SitingInputError, match="buys nothing"):
            mclp(problem, LIMIT, budget=budget)
        return
    try:
        found, greedy = mclp(problem, LIMIT, budget=budget), greedy_mclp(problem, LIMIT, budget=budget)
    except OutOfReachError:
        return
    assert found.value == found.bound == best
    assert cost[found.opened].sum() <= budget
    assert cost[greedy.opened].sum() <= budget
    assert greedy.value <= best


def test_greedy_takes_the_middle_and_the_exact_answer_the_two_sides() -> None:
    within = np.array([[1, 0, 1], [1, 0, 1], [1, 0, 0], [0, 1, 1], [0, 1, 1], [0, 1, 0]], dtype=bool)
    problem = siting_problem([10] * 6, np.where(within, 5, 50), [0, 1, 2])
    exact, greedy = mclp(problem, LIMIT, k=2), greedy_mclp(problem, LIMIT, k=2)
    assert (exact.opened.tolist(), exact.value, exact.gap) == ([0, 1], 60, 0.0)
    assert (greedy.opened.tolist(), greedy.value, greedy.gap) == ([0, 2], 50, None)


def test_a_point_that_serves_nobody_more_is_not_opened() -> None:
    problem = siting_problem([10, 20], [[5, 5, 50], [50, 5, 5]], [0, 1, 2])
    assert mclp(problem, LIMIT, k=3).opened.tolist() == [1]


def test_budget_in_dong_is_kept_to_the_last_dong() -> None:
    prices = [400_000_001, 600_000_000, 599_999_999]
    problem = siting_problem([10, 25, 20], [[1, 50, 50], [50, 1, 50], [50, 50, 1]], [0, 1, 2], cost=prices)
    found = mclp(problem, LIMIT, budget=1_000_000_000)
    assert (found.opened.tolist(), found.value) == ([0, 2], 30)
    assert mclp(problem, LIMIT, budget=1_000_000_001).opened.tolist() == [0, 1]


@pytest.mark.parametrize(
    ("asked", "fault"),
    [
        ({"k": 0}, SitingFault.NOT_ABOVE_ZERO),
        ({"k": -1}, SitingFault.NOT_ABOVE_ZERO),
        ({"k": 3}, SitingFault.TOO_MANY_POINTS),
        ({"budget": 0}, SitingFault.NOT_ABOVE_ZERO),
        ({"budget": 4}, SitingFault.NOTHING_AFFORDABLE),
        ({}, SitingFault.NOTHING_ASKED),
    ],
)
def test_what_cannot_be_asked_is_named(asked: dict[str, int], fault: SitingFault) -> None:
    problem = siting_problem([1, 1], [[1, 2], [2, 1]], [0, 1], cost=[5, 6])
    for solve in (mclp, greedy_mclp):
        with pytest.raises(SitingInputError) as caught:
            solve(problem, LIMIT, **asked)
        assert caught.value.fault is fault


def test_nobody_within_the_limit_is_named() -> None:
    with pytest.raises(OutOfReachError, match="within 10 s from place 0") as caught:
        mclp(siting_problem([1, 0, 1], [[11], [1], [20]], [0]), LIMIT, k=1)
    assert caught.value.places == (0, 2)
