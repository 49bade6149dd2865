"""
A ledger exported as one file, so that anyone can verify it without the post's database.

JSON lines, each written in the one canonical way (RFC 8785):

    {"format":"duongthu-ledger-1","origin":ORIGIN}
    {"hash":HEX,"prev_hash":HEX,"record":{...},"seq":0}            one a record
    {"checkpoint":NOTE}                                            after the last record that it covers
    {"end":HEX,"records":NUMBER}

`end` is the SHA-256 of the lines that are no records, which the tree does not cover. Written and read as a stream.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256
from typing import IO

import rfc8785

from api.custody.chain import first_hash, record_hash
from api.custody.checkpoint import Checkpoint
from api.custody.notes import Note

FORMAT = "duongthu-ledger-1"
RECORD_START = b'{"hash":"'
RECORD_AT = len(b'{"hash":"%064d","prev_hash":"%064d","record":' % (0, 0))
"""Where the record begins in its line."""


def write_export(file: IO[bytes], origin: str, contents: Iterable[bytes], heads: Iterable[Note] = ()) -> int:
    """
    Write a ledger.

    Parameters
    ----------
    file
        Open for writing.
    origin
        The ledger's name, as in its checkpoints.
    contents
        Canonical bytes of every record, from the first on.
    heads
        Signed heads to go with it, in any order.

    Returns
    -------
    size
        Number of records written.

    Raises
    ------
    ValueError
        When a head is larger than the ledger.
    """
    waiting = sorted(((Checkpoint.parse(head.text).size, head.write()) for head in heads), reverse=True)
    rest, before, size = sha256(), first_hash(origin), 0

    def write_apart(line: bytes) -> None:
        rest.update(line)
        file.write(line)

    def write_heads() -> None:
        while waiting and waiting[-1][0] == size:
            write_apart(checkpoint_line(waiting.pop()[1]))

    write_apart(header_line(origin))
    write_heads()
    for content in contents:
        found = record_hash(before, content)
        file.write(record_line(found, before, content, size))
        before, size = found, size + 1
        write_heads()
    if waiting:
        raise ValueError(f"a head of {waiting[0][0]} records is larger than the ledger of {size}")
    file.write(end_line(rest.hexdigest(), size))
    return size


def header_line(origin: str) -> bytes:
    return rfc8785.dumps({"format": FORMAT, "origin": origin}) + b"\n"


def checkpoint_line(note: str) -> bytes:
    return rfc8785.dumps({"checkpoint": note}) + b"\n"


def record_line(found: bytes, before: bytes, content: bytes, seq: int) -> bytes:
    """A record's line: its hash, the one before it, its canonical bytes."""
    return b'{"hash":"%s","prev_hash":"%s","record":%s,"seq":%d}\n' % (
        found.hex().encode(), before.hex().encode(), content, seq,
    )  # fmt: skip


def end_line(rest: str, size: int) -> bytes:
    return rfc8785.dumps({"end": rest, "records": size}) + b"\n"
