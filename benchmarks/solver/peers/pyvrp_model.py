"""
The problem in PyVRP's words.

Exact: paired shipments, deliveries and pickups at one client, several bases, mixed fleets, prices, and release times
and reloads where nothing must be back early. Several windows of a client become clients of which one is visited. Who
must not do something is kept away by far arcs in a profile of its own. Not known: breaks, overtime by the clock, latest
returns. Breaks are made room for (`plain.open_for`); trips are parted at a fixed time
(`plain.drivers_of`) when something must be back early.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pyvrp import Client, ClientGroup, Depot, Location, ProblemData, VehicleType
from pyvrp import Shipment as PairedShipment
from pyvrp import Solution as Found

from benchmarks.solver.answers import Planned, Visits
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
    locations_of,
    may_carry,
    open_for,
    padded,
    units_of,
)
from routing.model import FOREVER, UNREACHABLE, Problem, Task, TimeWindow
from routing.objective import Objective

FAR = 10**9
"""Length and time of an arc that must not be driven."""

DEAR = 10
"""Cost of a vehicle when fewest vehicles are wanted, in longest arcs."""


@dataclass(frozen=True, slots=True)
class Model:
    """PyVRP's problem, and what its clients and shipments mean."""

    case: Case
    data: ProblemData
    clients: tuple[End, ...]
    pairs: tuple[Job, ...]
    crews: tuple[Driver, ...]
    units: Units


class _Builder:
    def __init__(self, case: Case) -> None:
        self.case = case
        self.problem = case.problem
        self.units = units_of(case)
        self.width = self.problem.num_dimensions
        self.jobs = jobs_of(self.problem)
        self.rows = locations_of(self.problem, self.jobs)
        self.clients: list[Client] = []
        self.ends: list[End] = []
        self.groups: list[ClientGroup] = []
        self.pairs: list[PairedShipment] = []
        self.paired: list[Job] = []
        self.is_parted = any(job.shipment.latest_return < FOREVER for job in self.jobs)
        self.crews: list[Driver] = []
        """By PyVRP's vehicle type."""

    def build(self) -> Model:
        row = len(self.problem.depots)
        for job in self.jobs:
            if job.is_pair:
                self._add_pair(job, row)
            else:
                self._add_client(job, row)
            row += len(job.ends)
        crews = Counter(replace(driver, copy=0) for driver in self._drivers())
        profiles = {profile: number for number, profile in enumerate(dict.fromkeys(map(self._profile, crews)))}
        vehicles = [self._vehicle(driver, number, profiles[self._profile(driver)]) for driver, number in crews.items()]
        matrices: list[tuple[Any, Any]] = [self._matrices(*profile) for profile in profiles]
        self.crews = list(crews)
        data = ProblemData(
            [Location(0, 0) for _ in self.rows],
            self.clients,
            [self._depot(number) for number in range(len(self.problem.depots))],
            vehicles,
            [distances for distances, _ in matrices],
            [durations for _, durations in matrices],
            self.groups,
            self.pairs,
        )
        return Model(self.case, data, tuple(self.ends), tuple(self.paired), tuple(self.crews), self.units)

    def _prize(self, job: Job) -> tuple[int, bool]:
        """What must go is required."""
        if job.shipment.must_go or self.case.objective is not Objective.DAILY:
            return 0, True
        return job.penalty // self.units.money, False

    def _add_pair(self, job: Job, row: int) -> None:
        assert job.pickup is not None, "a pair has two ends"
        assert job.delivery is not None, "a pair has two ends"
        prize, required = self._prize(job)
        pickup, delivery = (self._hull(end.windows) for end in (job.pickup, job.delivery))
        shipment = PairedShipment(
            row, row + 1, *pickup, self.units.span(job.pickup.service),
            *delivery, self.units.span(job.delivery.service),
            amount=padded(job.load, self.width), prize=prize, required=required,
        )  # fmt: skip
        self.pairs.append(shipment)
        self.paired.append(job)

    def _hull(self, windows: Sequence[TimeWindow]) -> tuple[int, int]:
        return self.units.early(windows[0].early), self.units.late(windows[-1].late)

    def _add_client(self, job: Job, row: int) -> None:
        (end,) = job.ends
        prize, required = self._prize(job)
        release = 0 if self.is_parted else self.units.early(job.shipment.release)
        opened = open_for(self.problem, end.windows, end.service)
        windows = [window for window in opened if self.units.late(window.late) >= release] or opened[-1:]
        group = None
        if len(windows) > 1:
            group = len(self.groups)
            numbers = list(range(len(self.clients), len(self.clients) + len(windows)))
            self.groups.append(ClientGroup(numbers, required))
        for window in windows:
            late = self.units.late(window.late)
            client = Client(
                row, padded(job.brought, self.width), padded(job.fetched, self.width), self.units.span(end.service),
                self.units.early(window.early), late, min(release, late),
                prize, required and group is None, group,
            )  # fmt: skip
            self.clients.append(client)
            self.ends.append(end)

    def _drivers(self) -> list[Driver]:
        """Trips are parted at a fixed time where something must be back early; else reloads are PyVRP's own."""
        return drivers_of(self.problem, parted=self.is_parted)

    def _profile(self, driver: Driver) -> tuple[int, frozenset[int]]:
        """Matrices, and the rows that a driver must not visit."""
        row = len(self.problem.depots)
        closed = set()
        for job in self.jobs:
            rows = range(row, row + len(job.ends))
            row = rows.stop
            if not may_carry(self.problem, driver, job, knows_release=not driver.is_part):
                closed |= set(rows)
        return self.problem.vehicle_types[driver.vehicle_type].profile, frozenset(closed)

    def _matrices(self, profile: int, closed: frozenset[int]) -> tuple[IntArray, IntArray]:
        arcs = np.ix_(self.rows, self.rows)
        chosen, times = self.problem.distances[profile][arcs], self.problem.durations[profile][arcs]
        distances, durations = self.units.lengths(chosen), self.units.times(times)
        for matrix in (distances, durations):
            matrix[(chosen == UNREACHABLE) | (times == UNREACHABLE)] = FAR
            matrix[:, sorted(closed)] = FAR
            np.fill_diagonal(matrix, 0)
        return distances, durations

    def _vehicle(self, driver: Driver, number: int, profile: int) -> VehicleType:
        vehicle = self.problem.vehicle_types[driver.vehicle_type]
        fixed, by_length, by_time = costs_of(self.case, vehicle, self.units, dear_vehicle(self.problem, self.units))
        if self.case.objective is Objective.DAILY:
            fixed = driver.fixed_cost // self.units.money
        limits: dict[str, Any] = {}
        if vehicle.max_distance != FOREVER:
            limits["max_distance"] = self.units.late(vehicle.max_distance)
        if vehicle.max_duration != FOREVER:
            limits["shift_duration"] = self.units.late(vehicle.max_duration)
        reloads = vehicle.max_trips > 1 and not driver.is_part
        return VehicleType(
            num_available=number,
            capacity=capacity_of(vehicle, self.width),
            start_depot=vehicle.start_depot,
            end_depot=vehicle.end_depot,
            fixed_cost=fixed,
            tw_early=self.units.early(driver.early),
            tw_late=self.units.late(driver.late),
            unit_distance_cost=by_length,
            unit_duration_cost=by_time,
            profile=profile,
            reload_depots=[vehicle.start_depot] if reloads else [],
            max_reloads=vehicle.max_trips - 1 if reloads else 0,
            **limits,
        )

    def _depot(self, number: int) -> Depot:
        depot = self.problem.depots[number]
        reload = max((v.reload_duration for v in self.problem.vehicle_types if v.max_trips > 1), default=0)
        return Depot(number, self.units.early(depot.tw_early), self.units.late(depot.tw_late), self.units.span(reload))


