"""
What a province knows better than the map about its ferries, in a CSV file.

    way,name,motorbike,van,walk,crossing_minutes,boarding_minutes,interval_minutes,opening_hours
    123456789,Phà An Hòa,yes,no,yes,12,,20,04:30-22:00

One row a ferry way. Columns other than `way` may be missing, and an empty cell keeps what the map says. UTF-8; commas
between cells, or semicolons as some spreadsheets write them.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType

from geo.errors import FerryOverrideError, OpeningHoursError, RowFault
from geo.opening_hours import validate
from geo.profiles import PROFILE_NAMES
from geo.tags import Tags

COLUMNS = (
    "way", "name", *PROFILE_NAMES, "crossing_minutes", "boarding_minutes", "interval_minutes", "opening_hours",
)  # fmt: skip

_MINUTES = re.compile(r"\d{1,4}(?:[.,]\d{1,6})?", re.ASCII)
_LONGEST_MINUTES = 1440  # a ferry that takes or waits longer than a day is no link for a day's round
_WAY = re.compile(r"[1-9]\d{0,17}", re.ASCII)


class FerryFault(StrEnum):
    """What may be wrong with a table of ferry overrides."""

    NOT_CSV = "not_csv"
    NO_WAY_COLUMN = "no_way_column"
    UNKNOWN_COLUMN = "unknown_column"
    REPEATED_COLUMN = "repeated_column"
    TOO_MANY_CELLS = "too_many_cells"
    NO_WAY_ID = "no_way_id"
    REPEATED_WAY = "repeated_way"
    NOT_YES_NO = "not_yes_no"
    NOT_MINUTES = "not_minutes"
    TWO_WAITS = "two_waits"
    BAD_HOURS = "bad_hours"


REASONS = {
    FerryFault.NOT_CSV: "the file is no CSV text in UTF-8",
    FerryFault.NO_WAY_COLUMN: "the column `way` is missing",
    FerryFault.UNKNOWN_COLUMN: f"{{value!r}} is none of the columns {', '.join(COLUMNS)}",
    FerryFault.REPEATED_COLUMN: "{value!r} stands twice in the header",
    FerryFault.TOO_MANY_CELLS: "the row has more cells than the header: {value!r}",
    FerryFault.NO_WAY_ID: "{value!r} is no OpenStreetMap way id, a whole number",
    FerryFault.REPEATED_WAY: "way {value} has a row already",
    FerryFault.NOT_YES_NO: "{value!r} is neither yes nor no",
    FerryFault.NOT_MINUTES: f"{{value!r}} is no number of minutes up to {_LONGEST_MINUTES}; none crosses in 0",
    FerryFault.TWO_WAITS: "boarding_minutes hold the waiting already: leave interval_minutes empty, got {value!r}",
    FerryFault.BAD_HOURS: "{value!r} are no usable opening hours, for example `Mo-Su 04:30-22:00`",
}
"""English, by fault; `{value}` is what stands in the cell."""


@dataclass(frozen=True, slots=True)
class FerryOverride:
    """
    What is known better about one ferry way; the defaults keep what the map says.

    Raises
    ------
    ValueError
        When a time is negative, or both `boarding` and `interval` are given.
    """

    way: int
    """OpenStreetMap way id."""
    name: str = ""
    boards: Mapping[str, bool] = field(default_factory=dict)
    """By profile name: whether it may board; all of them False = the ferry is closed."""
    crossing: int | None = None
    """Seconds from end to end of the way."""
    boarding: int | None = None
    """Seconds of waiting and getting aboard, all in all."""
    interval: int | None = None
    """Seconds between two departures; half of it is waited."""
    opening_hours: str = ""

    def __post_init__(self) -> None:
        if min(self.crossing or 0, self.boarding or 0, self.interval or 0) < 0:
            raise ValueError(f"way {self.way}: seconds are never negative")
        if self.boarding is not None and self.interval is not None:
            raise ValueError(f"way {self.way}: give boarding or interval, not both")

    def over(self, tags: Tags) -> dict[str, str]:
        """The tags of the way with those that it replaces."""
        own = {
            "name": self.name,
            "duration": "" if self.crossing is None else f"PT{self.crossing}S",
            "interval": "" if self.interval is None else f"PT{self.interval}S",
            "opening_hours": self.opening_hours,
        }
        return {**tags, **{key: value for key, value in own.items() if value}}


def read_ferry_overrides(path: Path) -> Mapping[int, FerryOverride]:
    """
    Read a table of overrides, by way id.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    FerryOverrideError
        When some of it cannot be used; it names every row, column and reason.
    """
    try:
        header, rows = _table(path)
    except (UnicodeDecodeError, csv.Error) as error:
        raise FerryOverrideError(path.name, [_fault(None, None, FerryFault.NOT_CSV)]) from error
    faults = list(_header_faults(header))
    found: dict[int, FerryOverride] = {}
    if not faults:
        for number, cells in enumerate(rows, start=2):
            if cells:
                _take_row(number, header, cells, found, faults)
    if faults:
        raise FerryOverrideError(path.name, faults)
    return MappingProxyType(found)


def _table(path: Path) -> tuple[list[str], list[list[str]]]:
    """Header and rows, every cell stripped; empty cells at the end of a row are none."""
    text = path.read_text(encoding="utf-8-sig")
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows = [_without_tail([cell.strip() for cell in row]) for row in lines]
    return (rows[0], rows[1:]) if rows else ([], [])


def _without_tail(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _header_faults(header: Sequence[str]) -> Iterator[RowFault]:
    if "way" not in header:
        yield _fault(1, None, FerryFault.NO_WAY_COLUMN)
    for index, column in enumerate(header):
        if column not in COLUMNS:
            yield _fault(1, column, FerryFault.UNKNOWN_COLUMN, column)
        elif column in header[:index]:
            yield _fault(1, column, FerryFault.REPEATED_COLUMN, column)


def _take_row(
    number: int, header: Sequence[str], cells: Sequence[str], found: dict[int, FerryOverride], faults: list[RowFault]
) -> None:
    """Add the override of a row to `found`, or what is wrong with it to `faults`."""
    if len(cells) > len(header):
        faults.append(_fault(number, None, FerryFault.TOO_MANY_CELLS, ",".join(cells[len(header) :])))
        return
    row = dict.fromkeys(COLUMNS, "") | dict(zip(header, cells, strict=False))
    wrong = [_fault(number, column, kind, row[column]) for column, kind in _row_faults(row)]
    if not wrong and int(row["way"]) in found:
        wrong = [_fault(number, "way", FerryFault.REPEATED_WAY, row["way"])]
    if wrong:
        faults.extend(wrong)
    else:
        found[int(row["way"])] = _override(row)


def _row_faults(row: Mapping[str, str]) -> Iterator[tuple[str, FerryFault]]:
    if not _WAY.fullmatch(row["way"]):
        yield "way", FerryFault.NO_WAY_ID
    for column in PROFILE_NAMES:
        if row[column].lower() not in {"", "yes", "no"}:
            yield column, FerryFault.NOT_YES_NO
    for column in ("crossing_minutes", "boarding_minutes", "interval_minutes"):
        if row[column] and not _are_minutes(row[column], above_zero=column == "crossing_minutes"):
            yield column, FerryFault.NOT_MINUTES
    if row["boarding_minutes"] and row["interval_minutes"]:
        yield "interval_minutes", FerryFault.TWO_WAITS
    if row["opening_hours"] and not _are_hours(row["opening_hours"]):
        yield "opening_hours", FerryFault.BAD_HOURS


def _are_minutes(text: str, *, above_zero: bool) -> bool:
    if not _MINUTES.fullmatch(text):
        return False
    seconds = _seconds(text) or 0
    return above_zero <= seconds <= _LONGEST_MINUTES * 60


def _are_hours(text: str) -> bool:
    try:
        validate(text)
    except OpeningHoursError:
        return False
    return True


def _override(row: Mapping[str, str]) -> FerryOverride:
    return FerryOverride(
        way=int(row["way"]),
        name=row["name"],
        boards=MappingProxyType({name: row[name].lower() == "yes" for name in PROFILE_NAMES if row[name]}),
        crossing=_seconds(row["crossing_minutes"]),
        boarding=_seconds(row["boarding_minutes"]),
        interval=_seconds(row["interval_minutes"]),
        opening_hours=row["opening_hours"],
    )


def _seconds(minutes: str) -> int | None:
    return round(float(minutes.replace(",", ".")) * 60) if minutes else None


def _fault(row: int | None, column: str | None, kind: FerryFault, value: str = "") -> RowFault:
    return RowFault(row, column, kind, value, REASONS[kind].format(value=value))
