"""
How a deployment is set up: one TOML file, and `DUONGTHU_*` variables that win over it.

Not to be taken for `settings.toml` of a network folder, which says how a province works.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from api.errors import InputError, RowError

PREFIX = "DUONGTHU_"
_MB = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceSettings:
    """Everything that an operator decides; each has a default that works on one machine."""

    data_folder: Path = Path("duongthu-data")
    """Database (SQLite), photos, keys, backups."""
    database_url: str = ""
    """Empty = SQLite in the data folder."""
    public_url: str = "http://127.0.0.1:8765"
    """As phones see it: in QR codes, receipts, the ledger's name."""
    host: str = "127.0.0.1"
    """Where to listen; another machine reaches it through a reverse proxy with https."""
    port: int = 8765
    allowed_hosts: tuple[str, ...] = ("127.0.0.1", "localhost")
    """Names under which the service answers."""
    allowed_origins: tuple[str, ...] = ()
    """Other origins whose pages may call the API (CORS); none by default."""
    trusted_proxies: tuple[str, ...] = ("127.0.0.1",)
    """Addresses whose `X-Forwarded-For` is believed."""
    workers: int = 2
    """Plans made at the same time."""
    cluster: str = ""
    """Address of a Dask scheduler that makes the plans instead."""
    lease_seconds: float = 30.0
    """A job whose server is silent for so long is taken over."""
    evidence_megabytes: float = 8.0
    """Largest photo or scan."""
    request_megabytes: float = 16.0
    """Largest request."""
    requests_per_minute: int = 600
    """Of one person who is logged in, and of one address that asks for a challenge; 0 = no limit."""
    personal_days: int = 730
    """How long names, phones, places and photos are kept after the end of a shipment."""
    live_days: int = 30
    """How long positions of couriers and messages are kept."""
    look_days: int = 1_825
    """How long looks at personal data are kept."""
    webhook_hosts: tuple[str, ...] = ()
    """Hosts of our own network that webhooks may reach, also without https; others only by https, on the internet."""
    basemap: str = ""
    """Under our own map: `https://HOST/{z}/{x}/{y}.png`, the address of a MapLibre style, or a PMTiles file."""
    basemap_attribution: str = ""
    """Whose tiles they are, as their licence wants it said."""
    basemap_origins: tuple[str, ...] = ()
    """Further origins that a style loads its tiles from, `https://tiles.example`."""
    metrics_token: str = ""
    """Who may read `/metrics` from another machine; empty = nobody."""

    @property
    def database(self) -> str:
        """Address of the database."""
        return self.database_url or f"sqlite:///{self.data_folder / 'duongthu.db'}"

    @property
    def https(self) -> bool:
        """Whether phones and browsers reach it by https."""
        return self.public_url.startswith("https://")

    @property
    def evidence_bytes(self) -> int:
        return int(self.evidence_megabytes * _MB)

    @property
    def request_bytes(self) -> int:
        return int(self.request_megabytes * _MB)


def read_service_settings(path: Path | None = None, environment: Mapping[str, str] | None = None) -> ServiceSettings:
    """
    Read the settings of a deployment.

    Parameters
    ----------
    path
        TOML; None = the defaults and the environment only.
    environment
        `DUONGTHU_DATA_FOLDER` and the like; lists are separated by commas. None = that of the process.

    Raises
    ------
    InputError
        With every key that is unknown or has a value that it cannot have.
    """
    name = path.name if path is not None else "settings"
    found: dict[str, Any] = {}
    if path is not None:
        try:
            found.update(tomllib.loads(path.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise InputError([_wrong(name, None, f"Tệp không phải TOML: {error}", f"Not TOML: {error}")]) from error
    known = {field.name for field in fields(ServiceSettings)}
    environment = os.environ if environment is None else environment
    named = {key: environment.get(PREFIX + key.upper()) for key in known}
    found.update({key: value for key, value in named.items() if value is not None})
    errors = [_wrong(name, key, "Không có mục này.", "There is no such setting.") for key in found.keys() - known]
    values: dict[str, Any] = {}
    for key in sorted(found.keys() & known):
        try:
            values[key] = _typed(key, found[key])
        except (ValueError, TypeError):
            errors.append(_wrong(name, key, f"Giá trị {found[key]!r} không dùng được.", f"{found[key]!r} will not do."))
    if errors:
        raise InputError(errors)
    return ServiceSettings(**values)


def _typed(key: str, value: Any) -> Any:
    default = getattr(ServiceSettings(), key)
    if isinstance(default, tuple):
        parts = value.split(",") if isinstance(value, str) else list(value)
        return tuple(str(part).strip() for part in parts if str(part).strip())
    if isinstance(default, Path):
        return Path(str(value))
    if isinstance(default, str):
        if not isinstance(value, str):
            raise TypeError
        return value
    number = type(default)(value)
    if isinstance(value, bool) or number < 0 or number != number:
        raise ValueError
    return number


def _wrong(name: str, key: str | None, vi: str, en: str) -> RowError:
    return RowError(name, None, key, "bad_setting", vi, en)
