"""The files of a network folder with one example row each, to be filled by a province."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from api.errors import ExistsError
from api.network.checks import SETTINGS_FILE
from api.network.columns import TABLES
from api.network.reader import WORKBOOK
from api.network.settings import Settings
from api.shipments.columns import shipments_table
from api.tables.columns import Table
from api.tables.writing import csv_bytes, workbook_bytes


def example_row(table: Table[Any]) -> dict[str, str]:
    """The examples of a table's columns, as one row."""
    return {column.name: column.example for column in table.columns}


def settings_text() -> str:
    """A settings file that says every default and explains it."""
    return files("api.network").joinpath("settings_template.toml").read_text(encoding="utf-8")


def template_files() -> dict[str, bytes]:
    """Every file of the template by name: each table as CSV, all of them as a workbook, shipments and settings."""
    shipments = shipments_table(ZoneInfo(Settings().timezone))
    content = {f"{table.name}.csv": csv_bytes(table, [example_row(table)]) for table in (*TABLES, shipments)}
    content[WORKBOOK] = workbook_bytes((table, [example_row(table)]) for table in TABLES)
    content["shipments.xlsx"] = workbook_bytes([(shipments, [example_row(shipments)])])
    content[SETTINGS_FILE] = settings_text().encode()
    return content


def write_template(folder: Path) -> list[Path]:
    """
    Write the template into a folder, which is made when it is not there.

    Returns
    -------
    files
        What was written, by name.

    Raises
    ------
    ExistsError
        When one of the files is there already; then nothing is written.
    """
    content = template_files()
    there = sorted(name for name in content if (folder / name).exists())
    if there or (folder.exists() and not folder.is_dir()):
        names = ", ".join(there) or folder.name
        raise ExistsError(f"Đã có sẵn {names}; không ghi đè.", f"{names} exists already; nothing is overwritten.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in content.items():
        (folder / name).write_bytes(text)
    return [folder / name for name in sorted(content)]
