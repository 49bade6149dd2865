"""
Dates, times of day and moments in cells, as people and spreadsheets write them.

A spreadsheet holds a date as the number of days since 1899-12-30 and a time as a fraction of a day; saved as CSV it
may also write them the local way, which in Vietnam is day/month/year.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from api.tables.cells import Cell, CellError, Warn, as_text
from api.tables.kinds import Kind
from api.tables.spans import Rest, Span
from geo.opening_hours import WEEKDAYS

DAY = 86_400
"""Seconds."""

_EPOCH = datetime(1899, 12, 30)
_SERIALS = range(18_264, 73_051)
"""Days of a spreadsheet from 1950 to 2099."""
_YEARS = range(2000, 2100)
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ]00:00(?::00)?)?")
_LOCAL_DATE = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})(?: +(.+))?")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?: ?([AaPp])[Mm])?")
_FRACTION = re.compile(r"0?[.,][0-9]+|0")
_REST = re.compile(r"([0-9]{1,3})@(.+)")


def _serial(cell: Cell) -> datetime | None:
    """The moment that a spreadsheet means by a number."""
    text = as_text(cell).replace(",", ".")
    if not re.fullmatch(r"[0-9]{5}(\.[0-9]+)?", text) or int(text[:5]) not in _SERIALS:
        return None
    return _EPOCH + timedelta(seconds=round(float(text) * DAY))


def _local(text: str, warn: Warn) -> tuple[date, str] | None:
    """A day written day/month/year, and what follows it."""
    found = _LOCAL_DATE.fullmatch(text)
    if found is None:
        return None
    day = _day(int(found[3]), int(found[2]), int(found[1]))
    if day is None:
        return None
    warn("day_first", value=text)
    return day, found[4] or ""


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _parse_date(cell: Cell, warn: Warn) -> date:
    if isinstance(cell, str) and (iso := _ISO_DATE.fullmatch(cell)):
        day = _day(int(iso[1]), int(iso[2]), int(iso[3]))
    elif isinstance(cell, datetime):
        day = cell.date() if cell.time() == time() else None
    elif isinstance(cell, date):
        day = cell
    elif serial := _serial(cell):
        day = serial.date() if serial.time() == time() else None
    else:
        local = _local(as_text(cell), warn)
        day = local[0] if local and not local[1].strip("0: ") else None
    if day is None:
        raise CellError("bad_date", value=as_text(cell))
    return day


def _parse_near_date(cell: Cell, warn: Warn) -> date:
    day = _parse_date(cell, warn)
    if day.year not in _YEARS:
        raise CellError("far_date", value=day.isoformat(), first=_YEARS[0], last=_YEARS[-1])
    return day


def _parse_time(cell: Cell, _warn: Warn) -> int:
    seconds = _seconds(cell)
    if seconds is None or not 0 <= seconds <= DAY:
        raise CellError("bad_time", value=as_text(cell))
    return seconds


def _seconds(cell: Cell) -> int | None:
    if isinstance(cell, time):
        return cell.hour * 3600 + cell.minute * 60 + cell.second + round(cell.microsecond / 1e6)
    if isinstance(cell, timedelta):
        return round(cell.total_seconds())
    if isinstance(cell, float):
        return round(cell * DAY) if 0 <= cell <= 1 else None
    text = as_text(cell)
    if _FRACTION.fullmatch(text):
        return round(float(text.replace(",", ".")) * DAY)
    return _clock(text)


def _clock(text: str) -> int | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds = int(found[1]), int(found[2]), int(found[3] or 0)
    if minutes > 59 or seconds > 59:
        return None
    if found[4]:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if found[4] in "Pp" else 0)
    return hours * 3600 + minutes * 60 + seconds


def write_time(seconds: int) -> str:
    """`07:30`, or `07:30:15` when it is no whole minute."""
    text = f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}"
    return f"{text}:{seconds % 60:02d}" if seconds % 60 else text


def parse_span(text: str, warn: Warn) -> Span:
    """Read `07:30-11:30`."""
    parts = re.split(r" *[-–] *", text)
    if len(parts) != 2 or not all(_TIME.fullmatch(part) for part in parts):
        raise CellError("bad_span", value=text)
    span = Span(_parse_time(parts[0], warn), _parse_time(parts[1], warn))
    if span.end <= span.start:
        raise CellError("reversed_span", value=text)
    return span


def write_span(span: Span) -> str:
    return f"{write_time(span.start)}-{write_time(span.end)}"


def _spans(cell: Cell, warn: Warn) -> tuple[Span, ...]:
    text = as_text(cell)
    parts = (part.strip() for part in text.split(";"))
    spans = sorted((parse_span(part, warn) for part in parts if part), key=lambda span: span.start)
    if any(later.start <= earlier.end for earlier, later in pairwise(spans)):
        raise CellError("overlapping_spans", value=text)
    return tuple(spans)


def _rest(part: str, warn: Warn) -> Rest:
    found = _REST.fullmatch(part)
    if found is None or not 1 <= int(found[1]) <= 480:
        raise CellError("bad_break", value=part)
    return Rest(int(found[1]), parse_span(found[2].strip(), warn))


def _rests(cell: Cell, warn: Warn) -> tuple[Rest, ...]:
    text = as_text(cell)
    if text.casefold() == "none":
        return ()
    return tuple(_rest(part.strip(), warn) for part in text.split(";") if part.strip())


def _write_rests(rests: tuple[Rest, ...]) -> str:
    return ";".join(f"{rest.minutes}@{write_span(rest.window)}" for rest in rests) or "none"


def _days(cell: Cell, _warn: Warn) -> tuple[int, ...]:
    text = as_text(cell)
    numbers = {day.casefold(): number for number, day in enumerate(WEEKDAYS)}
    days: set[int] = set()
    for part in re.split(r" *[;,] *", text):
        ends = [numbers.get(day.casefold()) for day in re.split(r" *[-–] *", part)]
        if not 1 <= len(ends) <= 2 or None in ends:
            raise CellError("bad_days", value=text)
        first, last = ends[0], ends[-1]
        assert first is not None
        assert last is not None
        days.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    return tuple(sorted(days))


def _write_days(days: tuple[int, ...]) -> str:
    if len(days) > 2 and days == tuple(range(days[0], days[-1] + 1)):
        return f"{WEEKDAYS[days[0]]}-{WEEKDAYS[days[-1]]}"
    return ";".join(WEEKDAYS[day] for day in days)


def instant(zone: ZoneInfo) -> Kind[datetime]:
    """A moment; one without a zone is meant in `zone`."""

    def parse(cell: Cell, warn: Warn) -> datetime:
        moment = cell if isinstance(cell, datetime) else _serial(cell) or _written(as_text(cell), zone, warn)
        if moment is None or moment.year not in _YEARS:
            raise CellError("bad_instant", value=as_text(cell))
        local = moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)
        # Through UTC: a spreadsheet's fraction of a day is off by microseconds, and daylight saving has gaps.
        return (local + timedelta(microseconds=500_000)).astimezone(UTC).replace(microsecond=0).astimezone(zone)

    return Kind(
        parse, lambda moment: moment.isoformat(), "thời điểm ISO 8601 có múi giờ", "a moment, ISO 8601 with zone"
    )


def _written(text: str, zone: ZoneInfo, warn: Warn) -> datetime | None:
    if local := _local(text, warn):
        seconds = _clock(local[1]) if local[1] else 0
        known = seconds is not None and seconds < DAY and local[0].year in _YEARS
        moment = datetime.combine(local[0], time()) + timedelta(seconds=seconds or 0) if known else None
    else:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
    if moment is not None and moment.tzinfo is None:
        warn("no_zone", value=text, meant=zone.key)
    return moment


DATE: Kind[date] = Kind(_parse_date, date.isoformat, "ngày, ví dụ 2026-11-20", "a date, as 2026-11-20")
NEAR_DATE: Kind[date] = Kind(_parse_near_date, DATE.write, DATE.vi, DATE.en)
"""A day on which something happens; 1900-01-01 and 9999-12-31 say "always" and are none."""
TIME: Kind[int] = Kind(_parse_time, write_time, "giờ, ví dụ 07:30", "a time, as 07:30")
SPAN: Kind[Span] = Kind(
    lambda cell, warn: parse_span(as_text(cell), warn),
    write_span,
    "khoảng giờ, ví dụ 07:00-17:30",
    "a span, as 07:00-17:30",
)
SPANS: Kind[tuple[Span, ...]] = Kind(
    _spans,
    lambda spans: ";".join(map(write_span, spans)),
    "các khoảng giờ, ví dụ 08:00-10:00;14:00-16:00",
    "spans, as 08:00-10:00;14:00-16:00",
    empty=(),
)
RESTS: Kind[tuple[Rest, ...]] = Kind(
    _rests,
    _write_rests,
    "giờ nghỉ, ví dụ 60@11:00-13:30 (60 phút, bắt đầu trong khoảng đó), hoặc none",
    "breaks, as 60@11:00-13:30 (60 minutes, begun within), or none",
)
DAYS: Kind[tuple[int, ...]] = Kind(
    _days, _write_days, "các ngày trong tuần, ví dụ Mo-Sa hay Mo;We;Fr", "weekdays, as Mo-Sa or Mo;We;Fr"
)
