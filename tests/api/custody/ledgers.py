"""A small ledger with its keys."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

from api.custody.chain import canonical
from api.custody.checkpoint import Checkpoint
from api.custody.exported import write_export
from api.custody.notes import Algorithm, Note, SigningKey
from api.custody.tree import KeptHashes, leaf_hash, tree_root

ORIGIN = "ledger.example/an-giang"
LOG = SigningKey.generate(ORIGIN)
WITNESS = SigningKey.generate("witness.example", Algorithm.COSIGNATURE)
SEEN_AT = 1_790_000_000
CODE = "CA123456789VN"
TYPES = ("ACCEPT", "BAG", "DEPART", "ARRIVE", "OUT", "DELIVER")


def content(seq: int) -> bytes:
    """Canonical bytes of the record of one event; every third one is of `CODE`."""
    return canonical({
        "at": f"2026-11-{20 + seq // 20:02}T08:{seq % 60:02}:00+07:00",
        "event_id": f"01930000-0000-7000-8000-{seq:012}",
        "recipient": "5d" * 8,
        "shipments": [CODE if seq % 3 == 0 else f"CA{seq:09}VN"],
        "data": {"site_id": "BC-CD"},
        "type": TYPES[seq // 3 % 6],
    })  # fmt: skip


def hashes_of(contents: Sequence[bytes]) -> KeptHashes:
    hashes = KeptHashes()
    hashes.append([leaf_hash(one) for one in contents])
    return hashes


def head_of(contents: Sequence[bytes]) -> Note:
    """The witnessed head."""
    size = len(contents)
    head = Checkpoint(ORIGIN, size, tree_root(hashes_of(contents), size))
    return head.signed(LOG).signed(WITNESS, SEEN_AT)


def exported(contents: Sequence[bytes], heads: Sequence[Note] = ()) -> bytes:
    file = BytesIO()
    write_export(file, ORIGIN, contents, heads)
    return file.getvalue()
