"""Lines: the rows of `lines`, gathered into runs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby, pairwise

from api.errors import RowError
from api.messages import row_error
from api.network.rows import LineStop, Vehicle
from api.tables.moments import write_time


@dataclass(frozen=True, slots=True)
class Line:
    """One run of a line: a timetable over sites."""

    line_id: str
    run_id: str
    level: int
    """1 = between provinces, 2 = inside one."""
    days: tuple[int, ...]
    """Weekdays, 0 = Monday."""
    vehicle: Vehicle
    stops: tuple[LineStop, ...]
    """In order; one alone when the run goes on outside the province."""

    def runs_on(self, day: date) -> bool:
        return day.weekday() in self.days


def gather_lines(rows: Iterable[LineStop]) -> tuple[Line, ...]:
    """Put the stops of each run together, by line, run and first day in force."""
    lines = []
    for stops in _runs(rows):
        first = stops[0]
        lines.append(Line(first.line_id, first.run_id, first.level, first.days, first.vehicle, stops))
    return tuple(lines)


def _runs(rows: Iterable[LineStop]) -> list[tuple[LineStop, ...]]:
    def run(row: LineStop) -> tuple[str, str, date, date]:
        return row.line_id, row.run_id, row.valid_from or date.min, row.valid_to or date.max

    ordered = sorted(rows, key=lambda row: (*run(row), row.stop_no))
    return [tuple(stops) for _, stops in groupby(ordered, key=run)]


def check_lines(rows: Iterable[LineStop]) -> list[RowError]:
    """Find runs that go backwards in time, or contradict themselves."""
    errors = []
    for stops in _runs(rows):
        first = stops[0]
        for name in ("level", "days", "vehicle"):
            odd = next((stop for stop in stops if getattr(stop, name) != getattr(first, name)), None)
            if odd:
                run = f"{first.line_id} {first.run_id}"
                errors.append(row_error(odd.source, name, "line_differs", value=run, name=name))
        errors += _times_of(stops)
    return errors


def _times_of(stops: tuple[LineStop, ...]) -> list[RowError]:
    errors = []
    for place, stop in enumerate(stops):
        if stop.arrive is None and place > 0:
            errors.append(row_error(stop.source, "arrive", "required"))
        if stop.depart is None and place < len(stops) - 1:
            errors.append(row_error(stop.source, "depart", "required"))
        if stop.cut_off is not None and stop.depart is not None and stop.cut_off > stop.depart:
            facts = {"value": write_time(stop.cut_off), "depart": write_time(stop.depart)}
            errors.append(row_error(stop.source, "cut_off", "cut_off_after_departure", **facts))
    times = [
        (seconds, stop, name)
        for stop in stops
        for seconds, name in ((stop.arrive, "arrive"), (stop.depart, "depart"))
        if seconds is not None
    ]
    for (before, _, _), (seconds, stop, name) in pairwise(times):
        if seconds < before:
            facts = {"value": write_time(seconds), "before": write_time(before)}
            errors.append(row_error(stop.source, name, "line_backwards", **facts))
    return errors
