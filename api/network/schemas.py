"""The network over HTTP."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.network.records import Record
from api.network.rows import Level
from api.network.tables import SHEETS

SheetName = Literal[
    "sites", "areas", "couriers", "lines", "procedures", "tariffs", "calendar", "settlements", "settings"
]
assert SheetName.__args__ == SHEETS  # type: ignore[attr-defined]

_ROW = {"courier_id": "BT-01", "name": "Bưu tá 1", "base_id": "BC-LX", "vehicle": "motorbike"}


PRINTED = r"^[^\x00]*$"
"""Of texts that a database can hold."""


class Strict(BaseModel):
    """A body with nothing unknown in it."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Notice(Strict):
    """What is wrong or odd in a row."""

    file: str
    row: int | None
    """As a spreadsheet counts it: the header is row 1. None = the file as a whole, or a row of the database."""
    column: str | None
    code: str
    message_vi: str
    message_en: str


class Changed(Strict):
    """What became of a change."""

    changed: bool
    """False = everything was there already; nothing was written."""
    version: int = Field(ge=0, examples=[4])
    """The version in use now."""
    began: int
    """Rows that are new."""
    ended: int
    """Rows that are gone."""
    warnings: tuple[Notice, ...] = ()


class NetworkRow(Strict):
    """A row of a sheet."""

    sheet: SheetName
    key: str = Field(examples=["BT-01"])
    """Its key columns, joined by `/`."""
    valid_from: date | None
    valid_to: date | None
    """The last day, included."""
    cells: dict[str, Any] = Field(examples=[_ROW])
    """By column of the network folder; empty ones are left out."""

    @classmethod
    def of(cls, record: Record) -> NetworkRow:
        start = None if record.valid_from == date.min else record.valid_from
        end = None if record.valid_to == date.max else record.valid_to
        return cls.model_validate(
            {
                "sheet": record.sheet,
                "key": record.key,
                "valid_from": start,
                "valid_to": end,
                "cells": dict(record.cells),
            }
        )


class RowsPage(Strict):
    """Rows of a sheet."""

    version: int
    rows: tuple[NetworkRow, ...]
    after: int | None
    """Ask for more with it; None = there are no more."""


class NewRow(Strict):
    """A row to be put: new, or in the place of the one with the same key and first day."""

    cells: dict[str, str] = Field(min_length=1, max_length=40, examples=[_ROW])
    """As typed in the network folder."""
    version: int = Field(ge=1, examples=[3])
    """The version that the change was made from."""
    note: str = Field(default="", max_length=500, pattern=PRINTED, examples=["Bưu tá mới từ tháng 12"])


class NetworkVersion(Strict):
    """One state of the network."""

    version: int
    at: datetime
    by_user: str | None
    note: str
    sha256: str
    began: int
    ended: int


class VersionsPage(Strict):
    """Versions, the newest first."""

    versions: tuple[NetworkVersion, ...]
    before: int | None
    """Ask for older ones with it; None = there are none."""


class Differences(Strict):
    """How one version differs from another."""

    older: int
    newer: int
    gone: tuple[NetworkRow, ...]
    new: tuple[NetworkRow, ...]


class Postage(Strict):
    """Whether a procedure's papers may go by post, and the postage."""

    procedure_code: str = Field(examples=["1.012753"])
    title: str
    allowed: bool
    decision_no: str
    """Of the list that the procedure stands in."""
    message_vi: str
    message_en: str
    digital_enough: bool
    """Scans suffice: the paper leg is optional."""
    postage_dong: int
    """By the most specific row of the tariff; 0 = free."""


class DoorProcedure(Strict):
    """A procedure as a courier looks for it at a door."""

    code: str = Field(examples=["1.012753"])
    title: str
    level: Level | None
    """None = the catalogue does not say."""
    postal: bool
    decision_no: str
    digital_enough: bool
    """Scans suffice: the paper leg is optional."""


class DoorTariff(Strict):
    """A price; None = any. The most specific row wins: by procedure, then commune, then level."""

    level: Level | None
    commune: str | None
    procedure: str | None
    dong: int


class DoorAgency(Strict):
    """Where papers are decided on."""

    site_id: str = Field(examples=["CQ1"])
    name: str


class DoorCommune(Strict):
    """Of the courier's base."""

    code: str = Field(examples=["30307"])
    name: str


class DoorCatalogue(Strict):
    """What a phone keeps in order to take papers in at a door without a signal."""

    day: date
    """In force on it."""
    procedures: tuple[DoorProcedure, ...]
    tariffs: tuple[DoorTariff, ...]
    agencies: tuple[DoorAgency, ...]
    communes: tuple[DoorCommune, ...]
