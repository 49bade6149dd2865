"""
Signatures by which a receiver knows that we speak, and that it hears each thing once.

References
----------
.. [1] Standard Webhooks, specification 1.0. https://www.standardwebhooks.com
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

PREFIX = "whsec_"


def new_secret() -> str:
    """Make a secret of 256 random bits, in the standard's own writing."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed_headers(secret: str, event_id: str, timestamp: int, body: bytes) -> dict[str, str]:
    """
    The three headers of a telling.

    Parameters
    ----------
    timestamp
        Of this attempt, seconds since 1970: receivers refuse old ones.
    """
    key = base64.b64decode(secret.removeprefix(PREFIX))
    told = f"{event_id}.{timestamp}.".encode() + body
    signature = base64.b64encode(hmac.new(key, told, hashlib.sha256).digest()).decode()
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }
