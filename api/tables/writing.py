"""Rows out, as CSV, XLSX or JSON, in the spelling that the readers take back unchanged."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from io import BytesIO, StringIO
from typing import Any

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from api.tables.columns import Table

Cells = Mapping[str, str]
"""One row by column name; see `Table.write`."""


def csv_bytes(table: Table[Any], rows: Iterable[Cells]) -> bytes:
    """UTF-8 with a byte order mark, so that spreadsheets show Vietnamese letters."""
    text = StringIO(newline="")
    writer = csv.DictWriter(text, table.names, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")


def workbook_bytes(tables: Iterable[tuple[Table[Any], Iterable[Cells]]]) -> bytes:
    """
    One sheet a table, every cell a text: a spreadsheet then leaves leading zeros and dates alone.

    Each title carries a comment that says what the column means.
    """
    book = Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    for table, rows in tables:
        _fill(book.create_sheet(table.name), table, rows)
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _fill(sheet: Worksheet, table: Table[Any], rows: Iterable[Cells]) -> None:
    sheet.append(list(table.names))
    for row in rows:
        sheet.append([row[name] or None for name in table.names])
    for line in sheet.iter_rows(min_row=2):
        for cell in line:
            cell.number_format = "@"
            cell.data_type = "s" if cell.data_type == "f" else cell.data_type  # a name may begin with =
    for place, column in enumerate(table.columns, 1):
        title = sheet.cell(1, place)
        title.font = Font(bold=True)
        title.fill = PatternFill("solid", fgColor="FFE9A8" if column.required else "EEEEEE")
        title.comment = Comment(f"{column.vi} ({column.kind.vi})\n{column.en} ({column.kind.en})", "Đường Thư")
        whole_column = sheet.column_dimensions[get_column_letter(place)]
        whole_column.width = max(12, len(column.name) + 4, len(column.example) + 2)
        whole_column.number_format = "@"
    sheet.freeze_panes = "A2"


def json_bytes(tables: Iterable[tuple[Table[Any], Iterable[Cells]]], **more: Any) -> bytes:
    """One object, a list of rows a table; empty cells are left out."""
    content = {
        table.name: [{name: cell for name, cell in row.items() if cell} for row in rows] for table, rows in tables
    }
    return (json.dumps({**content, **more}, ensure_ascii=False, indent=1) + "\n").encode()
