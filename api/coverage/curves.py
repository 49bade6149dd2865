"""How many people choose the post: a function of how far it is, and how often it is open."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from api.coverage.assumptions import Assumptions, Curve
from api.coverage.document import Means
from geo.matrix import UNREACHABLE

Shares = NDArray[np.float64]


def on_curve(curve: Curve, x: ArrayLike) -> Shares:
    """Read a piecewise linear function off, level beyond both ends."""
    xs, ys = zip(*curve, strict=True)
    return np.asarray(np.interp(np.asarray(x, dtype=np.float64), xs, ys), dtype=np.float64)


def means_shares(assumptions: Assumptions) -> dict[Means, float]:
    """Which share of the people goes by each means."""
    return {Means.WALK: assumptions.on_foot, Means.MOTORBIKE: 1 - assumptions.on_foot}


def point_draws(assumptions: Assumptions, seconds: NDArray[Any], days_a_week: ArrayLike) -> Shares:
    """
    Say which share of their dossiers people who go by one means would take to each point.

    Parameters
    ----------
    seconds
        By this means, shape (places, points); `UNREACHABLE` where no way leads.
    days_a_week
        Shape (points,): how often each is open.

    Returns
    -------
    draws
        Shape (places, points), 0 to 1. Everybody goes where it is largest: who walks may choose a desk that comes once
        a week, and who rides the post that is open each day.
    """
    often = on_curve(assumptions.response_days, days_a_week)
    return np.asarray(_reached(assumptions.response, seconds) * often[None, :], dtype=np.float64)


def _reached(curve: Curve, seconds: NDArray[Any]) -> Shares:
    return np.where(seconds == UNREACHABLE, 0.0, on_curve(curve, seconds / 60))
