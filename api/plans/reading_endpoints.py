"""Plans of the service over HTTP, read. Thin: find what is theirs, one call, schema out."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.auth.roles import Role, Who
from api.plans.backdrop import Backdrop
from api.plans.edited import all_violations
from api.plans.map_roads import RoadMap
from api.plans.owned import (
    Reader,
    RoundReader,
    no_plan,
    own,
    own_inputs,
    own_plan,
    session_of,
)
from api.plans.places import Places
from api.plans.schemas import Plan, parse_plan
from api.plans.service_schemas import (
    PlanChange,
    PlanHistory,
    PlanList,
    PlanState,
    PlanViolations,
    RoundList,
    plan_answer,
)
from api.plans.steps import find_steps
from api.plans.store import (
    changes_since,
    find_plan,
    list_plans,
    look_at_plan,
)
from api.plans.times import DayTimes
from api.plans.versions import Version, document_at, kept_versions
from api.service.runtime import Runtime, runtime_of

router = APIRouter(prefix="/api/v1/plans", tags=["plans"])


@router.get("")
def read_plans(
    who: Reader,
    request: Request,
    day: date | None = None,
    status: PlanState | None = None,
    after: Annotated[str | None, Query(max_length=40)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> PlanList:
    """List the plans of one's province, the newest first."""
    if who.scope.offices:
        return PlanList(plans=(), next_after=None)
    with runtime_of(request).database.read() as connection:
        found = list_plans(connection, who.scope.province_id, day=day, status=status, after=after, limit=limit)
    return PlanList(plans=tuple(map(plan_answer, found)), next_after=found[-1].plan_id if len(found) == limit else None)


@router.get("/{plan_id}", response_model=Plan)
def read_plan(plan_id: str, who: Reader, request: Request, version: Version = None) -> Response:
    """Answer with a plan, exactly as in `plan.json`."""
    with runtime_of(request).database.read() as connection:
        plan = own_plan(connection, who, plan_id)
        document = document_at(connection, plan, version)
    headers = {"ETag": f'"{version or plan.version}"', "Cache-Control": "no-cache"}
    if request.headers.get("If-None-Match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(document, media_type="application/json", headers=headers)


@router.get("/{plan_id}/places", response_model=Places)
def read_places(plan_id: str, who: Reader, request: Request) -> Response:
    """Answer with sites, couriers, communes, and public facts of the shipments, of the plan's inputs."""
    return Response(_backdrop(runtime_of(request), who, plan_id).places, media_type="application/json")


@router.get("/{plan_id}/times", response_model=DayTimes)
def read_times(plan_id: str, who: Reader, request: Request) -> Response:
    """Answer with when each shipment's stop may be served, and when the lines call at the bases."""
    return Response(_backdrop(runtime_of(request), who, plan_id).times, media_type="application/json")


@router.get("/{plan_id}/roads", response_model=RoadMap)
def read_roads(plan_id: str, who: Reader, request: Request) -> Response:
    """Answer with the roads that the plan goes by as GeoJSON, one feature a road class."""
    return Response(_backdrop(runtime_of(request), who, plan_id).road_map, media_type="application/geo+json")


@router.get("/{plan_id}/history")
def read_history(
    plan_id: str, who: Reader, request: Request, since: Annotated[int, Query(ge=0, le=999_999_999)] = 0
) -> PlanHistory:
    """Say what state a plan is in, who changed what by hand after a version, and what can be undone and done again."""
    with runtime_of(request).database.read() as connection:
        plan = own(look_at_plan(connection, plan_id), who, plan_id)
        changes = changes_since(connection, plan_id, since)
        steps = find_steps(connection, plan_id)
        kept = kept_versions(connection, plan_id)
    is_open = plan.status == "draft" and plan.erased_at is None
    return PlanHistory(
        plan=plan_answer(plan),
        changes=tuple(PlanChange.model_validate(one) for one in changes),
        can_undo=is_open and steps.undo is not None,
        can_redo=is_open and steps.redo is not None,
        kept_versions=kept,
    )


@router.get("/{plan_id}/violations")
def read_violations(plan_id: str, who: Reader, request: Request) -> PlanViolations:
    """List every rule that the rounds of a plan break: what is to be mended before it is published."""
    runtime = runtime_of(request)
    with runtime.database.read() as connection:
        plan = own(look_at_plan(connection, plan_id), who, plan_id)
    session = session_of(runtime, who, plan)
    return PlanViolations(version=session.plan.version, violations=all_violations(session))


@router.get("/{plan_id}/rounds")
def read_rounds(plan_id: str, who: RoundReader, request: Request) -> RoundList:
    """Answer with the rounds of one's offices; a courier sees their own, and only once it is published."""
    with runtime_of(request).database.read() as connection:
        plan = find_plan(connection, plan_id)
    is_early = who.role in {Role.COURIER, Role.DESK} and plan is not None and plan.status != "published"
    if plan is None or is_early or not who.scope.covers_province(plan.province_id):
        raise no_plan(plan_id)
    routes = tuple(
        route
        for route in parse_plan(plan.document).routes
        if who.scope.covers(plan.province_id, route.base_id)
        and (who.role is not Role.COURIER or route.courier_id == who.courier_id)
    )
    return RoundList.model_validate(
        {"plan_id": plan_id, "version": plan.version, "status": plan.status, "routes": routes}
    )


def _backdrop(runtime: Runtime, who: Who, plan_id: str) -> Backdrop:
    with runtime.database.read() as connection:
        plan = own(look_at_plan(connection, plan_id), who, plan_id)
        snapshot = own_inputs(connection, who, plan.inputs_sha256)
    return runtime.days.backdrop(snapshot)
