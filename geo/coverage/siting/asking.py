"""Checks of what a model is asked for besides its problem: how many points, for what budget, within which limit."""

from __future__ import annotations

import numpy as np

from geo.coverage.siting.problem import Marks, SitingProblem
from geo.coverage.siting.serving import people_served
from geo.errors import CapacityError, OutOfReachError, SitingFault, SitingInputError


def check_number(problem: SitingProblem, k: int) -> None:
    """
    Check a number of new points.

    Raises
    ------
    SitingInputError
        When it is not above 0, or above the number of candidates.
    """
    _above_zero("the number of new points", k)
    if k > problem.candidates.size:
        raise SitingInputError(
            SitingFault.TOO_MANY_POINTS,
            f"{k} new points are asked for, there are {problem.candidates.size} candidates",
            value=k,
            bound=int(problem.candidates.size),
        )


def check_budget(problem: SitingProblem, budget: int) -> None:
    """
    Check a budget.

    Raises
    ------
    SitingInputError
        When it is not above 0, buys nothing, or candidates have no cost.
    """
    _above_zero("a budget", budget)
    if problem.cost is None:
        raise SitingInputError(SitingFault.SHAPES, "a budget needs the cost of each candidate")
    cheapest = int(problem.cost[problem.candidates].min())
    if cheapest > budget:
        raise SitingInputError(
            SitingFault.NOTHING_AFFORDABLE,
            f"a budget of {budget} buys nothing: the cheapest candidate costs {cheapest}",
            value=budget,
            bound=cheapest,
        )


def check_limit(limit: int) -> None:
    """
    Check a limit in seconds.

    Raises
    ------
    SitingInputError
        When it is not above 0.
    """
    _above_zero("a limit in seconds", limit)


def places_out_of_reach(problem: SitingProblem, may: Marks) -> list[int]:
    """Places with people whom no candidate and no existing point may serve."""
    points = np.union1d(problem.fixed, problem.candidates)
    return np.flatnonzero((problem.people > 0) & ~may[:, points].any(axis=1)).tolist()


def check_somebody(problem: SitingProblem, limit: int) -> None:
    """
    Check that somebody lives within the limit of some point.

    Raises
    ------
    OutOfReachError
        When nobody does.
    """
    out = places_out_of_reach(problem, problem.within(limit))
    if len(out) == np.count_nonzero(problem.people):
        raise OutOfReachError(out, limit=limit)


def check_everybody(problem: SitingProblem, may: Marks, *, limit: int | None) -> None:
    """
    Check that all points together can serve everybody; `limit` is what `may` came from, None = any time.

    Raises
    ------
    OutOfReachError
        When places with people have no point.
    CapacityError
        When there is no room for all.
    """
    out = places_out_of_reach(problem, may)
    if out:
        raise OutOfReachError(out, limit=limit)
    left = int(problem.people.sum()) - people_served(problem, problem.candidates, may)
    if left:
        raise CapacityError(left)


def _above_zero(what: str, value: int) -> None:
    if not value > 0:
        raise SitingInputError(SitingFault.NOT_ABOVE_ZERO, f"{what} must be above 0, got {value}", value=value)
