"""Invented addresses: points beside a road, around the middle of an old commune."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from api.demo.facts import SampleCommune
from geo.coverage.homes import Doors
from geo.graph import RoadGraph


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
    beside = Doors(graph).around(middle, np.array([_radius(commune) for commune in communes]), rng)
    numbers = rng.integers(1, 900, len(parts)).tolist()
    return [
        Home(round(lon, 5), round(lat, 5), f"Địa chỉ mẫu {number}, {part.name} (cũ), {commune.name}", commune.code)
        for (lon, lat), number, part, commune in zip(beside.tolist(), numbers, parts, communes, strict=True)
    ]


def _radius(commune: SampleCommune) -> float:
    """Of a circle as large as one of its old communes, metres."""
    return 1000 * float(np.sqrt(commune.area_km2 / len(commune.old) / np.pi))
