"""How many of each agency's dossiers come by post in each quarter, against its target."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from api.coverage.agencies import ANY, Agencies
from api.coverage.document import AgencyQuarter
from api.coverage.lab import Lab, Tried
from api.network.model import Site


def agency_shares(lab: Lab, tried: Tried, targets: Mapping[str, float]) -> tuple[AgencyQuarter, ...]:
    """Count the year's dossiers, by agency and quarter; an agency nobody asks is left out."""
    agencies = Agencies(lab.situation.network)
    quarters = [f"{day.year}-Q{(day.month + 2) // 3}" for day in lab.days.year]
    names = sorted(set(quarters))
    quarter_of = np.array([names.index(quarter) for quarter in quarters])
    sites = {site.site_id: site for site in agencies.every}
    rows = {site_id: number for number, site_id in enumerate(sites)}
    asked, by_post = (np.zeros((len(sites), len(names)), dtype=np.int64) for _ in range(2))
    for papers, terms in zip(lab.demand.dossiers, tried.served.terms, strict=True):
        known = np.array([rows[site.site_id] for site in agencies.known(papers.place)])
        at = known[agencies.choose(papers, lab.assumptions.commune_level)], quarter_of[papers.day]
        np.add.at(asked, at, 1)
        np.add.at(by_post, at, papers.by_post(terms.share, tried.proposal.online_share))
    return tuple(
        _share(sites[site_id], names[quarter], int(asked[row, quarter]), int(by_post[row, quarter]), target)
        for site_id, row in rows.items()
        if (target := targets.get(site_id, targets.get(ANY))) is not None
        for quarter in range(len(names))
        if asked[row, quarter]
    )


def _share(agency: Site, quarter: str, dossiers: int, by_post: int, target: float) -> AgencyQuarter:
    share = by_post / dossiers
    return AgencyQuarter(
        agency_id=agency.site_id, name=agency.name, quarter=quarter, dossiers=dossiers, by_post=by_post,
        share=round(share, 6), target=target, met=share >= target,
    )  # fmt: skip
