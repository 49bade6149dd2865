"""The terms of the objective, counted again from the matrices and the stated times."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from routing.checking.facts import RouteFacts, Violation
from routing.model import Problem
from routing.objective import Objective, Terms, weights
from routing.solution import Constraint, Solution


def stated_total(problem: Problem, solution: Solution, objective: Objective, total: int) -> Iterator[Violation]:
    """The total that a solution is said to have is the one that it has."""
    found = weights(problem, objective).total(recounted_terms(problem, solution))
    if found != total:
        yield Violation(Constraint.STRUCTURE, f"the objective is {found}, not {total}", amount=abs(found - total))


def recounted_terms(problem: Problem, solution: Solution) -> Terms:
    """Count every term without believing any figure that the solution states but its times."""
    routes = [RouteFacts(problem, number, route) for number, route in enumerate(solution.routes)]
    carried = {task.shipment for route in solution.routes for task in route.tasks}
    left = [shipment for number, shipment in enumerate(problem.shipments) if number not in carried]
    metres = [sum(leg.distance for leg in facts.legs) for facts in routes]
    working = [_working_time(facts) for facts in routes]
    wishes = problem.preferences
    return Terms(
        must_go_left=sum(1 for shipment in left if shipment.must_go),
        left=len(left),
        vehicles=len(routes),
        distance=sum(metres),
        penalties=sum(shipment.penalty for shipment in left if not shipment.must_go),
        fixed_cost=sum(facts.vehicle.fixed_cost for facts in routes),
        distance_cost=_priced([facts.vehicle.unit_distance_cost for facts in routes], metres),
        duration_cost=_priced([facts.vehicle.unit_duration_cost for facts in routes], working),
        overtime_cost=sum(_overtime_cost(facts) for facts in routes),
        balance_cost=max(working, default=0) * wishes.unit_balance_cost,
        unfamiliar_cost=sum(_unfamiliar(facts) for facts in routes) * wishes.unfamiliar_cost,
        change_cost=sum(_changed(facts) for facts in routes) * wishes.change_cost,
    )


def _priced(prices: Sequence[int], amounts: Sequence[int]) -> int:
    return sum(price * amount for price, amount in zip(prices, amounts, strict=True))


def _working_time(facts: RouteFacts) -> int:
    trips = facts.route.trips
    rest = sum(taken.ends - taken.starts for trip in trips for taken in trip.breaks)
    return trips[-1].returns - trips[0].departs - rest


def _overtime_cost(facts: RouteFacts) -> int:
    seconds = facts.route.trips[-1].returns - facts.vehicle.tw_late
    return facts.vehicle.unit_overtime_cost * seconds if seconds > 0 else 0


def _unfamiliar(facts: RouteFacts) -> int:
    """Visits to zones that a courier with known zones does not know."""
    known = facts.vehicle.zones
    zones = [facts.problem.stops[visit.stop].zone for _, _, visit in facts.visits]
    return sum(1 for zone in zones if known and zone is not None and zone not in known)


def _changed(facts: RouteFacts) -> int:
    """Shipments that the published plan gives to another vehicle type."""
    published = {h.shipment: h.facts.published for h in facts.handlings}
    return sum(1 for there in published.values() if there is not None and there != facts.route.vehicle_type)
