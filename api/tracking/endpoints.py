"""Tracking for citizens, without an account: by the code, and more of it by the PIN."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import Connection

from api.auth.access import allow, anyone
from api.auth.province import ProvinceQuery, province_of
from api.auth.roles import Role, Who
from api.auth.store import note_look
from api.custody.late_pins import check_late_pins
from api.custody.ledger_endpoints import receipt_page
from api.custody.pin import issue_pin, new_pin
from api.errors import NotFoundError
from api.repeats.repeatable import Once
from api.service.runtime import runtime_of
from api.shipments.door import require_at_the_door
from api.shipments.endpoints import theirs
from api.tracking.opening import found, key_of, opened
from api.tracking.schemas import IssuedPin, OwnTrack, PinShown, Track
from api.tracking.showing import own_track_of, track_of
from api.tracking.store import put_pin, stored_pin
from api.tracking.visits import ahead

router = APIRouter(prefix="/api/v1/track", tags=["tracking"])
Issuer = Annotated[Who, allow(Role.DESK, Role.DISPATCHER, Role.COURIER)]
Code = Annotated[str, Path(examples=["RR123456785VN"])]
OfProvince = Annotated[str | None, Query(description="Needed only for a code that two provinces use.")]


@router.get("/{code}", dependencies=[anyone()])
def read_track(request: Request, code: Code, province: OfProvince = None) -> Track:
    """Show where a shipment is, when that began, what comes next and what happened; nothing personal."""
    runtime = runtime_of(request)
    row = found(runtime, request, code, province)
    with runtime.database.read() as connection:
        return track_of(connection, row)


@router.post("/{code}", dependencies=[anyone()])
def post_track(request: Request, code: Code, body: PinShown, province: OfProvince = None) -> OwnTrack:
    """Show the same to who has the PIN, with the name half masked and the reasons of attempts."""
    runtime = runtime_of(request)
    row = opened(runtime, request, code, province, body.pin, "tracked_by_pin")
    visit = ahead(runtime.rounds, row.province_id, row.code, datetime.now(UTC)).visit
    with runtime.database.read() as connection:
        return own_track_of(connection, row, visit)


@router.post(
    "/{code}/receipt",
    dependencies=[anyone()],
    response_class=Response,
    responses={200: {"content": {"text/html": {}}}},
)
def post_receipt(request: Request, code: Code, body: PinShown, province: OfProvince = None) -> Response:
    """Give the receipt: one page that proves each event with no server."""
    runtime = runtime_of(request)
    row = opened(runtime, request, code, province, body.pin, "receipt_by_pin")
    with runtime.database.read() as connection:
        timeline = track_of(connection, row).timeline
    if not timeline:
        raise NotFoundError("Chưa có sự kiện nào để lập biên nhận.", "There is no event to prove yet.")
    name = row.code.replace("/", "-")
    headers = {"Content-Disposition": f'attachment; filename="{name}.html"', "Cache-Control": "no-store"}
    page = receipt_page(runtime, row.province_id, row.code)
    return Response(page, media_type="text/html; charset=utf-8", headers=headers)


@router.post("/{code}/pin", status_code=201)
def post_pin(
    request: Request,
    who: Issuer,
    code: Annotated[str, Path(pattern=r"^[A-Za-z0-9._/-]{1,64}$")],
    once: Once,
    province: ProvinceQuery = None,
) -> IssuedPin:
    """
    Issue a PIN for the acceptance slip, or a new one at a desk; it is shown this once.

    A courier issues one for a dossier that they hold or that nobody has yet, and never for a result: its PIN proves a
    delivery, and is the recipient's alone.
    """
    runtime, province_id, at, pin = runtime_of(request), province_of(who, province), datetime.now(UTC), new_pin()
    key = key_of(runtime)

    def write(connection: Connection) -> IssuedPin:
        row = theirs(connection, who, province_id, code)
        require_at_the_door(who, row)
        issued = issue_pin(row.code, pin, key, stored_pin(connection, province_id, row.code))
        put_pin(connection, province_id, issued, who.user_id, at)
        note_look(connection, at, who, "pin_issued", row.code, issue=issued.issue)
        check_late_pins(connection, runtime.pins, at, of=(province_id, {row.code}))
        return IssuedPin(code=code, pin=pin, issue=issued.issue)

    return once.write_now(write)
