"""What kind of file an extract is, and why one cannot be read."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import osmium

from geo.errors import CutOffError, ExtractError, NotExtractError
from geo.pbf_strings import has_nul_in_strings

FORMATS = {".pbf": "pbf", ".osm": "osm", ".osm.gz": "osm.gz", ".osm.bz2": "osm.bz2"}
"""How the name of an extract ends, and what osmium calls that format."""

_PBF = b"\x0a\x09OSMHeader"  # after four bytes of length
_HEAD = 4 + len(_PBF)
_PACKED = {"gz": b"\x1f\x8b", "bz2": b"BZh"}
_OTHERS = {
    b"PK\x03\x04": "a zip archive: unpack it",
    _PACKED["gz"]: "packed by gzip: let its name end in .osm.gz, or unpack it",
    _PACKED["bz2"]: "packed by bzip2: let its name end in .osm.bz2, or unpack it",
    b"{": "JSON",
    b"<": "XML or a web page",
    b"\x89HDF": "HDF5",
    b"SQLite": "a database",
}
"""How files of other kinds begin, and what they are."""

_CUT_OFF = (
    "unexpected eof",
    "unclosed",
    "no element found",
    "partial character",
    "read close failed",
    "read failed: -7",
)
_LONGEST_REASON = 300
_NO_EXTRACT = ("top-level element", "line 1, column 0", "read file with version")


def open_extract(path: Path) -> osmium.io.File:
    """
    Name a file and its format to osmium.

    Raises
    ------
    FileNotFoundError
        When there is no such file.
    NotExtractError
        When it is empty, a folder, or named otherwise than an extract.
    ExtractError
        When it may not be opened, or would make osmium crash.
    """
    name = path.name.lower()
    try:
        head = _head(path)
    except IsADirectoryError as error:
        raise NotExtractError(f"{path.name} is a folder") from error
    except PermissionError as error:
        raise ExtractError(f"{path.name} may not be opened: {error.strerror}") from error
    if not head:
        raise NotExtractError(f"{path.name} is empty")
    for suffix, kind in FORMATS.items():
        if name.endswith(suffix):
            if kind == "pbf" and has_nul_in_strings(path):
                raise ExtractError(f"{path.name} is damaged: a key or value in it holds a NUL character")
            return osmium.io.File(str(path), kind)
    raise NotExtractError(f"{path.name} is no extract by its name, which ends in none of .osm{', '.join(FORMATS)}")


def sound_objects(path: Path, objects: Iterable[Any]) -> Iterator[Any]:
    """
    Pass on what osmium reads of a file.

    Raises
    ------
    NotExtractError, CutOffError, ExtractError
        When osmium finds fault with the file.
    """
    try:
        yield from objects
    except (RuntimeError, ValueError, osmium.InvalidLocationError) as error:
        raise _reading_error(path, error) from error


def _reading_error(path: Path, error: Exception) -> ExtractError:
    """What osmium's complaint about a file means; osmium tells kinds of faults apart by words only."""
    name, reason, head = path.name, str(error)[:_LONGEST_REASON], _head(path)
    if _begins_otherwise(name.lower(), head):
        return NotExtractError(f"{name} is no such extract; by its first bytes it is {_kind(head)} ({reason})")
    if len(head) < _HEAD or any(text in reason.lower() for text in _CUT_OFF):
        return CutOffError(f"{name} ends before it is complete: {reason}")
    if any(text in reason.lower() for text in _NO_EXTRACT):
        return NotExtractError(f"{name} is no OpenStreetMap extract, but {_kind(head)} ({reason})")
    return ExtractError(f"{name} cannot be read as OpenStreetMap data: {reason}")


def _begins_otherwise(name: str, head: bytes) -> bool:
    """Whether the first bytes, few when it was cut off there, are not what the name promises."""
    if name.endswith(".pbf"):
        return not _PBF.startswith(head[4:])
    packed = _PACKED.get(name.rpartition(".")[2], b"<")  # osmium reads unpacked text under a packed name, too
    return not (_text(head).startswith(b"<") or packed.startswith(head[: len(packed)]))


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD)


def _kind(head: bytes) -> str:
    if head[4:].startswith(_PBF):
        return "an .osm.pbf: rename it"
    return next((kind for start, kind in _OTHERS.items() if _text(head).startswith(start)), "something else")


def _text(head: bytes) -> bytes:
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()
