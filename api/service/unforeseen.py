"""
A fault of the program is answered inside of every other middleware: with its request's id and the headers of a safe
page, and counted and logged like any other answer.
"""

from __future__ import annotations

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class Unforeseen:
    """ASGI middleware around the routes. Starlette's own handler of errors is the outermost and knows no headers."""

    def __init__(self, app: ASGIApp, *, answer: Callable[[Request, Exception], Response]) -> None:
        self.app = app
        self.answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def noted(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, noted)
        except Exception as error:
            if begun or scope["type"] != "http":  # half of an answer cannot be taken back: the connection is cut
                raise
            await self.answer(Request(scope), error)(scope, receive, send)
