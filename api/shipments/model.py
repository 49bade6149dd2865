"""A shipment as the post knows it: the columns of the shipments file, typed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from api.errors import RowError, RowRef
from api.network.rows import NOWHERE
from api.tables.spans import Span


class ShipmentKind(StrEnum):
    INTAKE = "intake"
    """Hồ sơ: citizen to agency."""
    RESULT = "result"
    """Kết quả: agency to citizen."""
    TRANSFER = "transfer"
    """Luân chuyển nội bộ: desk to desk."""


@dataclass(frozen=True, slots=True)
class End:
    """Where a shipment comes from or goes to: a site, or an address with its point."""

    site_id: str | None
    lon: float
    lat: float
    address: str
    commune_code: str


@dataclass(frozen=True, slots=True)
class Shipment:
    """One sealed envelope. The fields are the columns of `api.shipments.columns`, in the same order."""

    code: str
    kind: ShipmentKind
    procedure_code: str | None
    origin_site: str | None
    origin_lon: float
    """Of the site, when there is one."""
    origin_lat: float
    origin_address: str
    origin_commune: str
    """In force on the day of reading; of the site, when there is one."""
    dest_site: str | None
    dest_lon: float
    dest_lat: float
    dest_address: str
    dest_commune: str
    at_site: str | None
    """Where it lies now; None = at its origin's address."""
    ready_at: datetime
    """Aware."""
    appointment_on: date | None
    """The agency's legal date for the result."""
    due_on: date
    """The post's own promise: the day by whose closing time it is handed over."""
    pieces: int
    grams: int
    fee_dong: int
    """For the State."""
    postage_dong: int
    windows: tuple[Span, ...]
    """When the citizen is there; empty = always."""
    id_check: bool
    contact_name: str
    contact_phone: str
    priority: int
    note: str
    source: RowRef = field(default=NOWHERE, compare=False, repr=False)

    @property
    def origin(self) -> End:
        return End(self.origin_site, self.origin_lon, self.origin_lat, self.origin_address, self.origin_commune)

    @property
    def dest(self) -> End:
        return End(self.dest_site, self.dest_lon, self.dest_lat, self.dest_address, self.dest_commune)

    @property
    def citizen(self) -> End | None:
        """The end that contact and windows belong to; a transfer has none."""
        if self.kind is ShipmentKind.TRANSFER:
            return None
        return self.origin if self.kind is ShipmentKind.INTAKE else self.dest

    @property
    def at_origin(self) -> bool:
        """It has not moved yet."""
        return self.at_site == self.origin_site

    def turned_round(self) -> Shipment:
        """It goes back to where it came from: no citizen is met there, nothing is paid, no identity checked."""
        return replace(
            self,
            kind=ShipmentKind.TRANSFER,
            origin_site=self.dest_site,
            origin_lon=self.dest_lon,
            origin_lat=self.dest_lat,
            origin_address=self.dest_address,
            origin_commune=self.dest_commune,
            dest_site=self.origin_site,
            dest_lon=self.origin_lon,
            dest_lat=self.origin_lat,
            dest_address=self.origin_address,
            dest_commune=self.origin_commune,
            fee_dong=0,
            postage_dong=0,
            windows=(),
            id_check=False,
        )


@dataclass(frozen=True, slots=True)
class ShipmentList:
    """The shipments of one file, by code."""

    shipments: tuple[Shipment, ...]
    sha256: str
    """Of the normalised rows: the same data as CSV, XLSX or JSON, in any order, has the same."""
    warnings: tuple[RowError, ...] = field(default=(), compare=False)
