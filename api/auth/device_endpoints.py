"""Phones and desks' computers: taken in with a QR code, let in again by their key, revoked when they are lost."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Annotated

import segno
from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from api.auth import device_store as devices
from api.auth import people
from api.auth.access import allow, anyone
from api.auth.device_schemas import (
    Challenge,
    DeviceList,
    DeviceShown,
    Enrolled,
    Enrolment,
    KeyRenewal,
    NewDevice,
)
from api.auth.endpoints import token_pair
from api.auth.limits import count_failure, of_address, require_free
from api.auth.people_endpoints import After, Id, Limit
from api.auth.roles import Role, Who
from api.auth.schemas import TokenPair
from api.auth.store import Tokens, begin_session, find_user, not_logged_in, note_look
from api.auth.tokens import DEVICE_REFRESH_FOR
from api.custody.signing import is_signed
from api.db.engine import Database
from api.errors import ApiError, RefusedError
from api.repeats.repeatable import Once
from api.service.runtime import runtime_of

router = APIRouter(prefix="/api/v1", tags=["devices"])

Manager = Annotated[Who, allow(Role.ADMIN, Role.DISPATCHER)]
"""Dispatchers enrol phones and report them lost at half past six: no administrator is up then."""


@router.post("/users/{user_id}/enrolments", status_code=201)
async def post_enrolment(user_id: Id, who: Manager, request: Request, once: Once) -> Enrolment:
    """Make a QR code that takes one device in for a courier, a desk or a dispatcher."""
    runtime, at = runtime_of(request), datetime.now(UTC)

    def write(connection: Connection) -> Enrolment:
        user = people.user_of(connection, who, user_id)
        if user.role not in {Role.COURIER, Role.DESK, Role.DISPATCHER}:
            raise RefusedError(
                "Chỉ bưu tá, quầy và điều phối viên dùng thiết bị ghi danh.",
                "Only couriers, desks and dispatchers enrol devices.",
            )
        if user.disabled:
            raise RefusedError("Người này đã bị khóa.", "This person is disabled.")
        note_look(connection, at, who, "enrolment_offered", user_id)
        code, until = devices.offer_enrolment(connection, user, who, at)
        page = "courier" if user.role is Role.COURIER else "desk"
        address = f"{runtime.settings.public_url.rstrip('/')}/{page}#enrol={code}"
        return Enrolment(code=code, address=address, svg=_qr(address), until=until)

    return await once.write(write)


@router.post("/devices", status_code=201, dependencies=[anyone()])
async def post_device(body: NewDevice, once: Once) -> Enrolled:
    """Enrol this device with the code it scanned. Its private key never leaves it."""
    at = datetime.now(UTC)

    def write(connection: Connection) -> Enrolled:
        device = devices.enrol(connection, body.code, body.name, body.public_key, at, first_counter=body.first_counter)
        user = find_user(connection, user_id=device.user_id)
        province_id = user.scope.province_id if user else None
        note_look(connection, at, None, "device_enrolled", device.device_id, province_id=province_id)
        session = begin_session(connection, device.user_id, at, lasts=DEVICE_REFRESH_FOR, device_id=device.device_id)
        return Enrolled(device_id=device.device_id, tokens=token_pair(session))

    return await once.write(write)


@router.get("/devices")
def read_devices(who: Manager, request: Request, after: After = "", limit: Limit = 100) -> DeviceList:
    """List the devices of the people in the caller's scope."""
    with runtime_of(request).database.read() as connection:
        found = devices.list_devices(connection, who, after=after, limit=limit)
    shown = tuple(DeviceShown.model_validate(device, from_attributes=True) for device in found)
    return DeviceList(devices=shown, next_after=found[-1].device_id if len(found) == limit else None)


@router.delete("/devices/{device_id}", status_code=204)
async def delete_device(device_id: Id, who: Manager, request: Request) -> Response:
    """Revoke a device: a lost phone is out at once, and told to wipe itself at its next contact."""
    at = datetime.now(UTC)

    def write(connection: Connection) -> None:
        device = devices.device_of(connection, who, device_id)
        devices.revoke_device(connection, device.device_id, at)
        note_look(connection, at, who, "device_revoked", device_id)

    await runtime_of(request).writer.write(write)
    runtime_of(request).callers.forget()
    return Response(status_code=204)


@router.post("/auth/challenge", dependencies=[anyone()])
async def post_challenge(request: Request) -> Challenge:
    """Ask for something to sign with a device's key, to get in by `POST /api/v1/auth/renew`."""
    runtime, at = runtime_of(request), datetime.now(UTC)
    runtime.pace.take(of_address(request))
    challenge, until = await runtime.writer.write(lambda c: devices.offer_challenge(c, at))
    return Challenge(challenge=challenge, until=until)


@router.post("/auth/renew", dependencies=[anyone()])
async def renew_by_key(body: KeyRenewal, request: Request) -> TokenPair:
    """
    Get a fresh session as an enrolled device, by its key: after a lost answer, or a month without signal.

    Only the moment of the server counts: a phone's clock may be a day wrong. Each challenge serves one attempt. A
    revoked device hears `must_wipe`: it may hand in its events and photos, everything else answers `device_revoked`.
    It does so when its person is disabled, too.
    """
    runtime, at, address = runtime_of(request), datetime.now(UTC), of_address(request)
    runtime.pace.take(address)
    province_id, is_holder = await run_in_threadpool(_is_holder, runtime.database, body, address, at)

    def write(connection: Connection) -> Tokens | ApiError:
        require_free(connection, address, at)
        fresh = devices.take_challenge(connection, body.challenge, at)
        begun = devices.begin_device_session(connection, body.device_id, at) if fresh and is_holder else None
        answer = begun or not_logged_in()
        if isinstance(answer, ApiError):
            count_failure(connection, address, at)
        if province_id is not None:
            note_look(connection, at, None, _named(answer), body.device_id, province_id=province_id)
        return answer

    answer = await runtime.writer.write(write)
    if isinstance(answer, ApiError):  # not raised before: what was noted stays
        raise answer
    return token_pair(answer)


def _named(answer: Tokens | ApiError) -> str:
    """What is written down of a renewal."""
    if isinstance(answer, ApiError):
        return "renewal_refused"
    return "revoked_device_told" if answer.must_wipe else "device_renewed"


def _is_holder(database: Database, body: KeyRenewal, address: str, at: datetime) -> tuple[str | None, bool]:
    """The province of a device, if there is such a one, and whether its key signed."""
    with database.read() as connection:
        require_free(connection, address, at)
        device = devices.find_device(connection, body.device_id)
        user = None if device is None else find_user(connection, user_id=device.user_id)
    if device is None or user is None:
        return None, False
    return user.scope.province_id, is_signed(body.signed, body.signature, device.public_key)


def _qr(text: str) -> str:
    picture = BytesIO()
    segno.make(text, error="m").save(picture, kind="svg", scale=6, xmldecl=False, svgns=True)
    return picture.getvalue().decode()
