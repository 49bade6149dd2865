"""
Working days and public holidays.

The public holidays of Viet Nam, and the Saturdays worked in exchange for a day off, come from the `holidays` package;
days of the `calendar` sheet win over them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

import holidays

from api.network.rows import CalendarDay, DayKind

_ONE_DAY = timedelta(days=1)


class _PublicHolidays(NamedTuple):
    """Of a year."""

    names: Mapping[date, str]
    weekend_workdays: frozenset[date]


@cache
def _public(year: int) -> _PublicHolidays:
    """Look a year up once for all calendars: the package computes it anew for each of its objects."""
    found = holidays.country_holidays("VN", years=year, language="vi")
    return _PublicHolidays(dict(found), frozenset(found.weekend_workdays))


class Calendar:
    """
    Which days are holidays and which are worked.

    Parameters
    ----------
    days
        The `calendar` sheet.
    weekend
        Weekdays without work, 0 = Monday; not all seven.
    """

    def __init__(self, days: Iterable[CalendarDay] = (), weekend: Sequence[int] = (5, 6)) -> None:
        self._named = {day.date: day for day in days}
        self._weekend = frozenset(weekend)
        if len(self._weekend) == 7:
            raise ValueError("a week needs a working day")

    def is_holiday(self, day: date) -> bool:
        """Whether offices keep a day as a public holiday (`PH` of opening hours)."""
        named = self._named.get(day)
        return named.kind is DayKind.HOLIDAY if named else day in _public(day.year).names

    def is_working(self, day: date) -> bool:
        """Whether a day counts in legal and promised terms."""
        named = self._named.get(day)
        if named is not None:
            return named.kind is DayKind.WORKING
        public = _public(day.year)
        if day in public.names:
            return False
        return day.weekday() not in self._weekend or day in public.weekend_workdays

    def name(self, day: date) -> str:
        """What a holiday or made-up working day is called; empty for an ordinary day."""
        named = self._named.get(day)
        return named.name if named else _public(day.year).names.get(day, "")

    def add_working_days(self, day: date, count: int) -> date:
        """
        Count working days on, not counting `day` itself.

        Parameters
        ----------
        day
            Any day, worked or not.
        count
            May be negative, to count back; 0 gives `day`.
        """
        step = _ONE_DAY if count > 0 else -_ONE_DAY
        for _ in range(abs(count)):
            day += step
            while not self.is_working(day):
                day += step
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """Count the working days after `first` up to `last`; negative when `last` is earlier."""
        if last < first:
            return -self.working_days_between(last, first)
        return sum(self.is_working(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))
