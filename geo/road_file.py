"""
The built road file: a header and arrays that are mapped into memory, not read. Equal content gives equal bytes.

    magic, version, size and checksum of the header | header (JSON) | arrays, each at a multiple of 64 bytes

The header says where each array lies, how long the file is, and the checksum of everything behind the header.
"""

import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.errors import NotRoadsError, StaleRoadsError

VERSION = 3
"""Raised whenever the meaning of the file changes."""

_PREFIX = struct.Struct("<16sIIQ")  # magic, version, checksum and size of the header
_MAGIC = b"duongthu roads\r\n"  # a transfer that mends line ends damages it visibly
_ALIGN = 64
_CHUNK = 1 << 24


def write_road_file(path: Path, header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write header and arrays; `path` is replaced only once everything is on disk."""
    columns = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
    places, end = {}, 0
    for name, column in columns.items():
        places[name] = [column.dtype.str, column.shape, end]
        end += -(-column.nbytes // _ALIGN) * _ALIGN
    checksum = 0
    for piece in _pieces(columns):
        checksum = zlib.crc32(piece, checksum)
    content = {**header, "arrays": places, "bytes": end, "crc32": checksum}
    text = json.dumps(content, ensure_ascii=False, indent=1).encode()
    text += b" " * (-(_PREFIX.size + len(text)) % _ALIGN)
    partial = path.with_name(path.name + ".partial")
    try:
        with partial.open("wb") as file:
            file.write(_PREFIX.pack(_MAGIC, VERSION, zlib.crc32(text), len(text)) + text)
            for piece in _pieces(columns):
                file.write(piece)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_road_file(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """
    Read what `write_road_file` wrote. The arrays are those of the file until somebody changes them.

    Raises
    ------
    NotRoadsError
        When the file is something else, truncated, or damaged.
    StaleRoadsError
        When another version wrote it.
    """
    header, begin = _header(path)
    size = path.stat().st_size
    if not {"bytes", "crc32", "arrays"} <= header.keys():
        raise NotRoadsError(f"{path.name} is damaged: its header lacks where the arrays lie")
    if size != begin + header["bytes"]:
        raise NotRoadsError(f"{path.name} is truncated: {size:,} bytes of {begin + header['bytes']:,}")
    if not header["bytes"]:
        return header, {}
    data = np.memmap(path, dtype=np.uint8, mode="c", offset=0)[begin:]
    checksum = 0
    for at in range(0, data.size, _CHUNK):
        checksum = zlib.crc32(data[at : at + _CHUNK].data, checksum)
    if checksum != header["crc32"]:
        raise NotRoadsError(f"{path.name} is damaged: its checksum does not match")
    return header, {name: _array(data, *place) for name, place in header["arrays"].items()}


def is_road_file(path: Path) -> bool:
    """Whether `write_road_file` of any version wrote a file."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC or _was_zip(path)


def _header(path: Path) -> tuple[dict[str, Any], int]:
    """The header, and where the arrays begin."""
    with path.open("rb") as file:
        prefix = file.read(_PREFIX.size)
        if prefix[: len(_MAGIC)] != _MAGIC:
            if _was_zip(path):
                raise StaleRoadsError(f"{path.name} was built by an older version: build it again from its extract")
            raise NotRoadsError(f"{path.name} is no road file")
        if len(prefix) < _PREFIX.size:
            raise NotRoadsError(f"{path.name} is truncated: {len(prefix)} bytes")
        _, version, checksum, size = _PREFIX.unpack(prefix)
        if version != VERSION:
            raise StaleRoadsError(
                f"{path.name} was built by version {version} of the road file, this is version {VERSION}: "
                "build it again from its extract"
            )
        text = file.read(min(size, path.stat().st_size))
    if len(text) < size or zlib.crc32(text) != checksum:
        raise NotRoadsError(f"{path.name} is truncated, or its header is damaged")
    header: dict[str, Any] = json.loads(text)
    return header, _PREFIX.size + size


def _was_zip(path: Path) -> bool:
    """Whether version 1 or 2 wrote a file: a zip with a header of ours."""
    with suppress(zipfile.BadZipFile, OSError), zipfile.ZipFile(path) as archive:
        return "header.json" in archive.namelist()
    return False


def _pieces(columns: Mapping[str, NDArray[Any]]) -> list[memoryview | bytes]:
    """The bytes behind the header."""
    pieces: list[memoryview | bytes] = []
    for column in columns.values():
        pieces += [column.reshape(-1).view(np.uint8).data if column.size else b"", b"\0" * (-column.nbytes % _ALIGN)]
    return pieces


def _array(data: NDArray[np.uint8], dtype: str, shape: list[int], at: int) -> NDArray[Any]:
    kind = np.dtype(dtype)
    size = int(np.prod(shape)) * kind.itemsize
    return np.asarray(data[at : at + size]).view(kind).reshape(shape)
