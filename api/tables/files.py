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
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from pathlib import Path, PurePath
from typing import Any
from warnings import catch_warnings, simplefilter
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.workbook import Workbook

from api.errors import RowError, RowRef
from api.messages import Fact, row_error
from api.tables.cells import NESTED, UNCALCULATED, Cell, clean
from api.tables.reading import Sheet

MAX_FILE_BYTES = 32 * 2**20
"""Of a file as it is sent."""
MAX_UNPACKED_BYTES = 256 * 2**20
"""Of a workbook, which is a ZIP: a small one may hold a thousand times its size."""
MAX_ROWS = 200_000
"""Of a table: a province's shipments of several years."""
MAX_COLUMNS = 200
"""Of a table: several times the widest one there is."""
_LAST_ROW = 1_048_576
"""Of a sheet, as spreadsheets have it."""

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


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was sent and lies in memory."""

    name: str
    """As the sender calls it; only its ending means anything."""
    content: bytes

    @property
    def suffix(self) -> str:
        return PurePath(self.name).suffix


File = Path | Upload


def read_bytes(file: File) -> bytes:
    """
    Read a file whole.

    Raises
    ------
    FileError
        When it is a folder, is not there, is empty, is too large or may not be read.
    """
    content = file.content if isinstance(file, Upload) else _stored(file)
    if len(content) > MAX_FILE_BYTES:
        raise FileError.of(file.name, "too_large", most=MAX_FILE_BYTES // 2**20)
    if not content.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise FileError.of(file.name, "empty_file")
    return content


def _stored(path: Path) -> bytes:
    """A file's bytes, and no more than one too many."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise FileError.of(path.name, "not_found") from None
    except IsADirectoryError:
        raise FileError.of(path.name, "is_folder") from None
    except OSError as error:
        raise FileError.of(path.name, "unreadable", reason=error.strerror or str(error)) from error


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


def read_csv(file: File) -> Sheet:
    """Read a CSV file: comma, semicolon or tab, whichever its header has most of."""
    text = decode(read_bytes(file), file.name)
    first, _, rest = text.partition("\n")
    separator = ""
    if first.strip().strip('"').casefold() in ("sep=,", "sep=;", "sep=\t", "sep="):  # a spreadsheet hides this line
        text, separator = rest, first.strip("\r\n").strip('"')[4:]
    return _sheet(file.name, _lines_of_csv(text, separator or _separator(text), file.name))


def _lines_of_csv(text: str, separator: str, file: str) -> Iterator[list[str]]:
    """Every line; a broken one is named by the row that it begins in."""
    row = 1
    try:
        for line in csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True):
            yield line
            row += 1
    except csv.Error as error:
        raise FileError.of(file, "bad_csv", row, reason=str(error)) from error


def _separator(text: str) -> str:
    header = text.lstrip("\r\n").partition("\n")[0]
    return max(",;\t", key=header.count)


def _sheet(file: str, lines: Iterable[Sequence[Cell]]) -> Sheet:
    """The first line that is not empty is the header."""
    filled: list[tuple[int, Sequence[Cell]]] = []
    for number, cells in enumerate(lines, 1):
        if len(cells) > MAX_COLUMNS and any(clean(cell) is not None for cell in cells[MAX_COLUMNS:]):
            raise FileError.of(file, "too_many_columns", number, most=MAX_COLUMNS)
        if any(clean(cell) is not None for cell in cells):
            filled.append((number, cells[:MAX_COLUMNS]))
        if len(filled) > MAX_ROWS + 1 or number > _LAST_ROW:
            raise FileError.of(file, "too_many_rows", number, most=MAX_ROWS)
    if not filled:
        raise FileError.of(file, "empty_file")
    header = tuple(str(clean(cell) or "") for cell in filled[0][1])
    return Sheet(file, header, filled[1:])


def read_workbook(file: File) -> dict[str, Sheet]:
    """Read every sheet of an XLSX workbook that has a cell; names are in lower case."""
    content = read_bytes(file)
    if content.startswith(_SIGNATURE_OLD_WORKBOOK):
        raise FileError.of(file.name, "old_workbook")
    try:
        _need_small_zip(content, file.name)
        with catch_warnings():
            simplefilter("ignore")  # of styles and extensions that hold no data
            return _sheets_of(content, file.name)
    except _DAMAGE as error:
        raise FileError.of(file.name, "bad_workbook") from error


def _need_small_zip(content: bytes, file: str) -> None:
    """What a member says of its size is safe to believe: no more than that is ever unpacked of it."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED_BYTES:
            raise FileError.of(file, "unpacks_too_large", most=MAX_UNPACKED_BYTES // 2**20)


def _sheets_of(content: bytes, file: str) -> dict[str, Sheet]:
    book = load_workbook(BytesIO(content), read_only=True, data_only=True)
    formulas = load_workbook(BytesIO(content), read_only=True) if _has_formulas(content) else None
    sheets: dict[str, Sheet] = {}
    for title in (sheet.title for sheet in book.worksheets):
        name, place = title.strip().casefold(), f"{file} [{title}]"
        try:
            sheet = _sheet(place, _lines_of_sheet(book, formulas, title, place))
        except FileError as problem:
            if problem.error.code != "empty_file":
                raise
            continue
        if name in sheets:
            raise FileError.of(place, "duplicate_sheet", value=name)
        sheets[name] = sheet
    return sheets


def _has_formulas(content: bytes) -> bool:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/")]
        return any(mark in archive.read(name) for name in sheets for mark in (b"<f>", b"<f ", b"<f/>"))


def _lines_of_sheet(book: Workbook, formulas: Workbook | None, title: str, place: str) -> Iterator[Sequence[Any]]:
    """Values row by row; a formula whose value was never saved is `UNCALCULATED`, not empty."""
    values = _rows_of(book, title, place)
    if formulas is None:
        yield from values
        return
    for cells, texts in zip(values, _rows_of(formulas, title, place), strict=True):
        yield [
            UNCALCULATED if cell is None and text is not None else cell for cell, text in zip(cells, texts, strict=True)
        ]


def _rows_of(book: Workbook, title: str, place: str) -> Iterator[tuple[Any, ...]]:
    sheet = book[title]
    sheet.reset_dimensions()  # a size that the file states wrongly would cut rows and columns off in silence
    for number, cells in enumerate(sheet.iter_rows(values_only=True), 1):
        if number > _LAST_ROW:
            raise FileError.of(place, "too_many_rows", number, most=MAX_ROWS)
        yield cells


def read_json(file: File) -> Mapping[str, Any]:
    """Read the one object of a JSON file."""
    text = decode(read_bytes(file), file.name)
    try:
        content = json.loads(text, object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        raise FileError.of(file.name, "bad_json", reason=str(error)) from error
    if not isinstance(content, dict):
        raise FileError.of(file.name, "json_no_object")
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
    if len(rows) > MAX_ROWS:
        raise FileError.of(place, "too_many_rows", most=MAX_ROWS)
    header = tuple(dict.fromkeys(unicodedata.normalize("NFC", column) for row in rows for column in row))
    if len(header) > MAX_COLUMNS:
        raise FileError.of(place, "too_many_columns", most=MAX_COLUMNS)
    lines = [(number, [_json_cell(row.get(column)) for column in header]) for number, row in enumerate(rows, 1)]
    return Sheet(place, header, lines)


def _json_cell(value: Any) -> Cell:
    """A list is several values of one cell."""
    if isinstance(value, list):
        return NESTED if any(isinstance(item, list | dict) for item in value) else ";".join(map(str, value))
    if isinstance(value, dict):
        return NESTED
    cell: Cell = value
    return cell
