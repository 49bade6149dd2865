"""
What an event says by its type: `data`.

Every field may be left out here, for a fact with a missing piece is a fact (`evidence_rules` names the piece); a field
of the wrong kind is malformed, and one that nobody knows is kept. Fields marked `PUBLIC` are codes, dates and words of
a fixed list: they may stand in the chain for ever. All others are personal until proven otherwise, and `personal` puts
salted hashes in their place.
"""

from __future__ import annotations

from typing import Annotated, Any, Final

from pydantic import ConfigDict, Field, model_validator

from api.custody.event_fields import Base64Url, Code, Codes, Count, Day, Dong, Hashes, Sha256, Strict, Text
from api.custody.vocabulary import (
    Action,
    Correction,
    DocumentKind,
    IdKind,
    LegalGround,
    Reason,
    Relation,
    Trouble,
)

PUBLIC: Final = "public"
"""Marks a field of `data` that may stand in the chain."""

MAX_DEPTH: Final = 32
"""Of lists and objects within `data`: what is deeper could not be written as canonical JSON by everyone."""


class Document(Strict):
    """One line of the signed list of papers."""

    name: Text
    kind: Annotated[DocumentKind, Field(strict=False)]
    count: Annotated[int, Field(ge=1, le=10_000)]


class Data(Strict):
    """What every type may say."""

    model_config = ConfigDict(extra="allow")

    @model_validator(mode="before")
    @classmethod
    def _require_shallow(cls, value: Any) -> Any:
        if _is_deeper(value, MAX_DEPTH):
            raise ValueError(f"lists and objects may be nested {MAX_DEPTH} deep")
        return value

    courier_id: Annotated[Code | None, PUBLIC] = None
    """The courier who acts, gives or takes."""
    site_id: Annotated[Code | None, PUBLIC] = None
    """The site of the post that acts, gives or takes."""
    run_id: Annotated[Code | None, PUBLIC] = None
    """`LINE/RUN` that gives or takes."""
    note: Text | None = None
    photos: Hashes | None = None
    """Which pieces of `evidence` are photographs."""
    why: Text | None = None
    """Of an event that replaces another."""


class Signed(Data):
    """A hand-over with another party."""

    signature_theirs: Sha256 | None = None
    """The piece of evidence with the handwriting of the citizen, clerk or recipient."""
    signature_ours: Sha256 | None = None
    """The same of the post's."""
    seal: Annotated[Code | None, PUBLIC] = None
    count: Count | None = None
    """Papers, counted again."""
    documents: Annotated[tuple[Document, ...] | None, Field(strict=False, max_length=500)] = None
    fee_dong: Dong | None = None
    """For the State."""
    postage_dong: Dong | None = None
    cash_dong: Dong | None = None
    """What changed hands in cash."""
    receipt_no: Annotated[Code | None, PUBLIC] = None


class AcceptData(Signed):
    """What the post takes from a citizen."""

    scans_only: Annotated[bool | None, PUBLIC] = None
    """The papers stay with the citizen; the scans among `evidence` are the dossier (`scans`)."""


class HandAgencyData(Signed):
    """An agency counts again, signs and gives an appointment slip."""

    slip_no: Annotated[Code | None, PUBLIC] = None
    appointment_on: Annotated[Day | None, PUBLIC] = None
    no_slip_reason: Text | None = None
    """Why there is none: a transfer between desks, a paper that supplements another."""


class BagData(Data):
    """A bag, its seal and what is in it."""

    bag_id: Annotated[Code | None, PUBLIC] = None
    seal: Annotated[Code | None, PUBLIC] = None
    count: Count | None = None
    """Shipments."""


class MoveData(BagData):
    """What leaves or arrives, and how that was seen."""

    scanned: Annotated[Codes | None, PUBLIC] = None
    """Codes read one by one."""
    manifest_no: Annotated[Code | None, PUBLIC] = None
    seal_intact: Annotated[bool | None, PUBLIC] = None
    """What a look at the bag's seal showed."""
    signature_theirs: Sha256 | None = None
    """The piece of evidence with the handwriting of who takes in, or gives, what the device's owner tells of."""
    signature_ours: Sha256 | None = None
    """The same of the device's owner."""


class AttemptData(Data):
    """Why it failed, what was done, and what shows it."""

    reason: Annotated[Reason | None, Field(strict=False), PUBLIC] = None
    action: Annotated[Action | None, Field(strict=False), PUBLIC] = None
    notice_no: Annotated[Code | None, PUBLIC] = None
    agreed_on: Annotated[Day | None, PUBLIC] = None
    """The day asked for by the citizen, or named by the agency."""
    fee_dong: Dong | None = None
    """Asked for in vain."""
    signature_theirs: Sha256 | None = None


class NoticeData(Data):
    """An invitation, or the storage after the last one."""

    notice_no: Annotated[Code | None, PUBLIC] = None
    held_until: Annotated[Day | None, PUBLIC] = None


class DeliverData(Signed):
    """Who took it."""

    recipient_name: Text | None = None
    relation: Annotated[Relation | None, Field(strict=False)] = None
    authorisation_no: Text | None = None
    id_kind: Annotated[IdKind | None, Field(strict=False)] = None
    id_digits: Annotated[str | None, Field(pattern=r"^[0-9A-Z]{3,4}$")] = None
    """The last ones only."""
    pin_sealed: Base64Url | None = None
    """The PIN, encrypted to the server (`pin.seal_pin`); never in clear."""


class ReturnData(Signed):
    """Why it goes back, and who took it."""

    legal_ground: Annotated[LegalGround | None, Field(strict=False), PUBLIC] = None
    recipient_name: Text | None = None


class ExceptionData(Data):
    """What is wrong."""

    trouble: Annotated[Trouble | None, Field(strict=False), PUBLIC] = None
    seal: Annotated[Code | None, PUBLIC] = None
    count: Count | None = None


class CorrectData(Data):
    """Who says that `replaces` is wrong; `why` is the reason."""

    correction: Annotated[Correction | None, Field(strict=False), PUBLIC] = None
    who: Annotated[Code | None, PUBLIC] = None
    """The user's id."""


def _is_deeper(value: object, levels: int) -> bool:
    if isinstance(value, dict):
        return levels == 0 or any(_is_deeper(inner, levels - 1) for inner in value.values())
    if isinstance(value, list):
        return levels == 0 or any(_is_deeper(inner, levels - 1) for inner in value)
    return False
