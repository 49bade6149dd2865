"""What binds at the places where a shipment was tried, and the relaxation of each constraint that asks least."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from routing.explaining.causes import Cause, causes
from routing.explaining.effort import effort
from routing.explaining.least import least
from routing.explaining.trial import Refusal, Trial
from routing.model import Problem
from routing.solution import Change, Constraint, Reason, Relaxation

_FIXED = (Constraint.SKILLS, Constraint.LOCKS, Constraint.DEPOT, Constraint.REACHABILITY)
"""Nothing done on the day could change these: they are further away than any lack of time or room."""

OF_THE_VEHICLE = frozenset(
    {
        Change.SHIFT_EARLIER,
        Change.OVERTIME,
        Change.BREAK_LATER,
        Change.DISTANCE_LONGER,
        Change.DURATION_LONGER,
        Change.TRIP_MORE,
        Change.CAPACITY_LARGER,
    }
)
"""Changes of one vehicle's rules: they help nobody else."""


class _Hope(NamedTuple):
    """A change that may help at a place, not tried yet."""

    effort: int
    """With the amount that it looks like."""
    number: int
    """In the order in which they were found."""
    reason: Reason
    trial: Trial
    cause: Cause


class Bounds:
    """Gathers the refusals of one shipment."""

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._closest: dict[Constraint, Reason] = {}
        self._helping: dict[Constraint, Relaxation] = {}
        self._refused_alone: set[int] = set()
        self._hopes: list[_Hope] = []

    def add_alone(self, vehicle_type: int, trial: Trial | None, refusal: Refusal) -> None:
        """The shipment was refused by a vehicle that carries nothing else; a change helps if there is one at home."""
        self._refused_alone.add(vehicle_type)
        reason = Reason(refusal.constraint, vehicle_type, refusal.amount)
        self.add_reason(reason)
        if trial is not None:
            self._hope(reason, trial, refusal)

    def add(self, vehicle_type: int, trial: Trial, refusal: Refusal) -> None:
        """The shipment was refused at a place of a route."""
        reason = Reason(refusal.constraint, vehicle_type, refusal.amount)
        if vehicle_type not in self._refused_alone:
            self.add_reason(reason)
        self._hope(reason, trial, refusal)

    def add_reason(self, reason: Reason) -> None:
        """Keep a reason if none of its constraint is closer."""
        known = self._closest.setdefault(reason.constraint, reason)
        self._closest[reason.constraint] = min(known, reason, key=_distance)
        if reason.relaxation is not None:
            self._helping.setdefault(reason.constraint, reason.relaxation)

    def relax(self, may_try: Callable[[], bool]) -> None:
        """Try what could help, what asks least first, until each constraint is lifted by the least there is."""
        for hope in sorted(self._hopes):
            constraint = hope.reason.constraint
            if hope.effort < self._effort(self._helping.get(constraint)):
                found = least(hope.trial, hope.cause, may_try)
                if found is not None:
                    self._keep(hope.reason, hope.trial.excerpt.of_the_whole(found))

    def tighten(self, may_try: Callable[[], bool]) -> None:
        """Another place may do with less of the same change, though it did not look like it."""
        for constraint in self._helping:
            for trial in dict.fromkeys(hope.trial for hope in sorted(self._hopes)):
                less = _one_less(self._helping[constraint], trial)
                found = None if less is None else least(trial, less, may_try)
                if found is not None:
                    self._helping[constraint] = trial.excerpt.of_the_whole(found)

    def reasons(self) -> tuple[Reason, ...]:
        """One a constraint: what asks least first, then what came closest."""
        told = [replace(reason, relaxation=self._helping.get(c)) for c, reason in self._closest.items()]
        return tuple(sorted(told, key=lambda reason: (self._effort(reason.relaxation), _distance(reason))))

    def _hope(self, reason: Reason, trial: Trial, refusal: Refusal) -> None:
        for cause in causes(trial, refusal):
            looks_like = effort(self._problem, trial.excerpt.of_the_whole(cause.relaxation))
            self._hopes.append(_Hope(looks_like, len(self._hopes), reason, trial, cause))

    def _keep(self, reason: Reason, relaxation: Relaxation) -> None:
        if self._effort(relaxation) < self._effort(self._helping.get(reason.constraint)):
            self._helping[reason.constraint] = relaxation
            self.add_reason(reason)

    def _effort(self, relaxation: Relaxation | None) -> float:
        return float("inf") if relaxation is None else effort(self._problem, relaxation)


def _one_less(known: Relaxation, trial: Trial) -> Cause | None:
    """Less of a known change at another place; None = it is no matter of more or less there."""
    here = trial.excerpt.of_the_part(known)
    is_another_s = known.change in OF_THE_VEHICLE and trial.excerpt.vehicle_type != known.vehicle_type
    if here is None or is_another_s or known.amount == 1:
        return None
    return Cause(replace(here, amount=known.amount - 1), known.amount - 1)


def _distance(reason: Reason) -> tuple[bool, bool, int, int]:
    """How far from being accepted it was; seconds and metres count as closer than pieces and grams."""
    constraint = reason.constraint
    vehicle = -1 if reason.vehicle_type is None else reason.vehicle_type
    return constraint in _FIXED, constraint is Constraint.CAPACITY, reason.amount, vehicle
