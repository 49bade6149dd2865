"""
How far a day strays from its plan: a factor on every drive, set-up and item.

Factors are lognormal with mean 1: never negative, seldom much more than planned, and right on average. All drives of a
route's day share one factor besides their own, for traffic, weather and the courier's form, as the trip effect of
[1]_: without it the drives of a day would cancel each other out, and whole days would hardly ever be late.

References
----------
.. [1] Woodard, Nogin, Koch, Racz, Goldszmidt & Horvitz (2017). Predicting travel time reliability using mobile phone
   GPS data. Transportation Research Part C 75. DOI 10.1016/j.trc.2016.10.011.
"""

from __future__ import annotations

import math
from dataclasses import astuple, dataclass

import numpy as np

from routing.solution import Route


@dataclass(frozen=True, slots=True)
class Noise:
    """
    How far reality strays from the plan; 0 = not at all.

    Each is the sigma of a lognormal factor with mean 1, about its coefficient of variation when small.
    """

    travel: float = 0.0
    """On every drive, each by itself."""
    service: float = 0.0
    """On every set-up and item time, each by itself."""
    day: float = 0.0
    """On all drives of the route's day alike."""

    def __post_init__(self) -> None:
        for sigma in astuple(self):
            if not (math.isfinite(sigma) and sigma >= 0):
                raise ValueError(f"noise is a sigma, finite and >= 0, got {self}")


@dataclass(frozen=True, slots=True)
class VisitFactors:
    """How much longer than expected one visit takes."""

    drive: float
    """On the drive that ends there, wherever it begins."""
    setup: float
    items: tuple[float, ...]
    """One a task."""


@dataclass(frozen=True, slots=True)
class TripFactors:
    """How much longer than expected one trip takes."""

    visits: tuple[VisitFactors, ...]
    home: float
    """On the drive to the base."""


def draw_factors(route: Route, noise: Noise, rng: np.random.Generator) -> tuple[TripFactors, ...]:
    """
    Draw every factor that a route can need, by trip.

    The draws are the same numbers in the same order whatever the noise and whatever happens on the way: with one seed,
    more noise makes the same drives long that were long before, and a visit that is left out changes no other factor.
    """

    def factor(sigma: float) -> float:
        return math.exp(sigma * rng.standard_normal() - sigma**2 / 2)

    day = factor(noise.day)
    return tuple(
        TripFactors(
            tuple(
                VisitFactors(
                    day * factor(noise.travel), factor(noise.service), tuple(factor(noise.service) for _ in visit.tasks)
                )
                for visit in trip.visits
            ),
            day * factor(noise.travel),
        )
        for trip in route.trips
    )
