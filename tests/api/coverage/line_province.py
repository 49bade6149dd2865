"""A province on one straight road, to be reckoned by hand: a base, and three villages further out."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from api.coverage.assumptions import Assumptions
from api.coverage.lab import Lab
from api.coverage.memo import MemoExecutor, Store
from api.coverage.sampling import sample_days
from api.coverage.situation import Situation, read_situation
from api.network.model import Network
from api.network.reader import read_network
from api.plans.roads import load_roads
from geo.roads import Roads

DAY = date(2026, 9, 7)
LON, LAT = 105.43, 10.38
STEP = 0.06
"""Degrees of longitude between villages, about 6.6 km."""

_SITES = f"""site_id,name,kind,commune_code,lon,lat,opening_hours
BC,Bưu cục Một,post_office,30307,{LON},{LAT},Mo-Su 06:00-19:00
VH,Bưu điện văn hóa Hai,culture_post,30292,{LON + STEP},{LAT},"Mo-Fr 07:30-11:00,13:30-16:30; PH off"
MC-1,Một cửa Một,one_stop,30307,{LON + 0.005},{LAT},"Mo-Fr 07:00-11:30,13:30-17:00; PH off"
MC-2,Một cửa Hai,one_stop,30292,{LON + STEP + 0.005},{LAT},"Mo-Fr 07:00-11:30,13:30-17:00; PH off"
"""
_AREAS = "commune_code,base_id\n30307,BC\n30292,BC\n"
_COURIERS = """courier_id,name,base_id,vehicle,shift,break,fixed_dong,dong_per_km,dong_per_hour,max_trips
C-1,Bưu tá Một,BC,motorbike,07:00-17:30,none,40000,1500,36000,2
C-2,Bưu tá Hai,BC,motorbike,07:00-17:30,none,40000,1500,36000,2
"""
_PROCEDURES = "procedure_code,title,level,postal\nT.1,Thủ tục Một,commune,yes\n"
_SETTLEMENTS = f"""settlement_id,name,commune_code,lon,lat,people
D-1,Ấp Một,30307,{LON},{LAT},20000
D-2,Ấp Hai,30292,{LON + STEP},{LAT},12000
D-3,Ấp Ba,30292,{LON + 2 * STEP},{LAT},9000
D-4,Ấp Bốn,30292,{LON + 3 * STEP},{LAT},6000
"""
TABLES = {
    "sites": _SITES, "areas": _AREAS, "couriers": _COURIERS, "procedures": _PROCEDURES, "settlements": _SETTLEMENTS,
}  # fmt: skip
"""Villages 3 and 4 have no post."""


class Here(Executor):
    """Does everything at once, in this process."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - it belongs to who waits
            future.set_exception(error)
        return future


def write_line(folder: Path, **tables: str) -> Path:
    """Write the network folder; tables given replace the usual ones, an empty one is left out."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in {**TABLES, **tables}.items():
        if text:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "settings.toml").write_text('name = "Tỉnh mẫu"\n', encoding="utf-8")
    return folder


@cache
def line_network() -> tuple[Network, Roads]:
    """Read once."""
    with TemporaryDirectory() as folder:
        network = read_network(write_line(Path(folder) / "network"))
    return network, load_roads(network, DAY, settlements=True)


def line_situation() -> Situation:
    network, roads = line_network()
    return read_situation(network, roads, DAY)


def line_lab(*, seed: int = 0, iterations: int = 5, store: Store | None = None, **assumed: Any) -> Lab:
    """A laboratory in this process."""
    situation = line_situation()
    assumptions = replace(Assumptions(warm_up_days=1, place_spread=0.0), **assumed)
    days = sample_days(situation.network.calendar, DAY, weeks=1, warm_up=assumptions.warm_up_days)
    store = store or Store(None)
    return Lab(situation, assumptions, days, MemoExecutor(Here(), store), store, iterations, seed)
