"""Shipments over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from sqlalchemy import Row

from api.masking import masked_name, masked_phone
from api.network.schemas import PRINTED, Notice
from api.shipments.model import ShipmentKind

Holding = Literal["nobody", "site", "courier", "line", "done"]


class Strict(BaseModel):
    """A body with nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Refused(Strict):
    """A row that was left out, as its file holds it."""

    row: int
    cells: dict[str, str]


class Good(Strict):
    """A row that was taken, or known already."""

    code: str
    kind: ShipmentKind
    origin: str
    """What the site, or else the commune, is called."""
    destination: str
    due_on: date
    outcome: Literal["new", "changed", "same"]


class ImportReport(Strict):
    """What became of a file."""

    new: int
    changed: int
    same: int
    """Known already, with the same content."""
    refused: int
    """Rows that were left out; `errors` say why."""
    errors: tuple[Notice, ...]
    bad_rows: tuple[Refused, ...]
    good_rows: tuple[Good, ...]
    """In the order of the file."""
    warnings: tuple[Notice, ...]


class Found(Strict):
    """A shipment in a list; name and telephone are masked."""

    code: str = Field(examples=["RR123456785VN"])
    kind: ShipmentKind
    procedure_code: str | None
    origin_site: str | None
    origin_commune: str
    dest_site: str | None
    dest_commune: str
    at_site: str | None
    ready_at: datetime
    due_on: date
    appointment_on: date | None
    holding: Holding
    """Who has it: nobody yet, a site, a courier, a line, or it is done."""
    holder: str | None
    name: str | None = Field(examples=["N*** V*** A"])
    """None = erased by retention."""
    phone: str | None = Field(examples=["09******12"])

    @classmethod
    def of(cls, row: Row[Any]) -> Found:
        return cls.model_validate(_masked(_columns(row, cls), row))


class FoundPage(Strict):
    """Shipments that were found."""

    shipments: tuple[Found, ...]
    after: str | None
    """Ask for more with it, even when this page is short; None = there are no more."""


class One(Found):
    """A shipment with everything known of it."""

    pieces: int
    grams: int
    fee_dong: int
    """For the State."""
    postage_dong: int
    id_check: bool
    priority: int
    version: int
    revealed: bool
    """Personal data stand in full, and that they were shown is noted."""
    origin_address: str | None
    dest_address: str | None
    windows: str | None
    note: str | None
    wish_day: date | None
    """On which the citizen wants to be visited; None = any."""
    wish_window: str | None = Field(examples=["14:00-16:00"])
    """On that day."""
    wish_note: str | None
    """The citizen's words for the courier; None = masked or erased, or no wish was left."""

    @classmethod
    def of_row(cls, row: Row[Any], *, reveal: bool) -> One:
        values = _columns(row, cls)
        if not reveal:
            values = _masked(values, row) | dict.fromkeys(("origin_address", "dest_address", "note", "wish_note"))
        return cls.model_validate({**values, "revealed": reveal})


_Key = Annotated[str, Field(max_length=64, pattern=r"^[A-Za-z0-9._-]+$")]
_Printed = Annotated[str, Field(max_length=500, pattern=PRINTED)]


class NewShipment(Strict):
    """A shipment that a desk takes in; what is left out is filled from the network, as in an import."""

    code: _Key = Field(examples=["RR123456785VN"])
    """S10, or the customer's own."""
    kind: ShipmentKind = Field(examples=["result"])
    procedure_code: _Key | None = None
    origin_site: _Key | None = Field(default=None, examples=["BC-LX"])
    origin_lon: float | None = Field(default=None, ge=-180, le=180)
    origin_lat: float | None = Field(default=None, ge=-90, le=90)
    origin_address: _Printed = ""
    origin_commune: _Key | None = None
    dest_site: _Key | None = None
    dest_lon: float | None = Field(default=None, ge=-180, le=180, examples=[105.431])
    dest_lat: float | None = Field(default=None, ge=-90, le=90, examples=[10.384])
    dest_address: _Printed = Field(default="", examples=["12 Trần Hưng Đạo"])
    dest_commune: _Key | None = Field(default=None, examples=["30307"])
    ready_at: AwareDatetime = Field(examples=["2026-11-20T08:30:00+07:00"])
    appointment_on: date | None = None
    due_on: date | None = None
    """None = ready day + promised working days."""
    pieces: int = Field(default=1, ge=1, le=10_000)
    grams: int = Field(default=100, ge=0, le=1_000_000)
    fee_dong: int = Field(default=0, ge=0, le=2**31 - 1)
    """For the State."""
    postage_dong: int | None = Field(default=None, ge=0, le=2**31 - 1)
    """None = by the tariff."""
    contact_name: _Printed = Field(default="", examples=["Nguyễn Văn A"])
    contact_phone: _Printed = Field(default="", examples=["0900000000"])
    note: _Printed = ""

    @property
    def cells(self) -> dict[str, str]:
        """As a row of the shipments file."""
        return {name: str(value) for name, value in self.model_dump(mode="json", exclude_none=True).items()}


class Change(Strict):
    """What may be changed of a shipment; what is left out stays."""

    version: int = Field(ge=1, le=2**31 - 1, examples=[1])
    """The version that was seen."""
    note: str | None = Field(default=None, max_length=1_000, pattern=PRINTED, examples=["Nhà sau chợ"])
    windows: str | None = Field(
        default=None,
        max_length=200,
        examples=["08:00-10:00;14:00-16:00"],
        description="Agreed with the citizen; they end the day and hours that were wished before. Empty = any hours.",
    )
    priority: int | None = Field(default=None, ge=0, le=9)


_DAYS = ("due_on", "appointment_on", "wish_day")


def _columns(row: Row[Any], model: type[BaseModel]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in model.model_fields if hasattr(row, name)}
    days = {name: date.fromisoformat(values[name]) for name in _DAYS if values.get(name)}
    return {**values, **days, "kind": ShipmentKind(row.kind)}


def _masked(values: dict[str, Any], row: Row[Any]) -> dict[str, Any]:
    if row.name is None:
        return values
    return {**values, "name": masked_name(row.name), "phone": masked_phone(row.phone)}
