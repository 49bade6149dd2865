"""Names of the communes around a round, to find one's way on its map."""

from __future__ import annotations

from datetime import date
from typing import Final

from api.plans.schemas import PlannedRoute
from api.rounds.schemas import CommuneName
from geo.units import load_communes

AROUND: Final = 0.02
"""Degrees beyond the path: about two kilometres."""


def communes_around(route: PlannedRoute, day: date) -> tuple[CommuneName, ...]:
    """Name the communes in force whose points lie where the path runs; a point that two share is wrong for one."""
    line = [point for trip in route.trips for point in trip.path.coordinates]
    west, east = min(lon for lon, _ in line) - AROUND, max(lon for lon, _ in line) + AROUND
    south, north = min(lat for _, lat in line) - AROUND, max(lat for _, lat in line) + AROUND
    return tuple(
        CommuneName(name=unit.name, point=(unit.lon, unit.lat))
        for unit in load_communes(day)
        if west <= unit.lon <= east and south <= unit.lat <= north and not unit.shared_point
    )
