"""Facts that change a running day, as a dispatcher tells them."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9._/-]{1,80}$")]
Codes = Annotated[tuple[Code, ...], Field(min_length=1, max_length=2_000)]


class _Fact(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Span(_Fact):
    """Times at which somebody is there, local."""

    start: time
    end: time

    @model_validator(mode="after")
    def _ends_later(self) -> Span:
        if self.start.tzinfo or self.end.tzinfo or self.start >= self.end:
            raise ValueError("local times, and the end after the start")
        return self


class NewShipment(_Fact):
    """A shipment that was accepted today shall still be fetched, or brought."""

    kind: Literal["new_shipment"]
    code: Code
    must_go: bool = True
    """False = only if it costs less than waiting."""


class ShipmentCancelled(_Fact):
    """A shipment is not to be moved any more today."""

    kind: Literal["cancelled"]
    code: Code


class CourierOut(_Fact):
    """A courier drives no more today."""

    kind: Literal["courier_out"]
    courier_id: Code
    lon: Annotated[float, Field(ge=102, le=110)] | None = None
    """Where others may take over what is aboard, degrees; none = it stays aboard."""
    lat: Annotated[float, Field(ge=8, le=24)] | None = None

    @model_validator(mode="after")
    def _is_a_place(self) -> CourierOut:
        if (self.lon is None) != (self.lat is None):
            raise ValueError("both of lon and lat, or none")
        return self


class CourierLate(_Fact):
    """A courier is held up."""

    kind: Literal["courier_late"]
    courier_id: Code
    minutes: int = Field(ge=1, le=720)
    """From the moment of the proposal."""


class LineDelayed(_Fact):
    """A line brings shipments later than planned."""

    kind: Literal["line_late"]
    codes: Codes
    until: AwareDatetime
    """When they can be loaded."""


class WindowChanged(_Fact):
    """A citizen is there at other times."""

    kind: Literal["window_changed"]
    code: Code
    windows: Annotated[tuple[Span, ...], Field(min_length=1, max_length=8)]


Fact = Annotated[
    NewShipment | ShipmentCancelled | CourierOut | CourierLate | LineDelayed | WindowChanged,
    Field(discriminator="kind"),
]


def seconds_of(moment: datetime, midnight: datetime) -> int:
    """After the day's local midnight."""
    return int((moment - midnight).total_seconds())
