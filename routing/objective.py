"""
What a plan is judged by. Change the objective here, and nowhere else.

Every objective is one weighted sum of the same terms, as int64. `weights` chooses the weights so that a more
important term outweighs every possible sum of the less important ones and the whole cannot overflow. Kernel,
reference engine and checker all use these weights.

| name       | in words                                                                                     |
|------------|----------------------------------------------------------------------------------------------|
| `daily`    | must-go shipments left behind; then cost: fixed, distance, duration, overtime, penalties, preferences |
| `hier`     | shipments left behind; then vehicles; then metres                                            |
| `distance` | shipments left behind; then metres                                                           |
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from routing.errors import InvalidProblemError
from routing.model import FOREVER, UNREACHABLE, Problem
from routing.solution import Route, Solution

INT64_MAX = 2**63 - 1


class Objective(StrEnum):
    DAILY = "daily"
    HIER = "hier"
    DISTANCE = "distance"


@dataclass(frozen=True, slots=True)
class Terms:
    """What is counted in a solution; costs are in the problem's own cost unit."""

    must_go_left: int = 0
    """Must-go shipments left behind."""
    left: int = 0
    """Shipments left behind, must-go ones included."""
    vehicles: int = 0
    distance: int = 0
    """Metres."""
    penalties: int = 0
    """Of the may-go shipments left behind."""
    fixed_cost: int = 0
    distance_cost: int = 0
    duration_cost: int = 0
    overtime_cost: int = 0
    balance_cost: int = 0
    unfamiliar_cost: int = 0
    change_cost: int = 0

    @property
    def cost(self) -> int:
        """Everything that is paid, in the problem's cost unit."""
        driving = self.fixed_cost + self.distance_cost + self.duration_cost + self.overtime_cost
        return driving + self.penalties + self.balance_cost + self.unfamiliar_cost + self.change_cost


@dataclass(frozen=True, slots=True)
class Weights:
    """Price of one unit of each term."""

    must_go_left: int = 0
    left: int = 0
    vehicles: int = 0
    distance: int = 0
    cost: int = 0

    def total(self, terms: Terms) -> int:
        """The number that an engine makes small."""
        return (
            self.must_go_left * terms.must_go_left
            + self.left * terms.left
            + self.vehicles * terms.vehicles
            + self.distance * terms.distance
            + self.cost * terms.cost
        )


def weights(problem: Problem, objective: Objective) -> Weights:
    """
    Choose weights that keep the order of the terms for every solution of a problem.

    Raises
    ------
    InvalidProblemError
        When the numbers of the problem are so large that a total might not fit in 63 bits.
    """
    most_distance = _most_distance(problem)
    count = len(problem.shipments)
    if objective is Objective.DAILY:
        top = _most_cost(problem, most_distance) + 1
        chosen, highest = Weights(must_go_left=top, cost=1), top * (count + 1)
    elif objective is Objective.HIER:
        vehicle = most_distance + 1
        top = vehicle * (problem.num_vehicles + 1)
        chosen, highest = Weights(left=top, vehicles=vehicle, distance=1), top * (count + 1)
    else:
        top = most_distance + 1
        chosen, highest = Weights(left=top, distance=1), top * (count + 1)
    if highest > INT64_MAX:
        raise InvalidProblemError(f"costs are too large: a total may reach {highest:.3g}, past 63 bits")
    return chosen


def measure(problem: Problem, solution: Solution) -> Terms:
    """Count every term of a timed solution."""
    left = [u.shipment for u in solution.unassigned]
    routes = solution.routes
    wishes = problem.preferences
    return Terms(
        must_go_left=sum(problem.shipments[s].must_go for s in left),
        left=len(left),
        vehicles=len(routes),
        distance=solution.distance,
        penalties=sum(problem.shipments[s].penalty for s in left if not problem.shipments[s].must_go),
        fixed_cost=sum(problem.vehicle_types[r.vehicle_type].fixed_cost for r in routes),
        distance_cost=sum(problem.vehicle_types[r.vehicle_type].unit_distance_cost * r.distance for r in routes),
        duration_cost=sum(problem.vehicle_types[r.vehicle_type].unit_duration_cost * r.working_time for r in routes),
        overtime_cost=sum(
            problem.vehicle_types[r.vehicle_type].unit_overtime_cost * overtime(problem, r) for r in routes
        ),
        balance_cost=wishes.unit_balance_cost * max((r.working_time for r in routes), default=0),
        unfamiliar_cost=wishes.unfamiliar_cost * sum(_unfamiliar_visits(problem, r) for r in routes),
        change_cost=wishes.change_cost * sum(_changed_shipments(problem, r) for r in routes),
    )


def overtime(problem: Problem, route: Route) -> int:
    """Seconds that a route returns after its shift."""
    return max(0, route.trips[-1].returns - problem.vehicle_types[route.vehicle_type].tw_late)


def _unfamiliar_visits(problem: Problem, route: Route) -> int:
    known = problem.vehicle_types[route.vehicle_type].zones
    zones = (problem.stops[visit.stop].zone for visit in route.visits)
    return sum(zone is not None and zone not in known for zone in zones) if known else 0


def _changed_shipments(problem: Problem, route: Route) -> int:
    published = {task.shipment: problem.shipments[task.shipment].published for task in route.tasks}
    return sum(vehicle is not None and vehicle != route.vehicle_type for vehicle in published.values())


def _most_distance(problem: Problem) -> int:
    """No solution drives further: every stop's visits and every trip's return each take the longest arc."""
    longest = 0
    for matrix in problem.distances:
        reachable = matrix[matrix < UNREACHABLE]
        longest = max(longest, int(reachable.max()) if reachable.size else 0)
    tasks = sum(1 for _ in problem.tasks())
    trips = min(tasks, sum(v.num_available * v.max_trips for v in problem.vehicle_types))
    return longest * (tasks + trips)


def _most_cost(problem: Problem, most_distance: int) -> int:
    """No solution costs more, must-go shipments aside."""
    fixed = sum(v.fixed_cost * v.num_available for v in problem.vehicle_types)
    by_metre = max((v.unit_distance_cost for v in problem.vehicle_types), default=0)
    seconds = [min(v.tw_late, FOREVER - v.max_overtime) + v.max_overtime - v.tw_early for v in problem.vehicle_types]
    timed = sum(
        v.num_available * s * (v.unit_duration_cost + v.unit_overtime_cost + problem.preferences.unit_balance_cost)
        for v, s in zip(problem.vehicle_types, seconds, strict=True)
    )
    tasks = sum(1 for _ in problem.tasks())
    wishes = (problem.preferences.unfamiliar_cost + problem.preferences.change_cost) * tasks
    penalties = sum(s.penalty for s in problem.shipments)
    return fixed + by_metre * most_distance + timed + wishes + penalties
