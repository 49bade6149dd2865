"""The service floors, checked against the posts in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal

from api.coverage.assumptions import Assumptions
from api.coverage.document import CoveragePoint, Floor, Means, Shortfall
from api.coverage.situation import Situation
from api.network.model import SiteKind
from api.plans.schemas import Words
from geo.coverage.floors import Floors, mean_radius_km
from geo.units import load_communes

FLOORS = Floors()
"""The limits, from QCVN 01:2015/BTTTT and QCVN 1:2008/BTTTT."""


def check_floors(situation: Situation, points: Sequence[CoveragePoint], assumptions: Assumptions) -> tuple[Floor, ...]:
    """Check all five, for the province as it is."""
    return (
        _point_a_commune(situation, points),
        _mean_radius(situation, points),
        _people_a_point(points),
        _hours(points),
        _visits(situation, points, assumptions),
    )


def _point_a_commune(situation: Situation, points: Sequence[CoveragePoint]) -> Floor:
    communes = _communes(situation)
    having = {point.commune_code for point in points}
    fails = [Shortfall(id=code, name=name, measured=0) for code, name in communes.items() if code not in having]
    share = 1 - len(fails) / len(communes)
    meaning = Words(vi="Mỗi xã có ít nhất một điểm phục vụ", en="Each commune has a point at least")
    return _floor("point_a_commune", meaning, "%", 100.0, round(100 * share, 2), len(communes), fails)


def _mean_radius(situation: Situation, points: Sequence[CoveragePoint]) -> Floor:
    communes = load_communes(situation.day).by_code
    counts = Counter(point.commune_code for point in points)
    areas = {code: communes[code].area_km2 for code in _communes(situation) if code in communes}
    known = {code: area for code, area in areas.items() if area}
    served = sum(counts[code] for code in known)
    measured = mean_radius_km(sum(known.values()), served) if served and known else None
    of_each = {code: mean_radius_km(area, counts[code]) if counts[code] else None for code, area in known.items()}
    fails = [
        Shortfall(id=code, name=communes[code].name, measured=None if radius is None else round(radius, 2))
        for code, radius in of_each.items()
        if radius is None or radius > FLOORS.mean_radius_km
    ]
    meaning = Words(
        vi="Bán kính phục vụ bình quân; danh sách là các xã vượt mức",
        en="Mean service radius; listed are the communes beyond it",
    )
    met = measured is not None and measured <= FLOORS.mean_radius_km
    rounded = None if measured is None else round(measured, 2)
    return _floor("mean_radius", meaning, "km", FLOORS.mean_radius_km, rounded, len(known), fails, met=met)


def _people_a_point(points: Sequence[CoveragePoint]) -> Floor:
    counted = {point.point_id: point.people_nearest[Means.WALK] for point in points}
    fails = [
        Shortfall(id=point.point_id, name=point.name, measured=counted[point.point_id])
        for point in points
        if counted[point.point_id] > FLOORS.people_per_point
    ]
    mean = sum(counted.values()) / len(points) if points else None
    meaning = Words(
        vi="Số dân bình quân một điểm; danh sách là các điểm là gần nhất của nhiều dân hơn",
        en="Mean people a point; listed are the points that are the nearest of more",
    )
    met = mean is not None and mean <= FLOORS.people_per_point
    measured = None if mean is None else round(mean, 1)
    return _floor("people_a_point", meaning, "người", FLOORS.people_per_point, measured, len(points), fails, met=met)


def _hours(points: Sequence[CoveragePoint]) -> Floor:
    fails = [
        Shortfall(id=point.point_id, name=point.name, measured=point.hours_a_day)
        for point in points
        if point.hours_a_day < (FLOORS.centre_hours_open if point.kind == SiteKind.HUB else FLOORS.hours_open)
    ]
    least = min((point.hours_a_day for point in points), default=None)
    meaning = Words(
        vi="Giờ mở cửa mỗi ngày mở (trung tâm tỉnh: 8 giờ)", en="Hours on a day it is open (provincial centre: 8)"
    )
    return _floor("hours", meaning, "giờ/ngày", FLOORS.hours_open, least, len(points), fails)


def _visits(situation: Situation, points: Sequence[CoveragePoint], assumptions: Assumptions) -> Floor:
    """Rounds go where there are papers: a point with a base can be called at on each working day that it is open."""
    network = situation.network
    workdays = float(7 - len(network.settings.weekend))
    least = FLOORS.special_visits_a_week if assumptions.special_area else workdays
    visits = {
        point.point_id: point.days_a_week if network.base_of_site(point.point_id) is not None else 0.0
        for point in points
    }
    fails = [
        Shortfall(id=point.point_id, name=point.name, measured=visits[point.point_id])
        for point in points
        if visits[point.point_id] < least
    ]
    meaning = Words(
        vi="Ngày trong tuần bưu tá có thể đến thu gom và phát",
        en="Days a week on which couriers can collect and deliver",
    )
    measured = min(visits.values(), default=None)
    return _floor("visits", meaning, "ngày/tuần", least, measured, len(points), fails)


def _floor(
    key: Literal["point_a_commune", "mean_radius", "people_a_point", "hours", "visits"],
    meaning: Words,
    unit: str,
    limit: float,
    measured: float | None,
    checked: int,
    fails: Iterable[Shortfall],
    *,
    met: bool | None = None,
) -> Floor:
    listed = tuple(fails)
    return Floor(
        key=key, meaning=meaning, unit=unit, limit=limit, measured=measured, met=not listed if met is None else met,
        checked=checked, fails=listed,
    )  # fmt: skip


def _communes(situation: Situation) -> dict[str, str]:
    """Those that people live in, by code."""
    names = load_communes(situation.day).by_code
    codes = dict.fromkeys(place.commune_code for place in situation.places)
    return {code: names[code].name if code in names else code for code in codes}
