"""What lies under the maps of a report: main roads and outlines of communes, where the network is at hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shapely import LineString

from api.plans.map_roads import RoadMap
from api.plans.places import CommunePlace
from api.plans.schemas import Position

Path = tuple[Position, ...]

MAIN = frozenset({"motorway", "trunk", "primary", "secondary"})
_FINEST = 0.0008
"""Degrees: less than a third of a millimetre on a map of a province on A4."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a line is drawn."""

    colour: str
    width: float
    """Points of paper."""
    dashed: bool = False


OUTLINE, FERRY = Style("#b3ada0", 0.5, dashed=True), Style("#3f7fae", 0.9, dashed=True)
_ROAD, _MAIN_ROAD = Style("#ddd7c9", 0.4), Style("#c3b798", 0.9)


@dataclass(frozen=True, slots=True)
class Ground:
    """Lines to draw, degrees (lon, lat)."""

    outlines: tuple[Path, ...] = ()
    """Estimated from the communes' points: never official boundaries."""
    roads: tuple[Path, ...] = ()
    main_roads: tuple[Path, ...] = ()
    ferries: tuple[Path, ...] = ()

    def layers(self) -> Iterator[tuple[tuple[Path, ...], Style]]:
        """The lowest first."""
        yield self.outlines, OUTLINE
        yield self.roads, _ROAD
        yield self.main_roads, _MAIN_ROAD
        yield self.ferries, FERRY


def ground_of(communes: Iterable[CommunePlace], roads: RoadMap) -> Ground:
    """What is drawn of communes and roads."""
    by_class = {one.properties.road_class: one.geometry.coordinates for one in roads.features}
    small = [lines for name, lines in by_class.items() if name not in MAIN | {"ferry"}]
    return Ground(
        outlines=tuple(ring for commune in communes for ring in commune.outline),
        roads=_thinned(line for lines in small for line in lines),
        main_roads=_thinned(line for name in sorted(MAIN & by_class.keys()) for line in by_class[name]),
        ferries=_thinned(by_class.get("ferry", ())),
    )


def _thinned(lines: Iterable[Path]) -> tuple[Path, ...]:
    """The same lines with the bends that no paper shows left out."""
    drawn = (LineString(line).simplify(_FINEST) for line in lines if len(line) > 1)
    return tuple(tuple((x, y) for x, y in line.coords) for line in drawn if line.length >= _FINEST)
