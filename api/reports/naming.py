"""What people call the sites and communes that a report counts by code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import Connection

from api.network.records import Record
from api.network.rows import SiteKind
from api.network.store import latest_version, list_records
from api.reports.store import By
from geo.units import load_communes

AGENCIES: Final = (SiteKind.AGENCY, SiteKind.ONE_STOP)
"""Whose dossiers and results go by post."""
_ALL: Final = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Names:
    """Of a province's sites and couriers as its network calls them now, and of communes as they are called on a day."""

    sites: dict[str, str]
    couriers: dict[str, str]
    agencies: frozenset[str]
    """Sites in force on the day whose dossiers and results go by post."""
    communes: frozenset[str]
    """In which the network has sites or areas."""
    day: date

    def of(self, by: By, code: str | None) -> str | None:
        """What a group is called; None = it has no name of its own."""
        if code is None or by not in (By.AGENCY, By.COMMUNE):
            return None
        return self.sites.get(code) if by is By.AGENCY else self.commune(code)

    def taker(self, kind: str, code: str) -> str | None:
        """Of whoever takes money: a courier, a site or (nameless) a device."""
        return {"courier": self.couriers, "site": self.sites}.get(kind, {}).get(code)

    def commune(self, code: str | None) -> str | None:
        unit = None if code is None else load_communes(self.day).by_code.get(code)
        return None if unit is None else unit.name


def names_of(connection: Connection, province_id: str, day: date) -> Names:
    """Read the names; a province without a network has only those of communes."""
    version = latest_version(connection, province_id)

    def rows(sheet: str) -> list[Record]:
        found = list_records(connection, province_id, sheet, version=version, on=None, after=0, limit=_ALL)
        return [record for _, record in found]

    sites = rows("sites")
    in_force = [record for record in sites if record.in_force(day)]
    areas = [record for record in rows("areas") if record.in_force(day)]
    return Names(
        sites=_named(sites, "site_id"),
        couriers=_named(rows("couriers"), "courier_id"),
        agencies=frozenset(one.cells["site_id"] for one in in_force if one.cells["kind"] in AGENCIES),
        communes=frozenset(one.cells["commune_code"] for one in (*in_force, *areas)),
        day=day,
    )


def _named(records: list[Record], key: str) -> dict[str, str]:
    return {record.cells[key]: record.cells["name"] for record in records}
