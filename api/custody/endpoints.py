"""Events and photos from devices; what the ledger says of a shipment."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request, Response
from starlette.concurrency import run_in_threadpool

from api.auth.access import allow
from api.auth.roles import Role, Who
from api.auth.store import note_look
from api.custody.answers import Answer
from api.custody.bodies import Sent, read_batch, require_length, whole_body
from api.custody.custodian import Holding
from api.custody.forms import read_form
from api.custody.history_store import (
    Told,
    history,
    masked,
    province_of,
    require_seen,
    revealed,
)
from api.custody.intake import Batch
from api.custody.personal import Disclosure
from api.custody.rejudging import as_json
from api.custody.request_forms import BATCH_BODY, PROOF_BODY
from api.custody.schemas import (
    BatchAnswer,
    History,
    HistoryEvent,
    PieceOut,
    ProofAnswer,
    SealKeyOut,
)
from api.evidence.files import Stored
from api.service.runtime import Runtime, runtime_of

router = APIRouter(prefix="/api/v1/custody", tags=["custody"])
Sender = Annotated[Who, allow(Role.COURIER, Role.DESK, Role.DISPATCHER)]
Looker = Annotated[Who, allow(Role.DESK, Role.DISPATCHER, Role.AUDITOR)]
Code = Annotated[str, Path(pattern="^[A-Za-z0-9._-]{1,64}$", examples=["RR123456785VN"])]

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
    files = tuple(await asyncio.gather(*(runtime.evidence.keep_soon(one) for one in form.files)))
    answers = await _take(runtime, who, sent, files)
    return _answer({"answers": answers, "files": [asdict(file) for file in files]})


@router.get("/seal-key")
async def read_seal_key(who: Sender, request: Request) -> SealKeyOut:  # noqa: ARG001
    """Give the key that PINs are sealed to; a phone asks whenever it is online, for the key may change."""
    return SealKeyOut(public_key=runtime_of(request).seal_keys.public_key)


HOT: Final = (post_events, post_proofs)
"""Called hundreds of times a second: they stand on a short way (`api.service.direct`)."""


@router.get("/shipments/{code}/events")
def read_history(who: Looker, request: Request, code: Code, reveal: bool = False) -> History:
    """A shipment's events in the order of custody; personal fields are masked, or revealed and the look noted."""
    runtime = runtime_of(request)
    with runtime.database.read() as connection:
        require_seen(connection, who, code)
        told = history(connection, province_of(who), code)
    if reveal:
        at = datetime.now(UTC)
        runtime.writer.write_now(lambda connection: note_look(connection, at, who, "history", code))
    return History(events=[_told(one, reveal=reveal) for one in told])


def _told(one: Told, *, reveal: bool) -> HistoryEvent:
    row, record, show = one.row, one.record, revealed if reveal else masked
    return HistoryEvent(
        seq=row.seq,
        event_id=row.event_id,
        type=record["type"],
        at=record["at"],
        recorded_at=row.recorded_at,
        clock_offset_ms=record["clock_offset_ms"],
        device_id=record["device_id"],
        holding=None if one.holding is None else Holding(one.holding),
        holder=one.holder,
        record=dict(record),
        personal=None if row.personal is None else show(row.personal),
        erased="" if row.personal is not None else Disclosure.ERASED,
        is_complete=not row.is_open,
        pieces=tuple(PieceOut(**piece) for piece in row.pieces or ()),
    )


async def _read(body: bytes) -> Sent:
    return read_batch(body) if len(body) < FEW else await run_in_threadpool(read_batch, body)


async def _take(runtime: Runtime, who: Who, sent: Sent, files: tuple[Stored, ...] = ()) -> list[dict[str, Any]]:
    answers = await runtime.intake.take(Batch(who, sent.events, files, sent.clock_offset))
    return [_said(answer) for answer in answers]


def _said(answer: Answer) -> dict[str, Any]:
    pieces = [as_json(piece) for piece in answer.pieces]
    return {"event_id": answer.event_id, "verdict": answer.verdict, "pieces": pieces}


def _answer(content: dict[str, Any]) -> Response:
    """As ASCII: what came may hold half a surrogate pair, which is no UTF-8."""
    return Response(json.dumps(content), media_type="application/json")
