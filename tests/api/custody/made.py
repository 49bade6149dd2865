"""Events as devices make them, for tests."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from api.custody.events import Event, read_event
from api.custody.signing import CURVE, public_key_text, sign

ICT = timezone(timedelta(hours=7))
MORNING = datetime(2026, 12, 7, 8, 0, tzinfo=ICT)
"""A Monday."""

KEY = ec.derive_private_key(0xD1, CURVE)
PUBLIC_KEY = public_key_text(KEY.public_key())

PHOTO, THEIRS, OURS = "aa" * 32, "bb" * 32, "cc" * 32
PLACE = {"lon": 105.78, "lat": 10.03, "accuracy": 8.0, "age": 2}


def event_id(number: int) -> str:
    """A UUIDv7 that a reader recognises."""
    return f"01890a5d-ac96-774b-bcce-{number:012x}"


def raw_event(number: int, kind: str, *, minute: float = 0, **fields: Any) -> dict[str, Any]:
    """An unsigned event of shipment S1; `data` and other fields as given."""
    at = MORNING + timedelta(minutes=minute)
    return {
        "event_id": event_id(number), "type": kind, "shipments": ["S1"], "at": at.isoformat(), "counter": number,
        "device_id": "D1", "offline": False, "data": {}, **fields,
    }  # fmt: skip


def signed_event(number: int, kind: str, **fields: Any) -> dict[str, Any]:
    """The same, signed."""
    return sign(raw_event(number, kind, **fields), KEY)


def event(number: int, kind: str, **fields: Any) -> Event:
    """The same, read; what does not look at signatures does not need a true one."""
    return read_event({**raw_event(number, kind, **fields), "signature": "AA"})
