"""
Reachability: there is a path between two consecutive places; where there is none, another stop may lie between them.

Before a search, what cannot be reached from a base, nor the base from it, by way of any places at all is left out: the
transitive closure of the arcs that exist, place by place, breadth first.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from routing.kernel.columns import NEVER, Places
from routing.kernel.jit import leaf
from routing.model import UNREACHABLE, Problem, Shipment

BoolArray = npt.NDArray[np.bool_]


@leaf
def has_arc(out_of: Places, profile: int, here: int, there: int) -> bool:
    """Whether a path exists."""
    return out_of[profile, here, there, 0] != NEVER and out_of[profile, here, there, 1] != NEVER


def has_way(problem: Problem, shipment: Shipment, kind: int, ways: Ways) -> bool:
    """Whether there is a way from the base by its stops and back, be it by other stops."""
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
