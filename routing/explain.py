"""
Why a shipment stayed behind.

Every shipment that was left is tried alone in a vehicle of each type; what forbids even that is the type's reason. In
the vehicles of the other types it is tried at every place, least detour first, with the exact schedule: what forbids
the place that came closest is the type's reason. Tries are limited (see the constants), so on a large day the reason is
that of the cheapest places. `Constraint.COST` says that nothing forbids it: it would cost `amount` more than its
penalty, or, with amount 0, the search had no time to place it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from routing.drafts import Clock, Draft, DraftRoute, DraftVisit, draft_of
from routing.insertion import Inserter, Lot, Option, Refusal
from routing.model import Problem
from routing.objective import Objective
from routing.prices import prices
from routing.schedule import Conflict
from routing.solution import Constraint, Reason, Route, Solution, Unassigned

MOST_TRIES = 200
"""Places tried for one shipment."""
MOST_TRIES_IN_ALL = 4000
"""Places tried for all shipments together, though at least `FEWEST_TRIES` for each."""
FEWEST_TRIES = 12
MOST_REASONS = 3
"""Reasons given for one shipment, closest first."""

_FIXED = (Constraint.SKILLS, Constraint.LOCKS, Constraint.DEPOT, Constraint.REACHABILITY)
"""Nothing done on the day could change these: they are further away than any lack of time or room."""


def reasons(problem: Problem, solution: Solution, *, hurry: Callable[[], bool] | None = None) -> Solution:
    """
    Give every shipment left behind at least one reason.

    Parameters
    ----------
    hurry
        Asked before each shipment; once it says yes, the rest are tried at one place only: the end of the shortest
        route.

    Returns
    -------
    The same routes; reasons ordered by how close a vehicle of that type came.
    """
    left = [unassigned.shipment for unassigned in solution.unassigned]
    if not left:
        return solution
    explainer = _Explainer(problem, solution)
    tries = max(FEWEST_TRIES, min(MOST_TRIES, MOST_TRIES_IN_ALL // len(left)))
    explained, is_late = [], False
    for shipment in left:
        is_late = is_late or (hurry is not None and hurry())
        told = explainer.explain_in_a_hurry(shipment) if is_late else explainer.explain(shipment, tries)
        explained.append(Unassigned(shipment, told))
    return replace(solution, unassigned=tuple(explained))


class _Explainer:
    def __init__(self, problem: Problem, solution: Solution) -> None:
        self._problem = problem
        self._draft: Draft = draft_of(problem, solution)
        self._clock = Clock(problem)
        self._inserter = Inserter(problem, prices(problem, Objective.DAILY), self._clock)
        self._begun = frozenset(frozen.vehicle_type for frozen in problem.frozen)
        self._alike = _first_alike(problem)

    def explain(self, shipment: int, tries: int) -> tuple[Reason, ...]:
        """Try every place, cheapest first."""
        closest = self._refused_alone(shipment)
        able = tuple(route for route in self._draft if route.vehicle_type not in closest)
        tasks = self._problem.tasks_of(shipment)
        for tried in self._inserter.refusals(able, Lot(tasks[:1], tasks[1:]), tries=tries):
            if isinstance(tried, Option):
                too_dear = max(0, tried.added - self._problem.shipments[shipment].penalty)
                return (Reason(Constraint.COST, able[tried.vehicle].vehicle_type, too_dear),)
            known = closest.setdefault(tried.vehicle_type, tried)
            closest[tried.vehicle_type] = min(known, tried, key=_distance)
        return _summed_up(closest.values())

    def explain_in_a_hurry(self, shipment: int) -> tuple[Reason, ...]:
        """Try one place."""
        closest = self._refused_alone(shipment)
        able = (r for r in self._draft if r.vehicle_type not in closest and r.vehicle_type not in self._begun)
        shortest = min(able, key=lambda route: sum(map(len, route.trips)), default=None)
        if shortest is None:
            return _summed_up(closest.values())
        last = shortest.trips[-1] if shortest.trips else ()
        longer = DraftRoute(shortest.vehicle_type, (*shortest.trips[:-1], last + self._visits(shipment)))
        timed = self._clock.timed(longer)
        if isinstance(timed, Conflict):
            return _summed_up([*closest.values(), Refusal(shortest.vehicle_type, timed)])
        return (Reason(Constraint.COST, shortest.vehicle_type),)

    def _refused_alone(self, shipment: int) -> dict[int, Refusal]:
        """Vehicle types that could not carry it even if they carried nothing else, and why."""
        locks, visits = self._problem.shipments[shipment].vehicle_types, self._visits(shipment)
        refused: dict[int, Refusal] = {}
        known: dict[tuple[int, bool], Route | Conflict] = {}
        for kind in (k for k in range(len(self._problem.vehicle_types)) if k not in self._begun):
            likeness = self._alike[kind], locks is None or kind in locks
            if likeness not in known:
                known[likeness] = self._clock.timed(DraftRoute(kind, (visits,)))
            timed = known[likeness]
            if isinstance(timed, Conflict):
                refused[kind] = Refusal(kind, timed)
        return refused

    def _visits(self, shipment: int) -> tuple[DraftVisit, ...]:
        return tuple((self._problem.stop_of(task), (task,)) for task in self._problem.tasks_of(shipment))


def _first_alike(problem: Problem) -> list[int]:
    """For each vehicle type the first one that is the same in every way: couriers often are."""
    types = problem.vehicle_types
    first = {vehicle: number for number, vehicle in reversed(list(enumerate(types)))}
    return [first[vehicle] for vehicle in types]


def _distance(refusal: Refusal) -> tuple[bool, bool, int, int]:
    """How far a refused place is from being accepted; seconds and metres count as closer than pieces and grams."""
    constraint, amount = refusal.conflict.constraint, refusal.conflict.amount
    return constraint in _FIXED, constraint is Constraint.CAPACITY, amount, refusal.vehicle_type


def _summed_up(refusals: Iterable[Refusal]) -> tuple[Reason, ...]:
    """The closest refusal of each constraint; none at all means that there is no vehicle that could be tried."""
    closest: dict[Constraint, Reason] = {}
    for refusal in sorted(refusals, key=_distance):
        constraint, amount = refusal.conflict.constraint, refusal.conflict.amount
        closest.setdefault(constraint, Reason(constraint, refusal.vehicle_type, amount))
    return tuple(closest.values())[:MOST_REASONS] or (Reason(Constraint.FLEET),)
