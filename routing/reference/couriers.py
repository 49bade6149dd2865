"""
Couriers and their gates: how a day of several trips becomes one OR-Tools vehicle.

A gate is a call at the base inside a courier's day, a node that only this courier may visit and need not. It ends one
trip and begins the next. A gate with a release opens at that time: what lies behind it on the route has been loaded
after the release. A gate with a cut-off closes then: what lies before it on the route is back in time. Leaving a gate
out costs next to nothing, so that couriers who drive at all keep theirs, and a trip without a visit is dropped later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from routing.model import FOREVER, Problem, VehicleType
from routing.reference.bundles import Bundle, Bundling

MOST_CLASSES = 6
"""Releases (cut-offs) told apart: of more, some are taken to be as late (early) as the next of these."""


@dataclass(frozen=True, slots=True)
class Gate:
    """A call at the base between two trips."""

    courier: int
    opens: int = 0
    """0 = always, else the class of release that has arrived when it opens."""
    closes: int = 0
    """0 = never, else the class of cut-off that it keeps."""
    is_frozen: bool = False
    """Between two trips of a frozen part."""


@dataclass(frozen=True, slots=True)
class Courier:
    """One vehicle of the model."""

    vehicle_type: int
    copy: int
    """Which of the type's vehicles."""


@dataclass(frozen=True, slots=True)
class Fleet:
    couriers: tuple[Courier, ...]
    gates: tuple[Gate, ...]
    releases: tuple[int, ...]
    """Release of each class, rising from class 1."""
    cut_offs: tuple[int, ...]
    """Cut-off of each class, falling from class 1."""

    def release_class(self, release: int) -> int:
        """The first class that is not earlier; 0 = none is needed."""
        return 1 + next(k for k, known in enumerate(self.releases) if known >= release) if release else 0

    def cut_off_class(self, cut_off: int) -> int:
        """The first class that is not later; 0 = none is needed."""
        return 1 + next(k for k, known in enumerate(self.cut_offs) if known <= cut_off) if cut_off < FOREVER else 0


def fleet(problem: Problem, bundling: Bundling) -> Fleet:
    """The vehicles that could be of use, and the calls at the base that they might make."""
    free = [b for b in bundling.bundles if not b.frozen]
    releases = _representatives(sorted({b.release for b in free if b.release}))
    cut_offs = _representatives(sorted({b.latest_return for b in free if b.latest_return < FOREVER}, reverse=True))
    made = Fleet((), (), releases, cut_offs)
    couriers: list[Courier] = []
    gates: list[Gate] = []
    for number, vehicle in enumerate(problem.vehicle_types):
        own = [b for b in bundling.bundles if number in b.types]
        for copy in range(min(vehicle.num_available, len(own))):
            couriers.append(Courier(number, copy))
            gates += _gates(made, len(couriers) - 1, vehicle, own, len(bundling.frozen.get(number, ())))
    return Fleet(tuple(couriers), tuple(gates), releases, cut_offs)


def _representatives(times: Sequence[int]) -> tuple[int, ...]:
    """At most `MOST_CLASSES` of the times, evenly chosen, the last one among them."""
    step = -(-len(times) // MOST_CLASSES) or 1
    return tuple(times[k] for k in range(len(times) - 1, -1, -step))[::-1]


def _gates(made: Fleet, courier: int, vehicle: VehicleType, own: Sequence[Bundle], frozen: int) -> list[Gate]:
    """A gate for each release and cut-off that concerns the courier, and as many as capacity and rides call for."""
    free = [b for b in own if not b.frozen]
    opens = sorted({made.release_class(b.release) for b in free} - {0})
    closes = sorted({made.cut_off_class(b.latest_return) for b in free} - {0})
    rides = len(free) if any(b.max_ride < FOREVER and b.pickup is None for b in free) else 0
    plain = min(vehicle.max_trips - max(frozen, 1), _fills(vehicle, free) - 1 + rides) - len(opens) - len(closes)
    gates = [Gate(courier, is_frozen=True) for _ in range(frozen - 1)]
    gates += [Gate(courier, opens=k) for k in opens] + [Gate(courier, closes=k) for k in closes]
    return gates + [Gate(courier) for _ in range(plain)]


def _fills(vehicle: VehicleType, bundles: Sequence[Bundle]) -> int:
    """How often the vehicle would be full if it carried everything it may."""
    fills = [1]
    for k, most in enumerate(vehicle.capacity):
        # The most that a bundle adds to what is aboard at any time.
        total = sum(max(b.unloaded[k], b.unloaded[k] + b.change[k]) for b in bundles)
        fills.append(-(-total // max(most, 1)))
    return max(fills)
