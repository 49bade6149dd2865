"""The key of the PINs: a file of the data folder, made with the first PIN."""

from __future__ import annotations

from pathlib import Path
from secrets import token_bytes
from typing import Final

from api.custody.key_file import save_new_key
from api.errors import RefusedError

_BYTES: Final = 32


def pin_key(folder: Path, *, may_make: bool) -> bytes:
    """
    Load the key, or make it.

    Parameters
    ----------
    folder
        `keys` of the data folder.
    may_make
        There is no PIN yet. A new key beside old PINs would make all of them wrong without a word.

    Raises
    ------
    RefusedError
        When it is missing or no key: restore it from a backup.
    """
    path = folder / "pin.key"
    if may_make and not path.exists():
        save_new_key(path, token_bytes(_BYTES))
    found = path.read_bytes() if path.exists() else b""
    if len(found) != _BYTES:
        raise RefusedError(
            f"Thiếu hoặc hỏng khóa mã PIN ({path.name}); hãy phục hồi từ bản sao lưu.",
            f"The key of the PINs ({path.name}) is missing or broken: restore it from a backup.",
        )
    return found
