"""Where people are logged in, and how that ends."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy import Connection

from api.auth import people
from api.auth.access import EVERY_ROLE, allow
from api.auth.province import ProvinceQuery, province_of
from api.auth.proving import require_confirmed
from api.auth.roles import Role, Scope, Who
from api.auth.schemas import Ended, SessionList, SessionShown
from api.auth.store import end_sessions, list_sessions, note_look
from api.errors import NotFoundError
from api.service.runtime import runtime_of

router = APIRouter(prefix="/api/v1", tags=["auth"])
Anybody = Annotated[Who, allow(*EVERY_ROLE)]
Admin = Annotated[Who, allow(Role.ADMIN)]
SessionId = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$", examples=["01936f5e-7a00-7000-8000-000000000000"])]


@router.get("/auth/sessions")
def read_sessions(who: Anybody, request: Request) -> SessionList:
    """List everywhere the caller is logged in."""
    with runtime_of(request).database.read() as connection:
        rows = list_sessions(connection, who.user_id, datetime.now(UTC))
    return SessionList(
        sessions=tuple(
            SessionShown(
                session_id=row.session_id,
                device_id=row.device_id,
                began_at=row.created_at,
                until=row.refresh_until,
                this_one=row.session_id == who.session_id,
            )
            for row in rows
        )
    )


@router.delete("/auth/sessions")
async def delete_sessions(who: Anybody, request: Request) -> Ended:
    """End every session of the caller, this one too; the password was given in the last ten minutes."""
    require_confirmed(who, datetime.now(UTC))
    return Ended(ended=await _end_own(request, who))


@router.delete("/auth/sessions/{session_id}", status_code=204)
async def delete_session(session_id: SessionId, who: Anybody, request: Request) -> Response:
    """End one session of the caller; another than this one only when the password was given in the last ten minutes."""
    if session_id != who.session_id:
        require_confirmed(who, datetime.now(UTC))
    if not await _end_own(request, who, session_id=session_id):
        raise NotFoundError("Không có phiên làm việc này.", "There is no such session.")
    return Response(status_code=204)


@router.delete("/users/{user_id}/sessions")
async def delete_user_sessions(user_id: SessionId, who: Admin, request: Request) -> Ended:
    """End every session of a person, on desks and devices."""
    runtime, at = runtime_of(request), datetime.now(UTC)

    def write(connection: Connection) -> int:
        user = people.user_of(connection, who, user_id)
        ended = end_sessions(connection, at, user_id=user.user_id)
        note_look(connection, at, who, "sessions_ended", user_id, ended=ended)
        return ended

    ended = await runtime.writer.write(write)
    runtime.callers.forget()
    return Ended(ended=ended)


@router.delete("/sessions")
async def delete_all_sessions(who: Admin, request: Request, province: ProvinceQuery = None) -> Ended:
    """
    End every session of everybody in the caller's scope, this one too: when tokens may have been stolen.

    With `province` of that province only. The password was given in the last ten minutes. People log in again with
    their passwords, devices get in again by their keys.
    """
    runtime, at = runtime_of(request), datetime.now(UTC)
    require_confirmed(who, at)
    province_id = province_of(who, province) if province is not None else who.scope.province_id
    scope = Scope(province_id, who.scope.offices)

    def write(connection: Connection) -> int:
        ended = people.end_everybodys_sessions(connection, scope, at)
        note_look(connection, at, who, "all_sessions_ended", province_id or "*", province_id=province_id, ended=ended)
        return ended

    ended = await runtime.writer.write(write)
    runtime.callers.forget()
    return Ended(ended=ended)


async def _end_own(request: Request, who: Who, **of: str) -> int:
    runtime, at = runtime_of(request), datetime.now(UTC)

    def write(connection: Connection) -> int:
        ended = end_sessions(connection, at, user_id=who.user_id, **of)
        note_look(connection, at, who, "sessions_ended", who.user_id, ended=ended)
        return ended

    ended = await runtime.writer.write(write)
    runtime.callers.forget()
    return ended
