"""
PyVRP with its fleet minimisation: part of the time to find the smallest fleet, the rest to solve with it.

The minimisation gives back a number, not its solution. When the search with that number finds nothing feasible in half
of what is left, one vehicle more is tried.
"""

from __future__ import annotations

import pyvrp
from pyvrp import minimise_fleet

from benchmarks.solver.answers import Answer, Finish, Limits, Point, Search
from benchmarks.solver.instances import Case
from benchmarks.solver.peers.pyvrp_model import build, planned
from benchmarks.solver.peers.pyvrp_search import CpuClock, parameters
from benchmarks.solver.peers.pyvrp_search import version as plain_version

SHARE = 0.5
"""Of the time, for the number of vehicles."""
INFEASIBLE = 2**62
"""PyVRP's cost of an infeasible solution is above this."""


class _Patience:
    """Stops at the end, or halfway to it when nothing feasible was found."""

    def __init__(self, clock: CpuClock) -> None:
        self._clock = clock
        self._halfway = clock.remaining / 2

    def __call__(self, best_cost: float) -> bool:
        left = self._clock.remaining
        return left <= 0 or (best_cost >= INFEASIBLE and left <= self._halfway)


def version() -> str:
    return f"{plain_version()} + minimise_fleet"


def prepare(case: Case, limits: Limits) -> Search:
    """
    Raises
    ------
    ValueError
        When there are several vehicle types, or visits that may be left out: its fleet minimisation knows neither.
    """
    model = build(case)
    if model.data.num_vehicle_types != 1 or model.data.num_groups or not _all_required(model.data):
        raise ValueError("PyVRP's fleet minimisation knows one vehicle type and no choice of visits")
    trace: list[Point] = []

    def search() -> Finish:
        clock = CpuClock(limits.seconds)
        fleet = minimise_fleet(model.data, CpuClock(SHARE * limits.seconds), limits.seed)
        chosen = parameters(model, clock, trace, wanted=limits.trace)
        most = model.data.vehicle_type(0).num_available
        iterations = 0
        while True:
            data = model.data.replace(vehicle_types=[fleet])
            result = pyvrp.solve(data, _Patience(clock), limits.seed, collect_stats=False, params=chosen)
            iterations += result.num_iterations
            if result.best.is_feasible() or clock.remaining <= 0 or fleet.num_available >= most:
                return lambda: Answer(planned(model, result.best), trace, iterations)
            fleet = fleet.replace(num_available=fleet.num_available + 1)

    return search


def _all_required(data: pyvrp.ProblemData) -> bool:
    return all(client.required for client in data.clients()) and all(pair.required for pair in data.shipments())
