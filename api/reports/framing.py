"""Places of the earth on a small piece of paper, and how long a round distance is there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from api.plans.schemas import Position

_METRES_PER_DEGREE = 111_195


@dataclass(frozen=True, slots=True)
class Frame:
    """Equirectangular projection that fits points into a box of paper, north up."""

    west: float
    south: float
    shrink: float
    """Of a degree of longitude at the map's latitude."""
    scale: float
    """Points of paper a degree of latitude."""
    left: float
    bottom: float

    def __call__(self, position: Position) -> tuple[float, float]:
        lon, lat = position
        return (
            self.left + (lon - self.west) * self.shrink * self.scale,
            self.bottom + (lat - self.south) * self.scale,
        )

    def bar(self, room: float) -> tuple[str, float]:
        """The longest round distance that fits into some room: its name, and its length in points of paper."""
        points_per_metre = self.scale / _METRES_PER_DEGREE
        longest = room / points_per_metre
        power = 10 ** math.floor(math.log10(longest))
        metres = max(m * power for m in (1, 2, 5) if m * power <= longest)
        text = f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"
        return text, metres * points_per_metre


def fit_frame(places: Sequence[Position], width: float, height: float, margin: float) -> Frame:
    """
    Fit places into a box.

    Parameters
    ----------
    width, height, margin
        Points of paper.
    """
    west, east = min(p[0] for p in places), max(p[0] for p in places)
    south, north = min(p[1] for p in places), max(p[1] for p in places)
    shrink = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * shrink, 0.002), max(north - south, 0.002)
    scale = min((width - 2 * margin) / wide, (height - 2 * margin) / high)
    left = (width - (east - west) * shrink * scale) / 2
    bottom = (height - (north - south) * scale) / 2
    return Frame(west, south, shrink, scale, left, bottom)
