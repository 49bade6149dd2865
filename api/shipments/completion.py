"""What a shipment's row leaves open, filled from the network in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property

from api.errors import RowError
from api.network.codes import Codes
from api.network.communes import commune_on
from api.network.model import Network
from api.network.rows import Level
from api.shipments.columns import ShipmentRow
from api.shipments.model import End, Shipment, ShipmentKind

SITE_COLUMNS = ("origin_site", "dest_site", "at_site")


class Places:
    """
    What the codes of a shipments file mean on a day.

    Parameters
    ----------
    network
        In force on the day.
    all_days
        The same network with the rows of all days: a code that is known there is not unknown, only not in force.
    """

    def __init__(self, network: Network, all_days: Network) -> None:
        assert network.valid_on is not None
        self.network = network
        self.day = network.valid_on
        self.sites = {site.site_id: site for site in network.sites}
        self.procedures = {procedure.procedure_code: procedure for procedure in network.procedures}
        self.known: Mapping[str, Codes] = {
            "site": Codes(site.site_id for site in all_days.sites),
            "procedure": Codes(procedure.procedure_code for procedure in all_days.procedures),
        }
        self._due: dict[tuple[date, int], date] = {}

    def with_zeros(self, row: ShipmentRow) -> tuple[ShipmentRow, list[RowError]]:
        """Give codes the zeros back that a spreadsheet took, with a warning each."""
        changed: dict[str, str] = {}
        warnings = []
        for column in (*SITE_COLUMNS, "procedure_code"):
            code = getattr(row, column)
            known = self.known["procedure" if column == "procedure_code" else "site"]
            if code is None or code in known:
                continue
            meant, _, warning = known.resolve(code, row.source, column, "unknown_site")
            if warning:
                changed[column] = meant
                warnings.append(warning)
        return (replace(row, **changed) if changed else row), warnings  # type: ignore[arg-type]

    def end(self, row: ShipmentRow, name: str) -> End:
        """One end of a checked row: `origin` or `dest`."""
        address: str = getattr(row, f"{name}_address")
        site_id: str | None = getattr(row, f"{name}_site")
        if site_id is not None:
            site = self.sites[site_id]
            return End(site_id, site.lon, site.lat, address, site.commune_code)
        lon, lat = getattr(row, f"{name}_lon"), getattr(row, f"{name}_lat")
        commune, _ = commune_on(getattr(row, f"{name}_commune"), self.day, row.source, f"{name}_commune", (lon, lat))
        return End(None, lon, lat, address, commune)

    def level(self, row: ShipmentRow) -> Level | None:
        return self.procedures[row.procedure_code].level if row.procedure_code else None

    def due_on(self, ready: date, level: Level | None) -> date:
        """The day by which the post promises to hand over."""
        key = ready, self.network.settings.promised_days.of(level)
        if key not in self._due:
            self._due[key] = self.network.calendar.add_working_days(*key)
        return self._due[key]

    @cached_property
    def served(self) -> frozenset[str]:
        """Communes that have a base."""
        return frozenset(area.commune_code for area in self.network.areas)


def complete(row: ShipmentRow, places: Places) -> Shipment:
    """Fill a row that `check_row` found nothing wrong with."""
    origin, dest, level = places.end(row, "origin"), places.end(row, "dest"), places.level(row)
    citizen = origin if row.kind is ShipmentKind.INTAKE else dest
    postage = row.postage_dong
    if postage is None:
        postage = places.network.postage(level, citizen.commune_code, row.procedure_code)
    return Shipment(
        code=row.code,
        kind=row.kind,
        procedure_code=row.procedure_code,
        origin_site=origin.site_id,
        origin_lon=origin.lon,
        origin_lat=origin.lat,
        origin_address=origin.address,
        origin_commune=origin.commune_code,
        dest_site=dest.site_id,
        dest_lon=dest.lon,
        dest_lat=dest.lat,
        dest_address=dest.address,
        dest_commune=dest.commune_code,
        at_site=row.at_site or origin.site_id,
        ready_at=row.ready_at,
        appointment_on=row.appointment_on,
        due_on=row.due_on or places.due_on(row.ready_at.date(), level),
        pieces=row.pieces,
        grams=row.grams,
        fee_dong=row.fee_dong,
        postage_dong=postage,
        windows=row.windows,
        id_check=row.id_check,
        contact_name=row.contact_name,
        contact_phone=row.contact_phone,
        priority=row.priority,
        note=row.note,
        source=row.source,
    )
