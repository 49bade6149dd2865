"""
The web service: the plan on show, and the pages that show it.

Everything comes from this one origin; the headers forbid a page to ask anybody else.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from api.errors import OUTCOMES, ApiError
from api.errors import outcome as outcome_of
from api.pages import Pages, SecurityHeaders
from api.plans import endpoints
from api.plans.board import PlanBoard

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
    app = _application()
    app.state.shown = endpoints.Shown(board)
    app.mount("/", Pages(static))
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(SecurityHeaders)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(allowed_hosts))
    return app


def _application() -> FastAPI:
    app = FastAPI(title="Đường Thư", version="1", docs_url=None, redoc_url=None, openapi_url="/api/v1/openapi.json")
    app.include_router(endpoints.router)
    for kind in OUTCOMES:
        app.add_exception_handler(kind, _known_error)
    app.add_exception_handler(ApiError, _known_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(Exception, _known_error)
    return app


def _known_error(_: Request, error: Exception) -> JSONResponse:
    """Answer by the table of `api.errors`; what nobody foresaw is named to the log only."""
    known = outcome_of(error)
    failed = _body(known.code, "Máy chủ gặp lỗi.", "The server failed.")
    body = error.to_json() if isinstance(error, ApiError) else failed
    return JSONResponse({"error": body}, known.status)


def _http_error(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    message = MESSAGES.get(error.status_code, ("http_error", "Yêu cầu không thực hiện được.", str(error.detail)))
    return JSONResponse({"error": _body(*message)}, error.status_code, error.headers)


def _invalid_request(_: Request, error: Exception) -> JSONResponse:
    body = _body("invalid_request", "Yêu cầu không đúng dạng.", f"The request is not well formed: {error}")
    return JSONResponse({"error": body}, 422)


def _body(code: str, message_vi: str, message_en: str) -> dict[str, str]:
    return {"code": code, "message_vi": message_vi, "message_en": message_en}


def openapi_text() -> str:
    """The published description of the HTTP API, from which the types of the pages are generated."""
    return json.dumps(_application().openapi(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(openapi_text())
