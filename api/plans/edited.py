"""What an edit did, for the person who made it: the touched rounds, what they break, what it costs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields

from pydantic import BaseModel, ConfigDict

from api.plans.document import planned_route, to_dong
from api.plans.editing import EditingSession, JudgedRoute, carries
from api.plans.locking import with_locks
from api.plans.problems import PlanGroup
from api.plans.schemas import Plan, PlannedRoute, Words
from api.plans.wording import shipments_of, violation_words
from routing.objective import Terms, measure


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class EditViolation(_Part):
    """A rule that a touched round breaks."""

    constraint: str
    """A file name of `routing/constraints/`."""
    courier_id: str
    trip: int | None
    """Position in the round, from 0; None = the round as a whole."""
    stop: int | None
    """Position in the trip, from 0; None = the trip as a whole."""
    shipments: tuple[str, ...]
    """Concerned; empty = the round itself."""
    amount: int
    """Seconds, metres, pieces, grams or đồng too much; 0 where there is nothing to measure."""
    words: Words


class CostDifference(_Part):
    """After less before, đồng, each figure rounded on its own; negative = cheaper."""

    fixed: int
    distance: int
    duration: int
    overtime: int
    penalties: int
    balance: int
    unfamiliar: int
    change: int
    total: int


class EditAnswer(_Part):
    """What became of the rounds that an edit touched."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="EditAnswer")

    routes: tuple[PlannedRoute, ...]
    """Touched rounds as they are now."""
    emptied: tuple[str, ...]
    """Couriers who have no round any more."""
    violations: tuple[EditViolation, ...]
    """Of the touched rounds."""
    unassigned: tuple[str, ...]
    """Shipments that the edit left behind."""
    assigned: tuple[str, ...]
    """Shipments that were left behind before it, and are carried now."""
    must_go_left: int
    """How many more must-go shipments are left behind; negative = fewer."""
    distance: int
    """How much further all drive, metres; negative = less far."""
    cost: CostDifference
    publishable: bool
    """No round of the whole plan breaks a rule."""


def describe(before: EditingSession, after: EditingSession, plan: Plan | None = None) -> EditAnswer:
    """
    Compare two sessions of one plan; rounds that they share are not looked at.

    Parameters
    ----------
    plan
        `after` as it was written down, which spares drawing its rounds again; None = it was not.
    """
    touched = _touched(before, after)
    groups, inputs = after.prepared.groups, after.prepared.inputs
    now = [(groups[g], judged) for g, v in touched if (judged := after.routes[g].get(v)) is not None]
    drawn = {} if plan is None else {route.courier_id: route for route in plan.routes}
    routes = tuple(
        drawn.get(group.couriers[judged.route.vehicle_type].courier_id)
        or with_locks(planned_route(inputs, group, judged.route), after.locked)
        for group, judged in now
    )
    terms = {term.name: 0 for term in fields(Terms)}
    for group in {g for g, _ in touched} | {g for g, _ in enumerate(groups) if before.left[g] != after.left[g]}:
        old, new = (measure(groups[group].problem, session.solution(group)) for session in (before, after))
        for name in terms:
            terms[name] += getattr(new, name) - getattr(old, name)
    return EditAnswer(
        routes=routes,
        emptied=tuple(groups[g].couriers[v].courier_id for g, v in touched if v not in after.routes[g]),
        violations=tuple(violation for group, judged in now for violation in _violations(after, group, judged)),
        unassigned=_left_behind(before, after),
        assigned=_left_behind(after, before),
        must_go_left=terms["must_go_left"],
        distance=terms["distance"],
        cost=_cost(terms),
        publishable=after.is_publishable,
    )


def all_violations(session: EditingSession) -> tuple[EditViolation, ...]:
    """List every rule that a plan's rounds break."""
    return tuple(
        violation
        for group, routes in zip(session.prepared.groups, session.routes, strict=True)
        for _, judged in sorted(routes.items())
        for violation in _violations(session, group, judged)
    )


def _touched(before: EditingSession, after: EditingSession) -> list[tuple[int, int]]:
    """Groups and vehicle types whose rounds differ, or whose locks do."""
    relocked = {after.whereabouts.shipment(code) for code in before.locked ^ after.locked}
    found = []
    for group, (old, new) in enumerate(zip(before.routes, after.routes, strict=True)):
        here = {shipment for g, shipment in relocked if g == group}
        for vehicle_type in sorted({*old, *new}):
            judged = new.get(vehicle_type)
            is_relocked = bool(here) and judged is not None and carries(judged, here)
            if old.get(vehicle_type) is not judged or is_relocked:
                found.append((group, vehicle_type))
    return found


def _violations(session: EditingSession, group: PlanGroup, judged: JudgedRoute) -> Iterator[EditViolation]:
    network = session.prepared.inputs.network
    for violation in judged.violations:
        yield EditViolation(
            constraint=violation.constraint.value,
            courier_id=group.couriers[judged.route.vehicle_type].courier_id,
            trip=violation.trip,
            stop=violation.visit,
            shipments=shipments_of(group, judged.route, violation),
            amount=violation.amount,
            words=violation_words(group, network, judged.route, violation),
        )


def _left_behind(before: EditingSession, after: EditingSession) -> tuple[str, ...]:
    """Codes of what is left behind after, and was not before."""
    return tuple(
        group.works[number].shipment.code
        for group, old, new in zip(after.prepared.groups, before.left, after.left, strict=True)
        for number in sorted(new - old)
    )


def _cost(terms: Mapping[str, int]) -> CostDifference:
    parts = {
        "fixed": terms["fixed_cost"],
        "distance": terms["distance_cost"],
        "duration": terms["duration_cost"],
        "overtime": terms["overtime_cost"],
        "penalties": terms["penalties"],
        "balance": terms["balance_cost"],
        "unfamiliar": terms["unfamiliar_cost"],
        "change": terms["change_cost"],
    }
    return CostDifference(**{name: to_dong(part) for name, part in parts.items()}, total=to_dong(sum(parts.values())))
