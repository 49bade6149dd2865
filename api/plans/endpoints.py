"""The HTTP door to the plan on show. Thin: one call, schema out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict

from api.auth.access import anyone
from api.plans.backdrop import Backdrop
from api.plans.board import BoardState, PlanBoard, Publication
from api.plans.map_roads import RoadMap
from api.plans.places import Places
from api.plans.schemas import Plan, Totals
from api.plans.times import DayTimes

LOOKS_PER_SECOND = 4
"""How often a progress stream looks at the board; a look costs a microsecond."""
HEARTBEAT = 15.0
"""Seconds of silence after which a comment keeps proxies from closing the stream."""


class Progress(BaseModel):
    """One server-sent event: the board has something new."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Progress")

    state: BoardState
    seconds: float
    """Spent searching so far."""
    version: int
    """Counts publications; larger is later."""
    plan_id: str
    plan_version: int
    """With `plan_id`: which plan is on show. Another pair than the one held = fetch it again."""
    totals: Totals


class EventStream(StreamingResponse):
    """Server-sent events."""

    media_type = "text/event-stream"


class Shown:
    """The board, and what is derived once from the parts of it that never change."""

    def __init__(self, board: PlanBoard) -> None:
        self.board = board
        self.backdrop = Backdrop(board.network, board.shipments, board.day, lambda: board.roads)


def shown(request: Request) -> Shown:
    """The board of this application."""
    found: Shown = request.app.state.shown
    return found


OnShow = Annotated[Shown, Depends(shown)]
router = APIRouter(prefix="/api/v1/plans/current", tags=["plan on show"], dependencies=[anyone()])


@router.get("", response_model=Plan)
def read_plan(on_show: OnShow, request: Request) -> Response:
    """Answer with the plan on show, exactly as in `plan.json`."""
    plan = on_show.board.current
    tag = f'"{plan.plan_id}-{plan.version}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("If-None-Match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(plan.model_dump_json(by_alias=True), media_type="application/json", headers=headers)


@router.get("/places", response_model=Places)
def read_places(on_show: OnShow) -> Response:
    """Answer with sites, couriers, communes, and public facts of the shipments."""
    return Response(on_show.backdrop.places, media_type="application/json", headers={"Cache-Control": "no-cache"})


@router.get("/times", response_model=DayTimes)
def read_times(on_show: OnShow) -> Response:
    """Answer with when each shipment's stop may be served, and when the lines call at the bases."""
    return Response(on_show.backdrop.times, media_type="application/json", headers={"Cache-Control": "no-cache"})


@router.get("/roads", response_model=RoadMap)
def read_roads(on_show: OnShow) -> Response:
    """Answer with the roads as GeoJSON, one feature a road class."""
    return Response(on_show.backdrop.road_map, media_type="application/geo+json", headers={"Cache-Control": "no-cache"})


@router.get("/progress", response_class=EventStream, responses={200: {"model": Progress}})
async def follow_progress(on_show: OnShow) -> EventStream:
    """Stream a `Progress` now and after every publication, as server-sent events, until the client goes."""
    return EventStream(events(on_show.board), headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})


async def events(board: PlanBoard, *, heartbeat: float = HEARTBEAT) -> AsyncGenerator[str, None]:
    """
    Yield the text of server-sent events.

    Looks at the board now and then rather than wait in a thread: hundreds of pages may follow one plan.
    """
    seen, silent = 0, 0.0
    while True:
        latest = board.latest
        if latest.version > seen:
            seen, silent = latest.version, 0.0
            yield f"id: {seen}\ndata: {_progress(latest).model_dump_json()}\n\n"
        elif silent >= heartbeat:
            silent = 0.0
            yield ": still here\n\n"
        await asyncio.sleep(1 / LOOKS_PER_SECOND)
        silent += 1 / LOOKS_PER_SECOND


def _progress(publication: Publication) -> Progress:
    plan = publication.plan
    return Progress(
        state=publication.state,
        seconds=publication.seconds,
        version=publication.version,
        plan_id=plan.plan_id,
        plan_version=plan.version,
        totals=plan.totals,
    )
