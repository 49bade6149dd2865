"""
What a vehicle pays for driving, as one matrix.

VROOM prices driving time and driven metres; waiting and service are free. A Problem's `unit_duration_cost` counts the
whole working time, so driving time is priced through the distance matrix instead: the *paid length* of an arc is its
seconds, its metres, or, when both cost something, their weighted sum.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd, lcm

import numpy as np

from routing.formats.json_fields import JsonField
from routing.model import FOREVER, UNREACHABLE, IntMatrix

SECONDS_PER_HOUR = 3600
METRES_PER_KM = 1000

REFUSED = {"costs": "own cost matrices are not supported: set costs.per_hour or costs.per_km of the vehicles"}


@dataclass(frozen=True, slots=True)
class Drive:
    """How a vehicle drives and what it pays: vehicles with equal drives share matrices."""

    profile: str
    speed_factor: Fraction
    per_hour: int
    per_km: int
    by_metres: bool
    """What a limit needs the paid length to be when only one of the two prices, or none, is set."""

    def denominator(self) -> int:
        """Problem cost units per VROOM cost unit that make this vehicle's prices whole numbers."""
        prices = Fraction(self.per_hour, SECONDS_PER_HOUR), Fraction(self.per_km, METRES_PER_KM)
        return lcm(*(price.denominator for price in prices))


@dataclass(frozen=True, slots=True)
class Matrices:
    """The matrices that a file gives for one profile, one more row and column of zeros added where asked."""

    field: JsonField
    durations: IntMatrix
    distances: IntMatrix | None


@dataclass(slots=True)
class Profiles:
    """Matrices of the problem, one pair for each different drive."""

    cost_scale: int
    drives: list[Drive] = field(default_factory=list)
    paid: list[IntMatrix] = field(default_factory=list)
    durations: list[IntMatrix] = field(default_factory=list)
    metres: list[IntMatrix | None] = field(default_factory=list)
    unit_costs: list[int] = field(default_factory=list)

    def index(self, drive: Drive, matrices: Matrices) -> int:
        """Return the profile of a drive, adding its matrices when it is new."""
        if drive not in self.drives:
            durations = _slowed(matrices.durations, drive.speed_factor)
            paid, unit_cost = _paid(drive, durations, matrices, self.cost_scale)
            self.drives.append(drive)
            self.paid.append(paid)
            self.durations.append(durations)
            self.metres.append(matrices.distances)
            self.unit_costs.append(unit_cost)
        return self.drives.index(drive)


def common_scale(drives: Iterable[Drive]) -> int:
    """Smallest number of problem cost units per VROOM cost unit that makes all prices whole numbers."""
    return lcm(*(drive.denominator() for drive in drives))


def read_matrices(field: JsonField, with_nowhere: bool) -> Matrices:
    """Read the matrices of one profile; `with_nowhere` adds a last location that is no distance from any other."""
    field.only({"durations", "distances"}, REFUSED)
    durations = _matrix(field.need("durations"), with_nowhere)
    given = field.get("distances")
    distances = None if given is None else _matrix(given, with_nowhere)
    if distances is not None and distances.shape != durations.shape:
        raise field.error("durations and distances have different sizes")
    return Matrices(field, durations, distances)


def _matrix(field: JsonField, with_nowhere: bool) -> IntMatrix:
    rows = field.items()
    if not rows:
        raise field.error("the matrix is empty")
    size = len(rows)
    matrix: IntMatrix = np.zeros((size + with_nowhere, size + with_nowhere), dtype=np.int32)
    for i, row in enumerate(rows):
        entries = row.items()
        if len(entries) != size:
            raise row.error(f"expected {size} entries, found {len(entries)}")
        matrix[i, :size] = [entry.natural() for entry in entries]
    return matrix


def _slowed(durations: IntMatrix, factor: Fraction) -> IntMatrix:
    """Divide travel times by a speed factor, rounded up: a plan is never faster than the vehicle."""
    if factor == 1:
        return durations
    exact = -(-durations.astype(np.int64) * factor.denominator // factor.numerator)
    return np.where(durations == UNREACHABLE, UNREACHABLE, np.minimum(exact, UNREACHABLE)).astype(np.int32)


def _paid(drive: Drive, durations: IntMatrix, matrices: Matrices, scale: int) -> tuple[IntMatrix, int]:
    """Return the paid length of every arc, and the price of one unit of it."""
    by_second = int(Fraction(drive.per_hour, SECONDS_PER_HOUR) * scale)
    by_metre = int(Fraction(drive.per_km, METRES_PER_KM) * scale)
    if not by_metre and not drive.by_metres:
        return durations, by_second
    if matrices.distances is None:
        raise matrices.field.error("distances are missing: a vehicle pays, or is limited, by distance")
    if not by_second:
        return matrices.distances, by_metre
    unit = gcd(by_second, by_metre)
    lengths = by_second // unit * durations.astype(np.int64) + by_metre // unit * matrices.distances.astype(np.int64)
    blocked = (durations == UNREACHABLE) | (matrices.distances == UNREACHABLE)
    if int(lengths[~blocked].max(initial=0)) >= FOREVER:
        raise matrices.field.error("costs per hour and per km together are too large or too finely divided")
    return np.where(blocked, UNREACHABLE, lengths).astype(np.int32), unit
