"""Matched drives cut into stretches of about two minutes: what each took, and what the road model gives for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.coordinates import FloatArray
from geo.graph import RoadGraph
from geo.local_routes import LongArray
from geo.matching import Match
from geo.profiles import FERRY, ROAD_CLASSES
from geo.turns import turn_ms

STRETCH = 120.0
"""Seconds: so long that errors at its ends matter little, and a wait at lights makes no outlier of it."""
SHORTEST = 20.0
"""Seconds: a shorter stretch, left over at the end of a drive, tells of errors rather than of speed."""
SEEN_KM = 0.2
"""A trace counts for a class from so much driving on it: less may be the error of a fix at a crossing."""


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """Pieces of drives of about two minutes; arrays have the shape (s,) or (s, classes)."""

    trace: LongArray
    """Number of the trace, from 0 on."""
    seconds: FloatArray
    """Observed, less what turns and signals cost."""
    modelled: FloatArray
    """Seconds by class that the graph gives."""
    km: FloatArray
    """By class."""

    @classmethod
    def of(cls, graph: RoadGraph, matches: Sequence[Match]) -> "Stretches":
        """Cut matched drives; a crossing by ferry belongs to none."""
        numbers = {name: number for number, name in enumerate(dict.fromkeys(match.trace for match in matches))}
        rows = [(numbers[match.trace], *row) for match in matches for row in _cut(graph, match)]
        columns = [np.array(column) for column in zip(*rows, strict=True)] if rows else [np.zeros(0)] * 4
        return cls(*columns)

    def take(self, rows: NDArray[np.bool_]) -> "Stretches":
        """Some of them."""
        return Stretches(self.trace[rows], self.seconds[rows], self.modelled[rows], self.km[rows])

    def traces_of(self, road_class: int) -> int:
        """Traces that drove at least `SEEN_KM` of a class."""
        return int((np.bincount(self.trace, weights=self.km[:, road_class]) >= SEEN_KM).sum())

    def evidence(self, min_km: float, min_traces: int, classes: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which of some classes are driven enough to be fitted."""
        traces = np.array([self.traces_of(index) for index in range(len(ROAD_CLASSES))])
        enough: NDArray[np.bool_] = classes & (self.km.sum(axis=0) >= min_km) & (traces >= min_traces)
        return enough


def _cut(graph: RoadGraph, match: Match) -> Iterator[tuple[float, FloatArray, FloatArray]]:
    """Seconds, modelled seconds and km of each stretch of a match; ferries belong to none."""
    legs = match.time.size - 1
    leg = np.repeat(np.arange(legs), np.diff(match.first_step))
    arc = match.step_arc
    classes = graph.road_class[arc].astype(np.int64)
    share = match.step_mm / graph.length_mm[arc]
    shape, places = (legs, len(ROAD_CLASSES)), leg * len(ROAD_CLASSES) + classes
    driving = share * (graph.duration_ms - graph.waiting_ms)[arc] / 1000
    modelled = np.bincount(places, driving, shape[0] * shape[1]).reshape(shape)
    km = np.bincount(places, match.step_mm / 1e6, shape[0] * shape[1]).reshape(shape)
    aboard = np.bincount(leg[classes == FERRY], minlength=legs) > 0
    lost = np.concatenate(([0.0], np.cumsum(_lost(graph, arc, leg, legs))))
    for first, last in _spans(match.time, aboard):
        time = float(match.time[last] - match.time[first]) - float(lost[last] - lost[first])
        driven = modelled[first:last].sum(axis=0)
        if time >= SHORTEST and driven.sum() > 0:
            yield time, driven, km[first:last].sum(axis=0)


def _lost(graph: RoadGraph, arc: LongArray, leg: LongArray, legs: int) -> FloatArray:
    """Seconds that turns and signals of each leg cost in the model: no speed of the road makes up for them."""
    follows = np.flatnonzero((graph.head[arc[:-1]] == graph.tails()[arc[1:]]) & (arc[:-1] != arc[1:]))
    seconds = (turn_ms(graph, arc[follows], arc[follows + 1]) + graph.waiting_ms[arc[follows]]) / 1000
    by_leg: FloatArray = np.bincount(leg[follows + 1], weights=seconds, minlength=legs).astype(np.float64)
    return by_leg


def _spans(time: FloatArray, aboard: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First leg and last + 1 of each stretch: `STRETCH` seconds or a bit more, the last of a drive may be shorter."""
    spans, first = list[tuple[int, int]](), 0
    for leg, ferry in enumerate(aboard.tolist()):
        if ferry:
            spans.append((first, leg))
            first = leg + 1
        elif time[leg + 1] - time[first] >= STRETCH:
            spans.append((first, leg + 1))
            first = leg + 1
    return [(start, end) for start, end in [*spans, (first, aboard.size)] if end > start]
