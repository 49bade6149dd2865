"""
An answer sealed with the client's own key: the database, its copies and whoever reads them learn nothing.

The key is a random UUID that only the client keeps; the database has its hash. AES-256-GCM (NIST SP 800-38D) under
HKDF-SHA256 (RFC 5869) of the key.
"""

from __future__ import annotations

import hashlib
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_NONCE = 12
"""Bytes."""


def key_hash(key: str) -> str:
    """What the database keeps of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def sealed(key: str, answer: bytes) -> bytes:
    """Seal an answer."""
    nonce = os.urandom(_NONCE)
    return nonce + _cipher(key).encrypt(nonce, answer, None)


def opened(key: str, found: bytes) -> bytes:
    """
    Open a sealed answer.

    Raises
    ------
    cryptography.exceptions.InvalidTag
        When it was changed, or sealed with another key.
    """
    return _cipher(key).decrypt(found[:_NONCE], found[_NONCE:], None)


def _cipher(key: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), length=32, salt=None, info=b"duongthu given answer").derive(key.encode()))
