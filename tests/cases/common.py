"""What the three cases share: places, moments and timetables as rows of a network folder and a shipments file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np

from api.demo.facts import BEFORE_REFORM, shifted
from api.network.calendar import Calendar
from api.tables.moments import write_time
from geo.coordinates import haversine
from tests.api.network_files import Tables, write_folder, write_shipments

Row = dict[str, object]
"""One row of a table, by column; a missing column is empty."""
Point = tuple[float, float]
"""(lon, lat), degrees."""

ALWAYS = "Mo-Su 00:00-24:00"
BASE_HOURS = "Mo-Sa 06:00-19:30; PH 08:00-11:00"
POST_HOURS = "Mo-Sa 07:00-11:30,13:30-17:30; PH off"
CULTURE_HOURS = "Mo-Fr 07:30-11:00,13:30-16:30; 2026 Aug 22 07:30-11:00,13:30-16:30; PH off"
OFFICE_HOURS = "Mo-Fr 07:00-11:30,13:30-17:00; 2026 Aug 22 07:00-11:30,13:30-17:00; PH off"
"""22 August 2026 is a Saturday worked for 31 August."""

CALENDAR = Calendar()
"""That of a network without a calendar sheet."""

_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
_OPEN_MINUTES = (*range(7 * 60 + 30, 11 * 60), *range(13 * 60 + 30, 16 * 60 + 30))
_LINE_KPH, _DETOUR = 38.0, 1.32  # as the sample province's lines
_CALL, _STEP = 300, 300  # seconds at a stop, which is when hand-in ends too; of a timetable's grid


@dataclass(frozen=True, slots=True)
class Case:
    """A network folder, the shipments of a span, and the span."""

    network: Path
    shipments: Path
    first: date
    last: date


def write_case(
    folder: Path, name: str, tables: Tables, shipments: list[Row], span: tuple[date, date], settings: str
) -> Case:
    """Write `<name>/*.csv` and `<name>.csv` into a folder."""
    network = write_folder(folder / name, tables, settings)
    return Case(network, write_shipments(folder / f"{name}.csv", shipments), *span)


def site(site_id: str, name: str, kind: str, commune_code: str, at: Point, hours: str) -> Row:
    return {
        "site_id": site_id, "name": name, "kind": kind, "commune_code": commune_code, "lon": at[0], "lat": at[1],
        "opening_hours": hours,
    }  # fmt: skip


def near(middle: Point, metres: float, rng: np.random.Generator) -> Point:
    """A point up to so far away, denser towards the middle, as villages are."""
    angle, distance = rng.uniform(0, 2 * np.pi), metres * rng.random()
    return shifted(*middle, float(distance * np.cos(angle)), float(distance * np.sin(angle)))


def home(end: str, at: Point, number: int, commune_name: str, commune_code: str) -> Row:
    """The columns of an end at an invented address; `end` is origin or dest."""
    return {
        f"{end}_lon": at[0], f"{end}_lat": at[1], f"{end}_address": f"Địa chỉ mẫu {number}, {commune_name}",
        f"{end}_commune": commune_code,
    }  # fmt: skip


def citizen(number: int) -> Row:
    """Nobody's name and telephone; no network has numbers that begin with 0000."""
    return {"contact_name": f"Người dân mẫu {number:05d}", "contact_phone": f"0000{number % 1_000_000:06d}"}


def working_days(first: date, last: date) -> list[date]:
    return [day for day in _days(first, last) if CALENDAR.is_working(day)]


def worked(first: date, last: date) -> dict[date, bool]:
    """Every day of a span, and whether there is work on it."""
    return {day: CALENDAR.is_working(day) for day in _days(first, last)}


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def at_office(day: date, rng: np.random.Generator, *, before: int = 24) -> str:
    """A moment when counters and agencies are open, before an hour of the day."""
    minute = int(rng.choice([minute for minute in _OPEN_MINUTES if minute < 60 * before]))
    return datetime.combine(day, time(minute // 60, minute % 60), _ZONE).isoformat()


def drives(points: Sequence[Point]) -> list[int]:
    """A van's seconds from each point to the next, in steps of five minutes."""
    seconds = [float(haversine(*start, *end)) * _DETOUR * 3.6 / _LINE_KPH for start, end in pairwise(points)]
    return [_STEP * (1 + int(second // _STEP)) for second in seconds]


def run_seconds(legs: Sequence[int]) -> int:
    """From the first departure to the last arrival."""
    return sum(legs) + _CALL * (len(legs) - 1)


def run(line_id: str, run_id: str, sites: Sequence[str], leaves: int, legs: Sequence[int]) -> list[Row]:
    """The rows of one run, with the second after midnight at which it leaves and its drives."""
    rows: list[Row] = []
    departs = leaves
    for number, name in enumerate(sites):
        arrives = departs + legs[number - 1] if number else None
        departs = leaves if arrives is None else arrives + _CALL
        ends = number == len(legs)
        rows.append(
            {
                "line_id": line_id, "run_id": run_id, "stop_no": number + 1, "site_id": name,
                "arrive": "" if arrives is None else write_time(arrives),
                "depart": "" if ends else write_time(departs),
                "cut_off": "" if ends else write_time(departs - _CALL),
            }
        )  # fmt: skip
    return rows


def dated(rows: Iterable[Row], *, first: date | None = None, last: date | None = None) -> list[Row]:
    """The same rows, in force from one day to another."""
    span = {"valid_from": first.isoformat() if first else "", "valid_to": last.isoformat() if last else ""}
    return [{**row, **span} for row in rows]


def until_reform(tables: Tables) -> Tables:
    """The same tables, in force while there were three tiers: what their codes mean ends then."""
    return {name: dated(rows, last=BEFORE_REFORM) for name, rows in tables.items()}


def split(total: int, weights: Sequence[float]) -> list[int]:
    """Split a number by weights, the largest remainders first."""
    exact = np.array(weights) * total / sum(weights)
    counts = np.floor(exact).astype(int)
    counts[np.argsort(-(exact - counts), kind="stable")[: total - counts.sum()]] += 1
    return [int(count) for count in counts]
