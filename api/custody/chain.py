r"""
The hash chain of the ledger: each record's hash covers the hash before it.

A *record* is the public part of an event: codes, times, types and salted hashes, never personal data. Its canonical
bytes are RFC 8785 JSON. The preimage of a record's hash is, in this order,

    b"duongthu/ledger/v1/record\n" || hash before it (32 bytes) || canonical bytes of the record

and the hash before the first record is SHA-256 of `b"duongthu/ledger/v1/origin\n" || origin`, so that a record cannot
pass from one ledger into another. Prefix and hash have fixed lengths: no two records share a preimage.

References
----------
.. [1] RFC 8785, JSON Canonicalization Scheme.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from api.custody.canonical_json import canonical_json

RECORD_DOMAIN = b"duongthu/ledger/v1/record\n"
ORIGIN_DOMAIN = b"duongthu/ledger/v1/origin\n"

Record = Mapping[str, Any]
"""The public part of an event: text, whole numbers below 2**53, yes or no, null, lists and objects of them."""


def canonical(record: Record) -> bytes:
    """
    Write a record as RFC 8785 JSON.

    Raises
    ------
    ValueError
        When it holds a fraction, a key that is not ASCII, or what JSON cannot hold. Fractions are kept out because
        programs disagree about their digits, other keys because they disagree about their order; without them the
        plain JSON writer of any language gives these very bytes.
    """
    plain = dict(record)
    _require_plain(plain)
    return canonical_json(plain)


def _require_plain(value: Any) -> None:
    if isinstance(value, str):
        return
    if isinstance(value, float):
        raise ValueError(f"a record holds no fractions: {value!r}")  # noqa: TRY004 - the value is at fault
    if isinstance(value, dict):
        for key, inner in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise ValueError(f"a record's keys are ASCII text: {key!r}")
            _require_plain(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            _require_plain(inner)


def first_hash(origin: str) -> bytes:
    """The hash before the first record of a ledger, 32 bytes."""
    return sha256(ORIGIN_DOMAIN + origin.encode()).digest()


def record_hash(before: bytes, content: bytes) -> bytes:
    """
    Chain a record to the one before it.

    Parameters
    ----------
    before
        Hash of the record before it, 32 bytes; `first_hash` for the first.
    content
        Its canonical bytes.
    """
    if len(before) != 32:
        raise ValueError(f"a hash has 32 bytes, not {len(before)}")
    return sha256(RECORD_DOMAIN + before + content).digest()
