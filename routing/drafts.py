"""
Drafts: what each vehicle does in which order, not yet timed.

Engines work with drafts; `Clock` gives a draft its exact times and remembers them, because one change of a draft
leaves most of its routes as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from routing.model import Action, Problem, Task
from routing.schedule import Conflict, time_route
from routing.solution import Route, Solution, Unassigned

DraftVisit = tuple[int, tuple[Task, ...]]
"""Stop, and tasks in order."""

DraftTrips = tuple[tuple[DraftVisit, ...], ...]


@dataclass(frozen=True, slots=True)
class DraftRoute:
    """The trips of one vehicle; none when it stays at home."""

    vehicle_type: int
    trips: DraftTrips = ()

    @property
    def shipments(self) -> frozenset[int]:
        return frozenset(task.shipment for trip in self.trips for _, tasks in trip for task in tasks)


Draft = tuple[DraftRoute, ...]
"""One entry a vehicle, idle ones too."""


OnBetter = Callable[[Solution, int, int], None]
"""Called with a better solution, its total and the iterations so far."""


@dataclass(frozen=True, slots=True)
class Found:
    """The best answer of a search; None when not even the frozen parts can be driven."""

    solution: Solution | None
    total: int
    iterations: int


class Clock:
    """Times draft routes exactly, each of them once."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._known: dict[DraftRoute, Route | Conflict] = {}

    @property
    def num_timed(self) -> int:
        """How many routes have been timed."""
        return len(self._known)

    def timed(self, route: DraftRoute) -> Route | Conflict:
        """The route with its times, or what forbids it. The route is not empty."""
        if route not in self._known:
            self._known[route] = time_route(self._problem, route.vehicle_type, route.trips)
        return self._known[route]


def idle_draft(problem: Problem) -> Draft:
    """Every vehicle at home, except for what is frozen."""
    frozen = {route.vehicle_type: route for route in problem.frozen}
    draft = []
    for number, vehicle in enumerate(problem.vehicle_types):
        trips: DraftTrips = ()
        if number in frozen:
            begun = (tuple((visit.stop, visit.tasks) for visit in trip) for trip in frozen[number].trips)
            trips = tuple(trip for trip in begun if trip)
        draft += [DraftRoute(number, trips)] * vehicle.num_available
    return tuple(draft)


def draft_of(problem: Problem, solution: Solution) -> Draft:
    """The draft of a solution, and idle vehicles up to the number available."""
    driven: dict[int, list[DraftRoute]] = {number: [] for number in range(len(problem.vehicle_types))}
    for route in solution.routes:
        trips = tuple(tuple((visit.stop, visit.tasks) for visit in trip.visits) for trip in route.trips)
        driven[route.vehicle_type].append(DraftRoute(route.vehicle_type, trips))
    draft = []
    for number, vehicle in enumerate(problem.vehicle_types):
        idle = vehicle.num_available - len(driven[number])
        draft += driven[number] + [DraftRoute(number)] * idle
    return tuple(draft)


def left_behind(problem: Problem, draft: Draft) -> list[int]:
    """Shipments that no route carries."""
    carried = frozenset().union(*(route.shipments for route in draft))
    return [shipment for shipment in range(len(problem.shipments)) if shipment not in carried]


def solution_of(problem: Problem, routes: Iterable[Route]) -> Solution:
    """Timed routes and everything they leave behind, reasons not yet given."""
    driven = tuple(sorted(routes, key=lambda route: route.vehicle_type))
    carried = {task.shipment for route in driven for task in route.tasks}
    left = (shipment for shipment in range(len(problem.shipments)) if shipment not in carried)
    return Solution(driven, tuple(Unassigned(shipment) for shipment in left))


def joined(problem: Problem, tasks: Sequence[Task], more: Sequence[Task]) -> tuple[Task, ...]:
    """Tasks of one visit in an order that needs least room: first what the base sent, last what it gets."""

    def turn(task: Task) -> int:
        shipment = problem.shipments[task.shipment]
        if task.action is Action.DELIVER:
            return 0 if shipment.pickup is None else 1
        return 2 if shipment.delivery is None else 1

    return tuple(sorted((*tasks, *more), key=turn))
