"""On which terms the people of each place use the post, under a proposal."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.coverage.assumptions import Assumptions
from api.coverage.curves import post_shares
from api.coverage.document import Access, Means
from api.coverage.proposal import Proposal
from api.coverage.situation import Situation, serving_points, usual_week
from api.network.model import Site
from geo.matrix import UNREACHABLE

AS_GOOD = 0.9
"""Points that draw so much of what the best one draws are chosen as often."""

LEAST_DAYS = 3.0
"""A result waits at a point that is open on so many days a week."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Of one place."""

    share: float
    """Of its dossiers that go by post, but for those filed online."""
    points: tuple[Site, ...]
    """Where they are handed in, as many at each: points that are about as good; none = nowhere."""
    at_home: float
    """Share of those that are fetched at the door."""
    is_free: bool
    """Of postage, at the door."""
    waits_at: Site | None
    """Where a result waits that is not brought to the door; None = all go to the door."""


@dataclass(frozen=True, eq=False)
class Served:
    """Every place under one proposal."""

    terms: tuple[Terms, ...]
    """In the order of the places."""
    points: tuple[Site, ...]
    seconds: dict[Means, NDArray[np.int32]]
    """Shape (places, points), as the roads have it."""
    nearest_seconds: dict[Means, NDArray[np.int64]]
    """Shape (places,): 0 where dossiers are fetched at the door; `UNREACHABLE` = no way."""

    def access(self, number: int) -> dict[Means, Access]:
        """Of one place."""
        return {means: self._access(number, means) for means in Means}

    def _access(self, number: int, means: Means) -> Access:
        if self.terms[number].is_free:
            return Access(seconds=0, point_id=None)
        seconds = int(self.nearest_seconds[means][number])
        if seconds == UNREACHABLE:
            return Access(seconds=None, point_id=None)
        return Access(seconds=seconds, point_id=self.points[int(self.seconds[means][number].argmin())].site_id)


def serve(situation: Situation, proposal: Proposal, assumptions: Assumptions) -> Served:
    """Let everybody choose among the points that draw the largest share, or nearly."""
    points = serving_points(proposal.network)
    where = [(point.lon, point.lat) for point in points]
    seconds = {means: situation.ways.to(means, where) for means in Means}
    days = np.array([usual_week(point, situation.day)[1] for point in points])
    shares = post_shares(assumptions, seconds, days)
    staying = np.where(days >= LEAST_DAYS, shares, -1.0)
    terms = tuple(
        _terms(place.settlement_id, shares[number], staying[number], points, proposal, assumptions)
        for number, place in enumerate(situation.places)
    )
    free = np.array([one.is_free for one in terms], dtype=np.bool_)
    nearest = {means: _nearest(seconds[means], free) for means in Means}
    return Served(terms, points, seconds, nearest)


def _nearest(seconds: NDArray[np.int32], free: NDArray[np.bool_]) -> NDArray[np.int64]:
    least = seconds.min(axis=1, initial=UNREACHABLE).astype(np.int64)
    return np.where(free, 0, least)


def _terms(
    place_id: str,
    shares: NDArray[np.float64],
    staying: NDArray[np.float64],
    points: tuple[Site, ...],
    proposal: Proposal,
    assumptions: Assumptions,
) -> Terms:
    best = float(shares.max(initial=0.0))
    chosen = tuple(points[at] for at in np.flatnonzero((shares > 0) & (shares >= AS_GOOD * best)).tolist())
    waits = int(staying.argmax()) if staying.size and staying.max() > 0 else None
    is_free = place_id in proposal.free_pickup
    share, at_home = best, assumptions.home_pickup if chosen else 1.0
    if is_free:
        share, at_home = max(share, assumptions.free_pickup_response), max(at_home, assumptions.free_pickup_at_home)
    return Terms(share, chosen, at_home, is_free, points[waits] if waits is not None else None)
