"""
A province's network: sites, areas, couriers, lines, procedures, tariffs, settlements, calendar and settings.

Every row is dated. A network as read holds all of them; `Network.on(day)` is the network in force on a day, in which
every code names at most one thing, every reference leads somewhere and commune codes are those of that day.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import TypeVar

from api.errors import InputError, RowError
from api.network.calendar import Calendar
from api.network.checks import check_day, two_bases
from api.network.communes import with_communes_of
from api.network.lines import Line, gather_lines
from api.network.rows import (
    Area,
    CalendarDay,
    Courier,
    DayKind,
    Level,
    LineStop,
    NetworkRows,
    Procedure,
    RecipientPolicy,
    Settlement,
    Site,
    SiteKind,
    Tariff,
    Vehicle,
)
from api.network.settings import ADDRESS, Settings, VisitTimes
from api.tables.spans import Rest, Span

__all__ = [
    "Area", "CalendarDay", "Courier", "DayKind", "Level", "Line", "LineStop", "Network", "NetworkRows", "Procedure",
    "RecipientPolicy", "Rest", "Settings", "Settlement", "Site", "SiteKind", "Span", "Tariff", "Vehicle",
]  # fmt: skip

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


@dataclass(frozen=True)
class Network:
    """Everything that a province's folder says."""

    rows: NetworkRows
    settings: Settings
    sha256: str
    """Of the normalised content: the same data as CSV, XLSX or JSON has the same."""
    name: str = ""
    roads: Path | None = None
    """An OSM extract or a built road file; None = synthetic roads."""
    valid_on: date | None = None
    """The day whose rows these are; None = all rows ever."""
    warnings: tuple[RowError, ...] = field(default=(), compare=False)

    @property
    def sites(self) -> tuple[Site, ...]:
        return self.rows.sites

    @property
    def areas(self) -> tuple[Area, ...]:
        return self.rows.areas

    @property
    def couriers(self) -> tuple[Courier, ...]:
        return self.rows.couriers

    @property
    def procedures(self) -> tuple[Procedure, ...]:
        return self.rows.procedures

    @property
    def tariffs(self) -> tuple[Tariff, ...]:
        return self.rows.tariffs

    @property
    def settlements(self) -> tuple[Settlement, ...]:
        return self.rows.settlements

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return gather_lines(self.rows.lines)

    @cached_property
    def calendar(self) -> Calendar:
        """Holidays and working days, by the settings' weekend and the `calendar` sheet."""
        return Calendar(self.rows.calendar, self.settings.weekend)

    def on(self, day: date) -> Network:
        """
        Keep the rows in force on a day, with the commune codes of that day.

        Raises
        ------
        InputError
            When a row of that day points at one that is not in force, or a code means no commune of that day.
        """
        if self.valid_on == day:
            return self
        rows, errors = with_communes_of(self.rows.on(day), day)
        errors += check_day(rows) + two_bases(rows)
        if errors:
            raise InputError(errors)
        return replace(self, rows=rows, valid_on=day)

    def site(self, site_id: str) -> Site:
        """
        Look a site up.

        Raises
        ------
        KeyError
            When there is none.
        ValueError
            When the code has several dated rows: choose a day with `on` first.
        """
        return self._sites[site_id]

    def procedure(self, procedure_code: str) -> Procedure:
        """Look a procedure up; raises as `site` does."""
        return self._procedures[procedure_code]

    def base_of_commune(self, commune_code: str) -> str | None:
        """Name the base whose couriers serve a commune; None = nobody."""
        area = self._areas.get(commune_code)
        return area.base_id if area else None

    def base_of_site(self, site_id: str) -> str | None:
        """Name the base whose couriers serve a site: itself when it has couriers, else its commune's."""
        return site_id if site_id in self.bases else self.base_of_commune(self.site(site_id).commune_code)

    @cached_property
    def bases(self) -> dict[str, tuple[Courier, ...]]:
        """The couriers of each base."""
        found: dict[str, list[Courier]] = {}
        for courier in self.couriers:
            found.setdefault(courier.base_id, []).append(courier)
        return {base: tuple(couriers) for base, couriers in sorted(found.items())}

    @cached_property
    def groups(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Plan groups: name and bases; a base in no group of the settings is one of its own."""
        chosen = [(g.name, tuple(b for b in g.bases if b in self.bases)) for g in self.settings.plan_groups]
        grouped = {base for _, bases in chosen for base in bases}
        alone = [(base, (base,)) for base in self.bases if base not in grouped]
        return tuple(sorted((name, bases) for name, bases in (*chosen, *alone) if bases))

    def crew(self, *, with_reserve: bool = False) -> tuple[Courier, ...]:
        """The couriers who drive, reserve ones only when asked for."""
        return tuple(courier for courier in self.couriers if with_reserve or not courier.reserve)

    def planned_with(self, base_id: str) -> tuple[str, ...]:
        """Every base of its plan group, itself included; their couriers serve each other's communes."""
        return self._partners.get(base_id, (base_id,))

    def times_at(self, site_id: str | None) -> VisitTimes:
        """Say how long a visit takes at a site, or (None) at a citizen's address."""
        if site_id is None:
            return self.settings.times[ADDRESS]
        site = self.site(site_id)
        usual = self.settings.times[site.kind.value]
        return VisitTimes(
            usual.setup_minutes if site.setup_minutes is None else site.setup_minutes,
            usual.item_seconds if site.item_seconds is None else site.item_seconds,
        )

    def postage(self, level: Level | None, commune_code: str, procedure_code: str | None) -> int:
        """Price a shipment by the most specific tariff row: procedure, then commune, then level; none = 0 đồng."""
        for procedure, commune, of_level in product((procedure_code, None), (commune_code, None), (level, None)):
            row = self._tariffs.get((procedure, commune, of_level))
            if row is not None:
                return row.postage_dong
        return 0

    @cached_property
    def _partners(self) -> dict[str, tuple[str, ...]]:
        return {base: bases for _, bases in self.groups for base in bases}

    @cached_property
    def _sites(self) -> dict[str, Site]:
        return _unique(self.sites, lambda site: site.site_id)

    @cached_property
    def _procedures(self) -> dict[str, Procedure]:
        return _unique(self.procedures, lambda procedure: procedure.procedure_code)

    @cached_property
    def _areas(self) -> dict[str, Area]:
        return _unique(self.areas, lambda area: area.commune_code)

    @cached_property
    def _tariffs(self) -> dict[tuple[str | None, str | None, Level | None], Tariff]:
        return _unique(self.tariffs, lambda row: (row.procedure_code, row.commune_code, row.level))


def _unique(rows: Iterable[T], key: Callable[[T], K]) -> dict[K, T]:
    found: dict[K, T] = {}
    for row in rows:
        if found.setdefault(key(row), row) is not row:
            raise ValueError(f"{key(row)} has several dated rows: choose a day with Network.on first")
    return found
