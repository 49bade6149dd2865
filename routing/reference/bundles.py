"""
Tasks that travel together: a bundle is one node of the OR-Tools model.

A commune post office takes twenty envelopes at one door. Nothing is gained by treating them apart, so alike shipments
of one stop become one bundle as long as the smallest vehicle that may carry one of them could carry all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from routing.model import FOREVER, UNREACHABLE, Action, FrozenRoute, Load, Problem, Shipment, Task

LONGEST_SERVICE = 1800
"""Seconds of item time in a bundle: a longer one is split, so that several vehicles may share the work."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Tasks of one stop that are done in one go, by the same vehicle on the same trip."""

    stop: int
    tasks: tuple[Task, ...]
    duration: int
    """Item times together, without the stop's set-up."""
    unloaded: Load
    """Aboard since the trip's departure, put off here."""
    change: Load
    """What is aboard after the visit, less what was before it."""
    types: frozenset[int]
    """Vehicle types that may do it."""
    release: int = 0
    latest_return: int = FOREVER
    max_ride: int = FOREVER
    pickup: int | None = None
    """Bundle that must come earlier on the same trip: there these shipments are collected."""
    frozen: bool = False
    """Part of a frozen route: its place is fixed elsewhere."""

    @property
    def shipments(self) -> tuple[int, ...]:
        return tuple(task.shipment for task in self.tasks)


@dataclass(frozen=True, slots=True)
class Bundling:
    """Every task that can be done at all, in bundles, and the shipments that no vehicle may carry."""

    bundles: tuple[Bundle, ...]
    impossible: tuple[int, ...]
    frozen: dict[int, tuple[tuple[int, ...], ...]]
    """By vehicle type: the bundles its trips begin with."""


def bundle(problem: Problem) -> Bundling:
    """Gather the tasks of a problem into as few bundles as the smallest vehicles allow."""
    return _Bundler(problem).run()


def able_types(problem: Problem, shipment: Shipment) -> frozenset[int]:
    """Vehicle types that may carry a shipment and can, when they carry nothing else, time aside."""
    wanted = shipment.vehicle_types if shipment.vehicle_types is not None else range(len(problem.vehicle_types))
    return frozenset(v for v in wanted if _is_able(problem, shipment, v))


def _is_able(problem: Problem, shipment: Shipment, vehicle_type: int) -> bool:
    vehicle = problem.vehicle_types[vehicle_type]
    depots = (vehicle.start_depot, vehicle.end_depot)
    return (
        shipment.skills <= vehicle.skills
        and shipment.depot in (None, vehicle.end_depot if shipment.delivery is None else vehicle.start_depot)
        and _is_within(shipment.load, vehicle.capacity)
        and _is_within(shipment.collected, vehicle.capacity)
        and _has_way(problem, shipment, vehicle.profile, *(problem.depots[d].location for d in depots))
    )


def _is_within(load: Load, capacity: Load) -> bool:
    return all(amount <= most for amount, most in zip(load, capacity, strict=False))


def _has_way(problem: Problem, shipment: Shipment, profile: int, start: int, end: int) -> bool:
    stops = (s for s in (shipment.pickup, shipment.delivery) if s is not None)
    way = [start, *(problem.stops[s].location for s in stops), end]
    matrix = problem.durations[profile]
    return all(matrix[a, b] < UNREACHABLE for a, b in pairwise(way))


