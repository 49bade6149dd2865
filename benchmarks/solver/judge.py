"""
Proves and measures an answer: nothing that a peer says about itself is believed.

Routes are timed by the exact schedule, which refuses what cannot be driven; the rest is proved by the independent
checker and measured in the instance's own unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.solver.answers import Planned
from benchmarks.solver.instances import Case
from routing.checker import check
from routing.model import Problem, Task
from routing.objective import Terms, measure, weights
from routing.schedule import Conflict, time_route
from routing.solution import Route, Solution, Unassigned

Trips = list[list[tuple[int, tuple[Task, ...]]]]


@dataclass(frozen=True, slots=True)
class Judged:
    """What an answer is worth."""

    solution: Solution
    terms: Terms
    total: int
    vehicles: int
    distance: float
    cost: float
    refused: tuple[str, ...]
    """Why the exact schedule refused routes, or parts of them."""
    violations: tuple[str, ...]
    """Of what was left, by the checker; none unless the judge itself is wrong."""

    @property
    def is_feasible(self) -> bool:
        """Whether all of the answer stood, and nothing was left behind that must go."""
        return not self.refused and not self.violations and not self.terms.must_go_left


def judge(case: Case, routes: Sequence[Planned]) -> Judged:
    """
    Time, prove and measure an answer.

    A route that is refused is left out whole; in the full model only visits are, as few and as cheap ones as make the
    rest fit. What is left out counts as left behind.
    """
    refused: list[str] = []
    timed = list(_timed(case, routes, refused))
    carried = {task.shipment for route in timed for task in route.tasks}
    behind = tuple(Unassigned(s) for s in range(len(case.problem.shipments)) if s not in carried)
    solution = Solution(tuple(timed), behind)
    terms = measure(case.problem, solution)
    total = weights(case.problem, case.objective).total(terms)
    found = check(case.problem, solution, objective=case.objective, total=total)
    return Judged(
        solution=solution,
        terms=terms,
        total=total,
        vehicles=len(timed),
        distance=case.distance(solution),
        cost=case.cost(solution),
        refused=tuple(refused),
        violations=tuple(f"{v.constraint}: {v.detail}" for v in found),
    )


def _timed(case: Case, routes: Sequence[Planned], refused: list[str]) -> Iterator[Route]:
    """Routes that can be driven by the vehicles that there are, each shipment once."""
    seen: set[int] = set()
    free = [vehicle.num_available for vehicle in case.problem.vehicle_types]
    for planned in routes:
        trips = _new_trips(case.problem, planned, seen)
        if not trips:
            continue
        if not free[planned.vehicle_type]:
            refused.append("fleet")
            continue
        route = _route(case, planned.vehicle_type, trips, refused)
        if route is not None:
            free[planned.vehicle_type] -= 1
            seen |= {task.shipment for task in route.tasks}
            yield route


def _new_trips(problem: Problem, planned: Planned, seen: set[int]) -> Trips:
    """Without shipments that an earlier route has carried; consecutive visits to one stop are one."""
    trips: Trips = []
    for trip in planned.trips:
        visits: list[tuple[int, tuple[Task, ...]]] = []
        for stop, tasks in trip:
            kept = tuple(task for task in tasks if task.shipment not in seen)
            if visits and visits[-1][0] == stop and problem.stops[stop].setup_duration:
                visits[-1] = (stop, visits[-1][1] + kept)
            elif kept:
                visits.append((stop, kept))
        if visits:
            trips.append(visits)
    return trips


def _route(case: Case, vehicle_type: int, trips: Trips, refused: list[str]) -> Route | None:
    while trips:
        result = time_route(case.problem, vehicle_type, trips)
        if isinstance(result, Route):
            return result
        refused.append(f"{result.constraint} by {result.amount}")
        if not case.has_full_model:
            return None
        mended = _mended(case.problem, vehicle_type, trips)
        if mended is not None:
            return mended
        trips = _without(trips, _culprits(trips, result))
    return None


def _mended(problem: Problem, vehicle_type: int, trips: Trips) -> Route | None:
    """The route without the one visit that is cheapest to leave behind, if leaving one is enough."""
    visits = [frozenset(task.shipment for task in tasks) for trip in trips for _, tasks in trip]
    for shipments in sorted(visits, key=lambda left: sum(problem.shipments[s].penalty for s in left)):
        thinned = _without(trips, shipments)
        if thinned and isinstance(route := time_route(problem, vehicle_type, thinned), Route):
            return route
    return None


def _culprits(trips: Trips, conflict: Conflict) -> frozenset[int]:
    """Shipments of the visit that the conflict names, or of the last one."""
    visits = [tasks for trip in trips for _, tasks in trip]
    return frozenset(task.shipment for task in visits[-1 if conflict.visit is None else conflict.visit])


def _without(trips: Trips, shipments: frozenset[int]) -> Trips:
    thinned = [
        [(stop, kept) for stop, tasks in trip if (kept := tuple(t for t in tasks if t.shipment not in shipments))]
        for trip in trips
    ]
    return [trip for trip in thinned if trip]
