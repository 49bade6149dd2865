"""
What people pay for the papers of a year, each at the mean of the procedures that it may be for.

The whole year is counted, as dossiers are: in the sampled weeks alone hardly a paper of a small place may have been
drawn.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from api.coverage.agencies import Agencies, Procedures
from api.coverage.assumptions import Assumptions
from api.coverage.latent import Floats, LatentDemand, Papers
from api.coverage.proposal import Proposal
from api.coverage.terms import Served, Terms
from api.network.model import Network


class YearlyPostage:
    """Of one demand, under any proposal."""

    def __init__(self, network: Network, demand: LatentDemand, assumptions: Assumptions) -> None:
        self._network, self._procedures = network, Procedures(network)
        agencies = Agencies(network)

        def fees(papers: Papers) -> _Fees:
            has_own = agencies.own(papers.place) is not None
            at_own = (agencies.choose(papers, assumptions.commune_level) == 0) & has_own
            commune = papers.place.commune_code
            by_paper = np.where(at_own, self._mean(commune, is_commune=True), self._mean(commune, is_commune=False))
            return _Fees(papers, by_paper)

        self._dossiers = tuple(map(fees, demand.dossiers))
        self._of_results = sum(float(each.dong.sum()) for each in map(fees, demand.results))

    def year(self, served: Served, proposal: Proposal) -> int:
        """Đồng; what is fetched at the door is free where the proposal says so."""
        taken = zip(self._dossiers, served.terms, strict=True)
        paid = sum(_paid_share(terms) * each.by_post(terms, proposal.online_share) for each, terms in taken)
        return round(self._of_results + paid)

    def _mean(self, commune: str, *, is_commune: bool) -> float:
        rows = self._procedures.of(is_commune=is_commune)
        prices = [self._network.postage(row.level, commune, row.procedure_code) for row in rows]
        return float(np.mean(prices)) if rows else float(self._network.postage(None, commune, None))


@dataclass(frozen=True, eq=False)
class _Fees:
    """Of the papers of one place."""

    papers: Papers
    dong: Floats
    """One a paper."""

    def by_post(self, terms: Terms, online_share: float) -> float:
        return float(self.dong[self.papers.by_post(terms.share, online_share)].sum())


def _paid_share(terms: Terms) -> float:
    if not terms.is_free:
        return 1.0
    return 1.0 - terms.at_home if terms.points else 0.0
