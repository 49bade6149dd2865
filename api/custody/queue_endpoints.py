"""The queue of events that somebody has to look at: what is wrong, what would mend it, and what was decided."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import Connection

from api.auth.access import allow
from api.auth.province import ProvinceQuery, province_of
from api.auth.roles import Role, Who
from api.auth.store import note_look
from api.custody.mending import mend_of
from api.custody.queue_store import (
    counts,
    evidence_of,
    looked_at,
    open_events,
    refused_event,
    refused_events,
    settle,
    settle_refused,
)
from api.custody.schemas import (
    LookedAt,
    OpenEvent,
    OpenEvents,
    OpenPiece,
    PieceOut,
    QueueCounts,
    RefusedEvent,
    RefusedEvents,
    RefusedSettlement,
    Settlement,
)
from api.service.runtime import runtime_of

router = APIRouter(prefix="/api/v1/custody", tags=["custody"])
Overseer = Annotated[Who, allow(Role.DISPATCHER, Role.AUDITOR, Role.ADMIN)]
Revealer = Annotated[Who, allow(Role.DISPATCHER, Role.AUDITOR)]
Dispatcher = Annotated[Who, allow(Role.DISPATCHER)]
EventId = Annotated[str, Path(pattern="^[A-Za-z0-9._-]{1,64}$", examples=["01890a5d-ac96-774b-bcce-000000000001"])]
After = Annotated[int, Query(ge=-1, le=2**53)]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.get("/incomplete")
def read_incomplete(
    who: Overseer, request: Request, after: After = -1, limit: Limit = 50, province: ProvinceQuery = None
) -> OpenEvents:
    """Events that lack a piece or contradict others: the dispatcher's queue."""
    province_id = province_of(who, province)
    with runtime_of(request).database.read() as connection:
        found = open_events(connection, who.scope, province_id, after, limit)
    shown = [OpenEvent(**_shown(row, awaits)) for row, awaits in found]
    return OpenEvents(events=shown, next=shown[-1].seq if len(shown) == limit else None)


@router.get("/incomplete/counts")
def read_counts(who: Overseer, request: Request, province: ProvinceQuery = None) -> QueueCounts:
    """How much there is to look at, by what is wrong."""
    province_id = province_of(who, province)
    with runtime_of(request).database.read() as connection:
        return QueueCounts(**asdict(counts(connection, who.scope, province_id)))


@router.get("/incomplete/{event_id}")
def read_one(who: Overseer, request: Request, event_id: EventId, province: ProvinceQuery = None) -> LookedAt:
    """One event of the queue: what is wrong with it, what would mend it, and what was decided."""
    province_id = province_of(who, province)
    with runtime_of(request).database.read() as connection:
        row, awaits = looked_at(connection, who.scope, province_id, event_id)
        evidence = evidence_of(connection, row.seq)
    return LookedAt(
        **_shown(row, awaits),
        record=json.loads(row.record),
        evidence=evidence,
        is_open=row.is_open == 1,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
        note=row.settled_note,
    )


@router.post("/incomplete/{event_id}/settled", status_code=204)
async def post_settled(
    event_id: EventId, body: Settlement, who: Dispatcher, request: Request, province: ProvinceQuery = None
) -> Response:
    """
    Take an event out of the queue, with what was found out; the event itself stays as it is.

    It comes back when something else speaks against it later. An event that did not occur needs no decision: a
    `CORRECT` event makes it void, and it leaves the queue by itself.
    """
    at, province_id = datetime.now(UTC), province_of(who, province)
    await runtime_of(request).writer.write(lambda c: settle(c, who, province_id, event_id, body.note, at))
    return Response(status_code=204)


@router.get("/refused")
def read_refused(
    who: Overseer, request: Request, after: After = -1, limit: Limit = 50, province: ProvinceQuery = None
) -> RefusedEvents:
    """Forged and malformed events, kept in quarantine: who sent them and why they moved nothing."""
    province_id = province_of(who, province)
    with runtime_of(request).database.read() as connection:
        found = refused_events(connection, who.scope, province_id, after, limit)
    shown = [RefusedEvent(**_refused(row)) for row in found]
    return RefusedEvents(events=shown, next=shown[-1].quarantine_id if len(shown) == limit else None)


@router.get("/refused/{quarantine_id}")
def read_refused_one(
    who: Revealer, request: Request, quarantine_id: Annotated[int, Path(ge=0, le=2**53)], province: ProvinceQuery = None
) -> RefusedEvent:
    """A refused event as it came, which may hold personal data; the look is noted."""
    province_id, at = province_of(who, province), datetime.now(UTC)

    def write(connection: Connection) -> Any:
        row = refused_event(connection, who.scope, province_id, quarantine_id)
        note_look(connection, at, who, "refused_revealed", str(quarantine_id), province_id=province_id)
        return row

    row = runtime_of(request).writer.write_now(write)
    return RefusedEvent(**_refused(row), content=row.content)


@router.post("/refused/{quarantine_id}/settled", status_code=204)
async def post_refused_settled(
    quarantine_id: Annotated[int, Path(ge=0, le=2**53)],
    body: RefusedSettlement,
    who: Dispatcher,
    request: Request,
    province: ProvinceQuery = None,
) -> Response:
    """
    Take a refused event out of the queue: put aside with a reason, or told again by another event.

    What was refused was not proven, so it can never be taken into the ledger as it came: whoever was there signs the
    fact anew (a `CORRECT`, when it replaces something), and that event is named here. The refused one stays as it is.
    """
    at, province_id = datetime.now(UTC), province_of(who, province)
    await runtime_of(request).writer.write(
        lambda c: settle_refused(c, who, province_id, quarantine_id, body.note, body.told_by, at)
    )
    return Response(status_code=204)


def _shown(row: Any, awaits: list[str]) -> dict[str, Any]:
    record = json.loads(row.record)
    return {
        "seq": row.seq,
        "event_id": row.event_id,
        "type": record["type"],
        "shipments": record["shipments"],
        "courier_id": record["data"].get("courier_id"),
        "office": row.office,
        "at": record["at"],
        "recorded_at": row.recorded_at,
        "pieces": tuple(_piece(piece) for piece in row.pieces or ()),
        "awaits": tuple(awaits),
    }


def _piece(piece: dict[str, str]) -> OpenPiece:
    vi, en = mend_of(piece["code"])
    return OpenPiece(**piece, mend_vi=vi, mend_en=en)


def _refused(row: Any) -> dict[str, Any]:
    return {
        "quarantine_id": row.quarantine_id,
        "received_at": row.received_at,
        "sent_by": row.sent_by,
        "device_id": row.device_id,
        "pieces": tuple(PieceOut(**piece) for piece in row.pieces),
        "settled_at": row.settled_at,
        "settled_by": row.settled_by,
        "note": row.settled_note,
        "told_by": row.told_by,
    }
