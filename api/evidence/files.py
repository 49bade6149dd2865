"""
The folder of evidence: each file once, under the SHA-256 of what was sent, on disk before anybody hears that it is.

A file is written apart, flushed, renamed into its place, and its folder flushed: after a crash it is there whole or not
at all. Writing it again is harmless, and mends one that the disk has spoilt.
"""

from __future__ import annotations

import os
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from time import time

from starlette.concurrency import run_in_threadpool

from api.db.failures import storage_failed
from api.errors import BadFileError, NotFoundError, TooLargeError
from api.evidence.images import cleaned

THREADS = 8
"""Files written at the same time: they share the flushes of the disk's journal."""
SMALL = 400_000
"""Bytes that are looked at sooner than a thread begins to."""
LEFT_OVER_SECONDS = 86_400
"""Unfinished files older than this are from a server that stopped."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A file on disk."""

    sha256: str
    """Of what was sent: its name in events."""
    stored_sha256: str
    """Of what is kept, without metadata."""
    size: int
    """Kept, bytes."""
    media_type: str


@dataclass(frozen=True, slots=True)
class Arriving:
    """A file on its way to the disk."""

    stored: Stored
    """What it will be."""
    on_disk: Future[None]
    """Done when it is; fails with `UnavailableError`."""


class EvidenceFiles:
    """
    Keeps files in a folder.

    Parameters
    ----------
    folder
        Made when it is missing.
    largest
        Bytes of one file.
    """

    def __init__(self, folder: Path, largest: int) -> None:
        self.folder, self.largest = folder, largest
        self._unfinished = folder / "unfinished"
        self._unfinished.mkdir(parents=True, exist_ok=True)
        for number in range(256):
            (folder / f"{number:02x}").mkdir(exist_ok=True)
        _flush_folder(folder)
        self._sweep()
        # Of their own, so that photos never wait behind slow questions to the database.
        self._threads = ThreadPoolExecutor(THREADS, "evidence")

    def close(self) -> None:
        """Finish what is being written."""
        self._threads.shutdown()

    async def keep_soon(self, content: bytes, named: str | None = None) -> Arriving:
        """
        Begin to put a picture on disk; whoever tells the sender that it is there waits for `on_disk`.

        Parameters
        ----------
        named
            SHA-256 that the sender says it has, hexadecimal.

        Raises
        ------
        BadFileError
            When it is no whole picture, or not the one that the sender means.
        TooLargeError
            When it is too large.
        """
        if len(content) < SMALL:
            stored, kept = self._look_at(content, named)
        else:
            stored, kept = await run_in_threadpool(self._look_at, content, named)
        return Arriving(stored, self._threads.submit(self._write, self.path(stored.sha256), kept))

    def _look_at(self, content: bytes, named: str | None) -> tuple[Stored, bytes]:
        """What a picture is, and what is kept of it."""
        if len(content) > self.largest:
            raise too_large(self.largest)
        sent = sha256(content).hexdigest()
        if named is not None and named.lower() != sent:
            raise BadFileError(
                f"Tệp nhận được có SHA-256 {sent}, không phải {named}: gửi lại.",
                f"The file that came has SHA-256 {sent}, not {named}: send it again.",
            )
        picture = cleaned(content)
        stored = sent if picture.content == content else sha256(picture.content).hexdigest()
        return Stored(sent, stored, len(picture.content), picture.media_type), picture.content

    def path(self, name: str) -> Path:
        """Where a file lies, by its SHA-256."""
        return self.folder / name[:2] / name[2:]

    def read(self, name: str) -> bytes:
        """
        Read a file.

        Raises
        ------
        NotFoundError
            When it is not there.
        """
        try:
            return self.path(name).read_bytes()
        except FileNotFoundError as error:
            raise NotFoundError(f"Không có tệp {name}.", f"There is no file {name}.") from error

    def has(self, name: str) -> bool:
        return self.path(name).is_file()

    def is_older(self, name: str, moment: datetime) -> bool:
        """Whether a file was last written before a moment, or is gone."""
        path = self.path(name)
        return not path.exists() or path.stat().st_mtime < moment.timestamp()

    def erase(self, name: str) -> None:
        """Delete a file for good; no harm when it is gone."""
        self.path(name).unlink(missing_ok=True)

    def _write(self, path: Path, content: bytes) -> None:
        try:
            self._put(path, content)
        except OSError as error:
            raise storage_failed(error) from error

    def _put(self, path: Path, content: bytes) -> None:
        unfinished = f"{self._unfinished}/{token_hex(16)}"
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            try:
                write_all(descriptor, content)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            Path(unfinished).rename(path)
        except OSError:
            Path(unfinished).unlink(missing_ok=True)
            raise
        _flush_folder(path.parent)

    def _sweep(self) -> None:
        before = time() - LEFT_OVER_SECONDS
        for path in self._unfinished.iterdir():
            if path.stat().st_mtime < before:
                path.unlink()


def write_all(descriptor: int, content: bytes) -> None:
    """Write every byte: the system may take fewer at a time."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def too_large(largest: int) -> TooLargeError:
    """More than one file may have."""
    return TooLargeError(f"Tệp lớn hơn {largest / 1e6:.0f} MB.", f"The file is larger than {largest / 1e6:.0f} MB.")


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
