"""Plans handed out as files over HTTP."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from sqlalchemy import Connection

from api.auth.access import allow
from api.auth.roles import Role, Who
from api.auth.store import note_look
from api.exports.files import Kind, PlanFile, plan_file
from api.exports.people import carried_codes, with_people, without_people
from api.plans.input_store import erased
from api.plans.owned import Reader, own, own_inputs, own_plan
from api.plans.schemas import Plan, parse_plan
from api.plans.snapshots import Snapshot
from api.plans.store import StoredPlan, look_at_plan
from api.service.runtime import runtime_of

router = APIRouter(prefix="/api/v1/plans", tags=["plans"])
Dispatcher = Annotated[Who, allow(Role.DISPATCHER)]
"""Whose couriers go to these doors; nobody else prints where who lives."""
Courier = Annotated[str | None, Query(max_length=80, description="Of one courier; none = of all.", examples=["BT-01"])]


@router.get("/{plan_id}/exports/{kind}", response_class=Response)
def export_plan(plan_id: str, kind: Kind, who: Reader, request: Request, courier: Courier = None) -> Response:
    """
    Hand out a plan, or one courier's round, as a file that names no citizen: communes stand for addresses.

    `sheets` and `manifests` are PDF, `workbook` is XLSX, `geojson` and `gpx` are what they say (`gpx` of all: ZIP).
    """
    runtime = runtime_of(request)
    with runtime.database.read() as connection:
        plan = own(look_at_plan(connection, plan_id), who, plan_id)
        headers = {"ETag": f'"{plan.version}"', "Cache-Control": "no-cache"}
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return Response(status_code=304, headers=headers)
        whole, snapshot = _whole(connection, who, plan)
    inputs = runtime.days.backdrop(snapshot)
    nameless = without_people(inputs.shipments, snapshot.day)
    return _answer(plan_file(kind, whole, inputs.network.on(snapshot.day), nameless, courier), headers)


@router.get("/{plan_id}/sheets", response_class=Response)
def print_sheets(plan_id: str, who: Dispatcher, request: Request, courier: Courier = None) -> Response:
    """
    Print round sheets with the names and addresses of those who are visited (PDF); the look is noted, by round.

    Telephones are covered in the middle: a sheet may be lost on the way.
    """
    runtime, at = runtime_of(request), datetime.now(UTC)
    with runtime.database.read() as connection:
        plan = own(look_at_plan(connection, plan_id), who, plan_id)
        whole, snapshot = _whole(connection, who, plan)
    inputs = runtime.days.backdrop(snapshot)
    with runtime.database.read() as connection:
        named = with_people(connection, plan.province_id, inputs.shipments, carried_codes(whole), snapshot.day)
    made = plan_file(Kind.SHEETS, whole, inputs.network.on(snapshot.day), named, courier)
    shown = [route.courier_id for route in whole.routes if courier in {None, route.courier_id}]

    def note(connection: Connection) -> None:
        for one in shown:
            note_look(connection, at, who, "sheet_printed", f"{plan_id}/{one}", province_id=plan.province_id)

    runtime.writer.write_now(note)
    return _answer(made, {"Cache-Control": "no-store"})


def _whole(connection: Connection, who: Who, plan: StoredPlan) -> tuple[Plan, Snapshot]:
    """A plan and its inputs; refused when retention has taken them."""
    if plan.erased_at is not None:
        raise erased()
    document = own_plan(connection, who, plan.plan_id).document
    return parse_plan(document), own_inputs(connection, who, plan.inputs_sha256)


def _answer(made: PlanFile, headers: dict[str, str]) -> Response:
    named = {"Content-Disposition": f'attachment; filename="{made.name}"'}
    return Response(made.content, media_type=made.media_type, headers={**headers, **named})
