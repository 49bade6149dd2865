"""
Tables in files: a CSV file, a workbook, a JSON object.

Whatever the bytes are, the answer is sheets or a `FileError` that says why not.
"""

from __future__ import annotations

import csv
import json
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any
from warnings import catch_warnings, simplefilter
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from api.errors import RowError, RowRef
from api.messages import Fact, row_error
from api.tables.cells import Cell, clean
from api.tables.reading import Sheet

_SIGNATURE_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
_DAMAGE = (
    InvalidFileException, zipfile.BadZipFile, ParseError, zlib.error, struct.error, EOFError, OSError, LookupError,
    ValueError, TypeError, AttributeError, NotImplementedError, RuntimeError, ArithmeticError,
)  # fmt: skip
"""What openpyxl lets out of a damaged workbook."""


class FileError(Exception):
    """A file that cannot be read as tables."""

    def __init__(self, error: RowError) -> None:
        super().__init__(error.message_en)
        self.error = error

    @classmethod
    def of(cls, file: str, code: str, row: int | None = None, **facts: Fact) -> FileError:
        return cls(row_error(RowRef(file, row), None, code, **facts))


def read_bytes(path: Path) -> bytes:
    """
    Read a file whole.

    Raises
    ------
    FileError
        When it is a folder, is not there, is empty or may not be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise FileError.of(path.name, "not_found") from None
    except IsADirectoryError:
        raise FileError.of(path.name, "is_folder") from None
    except OSError as error:
        raise FileError.of(path.name, "unreadable", reason=error.strerror or str(error)) from error
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise FileError.of(path.name, "empty_file")
    return content


def decode(content: bytes, file: str) -> str:
    """
    Turn UTF-8, or UTF-16 with a byte order mark, into text.

    Raises
    ------
    FileError
        When it is anything else: guessing an encoding damages Vietnamese names silently.
    """
    wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        text = content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError:
        raise FileError.of(file, "encoding") from None
    if "\x00" in text:  # UTF-16 without its mark, or no text at all
        raise FileError.of(file, "encoding")
    if not text.strip():
        raise FileError.of(file, "empty_file")
    return text


def read_csv(path: Path) -> Sheet:
    """Read a CSV file: comma, semicolon or tab, whichever its header has most of."""
    text = decode(read_bytes(path), path.name)
    first, _, rest = text.partition("\n")
    separator = ""
    if first.strip().strip('"').casefold() in ("sep=,", "sep=;", "sep=\t", "sep="):  # a spreadsheet hides this line
        text, separator = rest, first.strip("\r\n").strip('"')[4:]
    try:
        lines = list(csv.reader(StringIO(text, newline=""), delimiter=separator or _separator(text), strict=True))
    except csv.Error as error:
        raise FileError.of(path.name, "bad_csv", reason=str(error)) from error
    return _sheet(path.name, lines)


def _separator(text: str) -> str:
    header = text.lstrip("\r\n").partition("\n")[0]
    return max(",;\t", key=header.count)


def _sheet(file: str, lines: Sequence[Sequence[Cell]]) -> Sheet:
    """The first line that is not empty is the header."""
    filled = [
        (number, cells) for number, cells in enumerate(lines, 1) if any(clean(cell) is not None for cell in cells)
    ]
    if not filled:
        raise FileError.of(file, "empty_file")
    header = tuple(str(clean(cell) or "") for cell in filled[0][1])
    return Sheet(file, header, filled[1:])


def read_workbook(path: Path) -> dict[str, Sheet]:
    """Read every sheet of an XLSX workbook that has a cell; names are in lower case."""
    content = read_bytes(path)
    if content.startswith(_SIGNATURE_OLD_WORKBOOK):
        raise FileError.of(path.name, "old_workbook")
    sheets = {}
    for title, lines in _lines_of_workbook(content, path.name).items():
        if any(clean(cell) is not None for line in lines for cell in line):
            sheets[title.strip().casefold()] = _sheet(f"{path.name} [{title}]", lines)
    return sheets


def _lines_of_workbook(content: bytes, file: str) -> dict[str, list[tuple[Any, ...]]]:
    try:
        with catch_warnings():
            simplefilter("ignore")  # of styles and extensions that hold no data
            book = load_workbook(BytesIO(content), read_only=True, data_only=True)
            return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book.worksheets}
    except _DAMAGE as error:
        raise FileError.of(file, "bad_workbook") from error


def read_json(path: Path) -> Mapping[str, Any]:
    """Read the one object of a JSON file."""
    text = decode(read_bytes(path), path.name)
    try:
        content = json.loads(text, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        raise FileError.of(path.name, "bad_json", reason=str(error)) from error
    if not isinstance(content, dict):
        raise FileError.of(path.name, "json_no_object")
    return content


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name is there twice in one object")
    return found


def json_sheet(file: str, name: str, rows: Any) -> Sheet:
    """Make a sheet of a list of objects; rows are counted from 1."""
    place = f"{file} [{name}]"
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise FileError.of(place, "json_no_rows")
    header = tuple(dict.fromkeys(unicodedata.normalize("NFC", column) for row in rows for column in row))
    lines = [(number, [_json_cell(row.get(column)) for column in header]) for number, row in enumerate(rows, 1)]
    return Sheet(place, header, lines)


def _json_cell(value: Any) -> Cell:
    if isinstance(value, list):
        return ";".join(str(_json_cell(item)) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    cell: Cell = value
    return cell
