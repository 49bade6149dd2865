"""Working days: weekends, public holidays, Tết, and a sheet that wins over them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.network.calendar import Calendar
from api.network.rows import CalendarDay, DayKind


@pytest.mark.parametrize(
    "day",
    [
        *(date(2026, 2, number) for number in range(14, 23)),  # Tết Bính Ngọ: new year on 17 February
        *(date(2027, 2, number) for number in range(4, 11)),  # Tết Đinh Mùi: new year on 6 February
        date(2026, 1, 1),
        date(2026, 4, 27),  # Hùng Kings' day falls on a Sunday
        date(2026, 4, 30),
        date(2026, 5, 1),
        date(2026, 9, 2),
    ],
)
def test_public_holidays_and_tet_are_not_worked(day: date) -> None:
    assert not Calendar().is_working(day)


def test_tet_is_a_public_holiday_and_a_sunday_is_none() -> None:
    calendar = Calendar()
    assert calendar.is_holiday(date(2026, 2, 17))
    assert not calendar.is_holiday(date(2026, 11, 22))
    assert not calendar.is_working(date(2026, 11, 22))
    assert calendar.name(date(2026, 2, 17)) == "Tết Nguyên Đán"


def test_days_around_tet_are_worked() -> None:
    calendar = Calendar()
    worked = (date(2026, 2, 13), date(2026, 2, 23), date(2027, 2, 3), date(2027, 2, 11))
    assert all(calendar.is_working(day) for day in worked)


def test_a_saturday_worked_in_exchange_counts() -> None:
    assert not Calendar().is_working(date(2026, 8, 31))
    assert Calendar().is_working(date(2026, 8, 22))


def test_the_sheet_wins() -> None:
    sheet = [
        CalendarDay(date(2026, 2, 17), DayKind.WORKING, "trực Tết"),
        CalendarDay(date(2026, 11, 23), DayKind.HOLIDAY, "bão"),
        CalendarDay(date(2026, 11, 22), DayKind.WORKING, "làm bù"),
    ]
    calendar = Calendar(sheet)
    assert calendar.is_working(date(2026, 2, 17))
    assert not calendar.is_holiday(date(2026, 2, 17))
    assert not calendar.is_working(date(2026, 11, 23))
    assert calendar.is_holiday(date(2026, 11, 23))
    assert calendar.is_working(date(2026, 11, 22))


def test_terms_step_over_weekends_and_tet() -> None:
    calendar = Calendar()
    assert calendar.add_working_days(date(2026, 11, 19), 3) == date(2026, 11, 25)  # 24 November is a holiday since 2026
    assert calendar.add_working_days(date(2026, 2, 13), 1) == date(2026, 2, 23)
    assert calendar.add_working_days(date(2026, 2, 23), -1) == date(2026, 2, 13)
    assert calendar.add_working_days(date(2026, 11, 21), 0) == date(2026, 11, 21)


def test_the_weekend_is_a_setting() -> None:
    assert Calendar(weekend=(6,)).is_working(date(2026, 11, 21))
    with pytest.raises(ValueError, match="working day"):
        Calendar(weekend=range(7))


@given(st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.integers(0, 60))
def test_adding_agrees_with_counting(day: date, count: int) -> None:
    calendar = Calendar()
    reached = calendar.add_working_days(day, count)
    one_by_one = [day + timedelta(n) for n in range(1, (reached - day).days + 1)]
    assert sum(map(calendar.is_working, one_by_one)) == count == calendar.working_days_between(day, reached)
    assert calendar.working_days_between(reached, day) == -count
