"""
One row of each table of the network folder, typed.

The fields are the columns of `api.network.columns`, in the same order. Times are seconds after local midnight, money
is đồng, weights are grams. `source` says where a row was read and plays no part in comparisons.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from api.errors import RowRef
from api.tables.spans import Rest, Span

NOWHERE = RowRef("")
"""The source of a row that was read from no file."""


class SiteKind(StrEnum):
    HUB = "hub"
    POST_OFFICE = "post_office"
    CULTURE_POST = "culture_post"
    BORROWED_DESK = "borrowed_desk"
    ONE_STOP = "one_stop"
    AGENCY = "agency"


class Vehicle(StrEnum):
    """The names of the road profiles."""

    MOTORBIKE = "motorbike"
    VAN = "van"
    WALK = "walk"


class Level(StrEnum):
    """Which level of the State decides; a transfer and other mail has none."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class RecipientPolicy(StrEnum):
    """Who may be handed a result."""

    SELF = "self"
    AUTHORISED = "authorised"
    HOUSEHOLD = "household"


class DayKind(StrEnum):
    HOLIDAY = "holiday"
    WORKING = "working"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A row that is in force from one day to another, both included; None = open."""

    valid_from: date | None = None
    valid_to: date | None = None
    source: RowRef = field(default=NOWHERE, compare=False, repr=False)

    def in_force(self, day: date) -> bool:
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)

    def meets(self, other: Dated) -> bool:
        """Whether some day has both rows in force."""
        first = max(self.valid_from or date.min, other.valid_from or date.min)
        return first <= min(self.valid_to or date.max, other.valid_to or date.max)


@dataclass(frozen=True, slots=True)
class Site(Dated):
    """A place with a door and opening hours."""

    site_id: str
    name: str
    kind: SiteKind
    commune_code: str
    lon: float
    lat: float
    opening_hours: str
    """OSM syntax."""
    setup_minutes: float | None
    """None = the settings' time for its kind: ask `Network.times_at`."""
    item_seconds: int | None


@dataclass(frozen=True, slots=True)
class Area(Dated):
    """A commune and the base whose couriers serve it."""

    commune_code: str
    base_id: str


@dataclass(frozen=True, slots=True)
class Courier(Dated):
    courier_id: str
    name: str
    base_id: str
    vehicle: Vehicle
    pieces: int
    grams: int
    cash_dong: int
    shift: Span
    breaks: tuple[Rest, ...]
    skills: tuple[str, ...]
    fixed_dong: int
    dong_per_km: int
    dong_per_hour: int
    overtime_dong_per_hour: int
    """On top of `dong_per_hour`."""
    max_overtime_minutes: int
    max_trips: int
    reserve: bool
    """Called only when the others are not enough."""
    communes: tuple[str, ...]
    """Those they know; empty = no preference."""


@dataclass(frozen=True, slots=True)
class LineStop(Dated):
    """One stop of one run of a line."""

    line_id: str
    run_id: str
    level: int
    """1 = between provinces, 2 = inside one."""
    stop_no: int
    site_id: str
    arrive: int | None
    """None = it starts here."""
    depart: int | None
    """None = it ends here."""
    cut_off: int | None
    """Latest hand-in at this site for this run; None = its departure."""
    days: tuple[int, ...]
    """Weekdays, 0 = Monday."""
    vehicle: Vehicle


@dataclass(frozen=True, slots=True)
class Procedure(Dated):
    procedure_code: str
    title: str
    level: Level | None
    """None = the catalogue does not say; a shipment is then due and priced as other mail."""
    agency_kind: str
    postal: bool
    decision_no: str
    processing_days: int | None
    """Working days."""
    digital_enough: bool
    """Scans suffice: the paper leg is optional."""
    recipient_policy: RecipientPolicy


@dataclass(frozen=True, slots=True)
class Tariff(Dated):
    """A price; None in `level`, `commune_code` or `procedure_code` = any."""

    level: Level | None
    commune_code: str | None
    procedure_code: str | None
    postage_dong: int


@dataclass(frozen=True, slots=True)
class Settlement(Dated):
    """Where people live: a village, or what an old commune was; planners ask how far it is from the post."""

    settlement_id: str
    name: str
    commune_code: str
    lon: float
    lat: float
    people: int
    people_estimated: bool
    """The number is a share of a larger unit's, or an older one's, not a count."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    date: date
    kind: DayKind
    name: str
    source: RowRef = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class NetworkRows:
    """The rows of all tables; a field is a table of the same name."""

    sites: tuple[Site, ...] = ()
    areas: tuple[Area, ...] = ()
    couriers: tuple[Courier, ...] = ()
    lines: tuple[LineStop, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    tariffs: tuple[Tariff, ...] = ()
    calendar: tuple[CalendarDay, ...] = ()
    settlements: tuple[Settlement, ...] = ()

    def on(self, day: date) -> NetworkRows:
        """Those in force on a day; the calendar stays whole, since terms run on."""
        return NetworkRows(
            tuple(row for row in self.sites if row.in_force(day)),
            tuple(row for row in self.areas if row.in_force(day)),
            tuple(row for row in self.couriers if row.in_force(day)),
            tuple(row for row in self.lines if row.in_force(day)),
            tuple(row for row in self.procedures if row.in_force(day)),
            tuple(row for row in self.tariffs if row.in_force(day)),
            self.calendar,
            tuple(row for row in self.settlements if row.in_force(day)),
        )

    @property
    def dated(self) -> tuple[Dated, ...]:
        """Every row but the calendar's."""
        return (
            *self.sites, *self.areas, *self.couriers, *self.lines, *self.procedures, *self.tariffs, *self.settlements,
        )  # fmt: skip
