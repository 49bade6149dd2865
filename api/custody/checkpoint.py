"""
Checkpoints: the size and root of the ledger at one moment, as the text of a signed note.

    origin
    number of records
    base64(root)

References
----------
.. [1] C2SP tlog-checkpoint, https://c2sp.org/tlog-checkpoint.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from api.custody.broken import BrokenLedgerError
from api.custody.notes import Note, SigningKey, VerifierKey, from_base64, is_name, read_note, to_base64

SIZE = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The head of a ledger."""

    origin: str
    """Names the ledger for all time, as `so-cai.buudien.example/an-giang`; also the name of its key."""
    size: int
    """Number of records."""
    root: bytes
    """32 bytes."""

    def __post_init__(self) -> None:
        if not is_name(self.origin):
            raise ValueError(f"a ledger's origin has no space and no +: {self.origin!r}")
        if self.size < 0 or len(self.root) != 32:
            raise ValueError("a checkpoint has a size from 0 and a root of 32 bytes")

    @property
    def text(self) -> str:
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read the text of a note strictly; lines of extensions may follow, as C2SP allows.

        Raises
        ------
        BrokenLedgerError
            When it is no checkpoint.
        """
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() or not all(lines) or SIZE.fullmatch(lines[1]) is None:
            raise _malformed()
        try:
            return cls(lines[0], int(lines[1]), from_base64(lines[2]))
        except ValueError:
            raise _malformed() from None

    def signed(self, key: SigningKey) -> Note:
        """The checkpoint as a note signed by the ledger's key."""
        if key.name != self.origin:
            raise ValueError(f"the key of {key.name} cannot sign for {self.origin}")
        return Note(self.text, ()).signed(key)


def read_checkpoint(note: Note, key: VerifierKey | None = None) -> Checkpoint:
    """
    Read a signed head.

    Parameters
    ----------
    note
        As `read_note` gives it.
    key
        The ledger's; None = the signature is not checked, which the caller must say.

    Raises
    ------
    BrokenLedgerError
        When it is no checkpoint, not of this key's ledger, or not signed by it.
    """
    found = Checkpoint.parse(note.text)
    if key is None:
        return found
    if key.name != found.origin:
        raise BrokenLedgerError(
            f"Đầu sổ là của {found.origin}, khóa là của {key.name}.",
            f"The head is of {found.origin}, the key of {key.name}.",
        )
    note.require(key)
    return found


def parse_head(written: str, key: VerifierKey | None = None) -> Checkpoint:
    """Read a head file: `read_note`, then `read_checkpoint`."""
    return read_checkpoint(read_note(written), key)


def _malformed() -> BrokenLedgerError:
    return BrokenLedgerError("Đầu sổ cái không đúng dạng.", "The signed head is malformed.")
