"""
A short way to endpoints that are called hundreds of times a second.

For every request FastAPI tries the routes of every feature, solves what the endpoint depends on, opens two stacks for
it to leave things on and listens three times for errors. An endpoint that wants nothing but the caller and the request
needs none of that: it is looked up before, the caller is found by the same declaration (`allow`), and it is called. The
router keeps the route for whoever reads it: the OpenAPI text, the tests of access.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api.auth.access import caller_of


class Direct:
    """
    ASGI middleware: the innermost.

    Parameters
    ----------
    routes
        Their endpoints take `(who, request)` and answer with a `Response`; their paths have no parameters.
    errors
        That endpoints may raise.
    answer
        To such an error.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        routes: Iterable[APIRoute],
        errors: tuple[type[Exception], ...],
        answer: Callable[[Request, Exception], Response],
    ) -> None:
        self.app = app
        self.errors, self.answer = errors, answer
        self._routes = {
            (method, route.path): (route, caller_of(route)) for route in routes for method in route.methods or ()
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        found = self._routes.get((scope.get("method", ""), scope.get("path", "")))
        if found is None:
            await self.app(scope, receive, send)
            return
        route, find_caller = found
        scope["route"] = route  # for the log and the figures
        request = Request(scope, receive)
        try:
            response: Response = await route.endpoint(await find_caller(request), request)
        except self.errors as error:
            response = self.answer(request, error)
        await response(scope, receive, send)
