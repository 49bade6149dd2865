"""
The PIN on the acceptance slip: six digits that show at the door, or on the tracking page, who may ask.

A million PINs are tried in no time, so no hash alone protects them, argon2 no more than another; what is stored is
HMAC-SHA-256 under a key of the server that lies outside the database, and attempts are limited: after five wrong ones
each further one costs a wait that doubles, from a quarter of an hour to a day. A desk may re-issue a PIN; the old one
is then worth nothing.

A PIN entered at the door is encrypted to the server at once, online or not: ECDH on P-256 with a key made for it,
HKDF-SHA-256, AES-256-GCM, all of which WebCrypto has on cheap phones (ECIES; RFC 5869, NIST SP 800-56A, 800-38D). The
event's id is authenticated with it, so that a sealed PIN serves no other event. Until it is opened the PIN is "not yet
checked"; a wrong one opens an incident.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from os import urandom
from secrets import randbelow
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from api.custody.pieces import Piece
from api.custody.signing import CURVE, from_base64url, public_key_text, require_public_key, to_base64url

DIGITS: Final = 6
FREE_FAILURES: Final = 5
"""Wrong PINs in a row that cost no wait."""
FIRST_WAIT: Final = timedelta(minutes=15)
LONGEST_WAIT: Final = timedelta(days=1)

_CONTEXT: Final = b"duongthu pin v1"
_POINT: Final = 65
_NONCE: Final = 12


class PinVerdict(StrEnum):
    """What a PIN is found to be."""

    NOT_CHECKED = "not_checked"
    """Sealed, and not opened yet."""
    RIGHT = "right"
    WRONG = "wrong"
    WAITING = "waiting"
    """Not looked at: too many wrong ones came before it."""
    UNREADABLE = "unreadable"
    """It was not sealed for this server and this event."""


@dataclass(frozen=True, slots=True)
class StoredPin:
    """What the server keeps of a shipment's PIN."""

    shipment: str
    issue: int
    """1 on the acceptance slip, one more each time a desk re-issues it."""
    tag: str
    """HMAC-SHA-256, hexadecimal."""
    failures: int = 0
    """Wrong PINs in a row."""
    waits_until: datetime | None = None
    issued_by: str | None = None
    """A user's id."""


def new_pin() -> str:
    """Six random digits."""
    return f"{randbelow(10**DIGITS):0{DIGITS}}"


def issue_pin(shipment: str, pin: str, key: bytes, before: StoredPin | None = None) -> StoredPin:
    """Store a new PIN; one that a desk re-issues stands in for the one `before`."""
    issue = 1 if before is None else before.issue + 1
    return StoredPin(shipment, issue, _tag(shipment, issue, pin, key))


def check_pin(stored: StoredPin, pin: str, key: bytes, now: datetime) -> tuple[PinVerdict, StoredPin]:
    """
    Hold a PIN against the stored one.

    Returns
    -------
    verdict
        Right, wrong or waiting.
    stored
        With the failure counted; to be stored before the verdict is told.
    """
    if stored.waits_until is not None and now < stored.waits_until:
        return PinVerdict.WAITING, stored
    if hmac.compare_digest(_tag(stored.shipment, stored.issue, pin, key), stored.tag):
        return PinVerdict.RIGHT, replace(stored, failures=0, waits_until=None)
    failures = stored.failures + 1
    return PinVerdict.WRONG, replace(stored, failures=failures, waits_until=_wait(failures, now))


def _wait(failures: int, now: datetime) -> datetime | None:
    if failures < FREE_FAILURES:
        return None
    doublings = min(failures - FREE_FAILURES, 10)
    return now + min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _tag(shipment: str, issue: int, pin: str, key: bytes) -> str:
    message = b"\x00".join((_CONTEXT, shipment.encode(), str(issue).encode(), pin.encode()))
    return hmac.digest(key, message, "sha256").hex()


# Sealed to the server.


class PinSealError(ValueError):
    """A sealed PIN that this server cannot open for this event."""


def seal_pin(pin: str, event_id: str, server_key: str) -> str:
    """
    Encrypt a PIN as the page does.

    Parameters
    ----------
    server_key
        Public, the uncompressed point in base64url, as `signing.public_key_text` writes it.

    Returns
    -------
    sealed
        Base64url of: the public point made for it (65 bytes), nonce (12), ciphertext and tag.
    """
    once = ec.generate_private_key(CURVE)
    point, nonce = from_base64url(public_key_text(once.public_key())), urandom(_NONCE)
    cipher = _cipher(once.exchange(ec.ECDH(), require_public_key(server_key)), point, server_key)
    return to_base64url(point + nonce + cipher.encrypt(nonce, pin.encode(), event_id.encode()))


