"""
Where compiled code lies: one folder for each state of the sources.

numba's own cache looks at the file of the function only and misses edits in what it imports. Here everything is kept
under a hash of all files that are compiled, so that an edited kernel never runs stale code, and several versions of the
project can share a machine. Importing this module does not load the compiler.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # not on Windows: there, processes that start together may compile the same
    fcntl = None  # type: ignore[assignment]

SOURCES = tuple(Path(__file__).parent.parent / folder for folder in ("kernel", "constraints"))
"""Folders whose files are compiled."""

KEPT = 4
"""Versions of the compiled kernel that are kept; older ones are removed."""


@cache
def sources_hash() -> str:
    """Hash of every file that is compiled, and of the versions of the compiler."""
    digest = hashlib.sha256(f"{version('numba')} {version('llvmlite')} {sys.version}".encode())
    for path in sorted(path for folder in SOURCES for path in folder.glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:24]


def cache_folder() -> Path:
    """Where compiled code of these sources lies: in `DUONGTHU_CACHE`, or the user's cache folder."""
    named = os.environ.get("DUONGTHU_CACHE") or os.environ.get("XDG_CACHE_HOME")
    return Path(named or Path.home() / ".cache") / "duongthu" / "kernel" / sources_hash()


def is_compiled() -> bool:
    """Whether compiled code of these sources is there: that of `anneal.work`, behind which everything lies."""
    with suppress(OSError):
        return any(cache_folder().glob("anneal.work-*.nbc"))
    return False


@contextmanager
def compiling_alone() -> Iterator[None]:
    """Let one process compile; others wait, and find everything compiled."""
    lock = None if is_compiled() else _lock()
    try:
        yield
    finally:
        if lock is not None:
            lock.close()


def _lock() -> IO[bytes] | None:
    try:
        cache_folder().mkdir(parents=True, exist_ok=True)
        lock = (cache_folder() / "lock").open("wb")
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError:  # nothing is kept here, so nobody need wait
        return None
    return lock


def forget_old_versions() -> None:
    """Remove compiled code of older sources, but the latest few."""
    others = [path for path in cache_folder().parent.glob("*/") if path != cache_folder()]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
