"""
The floors of the public postal service as checks: what is measured, what it must be, and what fails by how much.

Plain numbers in, so that anybody's points can be checked: communes and points are rows, told apart by their index.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from geo.coordinates import FloatArray


class Floor(StrEnum):
    """What is asked of the service."""

    POINT_IN_COMMUNE = "point-in-commune"
    """Points in each commune, at least."""
    MEAN_RADIUS = "mean-radius"
    """Mean service radius of all points, km, at most."""
    PEOPLE_PER_POINT = "people-per-point"
    """People for each point in the mean, at most."""
    HOURS_OPEN = "hours-open"
    """Hours a working day that a point is open, at least."""
    CENTRE_HOURS_OPEN = "centre-hours-open"
    """Hours a working day that a provincial centre is open, at least."""
    VISITS = "visits"
    """Collections and deliveries a week, at least."""
    SPECIAL_VISITS = "special-visits"
    """The same in special areas."""


OF_ALL = frozenset({Floor.MEAN_RADIUS, Floor.PEOPLE_PER_POINT})
"""Kept or missed in the mean of the whole service."""

_QCVN_2015 = "QCVN 01:2015/BTTTT"
_QCVN_2008 = "QCVN 1:2008, mẫu báo cáo của Thông tư 15/2011/TT-BTTTT"
SOURCES: Mapping[Floor, str] = MappingProxyType(
    {
        Floor.POINT_IN_COMMUNE: _QCVN_2015,
        Floor.MEAN_RADIUS: _QCVN_2015,
        Floor.PEOPLE_PER_POINT: _QCVN_2008,
        Floor.HOURS_OPEN: _QCVN_2008,
        Floor.CENTRE_HOURS_OPEN: _QCVN_2015,
        Floor.VISITS: _QCVN_2008,
        Floor.SPECIAL_VISITS: _QCVN_2008,
    }
)
"""Where the default of each floor is from."""


@dataclass(frozen=True, slots=True)
class Floors:
    """The numbers; a province may have its own. See `SOURCES`."""

    points_in_commune: int = 1
    mean_radius_km: float = 3.0
    people_per_point: float = 8000.0
    hours_open: float = 4.0
    centre_hours_open: float = 8.0
    visits_a_day: float = 1.0
    """On working days."""
    special_visits_a_week: float = 1.0

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be above 0, got {getattr(self, name)}")


@dataclass(frozen=True, slots=True)
class Miss:
    """One thing that is below its floor (or above its ceiling)."""

    floor: Floor
    commune: int | None
    """Index; None = it is about all communes together."""
    point: int | None
    """Index; None = it is about no single point."""
    value: float
    asked: float

    @property
    def missing(self) -> float:
        """By how much, above 0, in the unit of the floor; infinite where no point exists."""
        return abs(self.value - self.asked)


@dataclass(frozen=True, slots=True)
class FloorCheck:
    """One floor: how the service stands."""

    floor: Floor
    asked: float
    value: float | None
    """The worst of what is checked one by one, or the mean of all; None = there is nothing to check."""
    checked: int
    """How many communes or points were looked at, or are in the mean."""
    misses: tuple[Miss, ...]
    """By index."""
    beyond: tuple[Miss, ...] = ()
    """Of a mean: single communes or points beyond the ceiling. They miss nothing alone, yet there one would begin."""

    @property
    def holds(self) -> bool:
        return not self.misses


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """What is checked. Made by `service`."""

    people: NDArray[np.int64]
    """Shape (communes,)."""
    area_km2: FloatArray
    """Shape (communes,); NaN = not known: such a commune and its points are in no radius."""
    commune: NDArray[np.intp]
    """Shape (points,): index of the commune that each point stands in."""
    hours: FloatArray
    """Shape (points,): hours open a working day."""
    visits: FloatArray
    """Shape (points,): collections and deliveries a week."""
    is_centre: NDArray[np.bool_]
    """Shape (points,): provincial centres."""
    is_special: NDArray[np.bool_]
    """Shape (communes,): special areas, where a visit a week is enough."""
    nearest: FloatArray
    """Shape (points,): people who have each point nearest."""

    def points_in(self) -> NDArray[np.intp]:
        """How many points stand in each commune, shape (communes,)."""
        return np.bincount(self.commune, minlength=self.people.size)

    def radius_km(self) -> FloatArray:
        """Mean service radius in each commune, shape (communes,); infinite without a point, NaN without an area."""
        with np.errstate(divide="ignore"):
            radius: FloatArray = np.sqrt(self.area_km2 / (math.pi * self.points_in()))
        return radius

    def people_per_point(self) -> FloatArray:
        """People for each point of each commune, shape (communes,); infinite where no point stands."""
        points = self.points_in()
        return np.where(points > 0, self.people / np.maximum(points, 1), np.inf)


def service(
    people: ArrayLike,
    area_km2: ArrayLike,
    commune: ArrayLike,
    hours: ArrayLike,
    visits: ArrayLike,
    *,
    is_centre: ArrayLike = False,
    is_special: ArrayLike = False,
    nearest: ArrayLike | None = None,
) -> Service:
    """
    Put a service together; shapes and units as in `Service`.

    Parameters
    ----------
    nearest
        None = not known: the people of a commune are shared out evenly among its points.

    Raises
    ------
    ValueError
        When shapes do not fit, a number is negative, an area is not above 0, or a point stands in no commune.
    """
    heads, areas = np.asarray(people, dtype=np.int64), np.asarray(area_km2, dtype=np.float64)
    where = np.asarray(commune, dtype=np.intp)
    opens, comes = np.asarray(hours, dtype=np.float64), np.asarray(visits, dtype=np.float64)
    if not heads.size or heads.shape != areas.shape or heads.ndim != 1:
        raise ValueError(f"people and area_km2 are (communes,), one or more, got {heads.shape} and {areas.shape}")
    if where.ndim != 1 or not where.shape == opens.shape == comes.shape:
        raise ValueError(f"commune, hours and visits are (points,), got {where.shape}, {opens.shape}, {comes.shape}")
    if where.size and not 0 <= where.min() <= where.max() < heads.size:
        raise ValueError(f"communes of points lie in 0 ... {heads.size - 1}, got {where.min()} ... {where.max()}")
    come_here = np.bincount(where, minlength=heads.size)[where]
    burden = heads[where] / come_here if nearest is None else np.asarray(nearest, dtype=np.float64)
    if burden.shape != where.shape:
        raise ValueError(f"nearest is (points,), got {burden.shape}")
    for name, numbers in (("people", heads), ("hours", opens), ("visits", comes), ("nearest", burden)):
        if not (numbers >= 0).all():
            raise ValueError(f"{name} must not be negative, got {numbers.min()}")
    if (areas <= 0).any():
        raise ValueError(f"area_km2 must be above 0, got {np.nanmin(areas)}")
    return Service(
        people=heads, area_km2=areas, commune=where, hours=opens, visits=comes,
        is_centre=np.broadcast_to(np.asarray(is_centre, dtype=np.bool_), where.shape),
        is_special=np.broadcast_to(np.asarray(is_special, dtype=np.bool_), heads.shape),
        nearest=burden,
    )  # fmt: skip


def check_floors(of: Service, floors: Floors | None = None, *, workdays: int = 5) -> tuple[FloorCheck, ...]:
    """
    Check every floor.

    Radius and people per point are means of the whole service, as the standard counts them: the radius is that of a
    circle with the area of all communes over the number of points. Single communes with a larger radius, and points
    that are the nearest of more people, are told in `beyond`.

    Parameters
    ----------
    of
        Points that serve the public, and the communes they serve.
    floors
        None = the usual numbers.
    workdays
        A week; 6 where Saturday is one.

    Returns
    -------
    checks
        One for each `Floor`, in its order.
    """
    asked = floors or Floors()
    points, special = of.commune.size, of.is_special[of.commune]
    heads = float(of.people.sum()) / points if points else math.inf
    every, ordinary = np.arange(points), ~of.is_centre
    wide = _beyond(Floor.MEAN_RADIUS, asked.mean_radius_km, of.radius_km(), np.arange(of.people.size), None)
    busy = _beyond(Floor.PEOPLE_PER_POINT, asked.people_per_point, of.nearest, of.commune, every)
    return (
        _each(Floor.POINT_IN_COMMUNE, asked.points_in_commune, of.points_in(), np.arange(of.people.size), None),
        _mean(Floor.MEAN_RADIUS, asked.mean_radius_km, _radius_of_all(of), int((~np.isnan(of.area_km2)).sum()), wide),
        _mean(Floor.PEOPLE_PER_POINT, asked.people_per_point, heads, max(points, 1), busy),
        _each(Floor.HOURS_OPEN, asked.hours_open, of.hours, of.commune, every[ordinary]),
        _each(Floor.CENTRE_HOURS_OPEN, asked.centre_hours_open, of.hours, of.commune, every[of.is_centre]),
        _each(Floor.VISITS, asked.visits_a_day * workdays, of.visits, of.commune, every[~special]),
        _each(Floor.SPECIAL_VISITS, asked.special_visits_a_week, of.visits, of.commune, every[special]),
    )


def mean_radius_km(area_km2: float, points: int) -> float:
    """
    Give the mean service radius as QCVN 01:2015 counts it: that of a circle with the area over the number of points.

    Raises
    ------
    ValueError
        When the area is not above 0 or points are negative.
    """
    if not area_km2 > 0 or points < 0:
        raise ValueError(f"a service has an area above 0 and points from 0, got {area_km2} km2 and {points}")
    return math.sqrt(area_km2 / (math.pi * points)) if points else math.inf


def _radius_of_all(of: Service) -> float | None:
    known = ~np.isnan(of.area_km2)
    if not known.any():
        return None
    return mean_radius_km(float(of.area_km2[known].sum()), int(known[of.commune].sum()))


def _mean(floor: Floor, ceiling: float, value: float | None, checked: int, beyond: tuple[Miss, ...]) -> FloorCheck:
    misses = (Miss(floor, None, None, value, ceiling),) if value is not None and value > ceiling else ()
    return FloorCheck(floor, asked=ceiling, value=value, checked=checked, misses=misses, beyond=beyond)


def _beyond(
    floor: Floor, ceiling: float, values: FloatArray, commune: NDArray[np.intp], points: NDArray[np.intp] | None
) -> tuple[Miss, ...]:
    """Single communes (`points` is None) or points above a ceiling that the mean has to keep."""
    rows = np.flatnonzero(values > ceiling).tolist()
    return tuple(
        Miss(floor, int(commune[row]), None if points is None else row, float(values[row]), ceiling) for row in rows
    )


def _each(
    floor: Floor, asked: float, values: ArrayLike, commune: NDArray[np.intp], points: NDArray[np.intp] | None
) -> FloorCheck:
    """Check communes (`points` is None), or those points."""
    numbers = np.asarray(values, dtype=np.float64)
    rows = np.arange(numbers.size) if points is None else points
    low = rows[numbers[rows] < asked].tolist()
    misses = (
        Miss(floor, int(commune[row]), None if points is None else row, float(numbers[row]), asked) for row in low
    )
    worst = float(numbers[rows].min()) if rows.size else None
    return FloorCheck(floor, asked=asked, value=worst, checked=int(rows.size), misses=tuple(misses))
