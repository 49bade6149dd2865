"""
Hà Nam, January to June 2023: 814 dossiers at six agencies of Phủ Lý, one courier and one reserve.

What is true and what is assumed stands in README.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path

import numpy as np

from api.demo.facts import shifted
from geo.coverage.demand import day_weights
from geo.units import Commune, load_communes
from tests.api.network_files import Tables
from tests.cases.common import (
    BASE_HOURS,
    CALENDAR,
    OFFICE_HOURS,
    Case,
    Row,
    at_office,
    citizen,
    home,
    near,
    site,
    until_reform,
    worked,
    working_days,
    write_case,
)

FIRST, LAST = date(2023, 1, 1), date(2023, 6, 30)
DOSSIERS = 814
EARLY, ON_THE_DAY, LATE, OPEN = 717, 55, 10, 32
"""Of them: results ready before, on and after the agency's date, and those that the period leaves open."""
PROMISED = 2
"""Working days of the post, each way: the agency's own days are counted from then."""

_BASE, _PROVINCE, _DISTRICT, _CENTRE = "BC-PL", "35", "347", "13294"
_AROUND = 800.0  # metres, homes from the point of their commune
_FROM_HOME, _TO_HOME = 0.2, 0.65
_LATEST_READY = date(2023, 6, 29)
"""A result that is ready by the morning of then is fetched that day, and handed over by the end of the period."""


@dataclass(frozen=True, slots=True)
class _Agency:
    key: str
    name: str
    days: int
    """Working days that it takes for a dossier."""
    east: float
    north: float
    """Metres from the middle of the town."""


AGENCIES = (
    _Agency("TP", "Sở Tư pháp", 10, 420, 310),
    _Agency("TNMT", "Sở Tài nguyên và Môi trường", 15, -350, 640),
    _Agency("GTVT", "Sở Giao thông vận tải", 5, 760, -180),
    _Agency("KHDT", "Sở Kế hoạch và Đầu tư", 3, 90, 820),
    _Agency("LDTBXH", "Sở Lao động - Thương binh và Xã hội", 10, -610, -240),
    _Agency("YT", "Sở Y tế", 20, 520, -690),
)


class Fate(StrEnum):
    EARLY = "early"
    ON_THE_DAY = "on_the_day"
    LATE = "late"
    OPEN = "open"


def write_ha_nam(folder: Path, *, seed: int = 0) -> Case:
    """Write the network folder `ha-nam` and its shipments; the same arguments give the same bytes."""
    settings = f'name = "Hà Nam 2023"\n\n[promised_days]\nprovince = {PROMISED}\n'
    return write_case(folder, "ha-nam", until_reform(_network()), list(_shipments(seed)), (FIRST, LAST), settings)


def _communes() -> list[Commune]:
    """Those of Phủ Lý."""
    return [unit for unit in load_communes(FIRST, _PROVINCE) if unit.district_code == _DISTRICT]


def _network() -> Tables:
    centre = load_communes(FIRST).by_code[_CENTRE]
    middle = centre.lon, centre.lat
    agencies = [
        site(f"CQ-{one.key}", one.name, "agency", _CENTRE, shifted(*middle, one.east, one.north), OFFICE_HOURS)
        for one in AGENCIES
    ]
    return {
        "sites": [site(_BASE, "Bưu điện Phủ Lý", "post_office", _CENTRE, middle, BASE_HOURS), *agencies],
        "areas": [{"commune_code": unit.code, "base_id": _BASE} for unit in _communes()],
        "couriers": [
            {"courier_id": "PL-1", "name": "Bưu tá mẫu", "base_id": _BASE},
            {"courier_id": "PL-2", "name": "Bưu tá mẫu dự phòng", "base_id": _BASE, "reserve": "yes"},
        ],
        "procedures": [
            {"procedure_code": f"HN.{one.key}", "title": f"Thủ tục mẫu ({one.name})", "level": "province",
             "postal": "yes", "processing_days": one.days}
            for one in AGENCIES
        ],
        "tariffs": [{"postage_dong": 30_000}],
    }  # fmt: skip


