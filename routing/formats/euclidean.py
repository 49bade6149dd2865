"""
Places on a plane, and their double-precision distances as integers.

Lengths are rounded to the nearest unit, travel times up: an arc never takes less time than it does in double
precision, so whatever keeps the integer windows keeps the real ones (a test drives both). The price is that a route
of k arcs that fits in real time with less than k units to spare is refused; `docs/instances.md` says what that cost
at each scale on the published routes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from routing.errors import InvalidProblemError
from routing.formats.instance import Rounding, Travel
from routing.model import FOREVER

FINEST_SCALE = 10_000
"""Problem units per unit of the instance, when its times fit in 31 bits."""
DIMACS_SCALE = 10
"""One decimal is all there is."""


def choose_scale(horizon: int, rounding: Rounding) -> int:
    """
    Choose how many problem units stand for one unit of the instance.

    Parameters
    ----------
    horizon
        Latest time of the instance.
    """
    if rounding is Rounding.DIMACS:
        return DIMACS_SCALE
    scale = FINEST_SCALE
    while scale > 1 and scale * horizon > FOREVER // 2:
        scale //= 10
    return scale


def euclidean(points: npt.NDArray[np.float64], scale: int, rounding: Rounding) -> Travel:
    """
    Measure all arcs between points.

    Parameters
    ----------
    points
        Shape (n, 2).
    scale
        Problem units per unit of the instance.

    Raises
    ------
    InvalidProblemError
        When an arc does not fit in 31 bits.
    """
    delta = points[:, None, :] - points[None, :, :]
    exact = np.sqrt(np.sum(delta * delta, axis=2))
    if float(exact.max()) * scale >= FOREVER:
        raise InvalidProblemError(f"distances up to {float(exact.max()):.0f} do not fit in 31 bits at scale {scale}")
    if rounding is Rounding.DIMACS:
        tenths = np.floor(10 * exact)
        cut = tenths.astype(np.int32) * np.int32(scale // DIMACS_SCALE)
        return Travel(cut, cut, tenths / 10)
    distances = np.rint(exact * scale).astype(np.int32)
    durations = np.ceil(exact * scale).astype(np.int32)
    return Travel(distances, durations, exact)