def dear_vehicle(problem: Problem, units: Units) -> int:
    """What a vehicle costs when fewest vehicles are wanted."""
    matrix = problem.distances[0]
    return DEAR * int(matrix[matrix < UNREACHABLE].max()) // units.divisor


def build(case: Case) -> Model:
    """Say a problem in PyVRP's words."""
    return _Builder(case).build()


def planned(model: Model, found: Found) -> list[Planned]:
    """Say PyVRP's answer in ours; an infeasible one too, for the judge to refuse."""
    routes = [(model.crews[route.vehicle_type()], _trips(model, route)) for route in found.routes()]
    whole = [Planned(driver.vehicle_type, trips) for driver, trips in routes if not driver.is_part]
    days = Days()
    copies = Counter[tuple[int, int]]()
    for driver, trips in routes:
        if driver.is_part:  # PyVRP does not number the vehicles of a type: any first trip goes with any second one
            copy = copies[driver.vehicle_type, driver.trip]
            copies[driver.vehicle_type, driver.trip] += 1
            days.add_visits(replace(driver, copy=copy), trips[0])
    return whole + days.planned()


def _trips(model: Model, route: Any) -> list[Visits]:
    trips: list[list[tuple[int, Sequence[Task]]]] = [[]]
    for activity in route.schedule():
        if activity.is_depot():
            trips.append([])
            continue
        end = _end(model, activity)
        trips[-1].append((end.stop, end.tasks))
    return [trip for trip in trips if trip]


def _end(model: Model, activity: Any) -> End:
    index: int = activity.idx
    if activity.is_client():
        return model.clients[index]
    job = model.pairs[index]
    end = job.pickup if activity.is_pickup() else job.delivery
    assert end is not None, "a pair has two ends"
    return end
