"""Opening hours: lunch, holidays as the caller says, midnight, and expressions that are refused."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import OpeningHoursError
from geo.opening_hours import validate, windows

OFFICE = "Mo-Fr 07:00-11:30,13:30-17:00; PH off"
TET = date(2026, 2, 17)  # a Tuesday
MONDAY, SATURDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 28), date(2026, 11, 29)


def hours(*pairs: tuple[float, float]) -> tuple[tuple[int, int], ...]:
    return tuple((round(early * 3600), round(late * 3600)) for early, late in pairs)


def test_an_office_closes_over_lunch_and_at_the_weekend() -> None:
    assert windows(OFFICE, MONDAY, is_holiday=False) == hours((7, 11.5), (13.5, 17))
    assert windows(OFFICE, SATURDAY, is_holiday=False) == ()


def test_tet_2026_is_closed_when_the_caller_says_so() -> None:
    assert windows(OFFICE, TET, is_holiday=True) == ()
    assert windows(OFFICE, TET, is_holiday=False) == hours((7, 11.5), (13.5, 17))


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("Mo-Fr 08:00-17:00", hours((8, 17))),  # says nothing of holidays: an ordinary day
        ("Mo-Fr 08:00-17:00; PH 08:00-11:00", hours((8, 11))),
        ("PH 08:00-11:00", hours((8, 11))),
        ("Sa,PH 09:00-10:00", hours((9, 10))),
        ("PH,Su off", ()),
        ('Mo-Fr 08:00-17:00 "PH by telephone"', hours((8, 17))),
        ("Mo-Fr 08:00-17:00; Feb PH off", ()),
        ("Mo-Fr 08:00-17:00; Mar PH off", hours((8, 17))),
    ],
)
def test_ph_stands_for_the_holiday(spec: str, expected: tuple[tuple[int, int], ...]) -> None:
    assert windows(spec, TET, is_holiday=True) == expected


def test_ph_stands_for_no_day_otherwise() -> None:
    assert windows("PH 08:00-11:00", TET, is_holiday=False) == ()
    assert windows("Mo-Fr 08:00-17:00; PH 08:00-11:00", TET, is_holiday=False) == hours((8, 17))


def test_hours_past_midnight_belong_to_both_days() -> None:
    spec = "Sa 20:00-02:00"
    assert windows(spec, SATURDAY, is_holiday=False) == hours((20, 24))
    assert windows(spec, SUNDAY, is_holiday=False) == hours((0, 2))
    assert windows("Sa 20:00-26:00", SUNDAY, is_holiday=False) == hours((0, 2))


def test_all_day_and_touching_hours_are_one_window() -> None:
    assert windows("24/7", MONDAY, is_holiday=True) == ((0, 86_400),)
    assert windows("Mo 08:00-10:00,10:00-12:00", MONDAY, is_holiday=False) == hours((8, 12))
    assert windows('Mo 08:00-10:00 "a", Mo 10:00-12:00 "b"', MONDAY, is_holiday=False) == hours((8, 12))


def test_unknown_hours_count_as_closed() -> None:
    assert windows("Mo 08:00-10:00 unknown", MONDAY, is_holiday=False) == ()


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("", "no opening hours"),
        ("7 giờ đến 17 giờ", "no opening hours"),
        ("Mo-Fr 07:00-25:61", "no opening hours"),
        ("sunrise-sunset", "sun"),
        ("Mo-Fr 08:00-17:00; SH off", "school"),
        ("Mo-Fr 08:00-17:00; PH +1 day off", "before or after"),
        ("PH Mo-Fr 08:00-11:00", "before a weekday"),
    ],
)
def test_what_cannot_be_understood_is_refused(spec: str, reason: str) -> None:
    with pytest.raises(OpeningHoursError, match=reason):
        validate(spec)
    with pytest.raises(OpeningHoursError, match=reason):
        windows(spec, MONDAY, is_holiday=False)


@given(
    day=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    opens=st.integers(0, 1438),
    minutes=st.integers(1, 1440),
    weekdays=st.sets(st.integers(0, 6), min_size=1),
)
def test_plain_hours_agree_with_counting_minutes(day: date, opens: int, minutes: int, weekdays: set[int]) -> None:
    names = ",".join(("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")[index] for index in sorted(weekdays))
    closes = opens + minutes
    spec = f"{names} {opens // 60:02}:{opens % 60:02}-{closes // 60:02}:{closes % 60:02}"
    is_open = [
        (day.weekday() in weekdays and opens <= minute < closes)
        or ((day - timedelta(days=1)).weekday() in weekdays and opens <= minute + 1440 < closes)
        for minute in range(1440)
    ]
    found = [any(a <= minute * 60 < b for a, b in windows(spec, day, is_holiday=False)) for minute in range(1440)]
    assert found == is_open
