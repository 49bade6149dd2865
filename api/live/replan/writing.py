"""A running day as a plan again: what was driven with its real times, what is planned, and why the rest is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from api.live.replan.kept import RunningGroup
from api.plans.document import Answer, PlanInputs, objective_value, plan_id, planned_route, totals_of
from api.plans.reasons import explain_left, explain_unassigned
from api.plans.schemas import Plan, PlannedRoute, UnassignedReason, UnassignedShipment, Words
from routing.dispatch import Left
from routing.dispatching.day import Phase
from routing.objective import Objective, measure, weights
from routing.solution import Unassigned

_CANCELLED = UnassignedReason(
    constraint="cancelled", detail=Words(vi="đã được hủy trong ngày", en="cancelled during the day"), would_help=None
)
_FAILED = UnassignedReason(
    constraint="failed",
    detail=Words(vi="đã thử hôm nay nhưng không thành", en="tried today in vain"),
    would_help=Words(vi="hẹn lại ngày khác", en="agree on another day"),
)
_UNTOLD = UnassignedReason(
    constraint="left", detail=Words(vi="kế hoạch trước đã để lại", en="left by the plan before"), would_help=None
)


def running_plan(
    plan: Plan,
    inputs: PlanInputs,
    groups: Sequence[RunningGroup],
    left: Mapping[int, Sequence[Left]],
    *,
    created_at: datetime,
) -> Plan:
    """
    Write the next version of a published plan.

    Parameters
    ----------
    plan
        The version before: what it says of shipments that stay behind is kept where nothing else is known.
    inputs
        With every shipment that came during the day.
    groups
        With the plan that is told adopted.
    left
        By group, what the re-plan left behind; groups that were not re-planned are not in it.
    created_at
        Aware.
    """
    answers = [_answer(one) for one in groups]
    unassigned = _unassigned(plan, inputs, groups, left)
    objective = objective_value(answers)
    return plan.model_copy(
        update={
            "plan_id": plan_id(inputs),
            "shipments_sha256": inputs.shipments.sha256,
            "version": plan.version + 1,
            "created_at": created_at,
            "objective": objective,
            "routes": tuple(_routes(plan, inputs, groups, left)),
            "unassigned": unassigned,
            "totals": totals_of(inputs, answers, objective.terms, unassigned),
        }
    )


def _answer(one: RunningGroup) -> Answer:
    terms = measure(one.day.problem, one.day.told)
    return Answer(one.day.told, terms, weights(one.day.problem, Objective.DAILY).total(terms))


def _routes(
    plan: Plan, inputs: PlanInputs, groups: Sequence[RunningGroup], left: Mapping[int, Sequence[Left]]
) -> Iterator[PlannedRoute]:
    before = {route.courier_id: route for route in plan.routes}
    for k, one in enumerate(groups):
        for route in sorted(one.day.told.routes, key=lambda route: route.vehicle_type):
            courier_id = one.base.couriers[route.vehicle_type].courier_id
            yield planned_route(inputs, one.group, route) if k in left else before[courier_id]


def _unassigned(
    plan: Plan, inputs: PlanInputs, groups: Sequence[RunningGroup], left: Mapping[int, Sequence[Left]]
) -> tuple[UnassignedShipment, ...]:
    """Every shipment that is in no round, in the order of the shipments' file, the added ones last."""
    before = {unassigned.shipment: unassigned for unassigned in plan.unassigned}
    found = {one.shipment.code: explain_left(one, inputs.network) for one in inputs.left}
    for k, one in enumerate(groups):
        for s in range(len(one.works)):
            found.pop(one.works[s].shipment.code, None)
        for s in _in_no_round(one):
            reasons = {gone.shipment: gone for gone in left.get(k, ())}
            said = _reason(one, inputs, s, reasons.get(s), before)
            found[said.shipment] = said
    return tuple(found[s.code] for s in inputs.shipments.shipments if s.code in found)


def _in_no_round(one: RunningGroup) -> Iterator[int]:
    visits = (visit for route in one.day.told.routes for visit in route.visits)
    carried = {task for visit in visits for task in visit.tasks}
    problem = one.day.problem
    for s in range(len(one.works)):
        if problem.tasks_of(s)[-1] not in carried:
            yield s


def _reason(
    one: RunningGroup, inputs: PlanInputs, s: int, gone: Left | None, before: Mapping[str, UnassignedShipment]
) -> UnassignedShipment:
    code, state = one.works[s].shipment.code, one.day.states[s]
    if s in one.cancelled:
        return UnassignedShipment(shipment=code, must_go=False, reasons=(_CANCELLED,))
    if state.failed:
        return UnassignedShipment(shipment=code, must_go=False, reasons=(_FAILED,))
    if gone is not None and gone.reasons:
        return explain_unassigned(one.group, Unassigned(s, gone.reasons), inputs.network)
    if code in before:
        return before[code]
    must_go = one.day.problem.shipments[s].must_go and state.phase in (Phase.WAITING, Phase.ABOARD)
    return UnassignedShipment(shipment=code, must_go=must_go, reasons=(_UNTOLD,))
