"""Tokens: random, opaque, kept only as hashes; short ones to act with, longer ones to get the next."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode
from datetime import timedelta

ACCESS_FOR = timedelta(minutes=10)
REFRESH_FOR = timedelta(hours=12)
"""Of a person at a desk: a working day, then the password again."""
IDLE_FOR = timedelta(hours=2)
"""Of a person at a desk whose page is closed or asleep: then the password again."""
DEVICE_REFRESH_FOR = timedelta(days=30)
"""Of an enrolled device that is silent: a courier's phone may be without signal for days."""
DEVICE_MOST = timedelta(days=365)
"""Of an enrolled device, however busy: then it is enrolled anew."""
GRACE = timedelta(seconds=10)
"""How long the token before is answered once more: two pages at once, or an answer that was lost on the way."""


def new_token() -> str:
    """Make a token of 256 random bits."""
    return secrets.token_urlsafe(32)


def derived_token(shown: str, salt: str, use: str) -> str:
    """
    Make the token that follows another; the same again from the same.

    The database keeps the salt and no token, the client the token and no salt: neither alone makes the next one
    (HMAC as a pseudorandom function, RFC 5869 §2.1).

    Parameters
    ----------
    shown
        The refresh token that is used up.
    use
        `access` or `refresh`.
    """
    made = hmac.digest(shown.encode(), f"{salt} {use}".encode(), "sha256")
    return urlsafe_b64encode(made).rstrip(b"=").decode()


def token_hash(token: str) -> str:
    """What the database keeps of it; nothing to brute-force, so a plain hash does."""
    return hashlib.sha256(token.encode()).hexdigest()
