"""
The part of a province that a remedy touches: the rounds of one base, and the papers that begin or end in its area.

What the couriers of a base carry begins or ends where they work, so that its rounds are planned as in the whole
province, in a fraction of the time. What other bases do for these papers is replayed too, and not counted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from api.coverage.standing import StandingNetwork
from api.network.model import Network
from api.shipments.model import Shipment


@dataclass(frozen=True, slots=True)
class ProvincePart:
    """Some bases that are planned together, or (None) the whole province."""

    bases: frozenset[str] | None

    def shipments(self, rows: tuple[Shipment, ...], network: Network) -> tuple[Shipment, ...]:
        """Those that begin or end where these bases work."""
        if self.bases is None:
            return rows
        served = {area.commune_code for area in network.areas if area.base_id in self.bases}
        sites = {site.site_id for site in network.sites if network.base_of_site(site.site_id) in self.bases}
        return tuple(row for row in rows if _touches(row, served, sites))

    def network(self, network: StandingNetwork, shipments: Iterable[Shipment]) -> StandingNetwork:
        """Without the sites and areas that none of these shipments comes near: no way changes for that."""
        if self.bases is None:
            return network
        ends = [end for row in shipments for end in (row.origin, row.dest)]
        communes, named = {end.commune_code for end in ends}, {end.site_id for end in ends}
        on_lines = {stop.site_id for line in network.lines for stop in line.stops}
        kept = named | on_lines | set(network.bases)
        rows = network.rows
        sites = tuple(site for site in rows.sites if site.site_id in kept)
        communes |= {site.commune_code for site in sites}
        areas = tuple(area for area in rows.areas if area.commune_code in communes)
        return replace(network, rows=replace(rows, sites=sites, areas=areas))


WHOLE = ProvincePart(None)


def part_around(network: Network, base_id: str) -> ProvincePart:
    """The base's plan group."""
    return ProvincePart(frozenset(network.planned_with(base_id)))


def _touches(row: Shipment, communes: set[str], sites: set[str]) -> bool:
    return any(
        end.commune_code in communes if end.site_id is None else end.site_id in sites for end in (row.origin, row.dest)
    )
