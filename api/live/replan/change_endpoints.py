"""What couriers are told of a re-planned day, and what they answer, over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi import Path as PathParam
from sqlalchemy import Connection

from api.auth.access import allow
from api.auth.province import own_province
from api.auth.roles import Role, Who
from api.live.replan.endpoints import Limit, Reader
from api.live.replan.schemas import ChangeReply, CourierChange, CourierChanges
from api.live.replan.store import answer_change, changes_for, changes_of
from api.plans.owned import own_plan
from api.service.runtime import runtime_of

router = APIRouter(prefix="/api/v1/live", tags=["live"])

Courier = Annotated[Who, allow(Role.COURIER)]
After = Annotated[int, Query(ge=0, le=2**62, description="The last `change_id` seen.")]


@router.get("/plans/{plan_id}/changes")
def read_plan_changes(
    plan_id: str, who: Reader, request: Request, after: After = 0, limit: Limit = 100
) -> CourierChanges:
    """Answer with what the couriers of a plan were told, and what they answered."""
    with runtime_of(request).database.read() as connection:
        own_plan(connection, who, plan_id)
        return _page(changes_of(connection, plan_id, after, limit), limit)


@router.get("/changes")
def read_own_changes(who: Courier, request: Request, after: After = 0, limit: Limit = 100) -> CourierChanges:
    """Answer a courier with the changes of their rounds since the last one seen."""
    assert who.courier_id is not None
    with runtime_of(request).database.read() as connection:
        return _page(changes_for(connection, own_province(who), who.courier_id, after, limit), limit)


@router.post("/changes/{change_id}/answer")
def reply_to_change(
    change_id: Annotated[int, PathParam(ge=1, le=2**62)], body: ChangeReply, who: Courier, request: Request
) -> CourierChange:
    """Accept a change, or question it with words; the dispatcher sees it with the plan's changes."""
    courier_id, province_id = who.courier_id, own_province(who)
    assert courier_id is not None

    def write(connection: Connection) -> Any:
        at = datetime.now(UTC)
        return answer_change(connection, change_id, province_id, courier_id, body.answer, body.words, at)

    return _change(runtime_of(request).writer.write_now(write))


def _page(rows: Any, limit: int) -> CourierChanges:
    changes = tuple(map(_change, rows))
    return CourierChanges(changes=changes, next_after=changes[-1].change_id if len(changes) == limit else None)


def _change(row: Any) -> CourierChange:
    return CourierChange.model_validate({name: getattr(row, name) for name in CourierChange.model_fields})
