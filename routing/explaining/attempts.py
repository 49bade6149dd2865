"""A shipment tried in the routes that are driven, and what it costs where it fits."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from routing.drafts import DraftRoute, DraftTrips
from routing.explaining.excerpt import Excerpt, route_excerpt, with_shipments
from routing.explaining.gaps import Tour
from routing.explaining.places import Places, put_in
from routing.explaining.trial import Refusal, Trial
from routing.model import Problem
from routing.objective import Objective, measure
from routing.prices import prices
from routing.solution import Route, Solution


class Attempt(NamedTuple):
    """A shipment at one place."""

    vehicle_type: int
    before: Route | None
    """The route without it; None = the vehicle was at home."""
    trial: Trial
    refusal: Refusal | None
    """None = it fits."""


class Attempts:
    """Everything that is driven in a solution."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self._problem = problem
        self._solution = solution
        self._tours = _tours(problem, solution)
        self._places = Places(problem, self._tours, prices(problem, Objective.DAILY))
        self._known: dict[int, tuple[Excerpt, DraftTrips]] = {}

    def at_best_places(self, shipment: int, most: int, most_fitting: int, may_try: Callable[[], bool]) -> list[Attempt]:
        """Try the most promising places; enough is known once it fits at some of them."""
        excerpts: dict[int, Excerpt] = {}
        attempts: list[Attempt] = []
        for place in self._places.ranked(shipment, most):
            if not may_try() or most_fitting == 0:
                break
            if place.tour not in excerpts:
                excerpts[place.tour] = with_shipments(self._problem, self._excerpt(place.tour)[0], (shipment,))
            excerpt, trips = excerpts[place.tour], self._excerpt(place.tour)[1]
            trial = Trial(excerpt, put_in(excerpt.problem, trips, place, len(excerpt.shipments) - 1))
            tour, refusal = self._tours[place.tour], trial.refusal()
            most_fitting -= refusal is None
            attempts.append(Attempt(tour.route.vehicle_type, tour.timed, trial, refusal))
        return attempts

    def _excerpt(self, tour: int) -> tuple[Excerpt, DraftTrips]:
        """A route as a problem of its own, with its visits in that problem's numbers."""
        if tour not in self._known:
            route = self._tours[tour].route
            excerpt = route_excerpt(self._problem, route.vehicle_type, sorted(route.shipments))
            self._known[tour] = excerpt, excerpt.trips(route.trips)
        return self._known[tour]


def added_cost(problem: Problem, solution: Solution, attempt: Attempt) -> int:
    """What carrying the shipment there adds to the cost of a solution, exactly; its own penalty left out."""
    route, shipment = attempt.trial.route(), attempt.trial.excerpt.shipments[-1]
    after = measure(attempt.trial.excerpt.problem, Solution((route,))).cost
    others = [other.working_time for other in solution.routes if other is not attempt.before]
    before, longest = 0, max(others, default=0)
    if attempt.before is not None:
        terms = measure(problem, Solution((attempt.before,)))
        before = terms.cost - terms.balance_cost - terms.change_cost
        longest = max(longest, attempt.before.working_time)
    longer = max(route.working_time, *others, 0) - longest
    is_changed = problem.shipments[shipment].published not in (None, attempt.vehicle_type)
    wishes = problem.preferences
    return after - before + wishes.unit_balance_cost * longer + wishes.change_cost * is_changed


def _tours(problem: Problem, solution: Solution) -> list[Tour]:
    """The routes, and the begun vehicles that have no visit yet."""
    tours = [Tour(_draft(route), route) for route in solution.routes]
    driven = {route.vehicle_type for route in solution.routes}
    waiting = (f.vehicle_type for f in problem.frozen if f.vehicle_type not in driven and not any(f.trips))
    return tours + [Tour(DraftRoute(kind), None) for kind in waiting]


def _draft(route: Route) -> DraftRoute:
    trips = tuple(tuple((visit.stop, visit.tasks) for visit in trip.visits) for trip in route.trips)
    return DraftRoute(route.vehicle_type, trips)
