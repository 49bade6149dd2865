"""The line of a trip along the roads."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from api.plans.problems import PlanGroup
from api.plans.schemas import Position, TripPath
from geo.paths import Path, paths
from routing.solution import Route

_DIGITS = 6
"""Of a coordinate in degrees: a tenth of a metre."""


def route_paths(group: PlanGroup, route: Route) -> list[TripPath]:
    """
    Draw every trip of a route from base to base, through the door of each stop.

    Between two doors the line follows the nodes of the fastest way; it leaves the road only for the last metres to a
    door.
    """
    profile = group.problem.vehicle_types[route.vehicle_type].profile
    trips = [_locations(group, route, trip) for trip in range(len(route.trips))]
    pairs = sorted({pair for trip in trips for pair in pairwise(trip) if pair[0] != pair[1]})
    found = paths(group.travel.networks[profile], group.travel.snapped[profile], pairs)
    ways = dict(zip(pairs, found, strict=True))
    return [_line(group, trip, ways) for trip in trips]


def _locations(group: PlanGroup, route: Route, trip: int) -> list[int]:
    problem = group.problem
    vehicle = problem.vehicle_types[route.vehicle_type]
    last = trip == len(route.trips) - 1
    start = problem.depots[vehicle.start_depot].location
    end = problem.depots[vehicle.end_depot if last else vehicle.start_depot].location
    return [start, *(problem.stops[visit.stop].location for visit in route.trips[trip].visits), end]


def _line(group: PlanGroup, trip: list[int], ways: dict[tuple[int, int], Path]) -> TripPath:
    coordinates = [_position(group.travel.points[trip[0]])]
    at: list[int] = []
    for here, there in pairwise(trip):
        if here != there:
            coordinates += map(_position, ways[here, there].coordinates)
            coordinates.append(_position(group.travel.points[there]))
        at.append(len(coordinates) - 1)
    if len(coordinates) == 1:
        coordinates.append(coordinates[0])
    return TripPath(type="LineString", coordinates=tuple(coordinates), stop_index=tuple(at[:-1]))


def _position(point: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Position:
    return round(float(point[0]), _DIGITS), round(float(point[1]), _DIGITS)
