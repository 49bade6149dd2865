"""Made-up couriers: routes by networkx, driven at speeds that are known, and what a receiver would record of them."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from geo.coordinates import FloatArray, from_plane
from geo.graph import RoadGraph
from geo.profiles import ROAD_CLASSES
from geo.traces import Trace
from geo.turns import turn_ms

START = 1_700_000_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Driven:
    """The truth: a timeline of points on arcs."""

    arcs: NDArray[np.int64]
    """Arc of each stretch of the timeline; -1 = standing."""
    begin: FloatArray
    """Seconds at which each stretch begins, and at last the end of all; shape (stretches + 1,)."""

    def arc_at(self, seconds: float) -> int:
        place = int(np.searchsorted(self.begin, seconds, side="right")) - 1
        return int(self.arcs[min(place, self.arcs.size - 1)])

    def arcs_between(self, first: float, last: float) -> list[int]:
        """Those driven from one moment to another, in order."""
        inside = (self.begin[1:] > first) & (self.begin[:-1] < last) & (self.arcs >= 0)
        return [arc for arc, _ in itertools.groupby(self.arcs[inside].tolist())]


class Town:
    """A graph to drive on; `slowness` says by road class how much longer an arc takes than the graph says."""

    def __init__(self, graph: RoadGraph, slowness: Mapping[str, float]) -> None:
        factor = np.array([slowness.get(name, 1.0) for name in ROAD_CLASSES])
        self.graph = graph
        self.seconds = graph.duration_ms / 1000 * factor[graph.road_class]
        self.tail = graph.tails()
        self.network: nx.DiGraph[int] = nx.DiGraph()
        for arc in np.lexsort((-graph.length_mm,)).tolist():  # of parallel arcs the shortest is set last
            self.network.add_edge(int(self.tail[arc]), int(graph.head[arc]), arc=arc, mm=int(graph.length_mm[arc]))

    def route(self, nodes: Sequence[int]) -> list[int]:
        """Arcs of the shortest way through some nodes."""
        found: list[int] = []
        for source, target in itertools.pairwise(nodes):
            path = nx.dijkstra_path(self.network, source, target, weight="mm")
            found += [self.network.edges[step]["arc"] for step in itertools.pairwise(path)]
        return found

    def drive(self, legs: Sequence[Sequence[int]], waits: Sequence[float]) -> Driven:
        """Drive legs of arcs, losing time at turns, and stand after each of them for so many seconds."""
        arcs: list[int] = []
        seconds: list[float] = []
        for leg, wait in zip(legs, waits, strict=True):
            turns = np.concatenate(
                (
                    turn_ms(self.graph, np.array(leg[:-1], dtype=np.int64), np.array(leg[1:], dtype=np.int64)) / 1000,
                    [wait],
                )
            )
            for arc, turn in zip(leg, turns.tolist(), strict=True):
                arcs += [arc, -1] if turn else [arc]
                seconds += [float(self.seconds[arc]), turn] if turn else [float(self.seconds[arc])]
        return Driven(np.array(arcs), np.concatenate(([0.0], np.cumsum(seconds))))

    def positions(self, driven: Driven, times: FloatArray) -> FloatArray:
        """Where the courier is at some moments, degrees, shape (k, 2)."""
        place = np.clip(np.searchsorted(driven.begin, times, side="right") - 1, 0, driven.arcs.size - 1)
        arc = driven.arcs[place]
        moving = arc >= 0
        arc = np.where(moving, arc, driven.arcs[place - 1])  # one stands at the end of the arc driven last
        share = (times - driven.begin[place]) / np.maximum(driven.begin[place + 1] - driven.begin[place], 1e-9)
        share = np.where(moving, share, 1.0)[:, None]
        tail, head = self.tail[arc], self.graph.head[arc]
        begin = np.column_stack((self.graph.lon[tail], self.graph.lat[tail]))
        end = np.column_stack((self.graph.lon[head], self.graph.lat[head]))
        return begin + share * (end - begin)

    def trace(
        self, name: str, driven: Driven, *, every: float, noise: float = 0.0, jumps: float = 0.0,
        rng: np.random.Generator | None = None,
    ) -> Trace:  # fmt: skip
        """What a receiver records; `noise` in metres, `jumps` = share of fixes hundreds of metres astray."""
        rng = rng or np.random.default_rng(0)
        times = np.arange(0.0, driven.begin[-1], every)
        points = self.positions(driven, times)
        error = rng.normal(scale=noise, size=points.shape) if noise else np.zeros_like(points)
        astray = rng.random(times.size) < jumps
        angle, far = rng.uniform(0, 2 * np.pi, times.size), rng.uniform(300, 2000, times.size)
        error += (astray * far)[:, None] * np.column_stack((np.cos(angle), np.sin(angle)))
        origin = (float(points[0, 0]), float(points[0, 1]))
        points = points + from_plane(error, origin=origin) - np.array(origin)
        return Trace(name, START + times, points[:, 0], points[:, 1], np.full(times.size, np.nan))


def courier(town: Town, rng: np.random.Generator, *, stops: int) -> Driven:
    """A round through random nodes, with a halt of one and a half to five minutes at each."""
    nodes = rng.choice(town.graph.num_nodes, size=stops + 1, replace=False).tolist()
    legs = [town.route(pair) for pair in itertools.pairwise(nodes)]
    return town.drive(legs, rng.uniform(90, 300, size=len(legs)).tolist())
