"""Events and photos from devices."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any, Final

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from api.auth.access import allow
from api.auth.roles import Role, Who
from api.custody.batch import Batch
from api.custody.bodies import Sent, read_batch, require_length, whole_body
from api.custody.forms import read_form
from api.custody.rejudging import as_json
from api.custody.request_forms import BATCH_BODY, PROOF_BODY
from api.custody.schemas import BatchAnswer, ProofAnswer, SealKeyOut
from api.custody.verdicts import Answer
from api.evidence.files import Arriving
from api.service.runtime import Runtime, runtime_of

router = APIRouter(prefix="/api/v1/custody", tags=["custody"])
Sender = Annotated[Who, allow(Role.COURIER, Role.DESK, Role.DISPATCHER)]

FEW = 10_000
"""Bytes that are read sooner than a thread begins to."""


@router.post("/events", response_model=BatchAnswer, openapi_extra=BATCH_BODY)
async def post_events(who: Sender, request: Request) -> Response:
    """
    Take events in, each for itself: accepted, duplicate, incomplete or refused.

    Sending again is harmless, and the thing to do when no answer came.
    """
    runtime = runtime_of(request)
    body = await whole_body(request, runtime.settings.request_bytes)
    answers = await _take(runtime, who, await _read(body))
    return _answer({"answers": answers})


@router.post("/proofs", response_model=ProofAnswer, openapi_extra=PROOF_BODY)
async def post_proofs(who: Sender, request: Request) -> Response:
    """Take events in together with their photos; all of it, or on an error nothing, is on disk."""
    runtime = runtime_of(request)
    require_length(request, runtime.settings.request_bytes)
    body = await whole_body(request, runtime.settings.request_bytes)
    form = read_form(request.headers.get("content-type", ""), body)
    sent = await _read(form.batch)
    files = [await runtime.evidence.keep_soon(one) for one in form.files]
    answers = await _take(runtime, who, sent, files)
    return _answer({"answers": answers, "files": [asdict(file.stored) for file in files]})


@router.get("/seal-key")
async def read_seal_key(who: Sender, request: Request) -> SealKeyOut:  # noqa: ARG001
    """Give the key that PINs are sealed to; a phone asks whenever it is online, for the key may change."""
    return SealKeyOut(public_key=runtime_of(request).seal_keys.public_key)


HOT: Final = (post_events, post_proofs)
"""Called hundreds of times a second: they stand on a short way (`api.service.direct`)."""


async def _read(body: bytes) -> Sent:
    return read_batch(body) if len(body) < FEW else await run_in_threadpool(read_batch, body)


async def _take(runtime: Runtime, who: Who, sent: Sent, files: Sequence[Arriving] = ()) -> list[dict[str, Any]]:
    answers = await runtime.intake.take(Batch(who, sent.events, files, sent.clock_offset))
    return [_said(answer) for answer in answers]


def _said(answer: Answer) -> dict[str, Any]:
    pieces = [as_json(piece) for piece in answer.pieces]
    return {"event_id": answer.event_id, "verdict": answer.verdict, "pieces": pieces}


def _answer(content: dict[str, Any]) -> Response:
    """As ASCII: what came may hold half a surrogate pair, which is no UTF-8."""
    return Response(json.dumps(content), media_type="application/json")
