"""
Parts of a solution that can be worked on at the same time: routes near each other.

Places have no coordinates here, so a region is grown from a route by road: half of the routes are nearer to it than the
other half (route-based decomposition; Santini, Schneider, Vidal & Vigo 2023, *Decomposition strategies for vehicle
routing heuristics*). Every meeting starts from another route, so that no border stays.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from routing.encoding import Encoded
from routing.kernel import columns as c
from routing.sequences import without

Seeds = np.random.Generator


def split(encoded: Encoded, sequences: Sequence[Sequence[int]], parts: int, rng: Seeds) -> list[list[int]]:
    """Deal the vehicles out to regions: those that drive by nearness, idle ones in turn."""
    driving = [v for v, sequence in enumerate(sequences) if sequence]
    middles = {v: _middle(encoded, sequences[v]) for v in driving}
    regions = _halved(encoded, driving, middles, parts, rng)
    idle = [v for v, sequence in enumerate(sequences) if not sequence]
    for turn, vehicle in enumerate(idle):
        regions[turn % parts].append(vehicle)
    return regions


def merged(encoded: Encoded, regions: Sequence[Sequence[int]], rows: Sequence[Sequence[list[int]]]) -> list[list[int]]:
    """Every vehicle's row from the run of its region; a request that two runs took is taken from the second."""
    node = encoded.tables.node
    whole: list[list[int]] = [[] for _ in encoded.vehicle_types]
    taken: set[int] = set()
    for region, sequences in zip(regions, rows, strict=True):
        mine: set[int] = set()
        for vehicle in region:
            requests = {int(node[n, c.REQUEST]) for n in sequences[vehicle] if n >= 0 and node[n, c.REQUEST] >= 0}
            double = requests & taken
            mine |= requests
            whole[vehicle] = without(node, sequences[vehicle], double)
        taken |= mine
    return whole


def _middle(encoded: Encoded, sequence: Sequence[int]) -> int:
    """Location of the visit in the middle of a route."""
    nodes = [n for n in sequence if n >= 0]
    return int(encoded.tables.node[nodes[len(nodes) // 2], c.LOCATION])


def _halved(encoded: Encoded, vehicles: list[int], middles: dict[int, int], parts: int, rng: Seeds) -> list[list[int]]:
    if parts == 1 or not vehicles:
        return [vehicles, *([] for _ in range(parts - 1))]
    metres = encoded.tables.out_of[0, middles[vehicles[int(rng.integers(len(vehicles)))]], :, 0]
    near = sorted(vehicles, key=lambda v: (int(metres[middles[v]]), v))
    first = parts // 2
    cut = len(near) * first // parts
    return _halved(encoded, near[:cut], middles, first, rng) + _halved(encoded, near[cut:], middles, parts - first, rng)
