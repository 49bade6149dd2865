"""What a backup says of itself: every file with its SHA-256, and the SHA-256 of that list beside it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePosixPath

from api.backup.files import hash_of, write_flushed
from api.errors import NotFoundError, RefusedError

MANIFEST, SEAL = "manifest.json", "manifest.sha256"
TABLES, FILES = "tables", "files"
"""Folders of a backup: rows as JSON lines, and what lay in the data folder."""
_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """A file in a backup."""

    sha256: str
    size: int
    """Bytes."""
    mode: int
    """Permissions that it had."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backup."""

    made_at: datetime
    """When its snapshot of the database was taken."""
    software: str
    migration: str
    rows: dict[str, int]
    """Rows of each table."""
    files: dict[str, Kept]
    """By path in the backup."""


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the list and its seal."""
    facts = {"format": _FORMAT, **asdict(manifest), "made_at": manifest.made_at.isoformat()}
    content = json.dumps(facts, ensure_ascii=False, indent=1).encode()
    write_flushed(folder / MANIFEST, [content])
    write_flushed(folder / SEAL, [f"{sha256(content).hexdigest()}  {MANIFEST}\n".encode()])


def read_manifest(folder: Path) -> Manifest:
    """
    Read the list of a backup.

    Raises
    ------
    NotFoundError
        When the folder is no backup.
    RefusedError
        When the list is damaged, or of another format.
    """
    if not (folder / MANIFEST).is_file() or not (folder / SEAL).is_file():
        raise NotFoundError(f"{folder} không phải là bản sao lưu.", f"{folder} is not a backup.")
    content = (folder / MANIFEST).read_bytes()
    if (folder / SEAL).read_bytes() != f"{sha256(content).hexdigest()}  {MANIFEST}\n".encode():
        raise damaged(MANIFEST)
    facts = json.loads(content)
    if facts.pop("format") != _FORMAT:
        raise RefusedError("Bản sao lưu thuộc định dạng khác.", "The backup has another format.")
    facts["made_at"] = datetime.fromisoformat(facts["made_at"])
    facts["files"] = {path: Kept(**kept) for path, kept in facts["files"].items()}
    return Manifest(**facts)


def verify(folder: Path, manifest: Manifest) -> None:
    """
    Read every file of a backup.

    Raises
    ------
    RefusedError
        Naming the first file that is missing or damaged.
    """
    for path, kept in manifest.files.items():
        inside = not PurePosixPath(path).is_absolute() and ".." not in PurePosixPath(path).parts
        if not inside or not (folder / path).is_file() or hash_of(folder / path) != kept.sha256:
            raise damaged(path)


def damaged(path: str) -> RefusedError:
    """A file is not what it was."""
    return RefusedError(
        f"Bản sao lưu bị hỏng: tệp {path} thiếu hoặc đã đổi; chưa phục hồi gì cả.",
        f"The backup is damaged: {path} is missing or changed; nothing was restored.",
    )
