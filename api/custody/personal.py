"""
An event in two parts: the record that is chained for ever, and the personal part that is really deleted.

The record holds codes, times and words of fixed lists as they are, and of every other field a commitment,
SHA-256(salt || canonical JSON of the value), with a salt of 16 random bytes for each field: without the salt nobody can
guess a name or four digits back from it. Value and salt lie apart; once they are deleted the record hashes and verifies
as before and the field says "erased by retention".

The device's signature and the hashes of photographs are personal too: a signature over guessable digits, or the hash
of a picture that somebody has, would let a guess be confirmed for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from secrets import token_bytes
from typing import Any, Final, TypedDict

from api.custody.canonical_json import canonical_json
from api.custody.event_data import PUBLIC
from api.custody.events import DATA, Event, read_event
from api.custody.vocabulary import EventType

SALT_BYTES: Final = 16

UNKNOWN: Final = "data.*"
"""The path of everything in `data` that its type does not declare: there even a name may tell too much."""

PUBLIC_FIELDS: Final = frozenset(
    {
        "event_id", "type", "shipments", "stop", "at", "counter", "device_id", "offline", "follows", "replaces",
    }
)  # fmt: skip
"""Of an event, besides those of `data` that are marked."""

PUBLIC_DATA: Final[Mapping[EventType, frozenset[str]]] = {
    kind: frozenset(name for name, field in model.model_fields.items() if PUBLIC in field.metadata)
    for kind, model in DATA.items()
}
"""What of `data` is public, by type: what the model of that type declares, so its form has been checked."""


class Personal(TypedDict):
    """One field of the personal part."""

    value: Any
    salt: str
    """Hexadecimal."""


@dataclass(frozen=True, slots=True)
class Split:
    """The two parts of an event."""

    record: dict[str, Any]
    """Public, to be chained."""
    personal: dict[str, Personal]
    """By path: `place`, `signature`, `data.recipient_name`."""


class Disclosure(StrEnum):
    """What a commitment says of what lies apart."""

    VERIFIED = "verified"
    ALTERED = "altered"
    """The value or its salt is not the one that was committed to."""
    UNCOMMITTED = "uncommitted"
    """The record knows nothing of it."""
    ERASED = "erased by retention"

    @property
    def message_vi(self) -> str:
        return _DISCLOSURE_VI[self]


_DISCLOSURE_VI: Final = {
    Disclosure.VERIFIED: "đúng với sổ",
    Disclosure.ALTERED: "không khớp với sổ",
    Disclosure.UNCOMMITTED: "không có trong sổ",
    Disclosure.ERASED: "đã xóa theo thời hạn lưu trữ",
}


def split(event: Mapping[str, Any], salt: Callable[[int], bytes] = token_bytes) -> Split:
    """
    Take an event as it came apart.

    Parameters
    ----------
    event
        That `events.read_event` has read.
    salt
        Makes that many random bytes.
    """
    record = {name: value for name, value in event.items() if name in PUBLIC_FIELDS}
    private = {name: value for name, value in event.items() if name not in PUBLIC_FIELDS and name != "data"}
    public = PUBLIC_DATA[EventType(event["type"])]
    known = DATA[EventType(event["type"])].model_fields
    record["data"] = {name: value for name, value in event["data"].items() if name in public}
    private |= {f"data.{name}": value for name, value in event["data"].items() if name in known.keys() - public}
    unknown = {name: value for name, value in event["data"].items() if name not in known}
    if unknown:
        private[UNKNOWN] = unknown
    salts = salt(SALT_BYTES * len(private))  # at once: each request to the system lets other threads go first
    personal = {
        path: Personal(value=value, salt=salts[SALT_BYTES * n : SALT_BYTES * (n + 1)].hex())
        for n, (path, value) in enumerate(private.items())
    }
    record["commitments"] = {path: commitment(**field) for path, field in personal.items()}
    return Split(record, personal)


def join(record: Mapping[str, Any], personal: Mapping[str, Personal]) -> dict[str, Any]:
    """The event as it came, from both parts; what is erased is not in it."""
    event = {name: value for name, value in record.items() if name not in ("data", "commitments")}
    event["data"] = dict(record["data"])
    for path, field in personal.items():
        if path == UNKNOWN:
            event["data"] |= field["value"]
        elif path.startswith("data."):
            event["data"][path.removeprefix("data.")] = field["value"]
        else:
            event[path] = field["value"]
    return event


def recall(record: Mapping[str, Any]) -> Event:
    """
    Read a record as an event, without anything personal.

    That is all that `replay` needs: who held a shipment never depends on what may be erased.
    """
    return read_event({**join(record, {}), "signature": "erased"})


def commitment(value: Any, salt: str) -> str:
    """
    Commit to a value: SHA-256(salt || canonical JSON), hexadecimal.

    Parameters
    ----------
    salt
        16 bytes, hexadecimal: a fixed length, so that no salt and value read as another pair.

    Raises
    ------
    ValueError
        When the salt has another length, or the value is no JSON.
    """
    raw = bytes.fromhex(salt)
    if len(raw) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    return sha256(raw + canonical_json(value)).hexdigest()


def disclosures(record: Mapping[str, Any], personal: Mapping[str, Personal]) -> dict[str, Disclosure]:
    """Hold what lies apart against the record: every committed field, and every one that claims to be."""
    committed: Mapping[str, str] = record["commitments"]
    found = {path: _disclosure(hashed, personal.get(path)) for path, hashed in committed.items()}
    return found | {path: Disclosure.UNCOMMITTED for path in personal if path not in committed}


def _disclosure(hashed: str, field: Personal | None) -> Disclosure:
    if field is None:
        return Disclosure.ERASED
    is_it = compare_digest(commitment(field["value"], field["salt"]), hashed)
    return Disclosure.VERIFIED if is_it else Disclosure.ALTERED
