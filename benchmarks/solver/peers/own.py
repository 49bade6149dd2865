"""Our engine, through its only door."""

from __future__ import annotations

import hashlib
import time
from importlib import import_module
from pathlib import Path

import routing
from benchmarks.solver.answers import Answer, Finish, Limits, Planned, Point, Search
from benchmarks.solver.instances import Case
from routing import solver
from routing.solution import Solution
from routing.solver import Progress
from routing.stopping import StoppingCriterion

_DIGITS = 8


def version() -> str:
    """The engine's name and a fingerprint of its sources."""
    folder = Path(next(iter(routing.__path__)))
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in sorted(folder.rglob("*.py"))))
    return f"{solver.ENGINE} {digest.hexdigest()[:_DIGITS]}"


def prepare(case: Case, limits: Limits) -> Search:
    """Compile what is compiled; everything else is on the clock."""
    _warm_up()
    trace: list[Point] = []
    began = 0.0

    def note(progress: Progress) -> None:
        found = progress.solution
        trace.append(Point((time.process_time() - began) / limits.cores, len(found.routes), case.cost(found)))

    def search() -> Finish:
        nonlocal began
        began = time.process_time()
        stop = StoppingCriterion(seconds=limits.wall_seconds)
        listener = note if limits.trace else None
        result = solver.solve(case.problem, stop, limits.seed, listener, objective=case.objective, cores=limits.cores)
        return lambda: Answer(planned(result.solution), trace, result.iterations)

    return search


def planned(solution: Solution) -> list[Planned]:
    """Routes without their times."""
    return [
        Planned(route.vehicle_type, [[(visit.stop, visit.tasks) for visit in trip.visits] for trip in route.trips])
        for route in solution.routes
    ]


def _warm_up() -> None:
    """Kernels compile before the clock starts."""
    try:
        search = import_module("routing.search")
    except ImportError:
        return
    if hasattr(search, "warm_up"):
        search.warm_up()
