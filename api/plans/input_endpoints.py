"""A day's inputs over HTTP, and plans of them that were made elsewhere."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Body, Query, Request
from starlette.concurrency import run_in_threadpool

from api.auth.roles import Who
from api.plans.input_store import add_inputs
from api.plans.owned import Maker, own_inputs, require_province
from api.plans.service_schemas import InputsAnswer, InputWarning, NewInputs
from api.plans.snapshots import Snapshot, as_read, road_file, without_people
from api.plans.validating import PlanReport, validate_plan
from api.service.runtime import Runtime, runtime_of

router = APIRouter(prefix="/api/v1/plans", tags=["plans"])


@router.post("/inputs", status_code=201)
def add_plan_inputs(body: NewInputs, who: Maker, request: Request) -> InputsAnswer:
    """Read a day's inputs with every check, and keep them to plan from; the same inputs are kept once."""
    runtime = runtime_of(request)
    require_province(who, body.province_id)
    roads = road_file(runtime.settings.data_folder, body.province_id)
    snapshot = Snapshot(body.province_id, body.day, body.network, without_people(body.shipments), roads)
    with as_read(snapshot, runtime.settings.data_folder) as read:
        found = [InputWarning(**asdict(warning)) for warning in (*read.network.warnings, *read.shipments.warnings)]
        count = len(read.shipments.shipments)
    runtime.writer.write_now(lambda c: add_inputs(c, snapshot, datetime.now(UTC)))
    return InputsAnswer(inputs_sha256=snapshot.sha256, shipments=count, warnings=tuple(found))


@router.post("/validate")
async def validate_by_hand(
    who: Maker,
    request: Request,
    inputs_sha256: Annotated[str, Query(pattern=r"^[0-9a-f]{64}$")],
    plan: Annotated[dict[str, Any], Body(description="A plan.json made by hand or elsewhere; anything is judged.")],
) -> PlanReport:
    """Find everything that is wrong with a plan: its form, its names, the rules it breaks, its figures."""
    seed = plan.get("seed")
    text = await request.body()  # judged as it came
    return await run_in_threadpool(
        _validated, runtime_of(request), who, inputs_sha256, text, seed if isinstance(seed, int) else 0
    )


def _validated(runtime: Runtime, who: Who, sha256: str, text: bytes, seed: int) -> PlanReport:
    with runtime.database.read() as connection:
        snapshot = own_inputs(connection, who, sha256)
    return validate_plan(text, runtime.days.prepared(snapshot, seed))
