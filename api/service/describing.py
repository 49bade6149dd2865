"""The OpenAPI text of the service: beside shapes, who may call what, and how callers are turned away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute
from pydantic import BaseModel, ConfigDict, Field

from api.auth.access import declared


class ErrorBody(BaseModel):
    """What went wrong, for a person in two languages and for a program in one word."""

    model_config = ConfigDict(title="ErrorBody")

    code: str = Field(examples=["not_found"])
    message_vi: str = Field(examples=["Không có bưu gửi này."])
    message_en: str = Field(examples=["There is no such shipment."])
    rows: list[dict[str, Any]] | None = None
    """Of a file that cannot be used: file, row, column, code and both messages of each row."""


class ErrorAnswer(BaseModel):
    """Every answer that is no success."""

    model_config = ConfigDict(title="ErrorAnswer")

    error: ErrorBody


_REFUSALS = {
    "400": "The request cannot be read.",
    "401": "Nobody is logged in, or no longer; the password or code is wrong.",
    "404": "It does not exist, or lies outside the caller's scope.",
    "409": "It contradicts what is there.",
    "413": "More than one request may bring.",
    "415": "A content type that is not taken.",
    "422": "Values that cannot be used; those of a file are named by row.",
    "429": "Too many attempts: again after `Retry-After` seconds.",
    "503": "Not now: again after `Retry-After` seconds.",
    "507": "No room to write: again after `Retry-After` seconds.",
}
_LOGGED_IN = {"403": "The role may not do this."}


def routes_of(routers: Sequence[APIRouter]) -> Iterator[APIRoute]:
    """Every endpoint of the routers."""
    for router in routers:
        yield from (route for route in router.routes if isinstance(route, APIRoute))


def describe(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    """Make the application's description say what FastAPI cannot know."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(plain(), routers)
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _complete(description: dict[str, Any], routers: Sequence[APIRouter]) -> None:
    schemas = description.setdefault("components", {}).setdefault("schemas", {})
    shape = ErrorAnswer.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= shape.pop("$defs") | {"ErrorAnswer": shape}
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for route in routes_of(routers):
        for method in route.methods or ():
            _refusals(description["paths"][route.path_format][method.lower()], route)


def _refusals(operation: dict[str, Any], route: APIRoute) -> None:
    roles = declared(route)
    operation["x-roles"] = sorted(roles or ())
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}}
    own = operation["responses"]
    if "HTTPValidationError" in str(own.get("422")):
        del own["422"]
    for status, words in (_REFUSALS | (_LOGGED_IN if roles else {})).items():
        own.setdefault(status, {"description": words, "content": content})  # VROOM's door has a form of its own
