"""The event that a device signs, as a strict model: what is not of this form is malformed; `event_data` has `data`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import AfterValidator, Field, TypeAdapter

from api.custody.event_data import (
    AcceptData,
    AttemptData,
    BagData,
    CorrectData,
    Data,
    DeliverData,
    ExceptionData,
    HandAgencyData,
    MoveData,
    NoticeData,
    ReturnData,
    Signed,
)
from api.custody.event_fields import LARGEST_INTEGER, MAX_SHIPMENTS, Base64Url, Code, Hashes, Moment, Strict, Uuid7
from api.custody.vocabulary import EventType


class Place(Strict):
    """Where the device was."""

    lon: Annotated[float, Field(ge=-180, le=180)]
    """Degrees."""
    lat: Annotated[float, Field(ge=-90, le=90)]
    accuracy: Annotated[float, Field(ge=0)]
    """Metres."""
    age: Annotated[float, Field(ge=0)]
    """Seconds between the fix and the event."""


class Event(Strict):
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


def _distinct(codes: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(codes)) < len(codes):
        raise ValueError("a shipment stands in an event once")
    return codes


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
