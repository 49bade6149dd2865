"""A shipments file in, checked shipments out: whole, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

from api.errors import InputError, RowError, RowRef
from api.messages import condensed, row_error
from api.network.model import Network
from api.shipments.checks import check_row
from api.shipments.columns import ShipmentRow, shipments_table
from api.shipments.completion import Places, complete
from api.shipments.model import ShipmentKind, ShipmentList
from api.tables.columns import digest
from api.tables.files import FileError, json_sheet, read_csv, read_json, read_workbook
from api.tables.reading import Sheet, read_rows

NAME = "shipments"


def read_shipments(path: Path, network: Network, *, on: date, each_on_its_day: bool = False) -> ShipmentList:
    """
    Read and check the shipments of a day, or of many.

    Parameters
    ----------
    path
        CSV, a workbook with a sheet `shipments`, or JSON `{"shipments": [...]}`.
    network
        What sites, communes, procedures and tariffs mean.
    on
        The plan's day.
    each_on_its_day
        What becomes ready later is read as of the day on which it does: sites and communes change.

    Returns
    -------
    shipments
        By code; what rows leave open (due date, postage, the place of a site's end) is filled from the network.

    Raises
    ------
    InputError
        With every row that cannot be used.
    """
    places_on = cache(lambda day: Places(network.on(day), network))
    places = places_on(on)

    def places_of(row: ShipmentRow) -> Places:
        return places_on(max(on, row.ready_at.date())) if each_on_its_day else places

    try:
        sheet = _find(path)
    except FileError as problem:
        raise InputError([problem.error]) from problem
    table = shipments_table(network.settings.zone)
    reading = read_rows(table, sheet)
    mended = [places.with_zeros(row) for row in reading.rows]
    rows = [row for row, _ in mended]
    errors = [*reading.errors, *_repeated(rows)]
    for row in rows:
        errors += check_row(row, places_of(row))
    if not sheet.rows and not errors:
        errors.append(row_error(RowRef(sheet.file), None, "no_rows"))
    if errors:
        raise InputError(sorted(dict.fromkeys(errors), key=lambda error: error.row or 0))
    warnings = [*reading.warnings, *(warning for _, found in mended for warning in found), *_unused(rows)]
    return ShipmentList(
        shipments=tuple(sorted((complete(row, places_of(row)) for row in rows), key=lambda shipment: shipment.code)),
        sha256=digest([(table, rows)]),
        warnings=condensed(warnings),
    )


def _find(path: Path) -> Sheet:
    readers: dict[str, Callable[[Path], Sheet]] = {".csv": read_csv, ".xlsx": _from_workbook, ".json": _from_json}
    reader = readers.get(path.suffix.casefold())
    if path.is_dir():
        raise FileError.of(path.name, "is_folder")
    if reader is None:
        raise FileError.of(path.name, "unknown_format" if path.exists() else "not_found")
    return reader(path)


def _from_workbook(path: Path) -> Sheet:
    sheets = read_workbook(path)
    if NAME not in sheets:
        raise FileError.of(path.name, "missing_table", table=NAME)
    return sheets[NAME]


def _from_json(path: Path) -> Sheet:
    content = read_json(path)
    if NAME not in content:
        raise FileError.of(path.name, "missing_table", table=NAME)
    sheet = json_sheet(path.name, NAME, content[NAME])
    if not sheet.rows:
        raise FileError.of(sheet.file, "no_rows")
    return sheet


def _repeated(rows: list[ShipmentRow]) -> list[RowError]:
    first: dict[str, ShipmentRow] = {}
    errors = []
    for row in rows:
        earlier = first.setdefault(row.code, row)
        if earlier is not row:
            errors.append(row_error(row.source, "code", "duplicate", value=row.code, first=earlier.source.row))
    return errors


def _unused(rows: list[ShipmentRow]) -> list[RowError]:
    """Windows belong to a citizen; between desks there is none."""
    transfers = (row for row in rows if row.kind is ShipmentKind.TRANSFER and row.windows)
    return [row_error(row.source, "windows", "windows_unused") for row in transfers]
