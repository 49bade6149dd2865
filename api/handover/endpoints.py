"""Hand-over between the dispatchers of a province over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi import Path as PathParam
from sqlalchemy import Connection, Row

from api.auth.access import allow
from api.auth.province import ProvinceQuery, province_of
from api.auth.roles import Role, Who
from api.auth.store import note_look
from api.handover.open_store import open_things
from api.handover.schemas import AN_ID, DutyDay, Handover, NewDuty, NewHandover, OpenThings, Person
from api.handover.store import Said, give, handovers_of, take, take_on
from api.plans.owned import require_province
from api.service.runtime import Runtime, runtime_of

router = APIRouter(prefix="/api/v1/handovers", tags=["handover"])

Reader = Annotated[Who, allow(Role.DISPATCHER, Role.ADMIN, Role.AUDITOR)]
Dispatcher = Annotated[Who, allow(Role.DISPATCHER)]
HandoverId = Annotated[str, PathParam(pattern="^[0-9a-f-]{36}$", examples=[AN_ID])]


@router.get("")
def read_duty_day(
    who: Reader, request: Request, day: Annotated[date, Query(examples=["2026-11-25"])], province: ProvinceQuery = None
) -> DutyDay:
    """Say who is on duty for a province's day, who was, what they left to each other, and what is open now."""
    province_id = _whole_province(who, province)
    runtime = runtime_of(request)
    open_now = _open(runtime, province_id, day)
    with runtime.database.read() as connection:
        found = tuple(map(_handover, handovers_of(connection, province_id, day)))
    taken = tuple(one for one in found if one.taken_at is not None)
    return DutyDay(
        day=day,
        on_duty=taken[0].taken_by if taken else None,
        since=taken[0].taken_at if taken else None,
        waiting=next((one for one in found if one.taken_at is None), None),
        history=taken,
        open=open_now,
    )


@router.post("", status_code=201)
def post_handover(body: NewHandover, who: Dispatcher, request: Request, province: ProvinceQuery = None) -> DutyDay:
    """Leave the day to whoever takes it over, with what is open now and a note. Sent twice, it is given once."""
    province_id, runtime = _whole_province(who, province), runtime_of(request)
    open_now = _open(runtime, province_id, body.day).model_dump(mode="json")
    said, at = _said(body, province_id), datetime.now(UTC)
    runtime.writer.write_now(lambda connection: give(connection, who, said, open_now, at))
    return read_duty_day(who, request, body.day, province)


@router.post("/duties", status_code=201)
def post_duty(body: NewDuty, who: Dispatcher, request: Request, province: ProvinceQuery = None) -> DutyDay:
    """Begin a day's duty that nobody gives: as the first, or in somebody's place, which the note has to explain."""
    province_id, at = _whole_province(who, province), datetime.now(UTC)
    said = _said(body, province_id)
    runtime_of(request).writer.write_now(lambda connection: take_on(connection, who, said, at))
    return read_duty_day(who, request, body.day, province)


@router.post("/{handover_id}/taken")
def post_taken(handover_id: HandoverId, who: Dispatcher, request: Request, province: ProvinceQuery = None) -> DutyDay:
    """Take over what another dispatcher left, in one's own name; that is noted."""
    province_id, at = _whole_province(who, province), datetime.now(UTC)

    def write(connection: Connection) -> Row[Any]:
        row = take(connection, who, province_id, handover_id, at)
        note_look(connection, at, who, "duty_taken", handover_id)
        return row

    taken = runtime_of(request).writer.write_now(write)
    return read_duty_day(who, request, date.fromisoformat(taken.day), province)


def _whole_province(who: Who, wanted: str | None) -> str:
    province_id = province_of(who, wanted)
    require_province(who, province_id)
    return province_id


def _said(body: NewHandover, province_id: str) -> Said:
    return Said(str(body.handover_id), province_id, body.day, body.note.strip())


def _open(runtime: Runtime, province_id: str, day: date) -> OpenThings:
    published = runtime.rounds.on(province_id, day)
    with runtime.database.read() as connection:
        return open_things(connection, province_id, published, datetime.now(UTC))


def _handover(row: Row[Any]) -> Handover:
    return Handover(
        handover_id=row.handover_id,
        given_by=_person(row.given_by, row.given_name),
        given_at=row.given_at,
        note=row.note,
        open=OpenThings.model_validate(row.open) if row.open is not None else None,
        taken_by=_person(row.taken_by, row.taken_name),
        taken_at=row.taken_at,
    )


def _person(user_id: str | None, name: str | None) -> Person | None:
    return None if user_id is None else Person(user_id=user_id, name=str(name))
