"""
OR-Tools routing as its guide shows it: one dimension a load, one for time, savings or (with pairs) parallel insertion,
guided local search.

Exact: one trip, several windows, paired shipments, visits that bring and fetch at once, prices. Deliveries and
collections that are visits of their own share the room as if all were aboard all day: too strict, but in the exact
way it finds no first solution of a large day in time. Several trips are parted at a fixed time (`plain.drivers_of`);
breaks are made room for (`plain.open_for`), which serves it better than its own; there is no overtime. Its search has
no dice: a seed shuffles the order of the nodes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import partial
from importlib.metadata import version as release
from random import Random
from typing import Any

import numpy as np
from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from benchmarks.solver.answers import Answer, Finish, Limits, Search
from benchmarks.solver.instances import Case
from benchmarks.solver.peers.plain import (
    Days,
    Driver,
    End,
    IntArray,
    Job,
    Units,
    capacity_of,
    costs_of,
    drivers_of,
    jobs_of,
    may_carry,
    open_for,
    padded,
    units_of,
)
from routing.model import FOREVER, UNREACHABLE
from routing.objective import Objective

SCALE = 10_000
"""It counts in 64 bits: lengths and times are the problem's own."""
DEAR = 10
"""Cost of a vehicle when fewest are wanted, in longest arcs."""
FAR = 10**10


def version() -> str:
    return f"ortools {release('ortools')}"


