"""Files that reach the disk before anybody believes in them: written, hashed, flushed, and their folders too."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

_CHUNK = 1 << 20
"""Bytes."""
_NO_LINKS = frozenset({errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.EMLINK})
"""A file system that has none, or not here."""


def write_flushed(path: Path, parts: Iterable[bytes], *, mode: int = 0o600) -> str:
    """Write a new file and flush it; returns its SHA-256."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = sha256()
    with path.open("xb") as file:
        for part in parts:
            digest.update(part)
            file.write(part)
        file.flush()
        os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())
    return digest.hexdigest()


def parts_of(path: Path) -> Iterator[bytes]:
    """The content of a file, piece by piece."""
    with path.open("rb") as file:
        while part := file.read(_CHUNK):
            yield part


def hash_of(path: Path) -> str:
    """SHA-256 of a file."""
    digest = sha256()
    for part in parts_of(path):
        digest.update(part)
    return digest.hexdigest()


def linked(there: Path, here: Path) -> bool:
    """Give a file a second name; False where the file system has no such thing."""
    here.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        os.link(there, here)
    except OSError as error:
        if error.errno in _NO_LINKS:
            return False
        raise
    return True


def flush_folders(folder: Path) -> None:
    """Flush a folder and every folder in it."""
    for name, _, _ in os.walk(folder):
        flush_folder(Path(name))


def flush_folder(folder: Path) -> None:
    """Flush one folder: the names in it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
