"""Where places lie on the roads, and how far they are from each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np

from api.errors import InputError, RowError, RowRef
from api.network.model import Network
from api.network.rows import Courier
from api.plans.tasks import Work
from api.shipments.model import Shipment
from geo.contracted import ContractedRoads
from geo.coordinates import FloatArray
from geo.errors import NoRoadError
from geo.matrix import travel_matrix
from geo.paths import PathFinder
from geo.roads import Roads
from geo.snapping import Snapped, snap
from routing.model import Action, IntMatrix

RADIUS_M = 2000
"""A place further from every road is an error in the data."""
Pair = tuple[int, int]
"""Two locations, from and to."""
Line = tuple[tuple[float, float], ...]
"""Degrees, (lon, lat)."""


@dataclass(frozen=True, slots=True, eq=False)
class Travel:
    """The locations of one group on the roads of each profile it uses."""

    networks: tuple[ContractedRoads, ...]
    """By profile of the problem."""
    snapped: tuple[Snapped, ...]
    """By profile."""
    points: FloatArray
    """Shape (locations, 2), degrees."""
    distances: tuple[IntMatrix, ...]
    """By profile, metres."""
    durations: tuple[IntMatrix, ...]
    """By profile, seconds."""
    legs: tuple[dict[Pair, Line], ...] = field(init=False, repr=False)
    """By profile, what `paths` has drawn between two locations: while a stop is dragged, most legs are the same."""

    _finders: dict[int, PathFinder] = field(init=False, repr=False, default_factory=dict)
    """By profile, once its first leg is drawn."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "legs", tuple({} for _ in self.networks))

    def finder(self, profile: int) -> PathFinder:
        """Finds ways between locations."""
        if profile not in self._finders:
            self._finders[profile] = PathFinder(self.networks[profile], self.snapped[profile])
        return self._finders[profile]


@dataclass(frozen=True, slots=True)
class _Located:
    """A point, and where it was read."""

    point: tuple[float, float]
    source: RowRef
    column: str


def measure_travel(
    roads: Roads,
    profiles: Sequence[str],
    points: Sequence[tuple[float, float]],
    closed: frozenset[int] = frozenset(),
) -> Travel:
    """
    Measure all ways between points, for each profile; `closed` are ferries that cannot be counted on, by way.

    Raises
    ------
    geo.errors.NoRoadError
        When a point lies too far from any road; `require_roads` says it with file and row.
    """
    where = np.array(points, dtype=np.float64).reshape(-1, 2)
    networks = tuple(roads.contracted(profile, closed=closed) for profile in profiles)
    snapped = tuple(snap(network.graph, where, radius_m=RADIUS_M) for network in networks)
    matrices = [travel_matrix(network, places) for network, places in zip(networks, snapped, strict=True)]
    return Travel(
        networks=networks,
        snapped=snapped,
        points=where,
        distances=tuple(matrix.distances for matrix in matrices),
        durations=tuple(matrix.durations for matrix in matrices),
    )


def require_roads(network: Network, works: Iterable[Work], couriers: Sequence[Courier], roads: Roads) -> None:
    """
    Make sure that every base and every place of work lies near a road of each vehicle in use.

    Raises
    ------
    InputError
        With one row for each place that does not.
    """
    bases = _sites(network, (courier.base_id for courier in couriers))
    _require([*bases, *map(_located, works)], (courier.vehicle.value for courier in couriers), roads)


def require_sites(network: Network, site_ids: Iterable[str], profiles: Iterable[str], roads: Roads) -> None:
    """
    Make sure that sites lie near a road of each profile.

    Raises
    ------
    InputError
        With one row for each site that does not.
    """
    _require(_sites(network, site_ids), profiles, roads)


def require_ends(shipments: Iterable[Shipment], profiles: Iterable[str], roads: Roads) -> None:
    """
    Make sure that both ends of every shipment lie near a road of each profile.

    Raises
    ------
    InputError
        With one row for each end that does not.
    """
    ends = [
        _Located((end.lon, end.lat), shipment.source, f"{name}_lon" if end.site_id is None else f"{name}_site")
        for shipment in shipments
        for name, end in (("origin", shipment.origin), ("dest", shipment.dest))
    ]
    _require(ends, profiles, roads)


def _require(places: Iterable[_Located], profiles: Iterable[str], roads: Roads) -> None:
    located = list(dict.fromkeys(places))
    if not located:
        return
    points = np.array([place.point for place in located], dtype=np.float64)
    far: dict[int, tuple[int, str, str]] = {}
    for profile in dict.fromkeys(profiles):
        try:
            snap(roads[profile], points, radius_m=RADIUS_M)
        except NoRoadError as error:
            for index, metres, road in error.points:
                far.setdefault(index, (metres, road, profile))
    if far:
        raise InputError(_too_far(located[index], *far[index]) for index in sorted(far))


def _sites(network: Network, site_ids: Iterable[str]) -> list[_Located]:
    sites = [network.site(site_id) for site_id in dict.fromkeys(site_ids)]
    return [_Located((site.lon, site.lat), site.source, "lon") for site in sites]


def _located(work: Work) -> _Located:
    end = "origin" if work.action is Action.COLLECT else "dest"
    column = f"{end}_lon" if work.place.site_id is None else f"{end}_site"
    return _Located((work.place.lon, work.place.lat), work.shipment.source, column)


def _too_far(place: _Located, metres: int, road: str, profile: str) -> RowError:
    lon, lat = place.point
    far = f"{metres / 1000:.1f} km"
    return RowError(
        file=place.source.file,
        row=place.source.row,
        column=place.column,
        code="no_road",
        message_vi=(
            f"điểm ({lon:g}, {lat:g}) cách đường gần nhất cho {profile}{f' ({road})' if road else ''} "
            f"{far.replace('.', ',')}, "
            f"quá {RADIUS_M / 1000:g} km: kiểm tra tọa độ, hoặc bổ sung mạng đường"
        ),
        message_en=(
            f"the point ({lon:g}, {lat:g}) lies {far} from the nearest road for {profile}"
            f"{f' ({road})' if road else ''}, "
            f"more than {RADIUS_M / 1000:g} km: check the coordinates, or extend the roads"
        ),
    )
