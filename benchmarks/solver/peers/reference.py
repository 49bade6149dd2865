"""The repository's own OR-Tools model, which says every rule of the problem."""

from __future__ import annotations

import time
from importlib.metadata import version as release

from benchmarks.solver.answers import Answer, Finish, Limits, Point, Search
from benchmarks.solver.instances import Case
from benchmarks.solver.peers.own import planned
from routing.reference.engine import search as run
from routing.solution import Solution
from routing.stopping import StoppingCriterion, Stopwatch


def version() -> str:
    return f"ortools {release('ortools')} (routing/reference)"


def prepare(case: Case, limits: Limits) -> Search:
    trace: list[Point] = []

    def search() -> Finish:
        began = time.process_time()
        watch = Stopwatch(StoppingCriterion(seconds=limits.wall_seconds))

        def note(solution: Solution, total: int, iterations: int) -> None:  # noqa: ARG001
            trace.append(Point(time.process_time() - began, len(solution.routes), case.cost(solution)))

        found = run(case.problem, case.objective, watch, limits.seed, note if limits.trace else None)
        routes = planned(found.solution) if found.solution is not None else []
        return lambda: Answer(routes, trace, found.iterations)

    return search