class _Builder:
    def __init__(self, case: Case, seed: int) -> None:
        self.case = case
        self.problem = case.problem
        self.units: Units = units_of(case, SCALE)
        self.jobs = jobs_of(self.problem)
        Random(seed).shuffle(self.jobs)
        self.drivers = drivers_of(self.problem)
        used = sorted({d for v in self.problem.vehicle_types for d in (v.start_depot, v.end_depot)})
        self.node_of_depot = {depot: node for node, depot in enumerate(used)}
        self.ends: list[End] = [end for job in self.jobs for end in job.ends]
        self.rows = [self.problem.depots[depot].location for depot in used] + [end.location for end in self.ends]
        self.first = len(used)
        """Node of the first end."""
        types = [self.problem.vehicle_types[driver.vehicle_type] for driver in self.drivers]
        starts = [self.node_of_depot[vehicle.start_depot] for vehicle in types]
        finishes = [self.node_of_depot[vehicle.end_depot] for vehicle in types]
        self.manager = pywrapcp.RoutingIndexManager(len(self.rows), len(self.drivers), starts, finishes)
        self.routing = pywrapcp.RoutingModel(self.manager)
        self.types = types
        self._registered: dict[object, int] = {}

    def build(self) -> None:
        self._add_costs()
        self._add_time()
        self._add_loads()
        self._add_jobs()

    def index(self, end: int) -> int:
        """OR-Tools' index of the end with a number."""
        return int(self.manager.NodeToIndex(self.first + end))

    def _matrix(self, key: object, make: Callable[[], IntArray]) -> int:
        if key not in self._registered:
            self._registered[key] = int(self.routing.RegisterTransitMatrix(make().tolist()))
        return self._registered[key]

    def _add_costs(self) -> None:
        longest = max(int(matrix[matrix < UNREACHABLE].max()) for matrix in self.problem.distances)
        for number, (driver, vehicle) in enumerate(zip(self.drivers, self.types, strict=True)):
            fixed, by_length, _ = costs_of(self.case, vehicle, self.units, DEAR * longest)
            if self.case.objective is Objective.DAILY:
                fixed = driver.fixed_cost // self.units.money
            profile = vehicle.profile
            arcs = self._matrix(("cost", profile, by_length), partial(self._prices, profile, by_length))
            self.routing.SetArcCostEvaluatorOfVehicle(arcs, number)
            self.routing.SetFixedCostOfVehicle(fixed, number)

    def _prices(self, profile: int, by_length: int) -> IntArray:
        return by_length * self._chosen(self.problem.distances[profile])

    def _times(self, profile: int) -> IntArray:
        """Service at the place left behind, then the drive."""
        service = [0] * self.first + [end.service for end in self.ends]
        return self._chosen(self.problem.durations[profile]) + np.array(service, dtype=np.int64)[:, None]

    def _chosen(self, matrix: Any) -> IntArray:
        chosen = matrix[np.ix_(self.rows, self.rows)].astype(np.int64)
        chosen[chosen == UNREACHABLE] = FAR
        return np.asarray(chosen)

    def _add_time(self) -> None:
        transits = [self._matrix(("time", v.profile), partial(self._times, v.profile)) for v in self.types]
        horizon = max(driver.late for driver in self.drivers)
        self.routing.AddDimensionWithVehicleTransits(transits, horizon, horizon, False, "time")
        clock = self.routing.GetDimensionOrDie("time")
        for number, end in enumerate(self.ends):
            moment = clock.CumulVar(self.index(number))
            windows = open_for(self.problem, end.windows, end.service)
            moment.SetRange(windows[0].early, min(windows[-1].late, horizon))
            gaps = [(earlier.late + 1, later.early - 1) for earlier, later in itertools.pairwise(windows)]
            if gaps:  # `RemoveInterval` would keep the holes as one bit a second, which is slow
                begins, ends = zip(*gaps, strict=True)
                self.routing.solver().Add(self.routing.solver().NotMemberCt(moment, begins, ends))
        for number, (driver, vehicle) in enumerate(zip(self.drivers, self.types, strict=True)):
            for index in (self.routing.Start(number), self.routing.End(number)):
                clock.CumulVar(index).SetRange(driver.early, driver.late)
            _, _, by_time = costs_of(self.case, vehicle, self.units, 0)
            if by_time:
                clock.SetSpanCostCoefficientForVehicle(by_time, number)
            if vehicle.max_duration != FOREVER:
                clock.SetSpanUpperBoundForVehicle(vehicle.max_duration, number)

    def _add_loads(self) -> None:
        width = self.problem.num_dimensions
        for dimension in range(width):
            limits = [capacity_of(vehicle, width)[dimension] for vehicle in self.types]
            brought = self._amounts(lambda job: job.brought, dimension)
            fetched = self._amounts(lambda job: job.fetched, dimension)
            paired = self._pair_amounts(dimension)
            if any(b and f for b, f in zip(brought, fetched, strict=True)):
                self._add_mixed(dimension, limits, brought, fetched, paired)
            else:
                amounts = [b + f + p for b, f, p in zip(brought, fetched, paired, strict=True)]
                self._dimension(f"load {dimension}", amounts, limits, from_zero=True)

    def _add_mixed(
        self, dimension: int, limits: Sequence[int], brought: Sequence[int], fetched: Sequence[int],
        paired: Sequence[int],
    ) -> None:  # fmt: skip
        """What is aboard at the end is what was fetched: then what was aboard at the start was all brought."""
        change = [f + p - b for b, f, p in zip(brought, fetched, paired, strict=True)]
        aboard = self._dimension(f"load {dimension}", change, limits, from_zero=False)
        gathered = self._dimension(f"fetched {dimension}", fetched, limits, from_zero=True)
        for number in range(len(self.drivers)):
            end = self.routing.End(number)
            self.routing.solver().Add(aboard.CumulVar(end) == gathered.CumulVar(end))

    def _dimension(self, name: str, amounts: Sequence[int], limits: Sequence[int], *, from_zero: bool) -> Any:
        vector = self.routing.RegisterUnaryTransitVector([0] * self.first + list(amounts))
        self.routing.AddDimensionWithVehicleCapacity(vector, 0, list(limits), from_zero, name)
        return self.routing.GetDimensionOrDie(name)

    def _amounts(self, load: Callable[[Job], tuple[int, ...]], dimension: int) -> list[int]:
        width = self.problem.num_dimensions
        return [0 if job.is_pair else padded(load(job), width)[dimension] for job in self.jobs for _ in job.ends]

    def _pair_amounts(self, dimension: int) -> list[int]:
        width = self.problem.num_dimensions
        signs = [(job, sign) for job in self.jobs for sign, _ in zip((1, -1), job.ends, strict=False)]
        return [sign * padded(job.load, width)[dimension] if job.is_pair else 0 for job, sign in signs]

    def _add_jobs(self) -> None:
        most = self._most()
        number = 0
        for job in self.jobs:
            indices = [self.index(number + k) for k in range(len(job.ends))]
            number += len(indices)
            is_free = self.case.objective is Objective.DAILY and not job.shipment.must_go
            penalty = job.penalty // self.units.money if is_free else most
            allowed = [k for k, driver in enumerate(self.drivers) if may_carry(self.problem, driver, job)]
            for position, index in enumerate(indices):
                self.routing.AddDisjunction([index], penalty if position == 0 else 0)
                if len(allowed) < len(self.drivers):
                    self.routing.VehicleVar(index).SetValues([-1, *allowed])
            if job.is_pair:
                self._add_pair(*indices)

    def _most(self) -> int:
        """More than any one job can save."""
        longest = max(int(matrix[matrix < UNREACHABLE].max()) for matrix in self.problem.distances)
        dearest = max(sum(costs_of(self.case, v, self.units, DEAR * longest)[:2]) for v in self.types)
        by_length = max(costs_of(self.case, v, self.units, 0)[1] for v in self.types)
        return 10 * (dearest + by_length * longest)

    def _add_pair(self, pickup: int, delivery: int) -> None:
        solver, clock = self.routing.solver(), self.routing.GetDimensionOrDie("time")
        self.routing.AddPickupAndDelivery(pickup, delivery)
        solver.Add(self.routing.VehicleVar(pickup) == self.routing.VehicleVar(delivery))
        solver.Add(self.routing.ActiveVar(pickup) == self.routing.ActiveVar(delivery))
        solver.Add(clock.CumulVar(pickup) <= clock.CumulVar(delivery))

    def answer(self, found: Any) -> Answer:
        """Read routes; none when nothing was found."""
        days = Days()
        if found is not None:
            for number, driver in enumerate(self.drivers):
                days.add(driver, self._route(found, number, driver))
        return Answer(days.planned())

    def _route(self, found: Any, number: int, driver: Driver) -> list[End]:  # noqa: ARG002
        ends = []
        index = found.Value(self.routing.NextVar(self.routing.Start(number)))
        while not self.routing.IsEnd(index):
            ends.append(self.ends[self.manager.IndexToNode(index) - self.first])
            index = found.Value(self.routing.NextVar(index))
        return ends


def _parameters(seconds: float, *, has_pairs: bool) -> Any:
    """Of its first solutions, those from which it got furthest."""
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    strategy = routing_enums_pb2.FirstSolutionStrategy
    parameters.first_solution_strategy = strategy.PARALLEL_CHEAPEST_INSERTION if has_pairs else strategy.SAVINGS
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.time_limit.FromMilliseconds(round(1000 * seconds))
    return parameters


def prepare(case: Case, limits: Limits) -> Search:
    builder = _Builder(case, limits.seed)
    builder.build()
    parameters = _parameters(limits.wall_seconds, has_pairs=any(job.is_pair for job in builder.jobs))
    builder.routing.CloseModelWithParameters(parameters)

    def search() -> Finish:
        found = builder.routing.SolveWithParameters(parameters)
        return lambda: builder.answer(found)

    return search
