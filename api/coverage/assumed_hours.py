"""Opening hours in `coverage.toml`: how they are written, and when a point of such hours would be of no use."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from api.coverage.assumptions import Assumptions
from api.coverage.situation import week_of
from api.errors import RowError
from api.messages import shown
from api.network.settings import Settings
from geo import opening_hours

USUAL_WEEK = week_of(date(2026, 6, 1))
"""Monday to Sunday, no holiday among them."""
_TIME = r"(?:[01]\d|2[0-3]):[0-5]\d"
_SPAN = re.compile(rf"({_TIME})-({_TIME}|24:00)", re.ASCII)


def read_hours(value: Any) -> str:
    """
    Take opening hours as OSM writes them.

    Raises
    ------
    TypeError, OpeningHoursError
        When they are none.
    """
    opening_hours.validate(value)
    return str(value)


def read_span(value: Any) -> str:
    """
    Take one span of a day, `07:30-11:30`.

    Raises
    ------
    TypeError, ValueError
        When it is none, or ends before it begins.
    """
    found = _SPAN.fullmatch(value)
    if found is None or found[1] >= found[2]:
        raise ValueError
    return str(value)


def of_no_use(file: str, table: str, found: Assumptions) -> Iterator[RowError]:
    """Points are open when rounds come, a new one counts as reached, a mobile desk stays within its hours."""
    for key in ("new_point_hours", "borrowed_desk_hours"):
        if not any(day.weekday() not in Settings().weekend for day in _open_days(getattr(found, key))):
            hours = shown(getattr(found, key))
            vi = f"“{hours}” không mở ngày nào từ thứ Hai đến thứ Sáu: không chuyến nào lấy giấy tờ được"
            en = f"“{hours}” is open on no day from Monday to Friday: no round could fetch what is handed in"
            yield RowError(shown(file), None, f"{table}.{key}", "never_open", vi, en)
    days = len(_open_days(found.new_point_hours))
    if 0 < days < found.least_days:
        vi = f"{found.least_days} ngày nhiều hơn {days} ngày mỗi tuần mà điểm mới mở (new_point_hours)"
        en = f"{found.least_days} days are more than the {days} a week on which a new point is open (new_point_hours)"
        yield RowError(shown(file), None, f"{table}.least_days", "never_open", vi, en)
    [(early, late)] = opening_hours.windows(found.mobile_visit_hours, USUAL_WEEK[0], is_holiday=False)
    if found.mobile_stay_minutes * 60 > late - early:
        vi = f"{found.mobile_stay_minutes} phút dài hơn khoảng giờ {found.mobile_visit_hours} (mobile_visit_hours)"
        en = f"{found.mobile_stay_minutes} minutes are longer than {found.mobile_visit_hours} (mobile_visit_hours)"
        yield RowError(shown(file), None, f"{table}.mobile_stay_minutes", "too_long", vi, en)


def _open_days(hours: str) -> list[date]:
    return [day for day in USUAL_WEEK if opening_hours.windows(hours, day, is_holiday=False)]
