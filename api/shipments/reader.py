"""
A shipments file in, checked shipments out: whole, or not at all.

`review_shipments` looks and takes nothing: it shows the good rows and the bad ones. `read_shipments` is the review of
a file in which nothing is bad.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from api.errors import InputError, RowError, RowRef
from api.messages import condensed, row_error
from api.network.model import Network
from api.shipments.checks import check_row
from api.shipments.columns import ShipmentRow, shipments_table
from api.shipments.completion import Places, complete
from api.shipments.model import Shipment, ShipmentKind, ShipmentList
from api.tables.cells import Cell, as_text, clean
from api.tables.columns import Table, digest
from api.tables.files import File, FileError, json_sheet, read_csv, read_json, read_workbook
from api.tables.reading import Sheet, read_rows

NAME = "shipments"


def read_shipments(path: File, network: Network, *, on: date, each_on_its_day: bool = False) -> ShipmentList:
    """
    Read and check the shipments of a day, or of many.

    Parameters
    ----------
    path
        CSV, a workbook with a sheet `shipments`, or JSON `{"shipments": [...]}`; stored, or sent as an `Upload`.
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
    review = review_shipments(path, network, on=on, each_on_its_day=each_on_its_day)
    if review.errors:
        raise InputError(review.errors)
    return review.good


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that cannot be used, as its file holds it: to be shown, put right and sent again."""

    row: int
    """As a person sees it in a spreadsheet."""
    cells: Mapping[str, str]
    """By column, the empty ones left out."""
    errors: tuple[RowError, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """What would become of a shipments file; nothing has been taken yet."""

    good: ShipmentList
    """Every row without an error; empty when the file itself cannot be used."""
    bad: tuple[BadRow, ...]
    """Every other row, in the file's order."""
    errors: tuple[RowError, ...]
    """All errors: of the file and its header first, then of the bad rows."""


def review_shipments(file: File, network: Network, *, on: date, each_on_its_day: bool = False) -> Review:
    """
    Tell the good rows of a shipments file from the bad ones; parameters as of `read_shipments`.

    Of two rows with one code the later one is bad, and says in which row the code was before.
    """
    places_on = cache(lambda day: Places(network.on(day), network))
    places = places_on(on)

    def places_of(row: ShipmentRow) -> Places:
        return places_on(max(on, row.ready_at.date())) if each_on_its_day else places

    table = shipments_table(network.settings.zone)
    try:
        sheet = _find(file)
    except FileError as problem:
        return Review(_listed(table, (), (), ()), (), (problem.error,))
    reading = read_rows(table, sheet)
    mended = [places.with_zeros(row) for row in reading.rows]
    rows = [row for row, _ in mended]
    errors = [*reading.errors, *_repeated(rows)]
    for row in rows:
        errors += check_row(row, places_of(row))
    if not sheet.rows and not errors:
        errors.append(row_error(RowRef(sheet.file), None, "no_rows"))
    errors = sorted(dict.fromkeys(errors), key=lambda error: error.row or 0)
    bad = () if reading.unread else _bad_rows(sheet, errors)
    refused = {row.row for row in bad}
    good = [row for row in rows if row.source.row not in refused]
    warnings = [*reading.warnings, *(warning for _, found in mended for warning in found), *_unused(rows)]
    kept = [warning for warning in warnings if warning.row not in refused]
    return Review(_listed(table, good, [complete(row, places_of(row)) for row in good], kept), bad, tuple(errors))


def _listed(
    table: Table[ShipmentRow], rows: Sequence[ShipmentRow], shipments: Iterable[Shipment], warnings: Iterable[RowError]
) -> ShipmentList:
    by_code = tuple(sorted(shipments, key=lambda shipment: shipment.code))
    return ShipmentList(by_code, digest([(table, rows)]), condensed(warnings))


def _bad_rows(sheet: Sheet, errors: Iterable[RowError]) -> tuple[BadRow, ...]:
    found: dict[int, list[RowError]] = {}
    for error in errors:
        if error.row is not None:
            found.setdefault(error.row, []).append(error)
    return tuple(
        BadRow(number, _raw(sheet, cells), tuple(found[number])) for number, cells in sheet.rows if number in found
    )


def _raw(sheet: Sheet, cells: Sequence[Cell]) -> dict[str, str]:
    """A row as its file has it; a cell beyond the header has only its place for a name."""
    names = [*sheet.header, *(f"#{place}" for place in range(len(sheet.header) + 1, len(cells) + 1))]
    pairs = zip(names, map(clean, cells), strict=False)
    return {name: as_text(cell) for name, cell in pairs if cell is not None}


def _find(path: File) -> Sheet:
    readers: dict[str, Callable[[File], Sheet]] = {".csv": read_csv, ".xlsx": _from_workbook, ".json": _from_json}
    reader = readers.get(path.suffix.casefold())
    if isinstance(path, Path) and path.is_dir():
        raise FileError.of(path.name, "is_folder")
    if reader is None:
        missing = isinstance(path, Path) and not path.exists()
        raise FileError.of(path.name, "not_found" if missing else "unknown_format")
    return reader(path)


def _from_workbook(path: File) -> Sheet:
    sheets = read_workbook(path)
    if NAME not in sheets:
        raise FileError.of(path.name, "missing_table", table=NAME)
    return sheets[NAME]


def _from_json(path: File) -> Sheet:
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
