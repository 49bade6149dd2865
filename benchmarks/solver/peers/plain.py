"""
The problem in the words that other engines share: jobs, each done in one visit, and vehicles that drive one trip.

What is exact and what is not stands with each part; `benchmarks/README.md` sums it up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import gcd

import numpy as np
import numpy.typing as npt

from benchmarks.solver.answers import Planned, Visits
from benchmarks.solver.instances import Case
from routing.model import FOREVER, Action, IntMatrix, Load, Problem, Shipment, Task, TimeWindow, VehicleType
from routing.objective import Objective

PEER_SCALE = 10
"""Units of length per unit of the instance: engines that count in whole numbers are at their best with one decimal."""

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class End:
    """A halt: where, when, how long."""

    stop: int
    location: int
    windows: tuple[TimeWindow, ...]
    service: int
    tasks: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """Shipments that are done in one go: at one stop, or from one stop to another."""

    pickup: End | None
    delivery: End | None
    load: Load
    collected: Load
    shipment: Shipment
    """One of them: what they have in common."""
    penalty: int

    @property
    def is_pair(self) -> bool:
        return self.pickup is not None and self.delivery is not None

    @property
    def ends(self) -> tuple[End, ...]:
        return tuple(end for end in (self.pickup, self.delivery) if end is not None)

    @property
    def brought(self) -> Load:
        """Aboard from the base to the stop."""
        return () if self.pickup else self.load

    @property
    def fetched(self) -> Load:
        """Aboard from the stop to the base."""
        return self.load if self.pickup else self.collected


@dataclass(frozen=True, slots=True)
class Driver:
    """One trip of one vehicle."""

    vehicle_type: int
    copy: int
    trip: int
    early: int
    late: int
    fixed_cost: int
    has_breaks: bool = True
    is_part: bool = False
    """One of several trips of its vehicle, parted at a fixed time."""


@dataclass(slots=True)
class Days:
    """Gathers trips of drivers into days of vehicles."""

    trips: dict[tuple[int, int], dict[int, Visits]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, driver: Driver, ends: Iterable[End]) -> None:
        """Note what a driver does, if anything."""
        self.add_visits(driver, [(end.stop, end.tasks) for end in ends])

    def add_visits(self, driver: Driver, visits: Visits) -> None:
        """Note a driver's trip."""
        if visits:
            self.trips[driver.vehicle_type, driver.copy][driver.trip] = visits

    def planned(self) -> list[Planned]:
        return [
            Planned(vehicle_type, [trips[number] for number in sorted(trips)])
            for (vehicle_type, _), trips in self.trips.items()
        ]


def jobs_of(problem: Problem) -> list[Job]:
    """
    Join the shipments of one door that are alike in all but their load, so that its set-up is paid once.

    Where there is no set-up, nothing is joined.
    """
    alike: dict[object, list[int]] = defaultdict(list)
    for number, shipment in enumerate(problem.shipments):
        alike[_likeness(problem, number, shipment)].append(number)
    return [_job(problem, numbers) for numbers in alike.values()]


def _likeness(problem: Problem, number: int, shipment: Shipment) -> object:
    pair = shipment.pickup is not None and shipment.delivery is not None
    end = shipment.delivery if shipment.delivery is not None else shipment.pickup
    assert end is not None, "a shipment has a stop at one end at least"
    if pair or not problem.stops[end].setup_duration:
        return number
    return (
        shipment.pickup, shipment.delivery, shipment.release, shipment.latest_return, shipment.depot,
        shipment.vehicle_types, shipment.skills, shipment.must_go, shipment.max_ride,
    )  # fmt: skip


def _job(problem: Problem, numbers: Sequence[int]) -> Job:
    shipments = [problem.shipments[number] for number in numbers]
    return Job(
        pickup=_end(problem, numbers, Action.COLLECT, shipments[0].pickup),
        delivery=_end(problem, numbers, Action.DELIVER, shipments[0].delivery),
        load=_sum(shipment.load for shipment in shipments),
        collected=_sum(shipment.collected for shipment in shipments),
        shipment=shipments[0],
        penalty=sum(shipment.penalty for shipment in shipments),
    )


