"""
Maximal covering: with so many new points, or for so much money, how many people live within a limit?

Where points have capacities, a person counts who has a place at a point within the limit.

References
----------
.. [1] Church, ReVelle (1974). The maximal covering location problem. Papers of the Regional Science Association 32.
       https://doi.org/10.1007/BF01942293
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from geo.coverage.siting.answer import Siting
from geo.coverage.siting.asking import check_budget, check_limit, check_number, check_somebody
from geo.coverage.siting.covering import count_served
from geo.coverage.siting.greedy import Points, affordable, greedy_order, without_needless
from geo.coverage.siting.problem import Marks, SitingProblem, Whole
from geo.coverage.siting.program import Columns, Effort, Program, whole_below
from geo.coverage.siting.serving import people_served, serve
from geo.errors import SitingFault, SitingInputError, TooFewPointsError
from geo.matrix import UNREACHABLE

_USUAL = Effort()


@dataclass(frozen=True, slots=True)
class _Allowance:
    """What may be opened: at most so many points, for at most so much."""

    k: int
    budget: int | None


def mclp(
    problem: SitingProblem,
    limit: int,
    *,
    k: int | None = None,
    budget: int | None = None,
    effort: Effort = _USUAL,
    start: Points | None = None,
) -> Siting:
    """
    Open points so that as many people as possible are served within a limit.

    Parameters
    ----------
    limit
        Seconds, above 0.
    k, budget
        At most so many new points, at most so much cost; at least one of the two. A point that serves nobody more is
        not opened.
    start
        Candidates that are known to be good: the search begins with the better of these and the greedy answer.

    Returns
    -------
    siting
        Its value is people within the limit of any point, old or new.

    Raises
    ------
    SitingInputError
        When `k`, `budget` or `limit` breaks a rule.
    OutOfReachError
        When nobody lives within the limit of any point.
    """
    allowance = _allowed(problem, limit, k, budget)
    may = problem.within(limit)

    def served(opened: Points) -> int:
        return people_served(problem, opened, may)

    known = [greedy_mclp(problem, limit, k=k, budget=budget).opened]
    if start is not None and _may_open(problem, start, allowance):
        known.append(np.sort(start))
    best, bound = max(known, key=served), served(problem.candidates)
    if served(best) < bound:
        found, bound = _search(problem, may, allowance, effort, best)
        best = max(best, found, key=served)
    opened = without_needless(best, served)
    value = served(opened)
    return Siting(opened=opened, value=value, bound=max(value, bound), served=serve(problem, opened, may))


def greedy_mclp(problem: SitingProblem, limit: int, *, k: int | None = None, budget: int | None = None) -> Siting:
    """
    Open the point that serves most people more (for its cost, with a budget), then the next; nothing is proved of it.

    With a budget the best single point is taken instead where it alone is better. Parameters and errors as in `mclp`.
    """
    allowance = _allowed(problem, limit, k, budget)
    may = problem.within(limit)
    cost = problem.cost if budget is not None else None

    def served(opened: Points) -> int:
        return people_served(problem, opened, may)

    opened: Points = np.sort(greedy_order(problem.candidates, served, k=allowance.k, cost=cost, budget=budget))
    if cost is not None and budget is not None:
        singles = affordable(problem.candidates, cost, budget)[:, None]
        opened = max([opened, *singles], key=served)
    return Siting(opened=opened, value=served(opened), bound=None, served=serve(problem, opened, may))


def serve_all(problem: SitingProblem, k: int, effort: Effort) -> Points:
    """
    Find at most k candidates with which everybody is served, however far.

    Raises
    ------
    TooFewPointsError
        When there are none, or none were found in time.
    """
    best = mclp(problem, UNREACHABLE - 1, k=k, effort=effort)
    left = int(problem.people.sum()) - best.value
    if left:
        raise TooFewPointsError(k, left, is_proved=best.proved)
    return best.opened


def _allowed(problem: SitingProblem, limit: int, k: int | None, budget: int | None) -> _Allowance:
    check_limit(limit)
    if k is None and budget is None:
        raise SitingInputError(SitingFault.NOTHING_ASKED, "say how many new points, or for what budget")
    if k is not None:
        check_number(problem, k)
    if budget is not None:
        check_budget(problem, budget)
    check_somebody(problem, limit)
    return _Allowance(k=int(problem.candidates.size) if k is None else k, budget=budget)


def _may_open(problem: SitingProblem, opened: Points, allowance: _Allowance) -> bool:
    few = opened.size <= allowance.k and bool(np.isin(opened, problem.candidates).all())
    if problem.cost is None or allowance.budget is None:
        return few
    return few and int(problem.cost[opened].sum()) <= allowance.budget


def _search(
    problem: SitingProblem, may: Marks, allowance: _Allowance, effort: Effort, known: Points
) -> tuple[Points, int]:
    """The best candidates that the program finds, and the people that none exceed."""
    program = Program(maximise=True)
    is_open = program.columns(problem.candidates.size, is_whole=True)
    program.put(program.rows(1, upper=allowance.k), is_open)
    if problem.cost is not None and allowance.budget is not None:
        _within_budget(program, is_open, problem.cost[problem.candidates], allowance.budget)
    already = count_served(program, is_open, problem, may)
    while True:
        outcome = program.solve(effort, start=(is_open, np.isin(problem.candidates, known)))
        bound = already + whole_below(outcome.bound)
        opened = known if outcome.values is None else problem.candidates[outcome.values[is_open] > 0.5]
        if _may_open(problem, opened, allowance):
            return opened, min(bound, int(problem.people.sum()))
        # the solver's tolerance let it spend a little too much: not this choice
        chosen = is_open[np.isin(problem.candidates, opened)]
        program.put(program.rows(1, upper=chosen.size - 1), chosen)


def _within_budget(program: Program, is_open: Columns, cost: Whole, budget: int) -> None:
    unit = max(int(np.gcd.reduce(cost)), 1)
    program.put(program.rows(1, upper=budget // unit), is_open, cost // unit)
