"""Stops that nobody registered, added to drafts over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from api.errors import RefusedEditError
from api.plans.best_spot import assign
from api.plans.change_store import change_plan, require_draft
from api.plans.edited import describe
from api.plans.edited_plan import edited_plan
from api.plans.editing import reopened
from api.plans.input_store import add_inputs
from api.plans.making import written
from api.plans.newcomer import cells_of, joined_by, own_code
from api.plans.owned import IfMatch, Publisher, opened, own_inputs
from api.plans.snapshots import with_shipments
from api.plans.stop_schemas import StopAdded, StopWanted
from api.repeats.repeatable import Once
from api.service.runtime import runtime_of
from api.shipments.registering import judge_one, register

router = APIRouter(prefix="/api/v1/plans", tags=["plans"])


@router.post("/{plan_id}/stops", status_code=201)
def add_stop(
    plan_id: str, body: StopWanted, who: Publisher, request: Request, response: Response, if_match: IfMatch, once: Once
) -> StopAdded:
    """
    Add a pickup or delivery that nobody registered: it becomes a shipment, and comes to its best place in the draft.

    The draft's inputs are others afterwards (`inputs_sha256`), with this shipment in them. Undoing takes it out of the
    plan again; it stays registered, as somebody may have its papers, and waits for a plan. Refused with an older
    version than the plan's, and where no courier can go; then nothing is registered either.
    """
    runtime, at = runtime_of(request), datetime.now(UTC)
    plan, session = opened(runtime, who, plan_id, if_match)
    require_draft(plan)
    known = session.prepared.inputs
    code = body.code or own_code(known.day)
    if any(shipment.code == code for shipment in known.shipments.shipments):
        raise RefusedEditError(f"Bưu gửi {code} đã có trong kế hoạch.", f"Shipment {code} is in the plan already.")
    cells = cells_of(body, code, known.network, known.day)
    judged = judge_one(runtime, who, plan.province_id, cells, at, on=known.day)
    with runtime.database.read() as connection:
        snapshot = own_inputs(connection, who, plan.inputs_sha256)
    whole = with_shipments(snapshot, [entry.shipment for entry in judged.entries], judged.zone)
    joined = joined_by(session.plan, runtime.days.prepared(whole, session.plan.seed), code)
    after = assign(joined, code, body.courier_id)
    changed = edited_plan(after, created_at=at.astimezone(judged.zone).replace(microsecond=0))
    stored, what = written(changed), {"kind": "stop", "action": body.action, "shipments": [code]}
    answer = StopAdded(version=changed.version, shipment=code, edit=describe(joined, after, changed))

    def write(connection: Connection) -> StopAdded:
        add_inputs(connection, whole, at)
        change_plan(connection, plan, stored, what, inputs_sha256=whole.sha256, by=who.user_id, at=at)
        register(connection, who, plan.province_id, judged, at)
        return answer

    made = once.write_now(write)
    runtime.days.remember(plan_id, changed.version, reopened(after, changed))
    response.headers["ETag"] = f'"{made.version}"'
    return made
