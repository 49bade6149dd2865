"""
Thạch Hà (Hà Tĩnh), a week of November 2019: commune, district and province, two days each way at most.

What is true and what is assumed stands in README.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path

import numpy as np

from api.demo.facts import shifted
from geo.units import load_communes
from tests.api.network_files import Tables
from tests.cases.common import (
    BASE_HOURS,
    CULTURE_HOURS,
    OFFICE_HOURS,
    Case,
    Point,
    Row,
    at_office,
    citizen,
    drives,
    home,
    near,
    run,
    site,
    split,
    until_reform,
    working_days,
    write_case,
)

FIRST, LAST = date(2019, 11, 18), date(2019, 11, 22)
"""Monday to Friday."""
BY_POST = 98
"""Of the period's 325 dossiers: the post carries them to the agency, and as many results back."""
PROCEDURES = {"province": 536, "district": 86, "commune": 25}
"""By post, by the level that decides: shipments are split alike."""

COMMUNES = {
    "18562": ("Thị trấn Thạch Hà", "Xã Thạch Thanh"), "18565": ("Xã Ngọc Sơn",), "18586": ("Xã Thạch Kênh",),
    "18589": ("Xã Thạch Sơn",), "18592": ("Xã Thạch Liên",), "18601": ("Xã Việt Xuyên", "Xã Phù Việt", "Xã Thạch Tiến"),
    "18607": ("Xã Thạch Long",), "18625": ("Xã Thạch Ngọc",),
    "18634": ("Xã Thạch Lưu", "Xã Thạch Vĩnh", "Xã Bắc Sơn"), "18658": ("Xã Thạch Xuân",),
    "18667": ("Xã Nam Hương", "Xã Thạch Điền"), "18571": ("Xã Thạch Hải",), "18595": ("Xã Thạch Đỉnh", "Xã Thạch Bàn"),
    "18604": ("Xã Thạch Khê",), "18619": ("Xã Thạch Trị",), "18622": ("Xã Thạch Lạc",), "18628": ("Xã Tượng Sơn",),
    "18631": ("Xã Thạch Văn",), "18637": ("Xã Thạch Thắng",), "18643": ("Xã Thạch Đài",), "18649": ("Xã Thạch Hội",),
    "18652": ("Xã Thạch Tân", "Xã Thạch Lâm", "Xã Thạch Hương"),
}  # fmt: skip
"""The 31 communes of 2019, by the code of the 22 that they became in 2020: older codes are in no data at hand."""

_BASE, _HUB, _DISTRICT_DESK = "BC-TH", "TT-HT", "MC-TH"
_TOWN, _CITY_DISTRICT, _LAST_CITY_CODE = "18562", "436", "18112"
_AGENCIES = {
    "CQ-TP": "Sở Tư pháp", "CQ-TNMT": "Sở Tài nguyên và Môi trường", "CQ-LDTBXH": "Sở Lao động - Thương binh và Xã hội",
    "CQ-GTVT": "Sở Giao thông vận tải",
}  # fmt: skip
_NO_OVERTIME = {"max_overtime_minutes": 0}
_COURIERS = {_BASE: 4, _HUB: 2}
_APART, _AROUND = 1_600.0, 1_500.0  # metres between old communes of one code, and of the homes around
_FROM_HOME, _TO_HOME = 0.5, 0.7
_UP, _DOWN = ((11 * 60 + 40) * 60, (17 * 60 + 40) * 60), (6 * 3600, 12 * 3600 + 25 * 60)


@dataclass(frozen=True, slots=True)
class _Commune:
    """One of the 31."""

    number: int
    name: str
    code: str
    at: Point

    @property
    def desk(self) -> str:
        return f"MC-{self.number:02d}"

    @property
    def counter(self) -> str:
        """Where mail is handed in: the town's is the district's office."""
        return f"VH-{self.number:02d}" if self.number else _BASE


def write_thach_ha(folder: Path, *, seed: int = 0) -> Case:
    """Write the network folder `thach-ha` and its shipments; the same arguments give the same bytes."""
    rng = np.random.default_rng(seed)
    communes = _communes()
    rows = [*_shipments(communes, "intake", rng), *_shipments(communes, "result", rng)]
    return write_case(
        folder, "thach-ha", until_reform(_network(communes)), rows, (FIRST, LAST), 'name = "Thạch Hà 2019"\n'
    )


def _communes() -> list[_Commune]:
    """The first of a code at the point of today's data, further ones around it."""
    units = load_communes(FIRST).by_code
    named = [(code, name, place) for code, names in COMMUNES.items() for place, name in enumerate(names)]
    return [
        _Commune(number, name, code, _beside((units[code].lon, units[code].lat), place))
        for number, (code, name, place) in enumerate(named)
    ]


