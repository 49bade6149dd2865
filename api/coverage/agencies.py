"""Who decides on a dossier: the commune's own desk, or an agency of the province."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from api.coverage.latent import Papers
from api.network.model import Level, Network, Procedure, Settlement, Site, SiteKind
from geo.coordinates import haversine

ANY = "*"
"""Every agency that has no target of its own."""


class Agencies:
    """
    The agencies of a network.

    A commune's own are its one-stop desks, else its agency. Provincial ones are the agencies of a commune that has
    several, but for the one nearest to its one-stop desk, which is the commune's own committee.
    """

    def __init__(self, network: Network) -> None:
        self.of_commune: dict[str, tuple[Site, ...]] = {}
        provincial: list[Site] = []
        for commune, desks, offices in _by_commune(network.sites):
            own = _committee(offices, desks)
            if desks or own:
                self.of_commune[commune] = tuple(desks or own)
            provincial += [office for office in offices if office not in own]
        self.provincial = tuple(provincial)

    @property
    def every(self) -> tuple[Site, ...]:
        """All of them, the communes' first."""
        return (*(site for own in self.of_commune.values() for site in own), *self.provincial)

    def own(self, place: Settlement) -> Site | None:
        """The nearest one of its commune; None = it has none."""
        return min(self.of_commune.get(place.commune_code, ()), key=lambda site: _away(site, place), default=None)

    def known(self, place: Settlement) -> tuple[Site, ...]:
        """All that may decide on a dossier from a place: its own first, where there is one."""
        own = self.own(place)
        return (own, *self.provincial) if own else self.provincial or self.every

    def choose(self, papers: Papers, commune_level: float) -> NDArray[np.int64]:
        """Which of `known` decides on each paper of a place."""
        known, has_own = self.known(papers.place), self.own(papers.place) is not None
        others = len(known) - has_own
        drawn = has_own + (papers.agency * others).astype(np.int64) if others else np.zeros(papers.day.size, np.int64)
        return np.where((papers.level < commune_level) & has_own, 0, drawn)


class Procedures:
    """What dossiers are for: any of the procedures of a level that may go by post, all alike."""

    def __init__(self, network: Network) -> None:
        postal = [procedure for procedure in network.procedures if procedure.postal]
        self._of = {
            is_commune: [row for row in postal if (row.level is Level.COMMUNE) == is_commune]
            for is_commune in (True, False)
        }

    def of(self, *, is_commune: bool) -> Sequence[Procedure]:
        """Those of the commune's level, or those of all others."""
        return self._of[is_commune]

    def choose(self, draw: float, *, is_commune: bool) -> Procedure | None:
        """One of them; None = the network lists none."""
        rows = self.of(is_commune=is_commune)
        return rows[int(draw * len(rows))] if rows else None


def _by_commune(sites: Sequence[Site]) -> list[tuple[str, list[Site], list[Site]]]:
    desks: defaultdict[str, list[Site]] = defaultdict(list)
    offices: defaultdict[str, list[Site]] = defaultdict(list)
    for site in sites:
        if site.kind is SiteKind.ONE_STOP:
            desks[site.commune_code].append(site)
        elif site.kind is SiteKind.AGENCY:
            offices[site.commune_code].append(site)
    return [(commune, desks[commune], offices[commune]) for commune in sorted({*desks, *offices})]


def _committee(offices: Sequence[Site], desks: Sequence[Site]) -> list[Site]:
    """The commune's own committee: the office nearest to its desk; the only one where there is no desk."""
    if desks and offices:
        return [min(offices, key=lambda site: _away(site, desks[0]))]
    return list(offices) if len(offices) == 1 else []


def _away(site: Site, other: Site | Settlement) -> tuple[float, str]:
    return float(haversine(site.lon, site.lat, other.lon, other.lat)), site.site_id
