"""Events and photos from devices; what the ledger says of a shipment."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.auth.access import allow
from api.auth.roles import Role, Who
from api.auth.store import note_look
from api.custody.answers import Answer
from api.custody.bodies import Sent, read_batch, require_length, whole_body
from api.custody.custodian import Holding
from api.custody.history_store import (
    Told,
    history,
    masked,
    open_events,
    province_of,
    require_seen,
    revealed,
    settle,
)
from api.custody.intake import Batch, as_json
from api.custody.personal import Disclosure
from api.custody.request_forms import BATCH_BODY, PROOF_BODY
from api.custody.schemas import (
    BatchAnswer,
    History,
    HistoryEvent,
    OpenEvent,
    OpenEvents,
    PieceOut,
    ProofAnswer,
    Settlement,
)
from api.errors import BadFileError, NotFoundError
from api.evidence.files import Stored
from api.service.runtime import Runtime, runtime_of

router = APIRouter(prefix="/api/v1/custody", tags=["custody"])
Sender = Annotated[Who, allow(Role.COURIER, Role.DESK, Role.DISPATCHER)]
Looker = Annotated[Who, allow(Role.DESK, Role.DISPATCHER, Role.AUDITOR)]
Dispatcher = Annotated[Who, allow(Role.DISPATCHER)]
Code = Annotated[str, Path(pattern="^[A-Za-z0-9._-]{1,64}$", examples=["RR123456785VN"])]
Limit = Annotated[int, Query(ge=1, le=200)]

MOST_FILES = 50
"""Photos in one request."""
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
    async with request.form(max_files=MOST_FILES, max_fields=1, max_part_size=runtime.settings.request_bytes) as form:
        batch, uploads = form.get("batch"), form.getlist("files")
        if not isinstance(batch, str) or not all(isinstance(one, UploadFile) for one in uploads):
            raise BadFileError("Cần một phần “batch” (JSON) và các phần “files”.", "A part “batch” and parts “files”.")
        contents = [await one.read() for one in uploads if isinstance(one, UploadFile)]
    sent = await _read(batch)
    files = tuple(await asyncio.gather(*(runtime.evidence.keep_soon(one) for one in contents)))
    answers = await _take(runtime, who, sent, files)
    return _answer({"answers": answers, "files": [asdict(file) for file in files]})


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


@router.get("/incomplete")
def read_incomplete(
    who: Dispatcher, request: Request, after: Annotated[int, Query(ge=-1, le=2**53)] = -1, limit: Limit = 50
) -> OpenEvents:
    """Events that lack a piece or contradict others: the dispatcher's queue."""
    with runtime_of(request).database.read() as connection:
        found = open_events(connection, who, after, limit)
    shown = [_open(row, awaits) for row, awaits in found]
    return OpenEvents(events=shown, next=shown[-1].seq if len(shown) == limit else None)


@router.post("/incomplete/{event_id}/settled", status_code=204)
async def post_settled(event_id: Code, body: Settlement, who: Dispatcher, request: Request) -> Response:
    """Take an event out of the queue, with what was found out; the event itself stays as it is."""
    at = datetime.now(UTC)
    is_settled = await runtime_of(request).writer.write(lambda c: settle(c, who, event_id, body.note, at))
    if not is_settled:
        raise NotFoundError("Không có sự kiện này trong hàng chờ.", "There is no such event in the queue.")
    return Response(status_code=204)


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


def _open(row: Any, awaits: list[str]) -> OpenEvent:
    record = json.loads(row.record)
    return OpenEvent(
        seq=row.seq,
        event_id=row.event_id,
        type=record["type"],
        shipments=record["shipments"],
        recorded_at=row.recorded_at,
        pieces=tuple(PieceOut(**piece) for piece in row.pieces or ()),
        awaits=tuple(awaits),
    )


async def _read(body: bytes | str) -> Sent:
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
