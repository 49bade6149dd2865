"""The nodes of the model as arrays: bundles first, then gates, starts and ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from routing.model import UNREACHABLE, IntMatrix, Problem
from routing.reference.bundles import Bundling
from routing.reference.couriers import Fleet

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Nodes:
    """One entry a node. Bundles stand in the order that a seed chose for them."""

    bundles: tuple[int, ...]
    """Bundle of each of the first nodes."""
    node_of_bundle: dict[int, int]
    gates: range
    """Nodes of the fleet's gates."""
    starts: tuple[int, ...]
    """Node at which each courier begins."""
    ends: tuple[int, ...]
    location: IntArray
    stop: IntArray
    """Negative at a base, and different for each node there."""
    service: IntArray
    """Item times of a bundle; reloading at a gate."""
    setup: IntArray

    def __len__(self) -> int:
        return len(self.location)

    def drives(self, matrix: IntMatrix, unreachable: int) -> IntArray:
        """What a matrix of locations says for every pair of nodes."""
        values = matrix[np.ix_(self.location, self.location)].astype(np.int64)
        values[values == UNREACHABLE] = unreachable
        return values

    def setups(self) -> IntArray:
        """Set-up is part of the way to a door, unless the vehicle stands there already."""
        return np.where(self.stop[:, None] == self.stop[None, :], 0, self.setup[None, :])


def lay_out(problem: Problem, bundling: Bundling, fleet: Fleet, order: Sequence[int]) -> Nodes:
    """Number the nodes; couriers with the same base share their first and last node."""
    vehicles = [problem.vehicle_types[c.vehicle_type] for c in fleet.couriers]
    doors = [bundling.bundles[number].stop for number in order]
    first_start = len(order) + len(fleet.gates)
    starts = {depot: first_start + k for k, depot in enumerate(dict.fromkeys(v.start_depot for v in vehicles))}
    first_end = first_start + len(starts)
    ends = {depot: first_end + k for k, depot in enumerate(dict.fromkeys(v.end_depot for v in vehicles))}
    bases = [vehicles[g.courier].start_depot for g in fleet.gates] + list(starts) + list(ends)
    reloads = [vehicles[g.courier].reload_duration for g in fleet.gates]
    return Nodes(
        bundles=tuple(order),
        node_of_bundle={bundle: node for node, bundle in enumerate(order)},
        gates=range(len(order), first_start),
        starts=tuple(starts[v.start_depot] for v in vehicles),
        ends=tuple(ends[v.end_depot] for v in vehicles),
        location=_array([problem.stops[s].location for s in doors] + [problem.depots[d].location for d in bases]),
        stop=_array(doors + [-1 - k for k in range(len(bases))]),
        service=_array([bundling.bundles[n].duration for n in order] + reloads + [0] * (len(starts) + len(ends))),
        setup=_array([problem.stops[s].setup_duration for s in doors] + [0] * len(bases)),
    )


def _array(values: Sequence[int]) -> IntArray:
    return np.array(values, dtype=np.int64)
