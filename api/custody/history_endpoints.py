"""What happened to a shipment: one endpoint for whoever may see it, registered or not."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from sqlalchemy import Connection

from api.auth.access import allow
from api.auth.province import ProvinceQuery, province_of
from api.auth.roles import Role, Who
from api.custody.custodian import Holding
from api.custody.history_schemas import History, HistoryEvent
from api.custody.history_store import Told, history, masked, require_seen, revealed
from api.custody.personal import Disclosure
from api.custody.schemas import PieceOut
from api.custody.store import fact_of
from api.service.runtime import runtime_of
from api.shipments.endpoints import note_reveal, sees
from api.shipments.store import find_shipment
from api.tracking.telling import told as in_words

router = APIRouter(prefix="/api/v1/shipments", tags=["shipments"])
Reader = Annotated[Who, allow(Role.ADMIN, Role.DISPATCHER, Role.DESK, Role.AUDITOR)]
Code = Annotated[str, Path(max_length=64, pattern=r"^[A-Za-z0-9._-]+$", examples=["RR123456785VN"])]


@router.get("/{code}/history")
def read_history(
    request: Request,
    who: Reader,
    code: Code,
    reveal: Annotated[bool, Query(description="Show personal data; that is noted.")] = False,
    after: Annotated[int, Query(ge=-1, le=2**53, description="The last `seq` seen; -1 = none.")] = -1,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
    province: ProvinceQuery = None,
) -> History:
    """
    Say what happened to a shipment, who had it after each event, and what is doubtful.

    Events come in the order of the ledger; `place` says in which order they happened.
    """
    runtime, province_id = runtime_of(request), province_of(who, province)
    with runtime.database.read() as connection:
        _require_seen(connection, who, province_id, code)
        told = history(connection, province_id, code)
    if reveal:
        note_reveal(runtime, who, province_id, "history_revealed", code)
    found = sorted((one for one in told if one.row.seq > after), key=lambda one: one.row.seq)
    shown = tuple(_shown(one, reveal=reveal) for one in found[:limit])
    return History(events=shown, after=shown[-1].seq if len(found) > limit else None)


def _require_seen(connection: Connection, who: Who, province_id: str, code: str) -> None:
    """Whoever sees the shipment sees its history; of any shipment, whoever had a hand in it."""
    row = find_shipment(connection, province_id, code)
    if row is None or not sees(who, province_id, row):
        require_seen(connection, who, province_id, code)


def _shown(one: Told, *, reveal: bool) -> HistoryEvent:
    row, record = one.row, one.record
    said_vi, said_en = in_words(fact_of(record).event)
    return HistoryEvent(
        seq=row.seq,
        place=one.place,
        ordered_by=one.ordered_by,
        event_id=row.event_id,
        type=record["type"],
        said_vi=said_vi,
        said_en=said_en,
        at=record["at"],
        clock_offset_ms=record["clock_offset_ms"],
        recorded_at=row.recorded_at,
        device_id=record["device_id"],
        holding=None if one.holding is None else Holding(one.holding),
        holder=one.holder,
        record=dict(record),
        personal=_personal(row.personal, reveal=reveal),
        erased=Disclosure.ERASED if row.personal is None else None,
        is_complete=not row.is_open,
        pieces=tuple(PieceOut(**piece) for piece in row.pieces or ()),
    )


def _personal(fields: Any, *, reveal: bool) -> dict[str, Any] | None:
    if fields is None:
        return None
    return revealed(fields) if reveal else masked(fields)