class _Bundler:
    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._width = problem.num_dimensions
        self._bundles: list[Bundle] = []

    def run(self) -> Bundling:
        problem = self._problem
        frozen = {route.vehicle_type: self._frozen_trips(route) for route in problem.frozen}
        self._add_open_deliveries()
        closed = frozenset(route.vehicle_type for route in problem.frozen if route.complete)
        begun = {task.shipment for bundle in self._bundles for task in bundle.tasks}
        groups: dict[tuple[object, ...], list[int]] = defaultdict(list)
        types, impossible = {}, []
        for index in (i for i in range(len(problem.shipments)) if i not in begun):
            types[index] = able_types(problem, problem.shipments[index]) - closed
            if types[index]:
                groups[_likeness(problem, problem.shipments[index], types[index])].append(index)
            else:
                impossible.append(index)
        for alike in groups.values():
            for lot in self._lots(alike, types[alike[0]]):
                self._add_lot(lot, types[alike[0]])
        return Bundling(tuple(self._bundles), tuple(impossible), frozen)

    def _frozen_trips(self, route: FrozenRoute) -> tuple[tuple[int, ...], ...]:
        """Add the bundles of a frozen part and name them trip by trip."""
        only = frozenset((route.vehicle_type,))
        trips = []
        for trip in route.trips:
            trips.append(tuple(range(len(self._bundles), len(self._bundles) + len(trip))))
            self._bundles += [self._bundle(visit.stop, visit.tasks, only, frozen=True) for visit in trip]
        return tuple(trips)

    def _add_open_deliveries(self) -> None:
        """What a frozen part has collected for another stop must be brought there by the same vehicle."""
        done = {task for bundle in self._bundles for task in bundle.tasks}
        for number, collected in enumerate(tuple(self._bundles)):
            rest = (t for task in collected.tasks for t in self._problem.tasks_of(task.shipment) if t not in done)
            self._bundles += [
                self._bundle(self._problem.stop_of(t), (t,), collected.types, pickup=number) for t in rest
            ]

    def _lots(self, alike: Sequence[int], types: Iterable[int]) -> list[list[int]]:
        """Cut alike shipments into lots that the smallest of the vehicle types can carry at once."""
        capacities = (self._padded(self._problem.vehicle_types[v].capacity, FOREVER) for v in types)
        most = [min(c) for c in zip(*capacities, strict=True)]
        lots: list[list[int]] = []
        room: list[int] = []
        for index in alike:
            shipment = self._problem.shipments[index]
            loads = zip(self._padded(shipment.load), self._padded(shipment.collected), strict=True)
            need = [sum(pair) for pair in loads] + [max(shipment.pickup_duration, shipment.delivery_duration)]
            if not lots or any(n > r for n, r in zip(need, room, strict=True)):
                lots.append([])
                room = [*most, LONGEST_SERVICE]
            lots[-1].append(index)
            room = [r - n for r, n in zip(room, need, strict=True)]
        return lots

    def _add_lot(self, lot: Sequence[int], types: frozenset[int]) -> None:
        """One bundle for shipments with one end at a depot, two for those that go from stop to stop."""
        tasks = [task for index in lot for task in self._problem.tasks_of(index)]
        collects = tuple(t for t in tasks if t.action is Action.COLLECT)
        delivers = tuple(t for t in tasks if t.action is Action.DELIVER)
        if len(tasks) == len(lot):
            self._bundles.append(self._bundle(self._problem.stop_of(tasks[0]), delivers + collects, types))
            return
        first = len(self._bundles)
        self._bundles.append(self._bundle(self._problem.stop_of(collects[0]), collects, types))
        self._bundles.append(self._bundle(self._problem.stop_of(delivers[0]), delivers, types, pickup=first))

    def _bundle(
        self,
        stop: int,
        tasks: tuple[Task, ...],
        types: frozenset[int],
        *,
        pickup: int | None = None,
        frozen: bool = False,
    ) -> Bundle:
        shipments = [self._problem.shipments[t.shipment] for t in tasks]
        return Bundle(
            stop=stop,
            tasks=tasks,
            duration=sum(self._problem.duration_of(t) for t in tasks),
            unloaded=self._sum(s.load for s in shipments if s.pickup is None),
            change=self._change(tasks),
            types=types,
            release=max((s.release for s in shipments if s.pickup is None), default=0),
            latest_return=min((s.latest_return for s in shipments if s.delivery is None), default=FOREVER),
            max_ride=min((s.max_ride for s in shipments), default=FOREVER),
            pickup=pickup,
            frozen=frozen,
        )

    def _change(self, tasks: Iterable[Task]) -> Load:
        ends = [(self._problem.shipments[t.shipment], t.action is Action.COLLECT) for t in tasks]
        taken = self._sum(shipment.load if collects else shipment.collected for shipment, collects in ends)
        given = self._sum(shipment.load for shipment, collects in ends if not collects)
        return tuple(t - g for t, g in zip(taken, given, strict=True))

    def _sum(self, loads: Iterable[Load]) -> Load:
        total = [0] * self._width
        for load in loads:
            for k, amount in enumerate(load):
                total[k] += amount
        return tuple(total)

    def _padded(self, amounts: Load, filler: int = 0) -> Load:
        return amounts + (filler,) * (self._width - len(amounts))


def _likeness(problem: Problem, shipment: Shipment, types: frozenset[int]) -> tuple[object, ...]:
    """Shipments of one likeness can be exchanged at any time, their loads and item times aside."""
    vehicles = [problem.vehicle_types[v] for v in types]
    to_base, from_base = shipment.delivery is None, shipment.pickup is None
    release = shipment.release if from_base and shipment.release > min(v.tw_early for v in vehicles) else 0
    binds = to_base and shipment.latest_return < max(v.tw_late + v.max_overtime for v in vehicles)
    latest_return = shipment.latest_return if binds else FOREVER
    ends = (shipment.pickup, shipment.delivery)
    door = tuple(s for s in ends if s is not None)
    # A ride time to the base and one from it cannot be limited together; without a limit both may share a bundle.
    direction = from_base if shipment.max_ride < FOREVER else None
    return door, release, latest_return, shipment.max_ride, direction, shipment.must_go, shipment.published, types
