"""Drive a solution in double precision: the oracle of the scaled problems, with none of their integers."""

from __future__ import annotations

from itertools import pairwise

from routing.formats.instance import Instance
from routing.solution import Solution

DUST = 1e-6
"""Sums of a hundred square roots are exact to far better than this."""


def lateness(instance: Instance, solution: Solution) -> float:
    """
    Return how late the latest service or return of any route is, in the instance's own unit; 0 when none is.

    Every vehicle leaves when its depot opens and serves as early as it can.
    """
    problem, scale, worst = instance.problem, instance.scale, 0.0
    for route in solution.routes:
        depot = problem.depots[problem.vehicle_types[route.vehicle_type].start_depot]
        clock = depot.tw_early / scale
        places = [depot.location, *(problem.stops[v.stop].location for v in route.visits), depot.location]
        for (start, end), visit in zip(pairwise(places), [*route.visits, None], strict=True):
            clock += float(instance.lengths[0][start, end])
            window = problem.stops[visit.stop].windows[0] if visit else None
            opens, closes = (window.early, window.late) if window else (0, depot.tw_late)
            clock = max(clock, opens / scale)
            worst = max(worst, clock - closes / scale)
            clock += sum(problem.duration_of(task) for task in visit.tasks) / scale if visit else 0.0
    return worst if worst > DUST else 0.0
