"""Rules on what is aboard."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from routing.checking.facts import RouteFacts, Violation
from routing.model import Action, Load
from routing.solution import Constraint

Moment = tuple[int, int | None, bool, Load]
"""Trip, visit (None = departure), whether the visit is over, what is aboard then."""


def capacity(facts: RouteFacts) -> Iterator[Violation]:
    """At no moment, not even within a visit, is there too much aboard in any dimension."""
    for trip, visit, _, aboard in _moments(facts):
        for dimension, (amount, most) in enumerate(zip(aboard, facts.vehicle.capacity, strict=False)):
            if amount > most:
                detail = f"{amount} aboard in dimension {dimension}, {most} fit"
                yield facts.violation(Constraint.CAPACITY, detail, trip, visit, amount=amount - most)


def stated_loads(facts: RouteFacts) -> Iterator[Violation]:
    """Trips and visits state what is aboard when the vehicle leaves."""
    for number, visit, is_over, aboard in _moments(facts):
        trip = facts.route.trips[number]
        stated = trip.load if visit is None else trip.visits[visit].load
        if is_over and not _same(stated, aboard):
            detail = f"{aboard} is aboard, not {stated}"
            yield facts.violation(Constraint.STRUCTURE, detail, number, visit)


def _moments(facts: RouteFacts) -> Iterator[Moment]:
    """
    What is aboard after each change.

    A trip loads at its departure what it delivers from the depot, and leaves at the depot what is for there: what it
    collected for the depot, and what it was given at deliveries. Paired shipments stay aboard until delivered.
    """
    aboard: Load = ()
    for number, trip in enumerate(facts.route.trips):
        handlings = [h for h in facts.handlings if h.trip == number]
        for h in handlings:
            aboard = _plus(aboard, h.facts.load) if h.is_from_depot else aboard
        yield number, None, True, aboard
        for position, visit in enumerate(trip.visits):
            for task in visit.tasks:
                shipment = facts.problem.shipments[task.shipment]
                if task.action is Action.COLLECT:
                    aboard = _plus(aboard, shipment.load)
                else:
                    aboard = _plus(_minus(aboard, shipment.load), shipment.collected)
                yield number, position, False, aboard
            yield number, position, True, aboard
        for h in handlings:
            aboard = _minus(aboard, h.facts.load) if h.is_to_depot else aboard
            aboard = _minus(aboard, h.facts.collected) if h.action is Action.DELIVER else aboard


def _plus(a: Load, b: Load) -> Load:
    return tuple(x + y for x, y in zip_longest(a, b, fillvalue=0))


def _minus(a: Load, b: Load) -> Load:
    return tuple(x - y for x, y in zip_longest(a, b, fillvalue=0))


def _same(a: Load, b: Load) -> bool:
    """Whether two loads are equal; a short one is zero in the other dimensions."""
    return not any(_minus(a, b))
