"""Couriers and lines of a sample province: invented people, a plausible timetable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import atan2

from api.demo.facts import SampleCommune, SampleProvince, Seat
from api.demo.places import Row, base_id, hub_id
from api.tables.moments import write_time
from geo.coordinates import haversine

VAN_EVERY = 4
"""One courier of a base in so many drives a van."""

RESERVES = 2
"""At the bases with most people: called only when the others are not enough."""

_MOTORBIKE = {
    "vehicle": "motorbike", "pieces": 150, "grams": 60_000, "cash_dong": 30_000_000, "fixed_dong": 40_000,
    "dong_per_km": 1_500,
}  # fmt: skip
_VAN = {
    "vehicle": "van", "pieces": 1_000, "grams": 800_000, "cash_dong": 80_000_000, "fixed_dong": 150_000,
    "dong_per_km": 5_000,
}  # fmt: skip
_DAY = {
    "shift": "07:00-17:30", "break": "60@11:00-13:30", "dong_per_hour": 35_000, "overtime_dong_per_hour": 17_500,
    "max_overtime_minutes": 60, "max_trips": 2, "skills": "id_check",
}  # fmt: skip

_RUNS = (("S1", 4 * 3600 + 1800), ("S2", 12 * 3600 + 1800))
"""Runs from the hub, and when they leave it; each comes back after a stay at the last base."""
_STAY, _CALL, _HAND_IN = 2 * 3600, 600, 900
_LINE_KPH, _DETOUR = 38.0, 1.32


def courier_rows(province: SampleProvince, communes: Sequence[SampleCommune]) -> list[Row]:
    """Spread the couriers over the bases by population; each knows the communes of one direction from the base."""
    served = {seat.key: [c for c in communes if c.seat is seat] for seat in province.seats}
    people = {key: sum(commune.population for commune in of_base) for key, of_base in served.items()}
    crews = _by_population(people, province.num_couriers)
    reserve = sorted(crews, key=lambda key: (-people[key], key))[:RESERVES]
    rows = []
    for seat in province.seats:
        around = _around(seat, served[seat.key])
        size = crews[seat.key]
        for number in range(size + (seat.key in reserve)):
            known = around[number * len(around) // size :][: max(1, -(-len(around) // size))] if number < size else []
            rows.append(
                {
                    "courier_id": f"{seat.key}-{number + 1:02d}",
                    "name": f"Bưu tá mẫu {seat.name} {number + 1:02d}",
                    "base_id": base_id(seat.key),
                    **(_VAN if number % VAN_EVERY == 1 else _MOTORBIKE),
                    **_DAY,
                    "reserve": "yes" if number >= size else "no",
                    "communes": ";".join(commune.code for commune in known),
                }
            )
    return rows


def line_rows(province: SampleProvince, communes: Sequence[SampleCommune]) -> list[Row]:
    """Lines of level 2: from the hub along the bases and back, twice a day."""
    where = {part.code: (part.lon, part.lat) for commune in communes for part in commune.old}
    points = {seat.key: where[seat.commune_code] for seat in province.seats}
    rows = []
    for line, keys in province.lines.items():
        sites = [hub_id(province), *(base_id(key) for key in keys)]
        drives = [_drive(points[a], points[b]) for a, b in zip((province.seats[0].key, *keys), keys, strict=False)]
        for run, leaves in _RUNS:
            out = _timetable(leaves, drives)
            back = _timetable(out[-1][0] + _STAY, drives[::-1])
            rows += _run_rows(line, run, sites, out)
            rows += _run_rows(line, f"{run}V", sites[::-1], back)
    return rows


def _by_population(people: Mapping[str, int], total: int) -> dict[str, int]:
    """Two couriers each, the rest by largest remainder."""
    rest = total - 2 * len(people)
    exact = {key: rest * count / sum(people.values()) for key, count in people.items()}
    size = {key: 2 + int(part) for key, part in exact.items()}
    by_remainder = sorted(exact, key=lambda key: (int(exact[key]) - exact[key], key))
    for key in by_remainder[: total - sum(size.values())]:
        size[key] += 1
    return size


def _around(seat: Seat, communes: Sequence[SampleCommune]) -> list[SampleCommune]:
    """Communes in the order of their direction from the base."""
    centre = next(((part.lon, part.lat) for c in communes for part in c.old if part.code == seat.commune_code), None)
    if centre is None:
        raise ValueError(f"the seat of {seat.name} lies in none of its communes")
    return sorted(communes, key=lambda c: (atan2(c.lat - centre[1], c.lon - centre[0]), c.code))


def _drive(start: tuple[float, float], end: tuple[float, float]) -> int:
    """Seconds, in steps of five minutes."""
    seconds = float(haversine(*start, *end)) * _DETOUR * 3.6 / _LINE_KPH
    return 300 * (1 + int(seconds // 300))


def _timetable(leaves: int, drives: Sequence[int]) -> list[tuple[int, int]]:
    """Arrival and departure at each stop."""
    times = [(leaves, leaves)]
    for drive in drives:
        arrives = times[-1][1] + drive
        times.append((arrives, arrives + _CALL))
    return times


def _run_rows(line: str, run: str, sites: Sequence[str], times: Sequence[tuple[int, int]]) -> list[Row]:
    last = len(sites) - 1
    return [
        {
            "line_id": line, "run_id": run, "level": 2, "stop_no": number + 1, "site_id": site,
            "arrive": write_time(arrives) if number else "",
            "depart": write_time(departs) if number < last else "",
            "cut_off": write_time(departs - _HAND_IN) if number < last else "",
            "days": "Mo-Sa", "vehicle": "van",
        }
        for number, (site, (arrives, departs)) in enumerate(zip(sites, times, strict=True))
    ]  # fmt: skip
