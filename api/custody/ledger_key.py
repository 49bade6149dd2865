"""The key that signs the ledger's heads: a file of the data folder, made when the ledger begins."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from api.custody.notes import SigningKey
from api.errors import RefusedError


def ledger_key(folder: Path, origin: str) -> SigningKey:
    """
    Load the key, or make it.

    Parameters
    ----------
    folder
        `keys` of the data folder; nobody else may read it.

    Raises
    ------
    RefusedError
        When the key is that of another ledger.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / "ledger.key"
    if not path.exists():
        with suppress(FileExistsError):  # another process of this deployment was sooner
            SigningKey.generate(origin).save(path)
    found = SigningKey.load(path)
    if found.name != origin:
        raise RefusedError(
            f"Khóa {path.name} là của sổ cái {found.name}, không phải {origin}.",
            f"Key {path.name} is that of ledger {found.name}, not of {origin}.",
        )
    return found
