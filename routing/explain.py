"""
Why a shipment stayed behind.

Every shipment that was left is tried in every vehicle at every place, nearest first, with the exact schedule; what
forbids the place that came closest is the reason. A vehicle says one reason, its best.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from routing.drafts import Clock, Draft, draft_of
from routing.insertion import Inserter, Lot, Option, Refusal
from routing.model import Problem
from routing.objective import Objective
from routing.prices import prices
from routing.solution import Constraint, Reason, Solution, Unassigned

MOST_TRIES = 200
"""Places tried for one shipment."""
MOST_TRIES_IN_ALL = 4000
"""Places tried for all shipments; each has at least `FEWEST_TRIES`."""
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
        Asked before each shipment; when it says yes, the rest get `FEWEST_TRIES` tries each.

    Returns
    -------
    The same routes; reasons ordered by how close a vehicle of that type came.
    """
    left = [unassigned.shipment for unassigned in solution.unassigned]
    if not left:
        return solution
    explainer = _Explainer(problem, solution)
    tries = max(FEWEST_TRIES, min(MOST_TRIES, MOST_TRIES_IN_ALL // len(left)))
    explained = []
    for shipment in left:
        tries = FEWEST_TRIES if hurry is not None and hurry() else tries
        explained.append(Unassigned(shipment, explainer.explain(shipment, tries)))
    return replace(solution, unassigned=tuple(explained))


class _Explainer:
    def __init__(self, problem: Problem, solution: Solution) -> None:
        self._problem = problem
        self._draft: Draft = draft_of(problem, solution)
        self._inserter = Inserter(problem, prices(problem, Objective.DAILY), Clock(problem))

    def explain(self, shipment: int, tries: int) -> tuple[Reason, ...]:
        tasks = self._problem.tasks_of(shipment)
        closest: dict[int, Refusal] = {}
        for tried in self._inserter.refusals(self._draft, Lot(tasks[:1], tasks[1:]), tries=tries):
            if isinstance(tried, Option):
                kind = self._draft[tried.vehicle].vehicle_type
                too_dear = max(0, tried.added - self._problem.shipments[shipment].penalty)
                return (Reason(Constraint.COST, kind, too_dear),)
            known = closest.get(tried.vehicle_type)
            if known is None or _distance(tried) < _distance(known):
                closest[tried.vehicle_type] = tried
        found = [
            Reason(r.conflict.constraint, r.vehicle_type, r.conflict.amount)
            for r in sorted(closest.values(), key=_distance)
        ]
        return _summed_up(found) or (Reason(Constraint.FLEET),)


def _distance(refusal: Refusal) -> tuple[bool, bool, int, int]:
    """How far a refused place is from being accepted; seconds and metres count as closer than pieces and grams."""
    constraint, amount = refusal.conflict.constraint, refusal.conflict.amount
    return constraint in _FIXED, constraint is Constraint.CAPACITY, amount, refusal.vehicle_type


def _summed_up(found: list[Reason]) -> tuple[Reason, ...]:
    """The closest reason of each constraint; it concerns all vehicles when they all say the same."""
    kept = list({reason.constraint: reason for reason in reversed(found)}.values())[::-1]
    return tuple(kept[:MOST_REASONS])
