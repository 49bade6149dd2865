"""Commune codes of a network: known ones only, and turned into those of a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TypeVar

from api.errors import RowError, RowRef
from api.messages import row_error
from api.network.rows import Area, Courier, NetworkRows, Settlement, Site, Tariff
from geo.errors import UnknownCommuneError
from geo.units import TWO_TIERS_FROM, convert, load_communes, successors

Coded = TypeVar("Coded", Area, Settlement, Site, Tariff)


def check_communes(rows: NetworkRows) -> list[RowError]:
    """Find codes that no commune has or had."""
    known = load_communes(date.max).by_code.keys() | load_communes(date.min).by_code.keys()
    used: list[tuple[RowRef, str, str | None]] = [(row.source, "commune_code", row.commune_code) for row in rows.sites]
    used += [(row.source, "commune_code", row.commune_code) for row in rows.areas]
    used += [(row.source, "commune_code", row.commune_code) for row in rows.tariffs]
    used += [(row.source, "commune_code", row.commune_code) for row in rows.settlements]
    used += [(row.source, "communes", code) for row in rows.couriers for code in row.communes]
    return [
        row_error(ref, column, "unknown_commune", value=code)
        for ref, column, code in used
        if code is not None and code not in known
    ]


def commune_on(
    code: str, day: date, ref: RowRef, column: str, point: tuple[float, float] | None = None
) -> tuple[str, RowError | None]:
    """
    Turn a commune code into the one in force on a day.

    Returns
    -------
    code
        As given, when there is an error.
    error
        When the code is unknown, is not yet in force, or is an old commune's that was divided and there is no point.
    """
    current = load_communes(day).by_code
    if code in current:
        return code, None
    try:
        if point is None and day >= TWO_TIERS_FROM and len(successors(code)) > 1:
            choices = ", ".join(f"{new} {current[new].name}" for new in successors(code))
            return code, row_error(ref, column, "divided_commune", value=code, choices=choices)
        return convert(code, day, point), None
    except UnknownCommuneError:
        if code in load_communes(date.max).by_code:
            return code, row_error(ref, column, "later_commune", value=code, day=day.isoformat())
        return code, row_error(ref, column, "unknown_commune", value=code)


def with_communes_of(rows: NetworkRows, day: date) -> tuple[NetworkRows, list[RowError]]:
    """Turn the codes of rows in force on a day into those of that day; old communes of one base become one area."""
    errors: list[RowError] = []

    def turned(code: str, ref: RowRef, column: str, point: tuple[float, float] | None = None) -> str:
        new, error = commune_on(code, day, ref, column, point)
        errors.extend([error] if error else [])
        return new

    def site(row: Site) -> Site:
        return _with_code(row, turned(row.commune_code, row.source, "commune_code", (row.lon, row.lat)))

    def area(row: Area) -> Area:
        return _with_code(row, turned(row.commune_code, row.source, "commune_code"))

    def courier(row: Courier) -> Courier:
        known = (turned(code, row.source, "communes") for code in row.communes)
        return replace(row, communes=tuple(dict.fromkeys(known)))

    def tariff(row: Tariff) -> Tariff:
        code = row.commune_code
        return row if code is None else _with_code(row, turned(code, row.source, "commune_code"))

    def settlement(row: Settlement) -> Settlement:
        return _with_code(row, turned(row.commune_code, row.source, "commune_code", (row.lon, row.lat)))

    return replace(
        rows,
        sites=tuple(map(site, rows.sites)),
        areas=_without_repeats(tuple(map(area, rows.areas))),
        couriers=tuple(map(courier, rows.couriers)),
        tariffs=tuple(map(tariff, rows.tariffs)),
        settlements=tuple(map(settlement, rows.settlements)),
    ), errors


def _with_code(row: Coded, code: str) -> Coded:
    """The row itself where its code is that of the day: a timetable asks for weeks of days."""
    return row if row.commune_code == code else replace(row, commune_code=code)


def _without_repeats(areas: tuple[Area, ...]) -> tuple[Area, ...]:
    return tuple({(area.commune_code, area.base_id): area for area in areas}.values())
