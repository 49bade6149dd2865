"""
OR-Tools' search: a cheap first solution, then guided local search.

An iteration is one solution that the local search visits. When a long stretch of neighbours has brought no visit, there
is nothing left to change (a single stop) and guided local search would go on forever: the search ends. The stretch is
counted in neighbours, not seconds, so that a search by iterations repeats exactly.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from ortools.constraint_solver import pywrapcp, routing_enums_pb2

from routing.drafts import Draft, DraftRoute, DraftVisit, joined
from routing.model import Problem
from routing.prices import Prices
from routing.reference.bundles import bundle
from routing.reference.couriers import fleet
from routing.reference.frame import Frame
from routing.reference.model import Days, build, days
from routing.reference.warm_start import assignment
from routing.stopping import Stopwatch

PATIENCE = 30_000
"""Neighbours looked at without a visit, after which the search ends ..."""
PATIENCE_OF_PAIR = 10
"""... and this many more for each pair of nodes."""
POLL_EVERY = 64
"""Neighbours between two looks at the clock."""
SPACING = 1.3
"""A better solution is handed over when there have been this many times the iterations of the last one."""

FIRST_SECONDS, FIRST_SECONDS_WITH_BREAKS = 0.006, 0.03
"""
Time that the first solution may take for each node even when the whole search has less. After it comes plain insertion,
which is quick on its own, and slow where exact timing must place breaks.
"""
A_YEAR = 365 * 86_400

OnDraft = Callable[[Draft, int], None]
"""Called with a better draft and the iterations so far."""


class LocalSearch:
    """One run of OR-Tools over one problem; a seed chooses the way it takes."""

    def __init__(self, problem: Problem, prices: Prices, seed: int) -> None:
        self._problem = problem
        self._bundling = bundle(problem)
        self._fleet = fleet(problem, self._bundling)
        self._prices = prices
        self._has_pairs = any(bundle.pickup is not None for bundle in self._bundling.bundles)
        self._order = list(range(len(self._bundling.bundles)))
        self._seed = seed
        Random(seed).shuffle(self._order)

    @property
    def is_idle(self) -> bool:
        """Whether nothing can be driven."""
        return not self._order or not self._fleet.couriers

    def run(self, watch: Stopwatch, on_draft: OnDraft, start: Draft | None = None) -> int:
        """
        Search until the watch says so.

        Parameters
        ----------
        on_draft
            Gets better drafts now and then, and the best one at the end.
        start
            Where to begin; left aside when OR-Tools' model refuses it.

        Returns
        -------
        The number of iterations.
        """
        frame = self._frame(self._prices)
        listener = _Listener(frame, watch, lambda found, number: on_draft(self._draft(found), number))
        parameters = _parameters(self._seed, has_pairs=self._has_pairs)
        _close(frame, listener, parameters)
        first = (assignment(frame, start) if start else None) or _first(frame, parameters, watch)
        listener.is_begun = True
        if first is not None and not listener.is_over():
            if watch.remaining is not None:
                _limit(parameters, watch.remaining)
            frame.routing.SolveFromAssignmentWithParameters(first, parameters)
        listener.hand_over()
        return listener.iterations

    def _frame(self, some_prices: Prices) -> Frame:
        return build(self._problem, self._bundling, self._fleet, some_prices, self._order)

    def _draft(self, found: Days) -> Draft:
        """Turn bundles into visits, and add the vehicles that the model left out."""
        driven: dict[int, list[DraftRoute]] = {}
        for courier, trips in zip(self._fleet.couriers, found, strict=True):
            visits = tuple(self._visits(trip) for trip in trips)
            driven.setdefault(courier.vehicle_type, []).append(DraftRoute(courier.vehicle_type, visits))
        draft: list[DraftRoute] = []
        for number, vehicle in enumerate(self._problem.vehicle_types):
            routes = driven.get(number, [])
            draft += routes + [DraftRoute(number)] * (vehicle.num_available - len(routes))
        return tuple(draft)

    def _visits(self, trip: list[int]) -> tuple[DraftVisit, ...]:
        """One visit for consecutive bundles of a stop, unless it is frozen."""
        visits: list[DraftVisit] = []
        is_open = False
        for here in (self._bundling.bundles[number] for number in trip):
            if is_open and not here.frozen and visits[-1][0] == here.stop:
                visits[-1] = here.stop, joined(self._problem, visits[-1][1], here.tasks)
            else:
                visits.append((here.stop, here.tasks))
            is_open = not here.frozen
        return tuple(visits)


class _Listener:
    """Counts what the search visits, remembers the best, and tells the search when to end."""

    def __init__(self, frame: Frame, watch: Stopwatch, on_days: Callable[[Days, int], None]) -> None:
        self._frame = frame
        self._watch = watch
        self._on_days = on_days
        self._best: int | None = None
        self._waiting: Days | None = None
        self._next = 1.0
        self._polls = 0
        self._last_visit = 0
        self._ended = False
        self._patience = PATIENCE + PATIENCE_OF_PAIR * len(frame.nodes) ** 2
        self.iterations = 0
        self.is_begun = False
        """Until there is a first solution, only OR-Tools' own limit ends the search."""

    def visit(self) -> None:
        """The search has reached a solution."""
        self.iterations += 1
        self._last_visit = self._polls
        cost = int(self._frame.routing.CostVar().Value())
        if self._best is None or cost < self._best:
            self._best = cost
            self._waiting = days(self._frame, lambda index: int(self._frame.routing.NextVar(index).Value()))
            self._watch.improved()
        if self.iterations >= self._next:
            self.hand_over()

    def hand_over(self) -> None:
        """Pass on the best solution that has not been passed on yet."""
        if self._waiting is not None:
            found, self._waiting = self._waiting, None
            self._next = self.iterations * SPACING
            self._on_days(found, self.iterations)

    def is_over(self) -> bool:
        """Asked by OR-Tools before every step."""
        self._polls += 1
        if self.is_begun and not self._ended and (self._polls % POLL_EVERY == 0 or self._last_visit == self._polls - 1):
            stuck = self._polls - self._last_visit > self._patience
            self._ended = stuck or self._watch.is_over(self.iterations)
        return self._ended


