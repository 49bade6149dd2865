"""Invented addresses: points beside a road, around the middle of an old commune."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial import cKDTree

from api.demo.facts import SampleCommune
from geo.coordinates import FloatArray, from_plane, to_sphere
from geo.graph import RoadGraph
from geo.profiles import FERRY

_FROM_ROAD = 60.0  # metres, most


@dataclass(frozen=True, slots=True)
class Home:
    """Where an invented citizen lives."""

    lon: float
    lat: float
    address: str
    commune_code: str


def find_homes(communes: Sequence[SampleCommune], graph: RoadGraph, rng: np.random.Generator) -> list[Home]:
    """
    Invent one home in each of the given communes, which may repeat.

    Homes are denser towards the middle of an old commune, as villages are, and stand beside the nearest road of
    `graph`.
    """
    parts = [commune.old[rng.integers(len(commune.old))] for commune in communes]
    middle = np.array([(part.lon, part.lat) for part in parts]).reshape(-1, 2)
    radius = np.array([_radius(commune) for commune in communes])
    points = _moved(middle, radius * rng.random(len(parts)), rng)
    beside = _moved(_on_roads(points, graph), _FROM_ROAD * rng.random(len(parts)), rng)
    numbers = rng.integers(1, 900, len(parts)).tolist()
    return [
        Home(round(lon, 5), round(lat, 5), f"Địa chỉ mẫu {number}, {part.name} (cũ), {commune.name}", commune.code)
        for (lon, lat), number, part, commune in zip(beside.tolist(), numbers, parts, communes, strict=True)
    ]


def _radius(commune: SampleCommune) -> float:
    """Of a circle as large as one of its old communes, metres."""
    return 1000 * float(np.sqrt(commune.area_km2 / len(commune.old) / np.pi))


def _moved(points: FloatArray, distance: FloatArray, rng: np.random.Generator) -> FloatArray:
    """Points some metres away, each in a direction of its own."""
    angle = rng.uniform(0, 2 * np.pi, len(points))
    step = distance[:, None] * np.column_stack((np.cos(angle), np.sin(angle)))
    origins = [(float(lon), float(lat)) for lon, lat in points]
    moved = [from_plane(metres, origin=origin)[0] for metres, origin in zip(step, origins, strict=True)]
    return np.array(moved, dtype=np.float64).reshape(-1, 2)


def _on_roads(points: FloatArray, graph: RoadGraph) -> FloatArray:
    """The nearest node on land for each point."""
    land = np.unique(graph.head[graph.road_class != FERRY])
    lon, lat = graph.lon[land], graph.lat[land]
    _, nearest = cKDTree(to_sphere(lon, lat)).query(to_sphere(points[:, 0], points[:, 1]))
    return np.column_stack((lon[nearest], lat[nearest]))
