"""
What rows of a network must keep between them.

`check_rows` looks at all rows ever, when a folder is read; `check_day` and `two_bases` at those of one day. A reference
holds when some row that it names is in force on one of its days.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar

from api.errors import RowError, RowRef
from api.messages import Hints, did_you_mean, row_error, row_ranges
from api.network.codes import Codes
from api.network.communes import check_communes
from api.network.lines import check_lines
from api.network.rows import CalendarDay, Dated, NetworkRows, Site, SiteKind
from api.network.settings import Settings
from geo.errors import OpeningHoursError
from geo.opening_hours import validate

Broken = Mapping[str, frozenset[str]]
"""By table, the codes of rows that could not be read."""


class _Anything(frozenset[str]):
    """Whatever code is asked for may be in it."""

    def __contains__(self, _code: object) -> bool:
        return True


UNREAD = _Anything({"*"})
"""The codes of a table that could not be read at all: nobody who points into it is to blame."""

SETTINGS_FILE = "settings.toml"

VIETNAM = (102.0, 8.0, 118.0, 24.0)
"""West, south, east, north, degrees; the islands included."""

_DatedRow = TypeVar("_DatedRow", bound=Dated)

REFERENCES = (
    ("areas", "base_id", "sites", "site_id", "unknown_base"),
    ("couriers", "base_id", "sites", "site_id", "unknown_base"),
    ("lines", "site_id", "sites", "site_id", "unknown_site"),
    ("tariffs", "procedure_code", "procedures", "procedure_code", "unknown_procedure"),
)
"""Table, column, the table it points into, its key, the error when it points nowhere."""

_KEYS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("sites", ("site_id",)),
    ("areas", ("commune_code",)),
    ("couriers", ("courier_id",)),
    ("lines", ("line_id", "run_id", "stop_no")),
    ("procedures", ("procedure_code",)),
    ("tariffs", ("level", "commune_code", "procedure_code")),
    ("settlements", ("settlement_id",)),
)


def restore_zeros(rows: NetworkRows, broken: Broken) -> tuple[NetworkRows, list[RowError]]:
    """Give references the zeros back that a spreadsheet took, with a warning each."""
    warnings = []
    for table, column, target, key, unknown in REFERENCES:
        codes = Codes((getattr(row, key) for row in getattr(rows, target)), broken.get(target, ()))
        mended = []
        for row in getattr(rows, table):
            value = getattr(row, column)
            if value is not None and value not in codes:
                value, _, warning = codes.resolve(value, row.source, column, unknown)
                warnings += [warning] if warning else []
            mended.append(replace(row, **{column: value}))
        rows = replace(rows, **{table: tuple(mended)})
    return rows, warnings


def check_rows(rows: NetworkRows, settings: Settings, broken: Broken) -> list[RowError]:
    """Name every row that breaks a rule, over all days."""
    errors = [error for row in rows.dated for error in _dates_of(row)]
    for site in rows.sites:
        errors += point_errors(site.source, ("lon", "lat"), site.lon, site.lat)
        errors += _hours_of(site)
    for place in rows.settlements:
        errors += point_errors(place.source, ("lon", "lat"), place.lon, place.lat)
    for procedure in rows.procedures:
        if not procedure.postal and not procedure.decision_no:
            errors.append(row_error(procedure.source, "decision_no", "no_decision", value=procedure.procedure_code))
    errors += check_communes(rows) + check_lines(rows.lines) + _calendar_errors(rows.calendar)
    for table, columns in _KEYS:
        errors += _overlaps(getattr(rows, table), columns)
    return errors + check_day(rows, broken) + _group_errors(rows, settings, broken)


def check_day(rows: NetworkRows, broken: Broken | None = None) -> list[RowError]:
    """Name every reference that leads nowhere and every base without couriers."""
    known_broken = broken or {}
    errors = _reference_errors(rows, known_broken)
    return errors if known_broken.get("couriers") else errors + _idle_bases(rows)


def two_bases(rows: NetworkRows) -> list[RowError]:
    """Name communes that two areas give to bases; codes must be those of one day."""
    return _overlaps(rows.areas, ("commune_code",), _two_bases)


def point_errors(ref: RowRef, columns: tuple[str, str], lon: float, lat: float) -> list[RowError]:
    """Say whether a point lies outside Viet Nam, or its two numbers have changed places."""
    west, south, east, north = VIETNAM
    if west <= lon <= east and south <= lat <= north:
        return []
    swapped = west <= lat <= east and south <= lon <= north
    code = "swapped_lon_lat" if swapped else "outside_vietnam"
    column = columns[1] if west <= lon <= east else columns[0]
    return [row_error(ref, column, code, lon=f"{lon:g}", lat=f"{lat:g}")]


def warn_unserved(rows: NetworkRows) -> list[RowError]:
    """Name sites that no base's couriers serve, of those that rounds go to."""
    served = {area.commune_code for area in rows.areas}
    bases = {courier.base_id for courier in rows.couriers}
    return [
        row_error(site.source, "commune_code", "site_without_base", value=site.commune_code)
        for site in rows.sites
        if site.kind is not SiteKind.HUB and site.site_id not in bases and site.commune_code not in served
    ]