def _close(frame: Frame, listener: _Listener, parameters: Any) -> None:
    """Nothing is added to a model after this."""
    frame.routing.AddAtSolutionCallback(listener.visit)
    frame.routing.AddSearchMonitor(frame.solver.CustomLimit(listener.is_over))
    frame.routing.CloseModelWithParameters(parameters)


def _first(frame: Frame, parameters: Any, watch: Stopwatch) -> Any:
    """A first solution, or None when it takes too long: cheap insertion is faster on some large problems."""
    if watch.remaining is not None:
        of_node = FIRST_SECONDS_WITH_BREAKS if _rests(frame) else FIRST_SECONDS
        _limit(parameters, max(watch.remaining / 2, of_node * len(frame.nodes)))
    unlimited = parameters.solution_limit
    parameters.solution_limit = 1
    found = frame.routing.SolveWithParameters(parameters)
    parameters.solution_limit = unlimited
    return found


def _rests(frame: Frame) -> bool:
    return any(frame.vehicle(courier).breaks for courier in frame.couriers)


def _limit(parameters: Any, seconds: float) -> None:
    """OR-Tools asks the listener between neighbours only; some of its operators take long over one."""
    parameters.time_limit.FromMilliseconds(max(1, round(1000 * seconds)))


def _parameters(seed: int, *, has_pairs: bool) -> Any:
    """OR-Tools' search has no dice: the seed moves what it begins with and how hard it pushes out of an optimum."""
    rng = Random(seed)
    parameters = pywrapcp.DefaultRoutingSearchParameters()
    strategy = routing_enums_pb2.FirstSolutionStrategy
    parameters.first_solution_strategy = strategy.PARALLEL_CHEAPEST_INSERTION if has_pairs else strategy.SAVINGS
    # Without any limit OR-Tools warns.
    parameters.time_limit.FromSeconds(A_YEAR)
    parameters.local_search_metaheuristic = routing_enums_pb2.LocalSearchMetaheuristic.GUIDED_LOCAL_SEARCH
    parameters.guided_local_search_lambda_coefficient = 0.1 * 2 ** rng.uniform(-1, 1)
    insertion = parameters.global_cheapest_insertion_first_solution_parameters
    insertion.farthest_seeds_ratio = rng.choice((0.0, 0.1, 0.2, 0.5))
    return parameters
