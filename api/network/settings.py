"""
What a province may set without touching code: `settings.toml`, read once and passed down.

A field here is a key there, with the same name and this default; `api/network/settings_template.toml` explains each
to users, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from api.network.rows import Level, SiteKind, Vehicle

ADDRESS = "address"
"""The kind of place that is no site: a citizen's door."""


@dataclass(frozen=True, slots=True)
class Wave:
    """A half-day, used by lines and cut-offs."""

    name: str
    start: int
    """Seconds after local midnight."""
    end: int


@dataclass(frozen=True, slots=True)
class GroupOfBases:
    """Bases that are planned together."""

    name: str
    bases: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VisitTimes:
    """How long a visit takes."""

    setup_minutes: float
    """Once a visit."""
    item_seconds: int
    """For each shipment."""


@dataclass(frozen=True, slots=True)
class PromisedDays:
    """Working days until the post hands over, by the procedure's level."""

    province: int = 3
    district: int = 2
    commune: int = 2
    other: int = 2
    """A shipment without a procedure."""

    def of(self, level: Level | None) -> int:
        days: int = getattr(self, level.value if level else "other")
        return days


@dataclass(frozen=True, slots=True)
class Storage:
    """How long a shipment that nobody fetches is held, in days from the first invitation."""

    town_days: int = 15
    rural_days: int = 30


@dataclass(frozen=True, slots=True)
class Attempts:
    """When failed deliveries become invitations."""

    invitations: int = 2
    """Without a show: then it is held."""
    gap_days: int = 2
    """Working days between two invitations, at least."""


@dataclass(frozen=True, slots=True)
class Penalties:
    """Prices of what is wished for but not forced, đồng."""

    may_go_dong: int = 4_000
    """Leaving behind a shipment that can wait."""
    urgency_dong: int = 12_000
    """Added to it, divided by the working days left."""
    unfamiliar_dong: int = 2_000
    """A visit in a commune that the courier does not know."""
    change_dong: int = 1_000
    """A shipment that goes by another courier than published."""
    balance_dong_per_hour: int = 0
    """The longest working time of the day."""


@dataclass(frozen=True, slots=True)
class Reality:
    """How far simulated days stray from their plans: estimates, to be replaced by a province's own figures."""

    travel_noise: float = 0.15
    """Of each drive: standard deviation over its mean."""
    day_noise: float = 0.1
    """Of all drives of a courier's day alike: traffic, weather."""
    service_noise: float = 0.25
    """Of each set-up and hand-over."""
    line_delay_minutes: float = 8.0
    """Mean delay of a line at each site (exponential)."""
    courier_absent: float = 0.02
    """Share of days on which a courier does not come."""
    nobody_home: float = 0.08
    """Share of visits at an address where nobody is."""
    refused: float = 0.003
    """Share of results that the recipient refuses."""
    fetched_a_day: float = 0.15
    """Share of the shipments held at a counter that are fetched there on a working day."""


CALM = Reality(0, 0, 0, 0, 0, 0, 0, 0)
"""Every day goes as planned."""


def _default_times() -> Mapping[str, VisitTimes]:
    return {
        SiteKind.HUB.value: VisitTimes(10, 10),
        SiteKind.POST_OFFICE.value: VisitTimes(5, 15),
        SiteKind.CULTURE_POST.value: VisitTimes(4, 20),
        SiteKind.BORROWED_DESK.value: VisitTimes(4, 20),
        SiteKind.ONE_STOP.value: VisitTimes(6, 30),
        SiteKind.AGENCY.value: VisitTimes(8, 30),
        ADDRESS: VisitTimes(3, 60),
    }


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that `settings.toml` may say."""

    name: str = ""
    """The province, for titles; empty = the name of the folder."""
    sample: bool = False
    """True = posts, couriers and lines are made up: whoever decides by them is told."""
    timezone: str = "Asia/Ho_Chi_Minh"
    weekend: tuple[int, ...] = (5, 6)
    """Weekdays without work, 0 = Monday."""
    reload_minutes: int = 15
    """At the base between two trips."""
    batching: bool = True
    """What is not due yet may wait for a day on which its commune is visited anyway."""
    spare_days: int = 0
    """Working days kept in hand before the last one on which a shipment can go in time."""
    waves: tuple[Wave, ...] = (Wave("sáng", 27_000, 41_400), Wave("chiều", 48_600, 63_000))
    plan_groups: tuple[GroupOfBases, ...] = ()
    """Bases in no group are planned alone."""
    times: Mapping[str, VisitTimes] = field(default_factory=_default_times)
    """By kind of site, and `ADDRESS`."""
    speeds: Mapping[Vehicle, Mapping[str, float]] = field(default_factory=dict)
    """Kilometres an hour by vehicle and road class, where they differ from the road model's own."""
    promised_days: PromisedDays = PromisedDays()
    storage: Storage = Storage()
    attempts: Attempts = Attempts()
    evidence: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """Lines of the table of evidence that differ from the usual ones: `outcomes` and `reasons`, by name."""
    penalties: Penalties = Penalties()
    simulation: Reality = Reality()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


def plain(settings: Settings) -> dict[str, Any]:
    """Settings as JSON values, for their hash; what older hashes do not know only where it is set."""
    found: dict[str, Any] = _plain(settings)
    return {name: value for name, value in found.items() if value or name not in _LATER}


_LATER = frozenset({"evidence", "sample"})
"""Settings that came later."""


def _plain(value: object) -> Any:
    if hasattr(value, "__dataclass_fields__"):
        return {name: _plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, Mapping):
        return {str(key): _plain(value[key]) for key in sorted(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return value
