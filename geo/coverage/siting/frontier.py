"""What each further new point adds: people within a limit for k = 1, 2, ..., best for each k and built one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from geo.coverage.siting.answer import Siting, behind
from geo.coverage.siting.asking import check_limit, check_number, check_somebody
from geo.coverage.siting.greedy import Points, greedy_order
from geo.coverage.siting.mclp import mclp
from geo.coverage.siting.problem import SitingProblem, Whole
from geo.coverage.siting.program import Effort
from geo.coverage.siting.serving import people_served

_USUAL = Effort()


@dataclass(frozen=True, slots=True, eq=False)
class Frontier:
    """People within a limit by the number of new points."""

    limit: int
    """Seconds."""
    already: int
    """People whom the existing points serve within the limit."""
    exact: tuple[Siting, ...]
    """For k = 1, 2, ...: never falling; each set of points by itself, not the one before and one more."""
    order: Points
    """The order in which to build when each point stays: greedy. Shorter than k where further ones add nobody."""
    greedy: Whole
    """Shape (k,): people when the first 1, 2, ... of `order` are built."""

    def people(self) -> Whole:
        """The exact answers' people, shape (k,)."""
        return np.array([siting.value for siting in self.exact], dtype=np.int64)

    def behind(self) -> list[float]:
        """How far greedy is behind the exact answer at each k, as a share."""
        return [behind(greedy, best.value) for greedy, best in zip(self.greedy.tolist(), self.exact, strict=True)]


def frontier(
    problem: SitingProblem,
    limit: int,
    k: int,
    *,
    effort: Effort = _USUAL,
    on_progress: Callable[[int, int], None] | None = None,
) -> Frontier:
    """
    Answer `mclp` for 1 ... k new points.

    Each search begins with the answer before it, so that people never fall as points grow, also where time runs out.

    Parameters
    ----------
    limit
        Seconds, above 0.
    effort
        Of each k.
    on_progress
        Called with how many of them are done.

    Raises
    ------
    SitingInputError, OutOfReachError
        As `mclp`.
    """
    check_limit(limit)
    check_number(problem, k)
    check_somebody(problem, limit)
    may = problem.within(limit)
    order = greedy_order(problem.candidates, lambda points: people_served(problem, points, may), k=k)
    steps = [people_served(problem, order[:size], may) for size in range(order.size + 1)]
    exact: list[Siting] = []
    for number in range(1, k + 1):
        before = exact[-1].opened if exact else order[:0]
        exact.append(mclp(problem, limit, k=number, effort=effort, start=before))
        if on_progress is not None:
            on_progress(number, k)
    return Frontier(
        limit=limit,
        already=steps[0],
        exact=tuple(exact),
        order=order,
        greedy=np.array((steps[1:] + [steps[-1]] * k)[:k], dtype=np.int64),
    )
