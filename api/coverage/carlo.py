"""
How far the figures of scenarios move with demand: other years drawn, each routed again (Monte-Carlo).

Every demand is met by the situation as it is and by each scenario, so that what a scenario changes has a band of its
own: far narrower than that of its year, as both go up and down with the same demand. Demands drawn are searched for a
shorter time; the study's own demand is searched as briefly once more, so that how far figures move is not mixed up with
how long was searched. The study's own demand is one of them: no figure lies outside of its least and its most.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from pydantic import TypeAdapter

from api.coverage.document import Band, YearFigures
from api.coverage.kindred import THOROUGH
from api.coverage.lab import Lab
from api.coverage.proposal import Proposal

Pair = tuple[YearFigures, YearFigures]
"""Before and after."""
FIGURES = ("total_dong", "postage_dong", "km", "courier_days", "dossiers", "results", "late", "unserved")
FEW_DRAWS = 20
"""Fewer of them have no 5th and 95th percentile: the least and the most are told."""
_YEAR = TypeAdapter(YearFigures)


def other_demand(lab: Lab, draw: int) -> Lab:
    """Another year: other people ask for other things, and the province as a whole for more or less."""
    spread = lab.assumptions.level_spread
    rng = np.random.default_rng([lab.seed, 1 + draw])
    level = float(rng.lognormal(-spread * spread / 2, spread))
    return replace(searched_briefly(lab), seed=int(rng.integers(1, 2**31)), level=level)


def searched_briefly(lab: Lab) -> Lab:
    """The same demand, searched as the demands drawn are: what it is to be compared with."""
    return replace(lab, iterations=max(1, lab.iterations // THOROUGH))


def years_under(lab: Lab, proposals: Mapping[str, Proposal]) -> tuple[YearFigures, ...]:
    """
    The years of one demand: as it is, then of each proposal, whose rounds begin from those as it is.

    Parameters
    ----------
    proposals
        By what their scenario asks for.
    """
    known = partial(lab.known, kind=_YEAR)
    now = known(f"year of {lab.iterations} steps", make=lambda: lab.unchanged().year)

    def tried(proposal: Proposal) -> YearFigures:
        lab.unchanged()  # from whose rounds those of a change begin
        return lab.attempt(proposal).year

    then = [
        known(f"year of {lab.iterations} steps {content}", make=partial(tried, proposal))
        for content, proposal in proposals.items()
    ]
    return now, *then


def bands(found: YearFigures, brief: YearFigures, drawn: Sequence[YearFigures]) -> dict[str, Band]:
    """
    Between which values each figure lies: that of the study, moved as it moves with demand.

    Parameters
    ----------
    found
        The study's own year, after its whole search.
    brief
        The same demand, searched as long as those drawn.
    drawn
        One a demand; none = no bands.
    """
    values = {
        name: [max(0.0, _of(found, name) - _of(brief, name) + _of(year, name)) for year in (brief, *drawn)]
        for name in FIGURES
    }
    return {name: _band(each) for name, each in values.items()} if drawn else {}


def change_bands(found: Pair, brief: Pair, drawn: Sequence[Pair]) -> dict[str, Band]:
    """Between which values the change of each figure lies; as `bands`."""
    values = {
        name: [_change(found, name) - _change(brief, name) + _change(pair, name) for pair in (brief, *drawn)]
        for name in FIGURES
    }
    return {name: _band(each) for name, each in values.items()} if drawn else {}


def _of(year: YearFigures, name: str) -> float:
    value: float = getattr(year, name)
    return value


def _change(pair: Pair, name: str) -> float:
    now, then = pair
    return _of(then, name) - _of(now, name)


def _band(values: Sequence[float]) -> Band:
    """Of the study's own demand and those drawn."""
    ends = (0, 50, 100) if len(values) - 1 < FEW_DRAWS else (5, 50, 95)
    low, median, high = np.percentile(values, ends).tolist()
    return Band(low=round(low, 6), median=round(median, 6), high=round(high, 6))
