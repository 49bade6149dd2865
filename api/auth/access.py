"""
Who may call an endpoint: declared in its signature, checked before it runs, and read by tests and the OpenAPI text.

    Dispatcher = Annotated[Who, allow(Role.DISPATCHER, Role.ADMIN)]

    @router.get("/things")
    def read_things(who: Dispatcher, ...): ...

An endpoint for everybody says so with `dependencies=[anyone()]`. One that declares nothing fails a test.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from fastapi import Depends, Request, Security
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from api.auth.roles import Role, Who
from api.auth.store import not_logged_in
from api.errors import DeviceRevokedError, ForbiddenError
from api.service.runtime import runtime_of

_bearer = HTTPBearer(auto_error=False, description="Access token from `POST /api/v1/auth/login`.")
_BEARER = Security(_bearer)


_WITH_A_FIRST_PASSWORD = frozenset(f"/api/v1/auth/{name}" for name in ("password", "me", "logout"))
"""What somebody may do whose password was set by another."""


_AS_A_REVOKED_DEVICE = frozenset(
    ("POST", f"/api/v1/{path}") for path in ("custody/events", "custody/proofs", "evidence", "shipments")
)
"""
What a device that was revoked hands in: papers move whether or not a phone is lost, and whose they are stands in the
registration only.
"""


class Allow:
    """Lets some roles in."""

    def __init__(self, roles: frozenset[Role]) -> None:
        self.roles = roles

    async def __call__(self, request: Request, shown: HTTPAuthorizationCredentials | None = _BEARER) -> Who:
        if shown is None:
            raise not_logged_in()
        runtime = runtime_of(request)
        who = await runtime.callers.whose(shown.credentials)
        request.state.who = who
        runtime.pace.take(who.user_id)
        if who.must_change_password and request.url.path not in _WITH_A_FIRST_PASSWORD:
            raise ForbiddenError(
                "Hãy đổi mật khẩu được cấp trước khi làm việc khác.",
                "Change the password that you were given before anything else.",
            )
        if who.must_wipe and (request.method, request.url.path) not in _AS_A_REVOKED_DEVICE:
            raise DeviceRevokedError(
                "Thiết bị đã bị thu hồi: gửi nốt sự kiện, ảnh và hồ sơ còn lại, rồi xóa sạch dữ liệu trên máy.",
                "The device was revoked: hand in the events, photos and dossiers that are left, then wipe it.",
            )
        if who.role not in self.roles:
            raise ForbiddenError(
                f"Vai trò “{who.role}” không được làm việc này.", f"The role “{who.role}” may not do this."
            )
        return who


class Anyone:
    """Lets everybody in."""

    async def __call__(self) -> None:
        return


def allow(*roles: Role) -> Any:
    """Declare the roles that may call an endpoint; its parameter is who calls."""
    return Depends(Allow(frozenset(roles)))


def anyone() -> Any:
    """Declare that an endpoint needs no log-in."""
    return Depends(Anyone())


EVERY_ROLE = tuple(Role)


def declared(route: APIRoute) -> frozenset[Role] | None:
    """
    Say who may call a route.

    Returns
    -------
    roles
        Empty = everybody, logged in or not; None = it declares nothing.
    """
    for call in _calls(route.dependant):
        if isinstance(call, Allow):
            return call.roles
        if isinstance(call, Anyone):
            return frozenset()
    return None


def caller_of(route: APIRoute) -> Callable[[Request], Awaitable[Who]]:
    """
    Give what finds the caller of a route by its declaration, for whoever calls its endpoint himself.

    Raises
    ------
    StopIteration
        When no role is declared.
    """
    allowed = next(call for call in _calls(route.dependant) if isinstance(call, Allow))

    async def find(request: Request) -> Who:
        return await allowed(request, await _bearer(request))

    return find


def _calls(dependant: Dependant) -> Iterator[Any]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from _calls(inner)
