"""What a study is asked to do, checked before a job is put in for it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from api.auth.schemas import Strict
from api.coverage.assumptions_file import read_assumptions
from api.coverage.scenarios import require_possible
from api.coverage.scenarios_file import scenarios_of
from api.coverage.situation import settle
from api.errors import RefusedError
from api.network.model import Network

WORK_FOLDER = "coverage"
"""In the data folder: one folder a study, with what its job has solved so far."""
SETTINGS_FILE = "coverage.toml"


class NewStudy(Strict):
    """A study that shall be made of the network in use."""

    province_id: str = Field(min_length=1, max_length=40, examples=["89"])
    day: date = Field(examples=["2026-11-25"])
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)] = Field(
        examples=["Phương án 24 xã"]
    )
    scenarios: tuple[dict[str, Any], ...] = Field(default=(), max_length=50)
    """Each as a `[[scenario]]` of scenarios.toml."""
    settings: str = Field(default="", max_length=20_000)
    """The province's own coverage.toml; empty = none."""
    quick: bool = False
    """Fewer steps of search: for a first look."""
    draws: int = Field(default=0, ge=0, le=200)
    """Demands drawn for the bands."""
    seed: int = Field(default=0, ge=0, le=2**31)


def require_usable(asked: NewStudy, network: Network) -> None:
    """
    Find what a job would stumble over at once.

    Raises
    ------
    InputError
        When settings or scenarios cannot be used, name what the network does not have, or it cannot be studied.
    RefusedError
        When the network does not say where people live.
    """
    in_force = network.on(asked.day)
    if not in_force.settlements:
        raise RefusedError(
            "Mạng lưới không có bảng “settlements” (điểm dân cư và dân số) có hiệu lực ngày này. "
            "Hãy thêm settlements.csv vào thư mục mạng lưới rồi nhập lại.",
            "The network has no table “settlements” (where people live) in force on this day. "
            "Add settlements.csv to the network folder and import it again.",
        )
    with TemporaryDirectory(prefix="duongthu-") as folder:
        file = Path(folder) / SETTINGS_FILE
        file.write_text(asked.settings, encoding="utf-8")
        assumptions = read_assumptions(file if asked.settings else None)
    settled = settle(network, asked.day)
    if asked.scenarios:
        scenarios = scenarios_of({"scenario": [dict(one) for one in asked.scenarios]}, "scenarios")
        require_possible(scenarios, settled, assumptions)
