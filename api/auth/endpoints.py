"""Getting in and out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from api.auth import passwords
from api.auth.access import EVERY_ROLE, allow, anyone
from api.auth.cookies import drop_cookie, refresh_cookie, set_cookie
from api.auth.limits import clear_failures, count_failure, of_address, of_login, require_free
from api.auth.proving import person_of, prove
from api.auth.roles import Who
from api.auth.schemas import Confirmation, LogIn, Me, NewPassword, Renewal, TokenPair
from api.auth.store import (
    Tokens,
    User,
    begin_session,
    choose_password,
    confirm_session,
    end_sessions,
    find_user,
    not_logged_in,
    note_look,
    renew_session,
)
from api.auth.tokens import IDLE_FOR
from api.db.engine import Database
from api.errors import RefusedError, UnknownCallerError
from api.service.runtime import runtime_of

router = APIRouter(prefix="/api/v1/auth", tags=["auth"])
Anybody = Annotated[Who, allow(*EVERY_ROLE)]


@router.post("/login", dependencies=[anyone()])
async def log_in(body: LogIn, request: Request, response: Response) -> TokenPair:
    """Change name and password for tokens."""
    runtime, at = runtime_of(request), datetime.now(UTC)
    subjects = (of_login(body.login), of_address(request))
    user = await run_in_threadpool(_known_user, runtime.database, body, subjects, at)
    right = await runtime.hashing.run(passwords.matches, body.password, user.password_hash if user else None)
    old = user is not None and user.password_until is not None and user.password_until <= at

    def write(connection: Connection) -> Tokens | None:
        for subject in subjects:
            require_free(connection, subject, at)
        if user is None or not right or find_user(connection, user_id=user.user_id) != user or user.disabled:
            for subject in subjects:
                count_failure(connection, subject, at)
            province_id = user.scope.province_id if user else None
            # What no user is called may be a password in the wrong line: it is kept nowhere.
            note_look(connection, at, None, "login_failed", user.login if user else "unknown", province_id=province_id)
            return None
        if old:
            note_look(connection, at, None, "login_too_late", user.user_id, province_id=user.scope.province_id)
            return None
        clear_failures(connection, subjects[0])
        note_look(connection, at, None, "login", user.user_id, province_id=user.scope.province_id)
        return begin_session(connection, user.user_id, at, lasts=IDLE_FOR, must_change=user.must_change)

    tokens = await runtime.writer.write(write)
    if tokens is None and old and right:
        raise UnknownCallerError(
            "Mật khẩu được cấp đã quá hạn. Hãy xin quản trị cấp lại.",
            "The password that you were given is too old. Ask an administrator for another one.",
        )
    if tokens is None:
        raise UnknownCallerError("Tên đăng nhập hoặc mật khẩu không đúng.", "The name or the password is wrong.")
    pair = token_pair(tokens)
    return set_cookie(response, runtime.settings, pair) if body.cookie else pair


@router.post("/refresh", dependencies=[anyone()])
async def refresh(body: Renewal, request: Request, response: Response) -> TokenPair:
    """
    Change a refresh token for the next pair.

    Shown again within ten seconds, because an answer was lost or two pages came at once, it gives the same pair again;
    shown later, it ends the session for everybody.
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
    user = await person_of(runtime, who, at)
    if passwords.are_same(body.old, body.new):
        raise RefusedError("Mật khẩu mới phải khác mật khẩu cũ.", "The new password has to differ from the old one.")
    password_hash = await runtime.hashing.run(passwords.hashed, body.new, login=user.login)

    def change(connection: Connection) -> None:
        choose_password(connection, user.user_id, password_hash)
        end_sessions(connection, at, user_id=user.user_id)
        note_look(connection, at, who, "password_changed", user.user_id)

    await prove(runtime, user, body.old, at, change)
    runtime.callers.forget()
    return Response(status_code=204)


@router.post("/confirm", status_code=204)
async def confirm(body: Confirmation, who: Anybody, request: Request) -> Response:
    """Give the password once more, for what asks for it (`unconfirmed`); it serves for ten minutes."""
    runtime, at = runtime_of(request), datetime.now(UTC)
    user = await person_of(runtime, who, at)
    await prove(runtime, user, body.password, at, lambda c: confirm_session(c, who.session_id, at))
    runtime.callers.forget()
    return Response(status_code=204)


def _known_user(database: Database, body: LogIn, subjects: Sequence[str], at: datetime) -> User | None:
    with database.read() as connection:
        for subject in subjects:
            require_free(connection, subject, at)
        return find_user(connection, login=body.login)


def token_pair(tokens: Tokens) -> TokenPair:
    """Tokens as the API answers them."""
    return TokenPair(
        access_token=tokens.access,
        access_until=tokens.access_until,
        refresh_token=tokens.refresh,
        refresh_until=tokens.refresh_until,
        must_change_password=tokens.must_change,
        must_wipe=tokens.must_wipe,
    )
