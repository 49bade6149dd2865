"""The postal share of each agency, held against its target."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row

from api.reports.definitions import SHARE
from api.reports.naming import names_of
from api.reports.periods import months_of, quarter_of
from api.reports.schemas import AgencyShare, QuarterTarget, ShareReport, ToldMonth, percent
from api.reports.share_store import posted, set_targets, told_counts
from api.reports.store import Period


@dataclass(frozen=True, slots=True)
class _Site:
    """What is known of one agency."""

    posted: tuple[int, int]
    told: Sequence[Row[Any]]
    targets: Sequence[Row[Any]]


def share_report(connection: Connection, period: Period) -> ShareReport:
    """
    Hold what went by post against what agencies had in all.

    Every agency of the network is in it, so that what is missing is seen; somebody of some offices sees those whose
    shipments they see.
    """
    months = list(months_of(period.first, period.last))
    quarters = list(dict.fromkeys(map(quarter_of, months)))
    by_post = posted(connection, period)
    names = names_of(connection, period.province_id, period.last)
    told = told_counts(connection, period.province_id, months)
    targets = set_targets(connection, period.province_id, quarters)
    of_province = () if period.scope.offices else {*told, *targets, *names.agencies}
    agencies = []
    for site_id in sorted({*by_post, *of_province}, key=lambda site: site or ""):
        code = site_id or ""
        site = _Site(by_post.get(site_id, (0, 0)), told.get(code, ()), targets.get(code, ()))
        agencies.append(_share(site_id, names.sites.get(code), site, months, quarters))
    known = [one for one in agencies if not one.months_missing]
    return ShareReport(
        first_day=period.first,
        last_day=period.last,
        quarters=tuple(quarters),
        agencies=tuple(agencies),
        whole_dossier_percent=percent(sum(a.posted_dossiers for a in known), sum(a.received or 0 for a in known)),
        whole_result_percent=percent(sum(a.posted_results for a in known), sum(a.returned or 0 for a in known)),
        definitions=SHARE,
    )


def _share(site_id: str | None, name: str | None, site: _Site, months: list[str], quarters: list[str]) -> AgencyShare:
    said = {row.month for row in site.told}
    missing = tuple(month for month in months if month not in said)
    received, returned = sum(row.received for row in site.told), sum(row.returned for row in site.told)
    dossiers, results = site.posted
    dossier_percent = None if missing else percent(dossiers, received)
    result_percent = None if missing else percent(results, returned)
    dossier_target = _target(site, quarters, lambda row: row.dossier_percent, None if missing else "received")
    result_target = _target(site, quarters, lambda row: row.result_percent, None if missing else "returned")
    return AgencyShare(
        site_id=site_id, name=name, posted_dossiers=dossiers, posted_results=results,
        received=None if missing else received, returned=None if missing else returned,
        dossier_percent=dossier_percent, result_percent=result_percent, dossier_target=dossier_target,
        result_target=result_target, dossier_gap=_gap(dossier_percent, dossier_target),
        result_gap=_gap(result_percent, result_target),
        months=tuple(ToldMonth(month=row.month, received=row.received, returned=row.returned) for row in site.told),
        months_missing=missing,
        targets=tuple(
            QuarterTarget(quarter=r.quarter, dossier_percent=r.dossier_percent, result_percent=r.result_percent)
            for r in site.targets
        ),
    )  # fmt: skip


def _target(
    site: _Site, quarters: list[str], aimed: Callable[[Row[Any]], float | None], weight: str | None
) -> float | None:
    """One for the whole period; quarters that aim at different shares weigh as much as what was had in each."""
    found = {row.quarter: aimed(row) for row in site.targets}
    values = [value for quarter in quarters if (value := found.get(quarter)) is not None]
    if len(values) < len(quarters):
        return None
    if len(set(values)) == 1:
        return values[0]
    if weight is None:
        return None
    had = {
        quarter: sum(getattr(row, weight) for row in rows)
        for quarter, rows in groupby(site.told, key=lambda row: quarter_of(row.month))
    }
    whole = sum(had.values())
    weighed = sum(value * had[quarter] for quarter, value in zip(quarters, values, strict=True))
    return round(weighed / whole, 2) if whole else None


def _gap(actual: float | None, target: float | None) -> float | None:
    return None if actual is None or target is None else round(actual - target, 2)
