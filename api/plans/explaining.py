"""Why one shipment has no round in a plan as it stands now: who comes closest, what stops them, what would admit it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from api.errors import RefusedError
from api.plans.editing import EditingSession
from api.plans.problems import COST_UNITS_PER_DONG, PlanGroup
from api.plans.reasons import explain_left, explain_unassigned
from api.plans.schemas import Words
from routing.explain import reasons
from routing.solution import Constraint, Reason, Solution, Unassigned


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExplainedReason(_Part):
    """One rule that stands in the way at the place that came closest under it."""

    constraint: str
    """As in the plan's own reasons."""
    courier_id: str | None
    """Who came closest; None = nobody in particular."""
    amount: int
    """Seconds, metres, pieces, grams or đồng too much; 0 where there is nothing to measure."""
    detail: Words
    would_help: Words | None
    change: str | None
    """What would have to give way: a word of `routing.solution.Change`; None = no single change was found."""
    with_courier: str | None
    """Whom that change is about."""


class Explanation(_Part):
    """A shipment without a round, looked into in the plan as it is now."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Explanation")

    plan_version: int
    shipment: str
    must_go: bool
    bases: tuple[str, ...]
    """Whose couriers could carry it: those of its plan group. Empty = it is no task of this day."""
    reasons: tuple[ExplainedReason, ...]
    """What asks least first."""


def explanation(session: EditingSession, code: str) -> Explanation:
    """
    Explain anew why a shipment is left behind.

    Only this one is tried, so it gets all the tries that a whole day's share otherwise (`routing.explain`).

    Raises
    ------
    NotFoundError
        When the plan knows no such shipment.
    RefusedError
        When somebody carries it.
    """
    network = session.prepared.inputs.network
    for left in session.prepared.inputs.left:
        if left.shipment.code == code:
            known = explain_left(left, network)
            told = tuple(_plain(reason.constraint, reason.detail, reason.would_help) for reason in known.reasons)
            return Explanation(
                plan_version=session.plan.version, shipment=code, must_go=known.must_go, bases=(), reasons=told
            )
    place, number = session.whereabouts.shipment(code)
    if number not in session.left[place]:
        raise RefusedError(f"Bưu gửi {code} đã có chuyến.", f"Shipment {code} has a round.")
    group = session.prepared.groups[place]
    asked = Solution(session.solution(place).routes, (Unassigned(number),))
    (found,) = reasons(group.problem, asked).unassigned
    worded = explain_unassigned(group, found, network)
    return Explanation(
        plan_version=session.plan.version,
        shipment=code,
        must_go=worded.must_go,
        bases=group.bases,
        reasons=tuple(
            _told(group, reason, words.detail, words.would_help)
            for reason, words in zip(found.reasons, worded.reasons, strict=True)
        ),
    )


def _plain(constraint: str, detail: Words, would_help: Words | None) -> ExplainedReason:
    return ExplainedReason(
        constraint=constraint,
        courier_id=None,
        amount=0,
        detail=detail,
        would_help=would_help,
        change=None,
        with_courier=None,
    )


def _told(group: PlanGroup, reason: Reason, detail: Words, would_help: Words | None) -> ExplainedReason:
    change = reason.relaxation
    in_dong = reason.constraint is Constraint.COST
    return ExplainedReason(
        constraint=reason.constraint.value,
        courier_id=_courier(group, reason.vehicle_type),
        amount=-(-reason.amount // COST_UNITS_PER_DONG) if in_dong else reason.amount,
        detail=detail,
        would_help=would_help,
        change=None if change is None else change.change.value,
        with_courier=None if change is None else _courier(group, change.vehicle_type),
    )


def _courier(group: PlanGroup, vehicle_type: int | None) -> str | None:
    return None if vehicle_type is None else group.couriers[vehicle_type].courier_id
