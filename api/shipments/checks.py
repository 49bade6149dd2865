"""What one shipment must keep, by itself and with the network in force."""

from __future__ import annotations

from api.errors import RowError
from api.messages import Fact, row_error
from api.network.checks import point_errors
from api.network.communes import commune_on
from api.network.postal import may_go_by_post
from api.network.rows import SiteKind
from api.shipments.columns import ShipmentRow
from api.shipments.completion import SITE_COLUMNS, Places
from api.shipments.model import ShipmentKind
from api.shipments.s10 import SHAPE, check_digit

_AT_SITES = {
    ShipmentKind.INTAKE: ("dest",),
    ShipmentKind.RESULT: ("origin",),
    ShipmentKind.TRANSFER: ("origin", "dest"),
}
"""The ends that no citizen lives at."""


def check_row(row: ShipmentRow, places: Places) -> list[RowError]:
    """Name everything that is wrong with a row whose cells could all be read."""
    errors = _code_errors(row) + _procedure_errors(row, places) + _site_errors(row, places)
    for name in ("origin", "dest"):
        errors += _end_errors(row, name, places)
    if row.origin_site is not None and row.origin_site == row.dest_site:
        errors.append(row_error(row.source, "dest_site", "same_ends", value=row.dest_site))
    if row.due_on is not None and row.due_on < row.ready_at.date():
        days: dict[str, Fact] = {"value": row.due_on.isoformat(), "ready": row.ready_at.date().isoformat()}
        errors.append(row_error(row.source, "due_on", "due_before_ready", **days))
    return errors


def _code_errors(row: ShipmentRow) -> list[RowError]:
    if not SHAPE.fullmatch(row.code):
        return []
    expected = check_digit(row.code[2:10])
    if int(row.code[10]) == expected:
        return []
    return [row_error(row.source, "code", "s10_check_digit", value=row.code, expected=expected)]


def _procedure_errors(row: ShipmentRow, places: Places) -> list[RowError]:
    code, column = row.procedure_code, "procedure_code"
    if code is None:
        return []
    if code not in places.procedures:
        return [_unknown(row, column, code, "procedure", places)]
    refusal = may_go_by_post(places.network, code).refusal(row.source, column)
    return [refusal] if refusal else []


def _site_errors(row: ShipmentRow, places: Places) -> list[RowError]:
    codes = ((column, getattr(row, column)) for column in SITE_COLUMNS)
    return [
        _unknown(row, column, code, "site", places)
        for column, code in codes
        if code is not None and code not in places.sites
    ]


def _unknown(row: ShipmentRow, column: str, code: str, what: str, places: Places) -> RowError:
    _, error, _ = places.known[what].resolve(code, row.source, column, f"unknown_{what}")
    return error or row_error(row.source, column, "not_in_force", value=code)


def _end_errors(row: ShipmentRow, name: str, places: Places) -> list[RowError]:
    """An end is a site, or a point with address and commune; never both, never neither."""
    site = getattr(row, f"{name}_site")
    has_point = getattr(row, f"{name}_lon") is not None or getattr(row, f"{name}_lat") is not None
    if site is not None and has_point:
        return [row_error(row.source, f"{name}_site", "two_ends")]
    if site is None and name in _AT_SITES[row.kind]:
        return [row_error(row.source, f"{name}_site", "needs_site", kind=row.kind.value)]
    if site is None and not has_point:
        return [row_error(row.source, f"{name}_site", "no_end")]
    return _point_errors(row, name, places) if site is None else _site_end_errors(row, name, site, places)


def _point_errors(row: ShipmentRow, name: str, places: Places) -> list[RowError]:
    columns = [f"{name}_{part}" for part in ("lon", "lat", "address", "commune")]
    missing = [column for column in columns if getattr(row, column) in (None, "")]
    if missing:
        return [row_error(row.source, column, "point_needs", name=column) for column in missing]
    lon, lat = getattr(row, f"{name}_lon"), getattr(row, f"{name}_lat")
    errors = point_errors(row.source, (f"{name}_lon", f"{name}_lat"), lon, lat)
    point = None if errors else (lon, lat)
    commune, error = commune_on(getattr(row, columns[-1]), places.day, row.source, columns[-1], point)
    if error:
        return [*errors, error]
    return errors + _base_errors(row, columns[-1], commune, places)


def _site_end_errors(row: ShipmentRow, name: str, site_id: str, places: Places) -> list[RowError]:
    site, column, given = places.sites.get(site_id), f"{name}_commune", getattr(row, f"{name}_commune")
    if site is None:
        return []  # unknown: said already
    if given is not None:
        commune, error = commune_on(given, places.day, row.source, column, (site.lon, site.lat))
        if error:
            return [error]
        if commune != site.commune_code:
            facts: dict[str, Fact] = {"site": site_id, "expected": site.commune_code, "value": given}
            return [row_error(row.source, column, "other_commune", **facts)]
    if site.kind is SiteKind.HUB or site_id in places.network.bases:
        return []
    return _base_errors(row, f"{name}_site", site.commune_code, places)


def _base_errors(row: ShipmentRow, column: str, commune: str, places: Places) -> list[RowError]:
    if commune in places.served:
        return []
    return [row_error(row.source, column, "commune_without_base", value=commune)]
