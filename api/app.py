"""
The web service: the plan on show, and the pages that show it.

Everything comes from this one origin; the headers forbid a page to ask anybody else.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import Lifespan
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from api.auth import device_endpoints, look_endpoints, people_endpoints, session_endpoints
from api.auth import endpoints as auth
from api.auth.access import allow
from api.auth.roles import Role
from api.coverage.studies import endpoints as studies
from api.custody import endpoints as custody
from api.custody import gap_endpoints as gaps
from api.custody import history_endpoints as history
from api.custody import incident_endpoints as incidents
from api.custody import ledger_endpoints as ledger
from api.custody import queue_endpoints as queue
from api.errors import OUTCOMES, ApiError, LaterError
from api.errors import outcome as outcome_of
from api.evidence import endpoints as evidence
from api.exports import endpoints as exports
from api.handover import endpoints as handover
from api.jobs import endpoints as jobs
from api.live import endpoints as live
from api.live import message_endpoints, stream_endpoints
from api.live.replan import change_endpoints as replan_changes
from api.live.replan import endpoints as replan
from api.network import door_endpoints, postage_endpoints
from api.network import endpoints as network
from api.pages import Pages, SecurityHeaders
from api.plans import (
    comparing_endpoints,
    editing_endpoints,
    endpoints,
    input_endpoints,
    publishing_endpoints,
    reading_endpoints,
    search_endpoints,
    stop_endpoints,
)
from api.plans import source_endpoints as source
from api.plans.board import PlanBoard
from api.plans.source_endpoints import SourceKind
from api.repeats.repeatable import AnsweredError, answered
from api.reports import endpoints as reports
from api.reports import share_endpoints as share
from api.rounds import endpoints as rounds
from api.service import basemap
from api.service import endpoints as operations
from api.service.describing import describe, routes_of
from api.service.direct import Direct
from api.service.requests import Requests
from api.service.runtime import Runtime
from api.service.settings import ServiceSettings
from api.service.unforeseen import Unforeseen
from api.settlement import endpoints as settlement
from api.shipments import endpoints as shipments
from api.tracking import endpoints as tracking
from api.tracking import wish_endpoints
from api.vroom.endpoints import vroom_router
from api.webhooks import endpoints as webhooks

logger = logging.getLogger(__name__)

SHOWN_ROUTERS: tuple[APIRouter, ...] = (source.router, endpoints.router)
"""Of a finished plan that is shown on this machine, without a database."""

SERVICE_ROUTERS: tuple[APIRouter, ...] = (
    operations.router,
    basemap.router,
    source.router,
    auth.router,
    session_endpoints.router,
    people_endpoints.router,
    device_endpoints.router,
    look_endpoints.router,
    door_endpoints.router,
    postage_endpoints.router,
    network.router,
    shipments.router,
    custody.router,
    history.router,
    gaps.router,
    queue.router,
    incidents.router,
    evidence.router,
    ledger.router,
    input_endpoints.router,
    search_endpoints.router,
    reading_endpoints.router,
    editing_endpoints.router,
    stop_endpoints.router,
    publishing_endpoints.router,
    comparing_endpoints.router,
    exports.router,
    studies.router,
    rounds.router,
    jobs.router,
    replan.router,
    replan_changes.router,
    live.router,
    message_endpoints.router,
    handover.router,
    stream_endpoints.router,
    settlement.router,
    reports.router,
    share.router,
    tracking.router,
    wish_endpoints.router,
    webhooks.router,
    vroom_router(dependencies=[allow(Role.DISPATCHER, Role.PLANNER, Role.ADMIN)]),
)
"""Every endpoint of the service; one router a feature."""

STATIC = Path(__file__).parent / "static"
"""Where `build_pages.py` puts the pages."""

MESSAGES = {
    404: ("not_found", "Không có trang hay dữ liệu này.", "There is no such page or data."),
    405: ("method_not_allowed", "Thao tác này không được phép ở đây.", "This cannot be done here."),
}


def create_app(board: PlanBoard, *, static: Path = STATIC, allowed_hosts: Sequence[str] = ("*",)) -> FastAPI:
    """
    Join the rooms into one web application.

    Parameters
    ----------
    board
        The plan on show.
    static
        The built pages.
    allowed_hosts
        Names under which the service answers; a local demonstration passes only loopback names, so that no foreign
        site can reach it through a name of its own.
    """
    app = _application(SHOWN_ROUTERS)
    app.state.source, app.state.basemap = SourceKind.FOLDER, None
    app.state.shown = endpoints.Shown(board)
    app.mount("/", Pages(static))
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(allowed_hosts))
    return app


def create_service(settings: ServiceSettings, *, static: Path = STATIC) -> FastAPI:
    """
    Join the rooms into the service of a deployment: database, log-in, every endpoint.

    Parameters
    ----------
    settings
        Of the deployment.
    static
        The built pages.

    Raises
    ------
    RefusedError
        When the database wants `duongthu migrate` first.
    InputError
        When the base map of the settings cannot be shown.
    """
    runtime, shown = Runtime(settings), basemap.basemap_of(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        runtime.start()
        try:
            yield
        finally:
            await run_in_threadpool(runtime.close)

    app = _application(SERVICE_ROUTERS, lifespan=lifespan)
    app.state.source, app.state.basemap = SourceKind.SERVICE, shown
    app.state.runtime = runtime
    app.mount("/", Pages(static))
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    if settings.allowed_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.allowed_origins),
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-Match"],
        )
    app.add_middleware(Requests, most_bytes=settings.request_bytes, metrics=runtime.metrics)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.allowed_hosts))
    app.add_middleware(SecurityHeaders, https=settings.https, tiles=basemap.origins_of(settings))
    app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=list(settings.trusted_proxies))
    return app


def _application(routers: Sequence[APIRouter], *, lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    app = FastAPI(
        title="Đường Thư",
        version="1",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=lifespan,
    )
    for router in routers:
        app.router.routes.extend(router.routes)  # as they are: an included one is built anew at its first request
    describe(app, routers)
    for kind in OUTCOMES:
        app.add_exception_handler(kind, _known_error)
    app.add_exception_handler(ApiError, _known_error)
    app.add_exception_handler(AnsweredError, answered)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    hot = [route for route in routes_of(routers) if route.endpoint in custody.HOT]
    app.add_middleware(Direct, routes=hot, errors=(ApiError, *OUTCOMES), answer=_known_error)
    app.add_middleware(Unforeseen, answer=_unforeseen)
    return app


def _known_error(_: Request, error: Exception) -> JSONResponse:
    """Answer by the table of `api.errors`; what nobody foresaw is named to the log only."""
    known = outcome_of(error)
    failed = _body(known.code, "Máy chủ gặp lỗi.", "The server failed.")
    body = error.to_json() if isinstance(error, ApiError) else failed
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, LaterError) else None
    return JSONResponse({"error": body}, known.status, headers)


def _unforeseen(request: Request, error: Exception) -> JSONResponse:
    """A fault of the program."""
    request_id = getattr(request.state, "request_id", None)
    logger.error("a request failed", exc_info=error, extra={"action": "request", "request_id": request_id})
    return _known_error(request, error)


def _http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    message = MESSAGES.get(error.status_code, ("http_error", "Yêu cầu không thực hiện được.", str(error.detail)))
    return JSONResponse({"error": _body(*message)}, error.status_code, error.headers)


def _invalid_request(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    # Where and what, never the value itself: it may be a password, and answers end up in logs of others.
    faults = "; ".join(f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in error.errors())
    body = _body("invalid_request", "Yêu cầu không đúng dạng.", f"The request is not well formed: {faults}")
    return JSONResponse({"error": body}, 422)


def _body(code: str, message_vi: str, message_en: str) -> dict[str, str]:
    return {"code": code, "message_vi": message_vi, "message_en": message_en}


def openapi_text() -> str:
    """The published description of the HTTP API, from which the types of the pages are generated."""
    described = _application([endpoints.router, *SERVICE_ROUTERS]).openapi()
    return json.dumps(described, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(openapi_text())
