"""A small made-up study with everything that a study may have, its figures plain enough to be added up by hand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from api.coverage.document import CoverageStudy

WALK, MOTORBIKE = "walk", "motorbike"
COMMUNES = (
    ("30292", "Tri Tôn", "Núi Tô", 105.010, 10.380),
    ("30316", "Châu Đốc", "Vĩnh Nguơn", 105.100, 10.720),
    ("30337", "An Phú", "Phước Hưng", 105.080, 10.830),
    ("30376", "Tân Châu", "Lê Chánh", 105.190, 10.760),
    ("30406", "Phú Tân", "Hòa Lạc", 105.240, 10.660),
    ("30463", "Châu Phú", "Đào Hữu Cảnh", 105.090, 10.510),
    ("30502", "Tịnh Biên", "An Hảo", 105.000, 10.490),
    ("30589", "Châu Thành", "Vĩnh Nhuận", 105.230, 10.420),
    ("30628", "Chợ Mới", "Mỹ An", 105.530, 10.480),
    ("30682", "Thoại Sơn", "Vĩnh Khánh", 105.310, 10.280),
    ("30283", "Long Xuyên", "Mỹ Hòa Hưng", 105.430, 10.410),
    ("30544", "Cô Tô", "Ô Lâm", 104.980, 10.350),
)
WITHOUT = ("DC-00", "DC-05", "DC-09", "DC-11")
"""Places without a post; the last is an island without a ferry."""
ISLAND = "DC-11"
PEOPLE = tuple(4_000 + 500 * number for number in range(len(COMMUNES)))
KINDS = ("new_point", "borrowed_desk", "weekly_visit", "daily_visit", "home_pickup")
PRICES = (96_000_000, 54_000_000, 18_000_000, 72_000_000, 31_000_000)
"""Đồng a year of each kind, for the first place; each further place costs a million more."""


def made_study(**changes: Any) -> CoverageStudy:
    """The study; `changes` replace whole parts of the document."""
    base = year()
    document: dict[str, Any] = {
        "schema": "duongthu-coverage/1",
        "created_at": datetime(2026, 11, 27, 8, 30, tzinfo=UTC),
        "software": "duongthu 0.1.0",
        "seed": 7,
        "network": {
            "name": "An Giang",
            "valid_on": date(2026, 11, 25),
            "sha256": "a" * 64,
            "roads": {"source": "synthetic", "sha256": "b" * 64, "synthetic": True},
        },
        "sample": {
            "first_day": date(2026, 11, 25),
            "working_days": 250,
            "counted_days": 5,
            "factor": 50.0,
            "weeks": [{"warm_up_from": date(2026, 11, 26), "first": date(2026, 11, 30), "last": date(2026, 12, 6)}],
            "iterations": 200,
            "draws": 20,
            "remedy_chance": 0.002,
            "scenario_chance": 0.005,
        },
        "limits_minutes": (15, 30, 60),
        "main_means": MOTORBIKE,
        "main_minutes": 30,
        "least_days": 1,
        "assumptions": _assumptions(),
        "places": _places(),
        "points": _points(),
        "without_post": WITHOUT,
        "floors": _floors(),
        "reached": _reached(0),
        "base": base,
        "remedies": [price for number, place in enumerate(WITHOUT) for price in _prices(number, place)],
        "frontiers": _frontiers(),
        "efficient": _efficient(),
        "scenarios": _scenarios(base),
        "warnings": [words("Ô Lâm: không có đường tới điểm nào.", "Ô Lâm: no way leads to any point.")],
    }
    return CoverageStudy.model_validate(document | changes)


def words(vi: str, en: str) -> dict[str, str]:
    return {"vi": vi, "en": en}


def year(**changes: Any) -> dict[str, Any]:
    """A year of the whole province."""
    figures = {
        "dossiers": 12_000, "results": 29_000, "dong": 9_000_000_000, "fixed_dong": 0, "postage_dong": 820_000_000,
        "km": 512_345.5, "courier_days": 11_250.0, "hours": 78_500.0, "most_couriers": 46,
        "early": 0.62, "on_the_day": 0.31, "late": 0.07, "unserved": 0,
    }  # fmt: skip
    return figures | changes


def place_id(number: int) -> str:
    return f"DC-{number:02d}"


def _access(seconds: int | None, point: str | None) -> dict[str, Any]:
    walk = None if seconds is None else seconds * 6
    return {
        WALK: {"seconds": walk, "point_id": point},
        MOTORBIKE: {"seconds": seconds, "point_id": point},
    }


def _places() -> list[dict[str, Any]]:
    return [
        {
            "place_id": place_id(number), "name": name, "commune_code": code, "commune": commune,
            "position": (lon, lat), "people": PEOPLE[number], "people_estimated": True,
            "has_post": place_id(number) not in WITHOUT, "base_id": None if place_id(number) == ISLAND else "BC-TT",
            "access": _access(_seconds(number), None if place_id(number) == ISLAND else "BC-00"),
        }
        for number, (code, commune, name, lon, lat) in enumerate(COMMUNES)
    ]  # fmt: skip


def _seconds(number: int) -> int | None:
    place = place_id(number)
    return None if place == ISLAND else (2_100 + 60 * number if place in WITHOUT else 300 + 30 * number)


def _points() -> list[dict[str, Any]]:
    return [
        {
            "point_id": f"BC-{number:02d}", "name": f"Bưu điện {commune}",
            "kind": "post_office" if number % 2 else "culture_post", "commune_code": code, "position": (lon, lat),
            "hours_a_day": 8.0 if number % 2 else 3.5, "days_a_week": 5.0,
            "people_nearest": {WALK: PEOPLE[number], MOTORBIKE: PEOPLE[number]},
        }
        for number, (code, commune, _, lon, lat) in enumerate(COMMUNES)
        if place_id(number) not in WITHOUT
    ]  # fmt: skip


def _assumptions() -> list[dict[str, Any]]:
    return [
        {
            "key": "dossiers_per_1000", "value": 14.2,
            "unit": words("hồ sơ/1.000 dân/năm", "dossiers/1,000 people/year"),
            "meaning": words("Hồ sơ nộp qua bưu chính", "Dossiers handed in by post"),
            "source": words("Hậu Giang 2018: 11.045 hồ sơ", "Hậu Giang 2018: 11,045 dossiers"), "estimated": True,
        },
        {
            "key": "new_point_dong", "value": 84_000_000, "unit": words("đồng/năm", "đồng/year"),
            "meaning": words("Chi cố định của một điểm mới", "Fixed yearly cost of a new point"),
            "source": words("Giả định của phần mềm", "Assumed by the program"), "estimated": True,
        },
        {
            "key": "working_days", "value": 250, "unit": words("ngày/năm", "days/year"),
            "meaning": words("Ngày làm việc", "Working days"),
            "source": words("Lịch của mạng lưới", "The network's calendar"), "estimated": False,
        },
    ]  # fmt: skip


def _floors() -> list[dict[str, Any]]:
    def floor(
        key: str, vi: str, en: str, unit: dict[str, str], limit: float, measured: float, fails: list[Any]
    ) -> dict[str, Any]:
        return {
            "key": key, "meaning": words(vi, en), "unit": unit, "limit": limit, "measured": measured,
            "met": not fails, "checked": len(COMMUNES), "fails": fails,
        }  # fmt: skip

    missing = [{"id": place, "name": COMMUNES[int(place[3:])][2], "measured": 0.0} for place in WITHOUT]
    closed = [{"id": "BC-02", "name": "Bưu điện An Phú", "measured": 3.5}]
    return [
        floor(
            "point-in-commune",
            "Ít nhất một điểm mỗi xã",
            "At least one point a commune",
            words("điểm", "points"),
            1,
            0.67,
            missing,
        ),
        floor("mean-radius", "Bán kính phục vụ bình quân", "Mean service radius", words("km", "km"), 3.0, 2.6, []),
        floor("hours-open", "Giờ mở cửa mỗi ngày", "Opening hours a day", words("giờ", "hours"), 4.0, 3.5, closed),
    ]


def people_within(minutes: int, opened: int = 0) -> int:
    """By motorbike, once the first `opened` places have a post; places with a post are all within 15 minutes."""
    far = [number for number in range(len(COMMUNES)) if place_id(number) in WITHOUT[opened:]]
    reached = [n for n in far if place_id(n) != ISLAND] if minutes >= 60 else []
    return sum(PEOPLE) - sum(PEOPLE[n] for n in far) + sum(PEOPLE[n] for n in reached)


def _reached(opened: int) -> dict[str, Any]:
    by_minutes = {minutes: people_within(minutes, opened) for minutes in (15, 30, 60)}
    on_foot = {minutes: people // 2 for minutes, people in by_minutes.items()}
    island = PEOPLE[int(ISLAND[3:])]
    return {
        "people": {WALK: on_foot, MOTORBIKE: by_minutes},
        "mean_minutes": {WALK: 84.0 - opened, MOTORBIKE: 14.0 - opened},
        "no_way": {WALK: island, MOTORBIKE: island},
    }


def _prices(number: int, place: str) -> list[dict[str, Any]]:
    people = PEOPLE[int(place[3:])]
    found = []
    for at, kind in enumerate(KINDS):
        added = PRICES[at] + 1_000_000 * number
        fixed = added // 3
        lost = words("Không có đường ra đảo.", "No way leads to the island.")
        problem = lost if place == ISLAND and kind != "new_point" else None
        found.append(
            {
                "place_id": place, "kind": kind, "weekday": 2 if kind == "weekly_visit" else None,
                "hours_a_week": (40.0, 20.0, 2.0, 10.0, 0.0)[at],
                "year": year(dong=9_000_000_000 + added - fixed, fixed_dong=fixed, dossiers=12_000 + 40 * (5 - at)),
                "added_dong": added, "added_km": 1_250.5 * at, "added_courier_days": 12.0 * at,
                "access": _access(180, f"MOI-{place}") if problem is None else _access(None, None),
                "minutes_saved": {WALK: 40.0, MOTORBIKE: 8.5}, "dossiers_won": 40 * (5 - at),
                "people_gained": {WALK: people // 2, MOTORBIKE: people}, "late_change": -0.002 * at,
                "problem": problem,
            }
        )  # fmt: skip
    return found


def _frontiers() -> list[dict[str, Any]]:
    steps = [
        {
            "k": k, "exact": WITHOUT[:k], "exact_people": people_within(30, k),
            "greedy": WITHOUT[:k], "greedy_people": people_within(30, k) - (1_000 if k == 2 else 0), "proved": k != 3,
        }
        for k in range(len(WITHOUT) + 1)
    ]  # fmt: skip
    nearer = {place: {place: 180} for place in WITHOUT} | {WITHOUT[0]: {WITHOUT[0]: 180, "DC-01": 240}}
    return [{"means": MOTORBIKE, "minutes": 30, "seconds_taken": 0.4, "steps": steps, "nearer": nearer}]


def _efficient() -> list[dict[str, Any]]:
    chosen = [{"place_id": place, "kind": "weekly_visit"} for place in WITHOUT[:3]]
    return [
        {
            "added_dong": 18_000_000 * count,
            "chance_dong": 2_000_000 * count,
            "people": people_within(30, count),
            "postage_dong": -1_500_000 * count,
            "choices": chosen[:count],
        }
        for count in range(4)
    ]


def _scenarios(base: dict[str, Any]) -> list[dict[str, Any]]:
    moved = {
        "key": "three_desks", "title": words("Đưa ba quầy về bưu cục", "Move three desks into posts"),
        "changes": [words("Quầy An Phú chuyển về bưu cục.", "The desk of An Phú moves into the post office.")],
        "before": base, "after": year(dong=8_850_000_000, km=501_000.0),
        "bands": {"total_dong": {"low": 8.7e9, "median": 8.85e9, "high": 9.02e9}},
        "change_bands": {"total_dong": {"low": -66e6, "median": -51e6, "high": -42e6}},
        "reached": _reached(0), "access": {}, "points": _points(),
        "floors": [*_floors()[:2], _floors()[2] | {"fails": [], "met": True}], "agencies": (),
    }  # fmt: skip
    fetched = {
        "key": "home_pickup", "title": words("Thu gom tại nhà miễn phí", "Free pickup at home"),
        "changes": [words("Bưu tá nhận hồ sơ tại nhà.", "Couriers fetch dossiers at the door.")],
        "before": base, "after": year(dong=9_400_000_000, dossiers=15_500, late=0.05, early=0.64),
        "bands": {}, "change_bands": {}, "reached": _reached(3),
        "access": {place: _access(0, None) for place in WITHOUT[:3]}, "points": _points(), "floors": _floors(),
        "agencies": [
            {
                "agency_id": "QP-AP", "name": "Văn phòng đăng ký đất đai An Phú", "quarter": "2026-Q4",
                "dossiers": 1_000, "by_post": 210, "share": 0.21, "target": 0.3, "met": False,
            }
        ],
    }  # fmt: skip
    return [moved, fetched]
