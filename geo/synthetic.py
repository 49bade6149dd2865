"""
A made-up road network over real places, for when no map extract is at hand.

It is plausible, not true: every output that uses it must say so (`Roads.synthetic`). What it shares with real roads
of the Mekong delta: the detour against the straight line, the share of each road class, rivers with few bridges and
some ferries, one-way streets, lanes that a van cannot enter, dead ends.
"""

import hashlib
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from geo.bends import Bends
from geo.coordinates import FloatArray, from_plane, to_plane
from geo.graph import RoadGraph, graph_from_arcs, parts, subgraph
from geo.profiles import FERRY, PROFILE_NAMES, ROAD_CLASSES, Profile, SpeedTable, default_speed_table
from geo.report import BuildReport
from geo.roads import Roads
from geo.segments import Segments, split_segments, travel_ms
from geo.skeleton import CLASS_SHARES, LOCAL, BoolArray, IndexArray, Skeleton, circuity, plan_roads

CIRCUITY = 1.32
"""
Way on the roads against the straight line, median over pairs of communes; measured on the roads of Cần Thơ.

Here it is the mean of the medians of the shortest and of the fastest way of a motorbike: what is driven lies between.
"""

_RECIPE = "synthetic-2"  # goes into the sha256: change it with anything that changes the roads
_CALMING_ROUNDS = 2
_STRAIGHT, _WINDING = 0.0, 3.0  # sizes of bends
_STEP = 160.0  # metres between the points of a bend
_WATER = (350.0, 900.0)  # metres, shortest and longest crossing
_NARROW_SHARE, _ONE_WAY_SHARE = 0.08, 0.04  # of the local roads' length; less where too few can be spared
_FERRY_WAIT = (2, 8)  # minutes, half the interval of a ferry

ONE_WAY_PROFILES = frozenset({"motorbike", "van"})
"""Those whom one-way streets concern."""


