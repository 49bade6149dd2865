"""
Set covering: with how few new points does everybody live within a limit?

Where points have capacities, everybody has a place at a point within the limit.

References
----------
.. [1] Toregas, Swain, ReVelle, Bergman (1971). The location of emergency service facilities. Operations Research 19(6).
       https://doi.org/10.1287/opre.19.6.1363
"""

from __future__ import annotations

import numpy as np

from geo.coverage.siting.answer import Siting
from geo.coverage.siting.asking import check_everybody, check_limit
from geo.coverage.siting.covering import serve_everybody
from geo.coverage.siting.greedy import Points, greedy_order, without_needless
from geo.coverage.siting.problem import Marks, SitingProblem
from geo.coverage.siting.program import Effort, Outcome, Program, whole_above
from geo.coverage.siting.serving import people_served, serve

_USUAL = Effort()


def lscp(problem: SitingProblem, limit: int, *, effort: Effort = _USUAL) -> Siting:
    """
    Open as few points as possible so that everybody is served within a limit.

    Parameters
    ----------
    limit
        Seconds, above 0.

    Returns
    -------
    siting
        Its value is the number of new points, 0 where the existing ones do.

    Raises
    ------
    SitingInputError
        When the limit is not above 0.
    OutOfReachError
        When places with people are not within the limit of any point: it names them.
    CapacityError
        When all points together have no room for everybody within the limit: it says for how many not.
    """
    may = _coverable(problem, limit)
    known = cover_greedily(problem, may)
    program = fewest_points(problem, may)
    outcome = program.solve(effort, start=(np.arange(problem.candidates.size), np.isin(problem.candidates, known)))
    found = opened_by(problem, outcome)
    opened = found if found is not None and found.size < known.size else known
    bound = min(max(whole_above(outcome.bound), 0), opened.size)
    return Siting(opened=opened, value=opened.size, bound=bound, served=serve(problem, opened, may))


def greedy_lscp(problem: SitingProblem, limit: int) -> Siting:
    """
    Open the point that serves most people more until everybody is served, then close what is needless.

    Parameters and errors as in `lscp`; nothing is proved of the answer.
    """
    may = _coverable(problem, limit)
    opened = cover_greedily(problem, may)
    return Siting(opened=opened, value=opened.size, bound=None, served=serve(problem, opened, may))


def fewest_points(problem: SitingProblem, may: Marks, *, at_most: int | None = None) -> Program:
    """
    Make the program for the fewest points that serve everybody; its first unknowns are the candidates.

    `at_most` asks for any so many instead.
    """
    program = Program(maximise=False)
    is_open = program.columns(problem.candidates.size, is_whole=True, weight=1 if at_most is None else 0)
    if at_most is not None:
        program.put(program.rows(1, upper=at_most), is_open)
    serve_everybody(program, is_open, problem, may)
    return program


def opened_by(problem: SitingProblem, outcome: Outcome) -> Points | None:
    """The candidates that an answer opens whose first unknowns they are; None = there is no answer."""
    if outcome.values is None:
        return None
    return problem.candidates[outcome.values[: problem.candidates.size] > 0.5]


def cover_greedily(problem: SitingProblem, may: Marks) -> Points:
    """Candidates, ascending, that serve everybody who can be served."""

    def served(opened: Points) -> int:
        return people_served(problem, opened, may)

    order = greedy_order(problem.candidates, served, k=problem.candidates.size)
    return without_needless(np.sort(order), served)


def _coverable(problem: SitingProblem, limit: int) -> Marks:
    check_limit(limit)
    may = problem.within(limit)
    check_everybody(problem, may, limit=limit)
    return may
