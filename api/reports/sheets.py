"""Sheets of a report: two title lines (Vietnamese, English), numbers as numbers, dates as dates, names as text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter


@dataclass(frozen=True, slots=True)
class Title:
    """Of a column."""

    vi: str
    en: str
    form: str = "General"
    """How numbers and dates show: `#,##0`, `0.00"%"`."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A name, columns and rows."""

    name: str
    titles: Sequence[Title]
    rows: Iterable[Sequence[Any]]


def report_workbook(sheets: Iterable[Sheet]) -> bytes:
    """Write a workbook, row by row."""
    book = Workbook(write_only=True)
    for sheet in sheets:
        page = book.create_sheet(sheet.name)
        page.freeze_panes = "A3"
        for place, title in enumerate(sheet.titles, 1):
            page.column_dimensions[get_column_letter(place)].width = max(12, len(title.vi) + 2, len(title.en) + 2)
        page.append([_title(page, title.vi, italic=False) for title in sheet.titles])
        page.append([_title(page, title.en, italic=True) for title in sheet.titles])
        for row in sheet.rows:
            page.append([_cell(page, value, title.form) for value, title in zip(row, sheet.titles, strict=True)])
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _title(page: Any, words: str, *, italic: bool) -> Any:
    cell = WriteOnlyCell(page, words)
    cell.font = Font(bold=not italic, italic=italic)
    return cell


def _cell(page: Any, value: Any, form: str) -> Any:
    cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("\ufffd", value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"  # a name may begin with =
    elif isinstance(value, date) and not isinstance(value, datetime):
        cell.number_format = "dd/mm/yyyy"
    elif value is not None:
        cell.number_format = form
    return cell
