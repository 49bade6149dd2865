"""Getting in and out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from api.auth import passwords
from api.auth.access import EVERY_ROLE, allow, anyone
from api.auth.cookies import drop_cookie, refresh_cookie, set_cookie
from api.auth.limits import clear_failures, count_failure, require_free
from api.auth.roles import Who
from api.auth.schemas import Ended, LogIn, Me, NewPassword, Renewal, SessionList, SessionShown, TokenPair
from api.auth.store import (
    Tokens,
    User,
    begin_session,
    change_password,
    end_sessions,
    find_user,
    list_sessions,
    not_logged_in,
    note_look,
    renew_session,
)
from api.auth.tokens import IDLE_FOR
from api.db.engine import Database
from api.errors import NotFoundError, RefusedError, UnknownCallerError
from api.service.runtime import Runtime, runtime_of

router = APIRouter(prefix="/api/v1/auth", tags=["auth"])
Anybody = Annotated[Who, allow(*EVERY_ROLE)]
SessionId = Annotated[str, Path(pattern=r"^[0-9a-f-]{36}$", examples=["01936f5e-7a00-7000-8000-000000000000"])]


@router.post("/login", dependencies=[anyone()])
async def log_in(body: LogIn, request: Request, response: Response) -> TokenPair:
    """Change name and password for tokens."""
    runtime, at = runtime_of(request), datetime.now(UTC)
    subjects = (f"login:{body.login[:150]}", f"from:{request.client.host if request.client else 'unknown'}")
    user = await run_in_threadpool(_known_user, runtime.database, body, subjects, at)
    right = await run_in_threadpool(passwords.matches, body.password, user.password_hash if user else None)

    def write(connection: Connection) -> Tokens | None:
        for subject in subjects:
            require_free(connection, subject, at)
        if user is None or not right or find_user(connection, user_id=user.user_id) != user or user.disabled:
            for subject in subjects:
                count_failure(connection, subject, at)
            province_id = user.scope.province_id if user else None
            note_look(connection, at, None, "login_failed", body.login, province_id=province_id)
            return None
        clear_failures(connection, subjects[0])
        note_look(connection, at, None, "login", user.user_id, province_id=user.scope.province_id)
        return begin_session(connection, user.user_id, at, lasts=IDLE_FOR)

    tokens = await runtime.writer.write(write)
    if tokens is None or user is None:
        raise UnknownCallerError("Tên đăng nhập hoặc mật khẩu không đúng.", "The name or the password is wrong.")
    pair = token_pair(tokens, must_change=user.must_change)
    return set_cookie(response, runtime.settings, pair) if body.cookie else pair


@router.post("/refresh", dependencies=[anyone()])
async def refresh(body: Renewal, request: Request, response: Response) -> TokenPair:
    """
    Change a refresh token for the next pair. Shown twice, it ends the session for everybody.

    Pages that share a cookie take turns (Web Locks): two at once would show the same token twice.
    """
    runtime, at = runtime_of(request), datetime.now(UTC)
    shown = body.refresh_token or refresh_cookie(request, runtime.settings)
    tokens = await runtime.writer.write(lambda c: renew_session(c, shown, at))
    if tokens is None:
        runtime.callers.forget()
        raise not_logged_in()
    pair = token_pair(tokens)
    return pair if body.refresh_token else set_cookie(response, runtime.settings, pair)


@router.post("/logout", status_code=204)
async def log_out(who: Anybody, request: Request) -> Response:
    """End this session."""
    runtime, at = runtime_of(request), datetime.now(UTC)
    await runtime.writer.write(lambda c: end_sessions(c, at, session_id=who.session_id))
    runtime.callers.forget()
    return drop_cookie(Response(status_code=204), runtime.settings)


@router.get("/sessions")
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


@router.delete("/sessions")
async def delete_sessions(who: Anybody, request: Request) -> Ended:
    """End every session of the caller, this one too."""
    return Ended(ended=await _end(request, who))


@router.delete("/sessions/{session_id}", status_code=204)
async def delete_session(session_id: SessionId, who: Anybody, request: Request) -> Response:
    """End one session of the caller."""
    if not await _end(request, who, session_id=session_id):
        raise NotFoundError("Không có phiên làm việc này.", "There is no such session.")
    return Response(status_code=204)


@router.get("/me")
async def read_me(who: Anybody) -> Me:
    """Say who is logged in."""
    return Me(
        user_id=who.user_id,
        name=who.name,
        role=who.role,
        province_id=who.scope.province_id,
        offices=tuple(sorted(who.scope.offices)),
        courier_id=who.courier_id,
        device_id=who.device_id,
    )


@router.put("/password", status_code=204)
async def put_password(body: NewPassword, who: Anybody, request: Request) -> Response:
    """Change one's own password; every session of the same person ends, this one too."""
    runtime, at = runtime_of(request), datetime.now(UTC)
    await run_in_threadpool(_change, runtime, body, who, at)
    runtime.callers.forget()
    return Response(status_code=204)


async def _end(request: Request, who: Who, **of: str) -> int:
    runtime, at = runtime_of(request), datetime.now(UTC)

    def write(connection: Connection) -> int:
        ended = end_sessions(connection, at, user_id=who.user_id, **of)
        note_look(connection, at, who, "sessions_ended", who.user_id, ended=ended)
        return ended

    ended = await runtime.writer.write(write)
    runtime.callers.forget()
    return ended


def _known_user(database: Database, body: LogIn, subjects: Sequence[str], at: datetime) -> User | None:
    with database.read() as connection:
        for subject in subjects:
            require_free(connection, subject, at)
        return find_user(connection, login=body.login)


def _change(runtime: Runtime, body: NewPassword, who: Who, at: datetime) -> None:
    with runtime.database.read() as connection:
        user = find_user(connection, user_id=who.user_id)
        assert user is not None
        require_free(connection, f"login:{user.login}", at)
    right = passwords.matches(body.old, user.password_hash)
    if right and passwords.matches(body.new, user.password_hash):
        raise RefusedError("Mật khẩu mới phải khác mật khẩu cũ.", "The new password has to differ from the old one.")
    password_hash = passwords.hashed(body.new, login=user.login) if right else ""

    def write(connection: Connection) -> bool:
        require_free(connection, f"login:{user.login}", at)
        if not right or find_user(connection, user_id=user.user_id) != user:
            count_failure(connection, f"login:{user.login}", at)
            return False
        change_password(connection, user.user_id, password_hash, must_change=False)
        end_sessions(connection, at, user_id=user.user_id)
        note_look(connection, at, who, "password_changed", user.user_id)
        return True

    if not runtime.writer.write_now(write):
        raise UnknownCallerError("Mật khẩu cũ không đúng.", "The old password is wrong.")


def token_pair(tokens: Tokens, *, must_change: bool = False) -> TokenPair:
    """Tokens as the API answers them."""
    return TokenPair(
        access_token=tokens.access,
        access_until=tokens.access_until,
        refresh_token=tokens.refresh,
        refresh_until=tokens.refresh_until,
        must_change_password=must_change,
    )
