"""
How many shipments of each kind a commune makes on a day, so that the yearly totals hold exactly.

The yearly total is spread over working days by weekday, month and the nearness of a long closure (Tết), and over
communes by population. The shapes are assumptions, written as plain numbers below: dispatchers know that Mondays are
full, that the year's end is busy, and that little moves around Tết.
"""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Kind = TypeVar("Kind", bound=Hashable)

CountArray = NDArray[np.int64]

WEEKDAY_SHAPE = (1.20, 1.05, 1.00, 0.95, 0.80, 0.60, 0.60)
"""Monday to Sunday; the mean of Monday to Friday is 1."""

MONTH_SHAPE = (1.00, 0.90, 1.08, 1.00, 0.98, 1.02, 0.98, 1.00, 1.02, 1.00, 1.00, 1.02)
"""January to December."""

LONG_CLOSURE = 5
"""Days in a row without work, from which on people put off what can wait."""

CLOSURE_SHAPE = (0.55, 0.70, 0.85)
"""On the first, second, third working day before and after a long closure."""

COMMUNE_SPREAD = 0.15
"""Standard deviation of the logarithm of a commune's demand per head."""


@dataclass(frozen=True, slots=True)
class DemandCommune:
    """What a commune's demand depends on."""

    code: str
    population: int

    def __post_init__(self) -> None:
        if self.population < 0:
            raise ValueError(f"the population of {self.code} must not be negative, got {self.population}")


def daily_counts(
    communes: Sequence[DemandCommune],
    totals: Mapping[Kind, int],
    working_days: Mapping[date, bool],
    *,
    seed: int,
) -> dict[Kind, CountArray]:
    """
    Draw the counts of a year, or of any other stretch of days.

    Parameters
    ----------
    communes
        At least one with people in it.
    totals
        Shipments of each kind over all the days.
    working_days
        Every day of the stretch, in order, and whether there is work on it; at least one has.
    seed
        The same arguments give the same counts.

    Returns
    -------
    counts
        By kind, shape (days, communes); each sums to exactly its total and is 0 on days without work.

    Raises
    ------
    ValueError
        When a total is negative, nobody lives there or no day is a working day.
    """
    if any(total < 0 for total in totals.values()):
        raise ValueError("yearly totals must not be negative")
    rng = np.random.default_rng(seed)
    people = np.array([commune.population for commune in communes], dtype=np.float64)
    by_commune = _shares(people * rng.lognormal(0.0, COMMUNE_SPREAD, len(people)), "nobody lives in these communes")
    by_day = _shares(day_weights(working_days), "there is no working day")
    counts = {}
    for kind, total in totals.items():
        a_day = rng.multinomial(total, by_day)
        counts[kind] = rng.multinomial(a_day, by_commune)
    return counts


def day_weights(working_days: Mapping[date, bool]) -> NDArray[np.float64]:
    """How much of the demand each day draws, shape (days,), 1 = a usual working day, 0 = no work."""
    days = list(working_days)
    works = np.array(list(working_days.values()), dtype=np.bool_)
    shape = np.array([WEEKDAY_SHAPE[day.weekday()] * MONTH_SHAPE[day.month - 1] for day in days])
    weights: NDArray[np.float64] = shape * works * _closure_factors(works)
    return weights


def _closure_factors(works: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Less is sent on the working days next to a long closure, shape (days,)."""
    factors = np.ones(works.size)
    closed = np.flatnonzero(np.diff(np.concatenate(([True], works, [True])).astype(np.int8)))
    for first, after in closed.reshape(-1, 2):
        if after - first < LONG_CLOSURE:
            continue
        before = np.flatnonzero(works[:first])[::-1]
        behind = after + np.flatnonzero(works[after:])
        for near in (before, behind):
            nearest = near[: len(CLOSURE_SHAPE)]
            factors[nearest] = np.minimum(factors[nearest], CLOSURE_SHAPE[: nearest.size])
    return factors


def _shares(weights: NDArray[np.float64], complaint: str) -> NDArray[np.float64]:
    total = weights.sum()
    if not total > 0:
        raise ValueError(complaint)
    shares: NDArray[np.float64] = weights / total
    return shares
