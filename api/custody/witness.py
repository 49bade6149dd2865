"""
A witness: whoever remembers the last head it saw, and signs the next one only if the ledger merely grew.

It is asked by a C2SP `add-checkpoint` request, which may travel as a file:

    old SIZE
    base64 of each hash of the consistency proof, a line each
    (empty line)
    the signed head

References
----------
.. [1] C2SP tlog-witness, https://c2sp.org/tlog-witness.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from api.custody.broken import BrokenLedgerError
from api.custody.checkpoint import Checkpoint, read_checkpoint
from api.custody.notes import Note, SigningKey, VerifierKey, from_base64, read_note, to_base64
from api.custody.tree import EMPTY_ROOT, KeptHashes, consistency_proof, is_consistent

OLD = "old "


@dataclass(frozen=True, slots=True)
class Request:
    """What a witness is asked to sign, with the proof for it."""

    old: int
    """Size of the head that the witness saw last, 0 for none."""
    proof: tuple[bytes, ...]
    """Consistency proof between the two."""
    head: Note

    def write(self) -> str:
        return "".join(
            [f"{OLD}{self.old}\n", *(to_base64(step) + "\n" for step in self.proof), "\n", self.head.write()]
        )


def read_request(written: str) -> Request:
    """
    Read a request strictly.

    Raises
    ------
    BrokenLedgerError
        When it is none.
    """
    above, gap, head = written.partition("\n\n")
    first, *steps = above.split("\n")
    try:
        found = Request(int(first.removeprefix(OLD)), tuple(map(from_base64, steps)), read_note(head))
    except ValueError:
        raise _malformed() from None
    if not gap or found.write() != written:
        raise _malformed()
    return found


@dataclass(frozen=True, slots=True)
class Witness:
    """One who watches one ledger."""

    key: SigningKey
    log: VerifierKey
    """The ledger's."""
    memory: Path
    """File with the last head that was signed; not there before the first."""

    def cosign(self, request: Request, at: int) -> Note:
        """
        Sign a head, once it is remembered.

        Parameters
        ----------
        at
            Now, seconds since 1970 UTC.

        Raises
        ------
        BrokenLedgerError
            When the head is not signed by the ledger, is smaller than the last one, or does not continue it.
        """
        found = read_checkpoint(request.head, self.log)
        with self._alone():
            last = self.last()
            _require_growth(last, found, request)
            self._remember(request.head)
        return request.head.signed(self.key, at)

    def last(self) -> Checkpoint:
        """The head that was signed last; an empty ledger before the first."""
        if not self.memory.exists():
            return Checkpoint(self.log.name, 0, EMPTY_ROOT)
        return read_checkpoint(read_note(self.memory.read_bytes().decode()), self.log)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Keep a second process from signing another head between the look and the note of it."""
        with self.memory.with_name(self.memory.name + ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _remember(self, head: Note) -> None:
        """On disk before the signature leaves: a witness that forgot would sign a forked ledger."""
        fresh = self.memory.with_name(self.memory.name + ".new")
        with fresh.open("wb") as file:
            file.write(head.write().encode())
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self.memory)
        folder = os.open(self.memory.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _require_growth(last: Checkpoint, found: Checkpoint, request: Request) -> None:
    if found.size < last.size:
        raise BrokenLedgerError(
            f"Sổ cái bị thu nhỏ: đã chứng kiến {last.size} bản ghi, nay chỉ còn {found.size}.",
            f"The ledger shrank: {last.size} records were witnessed, now there are {found.size}.",
        )
    if request.old != last.size:
        raise BrokenLedgerError(
            f"Bằng chứng bắt đầu từ {request.old} bản ghi; lần chứng kiến cuối có {last.size}.",
            f"The proof begins at {request.old} records; the head witnessed last has {last.size}.",
        )
    if not is_consistent(last.size, found.size, last.root, found.root, request.proof):
        raise BrokenLedgerError(
            f"{last.size} bản ghi đã chứng kiến không còn nguyên trong sổ cái này.",
            f"The {last.size} records witnessed last are not all in this ledger as they were.",
        )


def prove_growth(hashes: Sequence[bytes], old: int, head: Note) -> Request:
    """
    Make a request from the leaf hashes of a ledger.

    Parameters
    ----------
    hashes
        Every leaf hash up to the head, at least.
    old
        Size of the head that the witness saw last.
    """
    size = Checkpoint.parse(head.text).size
    tree = KeptHashes()
    tree.append(hashes[:size])
    return Request(old, tuple(consistency_proof(tree, old, size)), head)


def _malformed() -> BrokenLedgerError:
    return BrokenLedgerError("Yêu cầu chứng kiến không đúng dạng.", "The request to the witness is malformed.")
