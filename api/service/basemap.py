"""
What a deployment lays under its own map: nothing, raster tiles, the lines and areas of a style, or a PMTiles file.

Our own roads and communes need nobody else; an operator who has tiles, or may use somebody's, names them in the
settings. Pages may then ask that one origin besides ours, which the content security policy has to say.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict

from api.auth.access import anyone
from api.errors import InputError, NotFoundError, RowError
from api.service.settings import ServiceSettings

FILE_PATH: Final = "/api/v1/basemap"
_MAGIC: Final = b"PMTiles\x03"
"""The first bytes of a file: PMTiles specification, version 3."""


class BaseMapKind(StrEnum):
    """How the page reads it."""

    RASTER = "raster"
    """Pictures, by a template of addresses with `{z}`, `{x}` and `{y}`."""
    STYLE = "style"
    """A MapLibre style, of which lines and areas are drawn; names stay our own."""
    PMTILES = "pmtiles"
    """One file of tiles that this server gives out in ranges."""


class BaseMap(BaseModel):
    """What lies under our own map."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: BaseMapKind
    url: str
    """Absolute, or a path of this server."""
    attribution: str
    """Whose it is, as plain text; empty = the settings say nothing."""


def basemap_of(settings: ServiceSettings) -> BaseMap | None:
    """
    Read what the settings say of a base map; None = our own map alone.

    Raises
    ------
    InputError
        When it is no address with https, no template, and no PMTiles file that can be read.
    """
    named = settings.basemap
    if not named:
        return None
    credit = settings.basemap_attribution
    if named.startswith(("https://", "http://")):
        if not urlsplit(named).hostname:
            raise _wrong(f"{named!r} không có tên máy chủ.", f"{named!r} names no host.")
        kind = BaseMapKind.RASTER if "{z}" in named else BaseMapKind.STYLE
        return BaseMap(kind=kind, url=named, attribution=credit)
    _require_pmtiles(Path(named))
    return BaseMap(kind=BaseMapKind.PMTILES, url=FILE_PATH, attribution=credit)


def origins_of(settings: ServiceSettings) -> tuple[str, ...]:
    """Origins that pages may ask for tiles, `https://tiles.example`: that of the address, and those named besides."""
    parts = urlsplit(settings.basemap)
    own = (f"{parts.scheme}://{parts.netloc}",) if parts.scheme in ("https", "http") else ()
    return tuple(dict.fromkeys((*own, *settings.basemap_origins)))


def _require_pmtiles(path: Path) -> None:
    try:
        with path.open("rb") as file:
            is_one = file.read(len(_MAGIC)) == _MAGIC
    except OSError as error:
        raise _wrong(f"Không đọc được tệp {path}: {error.strerror}.", f"{path} cannot be read: {error}.") from error
    if not is_one:
        raise _wrong(f"{path} không phải tệp PMTiles phiên bản 3.", f"{path} is no PMTiles file of version 3.")


def _wrong(vi: str, en: str) -> InputError:
    return InputError([RowError("settings", None, "basemap", "bad_setting", vi, en)])


router = APIRouter(prefix="/api/v1", tags=["operations"], dependencies=[anyone()])


@router.get("/basemap", response_class=FileResponse)
def read_basemap(request: Request) -> FileResponse:
    """Give out the PMTiles file of the settings, in ranges (RFC 9110 §14): a map of the land, nobody's papers."""
    settings: ServiceSettings = request.app.state.runtime.settings
    shown: BaseMap | None = request.app.state.basemap
    if shown is None or shown.kind is not BaseMapKind.PMTILES:
        raise NotFoundError("Máy chủ này không có bản đồ nền.", "This server has no base map of its own.")
    headers = {"Cache-Control": "public, max-age=3600", "Content-Encoding": "identity"}
    return FileResponse(settings.basemap, media_type="application/vnd.pmtiles", headers=headers)
