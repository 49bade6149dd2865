"""Where names stand on a map: beside their marks, none on another; further off, on a thin line, where it is crowded."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import cos, hypot, pi, sin

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, Point, STRtree
from shapely.geometry import box as rectangle
from shapely.geometry.base import BaseGeometry

from api.coverage.exports.letters import text_width
from api.coverage.exports.pictures import Label, Line, Room, Shape, Spot
from api.coverage.exports.placement import choose_spots

SIZE = 6.6
_INK, _LEADER = "#20302b", "#4d5852"
_UP, _DOWN = 0.98, 0.24
"""How far letters with their tone marks reach from the base line, in sizes."""
_AIR = 1.3
"""Points between a mark and its name."""
_BESIDE = ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1))
"""Directions, the best first."""
_AWAY, _AROUND = (9, 15, 22, 30, 40, 52), 16
"""Distances of names on lines, points, and how many directions are tried."""
_RANK, _LINE, _HIDING, _CROSSING = 0.4, 3.0, 14.0, 4.0
"""Prices: of a step in `_BESIDE`, of a line (and its length in sizes), of hiding a whole mark, of a line across one."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign on the map, as the disc it lies in."""

    at: Spot
    radius: float
    name: str = ""
    """To be written; empty = none."""


@dataclass(frozen=True, slots=True)
class Names:
    """What is drawn, and whose name found no room."""

    shapes: tuple[Shape, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to write a name."""

    owner: int
    price: float
    label: Label
    room: Room
    """Of the letters."""
    line: Line | None = None


def place_names(marks: Sequence[Mark], frame: Room, free: Sequence[Room] = ()) -> Names:
    """
    Write the names of marks.

    Parameters
    ----------
    marks
        Named ones are covered by no name, others as little as possible.
    frame
        No name reaches beyond it.
    free
        Rooms to be kept free.
    """
    named, others = [mark for mark in marks if mark.name], [mark for mark in marks if not mark.name]
    every = [way for owner, mark in enumerate(named) for way in _ways(owner, mark)]
    covers = _covers(every)
    lasting = np.flatnonzero(_allowed(every, covers, named, frame, free))
    ways = [every[at] for at in lasting]
    chosen = choose_spots([way.owner for way in ways], covers[lasting], _prices(ways, others))
    taken = [ways[chosen[owner]] for owner in sorted(chosen)]
    left_out = [mark.name for owner, mark in enumerate(named) if owner not in chosen]
    lines = [drawn for way in taken if way.line for drawn in (replace(way.line, colour="#ffffff", width=1.8), way.line)]
    return Names((*lines, *(way.label for way in taken)), tuple(left_out))


def _ways(owner: int, mark: Mark) -> Iterator[_Way]:
    """Beside the mark, then ever further off."""
    (x, y), gap = mark.at, mark.radius + _AIR
    wide, high = text_width(mark.name, SIZE, bold=True), (_UP + _DOWN) * SIZE
    for rank, (dx, dy) in enumerate(_BESIDE):
        near = gap * (0.72 if dx and dy else 1.0)
        room = _room((x + dx * (near + wide / 2), y + dy * (near + high / 2)), wide, high)
        yield _Way(owner, _RANK * rank, _label(mark.name, room), room)
    for away in _AWAY:
        for turn in range(_AROUND):
            across, up = cos(2 * pi * turn / _AROUND), sin(2 * pi * turn / _AROUND)
            room = _room((x + across * (gap + away + wide / 2), y + up * (gap + away + high / 2)), wide, high)
            yield _Way(owner, _LINE + away / SIZE, _label(mark.name, room), room, _leader(mark, room))


def _room(middle: Spot, wide: float, high: float) -> Room:
    x, y = middle
    return x - wide / 2, y - high / 2, x + wide / 2, y + high / 2


def _label(text: str, room: Room) -> Label:
    left, bottom, right, _ = room
    spot = ((left + right) / 2, bottom + _DOWN * SIZE)
    return Label(spot, text, SIZE, _INK, bold=True, anchor="middle", halo=True)


def _leader(mark: Mark, room: Room) -> Line:
    """From the edge of a mark to near the nearest spot of a room."""
    (x, y), (left, bottom, right, top) = mark.at, room
    u, v = min(max(x, left), right), min(max(y, bottom), top)
    length = hypot(u - x, v - y)
    first, last = mark.radius / length, 1 - _AIR / length
    ends = (x + (u - x) * first, y + (v - y) * first), (x + (u - x) * last, y + (v - y) * last)
    return Line(ends, _LEADER, 0.6)


def _covers(ways: Sequence[_Way]) -> NDArray[np.object_]:
    """What nothing else may touch: letters and lines."""
    letters, lines = _letters(ways), _lines(ways)
    both = shapely.union(letters, shapely.buffer(lines, 0.6, quad_segs=2))
    return np.where(shapely.is_missing(lines), letters, both)


def _allowed(
    ways: Sequence[_Way], covers: NDArray[np.object_], named: Sequence[Mark], frame: Room, free: Sequence[Room]
) -> NDArray[np.bool_]:
    """Inside the frame, on no room to be kept free and on no mark that has a name; a line may touch its own."""
    closed = STRtree([_disc(mark) for mark in named] + [rectangle(*room) for room in free])
    at, hit = closed.query(covers, predicate="intersects")
    owners = np.array([way.owner for way in ways], np.int64)
    found: NDArray[np.bool_] = shapely.covers(rectangle(*frame), covers)
    found[at[hit != owners[at]]] = False
    return found


def _prices(ways: Sequence[_Way], others: Sequence[Mark]) -> NDArray[np.float64]:
    """Of each way: how far off it is, what its letters hide, what its line crosses."""
    prices = np.array([way.price for way in ways], np.float64)
    discs = np.array([_disc(mark) for mark in others], object)
    letters, tree = _letters(ways), STRtree(discs)
    at, hidden = tree.query(letters, predicate="intersects")
    shares = shapely.area(shapely.intersection(letters[at], discs[hidden])) / shapely.area(discs[hidden])
    np.add.at(prices, at, _HIDING * shares)
    crossing, _ = tree.query(_lines(ways), predicate="intersects")
    np.add.at(prices, crossing, _CROSSING)
    return prices


def _letters(ways: Sequence[_Way]) -> NDArray[np.object_]:
    return np.array([rectangle(*way.room) for way in ways], object)


def _lines(ways: Sequence[_Way]) -> NDArray[np.object_]:
    return np.array([way.line and LineString(way.line.spots) for way in ways], object)


def _disc(mark: Mark) -> BaseGeometry:
    return Point(mark.at).buffer(mark.radius, quad_segs=4)
