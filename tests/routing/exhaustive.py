"""The best total of a tiny problem, by trying every order of every choice of shipments with the exact schedule."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations

from routing.model import Action, Problem, Task
from routing.objective import Objective, measure, weights
from routing.schedule import time_route
from routing.solution import Route, Solution, Unassigned

Trips = list[list[tuple[int, list[Task]]]]


def best_total(problem: Problem, objective: Objective) -> int:
    """
    Find the least total of all feasible solutions, none of whose wishes tie routes together.

    Every vehicle carries a set of shipments at its own least cost; the sets are then combined.
    """
    everything = frozenset(range(len(problem.shipments)))
    best = {frozenset[int](): 0}
    for number, vehicle in enumerate(problem.vehicle_types):
        costs = _cost_by_load(problem, number, objective)
        for _ in range(vehicle.num_available):
            grown = dict(best)
            for carried, cost in best.items():
                for more, added in costs.items():
                    if not carried & more:
                        grown[carried | more] = min(grown.get(carried | more, cost + added), cost + added)
            best = grown
    return min(cost + _total(problem, Solution((), _left(everything - load)), objective) for load, cost in best.items())


def _cost_by_load(problem: Problem, vehicle_type: int, objective: Objective) -> dict[frozenset[int], int]:
    """For each set of shipments that one vehicle can carry: its least cost."""
    costs = {}
    shipments = range(len(problem.shipments))
    for size in range(1, len(shipments) + 1):
        for chosen in combinations(shipments, size):
            timed = (time_route(problem, vehicle_type, trips) for trips in sequences(problem, vehicle_type, chosen))
            totals = [_total(problem, Solution((r,)), objective) for r in timed if isinstance(r, Route)]
            if totals:
                costs[frozenset(chosen)] = min(totals)
    return costs


def sequences(problem: Problem, vehicle_type: int, shipments: tuple[int, ...]) -> Iterator[Trips]:
    """Every order of the tasks of some shipments, cut into trips in every way."""
    tasks = [task for shipment in shipments for task in problem.tasks_of(shipment)]
    for order in permutations(tasks):
        place = {task: k for k, task in enumerate(order)}
        if any(
            place.get(Task(s, Action.COLLECT), -1) > place.get(Task(s, Action.DELIVER), len(order)) for s in shipments
        ):
            continue
        for number in range(min(problem.vehicle_types[vehicle_type].max_trips, len(order))):
            for cuts in combinations(range(1, len(order)), number):
                bounds = zip((0, *cuts), (*cuts, len(order)), strict=True)
                yield [_visits(problem, order[begin:end]) for begin, end in bounds]


def _visits(problem: Problem, tasks: tuple[Task, ...]) -> list[tuple[int, list[Task]]]:
    """One visit for consecutive tasks of a stop."""
    visits: list[tuple[int, list[Task]]] = []
    for task in tasks:
        if visits and visits[-1][0] == problem.stop_of(task):
            visits[-1][1].append(task)
        else:
            visits.append((problem.stop_of(task), [task]))
    return visits


def _left(shipments: frozenset[int]) -> tuple[Unassigned, ...]:
    return tuple(Unassigned(shipment) for shipment in sorted(shipments))


def _total(problem: Problem, solution: Solution, objective: Objective) -> int:
    return weights(problem, objective).total(measure(problem, solution))
