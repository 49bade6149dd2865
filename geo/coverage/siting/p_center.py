"""
p-center: with so many new points, how far has the one who has it furthest?

The answer is one of the travel times of the matrix: the smallest within which so many points serve everybody. It is
found by halving, each step a set covering.

References
----------
.. [1] Daskin (2000). A new approach to solving the vertex p-center problem to optimality. Communications of the
       Operations Research Society of Japan 45(9).
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from geo.coverage.siting.answer import Siting
from geo.coverage.siting.asking import check_everybody, check_number
from geo.coverage.siting.greedy import Points
from geo.coverage.siting.lscp import cover_greedily, fewest_points, opened_by
from geo.coverage.siting.mclp import serve_all
from geo.coverage.siting.problem import Marks, SitingProblem, Whole
from geo.coverage.siting.program import Effort, whole_above
from geo.coverage.siting.serving import people_served, serve

_USUAL = Effort()


def p_center(problem: SitingProblem, k: int, *, effort: Effort = _USUAL) -> Siting:
    """
    Open points so that the longest way of anybody is as short as possible.

    Parameters
    ----------
    k
        At most so many new points, above 0.

    Returns
    -------
    siting
        Its value is the longest way, seconds. With capacities everybody has a place at a point within it.

    Raises
    ------
    SitingInputError
        When `k` breaks a rule.
    OutOfReachError
        When places with people reach no point: it names them.
    CapacityError
        When all points together have no room for everybody.
    TooFewPointsError
        When so many points cannot serve everybody.
    """
    opened, limits, high = _by_greedy(problem, k, effort)
    low, lowest, ends = 0, 0, time.monotonic() + effort.seconds
    # limits[lowest] is the first that is not proved too short, limits[low] the first that is not tried in vain
    while low < high and time.monotonic() < ends:
        middle = (low + high) // 2
        may = problem.within(int(limits[middle]))
        found, is_proved = _probe(problem, may, k, replace(effort, seconds=max(ends - time.monotonic(), 0.1)))
        if found is not None:
            opened, high = found, middle
        elif is_proved:
            low = lowest = middle + 1
        else:
            low = middle + 1
    return _answer(problem, opened, int(limits[high]), bound=int(limits[min(lowest, high)]))


def greedy_p_center(problem: SitingProblem, k: int) -> Siting:
    """
    Halve as `p_center` does, with greedy coverings; nothing is proved of the answer.

    Parameters and errors as in `p_center`.
    """
    opened, limits, high = _by_greedy(problem, k, _USUAL)
    return _answer(problem, opened, int(limits[high]), bound=None)


def _by_greedy(problem: SitingProblem, k: int, effort: Effort) -> tuple[Points, Whole, int]:
    """Good candidates, the limits that come into question, ascending, and which of them those keep."""
    check_number(problem, k)
    check_everybody(problem, problem.reached(), limit=None)
    limits = _limits(problem)
    low, high = 0, limits.size - 1
    opened = cover_greedily(problem, problem.within(int(limits[high])))
    if opened.size > k:
        opened = serve_all(problem, k, effort)
    everybody = int(problem.people.sum())
    while low < high:
        middle = (low + high) // 2
        may = problem.within(int(limits[middle]))
        found = cover_greedily(problem, may)
        if found.size <= k and people_served(problem, found, may) == everybody:
            opened, high = found, middle
        else:
            low = middle + 1
    return opened, limits, high


def _probe(problem: SitingProblem, may: Marks, k: int, effort: Effort) -> tuple[Points | None, bool]:
    """At most k candidates that serve everybody; None = there are none, if that is proved, or none were found."""
    relaxed = fewest_points(problem, may).relax(effort)  # quick, and enough for most limits that are too short
    if relaxed.is_infeasible or (relaxed.is_best and whole_above(relaxed.bound) > k):
        return None, True
    outcome = fewest_points(problem, may, at_most=k).solve(effort)
    return opened_by(problem, outcome), outcome.is_infeasible


def _limits(problem: SitingProblem) -> Whole:
    """Travel times that can be the longest way: nobody has less than to the nearest of all points."""
    points = np.union1d(problem.fixed, problem.candidates)
    seconds = problem.seconds[problem.people > 0][:, points].astype(np.int64)
    least = int(seconds.min(axis=1).max())
    reached = problem.reached()[problem.people > 0][:, points]
    return np.unique(seconds[reached & (seconds >= least)])


def _answer(problem: SitingProblem, opened: Points, value: int, *, bound: int | None) -> Siting:
    return Siting(opened=opened, value=value, bound=bound, served=serve(problem, opened, problem.within(value)))
