"""A drawing as data: the PDF draws it as vectors, the DOCX shows it as pixels, so that both show the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

import shapely
from shapely import LineString

Spot = tuple[float, float]
"""Points of paper from the lower left corner."""
Room = tuple[float, float, float, float]
"""Left, bottom, right, top."""
HALO = 1
"""Points of white around letters."""


@dataclass(frozen=True, slots=True)
class Line:
    spots: tuple[Spot, ...]
    colour: str
    width: float
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Area:
    """A filled polygon."""

    spots: tuple[Spot, ...]
    fill: str | None
    edge: str | None = None
    width: float = 0.6


@dataclass(frozen=True, slots=True)
class Disc:
    at: Spot
    radius: float
    fill: str
    edge: str = "#ffffff"
    width: float = 0.6


@dataclass(frozen=True, slots=True)
class Label:
    at: Spot
    """Of the base line."""
    text: str
    size: float = 7
    colour: str = "#20302b"
    bold: bool = False
    anchor: Literal["start", "middle", "end"] = "start"
    halo: bool = False
    """White around the letters: they stand on lines."""


Shape = Line | Area | Disc | Label


@dataclass(slots=True)
class Picture:
    """Shapes, the lowest first."""

    width: float
    height: float
    shapes: list[Shape] = field(default_factory=list)
    note: str = ""
    """To be said below it: what it could not show."""

    def add(self, *shapes: Shape) -> None:
        self.shapes += shapes


def square(at: Spot, half: float) -> tuple[Spot, ...]:
    x, y = at
    return ((x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half))


def diamond(at: Spot, half: float) -> tuple[Spot, ...]:
    x, y = at
    return ((x, y - half), (x + half, y), (x, y + half), (x - half, y))


def triangle(at: Spot, half: float) -> tuple[Spot, ...]:
    x, y = at
    return ((x - half, y - 0.8 * half), (x + half, y - 0.8 * half), (x, y + half))


def box(left: float, bottom: float, right: float, top: float) -> tuple[Spot, ...]:
    return ((left, bottom), (right, bottom), (right, top), (left, top))


def clipped(line: Line, room: Room) -> Iterator[Line]:
    """The parts of a line that lie in a room."""
    for part in shapely.get_parts(shapely.clip_by_rect(LineString(line.spots), *room)):
        if part.length > 0:
            yield replace(line, spots=tuple((x, y) for x, y in part.coords))
