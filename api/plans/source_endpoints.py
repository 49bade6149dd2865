"""Where the console's page reads plans from: one finished folder, or a service with a log-in."""

from __future__ import annotations

from enum import StrEnum

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from api.auth.access import anyone
from api.service.basemap import BaseMap


class SourceKind(StrEnum):
    FOLDER = "folder"
    """`duongthu serve DIR`: the one plan of `/api/v1/plans/current`, and nobody logs in."""
    SERVICE = "service"
    """`duongthu serve`: plans of a database, for those who log in."""


class Source(BaseModel):
    """What this server shows."""

    model_config = ConfigDict(extra="forbid", frozen=True, title="Source")

    kind: SourceKind
    basemap: BaseMap | None
    """Under our own map; null = nothing."""


router = APIRouter(prefix="/api/v1", tags=["operations"], dependencies=[anyone()])


@router.get("/source")
def read_source(request: Request) -> Source:
    """Say what this server shows, before anybody logs in."""
    return Source(kind=request.app.state.source, basemap=request.app.state.basemap)
