"""
The field's plain solution text: one line a route with the instance's own node numbers, the depot left out.

    # comment
    Route #1: 5 3 7
    Route #2: 1 2
    Cost 123.45
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from routing.formats.errors import InstanceFileError
from routing.formats.instance import Instance
from routing.model import Task
from routing.schedule import time_route
from routing.solution import Route, Solution, Unassigned

ROUTE = re.compile(r"route\s*#?\s*\d+\s*:(?P<nodes>[\d\s]*)", re.IGNORECASE)
COST = re.compile(r"cost:?\s+(?P<cost>\d+(\.\d+)?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SolutionText:
    """What such a file says."""

    routes: tuple[tuple[int, ...], ...]
    """Node numbers in order of visit."""
    cost: float | None = None


def write(instance: Instance, solution: Solution) -> str:
    """Write routes and cost, two decimals."""
    return render(SolutionText(node_numbers(instance, solution), instance.cost(solution)))


def render(text: SolutionText) -> str:
    """Write what `read` reads; the cost with two decimals."""
    lines = [f"Route #{i}: {' '.join(map(str, route))}" for i, route in enumerate(text.routes, 1)]
    if text.cost is not None:
        lines.append(f"Cost {text.cost:.2f}")
    return "".join(f"{line}\n" for line in lines)


def read(file: str, text: str) -> SolutionText:
    """
    Read routes and cost; empty routes are left out.

    Parameters
    ----------
    file
        Name of the file, for messages.

    Raises
    ------
    InstanceFileError
        Naming the first line that is no route, no cost and no comment.
    """
    routes: list[tuple[int, ...]] = []
    cost: float | None = None
    for number, line in enumerate(text.splitlines(), 1):
        row = line.strip()
        if not row or row.startswith("#"):
            continue
        if route := ROUTE.fullmatch(row):
            routes.append(tuple(int(node) for node in route["nodes"].split()))
        elif price := COST.fullmatch(row):
            cost = float(price["cost"])
        else:
            raise InstanceFileError(file, number, f"expected `Route #1: 5 3 7` or `Cost 12.3`, found {row[:40]!r}")
    return SolutionText(tuple(route for route in routes if route), cost)


def node_numbers(instance: Instance, solution: Solution) -> tuple[tuple[int, ...], ...]:
    """Return the node numbers of every route, in order of visit."""
    return tuple(tuple(instance.nodes[task] for task in route.tasks) for route in solution.routes)


def time_routes(instance: Instance, routes: Sequence[Sequence[int]]) -> Solution:
    """
    Time routes given as node numbers, for an instance with one vehicle type.

    Raises
    ------
    ValueError
        When a node does not exist or is visited twice, a route cannot be driven (the first constraint that binds is
        named), or there are several vehicle types.
    """
    if len(instance.problem.vehicle_types) != 1:
        raise ValueError("plain routes do not say which vehicle drives them: the instance has several vehicle types")
    tasks = {node: task for task, node in instance.nodes.items()}
    left = set(instance.nodes)
    timed: list[Route] = []
    for number, route in enumerate(routes, 1):
        for node in route:
            if node not in tasks or tasks[node] not in left:
                raise ValueError(f"route {number}: node {node} does not exist or was visited before")
            left.remove(tasks[node])
        timed.append(_time_route(instance, number, [tasks[node] for node in route]))
    behind = sorted({task.shipment for task in left})
    return Solution(tuple(timed), tuple(Unassigned(shipment) for shipment in behind))


def _time_route(instance: Instance, number: int, tasks: Sequence[Task]) -> Route:
    halts = groupby(tasks, key=instance.problem.stop_of)
    result = time_route(instance.problem, 0, [[(stop, tuple(done)) for stop, done in halts]])
    if isinstance(result, Route):
        return result
    raise ValueError(f"route {number} breaks {result.constraint} by {result.amount}")
