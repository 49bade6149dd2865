"""
A table described once: from its columns come the reader, the template, the users' page and the normal form.

To add a column, add one `Column` to the table and one field of the same name to its row.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from api.tables.kinds import Kind

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class By:
    """A default that depends on another column, which stands to the left."""

    column: str
    defaults: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """One column, as users know it."""

    name: str
    kind: Kind[Any]
    vi: str
    """What it means, in Vietnamese."""
    en: str
    example: str = ""
    required: bool = False
    default: str | By = ""
    """What an empty cell stands for, as one would type it."""
    field: str = ""
    """Of the row, where it is not called like the column."""

    @property
    def attribute(self) -> str:
        return self.field or self.name


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """One sheet or file."""

    name: str
    row: Callable[..., Row]
    """Takes every column by its attribute's name, and `source`."""
    columns: tuple[Column, ...]
    vi: str
    en: str
    required: bool = False
    """It must be there and have rows."""
    later: bool = False
    """There was data before there was such a table: see `digest`."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    def write(self, row: Row) -> dict[str, str]:
        """Every cell in its normal spelling; None is empty."""
        cells = {}
        for column in self.columns:
            value = getattr(row, column.attribute)
            cells[column.name] = "" if value is None else column.kind.write(value)
        return cells


def digest(tables: Iterable[tuple[Table[Any], Iterable[Any]]], **more: Any) -> str:
    """
    Hash rows in their normal form, in no particular order.

    A table that came `later` counts only when it has rows: data from before it keeps its hash.

    Parameters
    ----------
    tables
        Each with its rows.
    more
        Further JSON values that count.

    Returns
    -------
    sha256
        Hexadecimal: the same for the same data in any file format.
    """
    written = ((table, _written(table, rows)) for table, rows in tables)
    content = {table.name: rows for table, rows in written if rows or not table.later}
    text = json.dumps({**content, **more}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _written(table: Table[Any], rows: Iterable[Any]) -> list[list[str]]:
    columns = [(column.attribute, column.kind.write) for column in table.columns]
    cells = ([(getattr(row, name), write) for name, write in columns] for row in rows)
    return sorted(["" if value is None else write(value) for value, write in row] for row in cells)
