"""Inputs of a sample province's day, as the API takes them."""

from __future__ import annotations

import csv
import tomllib
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from api.demo.provinces import DEFAULT_DAY, write_province
from tests.api.service.running import PROVINCE

DAY = DEFAULT_DAY.isoformat()
"""Known before the inputs are made, which takes seconds: no file makes them to be collected."""


@cache
def day_inputs(windows: str = "", scale: float = 0.3) -> dict[str, Any]:
    """
    The body of `POST /api/v1/plans/inputs`: An Giang on the sample day.

    Parameters
    ----------
    windows
        Of every citizen.
    scale
        Of the province's mail.
    """
    with TemporaryDirectory() as folder:
        network, shipments = write_province("an-giang", Path(folder), day=DEFAULT_DAY, scale=scale)
        tables: dict[str, Any] = {path.stem: _rows(path) for path in sorted(network.glob("*.csv"))}
        tables["settings"] = tomllib.loads((network / "settings.toml").read_text(encoding="utf-8"))
        return {
            "province_id": PROVINCE,
            "day": DAY,
            "network": tables,
            "shipments": [{**row, **({"windows": windows} if windows else {})} for row in _rows(shipments)],
        }


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [{name: cell for name, cell in row.items() if cell} for row in csv.DictReader(file)]