def warn_without_level(rows: NetworkRows) -> list[RowError]:
    """Name, in one warning, every procedure whose level the catalogue leaves open."""
    sources = sorted({row.source for row in rows.procedures if row.level is None}, key=lambda ref: ref.row or 0)
    if not sources:
        return []
    rows_named = row_ranges(ref.row for ref in sources if ref.row is not None)
    return [row_error(sources[0], "level", "no_level", count=len(sources), rows=rows_named)]


def _dates_of(row: Dated) -> list[RowError]:
    if row.valid_from is None or row.valid_to is None or row.valid_from <= row.valid_to:
        return []
    days = {"value": row.valid_to.isoformat(), "start": row.valid_from.isoformat()}
    return [row_error(row.source, "valid_to", "reversed_dates", **days)]


def _hours_of(site: Site) -> list[RowError]:
    try:
        validate(site.opening_hours)
    except OpeningHoursError:
        return [row_error(site.source, "opening_hours", "bad_opening_hours", value=site.opening_hours)]
    return []


def _calendar_errors(days: Iterable[CalendarDay]) -> list[RowError]:
    errors = []
    first: dict[date, CalendarDay] = {}
    for day in days:
        earlier = first.setdefault(day.date, day)
        if earlier is not day:
            facts = {"value": day.date.isoformat(), "first": earlier.source.row}
            errors.append(row_error(day.source, "date", "duplicate", **facts))
    return errors


def _same_key(row: Dated, earlier: Dated, column: str, value: str) -> RowError:
    undated = all(day is None for day in (row.valid_from, row.valid_to, earlier.valid_from, earlier.valid_to))
    code = "duplicate" if undated else "overlapping_rows"
    return row_error(row.source, column, code, value=value, first=earlier.source.row)


def _two_bases(row: Dated, earlier: Dated, column: str, value: str) -> RowError:
    base = getattr(earlier, "base_id", "")
    return row_error(row.source, column, "two_bases", value=value, base=base, first=earlier.source.row)


def _overlaps(
    rows: Iterable[_DatedRow],
    columns: tuple[str, ...],
    complain: Callable[[Dated, Dated, str, str], RowError] = _same_key,
) -> list[RowError]:
    """Rows with the same key that are in force on a common day."""
    errors = []
    earlier: dict[Hashable, list[_DatedRow]] = defaultdict(list)
    for row in rows:
        key = tuple(getattr(row, column) for column in columns)
        clash = next((other for other in earlier[key] if other.meets(row)), None)
        if clash:
            named = " ".join(str(part) for part in key if part is not None) or "*"
            errors.append(complain(row, clash, columns[-1], named))
        earlier[key].append(row)
    return errors


def _reference_errors(rows: NetworkRows, broken: Broken) -> list[RowError]:
    errors = []
    for table, column, target, key, unknown in REFERENCES:
        targets: dict[str, list[Dated]] = defaultdict(list)
        for row in getattr(rows, target):
            targets[getattr(row, key)].append(row)
        hints = Hints(targets)
        for row in getattr(rows, table):
            value = getattr(row, column)
            if value is None or value in broken.get(target, ()):
                continue
            if value not in targets:
                errors.append(row_error(row.source, column, unknown, value=value, **hints.of(value)))
            elif not any(row.meets(other) for other in targets[value]):
                errors.append(row_error(row.source, column, "not_in_force", value=value))
    return errors


def _idle_bases(rows: NetworkRows) -> list[RowError]:
    """Areas whose base has nobody to send."""
    couriers: dict[str, list[Dated]] = defaultdict(list)
    for courier in rows.couriers:
        couriers[courier.base_id].append(courier)
    sites = {site.site_id for site in rows.sites}
    return [
        row_error(area.source, "base_id", "base_without_couriers", value=area.base_id)
        for area in rows.areas
        if area.base_id in sites and not any(area.meets(courier) for courier in couriers[area.base_id])
    ]


def _group_errors(rows: NetworkRows, settings: Settings, broken: Broken) -> list[RowError]:
    errors, ref = [], RowRef(SETTINGS_FILE)
    codes = {site.site_id for site in rows.sites}
    seen: set[str] = set()
    for group in settings.plan_groups:
        for base in group.bases:
            if base not in codes and base not in broken.get("sites", ()):
                errors.append(row_error(ref, "plan_groups", "unknown_base", value=base, **did_you_mean(base, codes)))
            if base in seen:
                errors.append(row_error(ref, "plan_groups", "base_in_two_groups", value=base))
            seen.add(base)
    return errors