def _shipments(seed: int) -> Iterator[Row]:
    """For each dossier a row to the agency, `HN-0001-I`, and one back, `HN-0001-R`."""
    rng = np.random.default_rng(seed)
    communes, days = _communes(), _hand_in_days()
    agencies = [AGENCIES[number] for number in rng.integers(len(AGENCIES), size=DOSSIERS)]
    for number, fate in enumerate(_fates(days, agencies, rng), 1):
        agency, day = agencies[number - 1], days[number - 1]
        commune = communes[rng.integers(len(communes))]
        at = near((commune.lon, commune.lat), _AROUND, rng)
        common = {"procedure_code": f"HN.{agency.key}", **citizen(number)}
        appointment = CALENDAR.add_working_days(day, PROMISED + agency.days)
        ready = _ready_on(day, agency, fate, rng)
        for kind, end, other, at_home, on, promised in (
            ("intake", "origin", "dest", _FROM_HOME, day, None),
            ("result", "dest", "origin", _TO_HOME, ready, appointment),
        ):
            door = home(end, at, number, commune.name, commune.code)
            yield {
                "code": f"HN-{number:04d}-{kind[0].upper()}", "kind": kind, f"{other}_site": f"CQ-{agency.key}",
                **(door if rng.random() < at_home else {f"{end}_site": _BASE}), "ready_at": _at_office(on, rng),
                "appointment_on": promised.isoformat() if promised else "", **common,
            }  # fmt: skip


def _hand_in_days() -> list[date]:
    """The working day of each dossier, in order: more on Mondays, fewer around Tết."""
    span = worked(FIRST, LAST)
    passed = np.cumsum(day_weights(span))
    shares = (np.arange(DOSSIERS) + 0.5) / DOSSIERS * passed[-1]
    return [list(span)[at] for at in np.searchsorted(passed, shares)]


def _fates(days: list[date], agencies: list[_Agency], rng: np.random.Generator) -> list[Fate]:
    """The last ones are open; those on the day and late are drawn among all whose date lets them."""
    fates = [Fate.EARLY] * (DOSSIERS - OPEN) + [Fate.OPEN] * OPEN
    settled = range(DOSSIERS - OPEN)
    fit = [at for at in settled if _late_by(days[at], agencies[at], _LONGEST_LATE) <= _LATEST_READY]
    drawn = rng.choice(fit, LATE + ON_THE_DAY, replace=False).tolist()
    for at in drawn[:LATE]:
        fates[at] = Fate.LATE
    for at in drawn[LATE:]:
        fates[at] = Fate.ON_THE_DAY
    return fates


_LONGEST_LATE = 5  # working days


def _late_by(day: date, agency: _Agency, late: int) -> date:
    """So many working days after the agency's date; negative = before it."""
    return CALENDAR.add_working_days(day, PROMISED + agency.days + late)


def _at_office(day: date, rng: np.random.Generator) -> str:
    return at_office(day, rng, before=12 if day == _LATEST_READY else 24)


def _some_day(day: date, rng: np.random.Generator) -> date:
    """One on which the agency has the dossier and the period is not over."""
    days = working_days(CALENDAR.add_working_days(day, PROMISED + 1), _LATEST_READY)
    return days[rng.integers(len(days))]


def _ready_on(day: date, agency: _Agency, fate: Fate, rng: np.random.Generator) -> date:
    """After the post's promise for the way to the agency at the earliest."""
    late = int(rng.integers(1, _LONGEST_LATE + 1))
    early = min(late, agency.days - 1)
    if fate is Fate.EARLY:
        ready = _late_by(day, agency, -early)
        return ready if ready <= _LATEST_READY else _some_day(day, rng)
    if fate is Fate.OPEN:
        return max(_late_by(day, agency, -early), CALENDAR.add_working_days(LAST, 1))
    return _late_by(day, agency, late if fate is Fate.LATE else 0)
