"""Searches for plans over HTTP: what waits for one, a new one, one around the locks of another."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from api.auth.province import ProvinceQuery, province_of
from api.auth.roles import Who
from api.ids import new_id
from api.jobs.schemas import JobAnswer, job_answer
from api.jobs.store import enqueue
from api.plans.input_store import add_inputs
from api.plans.job_kinds import PLAN, REPLAN
from api.plans.left_overs import LeftOvers, left_overs
from api.plans.next_day import NextDay, next_day
from api.plans.owned import Maker, Reader, own_inputs, own_plan, require_province
from api.plans.service_schemas import NewPlan, NewReplan, Waiting
from api.plans.snapshots import Snapshot, snapshot_of, without_couriers
from api.plans.store import require_finished
from api.repeats.repeatable import Once
from api.service.runtime import Runtime, runtime_of
from api.shipments.store import count_waiting

router = APIRouter(prefix="/api/v1/plans", tags=["plans"])


@router.post("", status_code=202)
async def make_plan(body: NewPlan, who: Maker, request: Request, once: Once) -> JobAnswer:
    """Put in a job that plans a day; its draft is there as soon as the first round of search is over."""
    runtime = runtime_of(request)
    snapshot = await run_in_threadpool(_wanted_inputs, runtime, who, body)

    def write(connection: Connection) -> JobAnswer:
        at = datetime.now(UTC)
        add_inputs(connection, snapshot, at)
        payload = {
            "plan_id": new_id(),
            "day": snapshot.day.isoformat(),
            "inputs_sha256": snapshot.sha256,
            "seconds": body.seconds,
            "seed": body.seed,
            "bases": list(body.bases),
        }
        return job_answer(enqueue(connection, PLAN, snapshot.province_id, payload, by=who.user_id, at=at))

    return await once.write(write)


@router.post("/{plan_id}/replan", status_code=202)
async def replan(plan_id: str, body: NewReplan, who: Maker, once: Once) -> JobAnswer:
    """Put in a job that searches on around a plan's locks; its result is another draft."""

    def write(connection: Connection) -> JobAnswer:
        plan = own_plan(connection, who, plan_id)
        require_finished(connection, plan)
        payload = {
            "plan_id": new_id(),
            "based_on": plan_id,
            "day": plan.day,
            "inputs_sha256": plan.inputs_sha256,
            "seconds": body.seconds,
            "seed": body.seed,
            "bases": list(body.bases),
        }
        job = enqueue(connection, REPLAN, plan.province_id, payload, by=who.user_id, at=datetime.now(UTC))
        return job_answer(job)

    return await once.write(write)


@router.get("/waiting")
def read_waiting(
    who: Reader, request: Request, day: Annotated[date, Query(examples=["2026-11-25"])], province: ProvinceQuery = None
) -> Waiting:
    """Count what a plan of a day would find waiting, what is left over from earlier days included."""
    province_id = province_of(who, province)
    require_province(who, province_id)
    with runtime_of(request).database.read() as connection:
        found, left_over, due = count_waiting(connection, province_id, day)
    return Waiting(shipments=found, left_over=left_over, due=due)


@router.get("/waiting/left-over")
def read_left_overs(
    who: Reader, request: Request, day: Annotated[date, Query(examples=["2026-11-25"])], province: ProvinceQuery = None
) -> LeftOvers:
    """List what waits from days before that one, what is due first in front, and why each was left."""
    province_id = province_of(who, province)
    require_province(who, province_id)
    with runtime_of(request).database.read() as connection:
        return left_overs(connection, province_id, day)


@router.get("/next-day")
def read_next_day(who: Reader, request: Request, province: ProvinceQuery = None) -> NextDay:
    """Say which day is to be planned next: today until its last wave begins, else the next working day."""
    province_id = province_of(who, province)
    require_province(who, province_id)
    with runtime_of(request).database.read() as connection:
        return next_day(connection, province_id, datetime.now(UTC))


def _wanted_inputs(runtime: Runtime, who: Who, body: NewPlan) -> Snapshot:
    with runtime.database.read() as connection:
        if body.inputs_sha256 is not None:
            snapshot = own_inputs(connection, who, body.inputs_sha256)
        else:
            assert body.province_id is not None
            assert body.day is not None
            require_province(who, body.province_id)
            snapshot = snapshot_of(connection, body.province_id, body.day, runtime.settings.data_folder)
    return without_couriers(snapshot, body.absent)
