"""
Why a shipment stayed behind, and the least that would have to change for it to be carried.

Every shipment that was left is tried alone in a vehicle of each type, and at the most promising places of the routes
that are driven. What forbids the place that came closest is a reason; one a constraint is told. Then one rule gives way
at a time: the opening of a door, the shift, the cut-off of a line, room, a permission, one more vehicle. The least of
each change is found by trying, and the one that asks the least of people is told with the reason (the order stands in
`explaining/effort.py`). The routes, the fleet and all other rules stay as they are, so a told change is enough, but the
search might get by with less if it started anew.

`Constraint.FLEET` says that every vehicle which could carry it alone is in use, `Constraint.COST` that nothing forbids
it: it would cost `amount` more than its penalty, or, with amount 0, the search had no time to place it.

Tries are limited (see the constants), so on a large day the answer is that of the most promising places.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from routing.explaining.attempts import Attempt, Attempts, added_cost
from routing.explaining.bounds import Bounds
from routing.explaining.fleet import Alone, Fleet
from routing.model import Problem
from routing.solution import Change, Constraint, Reason, Relaxation, Solution, Unassigned

MOST_TRIES = 200
"""Places tried for one shipment, and changes tried for it."""
MOST_TRIES_IN_ALL = 1600
"""For all shipments together, though at least `FEWEST_TRIES` for each."""
FEWEST_TRIES = 4
MOST_AT_HOME = 3
"""Kinds of vehicle at home whose price is asked."""
MOST_IN_A_HURRY = 8
"""Kinds of vehicle that are asked in a hurry."""
MOST_REASONS = 3
"""Reasons given for one shipment."""


def reasons(problem: Problem, solution: Solution, *, hurry: Callable[[], bool] | None = None) -> Solution:
    """
    Give every shipment left behind at least one reason.

    Parameters
    ----------
    hurry
        Asked before each try; once it says yes, the rest are only tried alone. Must-go shipments come first.

    Returns
    -------
    The same routes; reasons whose relaxation asks least come first, then those that came closest.
    """
    left = [unassigned.shipment for unassigned in solution.unassigned]
    if not left:
        return solution
    explainer = _Explainer(problem, solution, hurry)
    turns = sorted(left, key=lambda shipment: not problem.shipments[shipment].must_go)
    told = {shipment: explainer.explain(shipment) for shipment in turns}
    return replace(solution, unassigned=tuple(Unassigned(shipment, told[shipment]) for shipment in left))


class _Explainer:
    def __init__(self, problem: Problem, solution: Solution, hurry: Callable[[], bool] | None) -> None:
        self._problem = problem
        self._solution = solution
        self._hurry = hurry
        self._fleet = Fleet(problem, solution)
        self._attempts: Attempts | None = None
        fair_share = MOST_TRIES_IN_ALL // len(solution.unassigned)
        self._tries = max(FEWEST_TRIES, min(MOST_TRIES, fair_share))

    def explain(self, shipment: int) -> tuple[Reason, ...]:
        alone, may_try = self._alone(shipment), self._patience()
        at_home = [Attempt(a.vehicle_type, None, a.trial, a.refusal) for a in alone if a.is_idle and a.trial]
        driven = self._tried(shipment, may_try)
        fitting = [attempt for attempt in (*at_home, *driven) if attempt.refusal is None]
        if fitting:
            return (self._too_dear(shipment, fitting),)
        bounds = Bounds(self._problem)
        for one in alone:
            if one.refusal is not None:
                bounds.add_alone(one.vehicle_type, one.trial if one.is_idle else None, one.refusal)
        for attempt in driven:
            if attempt.refusal is not None:
                bounds.add(attempt.vehicle_type, attempt.trial, attempt.refusal)
        further = [one.vehicle_type for one in alone if one.refusal is None]
        if further:
            bounds.add_reason(_one_more(further[0]))
        bounds.relax(self._patience())
        bounds.tighten(self._patience())
        return bounds.reasons()[:MOST_REASONS] or (Reason(Constraint.FLEET),)

    def _alone(self, shipment: int) -> list[Alone]:
        """Vehicles of its own, until it is clear that one could carry it."""
        alone: list[Alone] = []
        able = 0
        for one in self._fleet.alone(shipment):
            alone.append(one)
            able += one.refusal is None
            is_clear = able and (not one.is_idle or able == MOST_AT_HOME)
            if is_clear or (self._is_late() and (able or len(alone) == MOST_IN_A_HURRY)):
                break
        return alone

    def _tried(self, shipment: int, may_try: Callable[[], bool]) -> list[Attempt]:
        if not may_try():
            return []
        if self._attempts is None:
            self._attempts = Attempts(self._problem, self._solution)
        return self._attempts.at_best_places(shipment, self._tries, max(1, self._tries // 4), may_try)

    def _too_dear(self, shipment: int, fitting: Sequence[Attempt]) -> Reason:
        """The place that costs least; a must-go shipment is worth any cost, so it was only not found."""
        facts = self._problem.shipments[shipment]
        if facts.must_go:
            return Reason(Constraint.COST, fitting[0].vehicle_type)
        cost, kind = min((added_cost(self._problem, self._solution, a), a.vehicle_type) for a in fitting)
        amount = max(0, cost - facts.penalty)
        dearer = Relaxation(Change.PENALTY_HIGHER, amount, kind, shipment=shipment) if amount else None
        return Reason(Constraint.COST, kind, amount, dearer)

    def _patience(self) -> Callable[[], bool]:
        """Whether there is time and a try left, of those that a shipment is granted."""
        left = self._tries

        def may_try() -> bool:
            nonlocal left
            left -= 1
            return left >= 0 and not self._is_late()

        return may_try

    def _is_late(self) -> bool:
        return self._hurry is not None and self._hurry()


def _one_more(vehicle_type: int) -> Reason:
    return Reason(Constraint.FLEET, vehicle_type, 1, Relaxation(Change.VEHICLE_MORE, 1, vehicle_type))
