"""A planner that anybody can follow, so that tests of plans wait for no engine: each task goes where it costs least."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cache

from api.plans.document import Answer, write_plan
from api.plans.planning import PreparedDay
from api.plans.schemas import Plan
from routing.model import Problem, Task
from routing.objective import Objective, measure, weights
from routing.schedule import time_route
from routing.solution import Constraint, Reason, Route, Solution, Unassigned
from tests.api.small_day import DAY, small_day

Visits = tuple[tuple[int, tuple[Task, ...]], ...]


def greedy_solution(problem: Problem) -> Solution:
    """One trip a vehicle; every shipment at its cheapest place, or left behind."""
    routes: dict[int, tuple[Visits, Route]] = {}
    left: list[Unassigned] = []
    for shipment in range(len(problem.shipments)):
        (task,) = problem.tasks_of(shipment)
        visit = (problem.stop_of(task), (task,))
        choices = []
        for vehicle in range(len(problem.vehicle_types)):
            before = routes[vehicle][0] if vehicle in routes else ()
            for place in range(len(before) + 1):
                visits = (*before[:place], visit, *before[place:])
                route = time_route(problem, vehicle, [visits])
                if isinstance(route, Route):
                    added = _cost(problem, route) - (_cost(problem, routes[vehicle][1]) if before else 0)
                    choices.append((added, vehicle, visits, route))
        if choices:
            _, vehicle, visits, route = min(choices, key=lambda choice: choice[:2])
            routes[vehicle] = (visits, route)
        else:
            left.append(Unassigned(shipment, (Reason(Constraint.TIME_WINDOWS, amount=600),)))
    return Solution(tuple(route for _, (_, route) in sorted(routes.items())), tuple(left))


def _cost(problem: Problem, route: Route) -> int:
    return measure(problem, Solution((route,))).cost


def answers_of(prepared: PreparedDay) -> tuple[Answer, ...]:
    return tuple(_answer(group.problem) for group in prepared.groups)


def _answer(problem: Problem) -> Answer:
    solution = greedy_solution(problem)
    terms = measure(problem, solution)
    return Answer(solution, terms, weights(problem, Objective.DAILY).total(terms))


def greedy_plan(prepared: PreparedDay, answers: Sequence[Answer] | None = None) -> Plan:
    created = datetime.combine(DAY, datetime.min.time(), prepared.inputs.network.settings.zone)
    return write_plan(prepared.inputs, prepared.groups, answers or answers_of(prepared), created_at=created)


@cache
def small_plan() -> Plan:
    """The small day, planned."""
    return greedy_plan(small_day().prepare())
