"""
A short way to endpoints that are called hundreds of times a second.

For every request FastAPI tries the routes of every feature, solves what the endpoint depends on and opens two stacks
for it to leave things on. An endpoint that wants nothing but the caller and the request needs none of that: its route
is tried first, the caller is found by the same declaration (`allow`), and the endpoint is called. The router keeps the
route for whoever reads it: the OpenAPI text, the tests of access.
"""

from __future__ import annotations

from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from api.auth.access import caller_of


def direct(route: APIRoute) -> Route:
    """
    Make a plain route to an endpoint.

    Parameters
    ----------
    route
        Its endpoint takes `(who, request)` and answers with a `Response`; its path has no parameters.
    """
    find_caller = caller_of(route)

    async def endpoint(request: Request) -> Response:
        request.scope["route"] = route  # for the log and the figures
        answer: Response = await route.endpoint(await find_caller(request), request)
        return answer

    return Route(route.path, endpoint, methods=route.methods, include_in_schema=False)
