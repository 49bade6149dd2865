"""A sheet of cells in, typed rows out; every cell that cannot be read is named."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic

from api.errors import RowError, RowRef
from api.messages import Fact, did_you_mean, row_error
from api.tables.cells import Cell, CellError, Unusable, as_text, clean
from api.tables.columns import By, Column, Row, Table

MAX_LETTERS = 4_000
"""Of a cell."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as a file holds it."""

    file: str
    """File, with the sheet for a workbook."""
    header: tuple[str, ...]
    rows: Sequence[tuple[int, Sequence[Cell]]]
    """Row number as a person sees it, and its cells. Empty rows are left out."""


@dataclass(frozen=True, slots=True)
class Reading(Generic[Row]):
    """What became of a sheet."""

    rows: tuple[Row, ...] = ()
    errors: tuple[RowError, ...] = ()
    warnings: tuple[RowError, ...] = ()
    broken: frozenset[str] = frozenset()
    """First cells of the rows that could not be read: nobody who points at them is to blame."""
    unread: bool = False
    """Not one row was looked at."""


def read_rows(table: Table[Row], sheet: Sheet) -> Reading[Row]:
    """Read every row of a sheet."""
    places, errors = _match_header(table, sheet)
    if errors:
        return Reading(errors=tuple(errors), unread=True)
    return _RowReader(table, sheet, places).read()


def _match_header(table: Table[Any], sheet: Sheet) -> tuple[dict[str, int], list[RowError]]:
    """Find the place of each column, and say what is wrong with the header."""
    header = RowRef(sheet.file, 1)
    places: dict[str, int] = {}
    errors = []
    for place, title in enumerate(sheet.header):
        name = title.casefold()
        if not name:
            if any(len(cells) > place and clean(cells[place]) is not None for _, cells in sheet.rows):
                errors.append(row_error(header, None, "unnamed_column", value=place + 1))
        elif name in places:
            errors.append(row_error(header, title, "duplicate_column"))
        elif name not in table.names:
            errors.append(row_error(header, title, "unknown_column", value=title, **did_you_mean(title, table.names)))
        else:
            places[name] = place
    missing = [column.name for column in table.columns if column.required and column.name not in places]
    errors += [row_error(header, name, "missing_column", name=name) for name in missing]
    return places, errors


class _RowReader(Generic[Row]):
    """Reads the rows of one sheet whose header is known to be right."""

    def __init__(self, table: Table[Row], sheet: Sheet, places: dict[str, int]) -> None:
        self.table = table
        self.sheet = sheet
        self.columns = [_ColumnReader(column, places.get(column.name, sys.maxsize)) for column in table.columns]
        self.errors: list[RowError] = []
        self.warnings: list[RowError] = []

    def read(self) -> Reading[Row]:
        rows, broken = [], set()
        first = self.columns[0].place
        for number, cells in self.sheet.rows:
            row = self._row(RowRef(self.sheet.file, number), cells)
            if row is not None:
                rows.append(row)
            elif first < len(cells):
                broken.add(as_text(clean(cells[first])))
        return Reading(tuple(rows), tuple(self.errors), tuple(self.warnings), frozenset(broken))

    def _row(self, ref: RowRef, cells: Sequence[Cell]) -> Row | None:
        width, before, count = len(self.sheet.header), len(self.errors), len(cells)
        if count > width and any(clean(cell) is not None for cell in cells[width:]):
            self.errors.append(row_error(ref, None, "too_many_cells", value=count, expected=width))
            return None
        values: dict[str, Any] = {}
        for column in self.columns:
            cell = cells[column.place] if column.place < count else None
            if cell.__class__ is str and cell in column.seen:
                values[column.attribute] = column.seen[cell]
            else:
                values[column.attribute] = self._cell(ref, column, cell, values)
        return self.table.row(**values, source=ref) if len(self.errors) == before else None

    def _cell(self, ref: RowRef, column: _ColumnReader, cell: Cell, values: dict[str, Any]) -> Any:
        content = clean(cell)
        if content is None:
            if column.required:
                self.errors.append(row_error(ref, column.name, "required"))
            return column.default(values)
        if isinstance(content, Unusable):
            self.errors.append(row_error(ref, column.name, content.code))
            return None
        if isinstance(content, str) and len(content) > MAX_LETTERS:
            self.errors.append(row_error(ref, column.name, "too_long", value=len(content), most=MAX_LETTERS))
            return None
        before = len(self.warnings)

        def warn(code: str, **facts: Fact) -> None:
            self.warnings.append(row_error(ref, column.name, code, **facts))

        try:
            value = column.parse(content, warn)
        except CellError as error:
            self.errors.append(row_error(ref, column.name, error.code, **error.facts))
            return None
        if isinstance(cell, str) and len(self.warnings) == before:
            column.seen[cell] = value
        return value


class _ColumnReader:
    """One column while its sheet is read: where it is, and what its texts were found to mean."""

    def __init__(self, column: Column, place: int) -> None:
        self.name = column.name
        self.attribute = column.attribute
        self.required = column.required
        self.parse = column.kind.parse
        self.place = place
        self.seen: dict[str, Any] = {}  # the same text means the same thing, and most cells of a column repeat
        self._by = column.default.column if isinstance(column.default, By) else None
        texts = column.default.defaults if isinstance(column.default, By) else {"": column.default}
        self._defaults = {word: self._parsed(column, text) for word, text in texts.items()}
        if not self.required and self._by is None:
            self.seen[""] = self._defaults[""]

    def default(self, values: dict[str, Any]) -> Any:
        """What an empty cell stands for, given the columns to the left."""
        return self._defaults[""] if self._by is None else self._defaults.get(values[self._by])

    @staticmethod
    def _parsed(column: Column, text: str) -> Any:
        def no_warning(code: str, **_: Fact) -> None:
            raise ValueError(f"the default of {column.name} is odd: {code}")

        return column.kind.parse(text, no_warning) if text else column.kind.empty