def _end(problem: Problem, numbers: Sequence[int], action: Action, stop: int | None) -> End | None:
    if stop is None:
        return None
    tasks = tuple(Task(number, action) for number in numbers)
    door = problem.stops[stop]
    service = door.setup_duration + sum(problem.duration_of(task) for task in tasks)
    return End(stop, door.location, door.windows, service, tasks)


def _sum(loads: Iterable[Load]) -> Load:
    columns: list[int] = []
    for load in loads:
        columns += [0] * (len(load) - len(columns))
        for dimension, amount in enumerate(load):
            columns[dimension] += amount
    return tuple(columns)


def padded(load: Load, width: int) -> list[int]:
    """As many dimensions as every other load."""
    return [*load, *[0] * (width - len(load))]


def capacity_of(vehicle: VehicleType, width: int) -> list[int]:
    """Missing dimensions have no limit."""
    return [*vehicle.capacity, *[FOREVER] * (width - len(vehicle.capacity))]


def hours_of(problem: Problem, vehicle: VehicleType) -> tuple[int, int]:
    """When a vehicle may be out: its shift within the hours of its bases."""
    start, end = problem.depots[vehicle.start_depot], problem.depots[vehicle.end_depot]
    return max(vehicle.tw_early, start.tw_early), min(vehicle.tw_late, end.tw_late)


def line_time(problem: Problem) -> int | None:
    """When the last late goods reach the base: the end of first trips and the beginning of second ones."""
    late = [s.release for s in problem.shipments if s.delivery is not None and s.pickup is None and s.release]
    return max(late, default=None)


def drivers_of(problem: Problem, *, parted: bool = True) -> list[Driver]:
    """
    Every vehicle, or each of its trips where it drives several: one before the line arrives, one after.

    This is exact for one trip; two trips are parted at a fixed time, for engines that know no return to the base.
    """
    return [
        driver
        for number, vehicle in enumerate(problem.vehicle_types)
        for copy in range(vehicle.num_available)
        for driver in _drivers(problem, number, vehicle, copy, parted=parted)
    ]


def _drivers(problem: Problem, number: int, vehicle: VehicleType, copy: int, *, parted: bool) -> Iterator[Driver]:
    early, late = hours_of(problem, vehicle)
    moment = line_time(problem) if parted and vehicle.max_trips > 1 else None
    if moment is None or not early < moment < late:
        yield Driver(number, copy, 0, early, late, vehicle.fixed_cost)
        return
    half = vehicle.fixed_cost // 2
    yield Driver(number, copy, 0, early, moment - vehicle.reload_duration, half, has_breaks=False, is_part=True)
    yield Driver(number, copy, 1, moment, late, vehicle.fixed_cost - half, is_part=True)


def may_carry(problem: Problem, driver: Driver, job: Job, *, knows_release: bool = False) -> bool:
    """
    Whether a driver may do a job: base, kind of vehicle, skills, and hours of release and latest return.

    Parameters
    ----------
    knows_release
        The engine itself sees to it that late goods leave late.
    """
    vehicle, shipment = problem.vehicle_types[driver.vehicle_type], job.shipment
    from_base, to_base = job.pickup is None, job.delivery is None or any(job.collected)
    return (
        (shipment.depot is None or shipment.depot == vehicle.start_depot)
        and (shipment.vehicle_types is None or driver.vehicle_type in shipment.vehicle_types)
        and shipment.skills <= vehicle.skills
        and (not from_base or knows_release or shipment.release <= driver.early)
        and (not to_base or shipment.latest_return >= driver.late)
    )


DRIVE = 20 * 60
"""Seconds that stops are closed beyond a break, for the drive to the next one."""


def open_for(problem: Problem, windows: Sequence[TimeWindow], service: int) -> list[TimeWindow]:
    """
    When service may begin, for engines without breaks: every stop is closed in the middle of a break's window.

    No service begins in time to reach into the closure, which leaves room for the break and a drive.
    """
    spans = [(window.early, window.late) for window in windows]
    for rest in dict.fromkeys(rest for vehicle in problem.vehicle_types for rest in vehicle.breaks):
        begin = (rest.tw_early + rest.tw_late) // 2
        over = begin + rest.duration + DRIVE
        spans = [
            part for early, late in spans for part in ((early, min(late, begin - service)), (max(early, over), late))
        ]
    return [TimeWindow(early, late) for early, late in spans if early <= late] or list(windows)


