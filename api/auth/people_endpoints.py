"""Users, devices, and who looked at what."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from typing import Annotated

import segno
from fastapi import APIRouter, Path, Query, Request, Response
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from api.auth import passwords, people
from api.auth.access import allow, anyone
from api.auth.endpoints import token_pair
from api.auth.people_schemas import (
    DeviceList,
    DeviceShown,
    Enrolled,
    Enrolment,
    FirstPassword,
    Key,
    Look,
    LookList,
    NewDevice,
    NewProvince,
    NewUser,
    UserChange,
    UserList,
    UserShown,
)
from api.auth.roles import Role, Scope, Who
from api.auth.schemas import Ended
from api.auth.store import Tokens, User, add_province, add_user, begin_session, end_sessions, find_user, note_look
from api.auth.tokens import DEVICE_REFRESH_FOR
from api.errors import ForbiddenError, RefusedError
from api.ids import new_id
from api.service.runtime import runtime_of

router = APIRouter(prefix="/api/v1", tags=["people"])

Admin = Annotated[Who, allow(Role.ADMIN)]
Manager = Annotated[Who, allow(Role.ADMIN, Role.DISPATCHER)]
"""Dispatchers enrol phones and report them lost at half past six: no administrator is up then."""
Auditor = Annotated[Who, allow(Role.AUDITOR, Role.ADMIN)]
Limit = Annotated[int, Query(ge=1, le=200, description="Rows a page.")]
After = Annotated[str, Query(max_length=80, pattern=r"^[^\x00-\x1f]*$", description="`next_after` of the page before.")]
Id = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$", examples=["01936f5e-7a00-7000-8000-000000000000"])]


@router.post("/provinces", status_code=201)
async def post_province(body: NewProvince, who: Admin, request: Request) -> NewProvince:
    """Add a province; only for administrators of all of them."""
    if who.scope.province_id is not None:
        raise ForbiddenError(
            "Chỉ quản trị toàn hệ thống được thêm tỉnh.", "Only a system administrator adds provinces."
        )
    await runtime_of(request).writer.write(lambda c: add_province(c, body.province_id, body.name))
    return body


@router.get("/provinces")
def read_provinces(who: Admin, request: Request) -> tuple[NewProvince, ...]:
    """List the provinces that the caller sees."""
    with runtime_of(request).database.read() as connection:
        rows = people.list_provinces(connection, who)
    return tuple(NewProvince(province_id=row.province_id, name=row.name) for row in rows)


@router.get("/users")
def read_users(who: Admin, request: Request, after: After = "", limit: Limit = 100) -> UserList:
    """List the users of the caller's province, by login."""
    with runtime_of(request).database.read() as connection:
        found = people.list_users(connection, who, after=after, limit=limit)
    more = found[-1].login if len(found) == limit else None
    return UserList(users=tuple(UserShown.of(user) for user in found), next_after=more)


@router.post("/users", status_code=201)
async def post_user(body: NewUser, who: Admin, request: Request) -> FirstPassword:
    """Add a person. The first password is in the answer, and nowhere else."""
    scope = Scope(body.province_id, frozenset(body.offices))
    people.require_within(who, scope)
    people.require_whole(body.role, body.province_id, body.courier_id)
    at, user_id, password = datetime.now(UTC), new_id(), passwords.made_up()
    password_hash = await run_in_threadpool(passwords.hashed, password, login=user_id)
    user = User(
        user_id,
        body.login,
        body.name,
        body.role,
        scope,
        body.courier_id,
        password_hash,
        must_change=True,
        disabled=False,
    )

    def write(connection: Connection) -> None:
        add_user(connection, user, at)
        note_look(connection, at, who, "user_added", user.user_id, role=body.role)

    await runtime_of(request).writer.write(write)
    return FirstPassword(user_id=user.user_id, password=password)


@router.get("/users/{user_id}")
def read_user(user_id: Id, who: Admin, request: Request) -> UserShown:
    """Show a person."""
    with runtime_of(request).database.read() as connection:
        return UserShown.of(people.user_of(connection, who, user_id))


@router.patch("/users/{user_id}")
async def patch_user(user_id: Id, body: UserChange, who: Admin, request: Request) -> UserShown:
    """Change a name, the offices, or whether the person may log in."""
    at = datetime.now(UTC)

    def write(connection: Connection) -> User:
        user = people.user_of(connection, who, user_id)
        if body.offices is not None:
            people.require_within(who, Scope(user.scope.province_id, frozenset(body.offices)))
        if body.disabled and user.user_id == who.user_id:
            raise RefusedError("Không ai tự khóa mình được.", "Nobody disables themselves.")
        changes = body.model_dump(exclude_none=True)
        people.change_user(connection, user, at, **changes)
        note_look(connection, at, who, "user_changed", user_id, fields=sorted(changes))
        return people.user_of(connection, who, user_id)

    changed = await runtime_of(request).writer.write(write)
    runtime_of(request).callers.forget()
    return UserShown.of(changed)


