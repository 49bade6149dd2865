"""
Who may carry what, whatever the clock says: skills, locks, depots, and whether it fits at all.

These are answered once, before a search: a table of requests by vehicle types. (Vehicle compatibility as in the
site-dependent problem, Cordeau & Laporte 2001.)
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from routing.model import UNREACHABLE, Load, Problem, Shipment

BoolArray = npt.NDArray[np.bool_]


def able_kinds(problem: Problem, shipment: Shipment, ways: Ways, alike: Sequence[int]) -> frozenset[int]:
    """
    Vehicle types that may carry a shipment and have room and roads for it, time aside.

    Parameters
    ----------
    alike
        For each vehicle type the first one that is the same: couriers often are.
    """
    able = {
        k: has_skills(problem, shipment, k)
        and is_at_depot(problem, shipment, k)
        and has_room(problem, shipment, k)
        and has_way(problem, shipment, k, ways)
        for k in dict.fromkeys(alike)
    }
    return frozenset(k for k, first in enumerate(alike) if able[first] and is_unlocked(shipment, k))


def has_skills(problem: Problem, shipment: Shipment, kind: int) -> bool:
    """Skills: the vehicle type has all that the shipment needs."""
    return shipment.skills <= problem.vehicle_types[kind].skills


def is_unlocked(shipment: Shipment, kind: int) -> bool:
    """Locks: the shipment is not reserved for other vehicle types."""
    return shipment.vehicle_types is None or kind in shipment.vehicle_types


def is_at_depot(problem: Problem, shipment: Shipment, kind: int) -> bool:
    """Depot: goods leave where they lie, and some trip ends where they are wanted."""
    vehicle = problem.vehicle_types[kind]
    if shipment.delivery is not None:
        return shipment.depot in (None, vehicle.start_depot)
    ends = {vehicle.start_depot, vehicle.end_depot} if vehicle.max_trips > 1 else {vehicle.end_depot}
    return shipment.depot is None or shipment.depot in ends


def has_room(problem: Problem, shipment: Shipment, kind: int) -> bool:
    """Capacity: an empty vehicle holds it."""
    capacity = problem.vehicle_types[kind].capacity
    return _is_within(shipment.load, capacity) and _is_within(shipment.collected, capacity)


def has_way(problem: Problem, shipment: Shipment, kind: int, ways: Ways) -> bool:
    """Reachability: there is a way from the base by its stops and back, be it by other stops."""
    vehicle = problem.vehicle_types[kind]
    start, end = (problem.depots[depot].location for depot in (vehicle.start_depot, vehicle.end_depot))
    stops = (stop for stop in (shipment.pickup, shipment.delivery) if stop is not None)
    way = [start, *(problem.stops[stop].location for stop in stops)]
    ends = {start, end} if vehicle.max_trips > 1 else {end}
    lead = all(ways.lead(vehicle.profile, a, b) for a, b in pairwise(way))
    return lead and any(ways.lead(vehicle.profile, way[-1], home) for home in ends)


class Ways:
    """Which places can be reached from which, by way of any others."""

    def __init__(self, problem: Problem) -> None:
        self._paths = [
            (metres < UNREACHABLE) & (seconds < UNREACHABLE)
            for metres, seconds in zip(problem.distances, problem.durations, strict=True)
        ]
        self._known: dict[tuple[int, int], BoolArray] = {}

    def lead(self, profile: int, start: int, end: int) -> bool:
        """Whether there is a way from a place to another one."""
        return bool(self._paths[profile][start, end] or self._from(profile, start)[end])

    def _from(self, profile: int, start: int) -> BoolArray:
        if (profile, start) not in self._known:
            paths = self._paths[profile]
            reached = paths[start].copy()
            newly = reached
            while newly.any():
                newly = paths[newly].any(axis=0) & ~reached
                reached |= newly
            self._known[profile, start] = reached
        return self._known[profile, start]


def _is_within(load: Load, capacity: Load) -> bool:
    return all(amount <= most for amount, most in zip(load, capacity, strict=False))