def locations_of(problem: Problem, jobs: Sequence[Job]) -> list[int]:
    """Rows of the matrices: depots first, then the ends of every job."""
    depots = [depot.location for depot in problem.depots]
    return depots + [end.location for job in jobs for end in job.ends]


@dataclass(frozen=True, slots=True)
class Units:
    """How lengths, times and money are handed to an engine in whole numbers of its liking."""

    divisor: int = 1
    """Of the problem's lengths and times."""
    money: int = 1
    """Of fixed costs and prices."""

    def lengths(self, matrix: IntMatrix) -> IntArray:
        """Rounded to the nearest."""
        return (matrix.astype(np.int64) + self.divisor // 2) // self.divisor

    def times(self, matrix: IntMatrix) -> IntArray:
        """Rounded up: what fits so fits exactly."""
        return -(-matrix.astype(np.int64) // self.divisor)

    def early(self, moment: int) -> int:
        return -(-moment // self.divisor)

    def late(self, moment: int) -> int:
        return moment // self.divisor

    def span(self, seconds: int) -> int:
        return -(-seconds // self.divisor)


def units_of(case: Case, scale: int = PEER_SCALE) -> Units:
    """Give at most `scale` units to one of the instance, and money without common factors."""
    divisor = max(1, case.scale // scale)
    prices = [p for v in case.problem.vehicle_types for p in (v.fixed_cost, v.unit_distance_cost, v.unit_duration_cost)]
    money = gcd(*prices) if case.objective is Objective.DAILY else 1
    return Units(divisor, money or 1)


def costs_of(case: Case, vehicle: VehicleType, units: Units, dear: int) -> tuple[int, int, int]:
    """
    Fixed cost, cost of a unit of length, cost of a unit of time.

    Parameters
    ----------
    dear
        What a vehicle costs when fewer vehicles are what is wanted, in units of length.
    """
    if case.objective is Objective.DAILY:
        prices = (vehicle.fixed_cost, vehicle.unit_distance_cost, vehicle.unit_duration_cost)
        fixed, by_length, by_time = (price // units.money for price in prices)
        return fixed, by_length, by_time
    return (dear if case.objective is Objective.HIER else 0), 1, 0


@dataclass(frozen=True, slots=True)
class Crews:
    """Who may do what, as numbered skills: one for each set of drivers that some jobs are limited to."""

    skills_of: tuple[set[int], ...]
    """By driver."""
    skill_of: dict[int, int]
    """By the identity of a job that not everybody may do."""

    def skill_for(self, job: Job) -> set[int]:
        """What a job asks for."""
        return {self.skill_of[id(job)]} if id(job) in self.skill_of else set()


def crews_of(problem: Problem, drivers: Sequence[Driver], jobs: Sequence[Job]) -> Crews:
    """Number the sets of drivers that jobs are limited to."""
    numbers: dict[frozenset[int], int] = {}
    skill_of: dict[int, int] = {}
    everybody = frozenset(range(len(drivers)))
    for job in jobs:
        able = frozenset(number for number, driver in enumerate(drivers) if may_carry(problem, driver, job))
        if able != everybody:
            skill_of[id(job)] = numbers.setdefault(able, len(numbers) + 1)
    skills = tuple({skill for able, skill in numbers.items() if number in able} for number in range(len(drivers)))
    return Crews(skills, skill_of)


class Told:
    """What is told to an engine that knows skills: jobs, drivers, and the crews of jobs that several drivers may do."""

    def __init__(self, case: Case, scale: int) -> None:
        self.case = case
        self.problem = case.problem
        self.units = units_of(case, scale)
        self.width = self.problem.num_dimensions
        self.jobs = jobs_of(self.problem)
        self.drivers = drivers_of(self.problem)
        self.crews = crews_of(self.problem, self.drivers, self.jobs)
        self.ends: list[End] = [end for job in self.jobs for end in job.ends]
