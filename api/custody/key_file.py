"""A key in a file: whole or not at all, the service's alone, never written over."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def save_new_key(path: Path, key: bytes) -> None:
    """Save a key, on disk before anything that needs it is; one that is there already stays."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with suppress(FileExistsError):  # another process of this deployment was sooner
        _save(path, key)


def _save(path: Path, key: bytes) -> None:
    part = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(handle, key)
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        os.link(part, path)
    finally:
        part.unlink()
    inside = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(inside)
    finally:
        os.close(inside)
