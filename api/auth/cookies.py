"""
The refresh token of a page: in a cookie that no script reads and no other site sends.

`HttpOnly`, `SameSite=Strict`, and over https `Secure` with the `__Host-` prefix (RFC 6265bis §4.1.3). Beside that the
page's origin is looked at: a cookie alone proves nothing.
"""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import Request, Response

from api.auth.schemas import TokenPair
from api.auth.store import not_logged_in
from api.errors import UnknownCallerError
from api.service.settings import ServiceSettings


def set_cookie(response: Response, settings: ServiceSettings, pair: TokenPair) -> TokenPair:
    """Move the refresh token from the answer into a cookie; returns the answer without it."""
    assert pair.refresh_token is not None
    seconds = round((pair.refresh_until - datetime.now(UTC)).total_seconds())
    _set(response, settings, pair.refresh_token, max(0, seconds))
    return pair.model_copy(update={"refresh_token": None})


def drop_cookie(response: Response, settings: ServiceSettings) -> Response:
    """Make the browser forget it."""
    _set(response, settings, "", 0)
    return response


def refresh_cookie(request: Request, settings: ServiceSettings) -> str:
    """
    Read the token from the cookie of a request that one of our own pages makes.

    Raises
    ------
    UnknownCallerError
        When another site, or something that does not say where it comes from, makes it; or there is no cookie.
    """
    # The `Host` of a request is one of the settings' when it arrives here.
    host = request.headers.get("Host", "")
    if request.headers.get("Origin") not in {f"https://{host}", f"http://{host}"}:
        raise UnknownCallerError(
            "Chỉ trang của dịch vụ này được gia hạn.", "Only pages of this service renew by cookie."
        )
    token = request.cookies.get(_name(settings), "")
    if not token:
        raise not_logged_in()
    return token


def _set(response: Response, settings: ServiceSettings, value: str, seconds: int) -> None:
    response.set_cookie(
        _name(settings), value, max_age=seconds, path="/", secure=settings.https, httponly=True, samesite="strict"
    )


def _name(settings: ServiceSettings) -> str:
    return "__Host-duongthu" if settings.https else "duongthu"
