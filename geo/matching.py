"""Map matching: the way on the roads that best explains the fixes of a drive, by a hidden Markov model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coordinates import FloatArray, haversine, to_plane
from geo.graph import RoadGraph
from geo.halts import FASTEST
from geo.local_routes import FAR, LocalRoutes, LongArray
from geo.traces import Trace

SIGMA = 10.0
"""Metres: usual error of a fix between houses; a fix that its receiver trusts less has its own."""
BETA = 10.0
"""Metres: scale of the difference between a route and the straight line between two fixes."""
RADIUS = 50.0
"""Metres, five times the usual error: a fix without a road so near breaks the chain."""
MOST_CANDIDATES = 16
"""Arcs looked at for each fix, the nearest: where pieces of road are short, more would only be slower."""
STEP = 20.0
"""Metres, twice the usual error: a fix nearer to the one before moves by error rather than by driving, and is left
out. Also the longest way back along an arc, which error alone may feign; so nobody is matched backwards all along a
one-way street."""
PERIOD = 10.0
"""Seconds: of fixes taken more often, those between are left out; their errors would only look like driving to and
fro."""

_LONGEST = 2.0, 300.0  # a route is at most twice the straight line and 300 m more
_BOX = 0.01  # degrees around the traces in which roads are looked for

MatchProgress = Callable[[int, int], None]
"""Called with the number of drives that are matched, and of all."""


@dataclass(frozen=True, slots=True, eq=False)
class Match:
    """
    An unbroken run of fixes, and the way driven between them.

    Leg i leads from fix i to fix i + 1 over the steps first_step[i] ... first_step[i + 1] - 1.
    """

    trace: str
    """Name of the trace."""
    time: FloatArray
    """Shape (k,), k >= 2, seconds since 1970."""
    first_step: LongArray
    """Shape (k,)."""
    step_arc: LongArray
    """Shape (s,): arc of each step."""
    step_mm: LongArray
    """Shape (s,): how much of the arc; below 0 = the fixes went back by error, so that sums stay right."""

    def arcs(self) -> list[int]:
        """The arcs driven, in order, each once however many fixes lie on it; what was taken back is not there."""
        driven: list[tuple[int, int]] = []
        for arc, mm in zip(self.step_arc.tolist(), self.step_mm.tolist(), strict=True):
            before = driven.pop()[1] if driven and driven[-1][0] == arc else 0
            if before + mm > 0:
                driven.append((arc, before + mm))
        return [arc for arc, _ in driven]


@dataclass(frozen=True, slots=True)
class Matched:
    """What was matched, and what was not."""

    matches: tuple[Match, ...]
    fixes: int
    """All that were given."""
    near: int
    """Fixes left out because they lie within `STEP` or `PERIOD` of the one before."""
    off_road: int
    """Fixes with no road within `RADIUS`: the chain breaks there."""
    breaks: int
    """Other places where a chain broke: no plausible route leads on."""
    alone: int
    """Fixes between two breaks, which say nothing."""


def match_drives(graph: RoadGraph, drives: Sequence[Trace], *, on_progress: MatchProgress | None = None) -> Matched:
    """
    Find the way of each drive on the roads.

    Each fix may lie on any arc near by, the less likely the farther (normal error); from one fix to the next leads
    the shortest route, the less likely the more its length differs from the straight line (exponential). Viterbi's
    algorithm finds the likeliest chain. One may turn round at the ends of a piece of road. Turn restrictions are not
    asked: what was driven, was driven.

    Parameters
    ----------
    graph
        The roads of one profile.
    drives
        In order, without halts: jitter while standing would look like driving to and fro.

    References
    ----------
    .. [1] Newson, Krumm (2009). Hidden Markov map matching through noise and sparseness. ACM GIS.
           doi:10.1145/1653771.1653818
    """
    roads = _Roads(graph, drives)
    matches: list[Match] = []
    near = off_road = breaks = alone = 0
    for done, drive in enumerate(drives, start=1):
        thin = drive.take(_moved(drive))
        near += drive.time.size - thin.time.size
        places = roads.candidates(thin)
        routes = roads.routes(thin, places)
        spans = _spans(places)
        runs = [run for span in spans for run in _chains(thin, places, routes, *span)]
        off_road += sum(not place.arc.size for place in places)
        breaks += len(runs) - len(spans)
        alone += sum(len(states) == 1 for _, states in runs)
        matches += [roads.match(thin, places, routes, *run) for run in runs if len(run[1]) > 1]
        if on_progress is not None:
            on_progress(done, len(drives))
    return Matched(tuple(matches), sum(drive.time.size for drive in drives), near, off_road, breaks, alone)


def decode(emissions: Sequence[FloatArray], transitions: Sequence[FloatArray]) -> list[tuple[int, list[int]]]:
    """
    Find the likeliest states of a chain, cut where nothing leads on (Viterbi's algorithm).

    Parameters
    ----------
    emissions
        Log-likelihood of each state of each place, shape (states,).
    transitions
        Log-likelihood from the states of each place to those of the next, -inf = impossible.

    Returns
    -------
    runs
        First place and the states from there on; together they cover every place.
    """
    runs: list[tuple[int, list[int]]] = []
    first, score, back = 0, emissions[0], list[NDArray[np.intp]]()
    for place, (transition, emission) in enumerate(zip(transitions, emissions[1:], strict=True), start=1):
        reached = score[:, None] + transition
        best = reached.max(axis=0)
        if np.isneginf(best).all():
            runs.append((first, _traced(score, back)))
            first, score, back = place, emission, []
            continue
        back.append(reached.argmax(axis=0))
        score = best + emission
    return [*runs, (first, _traced(score, back))]


def _traced(score: FloatArray, back: Sequence[NDArray[np.intp]]) -> list[int]:
    states = [int(score.argmax())]
    for before in reversed(back):
        states.append(int(before[states[-1]]))
    return states[::-1]


def _moved(drive: Trace) -> NDArray[np.bool_]:
    """Which fixes lie at least `STEP` and `PERIOD` after the last that does; the first does."""
    places = to_plane(drive.points(), origin=(float(drive.lon[0]), float(drive.lat[0]))).tolist()
    kept = np.zeros(len(places), dtype=np.bool_)
    x, y, then = np.inf, 0.0, -np.inf
    for index, ((east, north), now) in enumerate(zip(places, drive.time.tolist(), strict=True)):
        if now - then >= PERIOD and (east - x) ** 2 + (north - y) ** 2 >= STEP**2:
            kept[index] = True
            x, y, then = east, north, now
    return kept


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """Where on the roads a fix may lie."""

    arc: LongArray
    """Shape (c,)."""
    offset_mm: LongArray
    """Shape (c,): from the beginning of the arc."""
    emission: FloatArray
    """Shape (c,): log-likelihood."""

    def at(self, state: int) -> tuple[int, int]:
        """Arc and offset of one candidate."""
        return int(self.arc[state]), int(self.offset_mm[state])


def _straight(trace: Trace) -> FloatArray:
    """Metres from each fix to the next."""
    return haversine(trace.lon[:-1], trace.lat[:-1], trace.lon[1:], trace.lat[1:])


def _chains(
    trace: Trace, places: Sequence[_Place], routes: Sequence[LongArray], first: int, last: int
) -> list[tuple[int, list[int]]]:
    """Runs of states of the fixes first ... last - 1, each with the fix that it begins at."""
    straight = _straight(trace)
    transitions = [
        np.where(routes[fix] == FAR, -np.inf, -np.abs(routes[fix] / 1000 - straight[fix]) / BETA)
        for fix in range(first, last - 1)
    ]
    runs = decode([place.emission for place in places[first:last]], transitions)
    return [(first + start, states) for start, states in runs]


def _spans(places: Sequence[_Place]) -> list[tuple[int, int]]:
    """First and last + 1 of the fixes between those without a road."""
    off = [-1, *(index for index, place in enumerate(places) if not place.arc.size), len(places)]
    return [(before + 1, after) for before, after in pairwise(off) if after > before + 1]


class _Roads:
    """The arcs near some traces, and the routes between them."""

    def __init__(self, graph: RoadGraph, traces: Sequence[Trace]) -> None:
        points = np.concatenate([trace.points() for trace in traces]) if traces else np.zeros((0, 2))
        low, high = (points.min(axis=0), points.max(axis=0)) if traces else (np.zeros(2), np.zeros(2))
        self._graph = graph
        self._tail = graph.tails().astype(np.int64)
        self._routes = LocalRoutes(graph)
        self._origin: tuple[float, float] = tuple(((low + high) / 2).tolist())
        nodes = np.column_stack((graph.lon, graph.lat))
        inside = np.all((nodes >= low - _BOX) & (nodes <= high + _BOX), axis=1)
        self._arcs = np.flatnonzero(inside[self._tail] & inside[graph.head] & (graph.length_mm > 0))
        plane = to_plane(nodes, origin=self._origin)
        self._begin = plane[self._tail[self._arcs]]
        self._along = plane[graph.head[self._arcs]] - self._begin
        lines: Any = shapely.linestrings(np.stack((self._begin, self._begin + self._along), axis=1))
        self._tree = shapely.STRtree(lines)

    def candidates(self, trace: Trace) -> list[_Place]:
        """The places of each fix, the nearest first."""
        points = to_plane(trace.points(), origin=self._origin)
        fix, near = self._tree.query(shapely.points(points), predicate="dwithin", distance=RADIUS)
        along, offset = self._along[near], points[fix] - self._begin[near]
        share = np.clip((offset * along).sum(axis=1) / (along**2).sum(axis=1), 0, 1)
        metres = np.hypot(*(offset - share[:, None] * along).T)
        arc = self._arcs[near]
        offset_mm = np.rint(share * self._graph.length_mm[arc]).astype(np.int64)
        emission = -0.5 * (metres / np.fmax(trace.accuracy, SIGMA)[fix]) ** 2
        order = np.lexsort((arc, metres, fix))
        rows = np.split(order, np.searchsorted(fix[order], np.arange(1, trace.time.size)))
        nearest = [row[:MOST_CANDIDATES] for row in rows]
        return [_Place(arc[row], offset_mm[row], emission[row]) for row in nearest]

    def routes(self, trace: Trace, places: Sequence[_Place]) -> list[LongArray]:
        """From the places of each fix to those of the next, millimetres; `FAR` = no plausible route."""
        fastest = FASTEST * np.diff(trace.time) + 2 * RADIUS
        limits = np.minimum(_LONGEST[0] * _straight(trace) + _LONGEST[1], fastest) * 1000
        pairs = zip(pairwise(places), limits.tolist(), strict=True)
        return [self._signed_mm(here, there, round(limit)) for (here, there), limit in pairs]

    def _signed_mm(self, here: _Place, there: _Place, limit: int) -> LongArray:
        """Routes from state to state, below 0 where going back a little is the shorter explanation."""
        onward = self._onward_mm(here, there, limit)
        back = self._onward_mm(there, here, min(limit, round(STEP * 1000))).T
        return np.where(back < onward, -back, onward)

    def _onward_mm(self, here: _Place, there: _Place, limit: int) -> LongArray:
        length, head = self._graph.length_mm, self._graph.head
        sources, source = np.unique(head[here.arc].astype(np.int64), return_inverse=True)
        goals, goal = np.unique(self._tail[there.arc], return_inverse=True)
        between = self._routes.lengths(sources, goals, limit_mm=limit)[source[:, None], goal]
        rest = (length[here.arc] - here.offset_mm)[:, None]
        route = np.where(between == FAR, FAR, rest + np.minimum(between, limit) + there.offset_mm)
        ahead = there.offset_mm - here.offset_mm[:, None]
        route = np.where((here.arc[:, None] == there.arc) & (ahead >= 0), ahead, route)
        return np.where(route <= limit, route, FAR)

    def match(
        self, trace: Trace, places: Sequence[_Place], routes: Sequence[LongArray], start: int, states: Sequence[int]
    ) -> Match:
        """The way through the states of the fixes from `start` on."""
        legs = []
        for fix, (here, there) in enumerate(pairwise(states), start=start):
            ends = places[fix].at(here), places[fix + 1].at(there)
            if routes[fix][here, there] >= 0:
                legs.append(self._steps(*ends))
            else:
                legs.append([(arc, -mm) for arc, mm in reversed(self._steps(*reversed(ends)))])
        steps = np.array([step for leg in legs for step in leg], dtype=np.int64).reshape(-1, 2)
        return Match(
            trace=trace.name,
            time=trace.time[start : start + len(states)],
            first_step=np.cumsum([0, *(len(leg) for leg in legs)]),
            step_arc=steps[:, 0],
            step_mm=steps[:, 1],
        )

    def _steps(self, here: tuple[int, int], there: tuple[int, int]) -> list[tuple[int, int]]:
        """Arcs and millimetres from one place to the next."""
        (arc, offset), (goal, goal_offset) = here, there
        if arc == goal and goal_offset >= offset:
            return [(arc, goal_offset - offset)]
        length = self._graph.length_mm
        between = self._routes.arcs(int(self._graph.head[arc]), int(self._tail[goal]))
        full = [(step, int(length[step])) for step in between.tolist()]
        return [(arc, int(length[arc]) - offset), *full, (goal, goal_offset)]