@router.post("/users/{user_id}/password")
async def reset_password(user_id: Id, who: Admin, request: Request) -> FirstPassword:
    """Give a person a new first password, to be handed over on paper: no e-mail is needed."""
    at, password = datetime.now(UTC), passwords.made_up()
    password_hash = await run_in_threadpool(passwords.hashed, password, login=user_id)

    def write(connection: Connection) -> None:
        user = people.user_of(connection, who, user_id)
        people.change_user(connection, user, at, password_hash=password_hash, must_change=True)
        note_look(connection, at, who, "password_reset", user_id)

    await runtime_of(request).writer.write(write)
    runtime_of(request).callers.forget()
    return FirstPassword(user_id=user_id, password=password)


@router.delete("/users/{user_id}/sessions")
async def delete_user_sessions(user_id: Id, who: Admin, request: Request) -> Ended:
    """End every session of a person, on desks and devices."""
    at = datetime.now(UTC)

    def write(connection: Connection) -> int:
        user = people.user_of(connection, who, user_id)
        ended = end_sessions(connection, at, user_id=user.user_id)
        note_look(connection, at, who, "sessions_ended", user_id, ended=ended)
        return ended

    ended = await runtime_of(request).writer.write(write)
    runtime_of(request).callers.forget()
    return Ended(ended=ended)


@router.post("/users/{user_id}/enrolments", status_code=201)
async def post_enrolment(user_id: Id, who: Manager, request: Request) -> Enrolment:
    """Make a QR code that takes one device in for a courier or a desk."""
    runtime, at = runtime_of(request), datetime.now(UTC)

    def write(connection: Connection) -> tuple[str, datetime]:
        user = people.user_of(connection, who, user_id)
        if user.role not in {Role.COURIER, Role.DESK}:
            raise RefusedError("Chỉ bưu tá và quầy dùng thiết bị ghi danh.", "Only couriers and desks enrol devices.")
        if user.disabled:
            raise RefusedError("Người này đã bị khóa.", "This person is disabled.")
        note_look(connection, at, who, "enrolment_offered", user_id)
        return people.offer_enrolment(connection, user, who, at)

    code, until = await runtime.writer.write(write)
    address = f"{runtime.settings.public_url.rstrip('/')}/courier#enrol={code}"
    return Enrolment(code=code, address=address, svg=_qr(address), until=until)


@router.post("/devices", status_code=201, dependencies=[anyone()])
async def post_device(body: NewDevice, request: Request) -> Enrolled:
    """Enrol this device with the code it scanned. Its private key never leaves it."""
    at = datetime.now(UTC)

    def write(connection: Connection) -> tuple[str, Tokens]:
        device = people.enrol(connection, body.code, body.name, body.public_key, at)
        user = find_user(connection, user_id=device.user_id)
        province_id = user.scope.province_id if user else None
        note_look(connection, at, None, "device_enrolled", device.device_id, province_id=province_id)
        session = begin_session(connection, device.user_id, at, lasts=DEVICE_REFRESH_FOR, device_id=device.device_id)
        return device.device_id, session

    device_id, tokens = await runtime_of(request).writer.write(write)
    return Enrolled(device_id=device_id, tokens=token_pair(tokens))


@router.get("/devices")
def read_devices(who: Manager, request: Request, after: After = "", limit: Limit = 100) -> DeviceList:
    """List the devices of the caller's province."""
    with runtime_of(request).database.read() as connection:
        found = people.list_devices(connection, who, after=after, limit=limit)
    shown = tuple(DeviceShown.model_validate(device, from_attributes=True) for device in found)
    return DeviceList(devices=shown, next_after=found[-1].device_id if len(found) == limit else None)


@router.delete("/devices/{device_id}", status_code=204)
async def delete_device(device_id: Id, who: Manager, request: Request) -> Response:
    """Revoke a device: a lost phone is out at once."""
    at = datetime.now(UTC)

    def write(connection: Connection) -> None:
        device = people.device_of(connection, who, device_id)
        people.revoke_device(connection, device.device_id, at)
        note_look(connection, at, who, "device_revoked", device_id)

    await runtime_of(request).writer.write(write)
    runtime_of(request).callers.forget()
    return Response(status_code=204)


@router.get("/looks")
def read_looks(
    who: Auditor,
    request: Request,
    before: Annotated[int, Query(ge=1, le=2**53)] = 2**53,
    limit: Limit = 100,
    subject: Annotated[Key | None, Query()] = None,
) -> LookList:
    """List who looked at personal data, got in, or changed who may do what; the latest first."""
    with runtime_of(request).database.read() as connection:
        rows = people.list_looks(connection, who, before=before, limit=limit, subject=subject)
    shown = tuple(
        Look(
            look_id=row.look_id,
            at=row.at,
            user_id=row.user_id,
            action=row.action,
            subject=row.subject,
            request_id=row.request_id,
        )
        for row in rows
    )
    return LookList(looks=shown, next_before=rows[-1].look_id if len(rows) == limit else None)


def _qr(text: str) -> str:
    picture = BytesIO()
    segno.make(text, error="m").save(picture, kind="svg", scale=6, xmldecl=False, svgns=True)
    return picture.getvalue().decode()
