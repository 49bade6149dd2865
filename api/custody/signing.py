"""
A device's signature: ECDSA P-256 with SHA-256 over the canonical JSON (RFC 8785) of the event without `signature`.

The forms are WebCrypto's own, so that the page needs no conversion: a signature is r || s (IEEE P1363, 64 bytes), a
public key the uncompressed point (`exportKey("raw")`, 65 bytes); both base64url without padding (RFC 4648 §5). ECDSA
signatures can be altered into other valid ones, and a device that sends again may sign again; so the identity of an
event's content is the digest of what was signed, never of the signature.
"""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from api.custody.canonical_json import canonical_json

CURVE: Final = ec.SECP256R1()
_ALGORITHM: Final = ec.ECDSA(SHA256())
_HALF: Final = 32
"""Bytes of r and of s."""


def signed_bytes(event: Mapping[str, Any]) -> bytes:
    """
    What the device signs: the canonical JSON of an event without its signature.

    Raises
    ------
    rfc8785.CanonicalizationError
        When the object is no JSON that every reader understands alike (RFC 7493): NaN, integers beyond 2**53 - 1.
    """
    return canonical_json({name: value for name, value in event.items() if name != "signature"})


def digest(signed: bytes) -> str:
    """The identity of an event's content: SHA-256 of `signed_bytes`, hexadecimal."""
    return sha256(signed).hexdigest()


def sign(event: Mapping[str, Any], key: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    """The event with its signature, as a device makes it."""
    r, s = decode_dss_signature(key.sign(signed_bytes(event), _ALGORITHM))
    raw = r.to_bytes(_HALF, "big") + s.to_bytes(_HALF, "big")
    return {**event, "signature": to_base64url(raw)}


def is_signed(signed: bytes, signature: str, public_key: str) -> bool:
    """
    Whether a signature is that of the holder of a key.

    Parameters
    ----------
    signed
        Of `signed_bytes`.
    public_key
        As enrolled; `require_public_key` has seen it.
    """
    try:
        raw = from_base64url(signature)
    except ValueError:
        return False
    if len(raw) != 2 * _HALF:
        return False
    r, s = int.from_bytes(raw[:_HALF], "big"), int.from_bytes(raw[_HALF:], "big")
    try:
        require_public_key(public_key).verify(encode_dss_signature(r, s), signed, _ALGORITHM)
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=4096)
def require_public_key(text: str) -> ec.EllipticCurvePublicKey:
    """
    Read a device's public key, at its enrolment and at every signature.

    Raises
    ------
    ValueError
        When it is no uncompressed point of P-256 in base64url.
    """
    raw = from_base64url(text)
    if len(raw) != 65 or raw[0] != 4:
        raise ValueError("a public key is an uncompressed point of P-256: 65 bytes, the first 4")
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, raw)


def public_key_text(key: ec.EllipticCurvePublicKey) -> str:
    """A public key as a device enrols it."""
    return to_base64url(key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def to_base64url(raw: bytes) -> str:
    """Without padding."""
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def from_base64url(text: str) -> bytes:
    """
    Without padding, and in the one form that `to_base64url` writes.

    Raises
    ------
    ValueError
        When it is anything else.
    """
    raw = urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if to_base64url(raw) != text:
        raise ValueError("not base64url without padding")
    return raw
