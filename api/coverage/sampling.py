"""Which days of the year ahead are routed, and how they stand for the year."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from api.errors import InputError, RowError
from api.network.calendar import Calendar
from geo.coverage.demand import day_weights
from geo.units import TWO_TIERS_FROM

YEAR = 365
_WEEK = 7
Run = tuple[date, date, date]
"""From when on days are replayed, from when on they count, and the last one."""


@dataclass(frozen=True, slots=True)
class SampledDays:
    """A year, and the weeks of it that are routed."""

    year: tuple[date, ...]
    """Every day from the study's on."""
    weights: tuple[float, ...]
    """How much of the demand each of them draws; 0 = no work."""
    runs: tuple[Run, ...]
    """One for each week routed."""
    working_days: int
    """Of the year."""
    counted_days: int
    """Working days that are routed and counted."""

    @property
    def factor(self) -> float:
        """What the work of the sample is multiplied by to make a year."""
        return self.working_days / self.counted_days

    def days(self) -> tuple[date, ...]:
        """Every day that is replayed, in order."""
        found = {first + timedelta(days=n) for first, _, last in self.runs for n in range((last - first).days + 1)}
        return tuple(sorted(found))


def sample_days(calendar: Calendar, day: date, *, weeks: int, warm_up: int) -> SampledDays:
    """
    Choose the weeks without a holiday whose demand is nearest to the year's mean, the earliest among equals.

    Parameters
    ----------
    day
        The first of the year.
    weeks
        How many are routed, at least 1.
    warm_up
        Working days before each of them that are replayed and not counted.

    Raises
    ------
    InputError
        When the year has fewer usual weeks.
    """
    year = tuple(day + timedelta(days=n) for n in range(YEAR))
    works = {one: calendar.is_working(one) for one in year}
    weights = day_weights(works)
    of = dict(zip(year, weights.tolist(), strict=True))
    mean = float(weights.sum()) / max(sum(works.values()), 1)
    most = max((_worked(monday, works) for monday in _mondays(day)), default=0)
    usual = [
        (abs(_mean(monday, of, works) - mean), monday)
        for monday in _mondays(day)
        if _worked(monday, works) == most and _is_usual(calendar, monday, warm_up, day)
    ]
    if len(usual) < weeks or not most:
        raise InputError([_too_few(weeks, len(usual))])
    runs = [_run(calendar, monday, warm_up) for _, monday in sorted(usual)[:weeks]]
    return SampledDays(year, tuple(weights.tolist()), tuple(sorted(runs)), sum(works.values()), weeks * most)


def _run(calendar: Calendar, monday: date, warm_up: int) -> Run:
    last = monday + timedelta(days=_WEEK)
    return calendar.add_working_days(monday, -warm_up), monday, calendar.add_working_days(last, -1)


def _is_usual(calendar: Calendar, monday: date, warm_up: int, day: date) -> bool:
    """Whether the days before it are ordinary ones too, and lie in the year."""
    begin = calendar.add_working_days(monday, -warm_up)
    between = (begin + timedelta(days=n) for n in range((monday - begin).days))
    return begin >= day and not any(calendar.is_holiday(one) for one in between)


def _mondays(day: date) -> Iterator[date]:
    """Of the whole weeks of the year on the same side of the reform: commune codes mean other places after it."""
    monday = day + timedelta(days=-day.weekday() % _WEEK)
    last = day + timedelta(days=YEAR - _WEEK)
    while monday <= last:
        if (monday + timedelta(days=_WEEK) < TWO_TIERS_FROM) == (day < TWO_TIERS_FROM):
            yield monday
        monday += timedelta(days=_WEEK)


def _worked(monday: date, works: dict[date, bool]) -> int:
    return sum(works[monday + timedelta(days=n)] for n in range(_WEEK))


def _mean(monday: date, weights: dict[date, float], works: dict[date, bool]) -> float:
    week = [monday + timedelta(days=n) for n in range(_WEEK)]
    return float(np.mean([weights[one] for one in week if works[one]] or [0.0]))


def _too_few(weeks: int, found: int) -> RowError:
    return RowError(
        "coverage.toml",
        None,
        "weeks",
        "too_few_weeks",
        f"cần {weeks} tuần làm việc trọn vẹn trong năm tới, chỉ có {found}",
        f"{weeks} whole weeks of work are needed in the year ahead, there are {found}",
    )