def _beside(middle: Point, place: int) -> Point:
    angle = 2.1 * place
    return shifted(*middle, float(_APART * np.cos(angle)), float(_APART * np.sin(angle))) if place else middle


def _city() -> dict[str, Point]:
    """The communes of the town of Hà Tĩnh before it grew."""
    units = [unit for unit in load_communes(FIRST, "42") if unit.district_code == _CITY_DISTRICT]
    return {unit.code: (unit.lon, unit.lat) for unit in units if unit.code <= _LAST_CITY_CODE}


def _network(communes: list[_Commune]) -> Tables:
    city = _city()
    areas = [(code, _BASE) for code in COMMUNES] + [(code, _HUB) for code in city]
    return {
        "sites": list(_sites(communes, city)),
        "areas": [{"commune_code": code, "base_id": base} for code, base in areas],
        "couriers": [
            {"courier_id": f"{base}-{number + 1}", "name": f"Bưu tá mẫu {number + 1}", "base_id": base, **_NO_OVERTIME}
            for base, count in _COURIERS.items()
            for number in range(count)
        ],
        "lines": _lines(communes[0].at, city),
        "procedures": [
            {"procedure_code": f"TH.{level}", "title": f"Thủ tục mẫu ({level})", "level": level, "postal": "yes"}
            for level in PROCEDURES
        ],
        "tariffs": [{"postage_dong": 30_000}],
    }


def _sites(communes: list[_Commune], city: dict[str, Point]) -> Iterator[Row]:
    town, hub = communes[0], next(iter(city))
    yield site(_HUB, "Trung tâm khai thác Hà Tĩnh", "hub", hub, city[hub], BASE_HOURS)
    for (key, name), (code, at) in zip(_AGENCIES.items(), city.items(), strict=False):
        yield site(key, name, "agency", code, shifted(*at, 150, 150), OFFICE_HOURS)
    yield site(_BASE, "Bưu điện huyện Thạch Hà", "post_office", town.code, town.at, BASE_HOURS)
    desk = shifted(*town.at, 250, -100)
    yield site(_DISTRICT_DESK, "Trung tâm hành chính công huyện Thạch Hà", "one_stop", town.code, desk, OFFICE_HOURS)
    for commune in communes:
        lower = commune.name[0].lower() + commune.name[1:]
        desk = shifted(*commune.at, -80, 60)
        yield site(commune.desk, f"Bộ phận một cửa {lower}", "one_stop", commune.code, desk, OFFICE_HOURS)
        if commune.counter != _BASE:
            at = shifted(*commune.at, 120, 0)
            name = f"Bưu điện văn hóa {lower}"
            yield site(commune.counter, name, "culture_post", commune.code, at, CULTURE_HOURS)


def _lines(town: Point, city: dict[str, Point]) -> list[Row]:
    """One van, up after each wave and down before it."""
    legs = drives([town, next(iter(city.values()))])
    up = (run("DT-TH", f"L{number}", (_BASE, _HUB), leaves, legs) for number, leaves in enumerate(_UP, 1))
    down = (run("DT-TH", f"V{number}", (_HUB, _BASE), leaves, legs) for number, leaves in enumerate(_DOWN, 1))
    return list(chain(*up, *down))


def _shipments(communes: list[_Commune], kind: str, rng: np.random.Generator) -> Iterator[Row]:
    """Communes in turn, days evenly, levels as the procedures by post."""
    days = working_days(FIRST, LAST)
    levels = np.repeat(list(PROCEDURES), split(BY_POST, list(PROCEDURES.values())))
    for number, level in enumerate(rng.permutation(levels).tolist()):
        commune = communes[number % len(communes)]
        ends = _ends(commune, kind, _decides(commune, level, rng), number, rng)
        yield {
            "code": f"TH-{number + 1:03d}-{kind[0].upper()}", "kind": kind, "procedure_code": f"TH.{level}", **ends,
            "ready_at": at_office(days[number * len(days) // BY_POST], rng), **citizen(number + 1),
        }  # fmt: skip


def _decides(commune: _Commune, level: str, rng: np.random.Generator) -> str:
    province = str(rng.choice(list(_AGENCIES)))
    return {"province": province, "district": _DISTRICT_DESK, "commune": commune.desk}[level]


def _ends(commune: _Commune, kind: str, agency: str, number: int, rng: np.random.Generator) -> Row:
    citizens, agencys, at_home = ("origin", "dest", _FROM_HOME) if kind == "intake" else ("dest", "origin", _TO_HOME)
    door = home(citizens, near(commune.at, _AROUND, rng), number + 1, commune.name, commune.code)
    return {f"{agencys}_site": agency, **(door if rng.random() < at_home else {f"{citizens}_site": commune.counter})}
