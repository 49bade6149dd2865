"""
Opening hours, as OpenStreetMap writes them: `Mo-Fr 07:00-11:30,13:30-17:00; PH off`.

A library parses them, but its holiday calendar is never asked (it takes Tết 2026 for ordinary days): the caller says
whether the day is a public holiday. Then every `PH` of the expression stands for that day, otherwise for no day:

* `PH off` closes it, `PH 08:00-11:00` gives it hours of its own, `Mo-Fr,PH 08:00-17:00` treats it as a weekday;
* without a `PH` a holiday is an ordinary day, as the specification says: a place that closes must say `PH off`;
* a later rule wins over an earlier one, so `PH off` belongs at the end.

References
----------
.. [1] OpenStreetMap wiki, Key:opening_hours/specification.
"""

import re
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from opening_hours import OpeningHours, ParserError, State  # type: ignore[attr-defined]  # its stub lacks ParserError

from geo.errors import OpeningHoursError

DAY = 86_400
"""Seconds."""

WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
"""As OSM writes them."""
_QUOTED_OR_HOLIDAY = re.compile(r'"[^"]*"|\bPH\b')
_UNUSABLE = (
    (re.compile(r"\bSH\b"), "school holidays (SH) are not known here"),
    (re.compile(r"\b(sunrise|sunset|dawn|dusk)\b"), "hours by the sun are not supported: write times"),
    (re.compile(r"\bPH\s*[+-]\s*\d"), "days before or after a holiday (PH +1 day) are not supported"),
    (re.compile(r"\bPH\s+(Mo|Tu|We|Th|Fr|Sa|Su)\b"), "PH before a weekday is not supported: write `PH,Mo`"),
    (re.compile(r"\bPH\s*\["), "PH cannot be numbered"),
)


def windows(spec: str, day: date, *, is_holiday: bool) -> tuple[tuple[int, int], ...]:
    """
    Say when a place is open on a day.

    Parameters
    ----------
    spec
        Opening hours; "unknown" times count as closed.
    day
        The day; hours that began the day before and go on past midnight are part of it, those of its own that go on
        past midnight end with it.
    is_holiday
        Whether the day is a public holiday. The day before counts as none.

    Returns
    -------
    windows
        (from, until) in seconds after midnight, in order, disjoint, not touching, within 0 and 86,400. () = closed.

    Raises
    ------
    OpeningHoursError
        When the expression cannot be understood.
    """
    return _windows(spec.strip(), day, is_holiday)


def validate(spec: str) -> None:
    """
    Check opening hours without asking for a day.

    Raises
    ------
    OpeningHoursError
        When the expression cannot be understood, or means something that cannot be known here.
    """
    unquoted = re.sub(r'"[^"]*"', "", spec)
    for pattern, reason in _UNUSABLE:
        if pattern.search(unquoted):
            raise OpeningHoursError(f"{spec!r}: {reason}")
    try:
        OpeningHours(spec.strip())
        OpeningHours(_on_holiday(spec.strip(), "Mo"))
    except ParserError as error:
        raise OpeningHoursError(
            f"{spec!r} are no opening hours, for example `Mo-Fr 07:00-11:30,13:30-17:00`"
        ) from error


@lru_cache(maxsize=4096)
def _windows(spec: str, day: date, is_holiday: bool) -> tuple[tuple[int, int], ...]:
    validate(spec)
    midnight = datetime.combine(day, time())
    hours = OpeningHours(_on_holiday(spec, WEEKDAYS[day.weekday()]) if is_holiday else spec)
    found: list[tuple[int, int]] = []
    for start, end, state, _comment in hours.intervals(midnight, midnight + timedelta(days=1)):
        if state != State.OPEN:
            continue
        early, late = _seconds(start, midnight), _seconds(end, midnight)
        if found and found[-1][1] == early:  # two rules that touch, or differ in their comment only
            early = found.pop()[0]
        found.append((early, late))
    return tuple(found)


def _on_holiday(spec: str, weekday: str) -> str:
    """Let `PH` mean this weekday, but not inside a quoted comment."""
    return _QUOTED_OR_HOLIDAY.sub(lambda found: weekday if found[0] == "PH" else found[0], spec)


def _seconds(moment: datetime, midnight: datetime) -> int:
    return min(max(int((moment - midnight).total_seconds()), 0), DAY)
