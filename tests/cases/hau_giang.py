"""
Hậu Giang, September 2025 to August 2026: a year of shipments over the change from district to commune post offices.

Until 31 August 2025 couriers start at the eight old district seats, from 1 September 2025 at every commune's post
office. What is true and what is assumed stands in README.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import numpy as np

from api.demo.facts import BEFORE_REFORM, shifted
from geo.coordinates import haversine
from geo.coverage.demand import CountArray, DemandCommune, daily_counts
from geo.units import Commune, load_communes, successors
from tests.api.network_files import Tables
from tests.cases.common import (
    ALWAYS,
    BASE_HOURS,
    CULTURE_HOURS,
    OFFICE_HOURS,
    POST_HOURS,
    Case,
    Point,
    Row,
    at_office,
    citizen,
    dated,
    drives,
    home,
    near,
    run,
    run_seconds,
    site,
    worked,
    write_case,
)

FIRST, LAST = date(2025, 9, 1), date(2026, 8, 31)
LAST_OF_DISTRICTS = date(2025, 8, 31)
TOTALS = {"result": 29_310, "intake": 11_045}
"""Of the whole year."""

_PROVINCE, _HUB, _CAPITAL = "93", "TT-VT", "31321"
_MOVED = {"31379": "31378"}
"""Phú Tân went to Phú Hữu; the package takes it for the commune of the same name in Sóc Trăng."""

SEATS = {
    "930": ("VT", "Vị Thanh", "31321"), "931": ("NB", "Ngã Bảy", "31340"), "932": ("CTA", "Châu Thành A", "31342"),
    "933": ("CT", "Châu Thành", "31366"), "934": ("PH", "Phụng Hiệp", "31396"), "935": ("VTH", "Vị Thủy", "31441"),
    "936": ("LMH", "huyện Long Mỹ", "31489"), "937": ("LM", "thị xã Long Mỹ", "31471"),
}  # fmt: skip
"""Old districts: key, name, and the commune of today that holds the seat."""

LINES_BEFORE = {"D1": ("VT", "VTH", "PH", "NB"), "D2": ("LMH", "LM"), "D3": ("CTA", "CT")}
"""Seats that each line calls at after the hub."""
LINES_AFTER = {
    "X1": ("31321", "31441", "31459", "31393", "31420"),
    "X2": ("31396", "31432", "31340", "31411"),
    "X3": ("31338", "31489", "31492", "31495"),
    "X4": ("31453", "31473", "31471", "31480", "31426"),
    "X5": ("31333", "31465", "31348", "31342"),
    "X6": ("31399", "31408", "31360", "31369", "31366", "31378"),
}
"""Communes that each line calls at after the hub."""

MORE_COURIERS = {"31321": 3, "31340": 1, "31471": 1, "31408": 1}
"""In towns and the largest commune; everywhere else there is one."""
RESERVES = ("31321", "31340", "31471")
"""Communes with a reserve courier."""

AGENCIES = (
    ("TP", "Tư pháp"), ("XD", "Xây dựng"), ("NNMT", "Nông nghiệp và Môi trường"), ("TC", "Tài chính"), ("YT", "Y tế"),
    ("NV", "Nội vụ"), ("GDDT", "Giáo dục và Đào tạo"), ("CT", "Công Thương"),
)  # fmt: skip
"""Desks in Vị Thanh of the provincial agencies."""

_BY_PROVINCE, _FROM_HOME, _TO_HOME = 0.75, 0.25, 0.7
_AROUND = 0.45  # homes, in radii of a commune: near enough to made-up roads
_MORNING, _NOON, _EVENING = (7 * 60 + 10) * 60, (11 * 60 + 40) * 60, (17 * 60 + 40) * 60
_SORTING = 900  # seconds at the hub


@dataclass(frozen=True, slots=True)
class _Place:
    """A commune of today."""

    unit: Commune
    old: tuple[Commune, ...]
    """Those that went into it."""

    @property
    def code(self) -> str:
        return self.unit.code

    @property
    def at(self) -> Point:
        return self.unit.lon, self.unit.lat

    @property
    def radius(self) -> float:
        """Of a circle of its area, metres."""
        return 1000 * float(np.sqrt((self.unit.area_km2 or 1.0) / np.pi))

    @property
    def district(self) -> str:
        """Old district that most of it belonged to."""
        return Counter(unit.district_code or "" for unit in self.old).most_common(1)[0][0]

    @property
    def posts(self) -> tuple[str, ...]:
        """Its counters: the commune's post office, and a culture post in each other old commune."""
        return (_office(self.code), *(f"VH-{unit.code}" for unit in self.old[1:]))


