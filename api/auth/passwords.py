"""Passwords: argon2id, with the parameters of RFC 9106 for small memory."""

from __future__ import annotations

import secrets
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from api.auth.common_passwords import is_common
from api.errors import RefusedError

SHORTEST = 10
LONGEST = 128
"""Characters."""

_hasher = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
_NOBODY = _hasher.hash(secrets.token_urlsafe())


def hashed(password: str, *, login: str) -> str:
    """
    Hash a new password.

    Raises
    ------
    RefusedError
        When it is too short, too long, contains the login, or is one that everybody tries first.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise RefusedError(
            f"Mật khẩu phải có từ {SHORTEST} đến {LONGEST} ký tự.",
            f"A password has between {SHORTEST} and {LONGEST} characters.",
        )
    if login.casefold() in password.casefold() or len(set(password)) < SHORTEST // 2:
        raise RefusedError(
            "Mật khẩu không được chứa tên đăng nhập hay lặp lại vài ký tự.",
            "A password must not contain the login, nor repeat a few characters.",
        )
    if is_common(password):
        raise RefusedError(
            "Mật khẩu này quá phổ biến, ai cũng đoán được. Hãy ghép vài chữ không liên quan với nhau.",
            "This password is too common, anybody guesses it. Put a few unrelated words together.",
        )
    return _hasher.hash(_typed(password))


def matches(password: str, password_hash: str | None) -> bool:
    """Check a password; an unknown user takes as long as a known one (None)."""
    try:
        _hasher.verify(password_hash or _NOBODY, _typed(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def are_same(one: str, other: str) -> bool:
    """Whether two passwords are one, however they were typed."""
    return _typed(one) == _typed(other)


def _typed(password: str) -> str:
    """One form for what keyboards type as one letter or as letter and accent: `ộ` is both (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)


def made_up() -> str:
    """A password for a first log-in: to be typed from paper, so without letters that look alike."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(4))
