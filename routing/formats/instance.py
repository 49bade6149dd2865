"""
An instance of the literature: a Problem, and how the field that it comes from counts.

A Problem holds integers only. Instances with Euclidean distances in double precision are therefore scaled; the
scores that are published and compared are recomputed here, from the unscaled lengths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from routing.model import Depot, IntMatrix, Load, Problem, Shipment, Stop, Task, TimeWindow, VehicleType
from routing.objective import Objective, measure
from routing.solution import Route, Solution

Lengths = npt.NDArray[np.float64]
"""Square, one row a location, in the instance's own unit."""


class Format(StrEnum):
    """Where an instance comes from."""

    SOLOMON = "solomon"
    LI_LIM = "li_lim"
    SARTORI_BURIOL = "sartori_buriol"
    JD_VRPSPDTW = "jd_vrpspdtw"
    WANG_CHEN = "wang_chen"
    VROOM = "vroom"


class Rounding(StrEnum):
    """How Euclidean lengths are counted; the two conventions are never compared."""

    EXACT = "exact"
    """Double precision (SINTEF)."""
    DIMACS = "dimacs"
    """Each arc cut to one decimal, `floor(10 d) / 10` (DIMACS challenge, CVRPLIB)."""


@dataclass(frozen=True, slots=True)
class Pricing:
    """Cost in the instance's own unit: `vehicle * vehicles + length * distance + problem * terms.cost`."""

    vehicle: float = 0.0
    """Per vehicle used."""
    length: float = 1.0
    """Per unit of `Instance.distance`."""
    problem: float = 0.0
    """Per unit of the Problem's own cost."""


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """A problem of the literature, with its own node numbers, unit and objective."""

    name: str
    format: Format
    problem: Problem
    objective: Objective
    """What its field compares."""
    scale: int
    """Problem units per unit of the instance, for lengths and times."""
    nodes: Mapping[Task, int]
    """The instance's own node number of each task."""
    lengths: tuple[Lengths, ...]
    """One a profile: what `distance` adds up."""
    pricing: Pricing = Pricing()

    def distance(self, solution: Solution) -> float:
        """Length of all routes, recomputed in double precision from the file's own figures."""
        return sum(self._length(route) for route in solution.routes)

    def cost(self, solution: Solution) -> float:
        """What the instance's field calls the cost of a solution."""
        pricing = self.pricing
        own = measure(self.problem, solution).cost if pricing.problem else 0
        return pricing.vehicle * len(solution.routes) + pricing.length * self.distance(solution) + pricing.problem * own

    def _length(self, route: Route) -> float:
        vehicle = self.problem.vehicle_types[route.vehicle_type]
        lengths = self.lengths[vehicle.profile]
        start, end = (self.problem.depots[d].location for d in (vehicle.start_depot, vehicle.end_depot))
        total = 0.0
        for index, trip in enumerate(route.trips):
            home = end if index == len(route.trips) - 1 else start
            places = [start, *(self.problem.stops[v.stop].location for v in trip.visits), home]
            total += sum(float(lengths[a, b]) for a, b in pairwise(places))
        return total


@dataclass(frozen=True, slots=True)
class Travel:
    """Matrices of one profile: for the search, and for the score."""

    distances: IntMatrix
    durations: IntMatrix
    lengths: Lengths


@dataclass(frozen=True, slots=True)
class Fleet:
    """The alike vehicles of an instance with one depot, at location 0."""

    number: int
    capacity: Load
    shift: TimeWindow
    """Opening hours of the depot, already scaled."""
    fixed_cost: int = 0
    unit_distance_cost: int = 1


def one_depot(fleet: Fleet, stops: Sequence[Stop], shipments: Sequence[Shipment], travel: Travel) -> Problem:
    """Assemble a problem of alike vehicles that leave from and return to location 0."""
    vehicle = VehicleType(
        num_available=fleet.number,
        capacity=fleet.capacity,
        tw_early=fleet.shift.early,
        tw_late=fleet.shift.late,
        fixed_cost=fleet.fixed_cost,
        unit_distance_cost=fleet.unit_distance_cost,
    )
    return Problem(
        stops=tuple(stops),
        shipments=tuple(shipments),
        vehicle_types=(vehicle,),
        depots=(Depot(0, fleet.shift.early, fleet.shift.late),),
        distances=(travel.distances,),
        durations=(travel.durations,),
    )
