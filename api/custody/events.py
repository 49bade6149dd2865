"""
The event that a device signs, as a strict model: what is not of this form is malformed.

Every field of `data` may be left out here, for a fact with a missing piece is a fact (`evidence_rules` names the
piece); a field of the wrong kind is malformed, and one that nobody knows is kept. Fields marked `PUBLIC` are codes,
dates and words of a fixed list: they may stand in the chain for ever. All others are personal until proven otherwise,
and `personal` puts salted hashes in their place.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    model_validator,
)

from api.custody.vocabulary import (
    Action,
    Correction,
    DocumentKind,
    EventType,
    IdKind,
    LegalGround,
    Reason,
    Relation,
    Trouble,
)

PUBLIC: Final = "public"
"""Marks a field of `data` that may stand in the chain."""

MAX_SHIPMENTS: Final = 500
"""In one event."""

MAX_DEPTH: Final = 32
"""Of lists and objects within `data`: what is deeper could not be written as canonical JSON by everyone."""

LARGEST_INTEGER: Final = 2**53 - 1
"""That every reader of JSON keeps exactly (RFC 7493 §2.2)."""


_DAY_FORM: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT_FORM: Final = re.compile(_DAY_FORM.pattern + "T.*", re.ASCII)


def _written_as(form: re.Pattern[str]) -> BeforeValidator:
    """
    Numbers are no moments here, though pydantic would take them for seconds, as text too.

    A day stands in the chain for ever, and so would a telephone number that somebody typed for one.
    """

    def require(value: object) -> object:
        if not isinstance(value, str) or form.fullmatch(value) is None:
            raise ValueError("must be text, ISO 8601")
        return value

    return BeforeValidator(require)


def dated(moment: datetime) -> datetime:
    """
    Require a moment that clocks show: a phone without a battery says 1970; beyond 2199 sums of times may overflow.

    Raises
    ------
    ValueError
        When it is another.
    """
    if not 1970 <= moment.year < 2200:
        raise ValueError("must lie between 1970 and 2199")
    return moment


def _distinct(codes: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(codes)) < len(codes):
        raise ValueError("a shipment stands in an event once")
    return codes


def _plausible(moment: datetime) -> datetime:
    """A phone whose battery died may live in 1970, and its clock's offset puts that right; no clock is beyond."""
    if not 1900 <= moment.year < 3000:
        raise ValueError("must lie between 1900 and 3000")
    return moment


def _is_deeper(value: object, levels: int) -> bool:
    if isinstance(value, dict):
        return levels == 0 or any(_is_deeper(inner, levels - 1) for inner in value.values())
    if isinstance(value, list):
        return levels == 0 or any(_is_deeper(inner, levels - 1) for inner in value)
    return False


Code: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]{1,64}$")]
"""A text key of the network folder, or two joined by a slash."""
Uuid7: TypeAlias = Annotated[
    str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
]
"""RFC 9562 §5.7, version 7 and variant 10, in lower case."""
Sha256: TypeAlias = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Text: TypeAlias = Annotated[str, Field(min_length=1, max_length=2000)]
Dong: TypeAlias = Annotated[int, Field(ge=0, le=LARGEST_INTEGER)]
Count: TypeAlias = Annotated[int, Field(ge=0, le=100_000)]
Moment: TypeAlias = Annotated[AwareDatetime, Field(strict=False), _written_as(_MOMENT_FORM), AfterValidator(_plausible)]
Day: TypeAlias = Annotated[date, Field(strict=False), _written_as(_DAY_FORM)]
Codes: TypeAlias = Annotated[tuple[Code, ...], Field(strict=False, max_length=MAX_SHIPMENTS)]
Hashes: TypeAlias = Annotated[tuple[Sha256, ...], Field(strict=False, max_length=50)]
Base64Url: TypeAlias = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=1024)]


class _Model(BaseModel):
    model_config = ConfigDict(strict=True, frozen=True, extra="forbid", allow_inf_nan=False)


class Place(_Model):
    """Where the device was."""

    lon: Annotated[float, Field(ge=-180, le=180)]
    """Degrees."""
    lat: Annotated[float, Field(ge=-90, le=90)]
    accuracy: Annotated[float, Field(ge=0)]
    """Metres."""
    age: Annotated[float, Field(ge=0)]
    """Seconds between the fix and the event."""


class Document(_Model):
    """One line of the signed list of papers."""

    name: Text
    kind: Annotated[DocumentKind, Field(strict=False)]
    count: Annotated[int, Field(ge=1, le=10_000)]


class Data(_Model):
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


class Event(_Model):
    """What a device signed; the fields of the record that only the server knows are not here."""

    event_id: Uuid7
    type: EventType
    shipments: Annotated[
        tuple[Code, ...], Field(strict=False, min_length=1, max_length=MAX_SHIPMENTS), AfterValidator(_distinct)
    ]
    stop: Code | None = None
    """Of the plan that was followed."""
    at: Moment
    """By the device's clock."""
    counter: Annotated[int, Field(ge=0, le=LARGEST_INTEGER)]
    """Of the device: one more with every event."""
    device_id: Code
    place: Place | None = None
    offline: bool
    """Captured without a connection."""
    follows: Uuid7 | None = None
    """The event of the other party that this one answers."""
    replaces: Uuid7 | None = None
    """The event that this one makes void and stands in for."""
    evidence: Hashes = ()
    """Files, by content."""
    data: Data
    signature: Base64Url


class _Accept(Event):
    type: Literal[EventType.ACCEPT]
    data: AcceptData


class _Collect(Event):
    type: Literal[EventType.COLLECT_RESULT]
    data: Signed


class _Bag(Event):
    type: Literal[EventType.BAG, EventType.UNBAG]
    data: BagData


class _Move(Event):
    type: Literal[EventType.DEPART, EventType.ARRIVE, EventType.OUT]
    data: MoveData


class _HandAgency(Event):
    type: Literal[EventType.HAND_AGENCY]
    data: HandAgencyData


class _Attempt(Event):
    type: Literal[EventType.ATTEMPT]
    data: AttemptData


class _Notice(Event):
    type: Literal[EventType.INVITE_1, EventType.INVITE_2, EventType.HOLD]
    data: NoticeData


class _Deliver(Event):
    type: Literal[EventType.DELIVER]
    data: DeliverData


class _Return(Event):
    type: Literal[EventType.RETURN_START, EventType.RETURN_DONE]
    data: ReturnData


class _Exception(Event):
    type: Literal[EventType.EXCEPTION]
    data: ExceptionData


class _Correct(Event):
    type: Literal[EventType.CORRECT]
    data: CorrectData


AnyEvent: TypeAlias = Annotated[
    _Accept | _Collect | _Bag | _Move | _HandAgency | _Attempt | _Notice | _Deliver | _Return | _Exception | _Correct,
    Field(discriminator="type"),
]
"""For the schema of an endpoint."""

_READER: Final[TypeAdapter[Event]] = TypeAdapter(AnyEvent)

DATA: Final[Mapping[EventType, type[Data]]] = {
    kind: model.model_fields["data"].annotation  # type: ignore[misc]
    for model in Event.__subclasses__()
    for kind in model.model_fields["type"].annotation.__args__  # type: ignore[union-attr]
}
"""What `data` says, by type."""


def read_event(raw: Mapping[str, Any]) -> Event:
    """
    Read an event as it came, a JSON object.

    Raises
    ------
    pydantic.ValidationError
        When it is malformed.
    """
    return _READER.validate_python(raw)
