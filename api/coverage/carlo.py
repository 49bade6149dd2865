"""How far the figures of a scenario move with demand: other years drawn, each routed again (Monte-Carlo)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from pydantic import TypeAdapter

from api.coverage.document import Band, YearFigures
from api.coverage.kindred import THOROUGH
from api.coverage.lab import Lab
from api.coverage.proposal import Proposal

FIGURES = ("total_dong", "km", "courier_days", "dossiers", "results", "late", "unserved")
_YEAR = TypeAdapter(YearFigures)


def other_demand(lab: Lab, draw: int) -> Lab:
    """Another year: other people ask for other things, and the province as a whole for more or less."""
    spread = lab.assumptions.level_spread
    rng = np.random.default_rng([lab.seed, 1 + draw])
    level = float(rng.lognormal(-spread * spread / 2, spread))
    steps = max(1, lab.iterations // THOROUGH)  # demand moves figures further than a longer search would
    return replace(lab, iterations=steps, seed=int(rng.integers(1, 2**31)), level=level)


def routed_with(lab: Lab, key: str, proposal: Proposal) -> YearFigures:
    """The year of a proposal under one demand."""
    return lab.known(f"scenario {key}", _YEAR, lambda: lab.attempt(proposal).year)


def bands(years: Sequence[YearFigures]) -> dict[str, Band]:
    """
    Between which values each figure lies.

    Parameters
    ----------
    years
        One a demand; none = no bands.
    """
    if not years:
        return {}
    found = {}
    for name in FIGURES:
        low, median, high = np.percentile([getattr(year, name) for year in years], [5, 50, 95]).tolist()
        found[name] = Band(low=round(low, 6), median=round(median, 6), high=round(high, 6))
    return found
