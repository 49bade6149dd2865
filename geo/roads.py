"""The roads of a region: one graph a vehicle profile, their contraction, and where they come from."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.contracted import ContractedRoads, contract_roads
from geo.contraction import Hierarchy
from geo.crossings import Chains
from geo.errors import NotRoadsError
from geo.ferries import Ferry
from geo.graph import ARRAYS, RoadGraph
from geo.network import Network
from geo.profiles import TurnDelays
from geo.report import BuildReport, RoadProgress
from geo.road_file import read_road_file, write_road_file
from geo.traffic import at_time

_Time = tuple[str, str | None, frozenset[int]]
"""Profile, wave and closed ways."""


@dataclass(frozen=True, slots=True, eq=False)
class Roads(Mapping[str, RoadGraph]):
    """The road graphs of a region by profile name, and where they come from."""

    graphs: Mapping[str, RoadGraph]
    """By profile name."""
    source: str
    """File name of the extract, or how the network was made up."""
    sha256: str
    """Of the extract, or of the recipe."""
    synthetic: bool = False
    """True = no real roads: every output says so."""
    report: BuildReport = field(default_factory=BuildReport)
    ferries: tuple[Ferry, ...] = ()
    """Ferries of the map, by way id."""
    _contracted: dict[_Time, ContractedRoads] = field(default_factory=dict)
    """What has been asked for, or was read from a file."""

    def __getitem__(self, profile: str) -> RoadGraph:
        return self.graphs[profile]

    def __iter__(self) -> Iterator[str]:
        return iter(self.graphs)

    def __len__(self) -> int:
        return len(self.graphs)

    def contracted(
        self,
        profile: str,
        *,
        wave: str | None = None,
        closed: frozenset[int] = frozenset(),
        on_progress: RoadProgress | None = None,
    ) -> ContractedRoads:
        """
        The contracted roads of a profile at a time of day: those of the file, or contracted at the first call.

        Parameters
        ----------
        wave, closed
            As in `traffic.at_time`; ways that the profile does not use make no difference.
        """
        graph = self.graphs[profile]
        ways = closed & set(np.unique(graph.way).tolist()) if closed else closed
        key = profile, wave if wave in graph.traffic else None, ways
        if key not in self._contracted:
            told = None if on_progress is None else lambda done, total: on_progress("contract", done, total)
            self._contracted[key] = contract_roads(at_time(graph, wave, ways), on_progress=told)
        return self._contracted[key]

    def save(self, path: Path, *, on_progress: RoadProgress | None = None) -> None:
        """Contract what is not, and write one file; the same roads give the same bytes."""
        contracted = {name: self.contracted(name, on_progress=on_progress) for name in self.graphs}
        header = {
            "source": self.source,
            "sha256": self.sha256,
            "synthetic": self.synthetic,
            "profiles": {name: _facts(roads) for name, roads in contracted.items()},
            "report": self.report.to_json(),
            "ferries": [asdict(ferry) for ferry in self.ferries],
        }
        arrays: dict[str, NDArray[Any]] = {}
        for name, roads in contracted.items():
            arrays |= {f"{name}/{column}": getattr(roads.graph, column) for column in ARRAYS}
            for part in (roads.network.chains, roads.network, roads.hierarchy):
                arrays |= {f"{name}/{key}": getattr(part, column) for column, key in _columns(type(part)).items()}
        write_road_file(path, header, arrays)

    @classmethod
    def load(cls, path: Path) -> "Roads":
        """
        Read a file written by `save`; its arrays stay in the file until they are used.

        Raises
        ------
        NotRoadsError
            When the file is something else, truncated, or damaged.
        StaleRoadsError
            When another version wrote it.
        """
        header, arrays = read_road_file(path)
        try:
            roads = cls(
                graphs={name: _graph(name, row, arrays) for name, row in header["profiles"].items()},
                source=str(header["source"]),
                sha256=str(header["sha256"]),
                synthetic=bool(header["synthetic"]),
                report=BuildReport.from_json(header["report"]),
                ferries=tuple(Ferry(**row) for row in header["ferries"]),
            )
            for name, graph in roads.graphs.items():
                roads._contracted[name, None, frozenset()] = _contracted(name, graph, arrays)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise NotRoadsError(f"{path.name} is damaged: {error}") from error
        return roads


def _columns(part: type[Chains | Network | Hierarchy]) -> dict[str, str]:
    """The arrays of a part of contracted roads, and what each is called in the file."""
    folder = part.__name__.lower()
    return {column: f"{folder}/{column}" for column in part.__dataclass_fields__ if column not in {"graph", "chains"}}


def _facts(roads: ContractedRoads) -> dict[str, Any]:
    """What the header says of a profile."""
    graph = roads.graph
    return {
        "access_kph": graph.access_kph,
        "delays": asdict(graph.delays),
        "traffic": {wave: dict(shares) for wave, shares in graph.traffic.items()},
        "names": graph.names,
    }


def _graph(name: str, row: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> RoadGraph:
    columns = {column: arrays[f"{name}/{column}"] for column in ARRAYS}
    return RoadGraph(
        profile=name,
        access_kph=float(row["access_kph"]),
        names=tuple(row["names"]),
        delays=TurnDelays(**row["delays"]),
        traffic=dict(row["traffic"]),
        **columns,
    )


def _contracted(name: str, graph: RoadGraph, arrays: Mapping[str, NDArray[Any]]) -> ContractedRoads:
    def part(kind: type[Chains | Network | Hierarchy]) -> dict[str, NDArray[Any]]:
        return {column: arrays[f"{name}/{key}"] for column, key in _columns(kind).items()}

    network = Network(graph=graph, chains=Chains(**part(Chains)), **part(Network))
    return ContractedRoads(network, Hierarchy(**part(Hierarchy)))
