"""
The reference engine: OR-Tools searches, the exact schedule times, insertion repairs.

OR-Tools' model is a little wrong where it must be (see `model`). Every draft that it hands over is therefore timed
exactly; what the schedule refuses is taken out and put where it fits, and what was left behind is offered to every
route again. When something stays behind in the end, plain insertion from nothing is tried as well.
"""

from __future__ import annotations

from routing.drafts import Clock, Draft, DraftRoute, Found, OnBetter, draft_of, idle_draft, left_behind, solution_of
from routing.model import Problem
from routing.objective import Objective, Weights, measure, weights
from routing.prices import prices
from routing.reference.insertion import Inserter, lots_of
from routing.reference.local_search import LocalSearch
from routing.schedule import Conflict
from routing.solution import Route, Solution
from routing.stopping import Stopwatch

REPAIR_TRIES = 150
"""Exact schedules spent on completing one draft."""
UNBOUNDED = 10**9
MUCH_LEFT = 0.1
"""Share of the shipments: half an answer in time is worth less than a whole one a little late."""


def search(
    problem: Problem,
    objective: Objective,
    watch: Stopwatch,
    seed: int,
    on_better: OnBetter | None = None,
    start: Solution | None = None,
) -> Found:
    """Search until the watch says so, or nothing is left to change."""
    incumbent = _Incumbent(problem, objective, watch, on_better)
    begin = draft_of(problem, start) if start is not None else None
    if begin is not None:
        incumbent.offer(begin, 0)
    local_search = LocalSearch(problem, incumbent.prices, seed)
    iterations = 0
    if not local_search.is_idle:
        iterations = local_search.run(watch, incumbent.offer, begin)
    incumbent.offer_plain(iterations)
    return Found(incumbent.best, incumbent.total, iterations)


class _Incumbent:
    """The best timed solution so far."""

    def __init__(self, problem: Problem, objective: Objective, watch: Stopwatch, on_better: OnBetter | None) -> None:
        self._problem = problem
        self._weights: Weights = weights(problem, objective)
        self._watch = watch
        self._on_better = on_better
        self._clock = Clock(problem)
        self.prices = prices(problem, objective)
        self._inserter = Inserter(problem, self.prices, self._clock)
        self._frozen = {route.vehicle_type: route for route in idle_draft(problem) if route.trips}
        self.best: Solution | None = None
        self.total = 0

    def offer_plain(self, iterations: int) -> None:
        """Plain insertion from nothing, when something is left behind; even after the time is up if that helps much."""
        if self.best is None or self.best.unassigned:
            is_urgent = self._is_plain_urgent()
            if is_urgent or not self._watch.is_over(0):
                self._keep(self._completed(idle_draft(self._problem), UNBOUNDED, is_urgent=is_urgent), iterations)

    def _is_plain_urgent(self) -> bool:
        """No answer at all, or half a one that insertion soon betters (not with breaks: timing them takes long)."""
        if self.best is None:
            return True
        rests = any(vehicle.breaks for vehicle in self._problem.vehicle_types)
        return not rests and len(self.best.unassigned) > MUCH_LEFT * len(self._problem.shipments)

    def offer(self, draft: Draft, iterations: int) -> None:
        """Make a draft feasible and complete, and keep it when it is better."""
        feasible = tuple(self._thinned(route) for route in draft)
        self._keep(self._completed(feasible, REPAIR_TRIES), iterations)

    def _keep(self, draft: Draft, iterations: int) -> None:
        routes = self._routes(draft)
        if routes is None:
            return
        solution = solution_of(self._problem, routes)
        total = self._weights.total(measure(self._problem, solution))
        if self.best is None or total < self.total:
            self.best, self.total = solution, total
            if self._on_better is not None:
                self._on_better(solution, total, iterations)

    def _routes(self, draft: Draft) -> list[Route] | None:
        timed = [self._clock.timed(route) for route in draft if route.trips]
        routes = [route for route in timed if isinstance(route, Route)]
        return routes if len(routes) == len(timed) else None

    def _thinned(self, route: DraftRoute) -> DraftRoute:
        """Take out visits until the schedule accepts the rest; a frozen part stays."""
        while route.trips and isinstance(conflict := self._clock.timed(route), Conflict):
            thinner = _without(route, self._culprits(route, conflict))
            if thinner == route:
                return self._frozen.get(route.vehicle_type, DraftRoute(route.vehicle_type))
            route = thinner
        return route

    def _culprits(self, route: DraftRoute, conflict: Conflict) -> frozenset[int]:
        """The shipments of the visit that the conflict names, or of the last one; none that is frozen."""
        kept = self._frozen[route.vehicle_type].shipments if route.vehicle_type in self._frozen else frozenset()
        visits = [tasks for trip in route.trips for _, tasks in trip]
        first = len(visits) - 1 if conflict.visit is None else conflict.visit
        for tasks in (*visits[first:], *reversed(visits[:first])):
            if movable := frozenset(task.shipment for task in tasks) - kept:
                return movable
        return frozenset()

    def _completed(self, draft: Draft, tries: int, *, is_urgent: bool = False) -> Draft:
        """Offer what was left behind to every route, dearest first, while tries last, and time unless it is urgent."""
        for lot in lots_of(self._problem, left_behind(self._problem, draft)):
            if tries <= 0 or (self._watch.is_over(0) and not is_urgent):
                break
            worth = sum(self.prices.left[s] for s in lot.shipments)
            before = self._clock.num_timed
            inserted = self._inserter.insert(draft, lot, most=worth)
            tries -= self._clock.num_timed - before
            draft = inserted.draft if inserted is not None else draft
        return draft


def _without(route: DraftRoute, shipments: frozenset[int]) -> DraftRoute:
    trips = []
    for trip in route.trips:
        thinned = ((stop, tuple(t for t in tasks if t.shipment not in shipments)) for stop, tasks in trip)
        trips.append(tuple(visit for visit, (_, before) in zip(thinned, trip, strict=True) if visit[1] or not before))
    return DraftRoute(route.vehicle_type, tuple(trip for trip in trips if trip))
