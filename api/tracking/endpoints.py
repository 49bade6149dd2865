"""
Tracking for citizens, without an account: by the code, and more of it by the PIN.

Codes can be guessed, so whoever asks for many that do not exist has to wait longer and longer. A text that cannot be a
code is looked up all the same: it is answered in the same words and the same time as one that nobody uses.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import Connection, Row

from api.auth.access import allow, anyone
from api.auth.limits import count_failure, require_free
from api.auth.province import ProvinceQuery, province_of
from api.auth.roles import Role, Who
from api.auth.store import note_look
from api.custody.ledger_endpoints import receipt_page
from api.custody.pin import PinVerdict, check_pin, issue_pin, new_pin
from api.errors import NotFoundError, RefusedError, TooManyError, UnknownCallerError
from api.repeats.repeatable import Once
from api.service.runtime import Runtime, runtime_of
from api.shipments.endpoints import theirs
from api.tracking.pin_key import pin_key
from api.tracking.schemas import IssuedPin, OwnTrack, PinShown, Track
from api.tracking.showing import own_track_of, track_of
from api.tracking.store import count_attempt, has_pins, put_pin, stored_pin, tracked

router = APIRouter(prefix="/api/v1/track", tags=["tracking"])
Issuer = Annotated[Who, allow(Role.DESK, Role.DISPATCHER)]
Code = Annotated[str, Path(examples=["RR123456785VN"])]
OfProvince = Annotated[str | None, Query(description="Needed only for a code that two provinces use.")]

_FORM: Final = re.compile(r"[A-Za-z0-9._/-]{1,64}")
_NO_CODE: Final = "-"
"""Looked up in place of a text that cannot be a code."""


@router.get("/{code}", dependencies=[anyone()])
def read_track(request: Request, code: Code, province: OfProvince = None) -> Track:
    """Show where a shipment is, when that began, what comes next and what happened; nothing personal."""
    runtime = runtime_of(request)
    row = _found(runtime, request, code, province)
    with runtime.database.read() as connection:
        return track_of(connection, row)


@router.post("/{code}", dependencies=[anyone()])
def post_track(request: Request, code: Code, body: PinShown, province: OfProvince = None) -> OwnTrack:
    """Show the same to who has the PIN, with the name half masked and the reasons of attempts."""
    runtime = runtime_of(request)
    row = _opened(runtime, request, code, province, body.pin, "tracked_by_pin")
    with runtime.database.read() as connection:
        return own_track_of(connection, row)


@router.post(
    "/{code}/receipt",
    dependencies=[anyone()],
    response_class=Response,
    responses={200: {"content": {"text/html": {}}}},
)
def post_receipt(request: Request, code: Code, body: PinShown, province: OfProvince = None) -> Response:
    """Give the receipt: one page that proves each event with no server."""
    runtime = runtime_of(request)
    row = _opened(runtime, request, code, province, body.pin, "receipt_by_pin")
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
    """Issue a PIN for the acceptance slip, or a new one at a desk; it is shown this once."""
    runtime, province_id, at, pin = runtime_of(request), province_of(who, province), datetime.now(UTC), new_pin()
    key = _key(runtime)

    def write(connection: Connection) -> IssuedPin:
        row = theirs(connection, who, province_id, code)
        issued = issue_pin(row.code, pin, key, stored_pin(connection, province_id, row.code))
        put_pin(connection, province_id, issued, who.user_id, at)
        note_look(connection, at, who, "pin_issued", row.code, issue=issued.issue)
        return IssuedPin(code=code, pin=pin, issue=issued.issue)

    return once.write_now(write)


def _found(runtime: Runtime, request: Request, code: str, province: str | None) -> Row[Any]:
    """
    Find a shipment by its code.

    Raises
    ------
    NotFoundError
        When there is none: the address is one failure nearer to waiting.
    RefusedError
        When two provinces use the code.
    TooManyError
        When the address has asked for too many that do not exist.
    """
    subject, at = _subject("track", request), datetime.now(UTC)
    asked = code if _FORM.fullmatch(code) else _NO_CODE
    place = province if province is None or _FORM.fullmatch(province) else _NO_CODE
    with runtime.database.read() as connection:
        require_free(connection, subject, at)
        rows = tracked(connection, asked, place)
    if not rows:
        runtime.writer.write_now(lambda connection: count_failure(connection, subject, at))
        raise NotFoundError("Không có bưu gửi này.", "There is no such shipment.")
    if len(rows) > 1:
        raise RefusedError(
            "Hai tỉnh cùng dùng mã này: hãy chọn tỉnh.", "Two provinces use this code: name the province."
        )
    return rows[0]


def _opened(runtime: Runtime, request: Request, code: str, province: str | None, pin: str, action: str) -> Row[Any]:
    """
    Find a shipment for who knows its PIN; the look is noted.

    Raises
    ------
    UnknownCallerError
        When the PIN is wrong, or none was issued: nobody learns which.
    TooManyError
        When too many were wrong, for this shipment or from this address.
    """
    row, subject, at = _found(runtime, request, code, province), _subject("pin", request), datetime.now(UTC)
    key = _key(runtime)

    def write(connection: Connection) -> tuple[PinVerdict, datetime | None]:
        require_free(connection, subject, at)
        stored = stored_pin(connection, row.province_id, row.code)
        if stored is None:
            count_failure(connection, subject, at)
            return PinVerdict.WRONG, None
        verdict, after = check_pin(stored, pin, key, at)
        count_attempt(connection, row.province_id, after)
        if verdict is PinVerdict.WRONG:
            count_failure(connection, subject, at)
        done = action if verdict is PinVerdict.RIGHT else "pin_failed"
        note_look(connection, at, None, done, row.code, province_id=row.province_id, verdict=verdict.value)
        return verdict, after.waits_until

    verdict, waits_until = runtime.writer.write_now(write)
    if verdict is PinVerdict.WAITING and waits_until is not None:
        raise _wait(round((waits_until - at).total_seconds()))
    if verdict is not PinVerdict.RIGHT:
        raise UnknownCallerError("Mã PIN không đúng.", "The PIN is wrong.")
    return row


def _wait(seconds: int) -> TooManyError:
    return TooManyError(
        "Mã PIN đã bị nhập sai quá nhiều lần. Hãy thử lại sau, hoặc xin cấp lại ở bưu cục.",
        "Too many wrong PINs. Try again later, or ask for a new one at a post office.",
        retry_after=max(1, seconds),
    )


def _key(runtime: Runtime) -> bytes:
    with runtime.database.read() as connection:
        may_make = not has_pins(connection)
    return pin_key(runtime.settings.data_folder / "keys", may_make=may_make)


def _subject(kind: str, request: Request) -> str:
    return f"{kind}:{request.client.host if request.client else 'unknown'}"
