"""Custody over HTTP."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from api.custody.batch import MOST_EVENTS
from api.custody.events import AnyEvent
from api.custody.verdicts import Verdict

EVENT_EXAMPLE: JsonDict = {
    "event_id": "01890a5d-ac96-774b-bcce-000000000001", "type": "ATTEMPT", "shipments": ["RR123456785VN"],
    "at": "2026-12-07T08:00:00+07:00", "counter": 17, "device_id": "01890a5d-ac96-774b-bcce-0000000000d1",
    "offline": True, "place": {"lon": 105.43, "lat": 10.38, "accuracy": 8.0, "age": 2.0},
    "data": {"courier_id": "BT-01", "reason": "no_time", "action": "try_again"}, "signature": "MEUCIQ",
}  # fmt: skip


SEAL_KEY_EXAMPLE = "BGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU"
"""The generator of P-256 (FIPS 186-4, D.1.2.3)."""


class _Shape(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class EventBatch(_Shape):
    """A device's outbox, or a part of it."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"sent_at": "2026-12-07T08:01:00+07:00", "events": [EVENT_EXAMPLE]}]}
    )

    sent_at: AwareDatetime
    """By the device's clock, when the request is made: the server learns how far the clock is off."""
    events: Annotated[list[AnyEvent], Field(min_length=1, max_length=MOST_EVENTS)]
    """Each is answered for itself; a malformed one is refused alone."""


class PieceOut(_Shape):
    """What is missing or contradicts."""

    code: str = Field(examples=["missing_seal"])
    message_vi: str = Field(examples=["Thiếu số niêm phong."])
    message_en: str = Field(examples=["Missing: the seal."])
    shipment: str | None = Field(default=None, examples=["RR123456785VN"])
    """Of the event's shipments, the one whose other facts speak against it; null = it is the event's own."""


class SealKeyOut(_Shape):
    """What a phone encrypts a PIN to."""

    public_key: str = Field(examples=[SEAL_KEY_EXAMPLE])
    """A point of P-256, uncompressed, in base64url.

    `data.pin_sealed` is base64url of a point made for the PIN (65 bytes), a nonce (12) and the six digits by
    AES-256-GCM with the event's id as associated data; the key is HKDF-SHA-256 of the ECDH secret, no salt, info =
    `duongthu pin v1`, the point made for the PIN, this point.
    """


class AnswerOut(_Shape):
    """To one event."""

    event_id: str | None
    verdict: Verdict
    pieces: tuple[PieceOut, ...] = ()


class BatchAnswer(_Shape):
    """To each event, in the order in which they came; all of it is on disk."""

    answers: list[AnswerOut]


class FileAnswer(_Shape):
    """A file that is on disk."""

    sha256: str = Field(examples=["ab" * 32])
    """Of what was sent: its name in events."""
    stored_sha256: str = Field(examples=["cd" * 32])
    """Of what is kept, without metadata."""
    size: int = Field(examples=[98_304])
    """Kept, bytes."""
    media_type: str = Field(examples=["image/jpeg"])


class ProofAnswer(BatchAnswer):
    """To a batch of events with their photos."""

    files: list[FileAnswer]


class OpenPiece(PieceOut):
    """A piece, and what would mend it."""

    mend_vi: str = Field(examples=["Lập lại sự kiện cho đủ, có “replaces” là sự kiện này; hoặc ghi lại quyết định."])
    mend_en: str = Field(examples=["Make the event again in full, with this one as `replaces`; or note a decision."])


class OpenEvent(_Shape):
    """An event that a dispatcher has to look at."""

    seq: int
    event_id: str
    type: str
    shipments: list[str]
    courier_id: str | None
    """Whose it is, when it names a courier."""
    office: str | None
    """Where it happened; null = at no site of the post."""
    at: datetime
    """By the device's clock."""
    recorded_at: datetime
    pieces: tuple[OpenPiece, ...]
    awaits: tuple[str, ...]
    """Files that it names and that have not come."""


class OpenEvents(_Shape):
    """The queue, the oldest first."""

    events: list[OpenEvent]
    next: int | None
    """`after` of the next page; null = this was the last."""


class Incident(_Shape):
    """A trouble that somebody reported: its proof is whole, and a dispatcher has to look nevertheless."""

    seq: int
    event_id: str
    type: str = Field(examples=["EXCEPTION"])
    said_vi: str = Field(examples=["Có sự cố, đang xử lý"])
    said_en: str
    trouble: str | None = Field(examples=["damaged"])
    """Of an EXCEPTION, a word of `Trouble`; of a failed attempt, of `Reason`."""
    shipments: list[str]
    courier_id: str | None
    office: str | None
    at: datetime
    """By the device's clock."""
    recorded_at: datetime
    settled_at: datetime | None
    settled_by_name: str | None
    note: str | None
    """What the decision was; null once erased."""


class Incidents(_Shape):
    """Of a day, the oldest first."""

    incidents: tuple[Incident, ...]


class LookedAt(OpenEvent):
    """An event of the queue in full, also when it has left it."""

    record: dict[str, Any]
    """What is chained; nothing personal."""
    evidence: tuple[str, ...]
    """Files that it names, by content: to look at one is noted. None once erased."""
    is_open: bool
    settled_at: datetime | None
    settled_by: str | None
    """The user who decided; null while it is open, and when it was mended by what came in later."""
    note: str | None
    """What the last decision was; null once erased."""


class QueueCounts(_Shape):
    """How much there is to look at."""

    open: int
    by_piece: dict[str, int] = Field(examples=[{"custody_elsewhere": 2, "missing_photo": 1}])
    """Open events with each piece; an event may have several."""
    awaiting_files: int
    """Open events that wait for files."""
    oldest: datetime | None
    """When the oldest open event was recorded."""
    refused: int
    """Forged or malformed events kept in quarantine."""


class RefusedEvent(_Shape):
    """A forged or malformed event: it moved nothing."""

    quarantine_id: int
    received_at: datetime
    sent_by: str
    device_id: str | None
    pieces: tuple[PieceOut, ...]
    content: str | None = None
    """As it came, only when revealed; empty once erased by retention."""

    settled_at: datetime | None = None
    settled_by: str | None = None
    note: str | None = None
    """What was decided; None = nothing yet, or erased by retention."""
    told_by: str | None = None
    """The event of the ledger that tells the same fact."""


class RefusedEvents(_Shape):
    """The quarantine, the oldest first."""

    events: list[RefusedEvent]
    next: int | None
    """`after` of the next page; null = this was the last."""


class Settlement(_Shape):
    """What a dispatcher found out."""

    note: Annotated[str, Field(min_length=1, max_length=2000, examples=["Đã gọi bưu tá, niêm phong số N-17."])]


class RefusedSettlement(Settlement):
    """What became of a refused event."""

    told_by: Annotated[str | None, Field(pattern="^[A-Za-z0-9._-]{1,36}$")] = None
    """The event that tells the same fact properly, if somebody has told it again; None = it is put aside."""


class Proof(_Shape):
    """A path through the tree."""

    hashes: list[str] = Field(examples=[["q80="]])
    """Base64, from the leaf up."""