def write_hau_giang(folder: Path, *, first: date = FIRST, last: date = LAST, seed: int = 0) -> Case:
    """
    Write the network folder `hau-giang` and the shipments that become ready in a span.

    Parameters
    ----------
    first, last
        Within the year; a span has the very rows that the whole year has on its days.
    seed
        The same arguments give the same bytes.

    Raises
    ------
    ValueError
        When the span leaves the year.
    """
    if not FIRST <= first <= last <= LAST:
        raise ValueError(f"a span lies within {FIRST} ... {LAST}, got {first} ... {last}")
    rows = [row for number in range((last - first).days + 1) for row in _day(first + timedelta(days=number), seed)]
    return write_case(folder, "hau-giang", hau_giang_tables(), rows, (first, last), 'name = "Hậu Giang"\n')


def hau_giang_tables() -> Tables:
    """The network's rows of all days."""
    places = tuple(_places().values())
    return {
        "sites": [*_sites(places), *dated(_seat_sites(), last=LAST_OF_DISTRICTS)],
        "areas": [
            *dated(({"commune_code": p.code, "base_id": _seat(p.district)} for p in places), last=LAST_OF_DISTRICTS),
            *dated(({"commune_code": p.code, "base_id": _office(p.code)} for p in places), first=FIRST),
        ],
        "couriers": _couriers(places),
        "lines": [
            *dated(_lines({line: list(map(_seat_at, keys)) for line, keys in LINES_BEFORE.items()}),
                   last=LAST_OF_DISTRICTS),
            *dated(_lines({line: list(map(_office_at, codes)) for line, codes in LINES_AFTER.items()}), first=FIRST),
        ],
        "procedures": [
            {"procedure_code": f"HG.{level}", "title": f"Thủ tục mẫu ({level})", "level": level, "postal": "yes"}
            for level in ("province", "commune")
        ],
        "tariffs": [{"postage_dong": 30_000}],
    }  # fmt: skip


@cache
def _places() -> Mapping[str, _Place]:
    """The communes of today in the order of their codes, each with its old ones: the one nearest its point first."""
    today = load_communes(FIRST).by_code
    found: dict[str, list[Commune]] = {}
    for unit in load_communes(BEFORE_REFORM, _PROVINCE):
        found.setdefault(_MOVED.get(unit.code) or successors(unit.code)[0], []).append(unit)
    return {code: _place(today[code], found[code]) for code in sorted(found)}


def _place(unit: Commune, old: Sequence[Commune]) -> _Place:
    def distance(part: Commune) -> float:
        return float(haversine(part.lon, part.lat, unit.lon, unit.lat))

    return _Place(unit, tuple(sorted(old, key=distance)))


def _office(code: str) -> str:
    """A commune's post office."""
    return f"BC-{code}"


def _seat(district: str) -> str:
    """An old district's post office."""
    return f"BH-{SEATS[district][0]}"


def _seat_at(key: str) -> tuple[str, Point]:
    code = next(code for name, _, code in SEATS.values() if name == key)
    return f"BH-{key}", shifted(*_places()[code].at, -150, 200)


def _office_at(code: str) -> tuple[str, Point]:
    return _office(code), shifted(*_places()[code].at, 120, 0)


def _hub_at() -> tuple[str, Point]:
    return _HUB, shifted(*_places()[_CAPITAL].at, 700, 500)


def _seat_sites() -> Iterator[Row]:
    for key, name, code in SEATS.values():
        base, at = _seat_at(key)
        yield site(base, f"Bưu điện {name}", "post_office", code, at, BASE_HOURS)


def _sites(places: Sequence[_Place]) -> Iterator[Row]:
    """Those that stay: hub, agencies, and for each commune its post office, desk and culture posts."""
    yield site(_HUB, "Trung tâm khai thác Vị Thanh", "hub", _CAPITAL, _hub_at()[1], ALWAYS)
    rng = np.random.default_rng(int(_PROVINCE))
    for key, name in AGENCIES:
        at = near(_places()[_CAPITAL].at, 1_500, rng)
        yield site(f"CQ-{key}", f"Bộ phận tiếp nhận Sở {name}", "agency", _CAPITAL, at, OFFICE_HOURS)
    for place in places:
        name = place.unit.name[0].lower() + place.unit.name[1:]
        desk = shifted(*place.at, -60, 40)
        yield site(_office(place.code), f"Bưu cục {name}", "post_office", place.code, _office_at(place.code)[1],
                   POST_HOURS)  # fmt: skip
        yield site(f"MC-{place.code}", f"Trung tâm Phục vụ hành chính công {name}", "one_stop", place.code, desk,
                   OFFICE_HOURS)  # fmt: skip
        for part, post in zip(place.old[1:], place.posts[1:], strict=True):
            at = _post_at(place, part)
            yield site(post, f"Bưu điện văn hóa {part.short_name}", "culture_post", place.code, at, CULTURE_HOURS)


