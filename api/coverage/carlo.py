"""
How far the figures of scenarios move with demand: other years drawn, each routed again (Monte-Carlo).

Every demand is met by the situation as it is and by each scenario, so that what a scenario changes has a band of its
own: far narrower than that of its year, as both go up and down with the same demand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from pydantic import TypeAdapter

from api.coverage.document import Band, YearFigures
from api.coverage.kindred import THOROUGH
from api.coverage.lab import Lab
from api.coverage.proposal import Proposal

FIGURES = ("total_dong", "km", "courier_days", "dossiers", "results", "late", "unserved")
_YEARS = TypeAdapter(tuple[YearFigures, ...])


def other_demand(lab: Lab, draw: int) -> Lab:
    """Another year: other people ask for other things, and the province as a whole for more or less."""
    spread = lab.assumptions.level_spread
    rng = np.random.default_rng([lab.seed, 1 + draw])
    level = float(rng.lognormal(-spread * spread / 2, spread))
    steps = max(1, lab.iterations // THOROUGH)  # a year moves further with demand than with a longer search
    return replace(lab, iterations=steps, seed=int(rng.integers(1, 2**31)), level=level)


def years_under(lab: Lab, proposals: Mapping[str, Proposal]) -> tuple[YearFigures, ...]:
    """
    The years of one demand: as it is, then of each proposal, whose rounds begin from those as it is.

    Parameters
    ----------
    proposals
        By the key of their scenario.
    """

    def make() -> tuple[YearFigures, ...]:
        return lab.unchanged().year, *(lab.attempt(proposal).year for proposal in proposals.values())

    return lab.known(f"scenarios {' '.join(proposals)}", _YEARS, make)


def bands(years: Sequence[YearFigures]) -> dict[str, Band]:
    """
    Between which values each figure lies.

    Parameters
    ----------
    years
        One a demand; none = no bands.
    """
    return {name: _band([getattr(year, name) for year in years]) for name in FIGURES} if years else {}


def change_bands(before: Sequence[YearFigures], after: Sequence[YearFigures]) -> dict[str, Band]:
    """Between which values the change of each figure lies; both have one year a demand, none = no bands."""
    pairs = list(zip(before, after, strict=True))
    changes = {name: [getattr(then, name) - getattr(now, name) for now, then in pairs] for name in FIGURES}
    return {name: _band(values) for name, values in changes.items()} if pairs else {}


def _band(values: Sequence[float]) -> Band:
    low, median, high = np.percentile(values, [5, 50, 95]).tolist()
    return Band(low=round(low, 6), median=round(median, 6), high=round(high, 6))
