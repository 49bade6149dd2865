"""A network as rows of a database: each sheet's rows as cells by column, each with a key of its own."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from api.errors import InputError, RowError
from api.network.columns import TABLES
from api.network.model import Network
from api.network.reader import Source, find_roads, network_of
from api.network.tables import SETTINGS
from api.tables.columns import Table
from api.tables.reading import Sheet

BY_NAME: Mapping[str, Table[Any]] = {table.name: table for table in TABLES}

KEYS: Mapping[str, tuple[str, ...]] = {
    "sites": ("site_id",),
    "areas": ("commune_code",),
    "couriers": ("courier_id",),
    "lines": ("line_id", "run_id", "stop_no"),
    "procedures": ("procedure_code",),
    "tariffs": ("level", "commune_code", "procedure_code"),
    "calendar": ("date",),
    "settlements": ("settlement_id",),
}
"""The columns that name a row among those of one day."""


LONGEST_KEY = 80
"""Characters of a row's key."""


@dataclass(frozen=True, slots=True)
class Record:
    """One row of one sheet."""

    sheet: str
    key: str
    """Its key columns, joined by `/`."""
    valid_from: date
    """`date.min` = open."""
    valid_to: date
    """`date.max` = open."""
    cells: Mapping[str, Any]
    """By column, in the normal spelling, empty ones left out; of the settings, their keys."""

    @property
    def place(self) -> tuple[str, str, date]:
        """No two rows of one version share it."""
        return self.sheet, self.key, self.valid_from

    def in_force(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_to


def record_of(sheet: str, cells: Mapping[str, str]) -> Record:
    """Make a record of cells in their normal spelling."""
    filled = {name: cell for name, cell in cells.items() if cell}
    key = "/".join(cells.get(name, "") for name in KEYS[sheet])
    start, end = filled.get("valid_from"), filled.get("valid_to")
    return Record(
        sheet,
        key,
        date.fromisoformat(start) if start else date.min,
        date.fromisoformat(end) if end else date.max,
        filled,
    )


def settings_record(content: Mapping[str, Any]) -> Record:
    """The settings of a province as its file has them; times that TOML knows as such become text."""
    return Record(SETTINGS, SETTINGS, date.min, date.max, json.loads(json.dumps(content, default=str)))


def records_of(network: Network, settings: Mapping[str, Any]) -> list[Record]:
    """Every row of a checked network, and its settings as written."""
    found = [record_of(table.name, table.write(row)) for table in TABLES for row in getattr(network.rows, table.name)]
    return [*found, settings_record(settings)]


def require_short(records: Iterable[Record]) -> None:
    """
    Refuse rows whose key is longer than a column.

    Raises
    ------
    InputError
        With each of them.
    """
    long = [record for record in records if len(record.key) > LONGEST_KEY]
    if long:
        vi, en = f"Mã dài quá {LONGEST_KEY} ký tự.", f"A code of more than {LONGEST_KEY} characters."
        raise InputError(RowError(r.sheet, None, KEYS[r.sheet][0], "too_long", vi, en) for r in long)


def checked(records: Iterable[Record], name: str, folder: Path | None = None, *, on: Iterable[date] = ()) -> Network:
    """
    Make a network of records.

    Parameters
    ----------
    records
        Of all sheets.
    name
        Where the settings give none.
    folder
        Where the province's road file lies, if anywhere; without one the roads are synthetic.
    on
        Days on which it has to hold, besides the first one of its newest rows.

    Raises
    ------
    InputError
        With every row that the checks refuse, named by sheet and key.
    """
    source, names = Source(name), {}
    rows: dict[str, list[Record]] = {}
    for record in records:
        if record.sheet == SETTINGS:
            source.settings = (record.cells, SETTINGS)
        else:
            rows.setdefault(record.sheet, []).append(record)
    for sheet, of_sheet in rows.items():
        table = BY_NAME[sheet]
        columns = (*table.names, *sorted({name for record in of_sheet for name in record.cells} - {*table.names}))
        cells = [[record.cells.get(column) for column in columns] for record in of_sheet]
        source.sheets[sheet] = Sheet(sheet, columns, list(enumerate(cells, 1)))
        names.update({(sheet, number): record.key for number, record in enumerate(of_sheet, 1)})
    source.roads = find_roads(folder, source) if folder is not None else None
    try:
        network = network_of(source, name)
        for day in on:
            network.on(day)
    except InputError as error:
        raise InputError(_named(row, names) for row in error.rows) from error
    return network


def _named(error: RowError, names: Mapping[tuple[str, int], str]) -> RowError:
    """A row of a database has a key, and no number that anybody saw."""
    key = names.get((error.file, error.row or 0))
    return error if key is None else replace(error, file=f"{error.file} [{key}]", row=None)
