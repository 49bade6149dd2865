"""The base map of the settings: what the page is told, what it may ask, and a file in ranges."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from api.errors import InputError
from api.service.basemap import BaseMapKind, basemap_of
from api.service.settings import ServiceSettings
from tests.api.service.made_tiles import plain_png, pmtiles
from tests.api.service.running import Service

URL = "https://tiles.example/land/{z}/{x}/{y}.png"


def test_without_one_pages_ask_nobody_else(sqlite_service: Service) -> None:
    answer = sqlite_service.ask("GET", "/api/v1/source", by=None)
    assert answer.json() == {"kind": "service", "basemap": None}
    assert "connect-src 'self';" in answer.headers["Content-Security-Policy"]
    assert sqlite_service.ask("GET", "/api/v1/basemap", by=None).status_code == 404


def test_tiles_of_another_host_are_told_and_allowed(tmp_path: Path) -> None:
    more: dict[str, Any] = {"basemap": URL, "basemap_attribution": "© Tỉnh", "basemap_origins": ("https://a.example",)}
    with Service.opened(f"sqlite:///{tmp_path / 'service.db'}", tmp_path, **more) as service:
        answer = service.ask("GET", "/api/v1/source", by=None)
        told = {"kind": "raster", "url": URL, "attribution": "© Tỉnh"}
        assert answer.json()["basemap"] == told
        policy = answer.headers["Content-Security-Policy"]
        for name in ("connect-src", "img-src"):
            assert f"{name} 'self' https://tiles.example https://a.example" in policy
        assert "script-src 'self';" in policy


def test_a_file_is_given_out_in_ranges(tmp_path: Path) -> None:
    path = tmp_path / "land.pmtiles"
    path.write_bytes(content := pmtiles(plain_png(9, 9, 9)))
    with Service.opened(f"sqlite:///{tmp_path / 'service.db'}", tmp_path, basemap=str(path)) as service:
        assert service.ask("GET", "/api/v1/source", by=None).json()["basemap"]["kind"] == "pmtiles"
        headers = {"Range": "bytes=100-1299", "Accept-Encoding": "gzip"}
        answer = service.ask("GET", "/api/v1/basemap", by=None, headers=headers)
        assert answer.status_code == 206
        assert answer.content == content[100:1300]
        assert answer.headers["Content-Range"] == f"bytes 100-{min(1299, len(content) - 1)}/{len(content)}"


@pytest.mark.parametrize(("content", "said"), [(None, "cannot be read"), (b"<html>", "no PMTiles file")])
def test_a_file_that_is_none_is_named(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "land.pmtiles"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match=said):
        basemap_of(ServiceSettings(basemap=str(path)))


def test_an_address_without_a_template_is_a_style() -> None:
    found = basemap_of(ServiceSettings(basemap="https://tiles.example/style.json"))
    assert found is not None
    assert found.kind is BaseMapKind.STYLE
