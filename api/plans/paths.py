"""The line of a trip along the roads."""

from __future__ import annotations

from itertools import pairwise

from api.plans.problems import PlanGroup
from api.plans.schemas import Position, TripPath
from api.plans.travel import Line, Pair, Travel
from routing.solution import Route

_DIGITS = 6
"""Of a coordinate in degrees: a tenth of a metre."""
MOST_LEGS = 8192
"""Kept of one profile of a group; a day of 2,000 stops drives about that many while it is changed by hand."""


def route_paths(group: PlanGroup, route: Route) -> list[TripPath]:
    """
    Draw every trip of a route from base to base, through the door of each stop.

    Between two doors the line follows the nodes of the fastest way; it leaves the road only for the last metres to a
    door.
    """
    profile = group.problem.vehicle_types[route.vehicle_type].profile
    trips = [_locations(group, route, trip) for trip in range(len(route.trips))]
    legs = _legs(group.travel, profile, {pair for trip in trips for pair in pairwise(trip) if pair[0] != pair[1]})
    return [_line(group, trip, legs) for trip in trips]


def _legs(travel: Travel, profile: int, pairs: set[Pair]) -> dict[Pair, Line]:
    """Every leg from the point after its first door to its last door; those that were drawn before are kept."""
    kept = travel.legs[profile]
    if len(kept) > MOST_LEGS:
        kept.clear()
    known = {pair: kept[pair] for pair in pairs if pair in kept}
    new = sorted(pairs - known.keys())
    found = travel.finder(profile).find(new) if new else []
    drawn = {
        pair: (*map(_position, path.coordinates.tolist()), _position(travel.points[pair[1]].tolist()))
        for pair, path in zip(new, found, strict=True)
    }
    kept.update(drawn)
    return known | drawn


def _locations(group: PlanGroup, route: Route, trip: int) -> list[int]:
    problem = group.problem
    vehicle = problem.vehicle_types[route.vehicle_type]
    last = trip == len(route.trips) - 1
    start = problem.depots[vehicle.start_depot].location
    end = problem.depots[vehicle.end_depot if last else vehicle.start_depot].location
    return [start, *(problem.stops[visit.stop].location for visit in route.trips[trip].visits), end]


def _line(group: PlanGroup, trip: list[int], legs: dict[Pair, Line]) -> TripPath:
    coordinates = [_position(group.travel.points[trip[0]].tolist())]
    at: list[int] = []
    for pair in pairwise(trip):
        coordinates += legs.get(pair, ())
        at.append(len(coordinates) - 1)
    if len(coordinates) == 1:
        coordinates.append(coordinates[0])
    return TripPath(type="LineString", coordinates=tuple(coordinates), stop_index=tuple(at[:-1]))


def _position(point: list[float]) -> Position:
    return round(point[0], _DIGITS), round(point[1], _DIGITS)
