"""An editing session written down as a plan again; untouched rounds are taken over as they stood."""

from __future__ import annotations

from datetime import datetime

from api.plans.document import Answer, objective_value, planned_route, totals_of
from api.plans.editing import EditingSession
from api.plans.locking import with_locks
from api.plans.reasons import explain_left
from api.plans.schemas import Plan, PlannedRoute, PlanStatus, UnassignedReason, UnassignedShipment, Words
from routing.objective import measure

BY_HAND = "by_hand"
"""The reason of what a dispatcher left behind."""

_LEFT_BY_HAND = UnassignedReason(
    constraint=BY_HAND,
    detail=Words(vi="điều phối viên để lại", en="left behind by the dispatcher"),
    would_help=Words(vi="xếp lại vào một chuyến", en="put it into a round again"),
)


def edited_plan(session: EditingSession, *, created_at: datetime) -> Plan:
    """
    Write the plan as it is now: the next version, a draft.

    Parameters
    ----------
    created_at
        Aware.
    """
    prepared, plan = session.prepared, session.plan
    answers = [_answer(session, group) for group in range(len(prepared.groups))]
    objective = objective_value(answers)
    unassigned = _unassigned(session)
    return plan.model_copy(
        update={
            "version": plan.version + 1,
            "status": PlanStatus.DRAFT,
            "created_at": created_at,
            "objective": objective,
            "routes": _routes(session),
            "unassigned": unassigned,
            "totals": totals_of(prepared.inputs, answers, objective.terms, unassigned),
        }
    )


def _answer(session: EditingSession, group: int) -> Answer:
    problem, solution = session.prepared.groups[group].problem, session.solution(group)
    terms = measure(problem, solution)
    return Answer(solution, terms, session.weights[group].total(terms))


def _routes(session: EditingSession) -> tuple[PlannedRoute, ...]:
    opened = {route.courier_id: route for route in session.plan.routes}
    routes = []
    for number, group in enumerate(session.prepared.groups):
        for vehicle_type, judged in sorted(session.routes[number].items()):
            if session.opened[number].get(vehicle_type) is judged:
                route = opened[group.couriers[vehicle_type].courier_id]
            else:
                route = planned_route(session.prepared.inputs, group, judged.route)
            routes.append(with_locks(route, session.locked))
    return tuple(routes)


def _unassigned(session: EditingSession) -> tuple[UnassignedShipment, ...]:
    """In the order of the shipments' file; who was left behind by the search keeps the search's reasons."""
    inputs = session.prepared.inputs
    found = {left.shipment.code: explain_left(left, inputs.network) for left in inputs.left}
    before = {unassigned.shipment: unassigned for unassigned in session.plan.unassigned}
    for group, numbers in zip(session.prepared.groups, session.left, strict=True):
        for number in numbers:
            code, must_go = group.works[number].shipment.code, group.problem.shipments[number].must_go
            by_hand = UnassignedShipment(shipment=code, must_go=must_go, reasons=(_LEFT_BY_HAND,))
            found[code] = before.get(code, by_hand)
    return tuple(found[s.code] for s in inputs.shipments.shipments if s.code in found)
