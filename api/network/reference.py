"""
The tables of the users' page, made from the descriptions of the columns.

`python -m api.network.reference docs/network-folder.md` rewrites them between their marks.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from api.errors import Language
from api.network.columns import TABLES
from api.network.settings import Settings
from api.shipments.columns import shipments_table
from api.tables.columns import By, Column, Table

_MARKS = re.compile(r"(<!-- tables (vi|en) -->\n).*?(<!-- end of tables -->)", re.DOTALL)
_TITLES = {
    "vi": ("Cột", "Ý nghĩa", "Nhận", "Khi trống", "Ví dụ"),
    "en": ("Column", "Meaning", "Accepted", "When empty", "Example"),
}
_REQUIRED = {"vi": "**bắt buộc**", "en": "**required**"}
_NEEDED = {"vi": "bảng này bắt buộc", "en": "this table is required"}
_OPTIONAL = {"vi": "không bắt buộc", "en": "optional"}


def with_reference(page: str) -> str:
    """Put the tables of today's code between a page's marks."""
    return _MARKS.sub(lambda found: found[1] + reference(_language(found[2])) + found[3], page)


def reference(language: Language) -> str:
    """Describe every table and column."""
    shipments = shipments_table(ZoneInfo(Settings().timezone))
    return "\n".join(_section(table, language) for table in (*TABLES, shipments))


def _language(word: str) -> Language:
    return "vi" if word == "vi" else "en"


def _section(table: Table[Any], language: Language) -> str:
    title = table.vi if language == "vi" else table.en
    needed = (_NEEDED if table.required else _OPTIONAL)[language]
    lines = [f"### `{table.name}`", "", f"{title} ({needed}).", "", _line(_TITLES[language]), _line(["---"] * 5)]
    lines += [_line(_cells(column, language)) for column in table.columns]
    return "\n".join([*lines, ""])


def _cells(column: Column, language: Language) -> list[str]:
    meaning, accepted = (column.vi, column.kind.vi) if language == "vi" else (column.en, column.kind.en)
    empty = _REQUIRED[language] if column.required else _default(column)
    return [f"`{column.name}`", meaning, accepted, empty, _code(column.example)]


def _default(column: Column) -> str:
    if isinstance(column.default, By):
        return ", ".join(f"{word}: {_code(text)}" for word, text in column.default.defaults.items())
    return _code(column.default)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(with_reference(target.read_text(encoding="utf-8")), encoding="utf-8")
