"""On which terms the people of each place use the post, under a proposal."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from api.coverage.assumptions import Assumptions
from api.coverage.curves import means_shares, point_draws
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
    """Where they are handed in; none = nowhere."""
    upto: tuple[float, ...]
    """Which part of them is handed in at each of the points or one before it, ascending to 1."""
    at_home: float
    """Share of those that are fetched at the door."""
    is_free: bool
    """Of postage, at the door."""
    waits_at: Site | None
    """Where a result waits that is not brought to the door; None = all go to the door."""

    def point(self, draw: float) -> Site:
        """Where a dossier is handed in, by a draw from 0 up to 1."""
        return self.points[min(bisect_right(self.upto, draw), len(self.points) - 1)]


@dataclass(frozen=True, eq=False)
class Served:
    """Every place under one proposal."""

    terms: tuple[Terms, ...]
    """In the order of the places."""
    points: tuple[Site, ...]
    seconds: dict[Means, NDArray[np.int32]]
    """Shape (places, points), as the roads have it; `UNREACHABLE` too to points that are not open often enough."""
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
    draws = {means: point_draws(assumptions, seconds[means], days) for means in Means}
    staying = days >= LEAST_DAYS
    terms = tuple(
        _terms(place.settlement_id, {means: draws[means][number] for means in Means}, staying, points, proposal,
               assumptions)
        for number, place in enumerate(situation.places)
    )  # fmt: skip
    free = np.array([one.is_free for one in terms], dtype=np.bool_)
    counts = days >= assumptions.least_days
    counted = {means: np.where(counts[None, :], seconds[means], UNREACHABLE).astype(np.int32) for means in Means}
    nearest = {means: _nearest(counted[means], free) for means in Means}
    return Served(terms, points, counted, nearest)


def _nearest(seconds: NDArray[np.int32], free: NDArray[np.bool_]) -> NDArray[np.int64]:
    least = seconds.min(axis=1, initial=UNREACHABLE).astype(np.int64)
    return np.where(free, 0, least)


def _terms(
    place_id: str,
    draws: dict[Means, NDArray[np.float64]],
    staying: NDArray[np.bool_],
    points: tuple[Site, ...],
    proposal: Proposal,
    assumptions: Assumptions,
) -> Terms:
    """Those who walk choose for themselves, and so do those who ride."""
    by_means = means_shares(assumptions)
    taken = np.zeros(len(points))
    for means, share in by_means.items():
        taken += share * _chosen(draws[means])
    mixed = sum((share * draws[means] for means, share in by_means.items()), start=np.zeros(len(points)))
    waits = np.where(staying, mixed, 0.0)
    used = np.flatnonzero(taken)
    share, at_home = float(taken.sum()), assumptions.home_pickup if used.size else 1.0
    is_free = place_id in proposal.free_pickup
    if is_free:
        share, at_home = max(share, assumptions.free_pickup_response), max(at_home, assumptions.free_pickup_at_home)
    return Terms(
        share,
        points=tuple(points[at] for at in used.tolist()),
        upto=tuple((np.cumsum(taken[used]) / taken.sum()).tolist()) if used.size else (),
        at_home=at_home,
        is_free=is_free,
        waits_at=points[int(waits.argmax())] if waits.size and waits.max() > 0 else None,
    )


def _chosen(draws: NDArray[np.float64]) -> NDArray[np.float64]:
    """The share that the best point draws, spread evenly over those about as good, shape (points,)."""
    best = float(draws.max(initial=0.0))
    as_good = (draws > 0) & (draws >= AS_GOOD * best)
    return np.where(as_good, best / max(int(as_good.sum()), 1), 0.0)
