"""Identifiers that sort by time: UUIDv7 (RFC 9562 §5.7)."""

from __future__ import annotations

import secrets
import time
import uuid


def new_id() -> str:
    """Make a UUIDv7: 48 bits of milliseconds, then 74 random bits."""
    moment = time.time_ns() // 1_000_000
    chance = secrets.randbits(74)
    value = (moment & (2**48 - 1)) << 80 | 0x7 << 76 | chance >> 62 << 64 | 0b10 << 62 | chance & (2**62 - 1)
    return str(uuid.UUID(int=value))
