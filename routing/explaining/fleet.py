"""Whether a vehicle that carries nothing else could carry a shipment: those at home, and one more of each type."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from routing.explaining.excerpt import Excerpt, bare_excerpt, with_shipments
from routing.explaining.permits import lacking
from routing.explaining.relaxing import opening
from routing.explaining.trial import Refusal, Trial
from routing.model import Problem, VehicleType
from routing.solution import Solution


class Alone(NamedTuple):
    """A shipment in a vehicle of its own."""

    vehicle_type: int
    is_idle: bool
    """Such a vehicle is at home; else there would have to be one more."""
    trial: Trial | None
    """None = the vehicle may not carry it, and is not at home to be allowed to."""
    refusal: Refusal | None
    """None = it could."""


class Fleet:
    """The vehicle types of a problem, those that are alike taken together."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self._problem = problem
        begun = {frozen.vehicle_type for frozen in problem.frozen}
        used = Counter(route.vehicle_type for route in solution.routes)
        types = list(enumerate(problem.vehicle_types))
        self._idle = [kind not in begun and used[kind] < vehicle.num_available for kind, vehicle in types]
        self._begun = [kind in begun for kind, _ in types]
        first: dict[tuple[VehicleType, bool], int] = {}
        looks = [_looks(replace(v, tw_early=min(opening(problem, kind), v.tw_late))) for kind, v in types]
        self._likeness = [first.setdefault((look, self._begun[kind]), kind) for kind, look in enumerate(looks)]
        self._turns = [kind for kind, _ in sorted(types, key=lambda t: (not self._idle[t[0]], t[1].fixed_cost))]
        self._bare: dict[int, Excerpt] = {}

    def alone(self, shipment: int) -> Iterator[Alone]:
        """One trial for all vehicle types that must fare alike: those at home first, then by their fixed cost."""
        tried: set[tuple[int, bool, bool]] = set()
        for kind in self._turns:
            if self._begun[kind] and self._problem.shipments[shipment].vehicle_types is not None:
                continue
            fares = self._fares(kind, shipment)
            if fares not in tried:
                tried.add(fares)
                yield self._tried(kind, shipment)

    def _fares(self, kind: int, shipment: int) -> tuple[int, bool, bool]:
        problem, locks = self._problem, self._problem.shipments[shipment].vehicle_types
        known = problem.vehicle_types[kind].zones
        zones = {problem.stops[problem.stop_of(task)].zone for task in problem.tasks_of(shipment)}
        return self._likeness[kind], locks is None or kind in locks, not known or zones <= known

    def _tried(self, kind: int, shipment: int) -> Alone:
        problem = self._problem
        lacks = lacking(problem.shipments[shipment], kind, problem.vehicle_types[kind])
        if not self._idle[kind] and (lack := next(lacks, None)):
            return Alone(kind, False, None, Refusal(*lack))
        excerpt = with_shipments(problem, self._without_anything(kind), (shipment,))
        visits = tuple((problem.stop_of(task), (task,)) for task in problem.tasks_of(shipment))
        trial = Trial(excerpt, excerpt.trips((visits,)))
        return Alone(kind, self._idle[kind], trial, trial.refusal())

    def _without_anything(self, kind: int) -> Excerpt:
        """An excerpt with a fresh vehicle: a begun route's would not be free before that one is."""
        if kind not in self._bare:
            bare = bare_excerpt(self._problem, kind)
            vehicle = bare.problem.vehicle_types[0]
            fresh = replace(vehicle, tw_early=min(opening(self._problem, kind), vehicle.tw_late))
            self._bare[kind] = replace(bare, problem=replace(bare.problem, vehicle_types=(fresh,)))
        return self._bare[kind]


def _looks(vehicle: VehicleType) -> VehicleType:
    """What decides whether a vehicle type can carry something."""
    return replace(
        vehicle,
        num_available=1,
        zones=frozenset(),
        fixed_cost=0,
        unit_distance_cost=0,
        unit_duration_cost=0,
        unit_overtime_cost=0,
    )
