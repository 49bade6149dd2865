"""
How many of each agency's dossiers come by post in each quarter, against its target.

A target is set for an agency, or for one quarter of it (`MC-1/2027-Q1`); `*` stands for every agency without its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import numpy as np

from api.coverage.agencies import ANY, Agencies
from api.coverage.document import AgencyQuarter
from api.coverage.lab import Lab, Tried
from api.coverage.sampling import YEAR
from api.errors import InputError, RowError
from api.network.model import Network, Site

QUARTER = "/"
"""Between an agency and one of its quarters."""


def require_targets(targets: Mapping[str, float], network: Network, day: date) -> None:
    """
    Make sure that every target is some agency's, and every quarter one of the year that begins on a day.

    Raises
    ------
    InputError
        When one is not.
    """
    known = {site.site_id for site in Agencies(network).every} | {ANY}
    quarters = sorted({_quarter(day + timedelta(days=number)) for number in range(YEAR)})
    for key in sorted(targets):
        agency, slash, quarter = key.partition(QUARTER)
        if agency not in known:
            raise _unknown(f"không có cơ quan {agency}", f"there is no agency {agency}")
        if slash and quarter not in quarters:
            listed = ", ".join(quarters)
            raise _unknown(f"{key}: năm tính chỉ có các quý {listed}", f"{key}: the year has the quarters {listed}")


def _unknown(vi: str, en: str) -> InputError:
    return InputError([RowError("scenarios", None, "targets", "unknown_target", vi, en)])


def _quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def target_of(targets: Mapping[str, float], agency_id: str, quarter: str) -> float | None:
    """The narrowest one that is set."""
    keys = f"{agency_id}{QUARTER}{quarter}", agency_id, f"{ANY}{QUARTER}{quarter}", ANY
    return next((targets[key] for key in keys if key in targets), None)


def agency_shares(lab: Lab, tried: Tried, targets: Mapping[str, float]) -> tuple[AgencyQuarter, ...]:
    """Count the year's dossiers, by agency and quarter; an agency nobody asks is left out."""
    agencies = Agencies(lab.situation.network)
    quarters = [_quarter(day) for day in lab.days.year]
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
        for quarter in range(len(names))
        if (target := target_of(targets, site_id, names[quarter])) is not None and asked[row, quarter]
    )


def _share(agency: Site, quarter: str, dossiers: int, by_post: int, target: float) -> AgencyQuarter:
    share = by_post / dossiers
    return AgencyQuarter(
        agency_id=agency.site_id, name=agency.name, quarter=quarter, dossiers=dossiers, by_post=by_post,
        share=round(share, 6), target=target, met=share >= target,
    )  # fmt: skip
