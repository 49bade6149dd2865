"""Rules on the solution as a whole: what it names exists, every shipment is somewhere, there are enough vehicles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from routing.checking.facts import RouteFacts, Violation
from routing.model import Problem, Task
from routing.solution import Constraint, Route, Solution


def nonsense(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Positions that point nowhere, empty routes and trips: with these nothing else can be computed."""
    for unassigned in solution.unassigned:
        if not 0 <= unassigned.shipment < len(problem.shipments):
            yield Violation(Constraint.STRUCTURE, f"shipment {unassigned.shipment} does not exist")
    for number, route in enumerate(solution.routes):
        for detail in _nonsense_in(problem, route):
            yield Violation(Constraint.STRUCTURE, detail, number)


def _nonsense_in(problem: Problem, route: Route) -> Iterator[str]:
    if not 0 <= route.vehicle_type < len(problem.vehicle_types):
        yield f"vehicle type {route.vehicle_type} does not exist"
    if not route.trips or not all(trip.visits for trip in route.trips):
        yield "a route or a trip is empty"
    for visit in route.visits:
        if not 0 <= visit.stop < len(problem.stops):
            yield f"stop {visit.stop} does not exist"
    for task in route.tasks:
        if not 0 <= task.shipment < len(problem.shipments):
            yield f"shipment {task.shipment} does not exist"
        elif task not in problem.tasks_of(task.shipment):
            yield f"shipment {task.shipment} has no stop to {task.action}"


def completeness(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Every shipment is served once, wholly, or listed once as unassigned."""
    done = Counter(task for route in solution.routes for task in route.tasks)
    left = Counter(unassigned.shipment for unassigned in solution.unassigned)
    for shipment in range(len(problem.shipments)):
        times = [done[task] for task in problem.tasks_of(shipment)]
        if (left[shipment], *times) not in ((0, *(1 for _ in times)), (1, *(0 for _ in times))):
            detail = f"shipment {shipment} is done {times} times and left {left[shipment]} times"
            yield Violation(Constraint.STRUCTURE, detail, shipment=shipment)


def tasks_at_their_stops(facts: RouteFacts) -> Iterator[Violation]:
    """Tasks are done where they belong, and no visit is for nothing."""
    frozen = {visit.stop for f in facts.problem.frozen for trip in f.trips for visit in trip if not visit.tasks}
    for trip, position, visit in facts.visits:
        if not visit.tasks and visit.stop not in frozen:
            yield facts.violation(Constraint.STRUCTURE, "nothing is done at this visit", trip, position)
        for task in visit.tasks:
            if facts.problem.stop_of(task) != visit.stop:
                detail = f"{task.action} of shipment {task.shipment} is not done at stop {visit.stop}"
                yield facts.violation(Constraint.STRUCTURE, detail, trip, position, shipment=task.shipment)


def precedence(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """The two ends of a shipment are in one route, collection first."""
    rank: dict[Task, tuple[int, int]] = {}
    for number, route in enumerate(solution.routes):
        rank.update({task: (number, position) for position, task in enumerate(route.tasks)})
    for shipment in range(len(problem.shipments)):
        ends = [rank[task] for task in problem.tasks_of(shipment) if task in rank]
        if len(ends) == 2 and (ends[0][0] != ends[1][0] or ends[0] > ends[1]):
            detail = f"shipment {shipment} is not collected before its delivery in the same route"
            yield Violation(Constraint.PRECEDENCE, detail, ends[1][0], shipment=shipment)


def fleet(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """No more routes of a type than it has vehicles."""
    used = Counter(route.vehicle_type for route in solution.routes)
    for vehicle_type, count in used.items():
        excess = count - problem.vehicle_types[vehicle_type].num_available
        if excess > 0:
            detail = f"vehicle type {vehicle_type} drives {count} routes, {excess} more than it has vehicles"
            yield Violation(Constraint.FLEET, detail, amount=excess)


def frozen_parts(problem: Problem, solution: Solution) -> Iterator[Violation]:
    """Every frozen part begins a route of its vehicle type, and nothing after it begins too early."""
    for frozen in problem.frozen:
        fixed = [[(visit.stop, visit.tasks) for visit in trip] for trip in frozen.trips]
        while fixed and not fixed[-1] and frozen.complete:
            fixed.pop()
        routes = [(n, r) for n, r in enumerate(solution.routes) if r.vehicle_type == frozen.vehicle_type]
        if not routes and any(fixed):
            yield Violation(Constraint.LOCKS, f"the frozen route of vehicle type {frozen.vehicle_type} is missing")
        for number, route in routes:
            driven = [[(visit.stop, visit.tasks) for visit in trip.visits] for trip in route.trips]
            if not _keeps(driven, fixed, complete=frozen.complete):
                yield Violation(Constraint.LOCKS, "the route does not begin with its frozen part", number)
            elif not frozen.complete and 0 <= (resumes := _resumes(route, fixed)) < frozen.available_at:
                detail = f"the route goes on at {resumes}, before {frozen.available_at}"
                yield Violation(Constraint.LOCKS, detail, number, amount=frozen.available_at - resumes)


Visits = list[tuple[int, tuple[Task, ...]]]


def _keeps(driven: Sequence[Visits], fixed: Sequence[Visits], *, complete: bool) -> bool:
    if complete:
        return list(driven) == list(fixed)
    for number, visits in enumerate(fixed):
        there = driven[number] if number < len(driven) else []
        is_open = number == len(fixed) - 1
        if (there[: len(visits)] if is_open else there) != visits:
            return False
    return True


def _resumes(route: Route, fixed: Sequence[Visits]) -> int:
    """When the vehicle first moves after the frozen part; -1 = it does not."""
    last = max(0, len(fixed) - 1)
    if last >= len(route.trips):
        return -1
    made = len(fixed[last]) if fixed else 0
    return route.trips[last].visits[made - 1].leaves if made else route.trips[last].departs
