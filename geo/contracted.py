"""The roads of one profile, ready to be asked: graph, network of crossings, hierarchy."""

from dataclasses import dataclass

from geo.contraction import ContractionProgress, Hierarchy, contract
from geo.graph import RoadGraph
from geo.network import Network, build_network


@dataclass(frozen=True, slots=True, eq=False)
class ContractedRoads:
    """What `matrix.py`, `paths.py` and `reach.py` ask."""

    network: Network
    hierarchy: Hierarchy

    @property
    def graph(self) -> RoadGraph:
        return self.network.graph


def contract_roads(graph: RoadGraph, *, on_progress: ContractionProgress | None = None) -> ContractedRoads:
    """Contract the roads of one profile."""
    network = build_network(graph)
    return ContractedRoads(network, contract(network.first_out, network.head, network.weight, on_progress=on_progress))