def synthetic_roads(points: ArrayLike, *, seed: int = 0, speeds: SpeedTable | None = None) -> Roads:
    """
    Make up the roads of a region.

    Parameters
    ----------
    points
        Shape (k, 2), degrees (lon, lat), k >= 1: places that the roads reach, such as commune centres and sites.
    seed
        The same points and seed give the same roads.
    speeds
        None = the table that comes with the package.

    Returns
    -------
    roads
        A strongly connected graph for each profile; every given point has a node within 50 m in each of them.

    Raises
    ------
    ValueError
        When there is no point, or one is not finite.
    """
    places = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    if not len(places) or not np.isfinite(places).all():
        raise ValueError("synthetic roads need at least one point, and finite coordinates")
    origin = (float(places[:, 0].mean()), float(places[:, 1].mean()))
    rng = np.random.default_rng(seed)
    plan = plan_roads(to_plane(places, origin=origin), rng)
    table = speeds or default_speed_table()
    network = _network(plan, origin, table, rng)
    graphs = {name: _graph(network, table, name) for name in PROFILE_NAMES}
    return Roads(
        graphs=MappingProxyType(graphs),
        source=f"synthetic, no real roads: made up over {len(places)} points, seed {seed}",
        sha256=hashlib.sha256(f"{_RECIPE} {seed} ".encode() + places.tobytes()).hexdigest(),
        synthetic=True,
        report=BuildReport(kept=tuple(graph.size() for graph in graphs.values())),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Network:
    """Pieces of road with what each vehicle needs to know; `pieces.parent` is the road in the plan."""

    pieces: Segments
    road_class: NDArray[np.uint8]
    """Shape (pieces,)."""
    boards: BoolArray
    """Shape (pieces, 2): a ferry is boarded where this piece is entered forwards, backwards."""
    wait_ms: IndexArray
    """Shape (pieces,): half the interval of the ferry."""
    narrow: BoolArray
    """Shape (pieces,): not for vans."""
    one_way: BoolArray
    """Shape (pieces,): forwards only."""


def _network(plan: Skeleton, origin: tuple[float, float], table: SpeedTable, rng: np.random.Generator) -> _Network:
    narrow, one_way = _spared(plan, rng)
    bends = Bends(plan, rng)
    for _ in range(_CALMING_ROUNDS):
        bends.calm_crossings(_calibrated(plan, bends, table))
    size = _calibrated(plan, bends, table)
    xy, tail, head, road, water = _polylines(plan, bends, size)
    lon, lat = from_plane(xy, origin=origin).T
    pieces = split_segments(lon, lat, tail, head)
    road, water, given = road[pieces.parent], water[pieces.parent], pieces.parent
    classes = np.array([ROAD_CLASSES.index(name) for name in CLASS_SHARES], dtype=np.uint8)
    first = np.concatenate(([True], given[1:] != given[:-1]))
    ferry_starts = water & first
    ferry_ends = water & np.concatenate((first[1:], [True]))
    wait = rng.integers(*_FERRY_WAIT, size=len(plan.ends), endpoint=True) * 60_000
    return _Network(
        pieces=Segments(pieces.lon, pieces.lat, pieces.tail, pieces.head, road.astype(np.int32)),
        road_class=np.where(water, np.uint8(FERRY), classes[plan.rank[road]]),
        boards=np.column_stack((ferry_starts, ferry_ends)),
        wait_ms=wait[road],
        narrow=narrow[road],
        one_way=one_way[road],
    )


def _spared(plan: Skeleton, rng: np.random.Generator) -> tuple[BoolArray, BoolArray]:
    """Local roads that vans, or one direction, can do without: never one of the spanning tree."""
    lengths = plan.lengths()
    local = plan.rank == LOCAL
    order = rng.permutation(np.flatnonzero(local & ~plan.tree & ~plan.ferry))
    total = np.cumsum(lengths[order]) / lengths[local].sum()
    narrow, one_way = np.zeros((2, len(lengths)), dtype=np.bool_)
    one_way[order[total <= _ONE_WAY_SHARE]] = True
    narrow[order[(total > _ONE_WAY_SHARE) & (total <= _ONE_WAY_SHARE + _NARROW_SHARE)]] = True
    narrow |= plan.ferry & ~plan.tree & (plan.rank == LOCAL)  # small boats take no vans
    return narrow, one_way


def _calibrated(plan: Skeleton, bends: Bends, table: SpeedTable) -> float:
    """The size of bends that gives the wanted circuity, between straight roads and very winding ones."""
    kph = np.array([table.class_kph("motorbike", name) for name in CLASS_SHARES])[plan.rank]
    wait = np.where(plan.ferry, 60 * (np.mean(_FERRY_WAIT) + table.profiles["motorbike"].ferry_boarding_minutes), 0.0)

    def excess(size: float) -> float:
        lengths = bends.lengths(size)
        shortest = circuity(plan.xy, plan.ends, lengths, plan.num_places)
        fastest = circuity(plan.xy, plan.ends, lengths, plan.num_places, seconds=lengths * 3.6 / kph + wait)
        return (shortest + fastest) / 2 - CIRCUITY

    if excess(_STRAIGHT) >= 0:
        return _STRAIGHT
    if excess(_WINDING) <= 0:
        return _WINDING
    return float(brentq(excess, _STRAIGHT, _WINDING, xtol=0.01))


def _polylines(
    plan: Skeleton, bends: Bends, size: float
) -> tuple[FloatArray, NDArray[np.int32], NDArray[np.int32], IndexArray, BoolArray]:
    """Points of all roads, the segments between them, the road of each segment and whether it is water."""
    lengths = plan.lengths()
    steps = np.where(plan.ferry, 3, np.maximum(np.ceil(lengths / _STEP), 1)).astype(np.int64)
    road = np.repeat(np.arange(len(steps)), steps)
    index = np.arange(len(road)) - np.repeat(np.cumsum(steps) - steps, steps)
    share = index / steps[road]
    water = np.clip(0.6 * lengths, *_WATER) / lengths  # in the middle of the crossing
    on_ferry = plan.ferry[road]
    quay = 0.5 + np.where(index == 1, -0.5, 0.5) * np.minimum(water[road], 0.9)
    share = np.where(on_ferry & (index > 0), quay, share)
    inner = index > 0
    points = bends.points(road[inner], share[inner], size)
    number = np.cumsum(inner) - 1 + len(plan.xy)
    tail = np.where(inner, number, plan.ends[road, 0])
    last = np.append(road[1:] != road[:-1], True)
    head = np.where(last, plan.ends[road, 1], np.append(number[1:], 0))
    xy = np.vstack((plan.xy, points))
    return xy, tail.astype(np.int32), head.astype(np.int32), road, on_ferry & (index == 1)


def _graph(network: _Network, table: SpeedTable, name: str) -> RoadGraph:
    """The strongly connected graph of one profile."""
    profile, pieces = table.profiles[name], network.pieces
    forth = ~network.narrow if name == "van" else np.ones(len(network.narrow), dtype=np.bool_)
    back = forth & ~network.one_way if name in ONE_WAY_PROFILES else forth
    length = pieces.length_mm()
    durations = _durations(network, table, profile, length)
    graph = graph_from_arcs(
        pieces.lon, pieces.lat,
        np.concatenate((pieces.tail[forth], pieces.head[back])),
        np.concatenate((pieces.head[forth], pieces.tail[back])),
        np.concatenate((length[forth], length[back])),
        np.concatenate((durations[forth, 0], durations[back, 1])),
        np.concatenate((network.road_class[forth], network.road_class[back])),
        profile=name, access_kph=profile.access_kph, delays=profile.turns, traffic=profile.traffic,
    )  # fmt: skip
    return subgraph(graph, parts(graph) == 0)


def _durations(network: _Network, table: SpeedTable, profile: Profile, length: NDArray[np.int32]) -> IndexArray:
    """Milliseconds forwards and backwards, shape (pieces, 2); a ferry's wait falls on the piece that boards it."""
    kph = np.array([table.class_kph(profile.name, name) or profile.access_kph for name in ROAD_CLASSES])
    moving = travel_ms(length, kph[network.road_class]).astype(np.int64)
    boarding = round(profile.ferry_boarding_minutes * 60_000) + network.wait_ms
    return moving[:, None] + np.where(network.boards, boarding[:, None], 0)
