"""Identifiers that sort by time: UUIDv7 (RFC 9562 §5.7)."""

from __future__ import annotations

import secrets
import time
import uuid


def new_id() -> str:
    """Make a UUIDv7: 48 bits of milliseconds, then 74 random bits."""
    moment = time.time_ns() // 1_000_000
    value = (moment & (2**48 - 1)) << 80 | 0x7 << 76 | secrets.randbits(12) << 64 | 0b10 << 62 | secrets.randbits(62)
    return str(uuid.UUID(int=value))
