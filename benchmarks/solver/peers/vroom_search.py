"""
VROOM by its Python package, at its highest exploration level.

Exact: one trip, several windows, paired shipments, loads both ways, fixed cost and cost of a kilometre. Its price of
time counts driving only, not waiting or service. Several trips are parted at a fixed time (`plain.drivers_of`), breaks
are its own. What stays behind is chosen by priority, not by price. It takes a wall-clock limit, often ends before it,
and repeats itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from importlib import import_module
from importlib.metadata import version as release
from typing import Any

import numpy as np

from benchmarks.solver.answers import Answer, Finish, Limits, Search
from benchmarks.solver.instances import Case
from benchmarks.solver.peers.plain import (
    Days,
    Driver,
    End,
    Job,
    Told,
    capacity_of,
    costs_of,
    locations_of,
    padded,
)
from routing.model import FOREVER, UNREACHABLE, VehicleType
from routing.objective import Objective

vroom: Any = import_module("vroom")
"""It has no types."""

SCALE = 10
"""Units of length and time per unit of the instance."""
EXPLORATION = 5
DEAR = 10
"""Cost of a vehicle when fewest are wanted, in longest arcs."""
MOST = 2**31 - 1
HIGHEST_PRIORITY = 100
_STEPS = {b"job", b"pickup", b"delivery", "job", "pickup", "delivery"}


def version() -> str:
    return f"pyvroom {release('pyvroom')}"


class _Builder(Told):
    def __init__(self, case: Case) -> None:
        super().__init__(case, SCALE)
        self.rows = locations_of(self.problem, self.jobs)
        self.counts_time = self._is_time_length()
        """Whether its usual cost, the time driven, is the length: then it is at its best."""
        self.input = vroom.Input()

    def _is_time_length(self) -> bool:
        matrices = zip(self.problem.distances, self.problem.durations, strict=True)
        return all(int(np.abs(lengths.astype(np.int64) - times).max()) <= 1 for lengths, times in matrices)

    def build(self) -> None:
        for profile, (distances, durations) in enumerate(
            zip(self.problem.distances, self.problem.durations, strict=True)
        ):
            arcs = np.ix_(self.rows, self.rows)
            lengths, times = self.units.lengths(distances[arcs]), self.units.times(durations[arcs])
            closed = (distances[arcs] == UNREACHABLE) | (durations[arcs] == UNREACHABLE)
            lengths[closed] = times[closed] = MOST // 4
            self.input.set_distances_matrix(str(profile), lengths.astype(np.uint32))
            self.input.set_durations_matrix(str(profile), times.astype(np.uint32))
        for number, driver in enumerate(self.drivers):
            self.input.add_vehicle(self._vehicle(number, driver))
        number = 0
        highest = max((job.penalty for job in self.jobs), default=0)
        for job in self.jobs:
            self.input.add_job(self._job(job, number, highest))
            number += len(job.ends)

    def _vehicle(self, number: int, driver: Driver) -> Any:
        vehicle = self.problem.vehicle_types[driver.vehicle_type]
        return vroom.Vehicle(
            number,
            start=vehicle.start_depot,
            end=vehicle.end_depot,
            profile=str(vehicle.profile),
            capacity=[min(amount, MOST) for amount in capacity_of(vehicle, self.width)],
            skills=self.crews.skills_of[number],
            time_window=vroom.TimeWindow(self.units.early(driver.early), self.units.late(driver.late)),
            breaks=list(self._breaks(vehicle)) if driver.has_breaks else [],
            costs=self._costs(driver, vehicle),
            **self._limits(vehicle),
        )

    def _limits(self, vehicle: VehicleType) -> dict[str, int]:
        return {} if vehicle.max_distance == FOREVER else {"max_distance": self.units.late(vehicle.max_distance)}

    def _breaks(self, vehicle: VehicleType) -> Sequence[Any]:
        return [
            vroom.Break(
                number,
                [vroom.TimeWindow(self.units.early(rest.tw_early), self.units.late(rest.tw_late))],
                self.units.span(rest.duration),
            )
            for number, rest in enumerate(vehicle.breaks)
        ]

    def _costs(self, driver: Driver, vehicle: VehicleType) -> Any:
        """A price a unit of length is a thousandth of VROOM's price a kilometre; an hour costs 3,600 a unit of time."""
        longest = max(int(matrix[matrix < UNREACHABLE].max()) for matrix in self.problem.distances)
        fixed, by_length, by_time = costs_of(self.case, vehicle, self.units, DEAR * longest // self.units.divisor)
        if self.case.objective is Objective.DAILY:
            fixed = driver.fixed_cost // self.units.money
        elif self.counts_time:
            return vroom.VehicleCosts(fixed=fixed)
        return vroom.VehicleCosts(fixed=fixed, per_hour=3600 * by_time, per_km=1000 * by_length)

    def _job(self, job: Job, number: int, highest: int) -> Any:
        is_free = self.case.objective is Objective.DAILY and not job.shipment.must_go
        priority = HIGHEST_PRIORITY * job.penalty // max(1, highest) if is_free else 0
        skills = self.crews.skill_for(job)
        if job.is_pair:
            pickup, delivery = (self._step(end, number + k) for k, end in enumerate(job.ends))
            amount = vroom.Amount(padded(job.load, self.width))
            return vroom.Shipment(pickup, delivery, amount, skills, priority)
        (end,) = job.ends
        return vroom.Job(
            number,
            location=len(self.problem.depots) + number,
            default_service=self.units.span(end.service),
            delivery=vroom.Amount(padded(job.brought, self.width)),
            pickup=vroom.Amount(padded(job.fetched, self.width)),
            skills=skills,
            priority=priority,
            time_windows=self._windows(end),
        )

    def _step(self, end: End, number: int) -> Any:
        return vroom.ShipmentStep(
            number,
            location=len(self.problem.depots) + number,
            default_service=self.units.span(end.service),
            time_windows=self._windows(end),
        )

    def _windows(self, end: End) -> list[Any]:
        return [vroom.TimeWindow(self.units.early(w.early), self.units.late(w.late)) for w in end.windows]

    def answer(self, found: Any) -> Answer:
        """Read routes from VROOM's own table."""
        table = np.asarray(found._routes_numpy())  # noqa: SLF001
        routes: dict[int, list[End]] = {}
        for vehicle, kind, task in zip(table["vehicle_id"], table["type"], table["id"], strict=True):
            if kind in _STEPS:
                routes.setdefault(int(vehicle), []).append(self.ends[int(task)])
        days = Days()
        for number, ends in routes.items():
            days.add(self.drivers[number], ends)
        return Answer(days.planned())


def prepare(case: Case, limits: Limits) -> Search:
    builder = _Builder(case)
    builder.build()
    limit = timedelta(seconds=limits.wall_seconds)

    def search() -> Finish:
        found = builder.input.solve(exploration_level=EXPLORATION, nb_threads=limits.cores, timeout=limit)
        return lambda: builder.answer(found)

    return search
