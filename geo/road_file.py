"""The built road file: one zip holding a header and arrays. Equal content gives equal bytes."""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.errors import NotRoadsError, StaleRoadsError

VERSION = 1
"""Raised whenever the meaning of the file changes."""

_MAGIC = "duongthu roads"
_HEADER = "header.json"
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, RuntimeError, ValueError, KeyError, MemoryError, OSError,
)  # fmt: skip
"""What zipfile, json and numpy raise for bytes that they cannot read: RuntimeError for one marked as encrypted,
OSError for a place before the file's beginning."""
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the same in every file, so that the bytes depend on the content only


def write_road_file(path: Path, header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write header and arrays; `path` is replaced only once everything is on disk."""
    partial = path.with_name(path.name + ".partial")
    try:
        with zipfile.ZipFile(partial, "w") as archive:
            text = json.dumps({"format": _MAGIC, "version": VERSION, **header}, ensure_ascii=False, indent=1)
            _add(archive, _HEADER, text.encode())
            for name, array in arrays.items():
                buffer = io.BytesIO()
                np.lib.format.write_array(buffer, np.ascontiguousarray(array), allow_pickle=False)
                _add(archive, f"{name}.npy", buffer.getvalue())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def read_road_file(path: Path) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    """
    Read what `write_road_file` wrote.

    Raises
    ------
    NotRoadsError
        When the file is something else, or damaged.
    StaleRoadsError
        When another version wrote it.
    """
    with _opened(path) as archive:
        header = _header(archive, path)
        names = [name for name in archive.namelist() if name.endswith(".npy")]
        arrays = {name.removesuffix(".npy"): _array(archive.read(name)) for name in names}
    return header, arrays


def is_road_file(path: Path) -> bool:
    """Whether `write_road_file` of any version wrote a file."""
    try:
        with _opened(path) as archive:
            _header(archive, path)
    except NotRoadsError:
        return False
    except StaleRoadsError:
        return True
    return True


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open the zip; whatever reading it raises about its content becomes a `NotRoadsError`."""
    with path.open("rb") as file:
        try:
            with zipfile.ZipFile(file) as archive:
                yield archive
        except _DAMAGE as error:
            raise NotRoadsError(f"{path.name} is no road file, or it is damaged: {error}") from error


def _array(data: bytes) -> NDArray[Any]:
    array: NDArray[Any] = np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    return array


def _header(archive: zipfile.ZipFile, path: Path) -> dict[str, Any]:
    if _HEADER not in archive.namelist():
        raise NotRoadsError(f"{path.name} is no road file: it has no {_HEADER}")
    header = json.loads(archive.read(_HEADER))
    if not isinstance(header, dict) or header.get("format") != _MAGIC:
        raise NotRoadsError(f"{path.name} is no road file: its header is another one's")
    if header.get("version") != VERSION:
        raise StaleRoadsError(
            f"{path.name} was built by version {header.get('version')} of the road file, this is version {VERSION}: "
            "build it again from its extract"
        )
    return header


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, date_time=_EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    archive.writestr(info, data, compresslevel=6)
