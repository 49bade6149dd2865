"""Every way to put one more shipment into the routes of a solution, by brute force and with the exact schedule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product

from routing.drafts import DraftRoute, DraftTrips, DraftVisit, draft_of
from routing.model import Problem, Task
from routing.schedule import time_route
from routing.solution import Route, Solution


def can_be_added(problem: Problem, solution: Solution, shipment: int, vehicle_type: int | None = None) -> bool:
    """Whether some vehicle (of a type) could carry a shipment besides what it carries in the solution."""
    chosen = {route for route in draft_of(problem, solution) if vehicle_type in (None, route.vehicle_type)}
    return any(
        isinstance(time_route(problem, route.vehicle_type, trips), Route)
        for route in chosen
        for trips in additions(problem, route, shipment)
    )


def additions(problem: Problem, route: DraftRoute, shipment: int) -> Iterator[DraftTrips]:
    """The route's trips with the shipment in one of them, or in a new one."""
    tasks = problem.tasks_of(shipment)
    for trip, visits in enumerate(route.trips):
        for longer in _with_tasks(problem, visits, tasks):
            yield (*route.trips[:trip], longer, *route.trips[trip + 1 :])
    if len(route.trips) < problem.vehicle_types[route.vehicle_type].max_trips:
        own = tuple((problem.stop_of(task), (task,)) for task in tasks)
        for trip in range(len(route.trips) + 1):
            yield (*route.trips[:trip], own, *route.trips[trip:])


def _with_tasks(
    problem: Problem, visits: Sequence[DraftVisit], tasks: Sequence[Task]
) -> Iterator[tuple[DraftVisit, ...]]:
    if not tasks:
        yield tuple(visits)
        return
    for longer in _with_task(problem, visits, tasks[0]):
        yield from _with_tasks(problem, longer, tasks[1:])


def _with_task(problem: Problem, visits: Sequence[DraftVisit], task: Task) -> Iterator[tuple[DraftVisit, ...]]:
    stop = problem.stop_of(task)
    for position in range(len(visits) + 1):
        yield (*visits[:position], (stop, (task,)), *visits[position:])
    for (position, (there, done)), place in product(
        enumerate(visits), range(1 + max((len(v[1]) for v in visits), default=0))
    ):
        if there == stop and place <= len(done):
            yield (*visits[:position], (stop, (*done[:place], task, *done[place:])), *visits[position + 1 :])
