"""Shipments over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
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

    @classmethod
    def of_row(cls, row: Row[Any], *, reveal: bool) -> One:
        values = _columns(row, cls)
        if not reveal:
            values = _masked(values, row) | dict.fromkeys(("origin_address", "dest_address", "note"))
        return cls.model_validate({**values, "revealed": reveal})


class HistoryEvent(Strict):
    """Something that happened to a shipment."""

    seq: int
    """Its place in the ledger."""
    recorded_at: datetime
    record: dict[str, Any] = Field(examples=[{"type": "ARRIVE", "at": "2026-11-20T08:30:00+07:00"}])
    """As it stands in the ledger: no personal data, only their salted hashes."""
    personal: dict[str, Any] | None = None
    """Only when asked for, and not erased by retention."""


class History(Strict):
    """What happened to a shipment, in the order of the ledger."""

    events: tuple[HistoryEvent, ...]
    after: int | None
    """Ask for more with it; None = there are no more."""


class Change(Strict):
    """What may be changed of a shipment; what is left out stays."""

    version: int = Field(ge=1, le=2**31 - 1, examples=[1])
    """The version that was seen."""
    note: str | None = Field(default=None, max_length=1_000, pattern=PRINTED, examples=["Nhà sau chợ"])
    windows: str | None = Field(default=None, max_length=200, examples=["08:00-10:00;14:00-16:00"])
    priority: int | None = Field(default=None, ge=0, le=9)


def _columns(row: Row[Any], model: type[BaseModel]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in model.model_fields if hasattr(row, name)}
    days = {name: date.fromisoformat(values[name]) for name in ("due_on", "appointment_on") if values[name]}
    return {**values, **days, "kind": ShipmentKind(row.kind)}


def _masked(values: dict[str, Any], row: Row[Any]) -> dict[str, Any]:
    if row.name is None:
        return values
    return {**values, "name": masked_name(row.name), "phone": masked_phone(row.phone)}
