"""Ways as they are read from an extract, kept in flat arrays: a country has millions of them."""

from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.coordinates import FloatArray, haversine
from geo.report import DropReason
from geo.restrictions import Restriction

OPEN = 0
"""`WayTable.status` of a way that a profile may use; any other value is 1 + an index into `REASONS`."""
REASONS = tuple(DropReason)


@dataclass(frozen=True, slots=True)
class NodeDelay:
    """Time lost where a road passes a node, by those who come along its way in some direction."""

    node: int
    seconds: float
    forward: bool = True
    backward: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class WayTable:
    """
    Every way of an extract that may be a road, w ways with p node places in all.

    A way with a node that has no coordinates is cut there, so it may have several runs of places.
    """

    node: NDArray[np.int64]
    """Shape (p,): node id of each place."""
    lon: FloatArray
    lat: FloatArray
    run_first: NDArray[np.int64]
    """Shape (r + 1,): the places of run i are run_first[i] ... run_first[i + 1] - 1."""
    run_way: NDArray[np.int32]
    """Shape (r,): the way of each run."""
    way: NDArray[np.int64]
    """Shape (w,): its id in the map."""
    name: NDArray[np.int32]
    """Shape (w,): index into `names`; -1 = it has none."""
    names: tuple[str, ...]
    road_class: NDArray[np.uint8]
    """Shape (w,): index into `profiles.ROAD_CLASSES`; 0 where the way is no road at all."""
    status: Mapping[str, NDArray[np.uint8]]
    """By profile, shape (w,): `OPEN`, or why not."""
    kph: Mapping[str, tuple[NDArray[np.float64], NDArray[np.float64]]]
    """By profile, two of shape (w,): speed forward and backward, 0 = closed that way."""
    boarding: Mapping[str, NDArray[np.float64]]
    """By profile, shape (w,): seconds of waiting before a ferry, 0 on roads."""
    stopped: Mapping[str, NDArray[np.int64]]
    """By profile: ids of the nodes where a barrier stops it, sorted."""
    delays: Mapping[str, tuple[NodeDelay, ...]]
    """By profile: where it loses time."""
    restrictions: tuple[Restriction, ...]
    """Turns that are forbidden."""

    def places(self) -> NDArray[np.int32]:
        """The run of each place, shape (p,)."""
        return np.repeat(np.arange(self.run_way.size, dtype=np.int32), np.diff(self.run_first))

    def way_km(self) -> FloatArray:
        """Length of each way, shape (w,)."""
        run = self.places()
        metres = haversine(self.lon[:-1], self.lat[:-1], self.lon[1:], self.lat[1:]) * (run[:-1] == run[1:])
        way = self.run_way[run[:-1]] if run.size else np.zeros(0, dtype=np.int32)
        return np.bincount(way, weights=metres, minlength=self.road_class.size) / 1000


class WayCollector:
    """Grows a `WayTable` while an extract is read."""

    def __init__(self, profiles: Sequence[str]) -> None:
        self._profiles = tuple(profiles)
        self._node, self._lon, self._lat = array("q"), array("d"), array("d")
        self._run_first, self._run_way = array("q", [0]), array("i")
        self._way, self._name = array("q"), array("i")
        self._names: dict[str, int] = {}
        self._road_class = array("B")
        self._status = {name: array("B") for name in profiles}
        self._kph = {name: (array("d"), array("d")) for name in profiles}
        self._boarding = {name: array("d") for name in profiles}
        self._stopped = {name: array("q") for name in profiles}
        self._delays: dict[str, list[NodeDelay]] = {name: [] for name in profiles}
        self._restrictions: list[Restriction] = []

    def __len__(self) -> int:
        """Ways described so far."""
        return len(self._road_class)

    def add_run(self, nodes: Sequence[int], lon: Sequence[float], lat: Sequence[float]) -> None:
        """Add some places, two at least, of the way that the next `add_way` describes."""
        self._node.extend(nodes)
        self._lon.extend(lon)
        self._lat.extend(lat)
        self._run_first.append(len(self._node))
        self._run_way.append(len(self._road_class))

    def add_way(
        self,
        way: int,
        road_class: int,
        speeds: Mapping[str, tuple[float, float] | DropReason],
        *,
        road_name: str = "",
        boarding: Mapping[str, float] | None = None,
    ) -> None:
        """Describe the way of the runs added since the last one: speeds, or why it is closed, by profile."""
        self._way.append(way)
        self._name.append(self._names.setdefault(road_name, len(self._names)) if road_name else -1)
        self._road_class.append(road_class)
        for name in self._profiles:
            found = speeds[name]
            closed = isinstance(found, DropReason)
            self._status[name].append(1 + REASONS.index(found) if isinstance(found, DropReason) else OPEN)
            forward, backward = (0.0, 0.0) if isinstance(found, DropReason) else found
            self._kph[name][0].append(forward)
            self._kph[name][1].append(backward)
            self._boarding[name].append(0.0 if boarding is None or closed else boarding[name])

    def add_barrier(self, profile: str, node: int) -> None:
        """Stop a profile at a node."""
        self._stopped[profile].append(node)

    def add_delay(self, profile: str, delay: NodeDelay) -> None:
        """Let a profile lose time at a node."""
        self._delays[profile].append(delay)

    def add_restrictions(self, restrictions: Iterable[Restriction]) -> None:
        """Forbid turns."""
        self._restrictions.extend(restrictions)

    def table(self) -> WayTable:
        """What was collected, as arrays."""
        return WayTable(
            node=np.array(self._node, dtype=np.int64),
            lon=np.array(self._lon, dtype=np.float64),
            lat=np.array(self._lat, dtype=np.float64),
            run_first=np.array(self._run_first, dtype=np.int64),
            run_way=np.array(self._run_way, dtype=np.int32),
            way=np.array(self._way, dtype=np.int64),
            name=np.array(self._name, dtype=np.int32),
            names=tuple(self._names),
            road_class=np.array(self._road_class, dtype=np.uint8),
            status={name: np.array(rows, dtype=np.uint8) for name, rows in self._status.items()},
            kph={
                name: (np.array(f, dtype=np.float64), np.array(b, dtype=np.float64))
                for name, (f, b) in self._kph.items()
            },
            boarding={name: np.array(rows, dtype=np.float64) for name, rows in self._boarding.items()},
            stopped={name: np.unique(np.array(ids, dtype=np.int64)) for name, ids in self._stopped.items()},
            delays={name: tuple(delays) for name, delays in self._delays.items()},
            restrictions=tuple(self._restrictions),
        )
