"""Is it alive, is it ready, how is it doing: for supervisors and Prometheus."""

from __future__ import annotations

import hmac
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel
from sqlalchemy import text

from api.auth.access import anyone
from api.db.migrating import newest
from api.errors import ForbiddenError
from api.service.runtime import Runtime, runtime_of
from api.version import SOFTWARE

router = APIRouter(tags=["operations"], dependencies=[anyone()])


class Alive(BaseModel):
    """The process answers."""

    status: Literal["alive"] = "alive"
    software: str


class Ready(BaseModel):
    """It can do its work: the database answers and takes writes."""

    status: Literal["ready"] = "ready"
    migration: str


@router.get("/healthz")
async def read_health() -> Alive:
    """Say that the process lives; restart it when this fails."""
    return Alive(software=SOFTWARE)


@router.get("/readyz")
async def read_readiness(request: Request) -> Ready:
    """Say that work can be done: a read and a commit went through. 503 or 507 otherwise."""
    await runtime_of(request).writer.write(lambda connection: connection.execute(text("SELECT 1")).scalar_one())
    return Ready(migration=newest())


@router.get("/metrics", response_class=PlainTextResponse)
def read_metrics(request: Request) -> PlainTextResponse:
    """Give the figures to Prometheus: on this machine, or with the token of the settings."""
    runtime = runtime_of(request)
    if not _may_measure(runtime, request):
        raise ForbiddenError("Chỉ đọc được số đo từ máy chủ này.", "Metrics are for this machine, or by token.")
    return PlainTextResponse(runtime.metrics.text(), media_type="text/plain; version=0.0.4")


def _may_measure(runtime: Runtime, request: Request) -> bool:
    wanted = runtime.settings.metrics_token
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if wanted:
        return hmac.compare_digest(shown.encode(), wanted.encode())
    # Behind a proxy everybody comes from this machine: then the proxy's header says so.
    local = request.client is not None and request.client.host in {"127.0.0.1", "::1"}
    return local and "x-forwarded-for" not in request.headers
