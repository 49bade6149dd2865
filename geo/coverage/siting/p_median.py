"""
p-median: with so many new points, how short are all ways together?

Without capacities a program of one unknown a candidate and one a place, which cuts hold up (`cuts.py`); with them,
flows of people between places and points.

References
----------
.. [1] Hakimi (1964). Optimum locations of switching centers and the absolute centers and medians of a graph.
       Operations Research 12(3). https://doi.org/10.1287/opre.12.3.450
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from geo.coverage.siting.answer import Siting
from geo.coverage.siting.asking import check_everybody, check_number
from geo.coverage.siting.covering import add_room
from geo.coverage.siting.cuts import tell_ways
from geo.coverage.siting.greedy import Points, greedy_order, without_needless
from geo.coverage.siting.mclp import serve_all
from geo.coverage.siting.problem import SitingProblem
from geo.coverage.siting.program import Effort, Program, whole_above
from geo.coverage.siting.serving import serve

_USUAL = Effort()


def p_median(problem: SitingProblem, k: int, *, effort: Effort = _USUAL) -> Siting:
    """
    Open points so that the ways of all people together are as short as possible.

    Parameters
    ----------
    k
        At most so many new points, above 0; one that shortens nobody's way is not opened.

    Returns
    -------
    siting
        Its value is seconds summed over people, one way each.

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
    known = _good(problem, k, effort)
    search = _search_ways if problem.capacity is None else _search_flows
    opened, bound = search(problem, k, effort, known)
    opened = without_needless(opened, lambda points: -total_seconds(problem, points))
    value = total_seconds(problem, opened)
    return Siting(opened=opened, value=value, bound=min(bound, value), served=serve(problem, opened, problem.reached()))


def greedy_p_median(problem: SitingProblem, k: int) -> Siting:
    """
    Open the point that shortens the ways most, then the next; nothing is proved of the answer.

    Parameters and errors as in `p_median`.
    """
    opened = _good(problem, k, _USUAL)
    value, served = total_seconds(problem, opened), serve(problem, opened, problem.reached())
    return Siting(opened=opened, value=value, bound=None, served=served)


def total_seconds(problem: SitingProblem, opened: Points) -> int:
    """Seconds summed over people; whoever is not served counts for more than all ways that there are."""
    served = serve(problem, opened, problem.reached())
    people = int(problem.people.sum())
    longest = int(problem.seconds[problem.reached()].max(initial=0))
    ways = int((served.people * problem.seconds[served.place, served.point].astype(np.int64)).sum())
    return ways + (people - int(served.people.sum())) * (people * longest + 1)


def _good(problem: SitingProblem, k: int, effort: Effort) -> Points:
    """A greedy answer that serves everybody."""
    check_number(problem, k)
    check_everybody(problem, problem.reached(), limit=None)
    order = greedy_order(problem.candidates, lambda points: -total_seconds(problem, points), k=k)
    served = serve(problem, order, problem.reached())
    if served.people.sum() < problem.people.sum():
        return serve_all(problem, k, effort)
    return np.sort(order)


def _search_ways(problem: SitingProblem, k: int, effort: Effort, known: Points) -> tuple[Points, int]:
    """Cut first where points are open by halves, which is quick, then where they are open or not."""
    ends = time.monotonic() + effort.seconds
    program = Program(maximise=False)
    is_open = program.columns(problem.candidates.size, is_whole=True)
    program.put(program.rows(1, upper=k), is_open)
    ways = tell_ways(program, is_open, problem)
    ways.cut(np.isin(problem.candidates, known).astype(np.float64), None)
    best, bound, relaxed = known, 0, True
    while True:
        left = replace(effort, seconds=max(ends - time.monotonic(), 0.1))
        start = is_open, np.isin(problem.candidates, best)
        outcome = program.relax(left) if relaxed else program.solve(left, start=start)
        bound = max(bound, ways.settled + whole_above(outcome.bound))
        if outcome.values is None:
            return best, bound
        share = outcome.values[is_open] if relaxed else np.rint(outcome.values[is_open])
        opened = problem.candidates[share > 0.5]
        if opened.size <= k:
            best = min(best, opened, key=lambda points: total_seconds(problem, points))
        was_right = ways.cut(share, outcome.values[ways.way]) == 0
        if was_right and not relaxed and outcome.is_best:
            return best, total_seconds(problem, best)
        if bound >= total_seconds(problem, best) or time.monotonic() >= ends:
            return best, bound
        relaxed = relaxed and not was_right


def _search_flows(problem: SitingProblem, k: int, effort: Effort, known: Points) -> tuple[Points, int]:
    if problem.capacity is None:
        raise ValueError("flows need capacities")
    program = Program(maximise=False)
    is_open = program.columns(problem.candidates.size, is_whole=True)
    program.put(program.rows(1, upper=k), is_open)
    points = np.union1d(problem.fixed, problem.candidates)
    living = np.flatnonzero(problem.people)
    place, point = np.nonzero(problem.reached()[living][:, points])
    people, room = problem.people[living], problem.capacity[points]
    most = np.minimum(people[place], room[point])
    flow = program.columns(place.size, upper=most, weight=problem.seconds[living[place], points[point]])
    program.put(program.rows(living.size, lower=people, upper=people)[place], flow)
    add_room(program, is_open, problem, flow, point, most, room)
    outcome = program.solve(effort, start=(is_open, np.isin(problem.candidates, known)))
    bound = max(whole_above(outcome.bound), 0)
    if outcome.values is None:
        return known, bound
    found = problem.candidates[outcome.values[is_open] > 0.5]
    return min(known, found, key=lambda points: total_seconds(problem, points)), bound
