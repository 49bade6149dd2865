"""
Every number of a study that is not measured: its value, unit, meaning and source, as data.

A province puts its own numbers into `coverage.toml`; what it does not name keeps the value here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from api.coverage.document import Assumption, Means
from api.plans.schemas import Words
from geo.coverage.floors import SOURCES, Floor, Floors

Curve = tuple[tuple[float, float], ...]
"""Points (x, y) of a piecewise linear function, x ascending; level beyond both ends."""


_FLOORS = Floors()


@dataclass(frozen=True, slots=True)
class Assumptions:
    """What a study takes for granted; `DESCRIBED` says what each means."""

    dossiers_per_1000: float = 141.4
    results_per_1000: float = 40.0
    response: Curve = ((0, 0.125), (15, 0.11), (30, 0.08), (60, 0.03), (120, 0.01))
    response_days: Curve = ((0, 0), (1, 0.5), (3, 0.85), (5, 1))
    on_foot: float = 0.3
    home_pickup: float = 0.25
    free_pickup_response: float = 0.14
    free_pickup_at_home: float = 0.8
    to_door: float = 0.7
    commune_level: float = 0.6
    online_share: float = 0.0
    place_spread: float = 0.15
    level_spread: float = 0.1
    new_point_dong: int = 75_000_000
    new_point_hours: str = "Mo-Fr 07:30-11:00,13:30-16:30; PH off"
    borrowed_desk_dong: int = 36_000_000
    borrowed_desk_hours: str = "Mo,We,Fr 07:30-11:30; PH off"
    mobile_visit_dong: int = 60_000
    mobile_visit_hours: str = "07:30-11:30"
    mobile_stay_minutes: int = 90
    moved_desk_dong: int = 0
    fuel_share: float = 0.5
    special_area: bool = False
    floor_points: int = _FLOORS.points_in_commune
    floor_radius_km: float = _FLOORS.mean_radius_km
    floor_people: float = _FLOORS.people_per_point
    floor_hours: float = _FLOORS.hours_open
    floor_centre_hours: float = _FLOORS.centre_hours_open
    floor_visits: float = _FLOORS.visits_a_day
    floor_special_visits: float = _FLOORS.special_visits_a_week
    limits_minutes: tuple[int, ...] = (15, 30, 60)
    main_means: Means = Means.WALK
    main_minutes: int = 30
    least_days: int = 1
    weeks: int = 1
    warm_up_days: int = 2

    def listed(self) -> tuple[Assumption, ...]:
        """All of them, as a study tells them."""
        return tuple(_told(self, name) for name in DESCRIBED)


@dataclass(frozen=True, slots=True)
class Description:
    """What an assumption means and where it comes from."""

    unit: Words
    meaning: Words
    source: Words
    """While it has the value that it has here."""
    set_source: Words
    """Once coverage.toml says otherwise."""
    estimated: bool = True
    """Here: a province should put its own in its place."""


def _d(unit: Words, vi: str, en: str, source: tuple[str, str] | None = None) -> Description:
    told, own = source or _OURS, _CHOSEN if source == _DEFAULT else _OWN
    return Description(
        unit,
        Words(vi=vi, en=en),
        Words(vi=told[0], en=told[1]),
        Words(vi=own[0], en=own[1]),
        estimated=source not in _STANDARDS.values(),
    )


_OURS = "Ước lượng của phần mềm; tỉnh thay bằng số của mình", "The software's estimate; a province puts its own"
_STANDARDS = {floor: (standard, standard) for floor, standard in SOURCES.items()}
_DEFAULT = "Mặc định của phần mềm", "The software's default"
"""Of what is for the planner to choose, and nobody has."""
_CHOSEN = "Lựa chọn của người quy hoạch, trong coverage.toml", "The planner's choice, in coverage.toml"
_OWN = "Do tỉnh đặt trong coverage.toml", "Set by the province in coverage.toml"
_HAU_GIANG = (
    "Hậu Giang 2018: 64.786 hồ sơ nhận trong 7,5 tháng, quy ra năm, trên 733.017 dân (Tổng điều tra 1/4/2019)",
    "Hậu Giang 2018: 64,786 dossiers received in 7½ months, taken to a year, over 733,017 people (2019 census)",
)
_HAU_GIANG_RESULTS = (
    "Hậu Giang 2018: 29.310 kết quả qua bưu chính trên 733.017 dân (Tổng điều tra 1/4/2019)",
    "Hậu Giang 2018: 29,310 results by post over 733,017 people (2019 census)",
)
_CALIBRATED = (
    "Ước lượng, sao cho chừng 1/10 hồ sơ đi qua bưu chính như Hậu Giang 2018 (11.045 hồ sơ); dạng giảm dần: giả định",
    "Estimate, set so that about a tenth of the dossiers go by post as in Hậu Giang 2018 (11,045); the fall is assumed",
)

_DOSSIERS = Words(vi="hồ sơ/1.000 dân/năm", en="dossiers/1,000 people/year")
_RESULTS = Words(vi="kết quả/1.000 dân/năm", en="results/1,000 people/year")
_SHARE_BY_MINUTES = Words(vi="phút: tỷ lệ", en="minutes: share")
_FACTOR_BY_DAYS = Words(vi="ngày/tuần: hệ số", en="days/week: factor")
_SHARE = Words(vi="tỷ lệ", en="share")
_SPREAD = Words(vi="độ lệch chuẩn của logarit", en="standard deviation of the logarithm")
_DONG_A_YEAR = Words(vi="đồng/năm", en="đồng/year")
_OSM = Words(vi="OSM opening_hours", en="OSM opening_hours")
_DONG_A_VISIT = Words(vi="đồng/lượt", en="đồng/visit")
_TIME_OF_DAY = Words(vi="giờ", en="hours")
_MINUTES = Words(vi="phút", en="minutes")
_YES_NO = Words(vi="có/không", en="yes/no")
_NONE = Words(vi="", en="")
_DAYS_A_WEEK = Words(vi="ngày/tuần", en="days/week")
_WEEKS = Words(vi="tuần", en="weeks")
_WORKING_DAYS = Words(vi="ngày làm việc", en="working days")


def _floors_described() -> dict[str, Description]:
    """The floors of the public service; each stands in its standard, a province may set its own."""
    hours, a_week = Words(vi="giờ/ngày", en="hours/day"), Words(vi="lần/tuần", en="times/week")
    rows = (
        ("floor_points", Floor.POINT_IN_COMMUNE, Words(vi="điểm", en="points"),
         "Tiêu chuẩn: số điểm ít nhất ở mỗi xã", "Floor: points in each commune, at least"),
        ("floor_radius_km", Floor.MEAN_RADIUS, Words(vi="km", en="km"),
         "Tiêu chuẩn: bán kính phục vụ bình quân, nhiều nhất", "Floor: mean service radius, at most"),
        ("floor_people", Floor.PEOPLE_PER_POINT, Words(vi="người", en="people"),
         "Tiêu chuẩn: số dân bình quân một điểm, nhiều nhất", "Floor: people for each point in the mean, at most"),
        ("floor_hours", Floor.HOURS_OPEN, hours,
         "Tiêu chuẩn: giờ mở cửa mỗi ngày của một điểm, ít nhất", "Floor: hours a day that a point is open, at least"),
        ("floor_centre_hours", Floor.CENTRE_HOURS_OPEN, hours,
         "Tiêu chuẩn: giờ mở cửa mỗi ngày của trung tâm tỉnh, ít nhất",
         "Floor: hours a day that a provincial centre is open, at least"),
        ("floor_visits", Floor.VISITS, Words(vi="lần/ngày làm việc", en="times/working day"),
         "Tiêu chuẩn: thu gom và phát, ít nhất", "Floor: collection and delivery, at least"),
        ("floor_special_visits", Floor.SPECIAL_VISITS, a_week,
         "Tiêu chuẩn ở vùng đặc biệt: thu gom và phát, ít nhất",
         "Floor in special areas: collection and delivery, at least"),
    )  # fmt: skip
    return {key: _d(unit, vi, en, _STANDARDS[floor]) for key, floor, unit, vi, en in rows}


DESCRIBED: dict[str, Description] = {
    "dossiers_per_1000": _d(
        _DOSSIERS,
        "Hồ sơ người dân nộp trong năm, bằng mọi cách",
        "Dossiers that people hand in a year, in any way",
        _HAU_GIANG,
    ),
    "results_per_1000": _d(
        _RESULTS,
        "Kết quả trả qua bưu chính trong năm; không đổi theo biện pháp",
        "Results that come back by post a year; no remedy changes it",
        _HAU_GIANG_RESULTS,
    ),
    "response": _d(
        _SHARE_BY_MINUTES,
        "Tỷ lệ hồ sơ gửi qua bưu chính theo số phút đến điểm phục vụ",
        "Share of dossiers that go by post, by minutes to the point",
        _CALIBRATED,
    ),
    "response_days": _d(
        _FACTOR_BY_DAYS,
        "Hệ số của tỷ lệ ấy theo số ngày điểm mở cửa trong tuần",
        "Factor on that share, by days a week on which the point is open",
    ),
    "on_foot": _d(_SHARE, "Tỷ lệ người đi bộ đến bưu chính", "Share of people who come on foot"),
    "home_pickup": _d(
        _SHARE,
        "Tỷ lệ hồ sơ qua bưu chính được thu gom tại nhà, có trả cước",
        "Share of the dossiers by post that are fetched at home for postage",
    ),
    "free_pickup_response": _d(
        _SHARE,
        "Tỷ lệ hồ sơ gửi qua bưu chính khi thu gom tại nhà miễn phí",
        "Share of dossiers that go by post where pickup at home is free",
    ),
    "free_pickup_at_home": _d(
        _SHARE,
        "Khi miễn phí: tỷ lệ hồ sơ qua bưu chính được thu gom tại nhà",
        "Where it is free: share of the dossiers by post that are fetched at home",
    ),
    "to_door": _d(
        _SHARE, "Tỷ lệ kết quả phát tận nhà, còn lại nhận tại điểm gần nhất", "Share of results brought to the door"
    ),
    "commune_level": _d(_SHARE, "Tỷ lệ hồ sơ do cấp xã giải quyết", "Share of dossiers that the commune decides"),
    "online_share": _d(
        _SHARE, "Tỷ lệ hồ sơ nộp trực tuyến, không còn giấy đi vào", "Share filed online: no paper goes in", _DEFAULT
    ),
    "place_spread": _d(_SPREAD, "Chênh lệch nhu cầu giữa các nơi", "Spread of demand a head between places"),
    "level_spread": _d(
        _SPREAD,
        "Dao động mức nhu cầu cả tỉnh khi rút thăm nhiều nhu cầu",
        "Spread of the level of demand over the demands drawn",
    ),
    "new_point_dong": _d(
        _DONG_A_YEAR,
        "Một điểm mới: người trực, mặt bằng, khấu hao",
        "A new point: who staffs it, upkeep, depreciation",
    ),
    "new_point_hours": _d(_OSM, "Giờ mở cửa điểm mới", "Opening hours of a new point", _DEFAULT),
    "borrowed_desk_dong": _d(_DONG_A_YEAR, "Một quầy mượn chỗ: người trực", "A borrowed desk: who staffs it"),
    "borrowed_desk_hours": _d(_OSM, "Giờ mở quầy mượn chỗ", "Hours of a borrowed desk", _DEFAULT),
    "mobile_visit_dong": _d(
        _DONG_A_VISIT,
        "Một lượt quầy lưu động, ngoài công và xăng của bưu tá",
        "A visit of the mobile desk, besides the courier's work and fuel",
    ),
    "mobile_visit_hours": _d(_TIME_OF_DAY, "Khoảng giờ quầy lưu động đến", "When a mobile desk may come", _DEFAULT),
    "mobile_stay_minutes": _d(_MINUTES, "Quầy lưu động ở lại ít nhất", "Least stay of a mobile desk", _DEFAULT),
    "moved_desk_dong": _d(
        _DONG_A_YEAR,
        "Một quầy chuyển chỗ: thuê, người trực, dời đi, quy ra năm; 0 = không tính",
        "A desk that moves: rent, staff and the move, made up to a year; 0 = left out",
    ),
    "fuel_share": _d(
        _SHARE, "Phần xăng dầu trong đơn giá mỗi km của bưu tá", "Share of fuel in a courier's price of a kilometre"
    ),
    "special_area": _d(
        _YES_NO,
        "Vùng đặc biệt: thu gom, phát tối thiểu 1 lần/tuần thay vì mỗi ngày làm việc",
        "Special area: collected once a week at least, not each working day",
        _STANDARDS[Floor.SPECIAL_VISITS],
    ),
    **_floors_described(),
    "limits_minutes": _d(_MINUTES, "Các mốc thời gian đến điểm phục vụ", "Limits of access time", _DEFAULT),
    "main_means": _d(_NONE, "Cách đi của mốc chính", "How people go, for the main limit", _DEFAULT),
    "main_minutes": _d(_MINUTES, "Mốc chính: ai xa hơn là chưa được phục vụ", "Main limit: who is further", _DEFAULT),
    "least_days": _d(
        _DAYS_A_WEEK,
        "Điểm mở ít nhất chừng ấy ngày mỗi tuần mới tính là tới được; 1 = một lượt lưu động mỗi tuần cũng tính",
        "A point counts as reached where it is open so many days a week; 1 = one visit a week counts too",
        _DEFAULT,
    ),
    "weeks": _d(
        _WEEKS,
        "Số tuần được lập chuyến thật, rồi suy ra năm theo ngày làm việc",
        "Weeks that are routed, then taken to a year by working days",
        _DEFAULT,
    ),
    "warm_up_days": _d(
        _WORKING_DAYS,
        "Ngày chạy trước, không tính, để mạng lưới có sẵn bưu gửi",
        "Days run before, not counted, so that papers are under way",
        _DEFAULT,
    ),
}


def _told(assumptions: Assumptions, name: str) -> Assumption:
    about = DESCRIBED[name]
    usual = getattr(assumptions, name) == getattr(Assumptions(), name)
    return Assumption(
        key=name,
        value=_plain(getattr(assumptions, name)),
        unit=about.unit,
        meaning=about.meaning,
        source=about.source if usual else about.set_source,
        estimated=about.estimated and usual,
    )


def _plain(value: object) -> float | int | str | bool:
    if isinstance(value, tuple):
        return "; ".join(_pair(item) for item in value)
    return value if isinstance(value, (bool, int, float)) else str(value)


def _pair(item: object) -> str:
    return ":".join(f"{part:g}" for part in item) if isinstance(item, tuple) else str(item)


def names() -> Iterable[str]:
    """The keys of `coverage.toml`."""
    return (field.name for field in fields(Assumptions))
