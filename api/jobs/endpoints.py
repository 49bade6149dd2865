"""Jobs over HTTP: look, follow, end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import StreamingResponse
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from api.auth.access import allow
from api.auth.roles import Role, Who
from api.errors import NotFoundError
from api.jobs.schemas import JobAnswer, JobList, JobWish, job_answer
from api.jobs.store import Job, find_job, list_jobs, wish_for
from api.jobs.tables import Wish
from api.service.runtime import Runtime, runtime_of

LOOK = 0.5
"""Seconds between a follower's looks at its job."""
HEARTBEAT = 15.0
"""Seconds of silence after which a comment keeps proxies from closing the stream."""

router = APIRouter(prefix="/api/v1/jobs", tags=["jobs"])
Maker = Annotated[Who, allow(Role.DISPATCHER, Role.PLANNER, Role.ADMIN)]
Reader = Annotated[Who, allow(Role.DISPATCHER, Role.PLANNER, Role.ADMIN, Role.AUDITOR)]


class EventStream(StreamingResponse):
    """Server-sent events."""

    media_type = "text/event-stream"


@router.get("")
def read_jobs(
    who: Reader,
    request: Request,
    after: Annotated[str | None, Query(max_length=40)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> JobList:
    """List the jobs of one's province, the newest first."""
    if who.scope.offices:
        return JobList(jobs=(), next_after=None)
    with runtime_of(request).database.read() as connection:
        found = list_jobs(connection, who.scope.province_id, after=after, limit=limit)
    return JobList(jobs=tuple(map(job_answer, found)), next_after=found[-1].job_id if len(found) == limit else None)


@router.get("/{job_id}")
def read_job(job_id: str, who: Reader, request: Request) -> JobAnswer:
    """Say how far a job is."""
    with runtime_of(request).database.read() as connection:
        return job_answer(own_job(connection, who, job_id))


@router.post("/{job_id}/cancel", status_code=202)
async def cancel_job(job_id: str, body: JobWish, who: Maker, request: Request) -> JobAnswer:
    """Cancel a job, or stop it early and keep the best; one that is over stays as it is."""

    def write(connection: Connection) -> Job:
        own_job(connection, who, job_id)
        wish_for(connection, job_id, Wish.STOP if body.keep_best else Wish.CANCEL, datetime.now(UTC))
        return own_job(connection, who, job_id)

    return job_answer(await runtime_of(request).writer.write(write))


@router.get("/{job_id}/progress", response_class=EventStream, responses={200: {"model": JobAnswer}})
async def follow_job(
    job_id: str,
    who: Reader,
    request: Request,
    last_event_id: Annotated[int, Header(ge=0, le=2**31)] = 0,
) -> EventStream:
    """Stream the job now and after every change, as server-sent events, until it is over."""
    runtime = runtime_of(request)
    await run_in_threadpool(_look, runtime, who, job_id)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return EventStream(_events(runtime, who, job_id, last_event_id), headers=headers)


def own_job(connection: Connection, who: Who, job_id: str) -> Job:
    """
    Find a job in the province of whoever asks.

    Raises
    ------
    NotFoundError
        When there is none, or it is none of theirs: plans are made for whole provinces.
    """
    job = find_job(connection, job_id)
    if job is None or not who.scope.covers(job.province_id, None):
        raise NotFoundError(f"Không có việc {job_id}.", f"There is no job {job_id}.")
    return job


async def _events(runtime: Runtime, who: Who, job_id: str, seen: int) -> AsyncGenerator[str]:
    """An event is the whole job as it is now: who missed some misses nothing."""
    silent = 0.0
    while True:
        job = await run_in_threadpool(_look, runtime, who, job_id)
        if job.revision > seen:
            seen, silent = job.revision, 0.0
            yield f"id: {seen}\ndata: {job_answer(job).model_dump_json()}\n\n"
        elif silent >= HEARTBEAT:
            silent = 0.0
            yield ": still here\n\n"
        if job.is_over:
            return
        await asyncio.sleep(LOOK)
        silent += LOOK


def _look(runtime: Runtime, who: Who, job_id: str) -> Job:
    with runtime.database.read() as connection:
        return own_job(connection, who, job_id)