def _post_at(place: _Place, part: Commune) -> Point:
    """The old commune's point; where that cannot be right, one drawn within the commune."""
    near_enough = haversine(part.lon, part.lat, *place.at) <= 1.6 * place.radius
    if near_enough and not part.shared_point:
        return part.lon, part.lat
    return near(place.at, _AROUND * place.radius, np.random.default_rng(int(part.code)))


def _couriers(places: Sequence[_Place]) -> list[Row]:
    """The same people before and after: at the seat of a commune's district, then at the commune's own office."""
    crews = [(p, no) for p in places for no in (False,) * (1 + MORE_COURIERS.get(p.code, 0))]
    crews += [(_places()[code], True) for code in RESERVES]
    people: list[tuple[Row, _Place]] = [
        (
            {"courier_id": f"HG-{number:02d}", "name": f"Bưu tá mẫu {number:02d}", "fixed_dong": 40_000,
             "reserve": "yes" if reserve else "no"},
            place,
        )
        for number, (place, reserve) in enumerate(crews, 1)
    ]  # fmt: skip
    return [
        *dated(({**row, "base_id": _seat(place.district)} for row, place in people), last=LAST_OF_DISTRICTS),
        *dated(({**row, "base_id": _office(place.code)} for row, place in people), first=FIRST),
    ]


def _lines(lines: Mapping[str, Sequence[tuple[str, Point]]]) -> list[Row]:
    """
    Two turns a day: there before the morning wave, back after it; there in the afternoon, back after the last wave.

    Every noon run reaches the hub before any afternoon run leaves it.
    """
    stops = {line: [_hub_at(), *bases] for line, bases in lines.items()}
    legs = {line: drives([at for _, at in sites]) for line, sites in stops.items()}
    longest = max(map(run_seconds, legs.values()))
    rows = []
    for line, sites in stops.items():
        names, there, seconds = [name for name, _ in sites], legs[line], run_seconds(legs[line])
        for run_id, order, leaves, on in (
            ("S1", names, _MORNING - seconds, there),
            ("S1V", names[::-1], _NOON, there[::-1]),
            ("S2", names, _NOON + longest + _SORTING, there),
            ("S2V", names[::-1], _EVENING, there[::-1]),
        ):
            rows += run(line, run_id, order, leaves, on)
    return rows


@cache
def _counts(seed: int) -> tuple[Mapping[date, int], Mapping[str, CountArray]]:
    """The row of each day, and by kind the counts of the year: days x communes."""
    people = [DemandCommune(place.code, len(place.old)) for place in _places().values()]
    span = worked(FIRST, LAST)
    return {day: at for at, day in enumerate(span)}, daily_counts(people, TOTALS, span, seed=seed)


def _day(day: date, seed: int) -> Iterator[Row]:
    """What becomes ready on a day, the same whatever the span."""
    rng = np.random.default_rng([seed, day.toordinal()])
    at, counts = _counts(seed)
    drawn = [
        (kind, place)
        for kind in TOTALS
        for place, count in zip(_places().values(), counts[kind][at[day]].tolist(), strict=True)
        for _ in range(count)
    ]
    for number, (kind, place) in enumerate(drawn, 1):
        level = "province" if rng.random() < _BY_PROVINCE else "commune"
        agency = f"CQ-{AGENCIES[rng.integers(len(AGENCIES))][0]}" if level == "province" else f"MC-{place.code}"
        yield {
            "code": f"HG-{day:%y%m%d}-{number:03d}", "kind": kind, "procedure_code": f"HG.{level}",
            **_ends(kind, place, agency, number, rng), "ready_at": at_office(day, rng), **citizen(number),
        }  # fmt: skip


def _ends(kind: str, place: _Place, agency: str, number: int, rng: np.random.Generator) -> Row:
    end, other, at_home = ("origin", "dest", _FROM_HOME) if kind == "intake" else ("dest", "origin", _TO_HOME)
    door = home(end, near(place.at, _AROUND * place.radius, rng), number, place.unit.name, place.code)
    post = place.posts[rng.integers(len(place.posts))]
    return {f"{other}_site": agency, **(door if rng.random() < at_home else {f"{end}_site": post})}
