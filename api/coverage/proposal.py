"""What a remedy or a scenario makes of a province: its network, and how people may use it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from api.coverage.standing import StandingNetwork
from api.errors import InputError, RowError
from api.network.model import Site
from api.plans.schemas import Words


@dataclass(frozen=True, slots=True)
class MobileDesk:
    """A desk that comes to a place: a site that is open on its weekdays' hours, at which the courier stays."""

    site_id: str
    place_id: str
    weekdays: tuple[int, ...]
    """0 = Monday."""


@dataclass(frozen=True, eq=False)
class Proposal:
    """One state of the province."""

    network: StandingNetwork
    treated: frozenset[str] = frozenset()
    """Places for which something is done; for each of them one thing."""
    free_pickup: frozenset[str] = frozenset()
    """Those of them where dossiers are fetched at the door for nothing."""
    mobile: tuple[MobileDesk, ...] = ()
    merged: tuple[tuple[str, ...], ...] = ()
    """Communes that have become one."""
    online_share: float = 0.0
    fixed_dong: int = 0
    """A year, above what there is: points, desks, visits."""
    changes: tuple[Words, ...] = ()
    """One sentence each."""

    def with_sites(self, added: Iterable[Site] = (), removed: Iterable[str] = ()) -> Proposal:
        """Open and close sites."""
        gone = frozenset(removed)
        sites = (*(site for site in self.network.sites if site.site_id not in gone), *added)
        return self.with_rows(sites=sites)

    def with_rows(self, **tables: object) -> Proposal:
        """Put other rows into tables of the network."""
        rows = replace(self.network.rows, **tables)  # type: ignore[arg-type]  # names of tables, rows of their kind
        return replace(self, network=replace(self.network, rows=rows))

    def treating(self, place_id: str) -> Proposal:
        """
        Take a place on.

        Raises
        ------
        InputError
            When something is done for it already.
        """
        if place_id in self.treated:
            vi = f"hai biện pháp cho cùng một nơi {place_id}: chỉ chọn một"
            en = f"two remedies for one place {place_id}: choose one"
            raise InputError([RowError("remedies", None, place_id, "overlapping", vi, en)])
        return replace(self, treated=self.treated | {place_id})

    def commune_of(self, code: str) -> str:
        """Under which code a commune goes on: the first of those that it has been merged with."""
        return next((communes[0] for communes in self.merged if code in communes), code)

    def told(self, vi: str, en: str) -> Proposal:
        """Say what has changed."""
        return replace(self, changes=(*self.changes, Words(vi=vi, en=en)))
