"""What a location model refuses to be asked."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from geo.coverage.siting.frontier import frontier
from geo.coverage.siting.mclp import mclp
from geo.coverage.siting.problem import siting_problem
from geo.coverage.siting.program import Effort
from geo.errors import SitingError, SitingFault, SitingInputError
from geo.matrix import UNREACHABLE

SECONDS = [[1, 2, 3], [3, 2, 1]]


@pytest.mark.parametrize(
    ("changed", "fault", "where", "message"),
    [
        ({"people": [0, 0]}, SitingFault.NO_PEOPLE, (), "nobody lives"),
        ({"people": [4, -1]}, SitingFault.NEGATIVE_PEOPLE, (1,), "place 1 has -1"),
        ({"people": [4]}, SitingFault.SHAPES, (), r"got \(1,\) and \(2, 3\)"),
        ({"people": [0.5, 1.0]}, SitingFault.SHAPES, (), "whole numbers, got float64"),
        ({"seconds": [[1, 2, 3], [3, -2, 1]]}, SitingFault.NEGATIVE, (1,), "place 1 has others"),
        ({"seconds": [[1, 2, 3], [3, UNREACHABLE + 1, 1]]}, SitingFault.NEGATIVE, (1,), "place 1 has others"),
        ({"candidates": []}, SitingFault.NO_CANDIDATES, (), "no candidate"),
        ({"candidates": [1, 2, 1]}, SitingFault.REPEATED_POINT, (1,), "point 1 is named twice"),
        ({"fixed": [2]}, SitingFault.REPEATED_POINT, (2,), "point 2 is named twice"),
        ({"candidates": [1, 3]}, SitingFault.UNKNOWN_POINT, (3,), r"0 \.\.\. 2, got 3"),
        ({"fixed": [-1]}, SitingFault.UNKNOWN_POINT, (-1,), r"0 \.\.\. 2, got -1"),
        ({"capacity": [5, -5, 5]}, SitingFault.NEGATIVE, (1,), "capacity must not be negative, point 1"),
        ({"cost": [5, 5]}, SitingFault.SHAPES, (), "cost is one number"),
    ],
)
def test_bad_input_is_named(changed: dict[str, Any], fault: SitingFault, where: tuple[int, ...], message: str) -> None:
    usual: dict[str, Any] = {"people": [4, 5], "seconds": SECONDS, "candidates": [1, 2]}
    with pytest.raises(SitingInputError, match=message) as caught:
        siting_problem(**(usual | changed))
    assert (caught.value.fault, caught.value.where) == (fault, where)


def test_order_of_points_makes_no_difference_and_one_number_is_for_all() -> None:
    made = siting_problem([4, 5], SECONDS, [2, 0], fixed=np.array([1]), capacity=7)
    assert (made.candidates.tolist(), made.fixed.tolist()) == ([0, 2], [1])
    assert made.capacity is not None
    assert made.capacity.tolist() == [7, 7, 7]


def test_no_way_is_within_no_limit() -> None:
    made = siting_problem([4, 5], [[UNREACHABLE], [7]], [0])
    assert made.within(UNREACHABLE).tolist() == [[False], [True]]


def test_budget_needs_costs_and_more_points_than_candidates_are_refused() -> None:
    made = siting_problem([4, 5], SECONDS, [1, 2])
    with pytest.raises(SitingInputError, match="cost of each candidate"):
        mclp(made, 60, budget=5)
    with pytest.raises(SitingInputError, match="3 new points are asked for, there are 2 candidates") as caught:
        frontier(made, 60, 3)
    assert (caught.value.value, caught.value.bound) == (3, 2)
    with pytest.raises(SitingError, match="limit in seconds must be above 0"):
        mclp(made, 0, k=1)


def test_effort_needs_time_and_a_thread() -> None:
    with pytest.raises(ValueError, match="seconds above 0"):
        Effort(seconds=0)
    with pytest.raises(ValueError, match="a thread"):
        Effort(threads=0)