def open_pin(sealed: str, event_id: str, server: ec.EllipticCurvePrivateKey) -> str:
    """
    Decrypt a PIN.

    Raises
    ------
    PinSealError
        When it was sealed for another server or event, was altered, or holds no PIN.
    """
    try:
        raw = from_base64url(sealed)
        point, nonce, rest = raw[:_POINT], raw[_POINT : _POINT + _NONCE], raw[_POINT + _NONCE :]
        shared = server.exchange(ec.ECDH(), require_public_key(to_base64url(point)))
        cipher = _cipher(shared, point, public_key_text(server.public_key()))
        pin = cipher.decrypt(nonce, rest, event_id.encode()).decode("ascii")
    except (ValueError, InvalidTag) as error:
        raise PinSealError("not sealed for this server and event") from error
    if len(pin) != DIGITS or not pin.isdigit():
        raise PinSealError(f"a PIN has {DIGITS} digits")
    return pin


def _cipher(shared: bytes, point: bytes, server_key: str) -> AESGCM:
    """Both public points go into the key: a shared secret is bound to the pair that made it."""
    info = _CONTEXT + point + from_base64url(server_key)
    return AESGCM(HKDF(SHA256(), length=32, salt=None, info=info).derive(shared))


# Checked on arrival.


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of a PIN that came with an event."""

    verdict: PinVerdict
    stored: tuple[StoredPin, ...]
    """To be stored again."""
    incident: Piece | None
    """To be opened."""


def check_sealed(
    sealed: str, event_id: str, stored: Iterable[StoredPin], key: bytes,
    servers: Sequence[ec.EllipticCurvePrivateKey], now: datetime, *, courier: str | None = None,
) -> Arrival:  # fmt: skip
    """
    Check a sealed PIN on its arrival.

    Who takes several shipments at once enters the PIN of one of them: it must be right for any one.

    Parameters
    ----------
    stored
        Of the event's shipments.
    key
        Of the stored PINs.
    servers
        Keys that it may have been sealed to, the likeliest first.
    courier
        The user's id, when one tells the event: a PIN that they were shown themselves proves nothing.
    """
    kept = tuple(stored)
    pin = _opened(sealed, event_id, servers)
    if pin is None:
        return Arrival(PinVerdict.UNREADABLE, kept, _UNREADABLE)
    if not kept:
        return Arrival(PinVerdict.NOT_CHECKED, (), _NONE_ISSUED)
    checked = [check_pin(one, pin, key, now) for one in kept]
    right = tuple(after for verdict, after in checked if verdict is PinVerdict.RIGHT)
    if right:
        is_own = courier is not None and all(pin.issued_by == courier for pin in right)
        return Arrival(PinVerdict.RIGHT, right, _OWN if is_own else None)
    after = tuple(one for _, one in checked)
    if all(verdict is PinVerdict.WAITING for verdict, _ in checked):
        return Arrival(PinVerdict.WAITING, after, _WAITING)
    return Arrival(PinVerdict.WRONG, after, _WRONG)


def _opened(sealed: str, event_id: str, servers: Sequence[ec.EllipticCurvePrivateKey]) -> str | None:
    for server in servers:
        with suppress(PinSealError):
            return open_pin(sealed, event_id, server)
    return None


_NONE_ISSUED: Final = Piece(
    "pin_not_checked",
    "Mã PIN chưa được kiểm tra: máy chủ chưa có mã PIN nào của bưu gửi này.",
    "The PIN has not been checked: the server knows no PIN of this shipment.",
)
_WRONG: Final = Piece(
    "pin_wrong", "Mã PIN nhập khi phát không đúng.", "The PIN entered at the hand-over is wrong."
)  # fmt: skip
_OWN: Final = Piece(
    "pin_own",
    "Mã PIN do chính bưu tá này cấp nên không chứng minh được người nhận: hỏi người nhận.",
    "This courier issued the PIN themselves, so it proves no recipient: ask the recipient.",
)
_WAITING: Final = Piece(
    "pin_not_looked_at",
    "Mã PIN chưa được kiểm tra vì trước đó đã nhập sai quá nhiều lần.",
    "The PIN was not looked at: too many wrong ones came before it.",
)
_UNREADABLE: Final = Piece(
    "pin_unreadable",
    "Không giải mã được mã PIN: không phải mã hóa cho máy chủ và sự kiện này.",
    "The PIN cannot be decrypted: it was not sealed for this server and event.",
)
