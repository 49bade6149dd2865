"""What a location model is asked: people at places, travel times, candidates, points that stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.errors import SitingFault, SitingInputError
from geo.matrix import UNREACHABLE, IntMatrix

Whole = NDArray[np.int64]
Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class SitingProblem:
    """
    Made and checked by `siting_problem`.

    Points are columns of `seconds`; answers name them by these. Places where nobody lives count in no model.
    """

    people: Whole
    """Shape (places,)."""
    seconds: IntMatrix
    """Shape (places, points); `UNREACHABLE` = no way."""
    candidates: NDArray[np.intp]
    """Ascending: points that may be opened."""
    fixed: NDArray[np.intp]
    """Ascending: points that exist and stay."""
    capacity: Whole | None
    """Shape (points,): people whom each point can serve; None = any number."""
    cost: Whole | None
    """Shape (points,): what opening each candidate costs; None = not asked for."""

    def within(self, limit: int) -> Marks:
        """Which points each place reaches within a limit of seconds, shape (places, points)."""
        within: Marks = self.seconds <= min(limit, UNREACHABLE - 1)
        return within

    def reached(self) -> Marks:
        """Which points each place reaches at all, shape (places, points)."""
        reached: Marks = self.seconds != UNREACHABLE
        return reached


def siting_problem(
    people: ArrayLike,
    seconds: ArrayLike,
    candidates: Sequence[int] | NDArray[np.integer],
    *,
    fixed: Sequence[int] | NDArray[np.integer] = (),
    capacity: ArrayLike | None = None,
    cost: ArrayLike | None = None,
) -> SitingProblem:
    """
    Check what a location model is asked.

    Parameters
    ----------
    people
        Shape (places,): whole numbers, the people who live at each place; somebody lives somewhere.
    seconds
        Shape (places, points): travel times from 0, `UNREACHABLE` where no way leads (see `access.access_seconds`).
    candidates
        Columns of `seconds`: points that may be opened.
    fixed
        Columns: points that exist, serve people and stay.
    capacity
        Shape (points,), or one number for all: people whom a point can serve. People of one place may go to several
        points. None = any number.
    cost
        Shape (points,), or one number for all: what opening a candidate costs, in any whole unit; only `mclp` asks.

    Raises
    ------
    SitingInputError
        When an input breaks one of these rules; `fault` says which.
    """
    heads, times = _whole(people, "people"), _whole(seconds, "seconds")
    if times.ndim != 2 or heads.shape != times.shape[:1]:
        raise SitingInputError(
            SitingFault.SHAPES,
            f"people are (places,) and seconds (places, points), got {heads.shape} and {times.shape}",
        )
    _check_people(heads)
    if times.size and not 0 <= times.min() <= times.max() <= UNREACHABLE:
        row = np.flatnonzero(((times < 0) | (times > UNREACHABLE)).any(axis=1))
        raise SitingInputError(
            SitingFault.NEGATIVE,
            f"travel times lie in 0 ... {UNREACHABLE}, place {row[0]} has others",
            where=row.tolist(),
        )
    points = times.shape[1]
    _check_points(np.asarray(candidates, dtype=np.int64), np.asarray(fixed, dtype=np.int64), points)
    return SitingProblem(
        people=heads,
        seconds=times.astype(np.int32),
        candidates=np.sort(np.asarray(candidates, dtype=np.intp)),
        fixed=np.sort(np.asarray(fixed, dtype=np.intp)),
        capacity=_per_point(capacity, points, "capacity"),
        cost=_per_point(cost, points, "cost"),
    )


def _whole(values: ArrayLike, name: str) -> Whole:
    array = np.asarray(values)
    if array.size and not np.issubdtype(array.dtype, np.integer):
        raise SitingInputError(SitingFault.SHAPES, f"{name} are whole numbers, got {array.dtype}")
    return array.astype(np.int64)


def _check_people(people: Whole) -> None:
    negative = np.flatnonzero(people < 0)
    if negative.size:
        raise SitingInputError(
            SitingFault.NEGATIVE_PEOPLE,
            f"people must not be negative, place {negative[0]} has {people[negative[0]]}",
            where=negative.tolist(),
        )
    if not people.any():
        raise SitingInputError(SitingFault.NO_PEOPLE, "nobody lives at these places")


def _check_points(candidates: Whole, fixed: Whole, points: int) -> None:
    both = np.concatenate((candidates, fixed))
    if not candidates.size:
        raise SitingInputError(SitingFault.NO_CANDIDATES, "there is no candidate for a new point")
    unknown = np.unique(both[(both < 0) | (both >= points)]).tolist()
    if unknown:
        raise SitingInputError(
            SitingFault.UNKNOWN_POINT, f"points lie in 0 ... {points - 1}, got {unknown[0]}", where=unknown
        )
    numbers, times = np.unique(both, return_counts=True)
    again = numbers[times > 1].tolist()
    if again:
        raise SitingInputError(
            SitingFault.REPEATED_POINT,
            f"point {again[0]} is named twice among candidates and existing points",
            where=again,
        )


def _per_point(values: ArrayLike | None, points: int, name: str) -> Whole | None:
    if values is None:
        return None
    array = _whole(values, name)
    if array.shape not in {(), (points,)}:
        raise SitingInputError(SitingFault.SHAPES, f"{name} is one number or ({points},), got {array.shape}")
    array = np.array(np.broadcast_to(array, points))
    negative = np.flatnonzero(array < 0)
    if negative.size:
        raise SitingInputError(
            SitingFault.NEGATIVE,
            f"{name} must not be negative, point {negative[0]} has {array[negative[0]]}",
            where=negative.tolist(),
        )
    return array
