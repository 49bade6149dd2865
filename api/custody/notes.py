"""
Signed notes: a text that people can read, and lines of Ed25519 signatures under it.

    text, its last line ended
    (empty line)
    — name base64(key id || signature)

A signer is named by a *verifier key* `name+key id+base64(algorithm || public key)`, the key id being the first four
bytes of SHA-256(name || newline || algorithm || public key). A plain signature (algorithm 1) covers the text; a
cosignature (algorithm 4, of a witness) covers it together with the time at which the witness saw it.

References
----------
.. [1] C2SP signed-note, https://c2sp.org/signed-note, and golang.org/x/mod/sumdb/note.
.. [2] C2SP tlog-cosignature, https://c2sp.org/tlog-cosignature.
"""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from api.custody.broken import BrokenLedgerError

LONGEST = 1_000_000
"""Bytes of a note; a longer one is refused unread."""
MOST_SIGNATURES = 100
KEY_PREFIX = "PRIVATE+KEY+"


class Algorithm(IntEnum):
    """What a signature covers."""

    PLAIN = 1
    """The text."""
    COSIGNATURE = 4
    """The text, and when the witness saw it."""


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """A signer's public key."""

    name: str
    algorithm: Algorithm
    public: bytes
    """Ed25519, 32 bytes."""

    def __post_init__(self) -> None:
        if not is_name(self.name):
            raise ValueError(f"a key's name has no space and no +: {self.name!r}")
        if len(self.public) != 32:
            raise ValueError(f"an Ed25519 public key has 32 bytes, not {len(self.public)}")

    @property
    def key_id(self) -> bytes:
        """Four bytes that find the key's signatures."""
        return sha256(self.name.encode() + b"\n" + bytes([self.algorithm]) + self.public).digest()[:4]

    @property
    def text(self) -> str:
        """`name+key id+base64(algorithm || public key)`."""
        return f"{self.name}+{self.key_id.hex()}+{to_base64(bytes([self.algorithm]) + self.public)}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read a verifier key.

        Raises
        ------
        BrokenLedgerError
            When it is none, or its parts do not belong together.
        """
        name, _, rest = text.strip().partition("+")
        key_id, _, encoded = rest.partition("+")
        try:
            content = from_base64(encoded)
            found = cls(name, Algorithm(content[0]), content[1:])
            if found.key_id.hex() != key_id:
                raise _bad_key()
        except (ValueError, IndexError):
            raise _bad_key() from None
        return found


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A signer's private key."""

    name: str
    algorithm: Algorithm
    private: Ed25519PrivateKey

    @property
    def verifier(self) -> VerifierKey:
        return VerifierKey(self.name, self.algorithm, self.private.public_key().public_bytes_raw())

    @classmethod
    def generate(cls, name: str, algorithm: Algorithm = Algorithm.PLAIN) -> Self:
        return cls(name, algorithm, Ed25519PrivateKey.generate())

    @classmethod
    def parse(cls, text: str) -> Self:
        """
        Read a private key as `save` writes it.

        Raises
        ------
        BrokenLedgerError
            When it is none.
        """
        name, _, rest = text.strip().removeprefix(KEY_PREFIX).partition("+")
        key_id, _, encoded = rest.partition("+")
        try:
            content = from_base64(encoded)
            found = cls(name, Algorithm(content[0]), Ed25519PrivateKey.from_private_bytes(content[1:]))
            if found.verifier.key_id.hex() != key_id:
                raise _bad_key()
        except (ValueError, IndexError):
            raise _bad_key() from None
        return found

    @classmethod
    def load(cls, path: Path) -> Self:
        return cls.parse(path.read_text(encoding="utf-8"))

    def save(self, path: Path) -> None:
        """
        Write the key to a new file that only its owner may read (mode 0600).

        Raises
        ------
        FileExistsError
            When the file is there: a key is never overwritten.
        """
        content = to_base64(bytes([self.algorithm]) + self.private.private_bytes_raw())
        text = f"{KEY_PREFIX}{self.name}+{self.verifier.key_id.hex()}+{content}\n"
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    def sign(self, text: str, at: int | None = None) -> Signature:
        """
        Sign a text.

        Parameters
        ----------
        text
            Ends with a newline.
        at
            When a witness saw it, seconds since 1970 UTC; None for a plain signature.
        """
        if (at is None) != (self.algorithm is Algorithm.PLAIN):
            raise ValueError("a cosignature has a time, a plain signature none")
        stamp = b"" if at is None else at.to_bytes(8, "big")
        signed = stamp + self.private.sign(_covered(text, at))
        return Signature(self.name, self.verifier.key_id, signed)


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line of a note."""

    name: str
    key_id: bytes
    content: bytes
    """What follows the key id: by algorithm the signature, or time and signature."""

    @property
    def line(self) -> str:
        return f"— {self.name} {to_base64(self.key_id + self.content)}\n"

    def is_by(self, key: VerifierKey) -> bool:
        """Whether it says that this key made it; says nothing about whether it holds."""
        return (self.name, self.key_id) == (key.name, key.key_id)

    def seen_at(self) -> int:
        """When the witness saw the text, seconds since 1970 UTC; only for cosignatures."""
        return int.from_bytes(self.content[:8], "big")

    def holds(self, key: VerifierKey, text: str) -> bool:
        """Whether this key signed this text."""
        is_plain = key.algorithm is Algorithm.PLAIN
        signed = self.content if is_plain else self.content[8:]
        if not self.is_by(key) or len(signed) != 64:
            return False
        try:
            covered = _covered(text, None if is_plain else self.seen_at())
            Ed25519PublicKey.from_public_bytes(key.public).verify(signed, covered)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Note:
    """A text and its signatures."""

    text: str
    """Ends with a newline."""
    signatures: tuple[Signature, ...]

    def write(self) -> str:
        return self.text + "\n" + "".join(signature.line for signature in self.signatures)

    def signed(self, key: SigningKey, at: int | None = None) -> Note:
        """The note with one more signature; `at` as in `SigningKey.sign`."""
        return Note(self.text, (*self.signatures, key.sign(self.text, at)))

    def require(self, key: VerifierKey) -> Signature:
        """
        Find a key's signature and check it.

        Raises
        ------
        BrokenLedgerError
            When there is none, or one does not hold.
        """
        found = [signature for signature in self.signatures if signature.is_by(key)]
        if not found:
            raise BrokenLedgerError(f"Không có chữ ký của {key.name}.", f"There is no signature by {key.name}.")
        if not all(signature.holds(key, self.text) for signature in found):
            raise BrokenLedgerError(f"Chữ ký của {key.name} sai.", f"The signature by {key.name} is wrong.")
        return found[0]


def read_note(written: str) -> Note:
    """
    Read a note strictly.

    Raises
    ------
    BrokenLedgerError
        When it is not exactly what `Note.write` gives.
    """
    try:
        length = len(written.encode())
    except UnicodeEncodeError:
        raise _bad_note() from None
    text, gap, lines = written.rpartition("\n\n")
    if not gap or not lines.endswith("\n") or length > LONGEST:
        raise _bad_note()
    if any(ord(letter) < 32 and letter != "\n" for letter in written):
        raise _bad_note()
    signatures = tuple(_read_signature(line) for line in lines[:-1].split("\n"))
    if len(signatures) > MOST_SIGNATURES:
        raise _bad_note()
    return Note(text + "\n", signatures)


def _read_signature(line: str) -> Signature:
    name, _, encoded = line.removeprefix("— ").partition(" ")
    try:
        content = from_base64(encoded)
    except ValueError:
        raise _bad_note() from None
    if not line.startswith("— ") or not is_name(name) or len(content) < 5:
        raise _bad_note()
    return Signature(name, content[:4], content[4:])


def is_name(text: str) -> bool:
    """Whether a text can name a signer: something, without space and without `+`."""
    return bool(text) and "+" not in text and not any(letter.isspace() for letter in text)


def to_base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def from_base64(text: str) -> bytes:
    """
    Read base64 that is written in the one canonical way, so that no changed character goes unseen.

    Raises
    ------
    ValueError
        When it is not.
    """
    try:
        content = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
    if to_base64(content) != text:
        raise ValueError("not the canonical base64 of anything")
    return content


def _covered(text: str, at: int | None) -> bytes:
    return text.encode() if at is None else f"cosignature/v1\ntime {at}\n{text}".encode()


def known_signers(note: Note, keys: Sequence[VerifierKey]) -> list[VerifierKey]:
    """
    The keys that signed a note.

    Raises
    ------
    BrokenLedgerError
        When a signature by one of them does not hold.
    """
    found = [key for key in keys if any(signature.is_by(key) for signature in note.signatures)]
    for key in found:
        note.require(key)
    return found


def _bad_key() -> BrokenLedgerError:
    return BrokenLedgerError("Khóa không đúng dạng hoặc đã bị sửa.", "The key is malformed or was altered.")


def _bad_note() -> BrokenLedgerError:
    return BrokenLedgerError("Đầu sổ cái không đúng dạng.", "The signed head is malformed.")
