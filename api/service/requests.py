"""
Around every request: an id, a limit on its size, one line in the log, and its part in the figures.

The log names route, status, time and who asked; never a query, a body or an address of a person's papers.
"""

from __future__ import annotations

import logging
from time import perf_counter
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import TooLargeError
from api.ids import new_id
from api.service.metrics import Metrics

logger = logging.getLogger("api.requests")


class Requests:
    """ASGI middleware: outermost but for the allowed hosts."""

    def __init__(self, app: ASGIApp, *, most_bytes: int, metrics: Metrics) -> None:
        self.app = app
        self.most_bytes = most_bytes
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = _Request(scope, receive, send, self.most_bytes)
        began = perf_counter()
        try:
            await request.answer_by(self.app)
        finally:
            self._tell(scope, request, perf_counter() - began)

    def _tell(self, scope: Scope, request: _Request, seconds: float) -> None:
        route = _route_of(scope)
        self.metrics.count(scope["method"], route, request.status, seconds)
        who = scope.get("state", {}).get("who")
        facts = {
            "action": "request",
            "request_id": request.id,
            "method": scope["method"],
            "route": route,
            "status": request.status,
            "milliseconds": round(seconds * 1000, 1),
            "user_id": who.user_id if who is not None else None,
        }
        logger.info("%s %s %d", scope["method"], route, request.status, extra=facts)


class _Request:
    """One request on its way."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, most_bytes: int) -> None:
        self.id = new_id()
        self.status = 500
        self._scope, self._receive, self._send = scope, receive, send
        self._left = most_bytes
        scope.setdefault("state", {})["request_id"] = self.id

    async def answer_by(self, app: ASGIApp) -> None:
        named = dict(self._scope["headers"]).get(b"content-length", b"0")
        if named.isdigit() and int(named) > self._left:
            await self._refuse()
            return
        if "\0" in self._scope["path"] or b"%00" in self._scope["query_string"]:
            await JSONResponse({"error": _nul()}, 422)(self._scope, self._receive, self._send_on)
            return
        await app(self._scope, self.receive, self.send)
        if self._left < 0:
            await self._refuse()

    async def receive(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:  # a body that did not say how long it is
            raise _error()
        return message

    async def _refuse(self) -> None:
        await JSONResponse({"error": _error().to_json()}, 413)(self._scope, self._receive, self._send_on)

    async def send(self, message: Message) -> None:
        """Pass an answer on; to a body that is too large the application's own answer does not matter."""
        if self._left >= 0:
            await self._send_on(message)

    async def _send_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)["X-Request-Id"] = self.id
        await self._send(message)


def _route_of(scope: Scope) -> str:
    """The route's pattern: paths hold codes of shipments, which are nobody's business in a log."""
    route: Any = scope.get("route")
    return str(getattr(route, "path_format", None) or getattr(route, "path", None) or "(page)")


def _error() -> TooLargeError:
    return TooLargeError("Yêu cầu quá lớn.", "The request is too large.")


def _nul() -> dict[str, str]:
    """No text of ours holds NUL, and PostgreSQL takes none."""
    return {
        "code": "invalid_request",
        "message_vi": "Địa chỉ có ký tự không dùng được (NUL).",
        "message_en": "The address holds a character that cannot be used (NUL).",
    }
