"""The service floors, checked against the posts in force: `geo` counts, here everything has its name and its words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.coverage.assumptions import Assumptions
from api.coverage.document import CoveragePoint, Floor, Means, Shortfall
from api.coverage.proposal import Proposal
from api.coverage.situation import Settled
from api.network.model import SiteKind
from api.plans.schemas import Words
from geo.coverage import floors as counted
from geo.units import load_communes


@dataclass(frozen=True, slots=True)
class _Told:
    meaning: Words
    unit: Words


def _t(vi: str, en: str, unit_vi: str, unit_en: str) -> _Told:
    return _Told(Words(vi=vi, en=en), Words(vi=unit_vi, en=unit_en))


_HOURS, _DAYS = ("giờ/ngày", "hours/day"), ("ngày/tuần", "days/week")
_TOLD = {
    counted.Floor.POINT_IN_COMMUNE: _t(
        "Số điểm phục vụ ở mỗi xã; con số đo được là của xã ít nhất",
        "Points in each commune; measured is the commune with fewest",
        "điểm",
        "points",
    ),
    counted.Floor.MEAN_RADIUS: _t(
        "Bán kính phục vụ bình quân; danh sách là các xã vượt mức",
        "Mean service radius; listed are the communes beyond it",
        "km",
        "km",
    ),
    counted.Floor.PEOPLE_PER_POINT: _t(
        "Số dân bình quân một điểm; danh sách là các điểm là gần nhất của nhiều dân hơn",
        "Mean people a point; listed are the points that are the nearest of more",
        "người",
        "people",
    ),
    counted.Floor.HOURS_OPEN: _t("Giờ mở cửa mỗi ngày mở", "Hours on a day it is open", *_HOURS),
    counted.Floor.CENTRE_HOURS_OPEN: _t(
        "Giờ mở cửa mỗi ngày của trung tâm tỉnh", "Hours a day of a provincial centre", *_HOURS
    ),
    counted.Floor.VISITS: _t(
        "Ngày trong tuần bưu tá có thể đến thu gom và phát",
        "Days a week on which couriers can collect and deliver",
        *_DAYS,
    ),
    counted.Floor.SPECIAL_VISITS: _t(
        "Vùng đặc biệt: ngày trong tuần bưu tá có thể đến thu gom và phát",
        "Special areas: days a week on which couriers can collect and deliver",
        *_DAYS,
    ),
}
_FEWEST_DECIMALS = 2


def check_floors(
    settled: Settled, proposal: Proposal, points: Sequence[CoveragePoint], assumptions: Assumptions
) -> tuple[Floor, ...]:
    """Check every floor for a proposal; one that nothing here can meet or miss is left out."""
    names = _communes(settled, proposal, points)
    service = _service(settled, proposal, points, list(names), assumptions)
    workdays = 7 - len(settled.network.settings.weekend)
    found = counted.check_floors(service, _asked(assumptions), workdays=workdays)
    rows = list(names.items())
    return tuple(_told(one, rows, points) for one in found if one.checked)


def _asked(assumptions: Assumptions) -> counted.Floors:
    """What the province asks of its posts."""
    return counted.Floors(
        points_in_commune=assumptions.floor_points,
        mean_radius_km=assumptions.floor_radius_km,
        people_per_point=assumptions.floor_people,
        hours_open=assumptions.floor_hours,
        centre_hours_open=assumptions.floor_centre_hours,
        visits_a_day=assumptions.floor_visits,
        special_visits_a_week=assumptions.floor_special_visits,
    )


def _service(
    settled: Settled,
    proposal: Proposal,
    points: Sequence[CoveragePoint],
    codes: Sequence[str],
    assumptions: Assumptions,
) -> counted.Service:
    network, number = proposal.network, {code: at for at, code in enumerate(codes)}
    people = [0] * len(codes)
    for place in settled.places:
        people[number[proposal.commune_of(place.commune_code)]] += place.people
    return counted.service(
        people,
        [_area_km2(code, settled, proposal) for code in codes],
        [number[proposal.commune_of(point.commune_code)] for point in points],
        [point.hours_a_day for point in points],
        # rounds go where there are papers: a point of a base can be called at whenever it is open
        [point.days_a_week if network.base_of_site(point.point_id) is not None else 0.0 for point in points],
        is_centre=[point.kind == SiteKind.HUB for point in points],
        is_special=assumptions.special_area,
        nearest=[point.people_nearest[Means.WALK] for point in points],
    )


def _area_km2(code: str, settled: Settled, proposal: Proposal) -> float:
    """Of a commune, with those merged into it; NaN = not known."""
    communes = load_communes(settled.day).by_code
    parts = [code, *(other for merged in proposal.merged if merged[0] == code for other in merged[1:])]
    areas = [communes[part].area_km2 if part in communes else None for part in parts]
    return sum(area or math.nan for area in areas)


def _told(check: counted.FloorCheck, communes: Sequence[tuple[str, str]], points: Sequence[CoveragePoint]) -> Floor:
    told = _TOLD[check.floor]
    return Floor(
        key=check.floor,
        meaning=told.meaning,
        unit=told.unit,
        limit=check.asked,
        measured=_finite(check.value),
        met=check.holds,
        checked=check.checked,
        fails=tuple(_shortfalls(check.beyond if check.floor in counted.OF_ALL else check.misses, communes, points)),
    )


def _shortfalls(
    misses: Iterable[counted.Miss], communes: Sequence[tuple[str, str]], points: Sequence[CoveragePoint]
) -> Iterable[Shortfall]:
    for miss in misses:
        if miss.point is not None:
            point = points[miss.point]
            yield Shortfall(id=point.point_id, name=point.name, measured=_finite(miss.value))
        elif miss.commune is not None:
            code, name = communes[miss.commune]
            yield Shortfall(id=code, name=name, measured=_finite(miss.value))


def _finite(value: float | None) -> float | None:
    """None = there is nothing to measure: no point stands there."""
    return None if value is None or math.isinf(value) else round(value, _FEWEST_DECIMALS)


def _communes(settled: Settled, proposal: Proposal, points: Sequence[CoveragePoint]) -> dict[str, str]:
    """Those that people live in or posts stand in: names by code."""
    names = load_communes(settled.day).by_code
    codes = [place.commune_code for place in settled.places] + [one.commune_code for one in points]
    here = dict.fromkeys(proposal.commune_of(code) for code in codes)
    return {code: names[code].name if code in names else code for code in here}
