"""
A network folder, workbook or JSON file in, a `Network` out: whole, or not at all.

Every row of every file is looked at before anything is said, so that one `InputError` names all that is wrong.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path, PurePath
from typing import Any

from api.errors import InputError, RowError, RowRef
from api.messages import condensed, did_you_mean, row_error
from api.network.checks import (
    SETTINGS_FILE,
    UNREAD,
    check_rows,
    restore_zeros,
    two_bases,
    warn_unserved,
    warn_without_level,
)
from api.network.columns import TABLES
from api.network.communes import with_communes_of
from api.network.model import Network
from api.network.rows import NetworkRows
from api.network.settings import Settings, plain
from api.network.settings_reader import parse_toml, read_settings
from api.tables.columns import Table, digest
from api.tables.files import File, FileError, Upload, decode, json_sheet, read_bytes, read_csv, read_json, read_workbook
from api.tables.reading import Reading, Sheet, read_rows
from geo.units import TWO_TIERS_FROM

BUILT_SUFFIX = ".roads"
"""Of a file that `duongthu roads build` wrote; every other road file is an extract."""
WORKBOOK = "network.xlsx"
"""What a folder without CSV files is read from."""

_NAMES = [table.name for table in TABLES]


@dataclass(slots=True)
class Source:
    """What was found at a path, before any row is read."""

    name: str
    sheets: dict[str, Sheet] = field(default_factory=dict)
    settings: tuple[Mapping[str, Any], str] | None = None
    """Content and file name."""
    roads: Path | None = None
    errors: list[RowError] = field(default_factory=list)
    damaged: set[str] = field(default_factory=set)
    """Tables that are there and cannot be read."""

    def take(self, name: str, read: Callable[[], Sheet]) -> None:
        """Read one table, or note why it cannot be read."""
        try:
            self.sheets[name] = read()
        except FileError as problem:
            self.errors.append(problem.error)
            self.damaged.add(name)


def read_network(path: Path) -> Network:
    """
    Read and check a network.

    Parameters
    ----------
    path
        A folder of CSV files (or with a `network.xlsx`), one XLSX workbook, or one JSON file; `settings.toml` and a
        road file lie in the folder, or beside the workbook or JSON file.

    Raises
    ------
    InputError
        With every row, column and file that cannot be used.
    """
    source = _find(path)
    return network_of(source, source.name if path.is_dir() else path.stem)


def network_of(source: Source, name: str) -> Network:
    """
    Check what was found, and make a network of it.

    Parameters
    ----------
    source
        Tables, settings and roads, from wherever they come.
    name
        Of the network, where its settings give none.

    Raises
    ------
    InputError
        As `read_network`.
    """
    settings, errors = Settings(), list(source.errors)
    if source.settings is not None:
        settings, wrong = read_settings(*source.settings)
        errors += wrong
    readings = {table.name: _read(table, source) for table in TABLES}
    errors += [error for reading in readings.values() for error in reading.errors]
    broken = {name: UNREAD if reading.unread else reading.broken for name, reading in readings.items()}
    rows, mended = restore_zeros(NetworkRows(**{name: reading.rows for name, reading in readings.items()}), broken)
    errors += check_rows(rows, settings, broken)
    latest, wrong = with_communes_of(rows.on(_latest(rows)), _latest(rows))
    errors += wrong + two_bases(latest)
    if errors:
        raise InputError(_in_order(errors))
    warnings = [warning for reading in readings.values() for warning in reading.warnings] + mended
    if settings.speeds and source.roads is not None and source.roads.suffix == BUILT_SUFFIX:
        file = source.settings[1] if source.settings is not None else source.name
        warnings.append(row_error(RowRef(file), "speeds", "speeds_without_effect", value=source.roads.name))
    tables = [(table, getattr(rows, table.name)) for table in TABLES]
    network = Network(
        rows=rows,
        settings=settings,
        sha256=digest(tables, settings=plain(settings)),
        name=settings.name or name,
        roads=source.roads,
        warnings=condensed([*warnings, *warn_unserved(rows), *warn_without_level(rows)]),
    )
    network.on(_latest(rows))
    return network


def _in_order(rows: Iterable[RowError]) -> tuple[RowError, ...]:
    """By table as listed, then by row; the same complaint once."""
    return tuple(sorted(dict.fromkeys(rows), key=lambda error: (error.file, error.row or 0)))


def _latest(rows: NetworkRows) -> date:
    """The first day on which the newest rows are in force."""
    return max((row.valid_from or TWO_TIERS_FROM for row in rows.dated), default=TWO_TIERS_FROM)


def _read(table: Table[Any], source: Source) -> Reading[Any]:
    if table.name in source.damaged:
        return Reading(unread=True)
    sheet = source.sheets.get(table.name)
    if sheet is None or not (sheet.rows or sheet.header):
        missing = row_error(RowRef(source.name), None, "missing_table", table=table.name)
        return Reading(errors=(missing,), unread=True) if table.required else Reading()
    reading = read_rows(table, sheet)
    if table.required and not sheet.rows and not reading.errors:
        return Reading(errors=(row_error(RowRef(sheet.file), None, "no_rows"),), unread=True)
    return reading


def _find(path: Path) -> Source:
    source = Source(path.name or path.resolve().name)
    try:
        if path.is_dir():
            _find_in_folder(path, source)
        elif path.suffix.casefold() == ".xlsx":
            _take_workbook(path, source)
        elif path.suffix.casefold() == ".json":
            _take_json(path, source)
        else:
            raise FileError.of(path.name, "unknown_format" if path.exists() else "not_found")
    except FileError as problem:  # of all tables at once
        raise InputError([problem.error]) from problem
    folder = path if path.is_dir() else path.parent
    _find_settings(folder, source)
    source.roads = find_roads(folder, source)
    return source


def find_sent(files: Sequence[Upload]) -> Source:
    """
    Find the tables in files that were sent: the CSV files of a folder, a workbook or a JSON file, and settings.

    Raises
    ------
    InputError
        When one of them is no table of a network, or cannot be opened at all.
    """
    source = Source(files[0].name if len(files) == 1 else "network")
    try:
        for file in files:
            _take_sent(file, source)
    except FileError as problem:
        raise InputError([problem.error]) from problem
    return source


def _take_sent(file: Upload, source: Source) -> None:
    stem, suffix = PurePath(file.name).stem.casefold(), file.suffix.casefold()
    if file.name == SETTINGS_FILE:
        source.settings = (parse_toml(decode(read_bytes(file), file.name), file.name), file.name)
    elif suffix == ".xlsx":
        _take_workbook(file, source)
    elif suffix == ".json":
        _take_json(file, source)
    elif suffix == ".csv" and stem in _NAMES:
        source.take(stem, partial(read_csv, file))
    else:
        hint = did_you_mean(stem, _NAMES)
        source.errors.append(row_error(RowRef(file.name), None, "unknown_table", value=stem, **hint))


def _find_in_folder(folder: Path, source: Source) -> None:
    files = sorted(file for file in folder.iterdir() if file.suffix.casefold() == ".csv")
    known = [file for file in files if file.stem.casefold() in _NAMES]
    if not known and (folder / WORKBOOK).exists():
        _take_workbook(folder / WORKBOOK, source)
        return
    for file in known:
        source.take(file.stem.casefold(), partial(read_csv, file))
    _complain_of_near(files, [file.stem for file in files], source)


def _take_workbook(path: File, source: Source) -> None:
    sheets = read_workbook(path)
    source.sheets |= {name: sheet for name, sheet in sheets.items() if name in _NAMES}
    _complain_of_near([Path(sheet.file) for sheet in sheets.values()], sheets, source)


def _complain_of_near(files: Iterable[Path], names: Iterable[str], source: Source) -> None:
    """A table whose name is nearly right is no stranger's: nothing of it would be read."""
    for file, name in zip(files, names, strict=True):
        word = name.casefold()
        if word not in _NAMES and difflib.get_close_matches(word, _NAMES, n=1, cutoff=0.75):
            hint = did_you_mean(word, _NAMES)
            source.errors.append(row_error(RowRef(file.name), None, "unknown_table", value=name, **hint))


def _take_json(path: File, source: Source) -> None:
    for name, rows in read_json(path).items():
        if name == "settings":
            source.settings = (rows, f"{path.name} [settings]")
        elif name not in _NAMES:
            hint = did_you_mean(name, _NAMES)
            source.errors.append(row_error(RowRef(path.name), None, "unknown_table", value=name, **hint))
        else:
            source.take(name, partial(json_sheet, path.name, name, rows))


def _find_settings(folder: Path, source: Source) -> None:
    file = folder / SETTINGS_FILE
    if source.settings is not None or not file.exists():
        return
    try:
        source.settings = (parse_toml(decode(read_bytes(file), file.name), file.name), file.name)
    except FileError as problem:
        source.errors.append(problem.error)


def find_roads(folder: Path, source: Source) -> Path | None:
    """Find the road file of a folder; several are an error of the source."""
    tables = (".csv", ".xlsx", ".json")
    files = sorted(file for file in folder.glob("roads.*") if file.is_file() and file.suffix.casefold() not in tables)
    if len(files) > 1:
        names = ", ".join(file.name for file in files)
        source.errors.append(row_error(RowRef(source.name), None, "several_roads", value=names))
    return files[0] if len(files) == 1 else None
