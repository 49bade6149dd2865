"""`POST /vroom`: a door for programs that speak VROOM. Nothing is stored."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api.vroom.child import solve_in_child
from api.vroom.schemas import VroomAnswer, VroomError, VroomRequest
from api.vroom.solving import VroomCode, vroom_error

MOST_BYTES = 32 * 2**20
"""Of a request: 2,500 x 2,500 seconds of up to five digits fit."""
START = 20.0
"""Seconds that a child may take beside its search: to load the engine, read and write."""

_STATUS = {VroomCode.OK: 200, VroomCode.INTERNAL: 500, VroomCode.INPUT: 400}
"""As vroom-express answers: https://github.com/VROOM-Project/vroom-express."""


def vroom_router(
    *, seconds: float = 5.0, at_once: int = 1, start: float = START, dependencies: Sequence[Any] = ()
) -> APIRouter:
    """
    Make the endpoint.

    Parameters
    ----------
    seconds
        Of search for each request.
    at_once
        Searches running at the same time; who has waited as long as one search may take is told to come back.
    start
        Seconds that a child may take beside its search.
    dependencies
        Who may ask: it keeps the processors busy.
    """
    router = APIRouter(tags=["vroom"], dependencies=list(dependencies))
    turns = asyncio.Semaphore(at_once)
    deadline = seconds + start

    @router.post(
        "/vroom",
        summary="Solve a VROOM problem",
        response_model=VroomAnswer,
        responses={
            code: {"model": VroomError, "description": what}
            for code, what in (
                (400, "The problem cannot be honoured."),
                (413, "The request is too large."),
                (500, "The search took too long or failed."),
                (503, "Too many searches are running."),
            )
        },
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": VroomRequest.model_json_schema()}},
            }
        },
    )
    async def solve_vroom_problem(request: Request) -> JSONResponse:
        """Takes jobs, shipments, vehicles and matrices as VROOM's API does, and answers in VROOM's form."""
        body = await _body(request)
        if body is None:
            return _answer(vroom_error(VroomCode.INPUT, f"the request is larger than {MOST_BYTES} bytes"), 413)
        async with _turn(turns, deadline) as is_mine:
            if not is_mine:
                return _answer(vroom_error(VroomCode.INTERNAL, "too many searches are running"), 503)
            answer = await solve_in_child(body, seconds=seconds, deadline=deadline)
        return _answer(answer, _STATUS[VroomCode(answer["code"])])

    return router


def _answer(answer: dict[str, Any], status: int) -> JSONResponse:
    return JSONResponse(answer, status, {"Retry-After": "5"} if status == 503 else None)


async def _body(request: Request) -> bytes | None:
    """The request's body; None = it is too large, whatever its length is said to be."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            return None
    return bytes(body)


@asynccontextmanager
async def _turn(turns: asyncio.Semaphore, patience: float) -> AsyncIterator[bool]:
    """Wait for one's turn; false = it did not come in time."""
    try:
        await asyncio.wait_for(turns.acquire(), patience)
    except TimeoutError:
        yield False
        return
    try:
        yield True
    finally:
        turns.release()
