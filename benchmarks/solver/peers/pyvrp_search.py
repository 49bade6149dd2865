"""PyVRP as it solves by default, with a cost for vehicles where fewest are wanted."""

from __future__ import annotations

import time
from importlib.metadata import version as release

import pyvrp
from pyvrp.IteratedLocalSearch import IteratedLocalSearchCallbacks, IteratedLocalSearchParams

from benchmarks.solver.answers import Answer, Finish, Limits, Point, Search
from benchmarks.solver.instances import Case
from benchmarks.solver.peers.pyvrp_model import Model, build, planned
from routing.objective import Objective


def version() -> str:
    return f"pyvrp {release('pyvrp')}"


class CpuClock:
    """Stops by the CPU time of this process; also PyVRP's stopping criterion."""

    def __init__(self, seconds: float) -> None:
        self._began = time.process_time()
        self._seconds = seconds

    @property
    def spent(self) -> float:
        return time.process_time() - self._began

    @property
    def remaining(self) -> float:
        return self._seconds - self.spent

    def __call__(self, best_cost: float) -> bool:  # noqa: ARG002
        return self.remaining <= 0


class Tracer(IteratedLocalSearchCallbacks):
    """Notes better answers."""

    def __init__(self, model: Model, clock: CpuClock, trace: list[Point]) -> None:
        super().__init__()
        self._model = model
        self._clock = clock
        self._trace = trace

    def on_best(self, best: pyvrp.Solution) -> None:
        if best.is_feasible():
            self._trace.append(Point(self._clock.spent, best.num_routes(), stated_cost(self._model, best)))


def stated_cost(model: Model, found: pyvrp.Solution) -> float:
    """The cost as PyVRP counts it, in the case's unit; only for the curve over time."""
    case, units = model.case, model.units
    length = found.distance() * units.divisor / case.scale
    if case.objective is not Objective.DAILY:
        return length
    if case.instance is not None:
        return case.instance.pricing.vehicle * found.num_routes() + case.instance.pricing.length * length
    paid = found.distance_cost() + found.duration_cost() + found.fixed_vehicle_cost() + found.uncollected_prizes()
    return float(paid * units.money / case.cost_units)


def parameters(model: Model, clock: CpuClock, trace: list[Point], *, wanted: bool) -> pyvrp.SolveParams:
    """Defaults, with a listener when a curve is wanted."""
    if not wanted:
        return pyvrp.SolveParams()
    return pyvrp.SolveParams(ils=IteratedLocalSearchParams(callbacks=Tracer(model, clock, trace)))


def prepare(case: Case, limits: Limits) -> Search:
    model = build(case)
    trace: list[Point] = []

    def search() -> Finish:
        clock = CpuClock(limits.seconds)
        chosen = parameters(model, clock, trace, wanted=limits.trace)
        result = pyvrp.solve(model.data, clock, limits.seed, collect_stats=False, params=chosen)
        return lambda: Answer(planned(model, result.best), trace, result.num_iterations)

    return search
